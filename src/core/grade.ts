/** The grade that a score earns: the best one whose cut-off and first-level minimums are met, decided on exact values. */

import type { Exact } from './exact.js'
import { compare, exact } from './exact.js'
import type { Rubric } from './rubric.js'
import { gradingTotal, type LevelScore, type SheetScore } from './score.js'

export type Grade =
  | { readonly kind: 'graded'; readonly code: string }
  /** Everything answered, but below the lowest cut-off (未达等级). */
  | { readonly kind: 'below' }
  /** A veto or a disqualifier rules out any grade (不予评级). */
  | { readonly kind: 'withheld'; readonly vetoes: readonly string[]; readonly disqualifiers: readonly string[] }
  /** Something is open: never a grade, only what is known and what can still be reached. */
  | {
      readonly kind: 'open'
      readonly answered: number
      readonly asked: number
      readonly least: Exact
      readonly most: Exact
    }

/** Grade of a scored sheet. */
export function gradeOf(rubric: Rubric, score: SheetScore): Grade {
  if (score.answered < score.asked)
    return { kind: 'open', answered: score.answered, asked: score.asked, least: score.least, most: score.most }
  if (score.vetoes.length > 0 || score.disqualifiers.length > 0)
    return { kind: 'withheld', vetoes: score.vetoes, disqualifiers: score.disqualifiers }
  const code = earnedGrade(rubric, gradingTotal(score), score.first)
  return code === null ? { kind: 'below' } : { kind: 'graded', code }
}

/** Cut-off of a grade on the rubric's scale. */
export const cutoffOf = (rubric: Rubric, code: string): Exact => exact(rubric.cutoffs.sets[rubric.cutoffs.use]![code]!)

/** Lowest rate that every first-level indicator needs for a grade; null where the rule is off. */
export function minimumRate(rubric: Rubric, code: string): Exact | null {
  const { enabled, rates } = rubric.scoring.first_level_minimum
  return enabled ? exact(rates[code]!) : null
}

/** Best grade for a total and first-level rates, leaving vetoes aside; null below the lowest. */
export function earnedGrade(rubric: Rubric, total: Exact, first: readonly LevelScore[]): string | null {
  const earned = rubric.grades.find(({ code }) => {
    const minimum = minimumRate(rubric, code)
    const levels = minimum === null || first.every(({ rate }) => rate === null || compare(rate, minimum) >= 0)
    return levels && compare(total, cutoffOf(rubric, code)) >= 0
  })
  return earned?.code ?? null
}
