import { describe, expect, test } from 'vitest'
import { exact, format } from '../../src/core/exact.js'
import { type Grade, gradeOf } from '../../src/core/grade.js'
import { indicatorsOf } from '../../src/core/rubric.js'
import { gradingTotal, rateOf, scoreSheet, weakIndicators } from '../../src/core/score.js'
import { draft, filled, given, type Plain, questionnaire, rowOf } from './draft.js'

type Changes = Parameters<typeof filled>[2]
type Row = [rule: string, changes: Changes, grade: string, total?: string]

const code = (grade: Grade) => (grade.kind === 'graded' ? grade.code : grade.kind)

function result(which: 'best' | 'worst', changes: Changes, change?: (data: Plain) => void, disqualifiers?: string[]) {
  const asked = questionnaire(change)
  const score = scoreSheet(asked, filled(asked, which, changes), disqualifiers)
  const grade = gradeOf(asked.rubric, score)
  return { asked, score, grade, code: code(grade), total: format(score.total, 4).replace(/\.?0+$/, '') }
}

/** The draft with one answer (18 points) that moves the total by hundredths of a point. */
const withDial = (data: Plain) => {
  const row = rowOf(data, 'G6-01')
  row.answer = { type: 'threshold', unit: '项', target: 18, floor: 0, decimals: 2 }
}

describe('the whole sheet', () => {
  test('best answers everywhere give 1000 and AAA', () => {
    expect(result('best', {})).toMatchObject({ total: '1000', code: 'AAA' })
  })
  test('worst answers everywhere give 0 and no grade', () => {
    expect(result('worst', {})).toMatchObject({ total: '0', code: 'below' })
  })
  test('nothing answered gives 0 of 0, and everything can still be reached', () => {
    const asked = questionnaire()
    const score = scoreSheet(asked, new Map())
    expect(gradeOf(asked.rubric, score)).toEqual({
      kind: 'open',
      answered: 0,
      asked: asked.questions.length,
      least: exact(0),
      most: exact(1000),
    })
    expect(score.total).toEqual(exact(0))
    for (const level of [...score.first, ...score.second]) expect(level.rate).toBeNull()
  })
  test('mostly wherever there are four levels (371 points), else full, gives 925.8', () => {
    const changes = Object.fromEntries(
      indicatorsOf(draft())
        .filter(({ answer }) => answer.type === 'level4')
        .map(({ id }) => [id, 'mostly']),
    )
    expect(result('best', changes)).toMatchObject({ total: '925.8', code: 'AAA' })
  })
})

describe('cut-offs', () => {
  // Indicators of 10 points at nothing bring the total near a cut-off; the dial does the rest.
  const losing = (points: number): Changes => {
    const rows = indicatorsOf(draft()).filter(({ id, points: own }) => id !== 'G6-01' && own === 10)
    const changes: Record<string, string> = {}
    let lost = 0
    const worst = filled(questionnaire(), 'worst')
    for (const { id } of rows) {
      if (lost + 10 > points - 8) break
      lost += 10
      changes[id] = worst.get(id)!.value!
    }
    return { ...changes, 'G6-01': String(Math.round((18 - (points - lost)) * 100) / 100) }
  }
  const sets: Record<string, [string, string, number][]> = {
    draft: [
      ['AAA', 'AA', 900],
      ['AA', 'A', 800],
      ['A', 'below', 700],
    ],
    strict: [
      ['AAA', 'AA', 950],
      ['AA', 'A', 900],
      ['A', 'below', 850],
    ],
  }
  for (const [name, edges] of Object.entries(sets))
    test.each(edges)(`${name}: %s or %s at %i`, (above, under, cutoff) => {
      const change = (data: Plain) => {
        withDial(data)
        data.cutoffs.use = name
      }
      expect(result('best', losing(1000 - cutoff), change)).toMatchObject({ total: String(cutoff), code: above })
      expect(result('best', losing(1000 - cutoff + 0.01), change)).toMatchObject({
        total: String(cutoff - 0.01),
        code: under,
      })
      expect(result('best', losing(1000 - cutoff - 0.01), change)).toMatchObject({
        total: String(cutoff + 0.01),
        code: above,
      })
    })
  test('a total that only rounds to the cut-off is below it', () => {
    // 12 points over a hundred per cent: the last hundredth of a per cent is 0.0012 points.
    const { code: grade, score } = result('best', { ...losing(100), 'G6-01': '8', 'P1-04': '99.99' }, (data) => {
      withDial(data)
      rowOf(data, 'P1-04').answer = { type: 'percent', target: 100, floor: 0, decimals: 2 }
    })
    expect(format(score.total, 2)).toBe('900.00')
    expect(grade).toBe('AA')
  })
})

describe('vetoes', () => {
  test.each<Row>([
    [
      'one veto withholds the grade of a perfect sheet and takes the indicator',
      { 'C5-01.v1': 'yes' },
      'withheld',
      '975',
    ],
    ['two vetoes of one indicator take it once', { 'C5-01.v1': 'yes', 'C5-01.v2': 'yes' }, 'withheld', '975'],
    ['vetoes of two indicators take both', { 'C5-01.v1': 'yes', 'C5-06.v1': 'yes' }, 'withheld', '961'],
    ['no to a veto changes nothing', { 'C5-01.v1': 'no' }, 'AAA', '1000'],
    ['an unanswered veto question leaves the sheet open', { 'C5-01.v1': null }, 'open', '1000'],
    ['a veto on an open sheet is no grade yet', { 'C5-01.v1': 'yes', 'P1-01': null }, 'open'],
  ])('%s', (_rule, changes, grade, total) => {
    const got = result('best', changes)
    expect(got.code).toBe(grade)
    if (total) expect(got.total).toBe(total)
  })
  test('the withheld grade names its vetoes', () => {
    expect(result('best', { 'C5-06.v1': 'yes', 'C5-01.v2': 'yes' }).grade).toEqual({
      kind: 'withheld',
      vetoes: ['C5-01.v2', 'C5-06.v1'],
      disqualifiers: [],
    })
  })
  test('switched off, the questions are not asked and an old yes does nothing', () => {
    const off = (data: Plain) => {
      data.scoring.veto.enabled = false
    }
    const asked = questionnaire(off)
    expect(asked.questions.some(({ kind }) => kind === 'veto')).toBe(false)
    const answers = filled(asked, 'best').set('C5-01.v1', given('C5-01.v1', { value: 'yes' }))
    const score = scoreSheet(asked, answers)
    expect(code(gradeOf(asked.rubric, score))).toBe('AAA')
    expect(score.total).toEqual(exact(1000))
  })
  test('a disqualifier withholds like a veto but takes no points', () => {
    expect(result('best', {}, undefined, ['X1'])).toMatchObject({ code: 'withheld', total: '1000' })
  })
  test('a veto counts even where its indicator is open or not applicable', () => {
    const change = (data: Plain) => {
      rowOf(data, 'C5-06').not_applicable = true
    }
    expect(result('best', { 'C5-06': { na: '没有' }, 'C5-06.v1': 'yes' }, change)).toMatchObject({
      code: 'withheld',
      total: '986',
    })
  })
})

describe('not applicable and unanswered', () => {
  test('not applicable leaves the denominator: a perfect rest stays perfect', () => {
    const { score, total, code: grade } = result('best', { 'P2-02': { na: '没有流动党员' } })
    expect({ total, grade }).toEqual({ total: '1000', grade: 'AAA' })
    expect(score.indicators.find(({ id }) => id === 'P2-02')).toMatchObject({
      state: 'not_applicable',
      points: exact(0),
    })
  })
  test('the rest is scaled up: 890 of 990 is 898.99', () => {
    const changes: Changes = { 'P2-02': { na: '没有' } }
    for (const { id, points, answer } of indicatorsOf(draft()))
      if (points === 10 && id !== 'P2-02' && answer.type === 'level4' && Object.keys(changes).length <= 10)
        changes[id] = 'none'
    expect(Object.keys(changes)).toHaveLength(11)
    expect(result('best', changes)).toMatchObject({ total: '898.9899', code: 'AA' })
  })
  test('an open indicator is neither nought nor away: the grade waits, and both ends are known', () => {
    const { grade, total } = result('best', { 'G6-01': null })
    expect(total).toBe('1000')
    expect(grade).toMatchObject({ kind: 'open', least: exact(982), most: exact(1000) })
  })
  test('an open veto question may still take what its indicator got', () => {
    const { grade } = result('best', { 'C5-01.v4': null })
    expect(grade).toMatchObject({ kind: 'open', least: exact(975), most: exact(1000) })
  })
  test('an open veto question of an indicator that does not apply may make it count', () => {
    const { grade } = result('best', { 'C5-06': { na: '没有' }, 'C5-06.v1': null }, (data) => {
      rowOf(data, 'C5-06').not_applicable = true
    })
    expect(grade).toMatchObject({ kind: 'open', least: exact(986), most: exact(1000) })
  })
  test('a note without an answer answers nothing', () => {
    const asked = questionnaire()
    const answers = filled(asked, 'best').set('P1-01', given('P1-01', { note: '等街道回复' }))
    const score = scoreSheet(asked, answers)
    expect(score.answered).toBe(score.asked - 1)
    expect(score.indicators[0]).toMatchObject({ state: 'open' })
  })
  test('with nothing open, least and most are the total', () => {
    const { score } = result('worst', { 'P1-01': 'yes', 'P1-02': 'partly' })
    expect([score.least, score.most]).toEqual([score.total, score.total])
  })
})

describe('first-level minimum', () => {
  const on = (data: Plain) => {
    data.scoring.first_level_minimum.enabled = true
  }
  // First level P has 300 points: 45 of them lost are a rate of exactly 0.85.
  const at: Changes = { 'P1-02': 'none', 'P1-03': 'none', 'P1-05': 'none', 'P2-02': 'none' }
  test.each<[string, Changes, ((data: Plain) => void) | undefined, string]>([
    ['exactly at 85 %, the best grade stands', at, on, 'AAA'],
    ['just under 85 %, the next one stands', { ...at, 'P1-04': '99.99' }, on, 'AA'],
    ['just over 85 %, the best grade stands', { ...at, 'P2-02': 'partly' }, on, 'AAA'],
    ['switched off, the rate does not matter', { ...at, 'P1-04': '99.99' }, undefined, 'AAA'],
  ])('%s', (_rule, changes, change, grade) => {
    expect(result('best', changes, change).code).toBe(grade)
  })
})

describe('bonus and penalty', () => {
  const on = (counts: boolean) => (data: Plain) => {
    for (const kind of ['bonus', 'penalty'])
      Object.assign(data.scoring[kind], { enabled: true, counts_for_grade: counts })
  }
  // 100 points lost, so that the total is 900.
  const at900: Changes = Object.fromEntries(
    indicatorsOf(draft())
      .filter(({ points, answer }) => points === 10 && answer.type === 'level4')
      .slice(0, 10)
      .map(({ id }) => [id, 'none']),
  )
  test.each<[string, Changes, boolean, string, string, string]>([
    ['nothing found', {}, true, '0', '900', 'AAA'],
    ['a bonus is added', { B2: 'yes' }, true, '5', '905', 'AAA'],
    ['at the cap', { B1: 'yes', B2: 'yes', B3: 'yes' }, true, '17', '917', 'AAA'],
    ['a penalty is taken off', { D2: 'yes' }, true, '-5', '895', 'AA'],
    ['both', { B1: 'yes', D2: 'yes' }, true, '5', '905', 'AAA'],
    ['for the order only, the grade stays', { D1: 'yes', D2: 'yes' }, false, '-15', '900', 'AAA'],
  ])('%s', (_rule, found, counts, extra, total, grade) => {
    const got = result('best', { ...at900, ...found }, on(counts))
    expect(format(got.score.extra, 0)).toBe(extra)
    expect(format(gradingTotal(got.score), 0)).toBe(total)
    expect(got.code).toBe(grade)
    expect(got.total).toBe('900')
  })
  test.each([
    [16, '16'],
    [17, '17'],
    [18, '17'],
  ])('capped at %i, findings of 17 count %s', (cap, extra) => {
    const got = result('best', { B1: 'yes', B2: 'yes', B3: 'yes' }, (data) => {
      on(true)(data)
      data.scoring.bonus.cap = cap
    })
    expect(format(got.score.extra, 0)).toBe(extra)
  })
  test('switched off, they are not asked', () => {
    expect(questionnaire().questions.some(({ kind }) => kind === 'bonus' || kind === 'penalty')).toBe(false)
  })
  test('switched on, they are asked at the end and can leave the sheet open', () => {
    const asked = questionnaire(on(true))
    expect(asked.questions.slice(-5).map(({ id }) => id)).toEqual(['B1', 'B2', 'B3', 'D1', 'D2'])
    expect(result('best', { D2: null }, on(true)).code).toBe('open')
  })
})

describe('weak indicators', () => {
  const weak = (changes: Changes) => {
    const { asked, score } = result('best', changes)
    return weakIndicators(asked, score).map(({ id }) => id)
  }
  test.each<[string, Changes, string[]]>([
    ['half is weak', { 'P1-02': 'partly' }, ['P1-02']],
    ['four fifths are not', { 'P1-02': 'mostly' }, []],
    ['exactly 60 % is not', { 'G6-01': '6' }, []],
    ['just under 60 % is', { 'G6-01': '5' }, ['G6-01']],
    ['most lost points first', { 'P1-02': 'partly', 'P1-01': 'no', 'C5-01': '70' }, ['C5-01', 'P1-01', 'P1-02']],
    ['equal losses in the order of the rubric', { 'P1-05': 'none', 'P1-03': 'none' }, ['P1-03', 'P1-05']],
    ['not applicable is not weak', { 'P2-02': { na: '没有' } }, []],
    ['open is not weak', { 'P2-02': null }, []],
  ])('%s', (_rule, changes, expected) => {
    expect(weak(changes)).toEqual(expected)
  })
})

test('the sums of the levels agree with each other', () => {
  const { score } = result('worst', { 'P1-01': 'yes', 'G3-03': '77.77', 'C1-05': 'partly' })
  const total = (levels: readonly { score: { n: bigint; d: bigint } }[]) =>
    levels.reduce((sum, one) => sum + Number(one.score.n) / Number(one.score.d), 0)
  expect(total(score.first)).toBeCloseTo(total(score.second), 9)
  expect(total(score.first)).toBeCloseTo(total(score.indicators), 9)
  expect(rateOf(score.indicators[0]!)).toEqual(exact(1))
})
