/** The contract of `Work`, on both homes of the data: sheets and who does what on them. What ends them: submission.test.ts. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger, LedgerRow, Records } from '../../src/app/ports.js'
import type { Clash, RoundFields, Rounds, Work } from '../../src/app/rounds.js'
import { createLedger } from '../../src/store/ledger.js'
import { createRecords } from '../../src/store/records.js'
import { createRounds } from '../../src/store/rounds.js'
import { createWork } from '../../src/store/work.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow } from './fixtures.js'
import { aCommunity, aMember, aPerson, aRound, at, change } from './round-fixtures.js'

describe.each(HOMES)('Work on $home', ({ open }) => {
  let database: TestDatabase
  let rounds: Rounds
  let work: Work
  let ledger: Ledger
  let records: Records
  beforeAll(async () => {
    database = await open()
    rounds = createRounds(database.pool)
    work = createWork(database.pool)
    ledger = createLedger(database.pool)
    records = createRecords(database.pool)
  })
  afterAll(() => database.close())

  const audited = async (id: string): Promise<number> =>
    (await database.pool.query('SELECT count(*)::int AS count FROM audit WHERE id = $1', [id])).rows[0].count
  /** One community in a published round of its own, with the id of its shared sheet. */
  const shared = async (fields: Partial<RoundFields> = {}) => {
    const community = await aCommunity(database.pool)
    const { id: round, assessments } = await aRound(rounds, [community], fields)
    const [assessment] = assessments as [string]
    return { community, round, assessment, sheet: work.sharedSheetOf(assessment) }
  }
  const write = (sheet: string, row: Partial<LedgerRow> = {}) => ledger.append(answerRow({ sheet, ...row }))
  const startIndividual = async (assessment: string, person: string, minute = 1) => {
    const id = randomUUID()
    await records.startSheet({ id, person, assessment, rubric: 'hash', at: at(minute) }, null)
    return id
  }

  describe('standing', () => {
    it('tells all that an input depends on', async () => {
      const { community, assessment, sheet } = await shared()
      const person = await aPerson(database.pool, '老王')
      const head = await aPerson(database.pool, '张主任')
      const [unnamed, gone, stranger] = [
        await aPerson(database.pool),
        await aPerson(database.pool, '走了'),
        await aPerson(database.pool, '外人'),
      ]
      const own = await aMember(database.pool, { person, community, posts: ['网格员'] })
      await aMember(database.pool, { person: head, community, role: 'head' })
      await aMember(database.pool, { person: unnamed, community })
      await aMember(database.pool, { person: gone, community, ended: true })
      const [elsewhere, archived, left] = [
        await aCommunity(database.pool),
        await aCommunity(database.pool),
        await aCommunity(database.pool),
      ]
      await database.pool.query('UPDATE community SET archived_at = now() WHERE id = $1', [archived])
      const second = await aMember(database.pool, { person, community: elsewhere, role: 'assessor' })
      const admin = await aMember(database.pool, { person, community: null, role: 'admin' })
      await aMember(database.pool, { person, community: archived })
      await aMember(database.pool, { person, community: left, ended: true })
      await aMember(database.pool, { person: stranger, community: elsewhere })

      const evidence = [{ kind: 'photo', ref: 'telegram:AgAC' }] as const
      const newest = answerRow({ sheet, revision: 2, person: gone, value: '12', raw: '十二', note: 'n', evidence })
      await write(sheet, { person })
      await ledger.append(newest)
      await write(sheet, { question: 'G6-02', value: null, notApplicable: '无', person: head })
      await database.pool.query('UPDATE answer SET person_id = NULL WHERE sheet_id = $1 AND question_id = $2', [
        sheet,
        'G6-02',
      ])
      const to = { person: head, by: head, why: null, at: at(1) }
      await work.assign(assessment, ['G6-01'], to, change())
      const back = { comment: '请补照片', at: at(2), by: head }
      await work.sendBack(assessment, { ...back, question: 'G6-01', revision: 1 }, change())
      await work.sendBack(assessment, { ...back, question: 'G6-02', revision: 1 }, change())

      const standing = (await work.standing(sheet, person))!
      expect(standing.sheet).toEqual(await records.sheet(sheet))
      expect(standing.assessment).toEqual(await rounds.assessment(assessment))
      const joinedAt = at(0)
      const ofPerson = (id: string) => standing.memberships.find((one) => one.id === id)
      expect(standing.memberships).toHaveLength(3)
      expect(ofPerson(own)).toEqual({ id: own, person, role: 'worker', community, posts: ['网格员'], joinedAt })
      expect(ofPerson(second)).toEqual({
        id: second,
        person,
        role: 'assessor',
        community: elsewhere,
        posts: [],
        joinedAt,
      })
      expect(ofPerson(admin)).toEqual({ id: admin, person, role: 'admin', community: null, posts: [], joinedAt })
      const { sheet: _, channel: __, input: ___, ...answer } = newest
      expect([...standing.answers.keys()].sort()).toEqual(['G6-01', 'G6-02'])
      expect(standing.answers.get('G6-01')).toEqual(answer)
      expect(standing.answers.get('G6-02')).toMatchObject({ person: '', notApplicable: '无' })
      expect(standing.names).toEqual(new Map([[person, '老王'], [head, '张主任'], [gone, '走了']])) // biome-ignore format: pairs
      expect(standing.assigned).toEqual(new Map([['G6-01', head]]))
      expect(standing.sentBack).toEqual(
        new Map([['G6-02', { question: 'G6-02', revision: 1, comment: '请补照片', at: at(2) }]]),
      )
      expect((await work.standing(sheet, stranger))!.memberships).toHaveLength(1)
      expect((await work.standing(sheet, 'nobody'))!.memberships).toEqual([])
    })

    it('is there only for sheets of a round, with answers only for shared ones', async () => {
      const { assessment } = await shared({ mode: 'individual' })
      const person = await aPerson(database.pool, '小李')
      const sheet = await startIndividual(assessment, person)
      await write(sheet, { person })
      await work.sendBack(assessment, { question: 'G6-01', revision: 1, comment: 'c', at: at(2), by: 'h' }, change())
      const standing = (await work.standing(sheet, person))!
      expect(standing).toMatchObject({ sheet: { id: sheet, person }, answers: new Map(), memberships: [] })
      expect(standing.names).toEqual(new Map([[person, '小李']]))
      expect([...standing.sentBack.keys()]).toEqual(['G6-01'])
      const practice = randomUUID()
      await records.startSheet({ id: practice, person, assessment: null, rubric: 'hash', at: at(3) }, null)
      expect(await work.standing(practice, person)).toBeUndefined()
      expect(await work.standing(randomUUID(), person)).toBeUndefined()

      // The owner gone: it does not turn into a shared sheet.
      await records.submitSheet(sheet, at(4))
      await records.erase(person)
      expect(await work.standing(sheet, person)).toMatchObject({ sheet: { person: null }, answers: new Map() })
    })
  })

  it('finds sheets, their newest answers and all their rows', async () => {
    const { assessment } = await shared({ mode: 'individual' })
    const people = [await aPerson(database.pool, '甲'), await aPerson(database.pool)]
    const discarded = await startIndividual(assessment, people[0]!, 1)
    const first = await startIndividual(assessment, people[0]!, 2)
    const second = await startIndividual(assessment, people[1]!, 3)
    await database.pool.query(`UPDATE sheet SET status = 'discarded' WHERE id = $1`, [discarded])
    const rows = [1, 2, 3].map((revision) =>
      answerRow({ sheet: first, revision, person: people[0]!, value: `v${revision}` }),
    )
    for (const row of rows) await ledger.append(row)
    await write(first, { question: 'G6-02' })
    const sheets = await work.sheets(assessment)
    expect(sheets.map(({ id, rows, answers }) => [id, rows, answers.size])).toEqual([
      [first, 4, 2],
      [second, 0, 0],
    ])
    const { sheet: _, channel: __, input: ___, ...newest } = rows[2]!
    expect(sheets[0]!.answers.get('G6-01')).toEqual(newest)
    expect((await work.individualSheet(assessment, people[0]!))?.id).toBe(first)
    const { answers: _answers, rows: _rows, ...plain } = sheets[1]!
    expect(await work.individualSheet(assessment, people[1]!)).toEqual(plain)
    expect(await work.individualSheet(assessment, 'nobody')).toBeUndefined()
    expect(await work.sheets('none')).toEqual([])
    expect(await work.names([...people, 'nobody'])).toEqual(new Map([[people[0]!, '甲']]))
  })

  describe('the author of an answer', () => {
    const photo = [{ kind: 'photo', ref: 'telegram:AgAC' }] as const
    /** Revisions of one question, each by somebody else, a minute apart; who gave the answer then, and in which minute. */
    const signers = async (revisions: readonly Partial<LedgerRow>[]) => {
      const { assessment, sheet } = await shared()
      const seen: [string, number][] = []
      await write(sheet, { question: 'A1', person: 'other', at: at(50) })
      for (const [index, row] of revisions.entries()) {
        await write(sheet, { person: `p${index + 1}`, revision: index + 1, at: at(index + 1), ...row })
        const standing = (await work.standing(sheet, 'nobody'))!.answers.get('G6-01')!
        expect((await work.sheets(assessment))[0]!.answers.get('G6-01')).toEqual(standing)
        expect(standing).toMatchObject({ revision: index + 1, ...row })
        seen.push([standing.person, standing.at.getUTCMinutes()])
      }
      expect((await work.sheets(assessment))[0]).toMatchObject({ rows: revisions.length + 1 })
      return seen
    }

    it('stays who gave it, whoever adds notes and evidence', async () => {
      const seen = await signers([
        { value: 'a' },
        { value: 'a', note: 'n' },
        { value: 'a', note: 'n', evidence: photo },
        { value: 'b', note: 'n', evidence: photo },
        { value: 'b', note: 'm', evidence: photo },
        { value: 'b', note: null, evidence: [...photo, ...photo] },
      ])
      expect(seen).toEqual([['p1', 1], ['p1', 1], ['p1', 1], ['p4', 4], ['p4', 4], ['p4', 4]]) // biome-ignore format: pairs
    })

    it('is who confirmed it, or found it not applicable', async () => {
      const seen = await signers([
        { value: 'a', note: 'n', evidence: photo },
        { value: 'a', note: 'n', evidence: photo },
        { value: null, notApplicable: '无', note: 'n', evidence: photo },
        { value: null, notApplicable: '无', note: null, evidence: photo },
        { value: null, notApplicable: '无此', note: null, evidence: photo },
        { value: null, notApplicable: '无此', note: null, evidence: photo },
      ])
      expect(seen).toEqual([['p1', 1], ['p2', 2], ['p3', 3], ['p3', 3], ['p5', 5], ['p6', 6]]) // biome-ignore format: pairs
    })

    it('is who wrote last while there are only notes', async () => {
      const seen = await signers([
        { value: null, note: 'n' },
        { value: null, note: 'n', evidence: photo },
        { value: 'a', note: 'n', evidence: photo },
        { value: 'a', note: 'm', evidence: photo },
      ])
      expect(seen).toEqual([['p1', 1], ['p2', 2], ['p3', 3], ['p3', 3]]) // biome-ignore format: pairs
    })

    it('is not somebody whose note was erased', async () => {
      const { sheet } = await shared()
      const person = await aPerson(database.pool)
      await write(sheet, { person: 'p1' })
      await write(sheet, { person, revision: 2, note: 'n', at: at(2) })
      await write(sheet, { person, revision: 1, question: 'G6-02', at: at(2) })
      await write(sheet, { person, revision: 2, question: 'G6-02', value: 'b', at: at(3) })
      await records.erase(person)
      const { answers } = (await work.standing(sheet, 'nobody'))!
      expect(answers.get('G6-01')).toMatchObject({ person: 'p1', revision: 2, note: null })
      expect(answers.get('G6-02')).toMatchObject({ person: '', value: 'b', at: at(3) })
    })
  })

  it('assigns indicators, the newest word counts, and a redelivered one does not', async () => {
    const { assessment } = await shared()
    const [first, second] = [await aPerson(database.pool), await aPerson(database.pool)]
    const toFirst = { person: first, by: 'h', why: null, at: at(1) }
    const before = change()
    await work.assign(assessment, ['G1-01', 'G1-02', 'G1-01'], toFirst, before)
    await work.assign(assessment, ['G1-02'], { person: second, by: first, why: '不\0熟', at: at(2) }, change())
    await work.assign(assessment, ['G1-01', 'G1-02'], toFirst, before)
    expect(await work.assigned(assessment)).toEqual(new Map([['G1-01', first], ['G1-02', second]])) // biome-ignore format: pairs
    expect(await audited(before.id)).toBe(1)
    const { rows } = await database.pool.query('SELECT * FROM assignment WHERE indicator_id = $1 AND person_id = $2', [
      'G1-02',
      second,
    ])
    expect(rows).toMatchObject([{ by_person: first, why: '不熟', at: at(2) }])
    await expect(work.assign(assessment, ['G1-01'], { ...toFirst, person: 'nobody' }, change())).rejects.toMatchObject({
      name: 'StoreFault',
      retry: false,
    })
  })

  it('keeps what was sent back until there is a newer answer', async () => {
    const { assessment, sheet } = await shared()
    await write(sheet)
    await write(sheet, { question: 'G6-02' })
    const send = (question: string, minute: number, comment = '补') =>
      work.sendBack(assessment, { question, revision: 1, comment, at: at(minute), by: 'h' }, change())
    await send('G6-01', 1)
    await send('G6-02', 2)
    await send('G6-01', 3, '再补')
    expect(await work.sentBack(assessment)).toEqual([
      { question: 'G6-01', revision: 1, comment: '再补', at: at(3) },
      { question: 'G6-02', revision: 1, comment: '补', at: at(2) },
    ])
    await write(sheet, { revision: 2, value: 'b' })
    expect((await work.sentBack(assessment)).map(({ question }) => question)).toEqual(['G6-02'])
  })

  it('keeps what was sent back whatever notes and evidence come', async () => {
    const { assessment, sheet } = await shared()
    const back = { question: 'G6-01', by: 'h' }
    const send = (revision: number, comment: string, minute: number) =>
      work.sendBack(assessment, { ...back, revision, comment, at: at(minute) }, change())
    const both = async () => {
      const listed = await work.sentBack(assessment)
      expect([...(await work.standing(sheet, 'nobody'))!.sentBack.values()]).toEqual(listed)
      return listed.map(({ comment }) => comment)
    }
    await send(1, 'there is nothing yet', 1)
    expect(await both()).toEqual([])
    await write(sheet)
    await send(1, 'one', 2)
    await write(sheet, { revision: 2, note: 'n' })
    await write(sheet, { revision: 3, note: 'n', evidence: [{ kind: 'photo', ref: 'telegram:AgAC' }] })
    expect(await both()).toEqual(['one'])
    // Of several that stand, the newest.
    await send(3, 'three', 3)
    expect(await both()).toEqual(['three'])
    await send(1, 'one again', 4)
    expect(await both()).toEqual(['one again'])
    // The same said again is an answer.
    await write(sheet, { revision: 4, note: 'n', evidence: [{ kind: 'photo', ref: 'telegram:AgAC' }] })
    expect(await both()).toEqual([])
    await write(sheet, { revision: 5, note: 'm' })
    expect(await both()).toEqual([])
    await send(5, 'five', 5)
    expect(await both()).toEqual(['five'])
    await write(sheet, { revision: 6, note: 'm', value: null, notApplicable: '无' })
    expect(await both()).toEqual([])
  })

  it('notes a clash once and settles those of a question', async () => {
    const { assessment, sheet } = await shared()
    const clash = (fields: Partial<Clash> = {}): Clash => ({
      sheet,
      question: 'G6-01',
      revision: 1,
      person: 'p2',
      value: 'b',
      standsPerson: 'p1',
      standsValue: 'a',
      at: at(1),
      ...fields,
    })
    expect(await work.noteClash(clash())).toBe(true)
    expect(await work.noteClash(clash({ at: at(9) }))).toBe(false)
    const later = clash({ question: 'G6-02', standsPerson: '', value: 'n/a', at: at(2) })
    expect(await work.noteClash(later)).toBe(true)
    expect(await work.clashes(assessment)).toEqual([later, clash()])
    const settled = change()
    await work.settleClashes(assessment, 'G6-01', at(3), settled)
    expect(await work.clashes(assessment)).toEqual([later])
    const anew = clash({ revision: 2, at: at(4) })
    await work.noteClash(anew)
    await work.settleClashes(assessment, 'G6-01', at(5), settled)
    expect(await work.clashes(assessment)).toEqual([anew, later])
    const nothing = change()
    await work.settleClashes(assessment, 'G6-99', at(5), nothing)
    expect([await audited(settled.id), await audited(nothing.id)]).toEqual([1, 0])
  })
})
