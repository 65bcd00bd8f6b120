/** What an answer type promises. One file a type, its line in the registry; scoring, buttons and help follow. */
import type { Exact } from '../exact.js'
import type { AnswerSpec, Indicator, Rubric } from '../rubric.js'

/** An answer as stored: the key of an option, or a plain decimal such as `12` or `95.5`. */
export type Value = string

/** Why a typed answer was not taken; each has a sentence with an example in every locale. */
export type RejectReason =
  | 'not_an_option'
  | 'not_a_number'
  | 'negative'
  | 'fraction'
  | 'range'
  | 'decimals'
  | 'too_large'
  | 'over_hundred'
  | 'ambiguous_percent'
  | 'wrong_unit'
  | 'too_long'
  | 'not_text'

export type Parsed = { ok: true; value: Value } | { ok: false; reason: RejectReason }

/** A way to answer by one tap: an option of the rubric, or a likely number. Best first. */
export type Choice = { value: Value; kind: 'option' | 'number' }

export type AnswerType<Spec extends AnswerSpec = AnswerSpec> = {
  /** The buttons, from best to worst; the first earns full points and the last none. */
  choices(spec: Spec, indicator: Indicator, rubric: Rubric): Choice[]
  /** A typed answer; `labels` are the words of the options in the person's language. */
  parse(spec: Spec, text: string, labels: ReadonlyMap<Value, string>): Parsed
  /** Whether a value that came with a button or from storage is one that this type can score. */
  accepts(spec: Spec, value: Value, rubric: Rubric): boolean
  /** Score in points, from 0 to the indicator's points. Expects an accepted value. */
  score(spec: Spec, value: Value, indicator: Indicator, rubric: Rubric): Exact
}
