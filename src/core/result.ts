/** What an assessment's answers come to, in the form that is kept, listed and compared. Deciding is done on exact values before. */
import type { Exact } from './exact.js'
import { format, toNumber } from './exact.js'
import { gradeOf } from './grade.js'
import type { Questionnaire } from './questionnaire.js'
import { gradingTotal, rateOf, type SheetScore, weakIndicators } from './score.js'

/**
 * For example `{"answered":98,"asked":98,"total":"757.300000","least":…,"most":…,"grade":{"kind":"graded","code":"A"},
 * "first":{"G":0.81,…},"second":{"G1":0.93,…},"indicators":{"G1-01":1,…},"weak":["P2-04"],"vetoes":[]}`.
 * Totals are decimals of six places, rounded down; rates are for showing and ordering only; null: nothing was scored there.
 */
export type Result = {
  readonly answered: number
  readonly asked: number
  readonly total: string
  readonly least: string
  readonly most: string
  readonly grade: { readonly kind: 'graded'; readonly code: string } | { readonly kind: 'below' | 'withheld' | 'open' }
  readonly first: Readonly<Record<string, number | null>>
  readonly second: Readonly<Record<string, number | null>>
  readonly indicators: Readonly<Record<string, number | null>>
  /** Most lost points first. */
  readonly weak: readonly string[]
  readonly vetoes: readonly string[]
}

const DECIMALS = 6

export function resultOf(questionnaire: Questionnaire, score: SheetScore): Result {
  const grade = gradeOf(questionnaire.rubric, score)
  return {
    answered: score.answered,
    asked: score.asked,
    total: decimal(gradingTotal(score)),
    least: decimal(score.least),
    most: decimal(score.most),
    grade: grade.kind === 'graded' ? { kind: 'graded', code: grade.code } : { kind: grade.kind },
    first: Object.fromEntries(score.first.map(({ id, rate }) => [id, shown(rate)])),
    second: Object.fromEntries(score.second.map(({ id, rate }) => [id, shown(rate)])),
    indicators: Object.fromEntries(score.indicators.map((one) => [one.id, shown(rateOf(one))])),
    weak: weakIndicators(questionnaire, score).map(({ id }) => id),
    vetoes: score.vetoes,
  }
}

const decimal = (value: Exact): string => format(value, DECIMALS, 'down')
const shown = (rate: Exact | null): number | null => (rate === null ? null : Number(toNumber(rate).toFixed(DECIMALS)))
