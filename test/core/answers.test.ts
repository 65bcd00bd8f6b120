import { describe, expect, test } from 'vitest'
import { ANSWER_TYPES, acceptsValue, choicesOf, parseAnswer, scoreValue } from '../../src/core/answers/registry.js'
import { compare, exact, format } from '../../src/core/exact.js'
import { type AnswerSpec, type Indicator, indicatorsOf } from '../../src/core/rubric.js'
import { draft } from './draft.js'

const rubric = draft()
const [sample] = indicatorsOf(rubric)
const indicator = (points: number, answer: AnswerSpec): Indicator => ({ ...sample!, points, answer })

/** Points that a value earns, as an exact decimal, or as a fraction where there is none. */
const earned = (one: Indicator, value: string) => {
  const { n, d } = scoreValue(one, value, rubric)
  const text = format({ n, d }, 6).replace(/\.?0+$/, '')
  return compare(exact(text), { n, d }) === 0 ? text : `${n}/${d}`
}

type Case = [rule: string, value: string, points: string]
type Group = { what: string; points: number; answer: AnswerSpec; scores: Case[]; refused: string[] }

// biome-ignore format: tables
const CASES: Record<AnswerSpec['type'], Group[]> = {
  level4: [
    {
      what: 'four levels of 12 points', points: 12, answer: { type: 'level4' },
      scores: [['full', 'full', '12'], ['four fifths', 'mostly', '9.6'], ['half', 'partly', '6'], ['nothing', 'none', '0']],
      refused: ['', 'yes', 'FULL', 'full ', '1', '0.8', '__proto__', 'constructor'],
    },
  ],
  yesno: [
    {
      what: 'yes or no for 12 points', points: 12, answer: { type: 'yesno' },
      scores: [['yes earns all', 'yes', '12'], ['no earns nothing', 'no', '0']],
      refused: ['', 'full', 'Yes', '是', '1', 'toString'],
    },
  ],
  percent: [
    {
      what: '60 % to 90 % for 14 points', points: 14, answer: { type: 'percent', target: 90, floor: 60, decimals: 2 },
      scores: [
        ['just under the target', '89.99', '20993/1500'], ['at the target', '90', '14'], ['just over the target', '90.01', '14'],
        ['just under the floor', '59.99', '0'], ['at the floor', '60', '0'], ['just over the floor', '60.01', '7/1500'],
        ['half way', '75', '7'], ['nothing', '0', '0'], ['everything', '100', '14'],
      ],
      refused: ['', '-1', '100.01', '101', '90.125', '1e1', '９０', '90%', '090', '.5', '5.', 'NaN', '1000000000'],
    },
    {
      what: 'the less the better: 0 % best, 7 % worst, for 10 points', points: 10, answer: { type: 'percent', target: 0, floor: 7, decimals: 0 },
      scores: [['nothing is best', '0', '10'], ['one', '1', '60/7'], ['just better than the floor', '6', '10/7'], ['at the floor', '7', '0'], ['beyond the floor', '8', '0'], ['far beyond', '100', '0']],
      refused: ['0.5', '-0'],
    },
    {
      what: 'bands: sense of security, 60 to 80 loses 4 and below 60 loses 8 of 10', points: 10,
      answer: { type: 'percent', target: 80, floor: 60, decimals: 2, bands: [{ from: 80, lose: 0 }, { from: 60, lose: 4 }, { from: 0, lose: 8 }] },
      scores: [
        ['just over the upper edge', '80.01', '10'], ['at the upper edge', '80', '10'], ['just under the upper edge', '79.99', '6'],
        ['just over the lower edge', '60.01', '6'], ['at the lower edge', '60', '6'], ['just under the lower edge', '59.99', '2'],
        ['nothing', '0', '2'], ['everything', '100', '10'],
      ],
      refused: ['100.01', '-1'],
    },
  ],
  threshold: [
    {
      what: 'ten things done for 18 points', points: 18, answer: { type: 'threshold', unit: '项', target: 10, floor: 0, decimals: 0 },
      scores: [
        ['none', '0', '0'], ['one', '1', '1.8'], ['just under the target', '9', '16.2'], ['at the target', '10', '18'], ['just over the target', '11', '18'],
        ['as many as can be typed', '100000', '18'],
      ],
      refused: ['', '-1', '9.5', '100001', '12项', '十二', '01'],
    },
    {
      what: 'six to twelve for 10 points', points: 10, answer: { type: 'threshold', unit: '次', target: 12, floor: 6, decimals: 1 },
      scores: [['just under the floor', '5.9', '0'], ['at the floor', '6', '0'], ['just over the floor', '6.1', '1/6'], ['just under the target', '11.9', '59/6'], ['at the target', '12', '10']],
      refused: ['6.05'],
    },
  ],
  deduct: [
    {
      what: 'three points off for each, of 10', points: 10, answer: { type: 'deduct', unit: '次', per: 3, free: 0 },
      scores: [['none', '0', '10'], ['one', '1', '7'], ['the last that leaves something', '3', '1'], ['the first that leaves nothing', '4', '0'], ['many', '100000', '0']],
      refused: ['', '-1', '1.5', '100001', '一'],
    },
    {
      what: 'the first two are free, then 2.5 each, of 5', points: 5, answer: { type: 'deduct', unit: '人次', per: 2.5, free: 2 },
      scores: [['just under the free ones', '1', '5'], ['at the free ones', '2', '5'], ['just over the free ones', '3', '2.5'], ['nothing left, exactly', '4', '0'], ['beyond', '5', '0']],
      refused: ['2.0'],
    },
  ],
}

test('every answer type has cases', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(ANSWER_TYPES).sort())
  for (const groups of Object.values(CASES)) {
    expect(groups.length).toBeGreaterThan(0)
    for (const { scores, refused } of groups) {
      expect(scores.length).toBeGreaterThanOrEqual(2)
      expect(refused.length).toBeGreaterThan(0)
    }
  }
})

for (const [type, groups] of Object.entries(CASES))
  describe(type, () => {
    for (const { what, points, answer, scores, refused } of groups) {
      const one = indicator(points, answer)
      test.each(scores)(`${what}: %s (%s) earns %s`, (_rule, value, expected) => {
        expect(acceptsValue(one, value, rubric)).toBe(true)
        expect(earned(one, value)).toBe(expected)
      })
      test.each(refused)(`${what}: does not take "%s" from a button`, (value) => {
        expect(acceptsValue(one, value, rubric)).toBe(false)
      })
    }
  })

describe('the buttons', () => {
  const all = [
    ...indicatorsOf(rubric),
    ...Object.values(CASES).flatMap((groups) => groups.map((one) => indicator(one.points, one.answer))),
  ]
  test('of every indicator go from full points to the least, and each can be taken', () => {
    for (const one of all) {
      const choices = choicesOf(one, rubric)
      const scores = choices.map(({ value }) => scoreValue(one, value, rubric))
      const what = `${one.id} ${JSON.stringify(one.answer)} ${choices.map(({ value }) => value)}`
      expect(choices.length, what).toBeGreaterThanOrEqual(2)
      expect(choices.length, what).toBeLessThanOrEqual(5)
      expect(new Set(choices.map(({ value }) => value)).size, what).toBe(choices.length)
      for (const { value } of choices) expect(acceptsValue(one, value, rubric), `${what}: ${value}`).toBe(true)
      expect(compare(scores[0]!, exact(one.points)), what).toBe(0)
      for (const [i, score] of scores.entries())
        if (i > 0) expect(compare(score, scores[i - 1]!), what).toBeLessThanOrEqual(0)
      const bands = 'bands' in one.answer ? one.answer.bands : undefined
      if (!bands) expect(scores.at(-1)!.n, what).toBe(0n)
    }
  })

  test.each<[string, number, AnswerSpec, string]>([
    ['a line in whole steps', 18, { type: 'threshold', unit: '项', target: 10, floor: 0, decimals: 0 }, '10 7 3 0'],
    [
      'a short line has each value once',
      12,
      { type: 'threshold', unit: '次', target: 2, floor: 0, decimals: 0 },
      '2 1 0',
    ],
    ['a percentage begins with all', 14, { type: 'percent', target: 90, floor: 60, decimals: 2 }, '100 90 80 70 60'],
    ['a target of all stands once', 12, { type: 'percent', target: 100, floor: 50, decimals: 2 }, '100 83 67 50'],
    [
      'deductions: none, a few, and the first that leaves nothing',
      12,
      { type: 'deduct', unit: '次', per: 2, free: 0 },
      '0 1 2 3 6',
    ],
    ['few deductions leave nothing', 15, { type: 'deduct', unit: '次', per: 5, free: 0 }, '0 1 2 3'],
    ['free ones are left out', 4, { type: 'deduct', unit: '次', per: 1, free: 2 }, '0 3 4 5 6'],
  ])('%s', (_rule, points, answer, expected) => {
    const choices = choicesOf(indicator(points, answer), rubric)
    expect(choices.map(({ value }) => value).join(' ')).toBe(expected)
  })
})

describe('typed answers', () => {
  const labels = new Map([
    ['full', '完全符合'],
    ['mostly', '基本符合'],
    ['yes', 'Yes'],
  ])
  test.each<[string, AnswerSpec, string, string]>([
    ['the words of an option', { type: 'level4' }, '完全符合', '=full'],
    ['with blanks and a full stop', { type: 'level4' }, ' 完全 符合。', '=full'],
    ['whatever the case and width', { type: 'yesno' }, 'ＹＥＳ', '=yes'],
    ['other words', { type: 'level4' }, '差不多', 'not_an_option'],
    ['a number where words are asked', { type: 'level4' }, '80', 'not_an_option'],
    ['an empty text', { type: 'level4' }, '', 'not_an_option'],
    ['5,000 characters', { type: 'yesno' }, '是'.repeat(5000), 'not_an_option'],
    ['a percentage', { type: 'percent', target: 90, floor: 60, decimals: 2 }, '九成五', '=95'],
    ['a count', { type: 'threshold', unit: '项', target: 10, floor: 0, decimals: 0 }, '十二项', '=12'],
    ['about so many', { type: 'threshold', unit: '项', target: 10, floor: 0, decimals: 0 }, '两三项', 'range'],
    ['about so many deductions', { type: 'deduct', unit: '人次', per: 5, free: 0 }, '七八人次', 'range'],
    ['about so many per cent', { type: 'percent', target: 90, floor: 60, decimals: 2 }, '七八', 'range'],
    ['half a count', { type: 'threshold', unit: '项', target: 10, floor: 0, decimals: 0 }, '12.5', 'decimals'],
    ['a count of deductions', { type: 'deduct', unit: '人次', per: 5, free: 0 }, '２人次', '=2'],
    ['half a deduction', { type: 'deduct', unit: '人次', per: 5, free: 0 }, '0.5', 'decimals'],
    ['a percentage of deductions', { type: 'deduct', unit: '人次', per: 5, free: 0 }, '5%', 'wrong_unit'],
  ])('%s', (_rule, answer, typed, expected) => {
    const parsed = parseAnswer(indicator(10, answer), typed, labels)
    expect(parsed.ok ? `=${parsed.value}` : parsed.reason).toBe(expected)
  })

  test('the unit that the rubric names is accepted behind every number', () => {
    for (const one of indicatorsOf(rubric)) {
      const { answer } = one
      if (answer.type !== 'threshold' && answer.type !== 'deduct') continue
      for (const typed of [`2${answer.unit}`, `２ ${answer.unit}`, `二${answer.unit}`])
        expect(parseAnswer(one, typed, labels), `${one.id} ${typed}`).toEqual({ ok: true, value: '2' })
    }
  })

  test('every number that is accepted when typed is accepted from a button', () => {
    for (const one of indicatorsOf(rubric).filter(({ answer }) => answer.type !== 'level4' && answer.type !== 'yesno'))
      for (const typed of ['0', '1', '7', '12', '99', '100', '33.33', '0.5%', '九成五', '十二', '100000', '1,000']) {
        const parsed = parseAnswer(one, typed, labels)
        if (parsed.ok) expect(acceptsValue(one, parsed.value, rubric), `${one.id} ${typed}`).toBe(true)
      }
  })
})
