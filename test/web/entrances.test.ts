/** The doors of the web chat: who gets which key, who keeps theirs, and that coming in uses nothing up. */
import { describe, expect, it } from 'vitest'
import { openStage } from './stage.js'

const CODE = 'Abc_-90123456789defghXYZ'
const OWN = /^hexie=w-[\w-]{22}\.[^;]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/

async function open(options: { demo?: boolean } = {}) {
  const { server, heard } = await openStage(() => ({}), options)
  const visit = async (url: string, cookie = '') => {
    const response = await server.inject({ url, headers: cookie ? { cookie } : {} })
    const set = response.headers['set-cookie'] as string | undefined
    return {
      status: response.statusCode,
      to: response.headers.location,
      set,
      cookie: set?.split(';')[0] ?? '',
      response,
    }
  }
  const send = (cookie: string, payload: object) =>
    server.inject({
      method: 'POST',
      url: '/chat/input',
      headers: { cookie, 'content-type': 'application/json' },
      payload,
    })
  return { heard, visit, send }
}

describe('the door of an invitation', () => {
  it('gives a key of one’s own, and leads on with the code where no server sees it', async () => {
    const { heard, visit } = await open()
    const first = await visit(`/i/${CODE}`)
    expect([first.status, first.to]).toEqual([303, `/chat#join=${CODE}`])
    expect(first.set).toMatch(OWN)
    expect(first.response.headers['cache-control']).toBe('no-store')
    expect(first.response.headers['referrer-policy']).toBe('no-referrer')
    // As often as a preview of the link likes: nobody hears of it.
    expect((await visit(`/i/${CODE}`)).set).not.toBe(first.set)
    expect(heard).toEqual([])
  })

  it('lets a person keep their key, and makes a guest of the demo one of their own', async () => {
    const { visit } = await open()
    const own = await visit(`/i/${CODE}`)
    const again = await visit(`/i/${CODE}`, own.cookie)
    expect([again.status, again.to, again.set]).toEqual([303, `/chat#join=${CODE}`, undefined])
    const demo = await visit('/demo')
    expect((await visit(`/i/${CODE}`, demo.cookie)).set).toMatch(OWN)
    // The other way round nobody loses their place.
    expect((await visit('/demo', own.cookie)).set).toBeUndefined()
  })

  it.each([
    ['too short', 'x'.repeat(19)],
    ['too long', 'x'.repeat(65)],
    ['of other characters', `${'x'.repeat(20)}%23`],
    ['with more behind it', `${'x'.repeat(20)}/x`],
    ['missing', ''],
  ])('is not there for a code that is %s', async (_, code) => {
    const { visit } = await open()
    const { status, set } = await visit(`/i/${code}`)
    expect([status, set]).toEqual([404, undefined])
  })
})

describe('the door of practice', () => {
  it('is open with and without a demo, and gives a key of one’s own', async () => {
    for (const demo of [true, false]) {
      const { visit } = await open({ demo })
      const { status, to, set, cookie } = await visit('/practice')
      expect([status, to]).toEqual([303, '/chat'])
      expect(set).toMatch(OWN)
      expect((await visit('/practice', cookie)).set).toBeUndefined()
      expect((await visit('/chat', cookie)).status).toBe(200)
    }
  })
})

it('takes people of the demo for guests, and nobody else', async () => {
  const { heard, visit, send } = await open()
  for (const door of ['/demo', '/practice', `/i/${CODE}`])
    expect((await send((await visit(door)).cookie, { id: '1', kind: 'look' })).statusCode).toBe(200)
  expect(heard.map(({ address, guest }) => [address.replace(/-.*/, ''), guest])).toEqual([
    ['web:demo', true],
    ['web:w', false],
    ['web:w', false],
  ])
})

it('hands the code on with the command, typed or sent by the page', async () => {
  const { heard, visit, send } = await open()
  const { cookie } = await visit(`/i/${CODE}`)
  await send(cookie, { id: '1', kind: 'command', data: 'start', argument: CODE })
  await send(cookie, { id: '2', kind: 'command', data: 'start' })
  await send(cookie, { id: '3', kind: 'text', text: ` /START  ${CODE} \nabc` })
  await send(cookie, { id: '4', kind: 'text', text: `/start ${'长'.repeat(70)}` })
  await send(cookie, { id: '5', kind: 'text', text: '/start' })
  const start = (argument: string) => ({ kind: 'command', name: 'start', argument })
  expect(heard.map(({ content }) => content)).toEqual(
    [CODE, '', CODE, '长'.repeat(64), ''].map((argument) => start(argument)),
  )
})

it('refuses keys of its own that it has not signed', async () => {
  const { visit } = await open()
  const { cookie } = await visit('/practice')
  for (const forged of [
    'hexie=w-AAAAAAAAAAAAAAAAAAAAAA',
    cookie.replace(/w-./, (key) => `w-${key.endsWith('A') ? 'B' : 'A'}`),
  ])
    expect((await visit('/chat', forged)).to).toBe('/')
})

it('hands out so many keys to one IP, and no more; whoever has one comes in', async () => {
  const { visit } = await open()
  const { cookie } = await visit('/practice')
  for (let count = 1; count < 600; count++) await visit(count % 2 ? `/i/${CODE}` : '/demo')
  const refused = await visit('/practice')
  expect([refused.status, refused.set]).toEqual([429, undefined])
  expect(refused.response.headers['retry-after']).toBe('10')
  expect((await visit(`/i/${CODE}`, cookie)).status).toBe(303)
})
