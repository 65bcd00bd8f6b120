/** Scores of one sheet: indicators, second and first level, total. Exact; rounding is for showing only. */
import type { Answers } from './answer.js'
import { isAnswered } from './answer.js'
import { scoreValue } from './answers/registry.js'
import { add, compare, divide, type Exact, exact, min, multiply, subtract, sum, ZERO } from './exact.js'
import type { Questionnaire } from './questionnaire.js'
import type { Indicator } from './rubric.js'

export type IndicatorScore = {
  readonly id: string
  readonly first: string
  readonly second: string
  /** Points that can be had: the indicator's, or 0 where it is not applicable. */
  readonly points: Exact
  /** Points got; 0 while open. */
  readonly score: Exact
  readonly state: 'scored' | 'not_applicable' | 'open'
  /** A veto question of this indicator was answered with yes: it scores 0 and there is no grade. */
  readonly vetoed: boolean
  /** A veto question of this indicator is open: yes would take what it got, and make it count where it does not apply. */
  readonly threatened: boolean
}

export type LevelScore = {
  readonly id: string
  /** Applicable points of the answered indicators below. */
  readonly points: Exact
  readonly score: Exact
  /** score ÷ points; null while nothing below was scored. */
  readonly rate: Exact | null
}

export type SheetScore = {
  readonly indicators: readonly IndicatorScore[]
  readonly second: readonly LevelScore[]
  readonly first: readonly LevelScore[]
  /** Questions with an answer, and questions in all (veto questions and extras included). */
  readonly answered: number
  readonly asked: number
  /** Score on the rubric's scale over what was answered and applies: sum(score) ÷ sum(points) × scale. */
  readonly total: Exact
  /** Lowest and highest total that the open questions still allow; both are the total when nothing is open. */
  readonly least: Exact
  readonly most: Exact
  /** Ids of the veto questions that were answered with yes. */
  readonly vetoes: readonly string[]
  readonly disqualifiers: readonly string[]
  /** Bonus minus penalty on the scale, capped as the rubric says; 0 where both are off. */
  readonly extra: Exact
  /** The part of `extra` that counts for the grade. */
  readonly extraForGrade: Exact
}

/** Scores the newest answers of a sheet. `disqualifiers` are findings of the assessors, by id. */
export function scoreSheet(
  questionnaire: Questionnaire,
  answers: Answers,
  disqualifiers: readonly string[] = [],
): SheetScore {
  const { questions } = questionnaire
  const vetoes = questions
    .filter(({ kind, id }) => kind === 'veto' && answers.get(id)?.value === 'yes')
    .map(({ id }) => id)
  const indicators = questions.flatMap((question) =>
    question.kind === 'indicator'
      ? [scoreIndicator(questionnaire, question.indicator, question.first, question.second, answers, vetoes)]
      : [],
  )
  return {
    ...sumUp(
      questionnaire,
      indicators,
      indicators.map((one) => rangeOf(questionnaire, one)),
    ),
    answered: questions.filter(({ id }) => isAnswered(answers.get(id))).length,
    asked: questions.length,
    vetoes,
    disqualifiers,
    ...scoreExtras(questionnaire, answers),
  }
}

/** Points got out of those that can be had; null where an indicator does not count. */
export type Part = { readonly score: Exact; readonly points: Exact } | null
/** The least and the most that an indicator can come to while questions are open. */
export type Range = { readonly least: Part; readonly most: Part }

/** What the open questions still allow for one indicator of a sheet. */
export function rangeOf({ byId }: Questionnaire, { id, state, score, points, threatened }: IndicatorScore): Range {
  switch (state) {
    case 'scored':
      return { least: { score: threatened ? ZERO : score, points }, most: { score, points } }
    case 'open':
      return { least: { score: ZERO, points }, most: { score: points, points } }
    case 'not_applicable': {
      const question = byId.get(id)
      if (question?.kind !== 'indicator') throw new Error(`Expected an indicator of the questionnaire, got \`${id}\``)
      return { least: threatened ? { score: ZERO, points: exact(question.indicator.points) } : null, most: null }
    }
  }
}

/** Levels and totals that follow from the indicators; `ranges` holds one for each of them. */
export function sumUp(
  { rubric }: Questionnaire,
  indicators: readonly IndicatorScore[],
  ranges: readonly Range[],
): Pick<SheetScore, 'indicators' | 'second' | 'first' | 'total' | 'least' | 'most'> {
  const scored = indicators.filter(({ state }) => state === 'scored')
  const scale = exact(rubric.scale)
  const total = (parts: readonly Part[]) => {
    const counted = parts.filter((part) => part !== null)
    const points = sum(counted.map((part) => part.points))
    return points.n === 0n ? ZERO : multiply(divide(sum(counted.map(({ score }) => score)), points), scale)
  }
  return {
    indicators,
    second: rubric.first_level.flatMap((first) => first.second_level.map(({ id }) => level(id, scored, 'second'))),
    first: rubric.first_level.map(({ id }) => level(id, scored, 'first')),
    total: total(scored),
    least: total(ranges.map(({ least }) => least)),
    most: total(ranges.map(({ most }) => most)),
  }
}

/** The total that the grade is read from: with bonus and penalty where the rubric counts them. */
export const gradingTotal = (score: SheetScore): Exact => add(score.total, score.extraForGrade)

/** Points lost by an indicator that was scored. */
export const lostPoints = ({ points, score }: IndicatorScore): Exact => subtract(points, score)

/** score ÷ points of one indicator; null where it has no points to get. */
export const rateOf = ({ points, score, state }: IndicatorScore): Exact | null =>
  state === 'scored' && points.n > 0n ? divide(score, points) : null

/** The weak indicators, most lost points first, then in the order of the rubric. */
export function weakIndicators(questionnaire: Questionnaire, score: SheetScore): IndicatorScore[] {
  const below = exact(questionnaire.rubric.scoring.weak.rate_below)
  return score.indicators
    .filter((one) => {
      const rate = rateOf(one)
      return rate !== null && compare(rate, below) < 0
    })
    .sort((a, b) => compare(lostPoints(b), lostPoints(a)))
}

function scoreIndicator(
  { rubric }: Questionnaire,
  indicator: Indicator,
  first: string,
  second: string,
  answers: Answers,
  vetoes: readonly string[],
): IndicatorScore {
  const answer = answers.get(indicator.id)
  const vetoed = indicator.vetoes.some((id) => vetoes.includes(id))
  const threatened = rubric.scoring.veto.enabled && indicator.vetoes.some((id) => !isAnswered(answers.get(id)))
  const place = { id: indicator.id, first, second, vetoed, threatened }
  const points = exact(indicator.points)
  if (answer?.notApplicable != null && !vetoed) return { points: ZERO, score: ZERO, state: 'not_applicable', ...place }
  if (vetoed) return { points, score: ZERO, state: 'scored', ...place }
  if (answer?.value == null) return { points, score: ZERO, state: 'open', ...place }
  return { points, score: scoreValue(indicator, answer.value, rubric), state: 'scored', ...place }
}

function level(id: string, scored: readonly IndicatorScore[], key: 'first' | 'second'): LevelScore {
  const below = scored.filter((one) => one[key] === id)
  const points = sum(below.map((one) => one.points))
  const score = sum(below.map((one) => one.score))
  return { id, points, score, rate: points.n === 0n ? null : divide(score, points) }
}

function scoreExtras({ rubric, questions }: Questionnaire, answers: Answers): { extra: Exact; extraForGrade: Exact } {
  const side = (kind: 'bonus' | 'penalty'): Exact => {
    const found = questions.filter((one) => one.kind === kind && answers.get(one.id)?.value === 'yes')
    const points = sum(found.map((one) => ('points' in one ? exact(one.points) : ZERO)))
    const { cap } = rubric.scoring[kind]
    return cap === undefined ? points : min(points, exact(cap))
  }
  const bonus = side('bonus')
  const penalty = side('penalty')
  const counted = (kind: 'bonus' | 'penalty', points: Exact) => (rubric.scoring[kind].counts_for_grade ? points : ZERO)
  return {
    extra: subtract(bonus, penalty),
    extraForGrade: subtract(counted('bonus', bonus), counted('penalty', penalty)),
  }
}
