/** Percentages and numbers against a threshold: a line from the floor to the target, or bands where the table has them. */
import { add, compare, divide, type Exact, exact, format, max, min, multiply, ONE, subtract, ZERO } from '../exact.js'
import { parsePercent, parseQuantity } from '../number-words.js'
import type { Indicator } from '../rubric.js'
import type { AnswerType, Choice, Value } from './answer-type.js'

type Percent = Extract<Indicator['answer'], { type: 'percent' }>
type Threshold = Extract<Indicator['answer'], { type: 'threshold' }>
type Measured = Percent | Threshold

/** How many likely values stand as buttons: one row on a phone. */
const MOST_CHOICES = 5
/** Far beyond any real count in one community; keeps typing slips such as phone numbers out. */
export const LARGEST_NUMBER = 100_000

export const percent: AnswerType<Percent> = {
  choices: (spec, indicator) => likely(spec, indicator, '100'),
  parse: (spec, text) => parsePercent(text, spec.decimals),
  accepts: (spec, value) => isDecimal(value, spec.decimals) && compare(exact(value), exact(100)) <= 0,
  score: scoreMeasured,
}

export const threshold: AnswerType<Threshold> = {
  choices: (spec, indicator) => likely(spec, indicator),
  parse: (spec, text) => parseQuantity(text, { decimals: spec.decimals, largest: LARGEST_NUMBER, unit: spec.unit }),
  accepts: (spec, value) => isDecimal(value, spec.decimals) && compare(exact(value), exact(LARGEST_NUMBER)) <= 0,
  score: scoreMeasured,
}

/** Whether a stored value is a plain non-negative decimal with at most so many decimals. */
export function isDecimal(value: Value, decimals: number): boolean {
  const match = /^(?:0|[1-9]\d{0,8})(?:\.(\d+))?$/.exec(value)
  return match !== null && (match[1] ?? '').length <= decimals
}

/** points × clamp((value − floor) ÷ (target − floor), 0, 1), or points minus what the value's band loses. */
function scoreMeasured(spec: Measured, value: Value, indicator: Indicator): Exact {
  const points = exact(indicator.points)
  const got = exact(value)
  if (spec.bands) {
    const band = spec.bands.find(({ from }) => compare(got, exact(from)) >= 0) ?? spec.bands.at(-1)!
    return max(ZERO, subtract(points, exact(band.lose)))
  }
  const ratio = divide(subtract(got, exact(spec.floor)), subtract(exact(spec.target), exact(spec.floor)))
  return multiply(points, max(ZERO, min(ONE, ratio)))
}

/** Likely values between the best and the worst, at the type's own steps; the ends are the rubric's thresholds. */
function likely(spec: Measured, indicator: Indicator, best?: Value): Choice[] {
  const values = spec.bands ? bandEdges(spec, indicator) : lineSteps(spec)
  const withBest = best !== undefined && spec.target > spec.floor && !values.includes(best) ? [best, ...values] : values
  return withBest
    .slice(0, MOST_CHOICES - 1)
    .concat(withBest.slice(MOST_CHOICES - 1).slice(-1))
    .map(asChoice)
}

function lineSteps(spec: Measured): Value[] {
  const [target, floor] = [exact(spec.target), exact(spec.floor)]
  const steps = 3
  const values = [0, 1, 2, 3].map((i) => {
    const exactly = add(target, multiply(subtract(floor, target), divide(exact(i), exact(steps))))
    // Whole numbers between the ends read and tap better than 83.33, and stay between the ends.
    return i === 0 || i === steps ? trim(format(exactly, spec.decimals)) : trim(format(exactly, 0))
  })
  return [...new Set(values)]
}

function bandEdges(spec: Measured, indicator: Indicator): Value[] {
  const bands = spec.bands!
  const edges = bands.map(({ from }) => trim(format(exact(from), spec.decimals)))
  const all = spec.type === 'percent' && bands[0]!.lose === 0 ? ['100', ...edges] : edges
  const score = (value: Value) => scoreMeasured(spec, value, indicator)
  return [...new Set(all)].sort((a, b) => compare(score(b), score(a)) || compare(exact(b), exact(a)))
}

const asChoice = (value: Value): Choice => ({ value, kind: 'number' })
const trim = (text: string): Value => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
