/** Bars drawn with characters, the same width everywhere. */
import { type Exact, exact, format, multiply, toNumber } from '../../core/exact.js'

const CELLS = 10

/** `████████░░` for a share from 0 to 1; full only at 1 and empty only at 0, so that almost is not all. */
export function bar(share: number): string {
  const rounded = Math.round(share * CELLS)
  const cells = share >= 1 ? CELLS : share <= 0 ? 0 : Math.min(CELLS - 1, Math.max(1, rounded))
  return '█'.repeat(cells) + '░'.repeat(CELLS - cells)
}

/** A rate with one decimal: `82.1%`. */
export const percentText = (rate: Exact): string => `${format(multiply(rate, exact(100)), 1)}%`

/** Bar and percentage, lined up: `████████░░  82.1%`. */
export const rateBar = (rate: Exact): string => `${bar(toNumber(rate))} ${percentText(rate).padStart(6, '\u2007')}`
