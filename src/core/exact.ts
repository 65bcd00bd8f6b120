/**
 * Exact fractions. A grade may hang on one thousandth of a point, and binary floating point makes 899.9999999999999 of
 * a sum that is 900; so scores are computed as fractions and rounded only where they are shown.
 */
export type Exact = { readonly n: bigint; readonly d: bigint }

export const ZERO: Exact = { n: 0n, d: 1n }
export const ONE: Exact = { n: 1n, d: 1n }

/** Numerator over denominator, in lowest terms with a positive denominator. Throws on a denominator of 0. */
export function fraction(n: bigint, d: bigint): Exact {
  if (d === 0n) throw new Error('Expected a denominator other than 0')
  if (d === 1n) return { n, d }
  const sign = d < 0n ? -1n : 1n
  const g = gcd(n < 0n ? -n : n, d < 0n ? -d : d)
  return g === 0n ? ZERO : { n: (sign * n) / g, d: (sign * d) / g }
}

/** Decimals that were read already: a rubric has some hundred, and scoring a sheet reads each of them again. */
const KNOWN = new Map<number | string, Exact>()
const MOST_KNOWN = 5_000

/** The decimal that a number or string is written as: `exact(0.1)` is 1/10. Throws on anything but a plain decimal. */
export function exact(value: number | string): Exact {
  const known = KNOWN.get(value)
  if (known) return known
  const read = readDecimal(value)
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear()
  KNOWN.set(value, read)
  return read
}

function readDecimal(value: number | string): Exact {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) throw new Error(`Expected a plain decimal, got \`${value}\``)
  const [, sign, whole, decimals = ''] = match
  const n = BigInt(whole! + decimals)
  return fraction(sign ? -n : n, 10n ** BigInt(decimals.length))
}

export const add = (a: Exact, b: Exact): Exact =>
  a.d === b.d ? fraction(a.n + b.n, a.d) : fraction(a.n * b.d + b.n * a.d, a.d * b.d)
export const subtract = (a: Exact, b: Exact): Exact => add(a, { n: -b.n, d: b.d })
export const multiply = (a: Exact, b: Exact): Exact => fraction(a.n * b.n, a.d * b.d)
/** a ÷ b; throws where b is 0. */
export const divide = (a: Exact, b: Exact): Exact => fraction(a.n * b.d, a.d * b.n)
/** Negative where a < b, 0 where equal, positive where a > b. */
export function compare(a: Exact, b: Exact): number {
  const left = a.n * b.d
  const right = b.n * a.d
  return left < right ? -1 : left > right ? 1 : 0
}
export const min = (a: Exact, b: Exact): Exact => (compare(a, b) <= 0 ? a : b)
export const max = (a: Exact, b: Exact): Exact => (compare(a, b) >= 0 ? a : b)
/** Sum over the common denominator: one reduction in all instead of one for every term. */
export function sum(values: readonly Exact[]): Exact {
  const unit = commonDenominator(values)
  return fraction(
    values.reduce((total, { n, d }) => total + n * (unit / d), 0n),
    unit,
  )
}

/** Least common denominator, so that fractions can be compared and added as whole numbers. */
export function commonDenominator(values: readonly Exact[]): bigint {
  return values.reduce((lcm, { d }) => (lcm / gcd(lcm, d)) * d, 1n)
}

/**
 * Decimal text with a fixed number of decimals. `half-up` rounds as people expect; `down` never shows a value that has
 * not been reached: 899.96 must not read 900.0 beside the grade below 900.
 */
export function format(value: Exact, decimals: number, rounding: 'half-up' | 'down' = 'half-up'): string {
  const scale = 10n ** BigInt(decimals)
  const negative = value.n < 0n
  const n = (negative ? -value.n : value.n) * scale
  const rounded = rounding === 'down' ? n / value.d : (2n * n + value.d) / (2n * value.d)
  const digits = rounded.toString().padStart(decimals + 1, '0')
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return negative && rounded > 0n ? `-${text}` : text
}

/** Nearest floating point number, for drawing and for machines that want one; never for deciding. */
export const toNumber = (value: Exact): number => Number(value.n) / Number(value.d)

function gcd(a: bigint, b: bigint): bigint {
  while (b) [a, b] = [b, a % b]
  return a
}
