import { describe, expect, test } from 'vitest'
import { format } from '../../src/core/exact.js'
import { shortestPath } from '../../src/core/path.js'
import { indicatorsOf } from '../../src/core/rubric.js'
import { scoreSheet } from '../../src/core/score.js'
import { fewestTightest } from '../../src/core/subset.js'
import { draft, filled, type Plain, questionnaire, rowOf } from './draft.js'

type Changes = Parameters<typeof filled>[2]

/** `AA: G6-01 C5-02! = 800` (to, steps with `!` at a vetoed one, total), `top`, or why there is none. */
function path(which: 'best' | 'worst', changes: Changes, change?: (data: Plain) => void, disqualifiers?: string[]) {
  const asked = questionnaire(change)
  const found = shortestPath(asked.rubric, scoreSheet(asked, filled(asked, which, changes), disqualifiers))
  if (found.kind === 'none') return `none: ${found.why}`
  if (found.kind === 'top') return 'top'
  const steps = found.steps.map(({ id, vetoed }) => id + (vetoed ? '!' : ''))
  return `${found.to}: ${steps.join(' ')} = ${format(found.total, 4).replace(/\.?0+$/, '')}`
}

/** So many indicators of 10 points with four levels at nothing. */
const tens = (count: number): Record<string, string> =>
  Object.fromEntries(
    indicatorsOf(draft())
      .filter(({ points, answer }) => points === 10 && answer.type === 'level4')
      .slice(0, count)
      .map(({ id }) => [id, 'none']),
  )

const minimumOn = (data: Plain) => {
  data.scoring.first_level_minimum.enabled = true
}

describe('the next grade', () => {
  test.each<[string, Changes, string]>([
    ['the best grade has nothing above it', {}, 'top'],
    ['exactly at the best cut-off too', tens(10), 'top'],
    ['just under it, the smallest loss that suffices', { ...tens(10), 'G4-02': '49.99' }, 'AAA: G4-02 = 900'],
    ['of two that suffice alone, the one that overshoots less', { ...tens(10), 'P1-01': 'no' }, `AAA: P1-01 = 900`],
    [
      'what suffices exactly is taken before what is larger',
      { ...tens(10), 'P1-07': 'no', 'C5-01': '70' },
      'AAA: C5-01 P1-07 = 900',
    ],
    ['an open sheet has none', { 'P1-01': null }, 'none: open'],
  ])('%s', (_rule, changes, expected) => {
    expect(path('best', changes)).toBe(expected)
  })

  test('not applicable cannot be a step', () => {
    // Eight points fewer in the denominator: 100 lost are more than a tenth of it.
    expect(path('best', { ...tens(10), 'P2-03': { na: '没有' } })).toMatch(/^AAA: \S+ = 9\d\d\.\d+$/)
  })

  test('from nothing, the lowest grade, with the largest indicators and not one too many', () => {
    const asked = questionnaire()
    const found = shortestPath(asked.rubric, scoreSheet(asked, filled(asked, 'worst')))
    expect(found).toMatchObject({ kind: 'path', to: 'A' })
    if (found.kind !== 'path') return
    const largest = indicatorsOf(asked.rubric)
      .map(({ points }) => points)
      .sort((a, b) => b - a)
    const sum = (count: number) => largest.slice(0, count).reduce((total, one) => total + one, 0)
    expect(sum(found.steps.length)).toBeGreaterThanOrEqual(700)
    expect(sum(found.steps.length - 1)).toBeLessThan(700)
    expect(format(found.total, 2)).toBe('700.00')
  })
})

describe('vetoes in the path', () => {
  test.each<[string, Changes, string]>([
    ['lifting the veto is all, where the rest would earn a grade', { 'C5-01.v1': 'yes' }, 'AAA: C5-01! = 1000'],
    ['all vetoed ones are steps', { 'C5-01.v1': 'yes', 'C5-06.v1': 'yes' }, 'AAA: C5-01! C5-06! = 1000'],
    ['two vetoes of one indicator are one step', { 'C5-01.v1': 'yes', 'C5-01.v3': 'yes' }, 'AAA: C5-01! = 1000'],
    [
      'the grade that lifting gives is enough, even if it is not the best',
      { ...tens(15), 'C5-01.v1': 'yes' },
      'AA: C5-01! = 850',
    ],
    ['exactly at a cut-off once lifted', { ...tens(10), 'C5-06.v1': 'yes' }, 'AAA: C5-06! = 900'],
  ])('%s', (_rule, changes, expected) => {
    expect(path('best', changes)).toBe(expected)
  })
  test('a vetoed indicator stands first even where others are needed too', () => {
    expect(path('worst', { 'C5-06.v1': 'yes' })).toMatch(/^A: C5-06! C5-01 .* = 700$/)
  })
  test('a disqualifier leaves no path', () => {
    expect(path('best', {}, undefined, ['X1'])).toBe('none: disqualified')
    expect(path('worst', { 'C5-01.v1': 'yes' }, undefined, ['X1'])).toBe('none: disqualified')
  })
})

describe('first-level minimums in the path', () => {
  // 300 points in P: 60 lost are a rate of 0.8, so 15 have to come back in P whatever the total.
  const inP: Changes = {
    'P1-02': 'none',
    'P1-03': 'none',
    'P1-05': 'none',
    'P2-02': 'none',
    'P2-01': '80',
    'P5-02': '20.5',
  }
  test('a total above the cut-off still needs its weakest first level', () => {
    expect(path('best', inP)).toBe('top')
    expect(path('best', inP, minimumOn)).toMatch(/^AAA: P\S+( P\S+)* = /)
  })
  test('the steps that just reach the minimum (18 1/3 points) are taken although larger ones stand elsewhere', () => {
    expect(path('best', { ...inP, 'C5-01': '70', 'G6-01': '0' }, minimumOn)).toBe('AAA: P2-01 P5-02 = 912')
  })
  test('total and minimum are both reached', () => {
    const changes = { ...inP, ...tens(20), 'C5-01': '70', 'G6-01': '0' }
    expect(path('best', changes, minimumOn)).toMatch(/^A+: /)
  })
})

describe('bonus and penalty in the path', () => {
  const on = (data: Plain) => {
    data.scoring.penalty = { ...data.scoring.penalty, enabled: true, counts_for_grade: true }
  }
  test('a counting penalty is part of the total, and is made up by indicators', () => {
    expect(path('best', { ...tens(10), D2: 'yes' }, on)).toMatch(/^AAA: \S+ = 905$/)
  })
  test('a penalty that no indicator can make up leaves no path', () => {
    const heavy = (data: Plain) => {
      on(data)
      data.scoring.penalty.items = [{ id: 'D1', points: 101 }]
    }
    expect(path('best', { D1: 'yes' }, heavy)).toBe('none: out_of_reach')
  })
})

test('where nothing applies, nothing can be gained', () => {
  const asked = questionnaire((data) => {
    for (const { id } of indicatorsOf(draft())) rowOf(data, id).not_applicable = true
  })
  const away = Object.fromEntries(
    asked.questions.flatMap((one) => (one.kind === 'indicator' ? [[one.id, { na: '无' }]] : [])),
  )
  expect(shortestPath(asked.rubric, scoreSheet(asked, filled(asked, 'best', away)))).toEqual({
    kind: 'none',
    why: 'out_of_reach',
  })
})

describe('choosing a subset', () => {
  type Items = [gain: number, group?: number][]
  const choose = (items: Items, need: number, groupNeeds: number[] = []) => {
    const picked = fewestTightest({
      items: items.map(([gain, group = 0]) => ({ gain: BigInt(gain), group })),
      need: BigInt(need),
      groupNeeds: groupNeeds.map(BigInt),
    })
    return picked?.map((i) => items[i]![0]).sort((a, b) => b - a)
  }
  test.each<[string, Items, number, number[], number[] | undefined]>([
    ['nothing is needed', [[5], [3]], 0, [], []],
    ['less than nothing is needed', [[5], [3]], -4, [], []],
    ['nothing to choose from', [], 1, [], undefined],
    ['all together are just enough', [[5], [3], [2]], 10, [], [5, 3, 2]],
    ['all together are just too little', [[5], [3], [2]], 11, [], undefined],
    ['one that just suffices', [[9], [5], [4]], 5, [], [5]],
    ['one that overshoots is shorter than two that fit', [[9], [3], [2]], 5, [], [9]],
    ['two, exactly, though the largest is not among them', [[8], [6], [5], [1]], 11, [], [6, 5]],
    ['three, exactly', [[10], [9], [8], [6], [1]], 24, [], [10, 8, 6]],
    ['equal gains are interchangeable', [[4], [4], [4], [4]], 9, [], [4, 4, 4]],
    [
      'a group’s own need forces a small item in',
      [
        [9, 0],
        [2, 1],
        [3, 1],
      ],
      9,
      [0, 2],
      [9, 2],
    ],
    [
      'only groups need something',
      [
        [9, 0],
        [4, 0],
        [2, 1],
        [3, 1],
      ],
      0,
      [4, 3],
      [4, 3],
    ],
    [
      'a group that cannot reach its need',
      [
        [9, 0],
        [2, 1],
      ],
      5,
      [0, 3],
      undefined,
    ],
    [
      'a group takes a larger item where the total needs it',
      [
        [9, 0],
        [4, 0],
        [5, 1],
        [3, 1],
      ],
      13,
      [4, 3],
      [9, 5],
    ],
    [
      'a need of less than nothing in a group is none',
      [
        [9, 0],
        [2, 1],
      ],
      9,
      [-5, -5],
      [9],
    ],
  ])('%s', (_rule, items, need, groupNeeds, expected) => {
    expect(choose(items, need, groupNeeds)).toEqual(expected)
  })
  test('numbers beyond what a double holds', () => {
    const big = 10n ** 30n
    const items = [big + 2n, big + 1n, big].map((gain) => ({ gain, group: 0 }))
    expect(fewestTightest({ items, need: big + 1n, groupNeeds: [] })).toEqual([1])
    expect(fewestTightest({ items, need: 2n * big + 2n, groupNeeds: [] })?.sort()).toEqual([0, 2])
  })

  test('the same whether the numbers are small or large', () => {
    let seed = 7
    const draw = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed % most
    }
    for (let round = 0; round < 300; round += 1) {
      const items = Array.from({ length: 3 + draw(9) }, () => ({ gain: BigInt(1 + draw(20)), group: draw(3) }))
      const problem = { items, need: BigInt(draw(60)), groupNeeds: [draw(15), draw(15), 0].map(BigInt) }
      const times = 10n ** 20n
      const large = {
        items: items.map(({ gain, group }) => ({ gain: gain * times, group })),
        need: problem.need * times,
        groupNeeds: problem.groupNeeds.map((one) => one * times),
      }
      expect(fewestTightest(large)).toEqual(fewestTightest(problem))
    }
  })
})
