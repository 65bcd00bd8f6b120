/** Cookies and codes that nobody was given, against the whole program: nobody comes in by them, and guessing ends soon. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Program } from '../../src/compose.js'
import { createDice } from '../oracle/sheets.js'
import { freshStores, startProgram } from '../support/program.js'

const SEED = 20_261_124
const TRIES = 100
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

let program: Program
let stores: Awaited<ReturnType<typeof freshStores>>
let stranger: string
beforeAll(async () => {
  stores = await freshStores('embedded')
  stranger = await cookieOf({
    DATA_DIR: stores.env.DATA_DIR!,
    COOKIE_SECRET: 'the secret of quite another server, long',
  })
  program = await startProgram({ ...stores.env, PORT: '0' })
}, 120_000)
afterAll(async () => {
  await program.stop()
  await stores.remove()
})

/** What a server with these variables would hand out. */
async function cookieOf(env: Record<string, string>): Promise<string> {
  const other = await startProgram({ ...env, PORT: '0' })
  const cookie = await enter(other)
  await other.stop()
  return cookie
}

const enter = async ({ server }: Program): Promise<string> =>
  String((await server.inject({ url: '/practice' })).headers['set-cookie']).split(';')[0]!

let inputs = 0
const say = async (cookie: string, input: object) => {
  const payload = { id: String(++inputs), ...input }
  const response = await program.server.inject({ method: 'POST', url: '/chat/input', headers: { cookie }, payload })
  return { status: response.statusCode, text: response.body }
}

it(`lets nobody in by a forged cookie (seed ${SEED})`, async () => {
  const dice = createDice(SEED)
  const [own, other] = [await enter(program), await enter(program)]
  expect((await say(own, { kind: 'look' })).status).toBe(200)
  const value = own.slice('hexie='.length)
  const [key, signature] = [value.slice(0, value.indexOf('.')), value.slice(value.indexOf('.'))]
  const otherKey = other.slice('hexie='.length, other.indexOf('.'))
  const random = (count: number) => Array.from({ length: count }, () => dice.pick(LETTERS)).join('')
  const changed = () => {
    const at = dice.below(value.length - 2)
    return value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1)
  }
  const forged = [
    stranger.slice('hexie='.length),
    otherKey + signature,
    key,
    `${key}.`,
    `demo-${random(22)}${signature}`,
    `w-__proto__${signature}`,
    '',
    '.',
    '%00',
    'w-'.repeat(2000),
    ...Array.from({ length: TRIES / 2 }, changed),
    ...Array.from({ length: TRIES / 2 }, () => `w-${random(22)}.${random(43)}`),
  ]
  for (const one of forged) {
    const { status, text } = await say(`hexie=${one}`, { kind: 'look' })
    expect(status, one).toBe(401)
    expect(JSON.parse(text).card).toBeUndefined()
  }
  expect((await say(own, { kind: 'look' })).status).toBe(200)
})

it(`answers ten random codes with a sentence, and the next ninety with another (seed ${SEED})`, async () => {
  const dice = createDice(SEED)
  const cookie = await enter(program)
  const said: string[] = []
  for (let i = 0; i < TRIES; i += 1) {
    const argument = Array.from({ length: 24 }, () => dice.pick(LETTERS)).join('')
    const { status, text } = await say(cookie, { kind: 'command', data: 'start', argument })
    expect(status).toBe(200)
    said.push(text)
  }
  expect(said.slice(0, 10).every((text) => text.includes('没有这个邀请'))).toBe(true)
  expect(said.slice(10).every((text) => text.includes('输错邀请码的次数太多'))).toBe(true)
  // Guessing by the link only hands out a cookie, whatever the code: the code is asked for in the chat.
  const { headers, statusCode } = await program.server.inject({ url: `/i/${'x'.repeat(24)}`, headers: { cookie } })
  expect([statusCode, headers.location, headers['set-cookie']]).toEqual([
    303,
    `/chat#join=${'x'.repeat(24)}`,
    undefined,
  ])
})
