/** The contract of `Notices`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYONE } from '../../src/core/audience.js'
import type { RecipientState } from '../../src/core/notice.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { at, changed, district } from './district-fixtures.js'
import { type NoticeBoard, noticeBoards, noticeFields } from './notice-fixtures.js'

const WHOLE = { offset: 0, limit: 100 }

describe.each(HOMES)('Notices on $home', ({ open }) => {
  let database: TestDatabase
  let given: ReturnType<typeof district>
  let board: () => NoticeBoard
  beforeAll(async () => {
    database = await open()
    given = district(database.pool)
    board = noticeBoards(database.pool)
  })
  afterAll(() => database.close())

  describe('a draft', () => {
    it('is kept as it was written, once', async () => {
      const { notices } = board()
      const [id, community] = [randomUUID(), await given.community()]
      const fields = noticeFields({
        versions: { 'zh-CN': { text: '停\0水', entities: [{ type: 'bold', offset: 0, length: 2 }] } },
        media: { kind: 'photo', ref: 'telegram:AgAD' },
        audience: { ...EVERYONE, roles: ['head'], atLeast: { round: 'r1', grade: 'AA' } },
        sendAt: at(30),
      })
      const change = changed()
      for (const _ of [1, 2]) await notices.create({ ...fields, id, community, by: 'author' }, change)
      const notice = (await notices.notice(id))!
      expect(notice).toEqual({
        ...fields,
        versions: { 'zh-CN': { text: '停水', entities: [{ type: 'bold', offset: 0, length: 2 }] } },
        id,
        number: expect.any(Number),
        status: 'draft',
        community,
        by: 'author',
        revision: 1,
        wave: 1,
        createdAt: at(0),
        confirmedAt: null,
        withdrawnAt: null,
      })
      expect(await notices.byNumber(notice.number)).toEqual(notice)
      expect(await notices.notice(randomUUID())).toBeUndefined()
      expect(await notices.byNumber(999_999)).toBeUndefined()
      expect(await given.lines(change)).toBe(1)
    })

    it('changes part by part, and has a new revision each time', async () => {
      const { notices, draft } = board()
      const id = await draft({ media: { kind: 'photo', ref: 'telegram:1' }, sendAt: at(30) })
      const change = changed()
      for (const _ of [1, 2]) await notices.update(id, { sendAt: null, timeZone: 'Asia/Urumqi' }, change)
      const notice = (await notices.notice(id))!
      expect(notice).toMatchObject({ revision: 2, sendAt: null, timeZone: 'Asia/Urumqi', media: { ref: 'telegram:1' } })
      await Promise.all([
        notices.update(id, { media: null }, changed()),
        notices.update(id, { sendAt: at(9) }, changed()),
      ])
      expect(await notices.notice(id)).toEqual({ ...notice, revision: 4, media: null, sendAt: at(9) })
    })

    it('is thrown away, and only a draft is', async () => {
      const { notices, draft, confirmed } = board()
      const [gone, kept] = [await draft(), await confirmed([])]
      const change = changed()
      await notices.watch(gone, 'web:1', at(1))
      for (const _ of [1, 2]) await notices.discard(gone, change)
      expect(await notices.notice(gone)).toBeUndefined()
      expect(await given.lines(change)).toBe(1)
      const without = changed()
      await notices.discard(kept, without)
      await notices.update(kept, { sendAt: at(9) }, without)
      expect(await notices.notice(kept)).toMatchObject({ revision: 1, sendAt: null })
      expect(await given.lines(without)).toBe(0)
    })

    it('stands in the lists, newest first', async () => {
      const { notices, draft } = board()
      const community = await given.community()
      const ids = [await draft({ community }), await draft(), await draft({ community })]
      const listed = async (of: string | null, slice = WHOLE) => {
        const { items, count } = await notices.list(of, slice)
        return [items.map(({ id }) => id), count]
      }
      expect(await listed(community)).toEqual([[ids[2], ids[0]], 2])
      expect(await listed(community, { offset: 1, limit: 1 })).toEqual([[ids[0]], 2])
      expect((await listed(null, { offset: 0, limit: 3 }))[0]).toEqual(ids.toReversed())
    })
  })

  describe('confirming', () => {
    it('puts one message in line for everybody, in the revision that was seen', async () => {
      const { notices, reader, draft, claim, channel } = board()
      const people = [await reader(), await reader()]
      const id = await draft()
      await notices.update(id, { timeZone: 'Asia/Urumqi' }, changed())
      const outdated = changed()
      expect(await notices.confirm(id, 1, people, outdated)).toBe('outdated')
      expect(await given.lines(outdated)).toBe(0)
      const change = changed({ at: at(2) })
      const all = [...people, people[0]!, 'nobody']
      const outcomes = await Promise.all([1, 2].map(() => notices.confirm(id, 2, all, change)))
      expect(outcomes).toEqual(['confirmed', 'confirmed'])
      // The same change on another day is still what it was.
      expect(await notices.confirm(id, 2, all, { ...change, at: at(40) })).toBe('confirmed')
      expect(await notices.confirm(id, 2, all, changed())).toBe('outdated')
      expect(await notices.confirm('none', 1, all, changed())).toBe('outdated')
      expect(await notices.notice(id)).toMatchObject({ status: 'confirmed', confirmedAt: at(2), revision: 2 })
      expect(await claim(1)).toEqual([])
      const taken = await claim(2)
      expect(taken.map(({ person }) => person).toSorted()).toEqual(people.toSorted())
      for (const one of taken)
        expect(one).toEqual({
          id: expect.stringMatching(/^d[0-9a-f]{22}$/),
          key: `notice:${id}:${one.person}:1`,
          person: one.person,
          telling: { type: 'notice', notice: id, wave: 1 },
          dueAt: at(2),
          address: channel + one.person,
          target: null,
          language: 'zh-CN',
          attempts: 1,
        })
    })

    it('waits for the hour that was set', async () => {
      const { reader, confirmed, claim } = board()
      await confirmed([await reader()], { sendAt: at(30) })
      expect(await claim(29)).toEqual([])
      expect(await claim(30)).toMatchObject([{ dueAt: at(30) }])
    })
  })

  describe('on its way', () => {
    it('pauses, goes on and is cancelled', async () => {
      const { notices, reader, confirmed, sendAll, states } = board()
      const [one, two] = [await reader(), await reader()]
      const id = await confirmed([one])
      await sendAll(1)
      await database.pool.query('INSERT INTO notice_recipient (notice_id, person_id) VALUES ($1, $2)', [id, two])
      const set = (status: 'paused' | 'confirmed' | 'cancelled', change = changed()) =>
        notices.setStatus(id, status, change)
      const pause = changed()
      expect(await set('confirmed')).toBe(false)
      expect(await set('paused', pause)).toBe(true)
      expect(await set('paused')).toBe(false)
      expect(await set('confirmed')).toBe(true)
      // Came once more, too late.
      expect(await set('paused', pause)).toBe(true)
      expect((await notices.notice(id))?.status).toBe('confirmed')
      expect(await set('cancelled')).toBe(true)
      for (const status of ['paused', 'confirmed', 'cancelled'] as const) expect(await set(status)).toBe(false)
      // What was sent stays sent.
      expect(await states(id, one)).toEqual(['sent'])
      expect(await notices.setStatus('none', 'paused', changed())).toBe(false)
      expect(await notices.setStatus(await board().draft(), 'cancelled', changed())).toBe(false)
    })

    it('is due anew when it goes on, but never before its hour', async () => {
      const { notices, outbox, reader, confirmed, claim, states } = board()
      const [one, two] = [await reader(), await reader()]
      const [old, later] = [await confirmed([one]), await confirmed([two], { sendAt: at(50) })]
      for (const id of [old, later]) await notices.setStatus(id, 'paused', changed({ at: at(1) }))
      await outbox.expire(at(20), at(20))
      expect(await states(old, one)).toEqual(['pending'])
      for (const id of [old, later]) await notices.setStatus(id, 'confirmed', changed({ at: at(30) }))
      expect(await claim(59)).toMatchObject([
        { person: one, dueAt: at(30) },
        { person: two, dueAt: at(50) },
      ])
    })

    it('tries again what failed, of those who have not read it', async () => {
      const { notices, outbox, reader, confirmed, claim, states } = board()
      const [failed, read, sent] = [await reader(), await reader(), await reader()]
      const id = await confirmed([failed, read, sent])
      for (const { id: message, person } of await claim(1))
        await outbox.settle(message, { status: person === sent ? 'sent' : 'failed', at: at(1), reason: 'Bad Request' })
      await notices.acknowledge(id, read, at(2))
      const change = changed({ at: at(3), after: { why: 'x' } })
      expect(await Promise.all([1, 2].map(() => notices.retryFailed(id, change)))).toEqual([1, 1])
      expect(await claim(3)).toMatchObject([{ person: failed, attempts: 1, dueAt: at(3) }])
      expect(await notices.retryFailed(id, change)).toBe(1)
      expect(await notices.retryFailed(id, changed())).toBe(0)
      expect(await states(id, read)).toEqual(['failed'])
      const line = await database.pool.query('SELECT after FROM audit WHERE id = $1', [change.id])
      expect(line.rows[0].after).toEqual({ why: 'x', messages: 1 })
    })

    it('reminds those who got it and have not read it', async () => {
      const { notices, outbox, reader, confirmed, claim, sendAll, states } = board()
      const [unread, read, failed] = [await reader(), await reader(), await reader()]
      const id = await confirmed([unread, read, failed])
      expect(await notices.remindUnread(id, changed())).toBe(0)
      expect((await notices.notice(id))?.wave).toBe(1)
      const first = await claim(1)
      for (const { id: message, person } of first)
        await outbox.settle(message, { status: person === failed ? 'failed' : 'sent', at: at(1) })
      await notices.acknowledge(id, read, at(2))
      expect(await notices.unread(id)).toEqual(new Set([unread]))

      const change = changed({ at: at(5) })
      expect(await Promise.all([1, 2].map(() => notices.remindUnread(id, change)))).toEqual([1, 1])
      // Theirs is in line already.
      expect(await notices.remindUnread(id, changed())).toBe(0)
      expect((await notices.notice(id))?.wave).toBe(2)
      expect(await sendAll(5)).toMatchObject([
        { person: unread, key: `notice:${id}:${unread}:2`, telling: { type: 'notice', notice: id, wave: 2 } },
      ])
      expect(await notices.remindUnread(id, changed({ at: at(6) }))).toBe(1)
      expect(await notices.remindUnread(id, change)).toBe(1)
      expect(await states(id, unread)).toEqual(['sent', 'sent', 'pending'])
      expect((await notices.notice(id))?.wave).toBe(3)
    })
  })

  describe('withdrawing', () => {
    it('takes back what was sent and cancels the rest, once', async () => {
      const { notices, outbox, reader, confirmed, claim, states } = board()
      const people = [await reader(), await reader(), await reader()]
      const [sent, onPage, waiting] = people as [string, string, string]
      const id = await confirmed(people)
      for (const { id: message, person, address } of await claim(1)) {
        if (person === sent) await outbox.settle(message, { status: 'sent', at: at(1), address, message: '77' })
        if (person === onPage) await outbox.settle(message, { status: 'sent', at: at(1), address, message: null })
      }
      const change = changed({ at: at(5) })
      expect(await Promise.all([1, 2].map(() => notices.withdraw(id, change)))).toEqual([1, 1])
      expect(await notices.withdraw(id, changed())).toBe(0)
      expect(await notices.notice(id)).toMatchObject({ status: 'confirmed', withdrawnAt: at(5) })
      expect(await states(id, waiting)).toEqual(['cancelled'])
      const none = await Promise.all([notices.retryFailed(id, changed()), notices.remindUnread(id, changed())])
      expect(none).toEqual([0, 0])
      expect(await notices.setStatus(id, 'paused', changed())).toBe(false)
      expect((await notices.tally(id, at(6))).withdrawn).toEqual({ done: 0, pending: 1, failed: 0 })

      // Where the message is, whether or not that can be reached and whoever pauses.
      await database.pool.query('UPDATE address SET unreachable_since = now() WHERE person_id = $1', [sent])
      const taken = await claim(6)
      expect(taken).toMatchObject([
        {
          person: sent,
          telling: { type: 'withdrawal', notice: id },
          target: '77',
          address: expect.stringContaining(sent),
        },
      ])
      expect(await outbox.holds(taken[0]!.id, 'me', 'c', at(6))).toBe(true)
      await outbox.settle(taken[0]!.id, { status: 'failed', at: at(6), reason: "message can't be deleted" })
      expect((await notices.tally(id, at(6))).withdrawn).toEqual({ done: 0, pending: 0, failed: 1 })
      expect(await notices.acknowledge(id, sent, at(7))).toBe('noted')
    })

    it('works on what is paused or cancelled, never on a draft', async () => {
      const { notices, reader, confirmed, sendAll, draft, claim } = board()
      for (const status of ['paused', 'cancelled'] as const) {
        const id = await confirmed([await reader()])
        await sendAll(1)
        await notices.setStatus(id, status, changed())
        expect(await notices.withdraw(id, changed({ at: at(2) }))).toBe(1)
        expect((await notices.notice(id))?.status).toBe(status)
        expect(await claim(2)).toMatchObject([{ telling: { type: 'withdrawal' } }])
      }
      const change = changed()
      expect(await notices.withdraw(await draft(), change)).toBe(0)
      expect(await given.lines(change)).toBe(0)
    })
  })

  describe('who got it', () => {
    it('notes a receipt once', async () => {
      const { notices, reader, confirmed, sendAll } = board()
      const person = await reader()
      const id = await confirmed([person])
      await sendAll(1)
      expect((await notices.standing(id, person))?.acknowledgedAt).toBeNull()
      const outcomes = await Promise.all([1, 2, 3].map((minute) => notices.acknowledge(id, person, at(minute))))
      expect(outcomes.toSorted()).toEqual(['before', 'before', 'noted'])
      const noted = outcomes.indexOf('noted') + 1
      expect((await notices.standing(id, person))?.acknowledgedAt).toEqual(at(noted))
      expect(await notices.acknowledge(id, 'nobody', at(1))).toBe('none')
      expect(await notices.standing(id, 'nobody')).toBeUndefined()
      await notices.setStatus(id, 'cancelled', changed())
      expect(await notices.acknowledge(id, person, at(9))).toBe('before')
    })

    it('notes a receipt only of what may have come', async () => {
      const { notices, outbox, records, reader, confirmed, claim, channel } = board()
      const person = await reader()
      const press = (id: string) => notices.acknowledge(id, person, at(2))
      const anew = async () => {
        const id = await confirmed([person])
        expect(await press(id)).toBe('unsent')
        return { id, message: (await claim(1)).find(({ telling }) => 'notice' in telling && telling.notice === id)! }
      }
      // In hand: it may be in the air, or the process may have died.
      expect(await press((await anew()).id)).toBe('noted')
      const held = await anew()
      expect(await claim(9, 100, 'other')).not.toEqual([])
      expect(await press(held.id)).toBe('noted')
      const back = await anew()
      await outbox.giveBack([back.message.id], 'me')
      expect(await press(back.id)).toBe('unsent')
      const cancelled = await anew()
      await notices.setStatus(cancelled.id, 'cancelled', changed())
      expect(await press(cancelled.id)).toBe('noted')
      // Given up, though one of its tries may have come; the same when it is tried anew.
      const failed = await anew()
      await outbox.settle(failed.message.id, { status: 'failed', at: at(1), address: channel + person, reason: 'away' })
      expect(await notices.retryFailed(failed.id, changed())).toBe(1)
      expect(await press(failed.id)).toBe('noted')
      for (const status of ['skipped', 'blocked'] as const) {
        const { id, message } = await anew()
        await outbox.settle(message.id, { status, at: at(1), address: channel + person })
        expect(await press(id)).toBe('unsent')
        if (status === 'skipped') continue
        await records.setReachable(channel + person, false, at(1))
        await records.setReachable(channel + person, true, at(2))
        expect(await press(id)).toBe('unsent')
      }
    })

    it('counts everybody in one state, and lists them by name', async () => {
      const { notices, outbox, reader, confirmed, claim } = board()
      const states: RecipientState[] = ['read', 'sent', 'pending', 'blocked', 'failed', 'skipped']
      const people = new Map<string, RecipientState>()
      for (const state of states) people.set(await reader(`名 ${state}`), state)
      const looking = await reader(null, 'web:')
      people.set(looking, 'pending')
      const id = await confirmed([...people.keys()])
      for (const { id: message, person } of await claim(1)) {
        const state = people.get(person)!
        if (state === 'pending') continue
        const status = state === 'read' ? 'sent' : (state as 'sent' | 'blocked' | 'failed' | 'skipped')
        const second = states.indexOf(state)
        const settledAt = new Date(at(1).getTime() + second * 10_000)
        await outbox.settle(message, { status, at: settledAt, ...(status === 'failed' ? { reason: 'too long' } : {}) })
        if (state === 'read') await notices.acknowledge(id, person, at(2))
      }
      const sentAt = (second: number) => new Date(at(1).getTime() + second * 1000)
      const none = { read: 0, sent: 0, pending: 0, blocked: 0, failed: 0, cancelled: 0, skipped: 0 }
      const tally = await notices.tally(id, sentAt(10))
      expect(tally).toEqual({
        recipients: 7,
        states: { ...none, read: 1, sent: 1, pending: 2, blocked: 1, failed: 1, skipped: 1 },
        waiting: 1,
        firstSentAt: sentAt(0),
        lastSentAt: sentAt(10),
        sentLately: 1,
        withdrawn: { done: 0, pending: 0, failed: 0 },
      })
      expect((await notices.tally(id, sentAt(9))).sentLately).toBe(1)
      expect((await notices.tally(id, sentAt(40))).sentLately).toBe(0)
      expect(await notices.tally('none', at(1))).toMatchObject({ recipients: 0, states: none, firstSentAt: null })

      const all = await notices.recipients(id, null, WHOLE)
      expect(all.count).toBe(7)
      expect(all.items.map(({ name }) => name)).toEqual([...states.map((state) => `名 ${state}`).toSorted(), null])
      const of = (state: RecipientState) => all.items.find((one) => one.state === state)
      const plain = { communities: [], sentAt: null, acknowledgedAt: null, reason: null }
      expect(of('read')).toMatchObject({ ...plain, sentAt: sentAt(0), acknowledgedAt: at(2) })
      expect(of('failed')).toMatchObject({ ...plain, reason: 'too long' })
      expect(of('blocked')).toMatchObject(plain)
      const pending = await notices.recipients(id, 'pending', { offset: 1, limit: 5 })
      expect(pending).toEqual({ items: [{ ...plain, person: looking, name: null, state: 'pending' }], count: 2 })
      expect(await notices.recipients(id, 'cancelled', WHOLE)).toEqual({ items: [], count: 0 })
      expect((await notices.recipients(id, null, { offset: 50, limit: 5 })).count).toBe(7)
    })

    it('knows the newest message, and the communities of today', async () => {
      const { notices, reader, confirmed, sendAll } = board()
      const person = await reader()
      const [one, left, archived] = [await given.community(), await given.community(), await given.community()]
      for (const where of [one, archived]) await given.member(person, 'worker', where)
      await given.member(person, 'head', one)
      await given.member(person, 'admin', null)
      const ended = await given.member(person, 'worker', left)
      await database.pool.query('UPDATE membership SET ended_at = now() WHERE id = $1', [ended])
      await given.communities.archive(archived, changed())
      const id = await confirmed([person])
      await sendAll(1)
      await notices.remindUnread(id, changed({ at: at(2) }))
      await sendAll(3)
      const { items } = await notices.recipients(id, 'sent', WHOLE)
      const { name } = (await given.communities.community(one))!
      expect(items).toMatchObject([{ person, communities: [name], sentAt: at(3) }])
      expect(await notices.tally(id, at(3))).toMatchObject({ recipients: 1, firstSentAt: at(1), lastSentAt: at(3) })
    })

    it('knows who looks at it now', async () => {
      const { notices, draft } = board()
      const [one, two] = [await draft(), await draft()]
      const since = new Date(Date.UTC(2030, 0))
      const soon = new Date(since.getTime() + 1)
      await notices.watch(one, 'telegram:1', soon)
      await notices.watch(one, 'telegram:1', since)
      await notices.watch(two, 'web:1', since)
      await notices.watch(two, 'web:2', at(1))
      await notices.watch('none', 'web:2', soon)
      const seen = [
        { notice: one, address: 'telegram:1' },
        { notice: two, address: 'web:1' },
      ]
      const byNotice = (a: { notice: string }, b: { notice: string }) => (a.notice < b.notice ? -1 : 1)
      expect((await notices.watched(since)).toSorted(byNotice)).toEqual(seen.toSorted(byNotice))
      expect(await notices.watched(soon)).toEqual([seen[0]])
      await notices.unwatch(one, 'telegram:1')
      expect(await notices.watched(soon)).toEqual([])
    })
  })
})

describe.each(HOMES)('Everybody with a role on $home', ({ open }) => {
  it('is known with where they hold it and how they are reached', async () => {
    const database = await open()
    const given = district(database.pool)
    const { notices, reader, records, channel } = noticeBoards(database.pool)()
    const [here, gone] = [await given.community({ street: '天星街道' }), await given.community({ street: '' })]
    const pushed = await reader()
    const looking = await reader(null, 'web:')
    const blocked = await reader()
    const none = await reader()
    await reader()
    await records.setReachable(channel + blocked, false)
    await database.pool.query('DELETE FROM address WHERE person_id = $1', [none])
    const web = 'INSERT INTO address (address, person_id) VALUES ($1, $2)'
    await database.pool.query(web, [`web:${pushed}`, pushed])

    const left = await given.member(pushed, 'worker', here, 1)
    await given.member(pushed, 'assessor', null, 2)
    await given.member(looking, 'head', here, 1)
    await given.member(blocked, 'worker', gone, 1)
    await given.member(none, 'admin', null, 1)
    await database.pool.query(`UPDATE membership SET ended_at = now(), posts = '{卫生}' WHERE id = $1`, [left])
    await given.communities.archive(gone, changed())

    const district_ = { community: null, street: '', posts: [], ended: false }
    const at_ = { community: here, street: '天星街道', posts: [], ended: false }
    const expected = [
      {
        person: pushed,
        reach: 'push',
        holdings: [
          { ...at_, role: 'worker', posts: ['卫生'], ended: true },
          { ...district_, role: 'assessor' },
        ],
      },
      { person: looking, reach: 'look', holdings: [{ ...at_, role: 'head' }] },
      { person: blocked, reach: 'blocked', holdings: [{ ...district_, role: 'worker', community: gone, ended: true }] },
      { person: none, reach: 'none', holdings: [{ ...district_, role: 'admin' }] },
    ]
    expect(await notices.holders()).toEqual(
      expected.toSorted((a, b) => (a.person < b.person ? -1 : 1)).map((one) => ({ ...one, language: 'zh-CN' })),
    )
    await database.close()
  })
})
