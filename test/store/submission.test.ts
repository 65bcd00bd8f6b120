/** The contract of `Work`, on both homes of the data: until when answers are taken, submissions, results, the overview. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ledger, LedgerRow, Records } from '../../src/app/ports.js'
import type { RoundFields, Rounds, Work } from '../../src/app/rounds.js'
import { createLedger } from '../../src/store/ledger.js'
import { appendStatement } from '../../src/store/ledger-rows.js'
import { createRecords } from '../../src/store/records.js'
import { createRounds } from '../../src/store/rounds.js'
import { createWork } from '../../src/store/work.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow } from './fixtures.js'
import { racing, untilItWaits } from './races.js'
import { aCommunity, aPerson, aRound, at, change, resultWith } from './round-fixtures.js'

describe.each(HOMES)('Submissions on $home', ({ home, open }) => {
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

  describe('answers', () => {
    it('are taken only from the opening to the deadline', async () => {
      const { sheet, round } = await shared()
      const { opensAt, deadline } = (await rounds.round(round))!
      const near = (instant: Date, ms: number) => new Date(instant.getTime() + ms)
      expect(await write(sheet, { at: near(opensAt, -1) })).toBe('closed')
      expect(await write(sheet, { at: opensAt })).toBe('written')
      expect(await write(sheet, { revision: 2, at: deadline })).toBe('closed')
      const last = answerRow({ sheet, revision: 2, value: 'b', at: near(deadline, -1) })
      expect(await ledger.append(last)).toBe('written')
      // Late, and against what stands: neither written nor a conflict.
      expect(await write(sheet, { revision: 2, value: 'c', at: near(deadline, 1) })).toBe('closed')
      expect(await ledger.append({ ...last, at: near(deadline, 1) })).toBe('repeated')
      await rounds.update(round, { deadline: near(deadline, 10) }, change())
      expect(await write(sheet, { revision: 3, at: near(deadline, 1) })).toBe('written')
      const mixed = await Promise.all([
        write(sheet, { question: 'G6-02', at: near(deadline, 10) }),
        write(sheet, { question: 'G6-03', at: near(deadline, 9) }),
      ])
      expect(mixed).toEqual(['closed', 'written'])
    })

    it('are taken only while the round is published and the assessment open', async () => {
      const { sheet, round, assessment } = await shared()
      expect(await write(sheet)).toBe('written')
      for (const status of ['closed', 'archived', 'draft'] as const) {
        await rounds.setStatus(round, status, change())
        expect(await write(sheet, { revision: 2 })).toBe('closed')
      }
      await rounds.setStatus(round, 'published', change())
      expect(await write(sheet, { revision: 2 })).toBe('written')
      expect(await work.submit(assessment, 'h', resultWith('1'), 2, change())).toBe('submitted')
      expect(await write(sheet, { revision: 3 })).toBe('closed')
      // Started behind the submission's back.
      const own = await startIndividual(assessment, await aPerson(database.pool))
      expect(await write(own)).toBe('closed')
    })
  })

  describe('submit', () => {
    it('closes the shared sheet, keeps the result and the figures of the round, once', async () => {
      const { sheet, round, assessment } = await shared()
      await write(sheet)
      await write(sheet, { revision: 2, value: 'b' })
      const result = resultWith('757.300000')
      const submitted = change({ at: at(5) })
      expect(await work.submit(assessment, 'h1', result, 1, change())).toBe('changed')
      expect(await rounds.assessment(assessment)).toMatchObject({ status: 'open', submittedBy: null })
      const answers = await Promise.all([1, 2].map(() => work.submit(assessment, 'h1', result, 2, submitted)))
      expect(answers).toEqual(['submitted', 'submitted'])
      expect(await work.submit(assessment, 'h1', result, 2, submitted)).toBe('submitted')
      expect(await work.submit(assessment, 'h1', result, 2, change())).toBe('gone')
      expect(await work.submit('none', 'h1', result, 0, change())).toBe('gone')
      expect(await audited(submitted.id)).toBe(1)
      expect(await rounds.assessment(assessment)).toMatchObject({
        status: 'submitted',
        submittedAt: at(5),
        submittedBy: 'h1',
        round: { median: '757.300000', submitted: 1 },
      })
      expect(await records.sheet(sheet)).toMatchObject({ status: 'submitted', submittedAt: at(5) })
      expect(await work.result(assessment)).toEqual({ result, rows: 2 })
      expect(await work.overview(round)).toMatchObject([
        { assessment, status: 'submitted', result, resultRows: 2, rows: 2 },
      ])
    })

    it('counts only submitted sheets of individuals and leaves the open ones as they are', async () => {
      const { round, assessment } = await shared({ mode: 'individual' })
      const people = [await aPerson(database.pool), await aPerson(database.pool)]
      const [done, undone] = [
        await startIndividual(assessment, people[0]!),
        await startIndividual(assessment, people[1]!),
      ]
      for (const sheet of [done, done, undone]) await write(sheet, { question: randomUUID() })
      await records.submitSheet(done, at(2))
      expect(await work.overview(round)).toMatchObject([{ rows: 2, resultRows: 0, result: null }])
      expect(await work.submit(assessment, 'h', resultWith('1'), 3, change())).toBe('changed')
      expect(await work.submit(assessment, 'h', resultWith('1'), 2, change())).toBe('submitted')
      expect((await work.sheets(assessment)).map(({ id }) => id).toSorted()).toEqual([done, undone].toSorted())
      expect(await records.sheet(undone)).toMatchObject({ status: 'open', submittedAt: null })
      // Nothing more comes in, neither rows nor whole sheets.
      expect(await write(undone, { question: 'late' })).toBe('closed')
      expect(await records.submitSheet(undone, at(3))).toBe(false)
      expect(await records.submitSheet(done, at(3))).toBe(true)
      expect(await work.overview(round)).toMatchObject([{ rows: 2, resultRows: 2 }])
      expect(await work.reopen(assessment, change())).toBe(true)
      expect(await records.sheet(done)).toMatchObject({ status: 'submitted', submittedAt: at(2) })
      expect((await records.sheet(undone))?.status).toBe('open')
      expect(await write(undone, { question: 'late' })).toBe('written')
      expect(await records.submitSheet(undone, at(4))).toBe(true)
      expect(await work.overview(round)).toMatchObject([{ rows: 4, resultRows: 2 }])
    })

    it('lets a submitted sheet of somebody be opened again', async () => {
      const { round, assessment } = await shared({ mode: 'individual' })
      const sheet = await startIndividual(assessment, await aPerson(database.pool))
      await write(sheet)
      const reopen = (id = sheet, by = change()) => work.reopenSheet(id, by)
      const refused = change()
      expect(await reopen(sheet, refused)).toBe(false)
      expect(await reopen(randomUUID(), refused)).toBe(false)
      await records.submitSheet(sheet, at(2))
      const opened = change()
      expect(await Promise.all([reopen(sheet, opened), reopen(sheet, opened)])).toEqual([true, true])
      expect(await records.sheet(sheet)).toMatchObject({ status: 'open', submittedAt: null })
      expect(await work.overview(round)).toMatchObject([{ rows: 0 }])
      expect(await write(sheet, { revision: 2, value: 'b' })).toBe('written')
      await records.submitSheet(sheet, at(3))
      // Redelivered.
      expect(await reopen(sheet, opened)).toBe(true)
      expect((await records.sheet(sheet))?.status).toBe('submitted')

      await work.submit(assessment, 'h', resultWith('1'), 2, change())
      expect(await reopen(sheet, refused)).toBe(false)
      await work.reopen(assessment, change())
      await rounds.setStatus(round, 'closed', change())
      expect(await reopen(sheet, refused)).toBe(false)
      expect((await records.sheet(sheet))?.status).toBe('submitted')
      expect([await audited(opened.id), await audited(refused.id)]).toEqual([1, 0])
    })

    it('opens no shared, practice or nameless sheet by itself', async () => {
      const { sheet } = await shared()
      const { assessment } = await shared({ mode: 'individual' })
      const [person, gone] = [await aPerson(database.pool), await aPerson(database.pool)]
      const practice = randomUUID()
      await records.startSheet({ id: practice, person, assessment: null, rubric: 'hash', at: at(1) }, null)
      const nameless = await startIndividual(assessment, gone)
      for (const id of [practice, nameless, sheet]) expect(await records.submitSheet(id, at(2))).toBe(true)
      await records.erase(gone)
      for (const id of [practice, nameless, sheet]) expect(await work.reopenSheet(id, change())).toBe(false)
    })

    it('is possible only in a published round', async () => {
      const { round, assessment } = await shared()
      await rounds.setStatus(round, 'closed', change())
      const refused = change()
      expect(await work.submit(assessment, 'h', resultWith('1'), 0, refused)).toBe('gone')
      expect(await audited(refused.id)).toBe(0)
    })

    it('makes the median of what is graded, and can be taken back', async () => {
      const communities = await Promise.all(Array.from({ length: 4 }, () => aCommunity(database.pool)))
      const { id, assessments } = await aRound(rounds, communities)
      const figures = async () => {
        const { median, submitted } = (await rounds.round(id))!
        return [median, submitted]
      }
      const submit = (index: number, result = resultWith('0')) =>
        work.submit(assessments[index]!, 'h', result, 0, change({ at: at(index) }))
      await submit(0, resultWith('1.000000', 'open'))
      expect(await figures()).toEqual([null, 1])
      await Promise.all([submit(1, resultWith('600.100001')), submit(2, resultWith('800.200001'))])
      expect(await figures()).toEqual(['700.150001', 3])
      await submit(3, resultWith('999999.999999'))
      expect(await figures()).toEqual(['800.200001', 4])

      const taken = change()
      expect(await work.reopen(assessments[3]!, taken)).toBe(true)
      expect(await figures()).toEqual(['700.150001', 3])
      const sheet = work.sharedSheetOf(assessments[3]!)
      expect(await records.sheet(sheet)).toMatchObject({ status: 'open', submittedAt: null })
      expect(await rounds.assessment(assessments[3]!)).toMatchObject({
        status: 'open',
        submittedAt: null,
        submittedBy: null,
      })
      expect(await write(sheet)).toBe('written')
      expect(await work.reopen(assessments[3]!, change())).toBe(false)
      expect(await work.reopen('none', change())).toBe(false)
      await work.submit(assessments[3]!, 'h', resultWith('700.000000'), 1, change())
      // Redelivered: it was taken back then, and is submitted again since.
      expect(await work.reopen(assessments[3]!, taken)).toBe(true)
      expect(await rounds.assessment(assessments[3]!)).toMatchObject({ status: 'submitted' })
      expect(await figures()).toEqual(['700.000000', 4])
      await rounds.setStatus(id, 'closed', change())
      expect(await work.reopen(assessments[3]!, change())).toBe(false)
    })

    it('misses none of those that are submitted at once', async () => {
      const communities = await Promise.all(Array.from({ length: 12 }, () => aCommunity(database.pool)))
      const { id, assessments } = await aRound(rounds, communities)
      const totals = assessments.map((_, index) => `${index * 10}.000000`)
      await Promise.all(assessments.map((one, index) => work.submit(one, 'h', resultWith(totals[index]!), 0, change())))
      expect(await rounds.round(id)).toMatchObject({ submitted: 12, median: '55.000000' })
    })

    racing(home)('waits for an answer that is on its way', async () => {
      const { sheet, assessment } = await shared()
      const writer = await database.pool.connect()
      await writer.query('BEGIN')
      await writer.query(appendStatement([answerRow({ sheet })]))
      const submitting = work.submit(assessment, 'h', resultWith('1'), 0, change())
      await untilItWaits(database.pool, submitting)
      await writer.query('COMMIT')
      writer.release()
      expect(await submitting).toBe('changed')
      expect(await work.submit(assessment, 'h', resultWith('1'), 1, change())).toBe('submitted')
    })

    racing(home)('takes the sheet of somebody either before or not at all', async () => {
      for (let turn = 0; turn < 20; turn++) {
        const { round, assessment } = await shared({ mode: 'individual' })
        const sheet = await startIndividual(assessment, await aPerson(database.pool))
        await write(sheet)
        const [own, all] = await Promise.all([
          records.submitSheet(sheet, at(2)),
          work.submit(assessment, 'h', resultWith('1'), turn % 2, change()),
        ])
        const { rows, status } = (await work.overview(round))[0]!
        expect(rows).toBe(own ? 1 : 0)
        if (all === 'submitted') expect(rows).toBe(turn % 2)
        else expect([all, status]).toEqual(['changed', 'open'])
      }
    })

    racing(home)('lets an answer wait and then refuses it', async () => {
      const { sheet, assessment } = await shared()
      const submitter = await database.pool.connect()
      await submitter.query('BEGIN')
      await submitter.query(`UPDATE sheet SET status = 'submitted', submitted_at = now() WHERE id = $1`, [sheet])
      const writing = write(sheet)
      await untilItWaits(database.pool, writing)
      await submitter.query('COMMIT')
      submitter.release()
      expect(await writing).toBe('closed')
      expect((await work.sheets(assessment))[0]!.rows).toBe(0)
    })
  })

  it('keeps the result of the most rows', async () => {
    const { assessment } = await shared()
    expect(await work.result(assessment)).toBeUndefined()
    await work.keepResult(assessment, resultWith('2'), 2, at(2))
    await work.keepResult(assessment, resultWith('1'), 1, at(3))
    await work.keepResult(assessment, resultWith('0'), 2, at(1))
    expect(await work.result(assessment)).toEqual({ result: resultWith('2'), rows: 2 })
    await work.keepResult(assessment, resultWith('3'), 3, at(1))
    expect((await work.result(assessment))?.rows).toBe(3)
    expect(await work.result('none')).toBeUndefined()
  })

  it('shows all assessments of a round by street and name', async () => {
    const communities = [
      await aCommunity(database.pool, '2', 'b'),
      await aCommunity(database.pool, '1', 'b'),
      await aCommunity(database.pool, '3', 'a'),
    ]
    const { id, assessments } = await aRound(rounds, communities)
    await write(work.sharedSheetOf(assessments[0]!))
    await write(work.sharedSheetOf(assessments[0]!), { question: 'G6-02' })
    await work.keepResult(assessments[1]!, resultWith('5'), 0, at(1))
    const overview = await work.overview(id)
    expect(overview.map(({ community }) => community)).toEqual([communities[2], communities[1], communities[0]])
    expect(overview[1]).toEqual({
      assessment: assessments[1],
      community: communities[1],
      name: '1',
      street: 'b',
      status: 'open',
      result: resultWith('5'),
      resultRows: 0,
      rows: 0,
    })
    expect(overview[2]).toMatchObject({ rows: 2, result: null })
    expect(await work.overview('none')).toEqual([])
  })

  racing(home)('loses no answer and takes none behind a submission that it races with', async () => {
    for (let turn = 0; turn < 10; turn++) {
      const { sheet, round, assessment } = await shared()
      // Each stands for a process.
      const ledgers = Array.from({ length: 10 }, () => createLedger(database.pool))
      let submitted = false
      const became: string[] = []
      const late: string[] = []
      const writing = ledgers.map(async (one, who) => {
        for (let step = 0; step < 12; step++) {
          const after = submitted
          const outcome = await one.append(answerRow({ sheet, question: `Q${who}-${step}` }))
          became.push(outcome)
          if (after) late.push(outcome)
        }
      })
      const submitting = async () => {
        const id = change()
        for (;;) {
          const rows = (await work.sheets(assessment))[0]!.rows
          const outcome = await work.submit(assessment, 'h', resultWith('1'), rows, id)
          if (outcome === 'changed') continue
          submitted = true
          return { outcome, rows, there: (await ledger.history(sheet)).length }
        }
      }
      const [{ outcome, rows, there }] = await Promise.all([submitting(), ...writing])
      expect(outcome).toBe('submitted')
      expect(late.every((one) => one === 'closed')).toBe(true)
      const written = became.filter((one) => one === 'written').length
      expect([rows, there, (await ledger.history(sheet)).length]).toEqual([written, written, written])
      expect(await work.overview(round)).toMatchObject([{ rows: written, resultRows: written }])
    }
  })
})
