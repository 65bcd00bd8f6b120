/** The contract of `Outbox`, on both homes of the data; with two processes on the one that takes them. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery, Outbox } from '../../src/app/district.js'
import { createOutbox } from '../../src/store/outbox.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createRecords } from '../../src/store/records.js'
import { createDatabase, HOMES, type TestDatabase } from '../support/databases.js'
import { at, district } from './district-fixtures.js'

const LEASE_MS = 60_000
const ME = 'me'
const lease = (now: Date, lasts = LEASE_MS) => [now, new Date(now.getTime() + lasts), ME] as const

const message = (person: string, over: Partial<Delivery> = {}): Delivery => ({
  id: randomUUID(),
  key: `nudge:a1:${randomUUID()}`,
  person,
  telling: { type: 'nudge', assessment: 'a1' },
  dueAt: at(1),
  ...over,
})

describe.each(HOMES)('Outbox on $home', ({ open }) => {
  let database: TestDatabase
  let outbox: Outbox
  let given: ReturnType<typeof district>
  beforeAll(async () => {
    database = await open()
    outbox = createOutbox(database.pool)
    given = district(database.pool)
  })
  afterAll(() => database.close())

  /** Somebody whose addresses have a channel of their own, so that no other test's messages are claimed. */
  const reader = async () => {
    const [person, channel] = [await given.person(), `c${randomUUID()}:`]
    const reachedAt = (key: string, minute: number) =>
      database.pool.query('INSERT INTO address VALUES ($1, $2, $3)', [channel + key, person, at(minute).toISOString()])
    await reachedAt('1', 1)
    return { person, channel, reachedAt }
  }
  const stateOf = async (id: string) =>
    (await database.pool.query('SELECT status, attempts, settled_at, claimed_until FROM delivery WHERE id = $1', [id]))
      .rows[0]

  it('puts a message in line once by its key', async () => {
    const { person, channel } = await reader()
    const telling = { type: 'returned', assessment: 'a', question: 'q', comment: 'x\0\ud800' } as const
    const [one, two] = [message(person, { telling }), message(person, { dueAt: at(0) })]
    expect(await outbox.put([one, two], at(0))).toBe(2)
    expect(await outbox.put([{ ...one, id: randomUUID() }, message(person, { dueAt: at(59) })], at(0))).toBe(1)
    expect(await outbox.put([one], at(0))).toBe(0)
    expect(await outbox.put([], at(0))).toBe(0)
    const twice = message(person, { dueAt: at(59) })
    expect(await outbox.put([twice, { ...twice, id: randomUUID() }], at(0))).toBe(1)
    const claimed = await outbox.claim(channel, 10, ...lease(at(2)))
    const taken = { address: `${channel}1`, language: 'zh-CN', target: null, attempts: 1 }
    expect(claimed).toEqual([
      { ...two, ...taken },
      { ...one, telling: { ...telling, comment: 'x\ufffd' }, ...taken },
    ])
  })

  it('leaves out messages to people who are gone', async () => {
    const { person } = await reader()
    expect(await outbox.put([message(randomUUID()), message(person)], at(0))).toBe(1)
  })

  it('claims what is due for as long as was said, oldest first', async () => {
    const { person, channel } = await reader()
    const messages = [3, 1, 2, 9].map((minute) => message(person, { dueAt: at(minute) }))
    const [third, first, second] = messages.map(({ id }) => id)
    await outbox.put(messages, at(0))
    const claim = async (minute: number, limit = 10) =>
      (await outbox.claim(channel, limit, ...lease(at(minute)))).map(({ id }) => id)
    expect(await claim(3, 2)).toEqual([first, second])
    expect(await claim(3)).toEqual([third])
    // The lease runs until that very instant.
    expect(await claim(4)).toEqual([])
    expect(await claim(5)).toEqual([first, second, third])
    expect(await stateOf(first!)).toMatchObject({ status: 'pending', attempts: 2, claimed_until: at(6) })
  })

  it('goes to the newest address that can be reached, of the channel that asks', async () => {
    const { person, channel, reachedAt } = await reader()
    await reachedAt('3', 3)
    await reachedAt('2', 2)
    const { id } = message(person)
    await outbox.put([message(person, { id })], at(0))
    expect(await outbox.claim('other:', 5, ...lease(at(2)))).toEqual([])
    const claimed = async () => {
      const [taken] = await outbox.claim(channel, 5, ...lease(at(2)))
      await outbox.postpone(id, 'me', at(2), true)
      return taken?.address
    }
    expect(await claimed()).toBe(`${channel}3`)
    await given.records.setReachable(`${channel}3`, false)
    expect(await claimed()).toBe(`${channel}2`)
    for (const key of ['1', '2']) await given.records.setReachable(channel + key, false)
    expect(await claimed()).toBeUndefined()
    // A prefix is no pattern.
    await given.records.setReachable(`${channel}1`, true)
    expect(await outbox.claim('%', 5, ...lease(at(2)))).toEqual([])
  })

  it('gives a person who is here their messages, due or not', async () => {
    const [{ person }, { person: other }] = [await reader(), await reader()]
    const [late, soon, claimed] = [20, 10, 0].map((minute) => message(person, { dueAt: at(minute) }))
    await outbox.put([late!, soon!, claimed!, message(other)], at(0))
    expect(await outbox.claimFor(person, 1, ...lease(at(1)))).toEqual([claimed])
    await given.records.setReachable(`test:${person}`, false)
    expect(await outbox.claimFor(person, 5, ...lease(at(1)))).toEqual([soon, late])
    expect(await outbox.claimFor(person, 5, ...lease(at(1)))).toEqual([])
  })

  it('settles a message for good', async () => {
    const { person, channel } = await reader()
    const [sent, failed, skipped] = [message(person), message(person), message(person)]
    await outbox.put([sent, failed, skipped], at(0))
    await outbox.claim(channel, 5, ...lease(at(1)))
    await outbox.settle(sent.id, { status: 'sent', at: at(2) })
    await outbox.settle(failed.id, { status: 'failed', at: at(2) })
    await outbox.settle(skipped.id, { status: 'skipped', at: at(2) })
    await outbox.settle(sent.id, { status: 'failed', at: at(3) })
    await outbox.postpone(sent.id, 'me', at(3), true)
    expect(await stateOf(sent.id)).toEqual({ status: 'sent', attempts: 1, settled_at: at(2), claimed_until: null })
    expect((await stateOf(failed.id)).status).toBe('failed')
    expect((await stateOf(skipped.id)).status).toBe('skipped')
    expect(await outbox.claimFor(person, 5, ...lease(at(50)))).toEqual([])
    // Nor is the same thing told again.
    expect(await outbox.put([{ ...sent, id: randomUUID() }], at(4))).toBe(0)
  })

  it('gives a claimed message back, due later', async () => {
    const { person, channel } = await reader()
    const { id } = message(person)
    await outbox.put([message(person, { id })], at(0))
    await outbox.claim(channel, 5, ...lease(at(1), 10 * LEASE_MS))
    await outbox.postpone(id, 'another', at(9), true)
    await outbox.postpone(id, 'me', at(3), true)
    expect(await outbox.claim(channel, 5, ...lease(at(2)))).toEqual([])
    expect(await outbox.claim(channel, 5, ...lease(at(3)))).toMatchObject([{ id, dueAt: at(3), attempts: 2 }])
    // A chat that was only busy is no try.
    await outbox.postpone(id, 'me', at(4), false)
    expect(await outbox.claim(channel, 5, ...lease(at(4)))).toMatchObject([{ id, attempts: 2 }])
  })
})

describe.each(HOMES)('Old messages on $home', ({ open }) => {
  it('are settled without being told, unless somebody has them in hand', async () => {
    const database = await open()
    const outbox = createOutbox(database.pool)
    const given = district(database.pool)
    const person = await given.person()
    const [old, claimed, sent, edge, fresh] = [1, 0, 2, 3, 4].map((minute) => message(person, { dueAt: at(minute) }))
    await outbox.put([old!, claimed!, sent!, edge!, fresh!], at(0))
    expect(await outbox.claimFor(person, 1, ...lease(at(9), 2 * LEASE_MS))).toEqual([claimed])
    await outbox.settle(sent!.id, { status: 'sent', at: at(9) })

    expect((await Promise.all([1, 2].map(() => outbox.expire(at(3), at(10))))).toSorted()).toEqual([0, 1])
    const states = async () =>
      (await database.pool.query('SELECT status FROM delivery ORDER BY due_at')).rows.map(({ status }) => status)
    expect(await states()).toEqual(['pending', 'skipped', 'sent', 'pending', 'pending'])
    const settled = 'SELECT settled_at, claimed_until FROM delivery WHERE id = $1'
    expect((await database.pool.query(settled, [old!.id])).rows).toEqual([{ settled_at: at(10), claimed_until: null }])
    // The lease has run out.
    expect(await outbox.expire(at(3), at(12))).toBe(1)
    expect(await states()).toEqual(['skipped', 'skipped', 'sent', 'pending', 'pending'])
    expect((await outbox.claimFor(person, 9, ...lease(at(12)))).map(({ id }) => id)).toEqual([edge!.id, fresh!.id])
    expect(await outbox.put([{ ...old!, id: randomUUID() }], at(12))).toBe(0)
    await database.close()
  })
})

describe('two processes at one outbox', () => {
  const MESSAGES = 200

  it('never take the same message', async () => {
    const server = await createDatabase()
    const pools = [openPostgres(server.url), openPostgres(server.url)]
    const [one, two] = pools.map(createOutbox) as [Outbox, Outbox]
    const person = randomUUID()
    await createRecords(pools[0]!).enrol('telegram:1', { id: person, language: 'zh-CN' })
    const messages = Array.from({ length: MESSAGES }, () => message(person))
    await Promise.all([one.put(messages, at(0)), two.put(messages.toReversed(), at(0))])

    const drain = async (outbox: Outbox, limit: number): Promise<string[]> => {
      const taken = await outbox.claim('telegram:', limit, ...lease(at(2)))
      return taken.length === 0 ? [] : [...taken.map(({ id }) => id), ...(await drain(outbox, limit))]
    }
    const takers = [drain(one, 7), drain(two, 7), drain(one, 3), drain(two, 11)]
    takers.push(outboxFor(one, person), outboxFor(two, person))
    const taken = (await Promise.all(takers)).flat()
    expect(new Set(taken).size).toBe(taken.length)
    // Who met only locked rows stopped early; nothing is lost by that.
    taken.push(...(await drain(one, MESSAGES)))
    expect(new Set(taken)).toEqual(new Set(messages.map(({ id }) => id)))
    expect(taken).toHaveLength(MESSAGES)
    await Promise.all(pools.map((pool) => pool.end()))
    await server.drop()
  })

  const outboxFor = async (outbox: Outbox, person: string): Promise<string[]> =>
    (await outbox.claimFor(person, 20, ...lease(at(2)))).map(({ id }) => id)
})
