/** A count with a deduction for each occurrence, down to nothing. */
import { compare, exact, max, multiply, subtract, ZERO } from '../exact.js'
import { parseQuantity } from '../number-words.js'
import type { Indicator } from '../rubric.js'
import type { AnswerType } from './answer-type.js'
import { isDecimal, LARGEST_NUMBER } from './number.js'

type Deduct = Extract<Indicator['answer'], { type: 'deduct' }>

/** How many counts stand as buttons: none, a few, and the first count that leaves no points. */
const SMALL_COUNTS = 4

export const deduct: AnswerType<Deduct> = {
  choices(spec, indicator) {
    const worst = spec.free + Math.ceil(indicator.points / spec.per)
    const counts = [0, ...Array.from({ length: SMALL_COUNTS - 1 }, (_, i) => spec.free + 1 + i), worst]
    return [...new Set(counts.filter((count) => count <= worst))].map((count) => ({
      value: String(count),
      kind: 'number',
    }))
  },
  parse: (spec, text) => parseQuantity(text, { decimals: 0, largest: LARGEST_NUMBER, unit: spec.unit }),
  accepts: (_spec, value) => isDecimal(value, 0) && compare(exact(value), exact(LARGEST_NUMBER)) <= 0,
  score(spec, value, indicator) {
    const counted = max(ZERO, subtract(exact(value), exact(spec.free)))
    return max(ZERO, subtract(exact(indicator.points), multiply(exact(spec.per), counted)))
  },
}
