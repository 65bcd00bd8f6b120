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
  const { rubric, questions } = questionnaire
  const vetoes = questions
    .filter(({ kind, id }) => kind === 'veto' && answers.get(id)?.value === 'yes')
    .map(({ id }) => id)
  const indicators = questions.flatMap((question) =>
    question.kind === 'indicator'
      ? [scoreIndicator(questionnaire, question.indicator, question.first, question.second, answers, vetoes)]
      : [],
  )
  const scored = indicators.filter(({ state }) => state === 'scored')
  const got = sum(scored.map(({ score }) => score))
  const applicable = sum(scored.map(({ points }) => points))
  const open = sum(indicators.filter(({ state }) => state === 'open').map(({ points }) => points))
  // An open veto question may still take everything that its indicator got, and make it count where it was not applicable.
  const threatened = questions.flatMap((one) =>
    one.kind === 'veto' && !isAnswered(answers.get(one.id)) ? [one.indicator] : [],
  )
  const safe = sum(scored.filter(({ id }) => threatened.every((one) => one.id !== id)).map(({ score }) => score))
  const away = indicators.filter(({ state }) => state === 'not_applicable').map(({ id }) => id)
  const mayReturn = new Map(
    threatened.filter(({ id }) => away.includes(id)).map(({ id, points }) => [id, exact(points)]),
  )
  const scale = exact(rubric.scale)
  const onScale = (score: Exact, points: Exact) => (points.n === 0n ? ZERO : multiply(divide(score, points), scale))
  const extras = scoreExtras(questionnaire, answers)
  return {
    indicators,
    second: rubric.first_level.flatMap((first) => first.second_level.map(({ id }) => level(id, scored, 'second'))),
    first: rubric.first_level.map(({ id }) => level(id, scored, 'first')),
    answered: questions.filter(({ id }) => isAnswered(answers.get(id))).length,
    asked: questions.length,
    total: onScale(got, applicable),
    least: onScale(safe, sum([applicable, open, ...mayReturn.values()])),
    most: onScale(add(got, open), add(applicable, open)),
    vetoes,
    disqualifiers,
    ...extras,
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
  const place = { id: indicator.id, first, second, vetoed }
  const points = exact(indicator.points)
  if (answer?.notApplicable != null && !vetoed) return { ...place, points: ZERO, score: ZERO, state: 'not_applicable' }
  if (vetoed) return { ...place, points, score: ZERO, state: 'scored' }
  if (answer?.value == null) return { ...place, points, score: ZERO, state: 'open' }
  return { ...place, points, score: scoreValue(indicator, answer.value, rubric), state: 'scored' }
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
