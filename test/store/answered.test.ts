/** The contract of `Work.answered`, on both homes of the data: how many questions stand answered, whatever the revisions. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerRow } from '../../src/app/ports.js'
import { createLedger } from '../../src/store/ledger.js'
import { createRecords } from '../../src/store/records.js'
import { createRounds } from '../../src/store/rounds.js'
import { createWork } from '../../src/store/work.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { answerRow } from './fixtures.js'
import { aCommunity, aPerson, aRound, at } from './round-fixtures.js'

describe.each(HOMES)('Answered questions on $home', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const aWork = async (mode: 'shared' | 'individual') => {
    const communities = [await aCommunity(database.pool), await aCommunity(database.pool)]
    const { assessments } = await aRound(createRounds(database.pool), communities, { mode })
    const write = async (sheet: string, row: Partial<LedgerRow>) =>
      expect(await createLedger(database.pool).append(answerRow({ sheet, ...row }))).toBe('written')
    return { work: createWork(database.pool), assessments: assessments as [string, string], write }
  }

  it('are those whose newest revision is an answer', async () => {
    const { work, assessments, write } = await aWork('shared')
    const [one, other] = assessments
    const sheet = work.sharedSheetOf(one)
    await write(sheet, { question: 'G6-01' })
    await write(sheet, { question: 'G6-01', revision: 2, value: 'b' })
    await write(sheet, { question: 'G6-02', value: null, notApplicable: 'nobody of this kind' })
    await write(sheet, { question: 'G6-03', value: null, note: 'to be looked up' })
    expect(await work.answered([one, other, 'none'])).toEqual(
      new Map([
        [one, 2],
        [other, 0],
      ]),
    )
    await write(sheet, { question: 'G6-03', revision: 2 })
    await write(sheet, { question: 'G6-01', revision: 3, value: null, note: 'taken back' })
    expect(await work.answered([one])).toEqual(new Map([[one, 2]]))
  })

  it('are counted of individuals on the submitted sheet that is least far', async () => {
    const { work, assessments, write } = await aWork('individual')
    const records = createRecords(database.pool)
    for (const [count, submits] of [
      [3, true],
      [2, true],
      [1, false],
    ] as const) {
      const sheet = randomUUID()
      const person = await aPerson(database.pool)
      await records.startSheet({ id: sheet, person, assessment: assessments[0], rubric: 'hash', at: at(1) }, null)
      for (let i = 0; i < count; i += 1) await write(sheet, { question: `G6-0${i}`, person })
      if (submits) await records.submitSheet(sheet, at(2))
    }
    expect(await work.answered(assessments)).toEqual(new Map([[assessments[0], 2]]))
  })
})
