/** Several people each filled in a whole sheet: one score from theirs, and where they see things differently. */
import { compare, divide, type Exact, exact, sum, ZERO } from './exact.js'
import type { Questionnaire } from './questionnaire.js'
import type { Rubric } from './rubric.js'
import { type IndicatorScore, type Part, type Range, rangeOf, rateOf, type SheetScore, sumUp } from './score.js'

/** People differ on an indicator when so many levels lie between the best and the worst judgement. */
const DIFFERENT_LEVELS = 2

export type Judgement = {
  readonly person: string
  /** Score ÷ points; null where the person found it not applicable. */
  readonly rate: Exact | null
  /** Index among the rubric's level4 options, 0 the best; null as above. */
  readonly level: number | null
}

/** An indicator that people judge differently. */
export type Spread = {
  readonly id: string
  /** Levels between the best and the worst judgement; null where some score it and others find it not applicable. */
  readonly levels: number | null
  /** Those who have judged it, in the order of the sheets. */
  readonly judgements: readonly Judgement[]
}

/**
 * The score of a community from the sheets of several people. An indicator gets the mean over those who scored it, is not
 * applicable only where all say so, and open where nobody has it. A veto applies as soon as one sheet has it: it has to
 * be cleared up. Levels and totals follow from the merged indicators; `answered` is that of the sheet that is least far.
 */
export function mergeScores(questionnaire: Questionnaire, scores: readonly SheetScore[]): SheetScore {
  const { questions } = questionnaire
  const merged = questions.flatMap((question) => {
    if (question.kind !== 'indicator') return []
    const { id, first, second, indicator } = question
    const place = { id, first, second, points: exact(indicator.points) }
    return [
      mergeIndicator(
        questionnaire,
        place,
        scores.map((score) => indicatorOf(score, question.ordinal - 1, id)),
      ),
    ]
  })
  return {
    ...sumUp(
      questionnaire,
      merged.map(({ indicator }) => indicator),
      merged.map(({ range }) => range),
    ),
    answered: scores.length === 0 ? 0 : Math.min(...scores.map(({ answered }) => answered)),
    asked: questions.length,
    vetoes: questions.map(({ id }) => id).filter((id) => scores.some(({ vetoes }) => vetoes.includes(id))),
    disqualifiers: [...new Set(scores.flatMap(({ disqualifiers }) => disqualifiers))],
    extra: mean(scores.map(({ extra }) => extra)),
    extraForGrade: mean(scores.map(({ extraForGrade }) => extraForGrade)),
  }
}

/** Indicators on which people differ by two levels or more, most first, then those that not everybody finds applicable. */
export function spreadOf(
  questionnaire: Questionnaire,
  sheets: readonly { readonly person: string; readonly score: SheetScore }[],
): Spread[] {
  return questionnaire.questions
    .flatMap((question): Spread[] => {
      if (question.kind !== 'indicator') return []
      const judgements = sheets.flatMap(({ person, score }) => {
        const one = indicatorOf(score, question.ordinal - 1, question.id)
        const rate = rateOf(one)
        const level = rate && levelOf(questionnaire.rubric, rate)
        return one.state === 'open' ? [] : [{ person, rate, level }]
      })
      const levels = judgements.flatMap(({ level }) => (level === null ? [] : [level]))
      if (levels.length === 0) return []
      if (levels.length < judgements.length) return [{ id: question.id, levels: null, judgements }]
      const apart = Math.max(...levels) - Math.min(...levels)
      return apart >= DIFFERENT_LEVELS ? [{ id: question.id, levels: apart, judgements }] : []
    })
    .sort((a, b) => (b.levels ?? 0) - (a.levels ?? 0))
}

/** The best option whose share is not above the rate; the worst where all are. */
export function levelOf(rubric: Rubric, rate: Exact): number {
  const options = rubric.options.level4
  const found = options.findIndex(({ ratio }) => compare(exact(ratio), rate) <= 0)
  return found === -1 ? options.length - 1 : found
}

type Place = Pick<IndicatorScore, 'id' | 'first' | 'second' | 'points'>

function mergeIndicator(
  questionnaire: Questionnaire,
  place: Place,
  sheets: readonly IndicatorScore[],
): { indicator: IndicatorScore; range: Range } {
  const { points } = place
  const nothing: Part = { score: ZERO, points }
  const scored = sheets.filter(({ state }) => state === 'scored')
  const vetoed = sheets.some((one) => one.vetoed)
  const threatened = sheets.some((one) => one.threatened)
  const ranges = sheets.map((one) => rangeOf(questionnaire, one))
  if (vetoed) {
    const indicator: IndicatorScore = { ...place, score: ZERO, state: 'scored', vetoed, threatened }
    return { indicator, range: { least: nothing, most: nothing } }
  }
  const meanPart = (parts: readonly Part[]): Part => {
    const counted = parts.filter((part) => part !== null)
    return counted.length === 0 ? null : { score: mean(counted.map(({ score }) => score)), points }
  }
  const range: Range =
    sheets.length === 0
      ? { least: nothing, most: { score: points, points } }
      : {
          least: threatened ? nothing : meanPart(ranges.map(({ least }) => least)),
          most: meanPart(ranges.map(({ most }) => most)),
        }
  const away = sheets.length > 0 && sheets.every(({ state }) => state === 'not_applicable')
  const got = {
    points: away ? ZERO : points,
    score: mean(scored.map(({ score }) => score)),
    state: away ? 'not_applicable' : scored.length > 0 ? 'scored' : 'open',
  } as const
  return { indicator: { ...place, ...got, vetoed, threatened }, range }
}

/** Sheets of one questionnaire hold its indicators in its order. */
function indicatorOf(score: SheetScore, index: number, id: string): IndicatorScore {
  const one = score.indicators[index]
  if (one?.id !== id) throw new Error(`Expected the score of indicator \`${id}\`, got that of \`${one?.id}\``)
  return one
}

const mean = (values: readonly Exact[]): Exact =>
  values.length === 0 ? ZERO : divide(sum(values), exact(values.length))
