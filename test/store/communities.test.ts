/** The contract of `Communities` and of `AuditLog`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Communities } from '../../src/app/district.js'
import { createAuditLog } from '../../src/store/audit.js'
import { createCommunities } from '../../src/store/communities.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { at, changed, district, fields } from './district-fixtures.js'

describe.each(HOMES)('Communities on $home', ({ open }) => {
  let database: TestDatabase
  let communities: Communities
  let given: ReturnType<typeof district>
  beforeAll(async () => {
    database = await open()
    communities = createCommunities(database.pool)
    given = district(database.pool)
  })
  afterAll(() => database.close())

  const all = async () => (await communities.list({ offset: 0, limit: 1000 })).items

  it('creates a community once, and says so again', async () => {
    const [id, change] = [randomUUID(), changed()]
    const named = fields({ households: null })
    const created = await Promise.all([1, 2, 3].map(() => communities.create(id, named, change)))
    expect(created).toEqual(['created', 'created', 'created'])
    expect(await communities.community(id)).toEqual({ id, ...named, archivedAt: null })
    expect(await communities.community(randomUUID())).toBeUndefined()
    expect(await given.lines(change)).toBe(1)
  })

  it('gives a name in a street to one community only, and leaves no line where it does not', async () => {
    const named = fields()
    const first = await given.community(named)
    const refused = changed()
    expect(await communities.create(randomUUID(), named, refused)).toBe('taken')
    const elsewhere = randomUUID()
    expect(await communities.create(elsewhere, { ...named, street: '人民街道' }, changed())).toBe('created')
    expect(await communities.update(elsewhere, { street: named.street }, refused)).toBe('taken')
    expect((await communities.community(elsewhere))?.street).toBe('人民街道')
    expect(await given.lines(refused)).toBe(0)

    const same = fields()
    const race = await Promise.all(Array.from({ length: 5 }, () => communities.create(randomUUID(), same, changed())))
    expect(race.filter((answer) => answer === 'created')).toHaveLength(1)
    // An archived one keeps its name.
    await communities.archive(first, changed())
    expect(await communities.create(randomUUID(), named, changed())).toBe('taken')
  })

  it('changes only what is given, and the same change only once', async () => {
    const id = await given.community()
    const change = changed()
    expect(await communities.update(id, { grids: null, timeZone: 'Asia/Urumqi' }, change)).toBe('updated')
    expect(await communities.update(id, { grids: 12 }, changed())).toBe('updated')
    expect(await communities.update(id, { grids: null, timeZone: 'Asia/Urumqi' }, change)).toBe('updated')
    expect(await communities.community(id)).toMatchObject({ grids: 12, timeZone: 'Asia/Urumqi', households: 2100 })
    expect(await given.lines(change)).toBe(1)
    const nobody = communities.update(randomUUID(), { grids: 1 }, changed())
    await expect(nobody).rejects.toMatchObject({ name: 'StoreFault', retry: false })
  })

  it('lists in pages by street and name, without those that are archived', async () => {
    for (const name of ['c', 'a', 'b']) await given.community({ street: '0', name })
    const archived = await given.community({ street: '0', name: '0' })
    await communities.archive(archived, changed({ at: at(3) }))
    const first = await communities.list({ offset: 0, limit: 2 })
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect((await communities.list({ offset: 2, limit: 1 })).items[0]?.name).toBe('c')
    expect(first.count).toBe((await all()).length)
    const beyond = await communities.list({ offset: 1000, limit: 2 })
    expect(beyond).toEqual({ items: [], count: first.count })
    expect(await communities.community(archived)).toMatchObject({ archivedAt: at(3) })
  })

  it('archives once; a repetition does not undo what came after', async () => {
    const named = fields()
    const id = await given.community(named)
    const [change, late] = [changed({ at: at(1) }), changed({ at: at(2) })]
    await communities.archive(id, change)
    await communities.archive(id, late)
    expect(await communities.community(id)).toMatchObject({ archivedAt: at(1) })
    expect(await given.lines(late)).toBe(0)
    await communities.importAll([{ ...named, id: randomUUID() }], changed())
    await communities.archive(id, change)
    expect(await communities.community(id)).toMatchObject({ archivedAt: null })
  })

  it('imports by street and name, and answers the same again', async () => {
    const [there, gone, fresh] = [fields({ households: 1 }), fields(), fields({ name: '新\0村', households: null })]
    const [thereId, goneId] = [await given.community(there), await given.community(gone)]
    await communities.archive(goneId, changed())
    const rows = () => [
      { ...fresh, id: randomUUID() },
      { ...there, households: 2, id: randomUUID() },
      { ...gone, grids: 3, id: randomUUID() },
      // Named twice: the last one counts.
      { ...there, households: 5, id: randomUUID() },
    ]
    const change = changed({ at: at(7) })
    const first = rows()
    const done = await communities.importAll(first, change)
    expect(done.created).toEqual([{ ...fresh, name: '新村', id: first[0]!.id, archivedAt: null }])
    expect(done.updated).toEqual([
      { ...there, id: thereId, households: 5, archivedAt: null },
      { ...gone, id: goneId, grids: 3, archivedAt: null },
    ])
    const size = (await all()).length
    // The ids are others, as a second run would make them.
    expect(await communities.importAll(rows(), change)).toEqual(done)
    expect((await all()).length).toBe(size)
    expect(await given.lines(change)).toBe(1)
    expect(await communities.importAll([], changed())).toEqual({ created: [], updated: [] })
  })

  it('imports all or none', async () => {
    const taken = await given.community()
    const change = changed()
    const rows = [
      { ...fields(), id: randomUUID() },
      { ...fields(), id: taken },
    ]
    await expect(communities.importAll(rows, change)).rejects.toMatchObject({ name: 'StoreFault', retry: false })
    expect(await communities.community(rows[0]!.id)).toBeUndefined()
    expect(await given.lines(change)).toBe(0)
  })

  it('imports two lists at once that name the same communities', async () => {
    const names = Array.from({ length: 30 }, () => fields())
    const list = (order: typeof names) => order.map((one) => ({ ...one, id: randomUUID() }))
    const [one, two] = await Promise.all([
      communities.importAll(list(names), changed()),
      communities.importAll(list(names.toReversed()), changed()),
    ])
    expect(one.created.length + two.created.length).toBe(30)
    expect(one.updated.length + two.updated.length).toBe(30)
  })

  it('lists the audit log, newest first, with names', async () => {
    const [audit, who, where] = [createAuditLog(database.pool), await given.person(), await given.community()]
    await given.member(who, 'admin', null, 1, '李四')
    const before = (await audit.list({ offset: 0, limit: 1 })).count
    const told = { community: where, before: { grids: 8, word: 'a\0' }, after: { grids: null, posts: ['网格员'] } }
    const older = changed({ at: at(1000), person: who, action: 'community_changed', ...told })
    const newer = changed({ at: at(1001), subject: 'b\0' })
    await communities.update(where, { grids: null }, older)
    await communities.update(where, { grids: 9 }, newer)
    expect(await audit.list({ offset: 0, limit: 2 })).toEqual({
      items: [
        { ...newer, subject: 'b', name: null },
        { ...older, before: { grids: 8, word: 'a' }, name: '李四' },
      ],
      count: before + 2,
    })
    expect((await audit.list({ offset: 1, limit: 1 })).items[0]?.id).toBe(older.id)
    await given.records.erase(who)
    expect((await audit.list({ offset: 1, limit: 1 })).items[0]).toMatchObject({ person: null, name: null })
  })
})
