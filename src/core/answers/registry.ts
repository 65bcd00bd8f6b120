/** The answer types by name. To add one: its file beside this one, its line here, its shape in core/rubric.ts. */
import type { Exact } from '../exact.js'
import type { AnswerSpec, Indicator, Rubric } from '../rubric.js'
import type { AnswerType, Choice, Parsed, Value } from './answer-type.js'
import { deduct } from './deduct.js'
import { percent, threshold } from './number.js'
import { level4, yesno } from './option.js'

export const ANSWER_TYPES: { readonly [T in AnswerSpec['type']]: AnswerType<Extract<AnswerSpec, { type: T }>> } = {
  level4,
  yesno,
  percent,
  threshold,
  deduct,
}

/** The buttons of an indicator, best first. */
export const choicesOf = (indicator: Indicator, rubric: Rubric): Choice[] =>
  typeOf(indicator).choices(indicator.answer, indicator, rubric)

/** Reads a typed answer to an indicator. */
export const parseAnswer = (indicator: Indicator, text: string, labels: ReadonlyMap<Value, string>): Parsed =>
  typeOf(indicator).parse(indicator.answer, text, labels)

/** Whether a value from a button or from storage can be scored for this indicator. */
export const acceptsValue = (indicator: Indicator, value: Value, rubric: Rubric): boolean =>
  typeOf(indicator).accepts(indicator.answer, value, rubric)

/** Score of an accepted value in points. */
export const scoreValue = (indicator: Indicator, value: Value, rubric: Rubric): Exact =>
  typeOf(indicator).score(indicator.answer, value, indicator, rubric)

// Each entry takes just its own spec; the tag in the spec picks the entry, so the two always agree.
const typeOf = (indicator: Indicator): AnswerType => ANSWER_TYPES[indicator.answer.type] as AnswerType
