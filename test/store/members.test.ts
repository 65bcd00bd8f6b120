/** The contract of `Members`, and what erasing and exporting a person do to all that came with it, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Members } from '../../src/app/district.js'
import type { Ledger } from '../../src/app/ports.js'
import { createLedger } from '../../src/store/ledger.js'
import { createMembers } from '../../src/store/members.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { at, changed, district } from './district-fixtures.js'
import { answerRow } from './fixtures.js'

const NAMED = { anonymous: false }
const NAMELESS = { anonymous: true }

describe.each(HOMES)('Members on $home', ({ open }) => {
  let database: TestDatabase
  let members: Members
  let ledger: Ledger
  let given: ReturnType<typeof district>
  beforeAll(async () => {
    database = await open()
    members = createMembers(database.pool)
    ledger = createLedger(database.pool)
    given = district(database.pool)
  })
  afterAll(() => database.close())

  const peopleOf = async (sheet: string) => (await ledger.history(sheet)).map(({ person }) => person)

  it('lists the roles of a person and the people of a community as they are now', async () => {
    const [community, archived] = [await given.community(), await given.community()]
    const [ann, bob, eve] = [await given.person(), await given.person(), await given.person()]
    const worker = await given.member(ann, 'worker', community, 1, '安')
    const gone = await given.member(eve, 'worker', community, 2)
    const late = await given.member(bob, 'head', community, 4, '鲍')
    const head = await given.member(ann, 'head', community, 3, '安')
    await given.member(ann, 'head', archived, 5, '安')
    const admin = await given.member(ann, 'admin', null, 6, '安')
    const assessor = await given.member(bob, 'assessor', null, 5, '鲍')
    await members.end(gone, NAMED, changed({ at: at(7) }))
    await given.communities.archive(archived, changed())

    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
    expect(ids(await members.memberships(ann))).toEqual([worker, head, admin])
    expect(ids(await members.membersOf(community))).toEqual([head, late, worker])
    expect(ids(await members.membersOf(null)).filter((id) => [admin, assessor].includes(id))).toEqual([admin, assessor])
    expect(await members.memberships(eve)).toEqual([])
    expect(await members.membersOf(archived)).toEqual([])
    const held = { id: head, person: ann, role: 'head', community, posts: [], joinedAt: at(3), name: '安' }
    expect(await members.membership(head)).toEqual(held)
    // Ended ones can be read, so that a repeated input finds what it ended.
    expect(await members.membership(gone)).toMatchObject({ id: gone })
    expect(await members.membership(randomUUID())).toBeUndefined()
  })

  it('names people', async () => {
    const person = await given.person()
    expect(await members.nameOf(person)).toBeNull()
    await members.rename(person, '赵\0一')
    expect(await members.nameOf(person)).toBe('赵一')
    expect(await members.nameOf(randomUUID())).toBeNull()
  })

  it('sets posts once for every change', async () => {
    const person = await given.person()
    const id = await given.member(person, 'worker', await given.community())
    const [one, two] = [changed(), changed()]
    await members.setPosts(id, ['网格员', '楼\0长'], one)
    expect(await members.memberships(person)).toMatchObject([{ posts: ['网格员', '楼长'] }])
    await members.setPosts(id, [], two)
    await members.setPosts(id, ['网格员'], one)
    expect(await members.memberships(person)).toMatchObject([{ posts: [] }])
    await members.end(id, NAMED, changed())
    const late = changed()
    await members.setPosts(id, ['x'], late)
    expect([await given.lines(one), await given.lines(two), await given.lines(late)]).toEqual([1, 1, 0])
  })

  it('ends a membership and takes back what was in hand', async () => {
    const { person, membership, assessment, shared, own, submitted, others, practice } = await given.atWork()
    const change = changed({ at: at(20) })
    const answers = await Promise.all([1, 2, 3].map(() => members.end(membership, NAMED, change)))
    expect(answers).toEqual([true, true, true])
    expect(await members.end(membership, NAMED, changed())).toBe(false)
    expect(await members.end(randomUUID(), NAMED, changed())).toBe(false)
    expect(await given.lines(change)).toBe(1)
    expect(await given.count('membership WHERE id = $1 AND ended_at = $2', membership, at(20).toISOString())).toBe(1)

    const status = async (id: string) => (await given.records.sheet(id))?.status
    expect(await Promise.all([shared, own, submitted, others, practice].map(status))).toEqual([
      'open',
      'discarded',
      'submitted',
      'open',
      'open',
    ])
    expect(await given.count('assignment WHERE assessment_id = $1', assessment)).toBe(1)
    expect(await given.count('assignment WHERE person_id = $1', person)).toBe(0)
    // The name stays.
    expect(await peopleOf(shared)).toContain(person)
    expect((await given.records.sheet(submitted))?.person).toBe(person)
  })

  it('takes the name off what was done there, and there only', async () => {
    const { person, other, membership, shared, own, submitted, practice } = await given.atWork()
    await given.clashed(shared, person, 'b', other)
    await given.clashed(shared, other, 'c', person)
    await given.clashed(practice, person, 'b', other)
    await members.end(membership, NAMELESS, changed())
    expect((await peopleOf(shared)).toSorted()).toEqual(['', other].toSorted())
    expect([...(await peopleOf(own)), ...(await peopleOf(submitted))]).toEqual(['', ''])
    expect(await ledger.history(shared)).toContainEqual(expect.objectContaining({ person: '', note: 'n', value: 'a' }))
    expect((await given.records.sheet(submitted))?.person).toBeNull()
    expect(await given.clashesOf(shared)).toEqual([
      { person: '', value: 'b', stands: other },
      { person: other, value: 'c', stands: null },
    ])
    expect(await peopleOf(practice)).toEqual([person])
    expect(await given.clashesOf(practice)).toEqual([{ person, value: 'b', stands: other }])
  })

  it('leaves everything in hand while another role is held there', async () => {
    const { person, community, membership, assessment, shared, own } = await given.atWork()
    const head = await given.member(person, 'head', community)
    await members.end(membership, NAMELESS, changed())
    expect((await given.records.sheet(own))?.status).toBe('open')
    expect(await peopleOf(shared)).toContain(person)
    expect(await given.count('assignment WHERE assessment_id = $1 AND person_id = $2', assessment, person)).toBe(1)
    // An ended one does not count: the last one takes everything along.
    await members.end(head, NAMELESS, changed())
    expect((await given.records.sheet(own))?.status).toBe('discarded')
    expect(await peopleOf(shared)).not.toContain(person)
  })

  it('clears up after two roles that end at once', async () => {
    const { person, community, membership, own } = await given.atWork()
    const head = await given.member(person, 'head', community)
    const ended = await Promise.all([membership, head].map((id) => members.end(id, NAMELESS, changed())))
    expect(ended).toEqual([true, true])
    expect((await given.records.sheet(own))?.status).toBe('discarded')
    expect(await given.count('answer WHERE sheet_id = $1 AND person_id = $2', own, person)).toBe(0)
  })

  it('ends a role of the district alone', async () => {
    const { person, own } = await given.atWork()
    const admin = await given.member(person, 'admin', null)
    await given.member(await given.person(), 'admin', null)
    expect(await members.end(admin, NAMELESS, changed())).toBe(true)
    expect((await members.memberships(person)).map(({ role }) => role)).toEqual(['worker'])
    expect(await peopleOf(own)).toEqual([person])
  })

  it('keeps the last admin, also when all of them go at once', async () => {
    await database.pool.query(`UPDATE membership SET ended_at = now() WHERE role = 'admin'`)
    const people = await Promise.all(Array.from({ length: 4 }, () => given.person()))
    const admins: string[] = []
    for (const person of people) admins.push(await given.member(person, 'admin', null))
    const assessor = await given.member(people[0]!, 'assessor', null)
    const tries = admins.map((id) => ({ id, change: changed() }))
    const ended = await Promise.all(tries.map(({ id, change }) => members.end(id, NAMED, change)))
    expect(ended.filter(Boolean)).toHaveLength(3)
    const held = `membership WHERE role = 'admin' AND ended_at IS NULL`
    expect(await given.count(held)).toBe(1)

    // Refused leaves no line, and may be tried again once there is another; done before says so again.
    const { id, change } = tries[ended.indexOf(false)]!
    expect([await given.lines(change), await members.end(id, NAMED, change)]).toEqual([0, false])
    const done = tries[ended.indexOf(true)]!
    expect(await members.end(done.id, NAMED, done.change)).toBe(true)
    expect(await members.end(assessor, NAMED, changed())).toBe(true)
    await given.member(await given.person(), 'admin', null)
    expect(await members.end(id, NAMED, change)).toBe(true)
    expect([await given.lines(change), await given.count(held)]).toEqual([1, 1])
  })

  it('ends while the person goes on answering', async () => {
    const { person, membership, shared, own } = await given.atWork()
    const writing = Array.from({ length: 40 }, (_, index) =>
      ledger.append(answerRow({ sheet: index % 2 ? own : shared, person, question: `R${index}` })),
    )
    await members.end(membership, NAMELESS, changed())
    await Promise.all(writing)
    expect(await ledger.append(answerRow({ sheet: own, person, question: 'last' }))).toBe('closed')
  })

  it('keeps what is set for the district', async () => {
    const key = `practice-${randomUUID()}`
    const [one, two] = [changed(), changed()]
    expect(await members.option(key)).toBeNull()
    await members.setOption(key, 'on', one)
    await members.setOption(key, 'off', two)
    await members.setOption(key, 'on', one)
    expect(await members.option(key)).toBe('off')
    expect(await given.lines(one)).toBe(1)
  })

  it('exports roles, and answers on sheets that are shared', async () => {
    const { person, community, membership, shared, own, submitted, practice } = await given.atWork()
    await given.member(person, 'admin', null, 2)
    await members.end(membership, NAMED, changed({ at: at(9) }))
    const data = await given.records.exportPerson(person)
    const name = (await given.communities.community(community))!.name
    expect(data.memberships).toEqual([
      { role: 'worker', community: name, posts: [], joinedAt: at(1), endedAt: at(9) },
      { role: 'admin', community: null, posts: [], joinedAt: at(2), endedAt: null },
    ])
    // Of a community that they have left, too.
    expect(data.sharedAnswers.map(({ sheet, question }) => [sheet, question])).toEqual([[shared, 'G6-01']])
    expect(data.sheets.map(({ id }) => id).toSorted()).toEqual([own, submitted, practice].toSorted())
    expect(data.sheets.every(({ answers }) => answers.length === 1)).toBe(true)
  })

  it('erases somebody from everything that names them, and keeps the rest', async () => {
    const { person, other, community, assessment, shared, submitted } = await given.atWork()
    const pool = database.pool
    const link = await given.invitation({ community, by: person })
    await pool.query(`INSERT INTO returned VALUES ($1, 'Q1', 1, 'why', $2, now())`, [assessment, person])
    const close = `UPDATE assessment SET status = 'submitted', submitted_at = now(), submitted_by = $2 WHERE id = $1`
    await pool.query(close, [assessment, person])
    await given.assigned(assessment, 'G1-03', other, person)
    await pool.query(
      `INSERT INTO delivery (id, key, person_id, content, due_at, created_at) VALUES ($1, $1, $2, '{}', now(), now())`,
      [randomUUID(), person],
    )
    await given.invitations.noteWrong(`test:${person}`, at(1), at(0))
    await members.setOption('erased', 'x', changed({ person }))
    // Both without a name become one and the same.
    await given.clashed(shared, person, 'b', other)
    await given.clashed(shared, '', 'b', other)
    await given.clashed(shared, other, 'c', person)

    await Promise.all([given.records.erase(person), given.records.erase(person)])

    expect(await given.clashesOf(shared)).toEqual([
      { person: '', value: 'b', stands: other },
      { person: other, value: 'c', stands: null },
    ])
    expect(await given.count('returned WHERE assessment_id = $1 AND by_person IS NULL', assessment)).toBe(1)
    expect(await given.count('assessment WHERE id = $1 AND submitted_by IS NULL', assessment)).toBe(1)
    expect(await given.count('assignment WHERE assessment_id = $1 AND by_person IS NULL', assessment)).toBe(2)
    expect(await given.count('invitation WHERE id = $1 AND created_by IS NULL', link)).toBe(1)
    expect((await given.records.sheet(submitted))?.person).toBeNull()
    const tables = ['membership', 'delivery', 'assignment', 'audit', 'answer', 'clash', 'sheet', 'address']
    for (const table of tables)
      expect([table, await given.count(`${table} WHERE person_id = $1`, person)]).toEqual([table, 0])
    expect(await given.count('wrong_code WHERE address = $1', `test:${person}`)).toBe(0)
  })

  it('erases and ends at once', async () => {
    const { person, membership, shared, own } = await given.atWork()
    await given.clashed(shared, person, 'b', '')
    const ending = members.end(membership, NAMELESS, changed())
    await Promise.all([ending, given.records.erase(person)])
    expect(await given.records.sheet(own)).toBeUndefined()
    expect(await given.count('answer WHERE person_id = $1', person)).toBe(0)
    expect(await given.clashesOf(shared)).toEqual([{ person: '', value: 'b', stands: '' }])
  })
})
