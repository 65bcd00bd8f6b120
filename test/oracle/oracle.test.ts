/** Two implementations, one result: the core and the oracle on 100,000 random sheets, compared as exact fractions. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRubric } from '../../src/core/check-rubric.js'
import type { Exact } from '../../src/core/exact.js'
import { gradeOf } from '../../src/core/grade.js'
import { questionnaireOf } from '../../src/core/questionnaire.js'
import { scoreSheet } from '../../src/core/score.js'
import { createOracle, type Ratio, type Replies, type Table } from './oracle.js'
import { asAnswers, asFile, createDice, fillSheet, type Mood, readDraft, rowsOf, smallTable } from './sheets.js'

const SEED = 20_211_125
const BATCH = 1000

/** Each variant is a change to the draft's plain data; all of them together see 100,000 sheets. */
const VARIANTS: { name: string; sheets: number; change: (table: Table) => void }[] = [
  { name: 'the draft as it stands', sheets: 30_000, change: () => {} },
  {
    name: 'vetoes off',
    sheets: 10_000,
    change: ({ scoring }) => {
      scoring.veto.enabled = false
    },
  },
  {
    name: 'first-level minimum on',
    sheets: 15_000,
    change: ({ scoring }) => {
      scoring.first_level_minimum.enabled = true
    },
  },
  {
    name: 'strict cut-offs',
    sheets: 15_000,
    change: ({ cutoffs }) => {
      cutoffs.use = 'strict'
    },
  },
  {
    name: 'bonus and penalty on, for the order only',
    sheets: 10_000,
    change: ({ scoring }) => {
      scoring.bonus.enabled = scoring.penalty.enabled = true
    },
  },
  {
    name: 'bonus and penalty on and counting, with minimum',
    sheets: 10_000,
    change: ({ scoring }) => {
      scoring.bonus.enabled = scoring.penalty.enabled = true
      scoring.bonus.counts_for_grade = scoring.penalty.counts_for_grade = true
      scoring.first_level_minimum.enabled = true
    },
  },
  {
    name: 'bands instead of lines',
    sheets: 10_000,
    change: (table) => {
      for (const { answer, points } of rowsOf(table))
        if (answer.type === 'percent')
          answer.bands = [
            { from: 80, lose: 0 },
            { from: 60, lose: Math.round(points * 40) / 100 },
            { from: 0, lose: Math.round(points * 80) / 100 },
          ]
    },
  },
]

const MOODS: readonly Mood[] = [
  { open: 0, away: 0, veto: 0, good: 0 },
  { open: 0, away: 0.5, veto: 0, good: 0.5 },
  { open: 0, away: 0.5, veto: 0.02, good: 0.8 },
  { open: 0, away: 0.2, veto: 0.3, good: 0.6 },
  { open: 0.02, away: 0.3, veto: 0.1, good: 0.7 },
  { open: 0.5, away: 0.3, veto: 0.2, good: 0.3 },
  { open: 0.97, away: 0.3, veto: 0.2, good: 0.3 },
]

describe('core and oracle agree', () => {
  console.info(`oracle seed ${SEED}`)
  for (const { name, sheets, change } of VARIANTS)
    test(`${sheets} sheets: ${name}`, { timeout: 240_000 }, () => {
      const table = readDraft()
      change(table)
      const agree = createComparison(table)
      const grades = new Map<string, number>()
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const dice = createDice(seed)
          for (let i = 0; i < BATCH; i += 1) {
            const grade = agree(fillSheet(table, dice, MOODS[i % MOODS.length]!))
            grades.set(grade, (grades.get(grade) ?? 0) + 1)
          }
        }),
        { seed: SEED, numRuns: sheets / BATCH },
      )
      // Whoever compares only sheets that nobody would grade has compared little.
      expect([...grades.keys()].sort()).toEqual(expect.arrayContaining(['A', 'AA', 'below', 'open']))
    })

  test('2,000 small tables with awkward points and ranges, 5 sheets each', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const dice = createDice(seed)
        const table = smallTable(dice, { rows: 20, firsts: 4 })
        const agree = createComparison(table, asFile(table))
        for (const mood of MOODS.slice(1, 6)) agree(fillSheet(table, dice, mood))
      }),
      { seed: SEED, numRuns: 2000 },
    )
  })
})

/** Scores a sheet both ways and throws at the first difference; returns the grade. */
function createComparison(table: Table, file: unknown = table): (replies: Replies) => string {
  const checked = checkRubric(file)
  if (!checked.ok) throw new Error(`Expected a sound table, got ${JSON.stringify(checked.faults)}`)
  const { rubric } = checked
  const questionnaire = questionnaireOf(rubric)
  const oracle = createOracle(table)
  return (replies) => {
    const score = scoreSheet(questionnaire, asAnswers(replies))
    const grade = gradeOf(rubric, score)
    const verdict = oracle.judge(replies)
    const same = (what: string, core: unknown, other: unknown) => {
      if (core !== other) throw new Error(`${what}: core ${core}, oracle ${other}, for ${show(replies)}`)
    }
    const equal = (what: string, { n, d }: Exact, { num, den }: Ratio) => {
      if (n * den !== num * d) throw new Error(`${what}: core ${n}/${d}, oracle ${num}/${den}, for ${show(replies)}`)
    }
    const inGrains = (num: bigint): Ratio => ({ num, den: verdict.grain })
    same('indicators', score.indicators.length, verdict.rows.size)
    for (const one of score.indicators) {
      const row = verdict.rows.get(one.id)!
      equal(`points of ${one.id}`, one.points, inGrains(row.full))
      equal(`score of ${one.id}`, one.score, inGrains(row.got))
      same(`state of ${one.id}`, one.state, row.state)
      same(`veto of ${one.id}`, one.vetoed, row.vetoed)
    }
    for (const level of [...score.first, ...score.second]) {
      const { full, got } = verdict.levels.get(level.id)!
      equal(`points of ${level.id}`, level.points, inGrains(full))
      equal(`score of ${level.id}`, level.score, inGrains(got))
      if (level.rate === null) same(`rate of ${level.id}`, 0n, full)
      else equal(`rate of ${level.id}`, level.rate, { num: got, den: full })
    }
    same('answered', score.answered, verdict.answered)
    same('asked', score.asked, verdict.asked)
    equal('total', score.total, verdict.total)
    equal('least', score.least, verdict.least)
    equal('most', score.most, verdict.most)
    same('vetoes', score.vetoes.join(), verdict.vetoes.join())
    equal('extra', score.extra, verdict.extra)
    equal('extra for the grade', score.extraForGrade, verdict.extraForGrade)
    const code = grade.kind === 'graded' ? grade.code : grade.kind
    same('grade', code, verdict.grade)
    return code
  }
}

const show = (replies: Replies) => JSON.stringify([...replies])
