import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  add,
  commonDenominator,
  compare,
  divide,
  exact,
  format,
  fraction,
  multiply,
  subtract,
  sum,
} from '../../src/core/exact.js'

describe('reading decimals', () => {
  test.each<[string, string | number, string]>([
    ['a whole number', 12, '12/1'],
    ['a decimal that binary fractions cannot hold', 0.1, '1/10'],
    ['trailing zeros', '95.50', '191/2'],
    ['leading zeros', '007', '7/1'],
    ['a negative number', -2.5, '-5/2'],
    ['nothing', 0, '0/1'],
    ['a negative nothing', '-0.00', '0/1'],
    ['far more digits than a double holds', '123456789012345678901234567890.1', '1234567890123456789012345678901/10'],
  ])('%s: %s', (_rule, value, expected) => {
    const { n, d } = exact(value)
    expect(`${n}/${d}`).toBe(expected)
  })

  test.each(['', '.5', '5.', '1e3', 'NaN', 'Infinity', '１２', ' 1', '1/2', '--1', 1e21, 1e-7])(
    '%s is refused',
    (value) => {
      expect(() => exact(value)).toThrow('plain decimal')
    },
  )
})

describe('showing decimals', () => {
  test.each<[string, [bigint, bigint], number, 'half-up' | 'down', string]>([
    ['half goes up', [5n, 10n], 0, 'half-up', '1'],
    ['just under half goes down', [4999n, 10000n], 0, 'half-up', '0'],
    ['half of a tenth goes up', [90005n, 100n], 1, 'half-up', '900.1'],
    ['a cut-off that was missed is not shown as reached', [89996n, 100n], 1, 'down', '899.9'],
    ['the same rounded would be', [89996n, 100n], 1, 'half-up', '900.0'],
    ['exactly reached stays', [900n, 1n], 1, 'down', '900.0'],
    ['thirds', [2n, 3n], 2, 'half-up', '0.67'],
    ['thirds down', [2n, 3n], 2, 'down', '0.66'],
    ['negative half', [-5n, 10n], 0, 'half-up', '-1'],
    ['a negative number that rounds to nothing has no sign', [-1n, 1000n], 1, 'half-up', '0.0'],
    ['zeros stand between', [1n, 100n], 2, 'half-up', '0.01'],
  ])('%s', (_rule, [n, d], decimals, rounding, expected) => {
    expect(format(fraction(n, d), decimals, rounding)).toBe(expected)
  })
})

test('a denominator of 0 is refused', () => {
  expect(() => fraction(1n, 0n)).toThrow('other than 0')
  expect(() => divide(exact(1), exact(0))).toThrow('other than 0')
})

const value = fc.tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.bigInt(1n, 10n ** 9n)).map(([n, d]) => fraction(n, d))

test('the arithmetic holds for any fractions, and results are in lowest terms', () => {
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      expect(add(a, b)).toEqual(add(b, a))
      expect(add(add(a, b), c)).toEqual(add(a, add(b, c)))
      expect(sum([a, b, c])).toEqual(add(add(a, b), c))
      expect(subtract(add(a, b), b)).toEqual(a)
      expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)))
      if (b.n !== 0n) expect(multiply(divide(a, b), b)).toEqual(a)
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0)
      expect(commonDenominator([a, b, c]) % a.d).toBe(0n)
      expect(fraction(a.n * 6n, a.d * 6n)).toEqual(a)
    }),
    { seed: 20_211_125, numRuns: 2000 },
  )
})

test('the sum of nothing is nothing', () => {
  expect(sum([])).toEqual(exact(0))
})
