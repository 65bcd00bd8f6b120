import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { choicesOf } from '../../src/core/answers/registry.js'
import { compare, type Exact, exact, format, ZERO } from '../../src/core/exact.js'
import { gradeOf } from '../../src/core/grade.js'
import { levelOf, mergeScores, spreadOf } from '../../src/core/merge.js'
import { resultOf } from '../../src/core/result.js'
import { type SheetScore, scoreSheet } from '../../src/core/score.js'
import { filled, given, type Plain, questionnaire, rowOf } from './draft.js'

type Changes = Parameters<typeof filled>[2]

const asked = questionnaire()
const sheet = (changes: Changes, which: 'best' | 'worst' = 'best', disqualifiers: string[] = []): SheetScore =>
  scoreSheet(asked, filled(asked, which, changes), disqualifiers)
const merge = (...sheets: Changes[]) =>
  mergeScores(
    asked,
    sheets.map((one) => sheet(one)),
  )
const one = (score: SheetScore, id: string) => score.indicators.find((indicator) => indicator.id === id)!
const shown = (value: Exact) => format(value, 4).replace(/\.?0+$/, '')
const grade = (score: SheetScore) => {
  const got = gradeOf(asked.rubric, score)
  return got.kind === 'graded' ? got.code : got.kind
}

describe('an indicator', () => {
  // P2-02: 10 points, four levels (1, 0.8, 0.5, 0).
  test.each<[rule: string, sheets: (string | null | { na: string })[], state: string, score: string, points: string]>([
    ['one sheet: its score', ['mostly'], 'scored', '8', '10'],
    ['the mean of two', ['full', 'partly'], 'scored', '7.5', '10'],
    ['the mean of three is exact', ['full', 'full', 'none'], 'scored', '6.6667', '10'],
    ['open in one: the mean of the others', ['full', null, 'partly'], 'scored', '7.5', '10'],
    ['not applicable in one: the mean of the others', ['mostly', { na: '没有' }], 'scored', '8', '10'],
    ['not applicable in all', [{ na: '没有' }, { na: '无' }], 'not_applicable', '0', '0'],
    ['not applicable in one, open in the other: open', [{ na: '没有' }, null], 'open', '0', '10'],
    ['open in all', [null, null], 'open', '0', '10'],
  ])('%s', (_rule, values, state, score, points) => {
    const merged = one(merge(...values.map((value) => ({ 'P2-02': value }))), 'P2-02')
    expect({ ...merged, score: shown(merged.score), points: shown(merged.points) }).toMatchObject({
      state,
      score,
      points,
    })
  })
  test('the thirds of three people add up to the whole', () => {
    const merged = merge({ 'P2-02': 'none' }, { 'P1-03': 'none' }, { 'P1-05': 'none' })
    expect(merged.total).toEqual(exact(990))
    expect(merged.second[0]!.points).toEqual(exact(75))
  })
})

describe('vetoes', () => {
  test('a yes on one of three sheets applies, and its indicator scores 0', () => {
    const merged = merge({}, { 'C5-01.v2': 'yes' }, {})
    expect(merged.vetoes).toEqual(['C5-01.v2'])
    expect(one(merged, 'C5-01')).toMatchObject({ vetoed: true, state: 'scored', score: ZERO, points: exact(25) })
    expect(shown(merged.total)).toBe('975')
    expect(grade(merged)).toBe('withheld')
  })
  test('vetoes of several sheets are named once, in the order of the questions', () => {
    const merged = merge({ 'C5-06.v1': 'yes' }, { 'C5-01.v1': 'yes', 'C5-06.v1': 'yes' })
    expect(merged.vetoes).toEqual(['C5-01.v1', 'C5-06.v1'])
  })
  test('a yes counts even where the others find the indicator not applicable', () => {
    const merged = merge({ 'C5-06': { na: '没有' } }, { 'C5-06.v1': 'yes' })
    expect(one(merged, 'C5-06')).toMatchObject({ vetoed: true, score: ZERO, points: exact(14) })
  })
})

describe('the whole', () => {
  test('no sheet: everything is open, and everything can still be reached', () => {
    const merged = mergeScores(asked, [])
    expect(merged).toMatchObject({ answered: 0, asked: asked.questions.length, total: ZERO, extra: ZERO, vetoes: [] })
    expect([merged.least, merged.most]).toEqual([ZERO, exact(1000)])
    expect(grade(merged)).toBe('open')
    for (const level of [...merged.first, ...merged.second]) expect(level.rate).toBeNull()
    expect(resultOf(asked, merged)).toMatchObject({ total: '0.000000', grade: { kind: 'open' }, weak: [] })
  })
  test('complete sheets are answered, and least and most are the total', () => {
    const merged = merge({ 'P1-01': 'no' }, { 'P2-02': { na: '没有' } }, { 'G6-01': '3' })
    expect(merged.answered).toBe(merged.asked)
    expect([merged.least, merged.most]).toEqual([merged.total, merged.total])
  })
  test('the best and the worst sheet meet in the middle', () => {
    const merged = mergeScores(asked, [sheet({}), sheet({}, 'worst')])
    expect(merged.total).toEqual(exact(500))
    expect(grade(merged)).toBe('below')
  })
  test('an open question of one sheet leaves the whole open; the ends are known', () => {
    const merged = merge({}, { 'P2-02': null })
    expect(grade(merged)).toBe('open')
    expect(merged.answered).toBe(merged.asked - 1)
    expect([shown(merged.least), shown(merged.total), shown(merged.most)]).toEqual(['995', '1000', '1000'])
  })
  test('an open veto question of one sheet may still take the whole indicator', () => {
    expect(shown(merge({}, { 'C5-01.v4': null }).least)).toBe('975')
  })
  test('disqualifiers of all sheets count, once each', () => {
    const merged = mergeScores(asked, [sheet({}, 'best', ['X1']), sheet({}, 'best', ['X2', 'X1']), sheet({})])
    expect(merged.disqualifiers).toEqual(['X1', 'X2'])
  })
  test('extras are the mean of the sheets', () => {
    const on = questionnaire((data: Plain) => {
      for (const kind of ['bonus', 'penalty'])
        Object.assign(data.scoring[kind], { enabled: true, counts_for_grade: kind === 'bonus' })
    })
    const found = (changes: Changes) => scoreSheet(on, filled(on, 'best', changes))
    const sheets = [found({ B2: 'yes' }), found({ D1: 'yes' }), found({})]
    const merged = mergeScores(on, sheets)
    const total = sheets.reduce((sum, { extra }) => sum + Number(extra.n) / Number(extra.d), 0)
    expect(Number(merged.extra.n) / Number(merged.extra.d)).toBeCloseTo(total / 3, 9)
    expect(shown(merged.extraForGrade)).toBe('1.6667')
  })
  test('sheets of another questionnaire are refused', () => {
    const other = questionnaire((data: Plain) => {
      data.first_level.reverse()
    })
    expect(() => mergeScores(asked, [scoreSheet(other, filled(other, 'best'))])).toThrow('Expected the score of')
  })
})

describe('any sheets', () => {
  const away = questionnaire((data: Plain) => {
    for (const id of ['C5-01', 'C5-06']) rowOf(data, id).not_applicable = true
  })
  const anySheet = fc.infiniteStream(fc.nat(99)).map((dice) => {
    const answers = new Map()
    for (const question of away.questions) {
      const [roll, pick] = [dice.next().value!, dice.next().value!]
      if (roll < 5) continue
      const indicator = question.kind === 'indicator' ? question.indicator : null
      const choices = indicator ? choicesOf(indicator, away.rubric) : []
      const answer =
        indicator?.not_applicable && roll < 40
          ? { notApplicable: '没有' }
          : { value: indicator ? choices[pick % choices.length]!.value : roll < 10 ? 'yes' : 'no' }
      answers.set(question.id, given(question.id, answer))
    }
    return scoreSheet(away, answers)
  })
  test('one sheet is its own mean, and so are three of the same', () => {
    fc.assert(
      fc.property(anySheet, (score) => {
        expect(mergeScores(away, [score])).toEqual(score)
        expect(mergeScores(away, [score, score, score])).toEqual(score)
      }),
      { numRuns: 60 },
    )
  })
  test('the order of the people does not matter, and the total lies between its ends', () => {
    fc.assert(
      fc.property(anySheet, anySheet, anySheet, (a, b, c) => {
        const merged = mergeScores(away, [a, b, c])
        const { disqualifiers: _, ...rest } = mergeScores(away, [c, a, b])
        expect(merged).toMatchObject(rest)
        expect(compare(merged.least, merged.most)).toBeLessThanOrEqual(0)
        for (const one of merged.indicators) expect(compare(one.score, one.points)).toBeLessThanOrEqual(0)
      }),
      { numRuns: 40 },
    )
  })
})

describe('levels', () => {
  // 1, 0.8, 0.5, 0.
  test.each([
    ['1', 0],
    ['0.999999', 1],
    ['0.8', 1],
    ['0.799999', 2],
    ['0.5', 2],
    ['0.499999', 3],
    ['0', 3],
  ])('a rate of %s is level %i', (rate, level) => {
    expect(levelOf(asked.rubric, exact(rate))).toBe(level)
  })
  test('below the worst option is the worst level', () => {
    const rubric = { ...asked.rubric, options: { ...asked.rubric.options, level4: [{ key: 'a', ratio: 0.5 }] } }
    expect(levelOf(rubric, exact('0.2'))).toBe(0)
  })
})

describe('where people differ', () => {
  const spread = (...sheets: Changes[]) =>
    spreadOf(
      asked,
      sheets.map((changes, i) => ({ person: `p${i}`, score: sheet(changes) })),
    )
  const brief = (...sheets: Changes[]) => spread(...sheets).map(({ id, levels }) => [id, levels])

  test('one level is no difference, two are', () => {
    expect(brief({}, { 'P1-02': 'mostly' })).toEqual([])
    expect(brief({}, { 'P1-02': 'partly' })).toEqual([['P1-02', 2]])
    expect(brief({ 'P1-02': 'mostly' }, { 'P1-02': 'partly' })).toEqual([])
  })
  test('numbers count by the share that they earn', () => {
    // Linear from 0 to 10.
    expect(brief({ 'G6-01': '10' }, { 'G6-01': '8' })).toEqual([])
    expect(brief({ 'G6-01': '10' }, { 'G6-01': '7' })).toEqual([['G6-01', 2]])
    expect(brief({ 'G6-01': '8' }, { 'G6-01': '5' })).toEqual([])
    expect(brief({ 'G6-01': '8' }, { 'G6-01': '4' })).toEqual([['G6-01', 2]])
  })
  test('most levels first, then the order of the rubric, then what not everybody finds applicable', () => {
    expect(
      brief(
        {},
        {
          'P1-02': 'partly',
          'P1-03': 'partly',
          'P1-05': 'none',
          'P1-01': 'no',
          'P2-02': { na: '没有' },
        },
      ),
    ).toEqual([
      ['P1-01', 3],
      ['P1-05', 3],
      ['P1-02', 2],
      ['P1-03', 2],
      ['P2-02', null],
    ])
  })
  test('each is named with the judgements of all who have one', () => {
    expect(spread({}, { 'P1-02': 'partly' }, { 'P1-02': null }, { 'P1-02': 'none' })).toEqual([
      {
        id: 'P1-02',
        levels: 3,
        judgements: [
          { person: 'p0', rate: exact(1), level: 0 },
          { person: 'p1', rate: exact('0.5'), level: 2 },
          { person: 'p3', rate: exact(0), level: 3 },
        ],
      },
    ])
  })
  test('not applicable for one is a difference, even where the others agree', () => {
    expect(spread({}, {}, { 'P2-02': { na: '没有' } })[0]).toMatchObject({
      levels: null,
      judgements: [{ level: 0 }, { level: 0 }, { level: null, rate: null }],
    })
  })
  test('a veto counts as the worst level', () => {
    expect(brief({}, { 'C5-01.v1': 'yes' })).toEqual([['C5-01', 3]])
  })
  test('nobody, one person, and people who agree differ in nothing', () => {
    expect(spread()).toEqual([])
    expect(spread({ 'P1-02': 'none' })).toEqual([])
    expect(spread({ 'P2-02': { na: '没有' } }, { 'P2-02': { na: '无' } }, { 'P2-02': null })).toEqual([])
  })
})
