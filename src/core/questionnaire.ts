/** What a rubric asks, in order: each indicator, right after it its veto questions, and at the end the extras that are on. */
import { type Indicator, indicatorsOf, type Rubric } from './rubric.js'

export type Question = {
  readonly id: string
  /** Position among all questions, from 0. */
  readonly index: number
} & (
  | {
      readonly kind: 'indicator'
      readonly indicator: Indicator
      readonly ordinal: number
      readonly first: string
      readonly second: string
    }
  /** Yes means that the veto applies; the best answer is no. */
  | {
      readonly kind: 'veto'
      readonly indicator: Indicator
      readonly ordinal: number
      readonly first: string
      readonly second: string
    }
  /** A bonus or penalty finding; yes means that it applies. */
  | { readonly kind: 'bonus' | 'penalty'; readonly points: number }
)

export type Questionnaire = {
  readonly rubric: Rubric
  readonly questions: readonly Question[]
  readonly byId: ReadonlyMap<string, Question>
  /** How many indicators there are: the n of "question 12 of n". */
  readonly indicators: number
}

/** Lays out the questions of a rubric. */
export function questionnaireOf(rubric: Rubric): Questionnaire {
  const questions: Question[] = []
  let ordinal = 0
  for (const first of rubric.first_level)
    for (const second of first.second_level)
      for (const indicator of second.indicators) {
        ordinal += 1
        const place = { indicator, ordinal, first: first.id, second: second.id }
        questions.push({ kind: 'indicator', id: indicator.id, index: questions.length, ...place })
        if (rubric.scoring.veto.enabled)
          for (const id of indicator.vetoes) questions.push({ kind: 'veto', id, index: questions.length, ...place })
      }
  for (const kind of ['bonus', 'penalty'] as const)
    if (rubric.scoring[kind].enabled)
      for (const { id, points } of rubric.scoring[kind].items)
        questions.push({ kind, id, index: questions.length, points })
  return {
    rubric,
    questions,
    byId: new Map(questions.map((question) => [question.id, question])),
    indicators: indicatorsOf(rubric).length,
  }
}
