/** The contract of `Rounds`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/app/ports.js'
import type { Rounds, Work } from '../../src/app/rounds.js'
import { createLedger } from '../../src/store/ledger.js'
import { createRounds } from '../../src/store/rounds.js'
import { createWork } from '../../src/store/work.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow } from './fixtures.js'
import { racing, untilItWaits } from './races.js'
import { aCommunity, aRound, at, change, resultWith, roundFields } from './round-fixtures.js'

describe.each(HOMES)('Rounds on $home', ({ home, open }) => {
  let database: TestDatabase
  let rounds: Rounds
  let work: Work
  let ledger: Ledger
  beforeAll(async () => {
    database = await open()
    rounds = createRounds(database.pool)
    work = createWork(database.pool)
    ledger = createLedger(database.pool)
  })
  afterAll(() => database.close())

  const count = async (sql: string, ...values: unknown[]): Promise<number> =>
    (await database.pool.query(`SELECT count(*)::int AS count FROM ${sql}`, values)).rows[0].count
  const sheetsOf = (assessment: string) => count('sheet WHERE assessment_id = $1', assessment)
  const created = async (fields: Parameters<typeof roundFields>[0] = {}) => {
    const id = `r${randomUUID()}`
    await rounds.create(id, roundFields(fields), change())
    return id
  }
  const august = { opensAt: new Date('2025-08-01T00:00:00Z'), deadline: new Date('2025-09-01T00:00:00Z') }

  it('creates a round once and gives it back as it was given', async () => {
    const id = `r${randomUUID()}`
    const made = change({ at: at(3) })
    await rounds.create(id, roundFields({ name: '秋\0季' }), made)
    await rounds.create(id, roundFields({ name: 'again' }), made)
    expect(await rounds.round(id)).toEqual({
      ...roundFields({ name: '秋季' }),
      id,
      status: 'draft',
      createdAt: at(3),
      median: null,
      submitted: 0,
    })
    expect(await count('audit WHERE id = $1', made.id)).toBe(1)
    expect(await rounds.round('none')).toBeUndefined()
    await expect(rounds.create(id, roundFields(), change())).rejects.toMatchObject({ name: 'StoreFault', retry: false })
  })

  it('lists the newest round first, archived ones last', async () => {
    const before = await rounds.list({ offset: 0, limit: 100 })
    const [old, archived, next] = [
      await created(august),
      await created({ deadline: new Date('2030-01-02T00:00:00Z'), opensAt: new Date('2030-01-01T00:00:00Z') }),
      await created({ deadline: new Date('2029-01-02T00:00:00Z'), opensAt: new Date('2029-01-01T00:00:00Z') }),
    ]
    await rounds.setStatus(archived, 'archived', change())
    const page = await rounds.list({ offset: 0, limit: 100 })
    expect(page.count).toBe(before.count + 3)
    const ids = page.items.map(({ id }) => id)
    expect(ids[0]).toBe(next)
    expect(ids.at(-1)).toBe(archived)
    expect(ids.at(-2)).toBe(old)
    expect((await rounds.list({ offset: 1, limit: 1 })).items.map(({ id }) => id)).toEqual(ids.slice(1, 2))
  })

  it('changes what is given, and mode and rubric only in a draft without sheets', async () => {
    const [id, community] = [await created(), await aCommunity(database.pool)]
    await rounds.update(id, { mode: 'individual', rubric: 'other', name: '冬季' }, change())
    expect(await rounds.round(id)).toMatchObject({ mode: 'individual', rubric: 'other', name: '冬季' })
    const back = change()
    await rounds.update(id, { mode: 'shared', rubric: 'hash' }, back)
    await rounds.addCommunities(id, [community], change())
    await rounds.setStatus(id, 'published', change())
    const deadline = new Date('2026-12-24T00:00:00.123Z')
    await rounds.update(id, { mode: 'individual', rubric: 'other', deadline, timeZone: 'UTC' }, change())
    expect(await rounds.round(id)).toMatchObject({ mode: 'shared', rubric: 'hash', deadline, timeZone: 'UTC' })
    await rounds.setStatus(id, 'draft', change())
    await rounds.update(id, { mode: 'individual', name: '春季' }, change())
    expect(await rounds.round(id)).toMatchObject({ mode: 'shared', name: '春季' })
    await rounds.update(id, { name: 'late' }, back)
    expect(await rounds.round(id)).toMatchObject({ name: '春季' })
    await expect(rounds.update(id, { deadline: new Date(0) }, change())).rejects.toMatchObject({ retry: false })
    const nowhere = change()
    await rounds.update('none', { name: 'x' }, nowhere)
    expect(await count('audit WHERE id = $1', nowhere.id)).toBe(0)
  })

  it('makes the shared sheets when it is published, once, also for who comes later', async () => {
    const [first, second] = [await aCommunity(database.pool), await aCommunity(database.pool)]
    const id = await created()
    expect(await rounds.addCommunities(id, [first, 'unknown'], change())).toBe(1)
    const [assessment] = await rounds.assessmentsIn(id)
    expect(assessment!.id).toMatch(/^a[0-9a-f]{10}$/)
    expect(await sheetsOf(assessment!.id)).toBe(0)
    const published = change({ at: at(7) })
    await Promise.all([rounds.setStatus(id, 'published', published), rounds.setStatus(id, 'published', published)])
    const [sheet] = await work.sheets(assessment!.id)
    expect(sheet).toEqual({
      id: work.sharedSheetOf(assessment!.id),
      person: null,
      assessment: assessment!.id,
      rubric: 'hash',
      status: 'open',
      startedAt: at(7),
      submittedAt: null,
      answers: new Map(),
      rows: 0,
    })
    expect(sheet!.id).toMatch(/^s[0-9a-f]{13}$/)

    const added = change({ at: at(8) })
    expect(await rounds.addCommunities(id, [first, second], added)).toBe(1)
    expect(await rounds.addCommunities(id, [first, second], added)).toBe(0)
    const late = (await rounds.assessmentsIn(id)).find(({ community }) => community.id === second)!
    expect(await work.sheets(late.id)).toMatchObject([{ id: work.sharedSheetOf(late.id), startedAt: at(8) }])

    await rounds.setStatus(id, 'closed', change())
    await rounds.setStatus(id, 'published', change({ at: at(9) }))
    // Redelivered: it is not published, closed and published once more.
    await rounds.setStatus(id, 'archived', change())
    await rounds.setStatus(id, 'published', published)
    expect(await rounds.round(id)).toMatchObject({ status: 'archived' })
    expect(await work.sheets(assessment!.id)).toMatchObject([{ startedAt: at(7) }])
  })

  it('makes no shared sheets in a round of individuals', async () => {
    const { assessments } = await aRound(rounds, [await aCommunity(database.pool)], { mode: 'individual' })
    expect(await sheetsOf(assessments[0]!)).toBe(0)
  })

  it('misses nobody where communities are added while it is published', async () => {
    const communities = await Promise.all(Array.from({ length: 6 }, () => aCommunity(database.pool)))
    const id = await created()
    await Promise.all([
      ...communities.map((one) => rounds.addCommunities(id, [one], change())),
      rounds.setStatus(id, 'published', change()),
    ])
    const made = await rounds.assessmentsIn(id)
    expect(made.length).toBe(6)
    for (const one of made) expect(await sheetsOf(one.id)).toBe(1)
  })

  it('takes a step from where it was meant to be taken only', async () => {
    const id = await created()
    await rounds.setStatus(id, 'published', change())
    await rounds.setStatus(id, 'closed', change())
    const steps = [change(), change()] as const
    const taken = await Promise.all([
      rounds.setStatus(id, 'archived', steps[0], 'closed'),
      rounds.setStatus(id, 'published', steps[1], 'closed'),
    ])
    expect(taken.toSorted()).toEqual([false, true])
    const stands = (await rounds.round(id))?.status
    expect(stands).toBe(taken[0] ? 'archived' : 'published')
    expect(await count(`audit WHERE id IN ('${steps[0].id}', '${steps[1].id}')`)).toBe(1)
    // A step that comes again was taken.
    expect(await rounds.setStatus(id, stands!, taken[0] ? steps[0] : steps[1], 'closed')).toBe(true)
    expect(await rounds.setStatus('nowhere', 'closed', change())).toBe(false)
  })

  racing(home)('sees that a round is being published while a community is added', async () => {
    const id = await created()
    const publisher = await database.pool.connect()
    await publisher.query('BEGIN')
    await publisher.query(`UPDATE round SET status = 'published' WHERE id = $1`, [id])
    const adding = rounds.addCommunities(id, [await aCommunity(database.pool)], change())
    await untilItWaits(database.pool, adding)
    await publisher.query('COMMIT')
    publisher.release()
    expect(await adding).toBe(1)
    expect(await sheetsOf((await rounds.assessmentsIn(id))[0]!.id)).toBe(1)
  })

  it('offers every community that is not archived and adds them all at once', async () => {
    const [here, archived] = [
      await aCommunity(database.pool, '一', '\u0001'),
      await aCommunity(database.pool, '二', '\u0001'),
    ]
    await database.pool.query('UPDATE community SET archived_at = now() WHERE id = $1', [archived])
    const id = await created()
    const total = await count('community WHERE archived_at IS NULL')
    const before = await rounds.choices(id, { offset: 0, limit: 1000 })
    expect(before.count).toBe(total)
    expect(before.items.length).toBe(total)
    expect(before.items.every(({ takesPart }) => !takesPart)).toBe(true)
    expect(before.items.map(({ community }) => community.id)).not.toContain(archived)
    expect(before.items.find(({ community }) => community.id === here)?.community).toEqual({
      id: here,
      name: '一',
      street: '\u0001',
      households: 81,
      grids: null,
      timeZone: 'Asia/Shanghai',
      archivedAt: null,
    })
    await rounds.addCommunities(id, [here, archived], change())
    expect(await rounds.size(id)).toBe(1)
    const some = await rounds.choices(id, { offset: 0, limit: 1000 })
    expect(some.items.filter(({ takesPart }) => takesPart).map(({ community }) => community.id)).toEqual([here])
    expect(await rounds.addCommunities(id, 'all', change())).toBe(total - 1)
    expect(await rounds.size(id)).toBe(total)
    const nothing = change()
    expect(await rounds.addCommunities(id, 'all', nothing)).toBe(0)
    expect(await count('audit WHERE id = $1', nothing.id)).toBe(0)
  })

  it('takes a community out until something was answered or submitted there', async () => {
    const communities = await Promise.all(Array.from({ length: 3 }, () => aCommunity(database.pool)))
    const [empty, answered, submitted] = communities as [string, string, string]
    const { id, assessments } = await aRound(rounds, communities)
    await ledger.append(answerRow({ sheet: work.sharedSheetOf(assessments[1]!) }))
    await work.submit(assessments[2]!, 'p', resultWith('0'), 0, change())
    const removed = change()
    expect(await rounds.removeCommunity(id, empty, removed)).toBe(true)
    expect(await rounds.assessment(assessments[0]!)).toBeUndefined()
    expect(await sheetsOf(assessments[0]!)).toBe(0)
    expect(await rounds.removeCommunity(id, answered, change())).toBe(false)
    expect(await rounds.removeCommunity(id, submitted, change())).toBe(false)
    expect(await rounds.size(id)).toBe(2)

    await rounds.addCommunities(id, [empty], change())
    expect(await rounds.removeCommunity(id, empty, removed)).toBe(true)
    expect(await rounds.assessment(assessments[0]!)).toMatchObject({ community: { id: empty }, status: 'open' })
    expect(await count('audit WHERE id = $1', removed.id)).toBe(1)
  })

  it('finds assessments of communities and the one of the round before', async () => {
    const [mine, other] = [await aCommunity(database.pool), await aCommunity(database.pool)]
    const year = (number: number) => ({
      opensAt: new Date(Date.UTC(number, 0)),
      deadline: new Date(Date.UTC(number, 6)),
    })
    const made = []
    for (const number of [2020, 2021, 2022, 2023, 2024]) made.push(await aRound(rounds, [mine], year(number)))
    const [first, second, third, fourth, fifth] = made.map((one) => one.assessments[0]!) as [
      string,
      string,
      string,
      string,
      string,
    ]
    const elsewhere = await aRound(rounds, [other], year(2022))
    await rounds.setStatus(made[0]!.id, 'closed', change())
    await rounds.setStatus(made[1]!.id, 'archived', change())
    await rounds.setStatus(made[3]!.id, 'draft', change())
    const ids = async (communities: string[], limit: number) =>
      (await rounds.assessmentsOf(communities, limit)).map(({ id }) => id)
    expect(await ids([mine], 9)).toEqual([fifth, third, first])
    expect(await ids([mine, other], 9)).toHaveLength(4)
    expect(await ids([mine], 2)).toEqual([fifth, third])
    expect(await ids([], 2)).toEqual([])
    expect((await rounds.previous(fifth))?.id).toBe(third)
    expect((await rounds.previous(fourth))?.id).toBe(third)
    expect((await rounds.previous(third))?.id).toBe(second)
    expect(await rounds.previous(first)).toBeUndefined()
    expect(await rounds.previous(elsewhere.assessments[0]!)).toBeUndefined()
    expect(await rounds.assessment(third)).toEqual({
      id: third,
      round: await rounds.round(made[2]!.id),
      community: expect.objectContaining({ id: mine }),
      status: 'open',
      submittedAt: null,
      submittedBy: null,
    })
  })

  it('knows which published rounds end soon', async () => {
    const deadline = new Date('2027-03-01T00:00:00Z')
    const { id } = await aRound(rounds, [], { deadline })
    await created({ deadline })
    const ending = async (from: number, to: number) =>
      (await rounds.endingBetween(new Date(deadline.getTime() + from), new Date(deadline.getTime() + to))).map(
        (one) => one.id,
      )
    expect(await ending(-1, 0)).toEqual([id])
    expect(await ending(0, 1)).toEqual([])
    expect(await ending(-2, -1)).toEqual([])
  })

  it('knows which published and closed rounds were to be open in a time', async () => {
    const [opensAt, deadline] = [new Date('2028-03-01T00:00:00Z'), new Date('2028-03-08T00:00:00Z')]
    const { id: open } = await aRound(rounds, [], { opensAt, deadline })
    const { id: closed } = await aRound(rounds, [], { opensAt, deadline })
    await rounds.setStatus(closed, 'closed', change())
    const { id: archived } = await aRound(rounds, [], { opensAt, deadline })
    await rounds.setStatus(archived, 'archived', change())
    await created({ opensAt, deadline })
    const held = async (from: number, to: number) =>
      (await rounds.heldBetween(new Date(from), new Date(to))).map((one) => one.id)
    const [first, last] = [opensAt.getTime(), deadline.getTime()]
    const both = [open, closed].sort()
    expect(await held(first - 2, first - 1)).toEqual([])
    expect(await held(first - 1, first)).toEqual(both)
    expect(await held(first + 1, last - 1)).toEqual(both)
    expect(await held(last - 1, last + 1)).toEqual(both)
    expect(await held(last, last + 1)).toEqual([])
  })
})
