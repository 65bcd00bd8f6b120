/**
 * Redis and PostgreSQL hang, are gone, are slow: within 3 s everybody hears that it is not saved yet, nothing is acknowledged
 * that is not durable, and when they are back all goes on by itself and counts once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Program } from '../../src/compose.js'
import { type BotApi, createBotApi, type Person } from '../support/bot-api/index.js'
import { startProgram, TOKEN, telegramEnv } from '../support/program.js'
import { type Stoppable, stoppablePostgres, stoppableRedis } from '../support/stoppable.js'
import { cardOf, optionsOf } from '../support/walker.js'

const HEARS_WITHIN_MS = 3_000
const READY_ANSWERS_WITHIN_MS = 2_500
const TAP = '这一下还没有保存'
const MESSAGE = '刚才发的内容还没有保存'
/** More people than Telegram has connections to the webhook. */
const CROWD = 150

let postgres: Stoppable
let redis: Stoppable
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([stoppablePostgres(), stoppableRedis()])
}, 60_000)
afterAll(() => Promise.all([postgres.stop(), redis.stop()]))

type Bot = { readonly api: BotApi; readonly program: Program; ready(): Promise<Ready> }
type Ready = { readonly status: number; readonly parts: Record<string, boolean>; readonly ms: number }
let databases = 0

async function start(by: 'webhook' | 'polling'): Promise<Bot & { rows(): Promise<{ input_id: string }[]> }> {
  // As Telegram does: what somebody writes is delivered only once what they wrote before was taken.
  const webhookRetry = { firstMs: 200, maxMs: 1_000, tries: 1_000 }
  const api = await createBotApi({ token: TOKEN, webhookOrder: 'per-chat', webhookRetry })
  databases += 1
  const name = `outage_${databases}`
  await sql(postgres.direct, `CREATE DATABASE ${name}`)
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const env = {
    DATABASE_URL: at(postgres.url),
    REDIS_URL: `${redis.url}/${databases}`,
    ...(await telegramEnv(api.url, by)),
  }
  const program = await startProgram(env)
  onTestFinished(async () => {
    postgres.restore()
    redis.restore()
    await program.stop()
    await api.stop()
  })
  await api.until(() => api.callsOf('setMyShortDescription').length >= 2, 'the menu to be set')
  const ready = async () => {
    const from = performance.now()
    const { statusCode: status, body } = await program.server.inject({ url: '/readyz' })
    return { status, parts: JSON.parse(body).parts, ms: performance.now() - from }
  }
  const rows = () => sql<{ input_id: string }>(at(postgres.direct), 'SELECT input_id FROM answer')
  return { api, program, ready, rows }
}

async function sql<T extends object>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}

async function meet(api: BotApi, ...ids: number[]): Promise<Person[]> {
  const people = ids.map((id) => api.person(id))
  for (const person of people) person.send('/start')
  await api.settled({ timeoutMs: 30_000 })
  return people
}

const tap = (person: Person) => person.press(cardOf(person).message_id, optionsOf(cardOf(person))[0]!.callback_data!)
const toasts = (person: Person) => person.clientQueryAnswers.map(({ text = '' }) => text)
const notices = (person: Person) => person.messages().filter(({ text }) => text.includes(MESSAGE)).length

/** Milliseconds until it is so. */
async function within(condition: () => boolean, most: number): Promise<number> {
  const from = performance.now()
  while (!condition() && performance.now() - from < most + 2_000) await sleep(10)
  return condition() ? performance.now() - from : Number.POSITIVE_INFINITY
}

const OUTAGES: [name: string, begin: () => void, parts: { database: boolean; sessions: boolean }][] = [
  ['Redis hangs', () => redis.hang(), { database: true, sessions: false }],
  ['Redis is gone', () => redis.cut(), { database: true, sessions: false }],
  ['PostgreSQL hangs', () => postgres.hang(), { database: false, sessions: true }],
  ['PostgreSQL is gone', () => postgres.cut(), { database: false, sessions: true }],
  [
    'both take 5 s for everything',
    () => {
      postgres.slow(5_000)
      redis.slow(5_000)
    },
    { database: false, sessions: false },
  ],
]

describe.each(['webhook', 'polling'] as const)('by %s', (by) => {
  it.each(OUTAGES)('%s', { timeout: 90_000 }, async (_, begin, parts) => {
    const { api, ready, rows } = await start(by)
    const [tapper, typist] = (await meet(api, 1, 2)) as [Person, Person]
    expect(await ready()).toMatchObject({ status: 200, parts: { database: true, sessions: true } })
    const before = cardOf(tapper).text

    begin()
    const pressed = tap(tapper)
    const sent = typist.send('是')
    const heard = () => toasts(tapper).length > 0 && notices(typist) > 0
    expect(await within(heard, HEARS_WITHIN_MS)).toBeLessThan(HEARS_WITHIN_MS)
    expect(toasts(tapper)).toEqual([expect.stringContaining(TAP)])
    const { status, parts: found, ms } = await ready()
    expect({ status, parts: found }).toEqual({ status: 503, parts })
    expect(ms).toBeLessThan(READY_ANSWERS_WITHIN_MS)
    // However often they are brought again, and whatever else is sent, it stays at the one word for everybody.
    typist.send('/help')
    await sleep(4_000)
    expect(toasts(tapper)).toHaveLength(1)
    expect(notices(typist)).toBe(1)
    expect(cardOf(tapper).text).toBe(before)
    const answers = api.webhook.deliveries.filter(({ updateId }) =>
      [pressed.updateId, sent.updateId].includes(updateId),
    )
    expect(answers.filter(({ answer }) => answer !== 503)).toEqual([])

    redis.restore()
    postgres.restore()
    await api.settled({ timeoutMs: 40_000 })
    expect(cardOf(tapper).text).toContain('第 2/92 题')
    expect(toasts(tapper)).toHaveLength(1)
    expect(notices(typist)).toBe(0)
    expect((await rows()).map(({ input_id }) => input_id).sort()).toEqual(
      [`telegram:1:${pressed.updateId}`, `telegram:2:-${sent.messageId}`].map((id) => id.split(':').at(-1)).sort(),
    )
    expect(await ready()).toMatchObject({ status: 200, parts: { database: true, sessions: true } })
    // And it goes on as ever.
    tap(tapper)
    await api.settled()
    expect(cardOf(tapper).text).toContain('第 3/92 题')
    expect(await rows()).toHaveLength(3)
    expect(api.violations).toEqual([])
    const refused = api.callsOf('answerCallbackQuery').filter(({ result }) => result?.kind === 'error')
    expect(refused).toEqual([])
  })
})

it('is heard of by everybody, though Telegram has fewer connections than there are people', {
  timeout: 120_000,
}, async () => {
  const { api, rows } = await start('webhook')
  const people = await meet(api, ...Array.from({ length: CROWD }, (_, i) => i + 1))
  redis.hang()
  for (const person of people) tap(person)
  const took = await within(() => people.every((person) => toasts(person).length > 0), 10_000)
  process.stdout.write(`${CROWD} people heard within ${Math.round(took)} ms\n`)
  expect(took).toBeLessThan(HEARS_WITHIN_MS)
  redis.restore()
  await api.settled({ timeoutMs: 60_000 })
  expect(await rows()).toHaveLength(CROWD)
  for (const person of people) expect(cardOf(person).text).toContain('第 2/92 题')
  expect(people.every((person) => toasts(person).length === 1)).toBe(true)
})
