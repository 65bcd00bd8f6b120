/** How notices go through the outbox, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settleFrom } from '../../src/store/outbox-sql.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { at, changed } from './district-fixtures.js'
import { type NoticeBoard, noticeBoards } from './notice-fixtures.js'
import { racing, untilItWaits } from './races.js'

describe.each(HOMES)('Messages of notices on $home', ({ home, open }) => {
  let database: TestDatabase
  let board: () => NoticeBoard
  beforeAll(async () => {
    database = await open()
    board = noticeBoards(database.pool)
  })
  afterAll(() => database.close())

  const rowOf = async (id: string) => (await database.pool.query('SELECT * FROM delivery WHERE id = $1', [id])).rows[0]
  const reminder = (person: string, minute = 1) => {
    const [id, telling] = [randomUUID(), { type: 'nudge', assessment: 'a' } as const]
    return { id, key: id, person, telling, dueAt: at(minute) }
  }

  it('go after everything else', async () => {
    const { outbox, reader, confirmed, claim } = board()
    const person = await reader()
    await confirmed([person])
    const later = reminder(person, 4)
    await outbox.put([later], at(0))
    expect((await claim(5, 1)).map(({ id }) => id)).toEqual([later.id])
    expect(await claim(5)).toMatchObject([{ telling: { type: 'notice' } }])
  })

  it('stay while their notice pauses, also in the hands of somebody', async () => {
    const { notices, outbox, reader, confirmed, claim, channel } = board()
    const people = [await reader(), await reader()]
    const id = await confirmed(people)
    const [taken] = await claim(1, 1)
    const holds = (minute = 1) => outbox.holds(taken!.id, 'me', channel, at(minute))
    expect(await holds()).toBe(true)
    await notices.setStatus(id, 'paused', changed())
    expect(await holds()).toBe(false)
    expect(await claim(5)).toEqual([])
    expect(await outbox.claimFor(people[0]!, 5, at(5), at(6), 'me')).toEqual([])
    await notices.setStatus(id, 'confirmed', changed())
    expect(await holds()).toBe(true)
    expect(await claim(5)).toHaveLength(2)
  })

  it('are held by one, for so long, until they are given back', async () => {
    const { outbox, reader, confirmed, claim, channel } = board()
    await confirmed([await reader(), await reader()])
    const taken = (await claim(1, 2)).map(({ id }) => id)
    const [id] = taken as [string]
    const holds = (minute: number, holder = 'me') => outbox.holds(id, holder, channel, at(minute))
    expect(await holds(1, 'other')).toBe(false)
    expect(await holds(2)).toBe(false)
    await outbox.renew([...taken, 'none'], 'me', at(9))
    await outbox.renew(taken, 'other', at(20))
    expect([await holds(8), await holds(9)]).toEqual([true, false])
    await outbox.giveBack(taken, 'other')
    await outbox.giveBack([], 'me')
    await outbox.renew([], 'me', at(9))
    expect(await holds(8)).toBe(true)
    await outbox.giveBack(taken, 'me')
    expect(await holds(8)).toBe(false)
    expect(await rowOf(id)).toMatchObject({ status: 'pending', attempts: 0, claimed_until: null, claimed_by: null })
    // Once settled, nobody holds it.
    expect(await claim(1, 2, 'other')).toMatchObject([{ attempts: 1 }, { attempts: 1 }])
    await outbox.settle(id, { status: 'skipped', at: at(1) })
    expect(await holds(1, 'other')).toBe(false)
    await outbox.renew([id], 'other', at(9))
    expect((await rowOf(id)).claimed_until).toBeNull()
  })

  it('are taken back before others go out', async () => {
    const { notices, reader, confirmed, sendAll, claim } = board()
    const [one, two] = [await reader(), await reader()]
    const withdrawn = await confirmed([one])
    await sendAll(1)
    await confirmed([two])
    await notices.withdraw(withdrawn, changed({ at: at(5) }))
    const types = (await claim(6)).map(({ telling }) => telling.type)
    expect(types).toEqual(['withdrawal', 'notice'])
  })

  it('and all others wait while their channel pauses', async () => {
    const { outbox, reader, confirmed, claim, channel } = board()
    const person = await reader()
    await confirmed([person])
    await outbox.put([reminder(person)], at(0))
    expect(await outbox.pausedUntil(channel)).toBeNull()
    const [taken] = await claim(1, 1)
    await Promise.all([outbox.pause(channel, at(5)), outbox.pause(channel, at(3))])
    await outbox.pause(channel, at(4))
    expect(await outbox.pausedUntil(channel)).toEqual(at(5))
    expect(await outbox.holds(taken!.id, 'me', channel, at(1))).toBe(false)
    expect(await outbox.holds(taken!.id, 'me', 'other:', at(1))).toBe(true)
    expect(await claim(4)).toEqual([])
    expect(await claim(5)).toHaveLength(2)
    // On the page nothing is sent, so that nothing pauses.
    await outbox.pause(channel, at(20))
    expect(await outbox.claimFor(person, 5, at(9), at(10), 'me')).toHaveLength(2)
  })

  it('are seen on the page from their hour on; what takes them back never is', async () => {
    const { notices, outbox, reader, confirmed, sendAll } = board()
    const person = await reader()
    const [, withdrawn] = [await confirmed([person], { sendAt: at(30) }), await confirmed([person])]
    await sendAll(1)
    await notices.withdraw(withdrawn, changed({ at: at(2) }))
    const early = reminder(person, 50)
    await outbox.put([early], at(0))
    const look = async (minute: number) =>
      (await outbox.claimFor(person, 9, at(minute), at(minute + 1), 'me')).map(({ telling }) => telling.type)
    expect(await look(29)).toEqual(['nudge'])
    expect(await look(31)).toEqual(['nudge', 'notice'])
  })

  it('keep where they went, and why not', async () => {
    const { outbox, reader, confirmed, claim } = board()
    await confirmed([await reader(), await reader()])
    const [sent, failed] = (await claim(1)).map(({ id }) => id) as [string, string]
    await outbox.settle(sent, { status: 'sent', at: at(1), address: 'c:1', message: '77' })
    await outbox.settle(failed, { status: 'failed', at: at(1), reason: 'Bad\0 Request' })
    expect(await rowOf(sent)).toMatchObject({ address: 'c:1', message: '77', reason: null, claimed_by: null })
    expect(await rowOf(failed)).toMatchObject({ address: null, message: null, reason: 'Bad Request' })
    await outbox.settle(failed, { status: 'sent', at: at(2), address: 'c:1', message: '78' })
    expect((await rowOf(failed)).status).toBe('failed')
  })

  it('that were cancelled in the air are sent, and only that', async () => {
    const { notices, outbox, reader, confirmed, claim, channel } = board()
    const id = await confirmed([await reader(), await reader()])
    const [air, kept] = (await claim(1)).map((one) => one.id) as [string, string]
    await notices.setStatus(id, 'cancelled', changed({ at: at(2) }))
    expect(await outbox.holds(air, 'me', channel, at(1))).toBe(false)
    await outbox.settle(air, { status: 'sent', at: at(3), address: 'c:1', message: '77' })
    await outbox.settle(kept, { status: 'failed', at: at(3) })
    await outbox.postpone(kept, 'me', at(3), true)
    expect(await rowOf(air)).toMatchObject({ status: 'sent', settled_at: at(3), message: '77' })
    expect(await rowOf(kept)).toMatchObject({ status: 'cancelled', settled_at: at(2) })
    // What was sent after all is taken back with the rest.
    expect(await notices.withdraw(id, changed({ at: at(4) }))).toBe(1)
  })

  it('that were withdrawn in the air are taken back', async () => {
    const { notices, outbox, reader, confirmed, claim } = board()
    const id = await confirmed([await reader()])
    const [air] = await claim(1)
    expect(await notices.withdraw(id, changed({ at: at(2) }))).toBe(0)
    for (const _ of [1, 2])
      await outbox.settle(air!.id, { status: 'sent', at: at(3), address: air!.address, message: '77' })
    expect(await claim(3)).toMatchObject([{ target: '77', address: air!.address, key: `withdraw:${air!.id}` }])
  })

  it('withdrawn while they go out are all taken back or cancelled', async () => {
    const { notices, outbox, reader, confirmed, claim } = board()
    const people = await Promise.all(Array.from({ length: 12 }, () => reader()))
    const id = await confirmed(people)
    const taken = await claim(1)
    const sent = taken.slice(0, 9)
    await Promise.all([
      ...sent.map((one) => outbox.settle(one.id, { status: 'sent', at: at(2), address: one.address, message: one.id })),
      notices.withdraw(id, changed({ at: at(2) })),
      outbox.renew(taken.map((one) => one.id).toReversed(), 'me', at(3)),
    ])
    expect((await claim(5)).map(({ target }) => target).toSorted()).toEqual(sent.map((one) => one.id).toSorted())
    expect(await notices.tally(id, at(5))).toMatchObject({
      states: { sent: 9, cancelled: 3 },
      withdrawn: { pending: 9 },
    })
  })

  racing(home)(
    'withdrawn while somebody renews what has just been sent do not wait for each other in a ring',
    async () => {
      const { outbox, reader, confirmed, claim } = board()
      const id = await confirmed([await reader(), await reader()])
      const [sent, waiting] = (await claim(1)).map((one) => one.id).toSorted() as [string, string]
      const [sender, withdrawer] = [await database.pool.connect(), await database.pool.connect()]
      const [{ pid }] = (await withdrawer.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows as [
        { pid: number },
      ]
      try {
        await sender.query('BEGIN')
        await sender.query(settleFrom('pending'), [sent, 'sent', at(2).toISOString(), 'c:1', '77', null])
        await withdrawer.query('BEGIN')
        await withdrawer.query("UPDATE delivery SET status = 'cancelled' WHERE id = $1", [waiting])
        const renewing = outbox.renew([sent, waiting], 'me', at(3))
        await untilItWaits(database.pool, renewing)
        await sender.query('COMMIT')
        // It has the message that was sent in hand now, and waits for the one that is being cancelled.
        const blocked = 'SELECT FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid))'
        await expect.poll(async () => (await database.pool.query(blocked, [pid])).rowCount).toBe(1)
        await withdrawer.query(
          `INSERT INTO delivery (id, key, person_id, content, due_at, created_at, notice_id, target_id)
         SELECT 'w' || id, 'w' || id, person_id, content, due_at, created_at, $2, id FROM delivery WHERE id = $1`,
          [sent, id],
        )
        await withdrawer.query('COMMIT')
        await renewing
      } finally {
        for (const client of [sender, withdrawer]) client.release(true)
      }
      expect([(await rowOf(sent)).status, (await rowOf(waiting)).status]).toEqual(['sent', 'cancelled'])
    },
  )

  describe('that were blocked', () => {
    const days = (count: number) => new Date(at(1).getTime() + count * 24 * 60 * 60 * 1000)

    it('come back when their reader does, within two weeks', async () => {
      const { outbox, records, reader, confirmed, claim, states, channel } = board()
      const person = await reader()
      const [old, fresh] = [await confirmed([person]), await confirmed([person])]
      const message = (await claim(1)).find(({ telling }) => telling.type === 'notice' && telling.notice === fresh)!
      const other = reminder(person)
      await outbox.put([other], at(0))
      await records.setReachable(channel + person, false, at(1))
      for (const id of [message.id, other.id]) await outbox.settle(id, { status: 'blocked', at: days(1) })
      await database.pool.query(`UPDATE delivery SET status = 'blocked', settled_at = $2 WHERE notice_id = $1`, [
        old,
        at(0).toISOString(),
      ])
      await Promise.all([1, 2].map(() => records.setReachable(channel + person, true, days(14))))
      expect([await states(old, person), await states(fresh, person)]).toEqual([['blocked'], ['pending']])
      expect(await rowOf(message.id)).toMatchObject({ attempts: 0, due_at: days(14), settled_at: null, bulk: true })
      expect((await rowOf(other.id)).status).toBe('pending')
      const taken = await outbox.claim(channel, 5, days(15), days(16), 'me')
      expect(taken.map(({ id }) => id)).toEqual([other.id, message.id])
    })

    it('are those of somebody who shut the bot out some other way before theirs, too', async () => {
      const { notices, outbox, records, reader, confirmed, claim, channel } = board()
      const [shut, partly, late] = [await reader('甲'), await reader('乙'), await reader('丙')]
      await database.pool.query('INSERT INTO address (address, person_id) VALUES ($1, $2)', [`web:${partly}`, partly])
      const id = await confirmed([shut, partly, late])
      for (const person of [shut, partly]) await records.setReachable(channel + person, false, at(1))
      const tally = async () => {
        const { states, waiting } = await notices.tally(id, at(2))
        return { pending: states.pending, blocked: states.blocked, skipped: states.skipped, waiting }
      }
      const listed = async (state: 'pending' | 'blocked') =>
        (await notices.recipients(id, state, { offset: 0, limit: 9 })).items.map(({ name, reason }) => [name, reason])
      expect(await tally()).toEqual({ pending: 2, blocked: 1, skipped: 0, waiting: 1 })
      expect(await listed('blocked')).toEqual([['甲', null]])
      expect((await listed('pending')).map(([name]) => name).toSorted()).toEqual(['丙', '乙'])
      const { count, items } = await notices.recipients(id, null, { offset: 0, limit: 9 })
      expect([count, items.filter(({ state }) => state === 'blocked').length]).toEqual([3, 1])
      // Their own message is still in line, and goes out when they speak again.
      await records.setReachable(channel + shut, true, at(3))
      expect(await tally()).toEqual({ pending: 3, blocked: 0, skipped: 0, waiting: 2 })
      await records.setReachable(channel + shut, false, at(4))
      await outbox.expire(days(14), days(14))
      expect(await tally()).toEqual({ pending: 0, blocked: 1, skipped: 2, waiting: 0 })
      expect(await listed('blocked')).toEqual([['甲', 'expired']])
      // That is no news any more.
      await records.setReachable(channel + shut, true, days(15))
      expect(await claim(59)).toEqual([])
    })

    it('stay so where nothing was shut, and where they mean nothing any more', async () => {
      const { notices, outbox, records, reader, confirmed, claim, states, channel } = board()
      const person = await reader()
      const [open, cancelled, withdrawn, read] = [1, 2, 3, 4].map(() => confirmed([person]))
      const ids = await Promise.all([open!, cancelled!, withdrawn!, read!])
      for (const { id } of await claim(1)) await outbox.settle(id, { status: 'blocked', at: at(1) })
      await notices.setStatus(ids[1]!, 'cancelled', changed())
      await notices.withdraw(ids[2]!, changed())
      await database.pool.query('UPDATE notice_recipient SET acknowledged_at = $2 WHERE notice_id = $1', [
        ids[3],
        at(2).toISOString(),
      ])
      const all = () => Promise.all(ids.map(async (id) => (await states(id, person))[0]))
      await records.setReachable(channel + person, true, at(3))
      expect(await all()).toEqual(['blocked', 'blocked', 'blocked', 'blocked'])
      await records.setReachable(channel + person, false, at(4))
      await records.setReachable(channel + person, true, at(5))
      expect(await all()).toEqual(['pending', 'blocked', 'blocked', 'blocked'])
    })
  })

  it('go with a person who is erased; what they wrote stays', async () => {
    const { notices, records, reader, confirmed, sendAll, channel } = board()
    const [person, other] = [await reader(), await reader()]
    const ref = (await records.keepFile({ bytes: Buffer.from(person), mime: 'image/png', person, at: at(0) }))!
    const id = await confirmed([person, other], { by: person, media: { kind: 'photo', ref } })
    await sendAll(1)
    await notices.remindUnread(id, changed({ at: at(2) }))
    await sendAll(3)
    await notices.acknowledge(id, person, at(4))
    const later = await confirmed([person])
    await notices.watch(id, channel + person, at(4))
    await notices.watch(id, channel + other, at(4))

    const number = async (of: string) => (await notices.notice(of))!.number
    expect((await records.exportPerson(person)).notices).toEqual([
      { number: await number(id), sentAt: at(1), acknowledgedAt: at(4) },
      { number: await number(later), sentAt: null, acknowledgedAt: null },
    ])
    await Promise.all([records.erase(person), records.erase(person)])
    expect((await notices.notice(id))?.by).toBeNull()
    expect(await notices.tally(id, at(5))).toMatchObject({ recipients: 1, states: { sent: 1 } })
    expect(await notices.standing(id, person)).toBeUndefined()
    const left = await database.pool.query('SELECT 1 FROM delivery WHERE person_id = $1', [person])
    expect(left.rowCount).toBe(0)
    const watches = await database.pool.query('SELECT address FROM notice_watch WHERE notice_id = $1', [id])
    expect(watches.rows).toEqual([{ address: channel + other }])
    const file = await database.pool.query('SELECT person_id FROM stored_file WHERE sha256 = $1', [ref.slice(5)])
    expect(file.rows).toEqual([{ person_id: null }])
  })
})
