import { describe, expect, test } from 'vitest'
import { changeSince, type Round } from '../../src/core/change.js'
import { resultOf } from '../../src/core/result.js'
import { indicatorsOf } from '../../src/core/rubric.js'
import { scoreSheet } from '../../src/core/score.js'
import { filled, type Plain, questionnaire, rowOf } from './draft.js'

type Changes = Parameters<typeof filled>[2]

function round(changes: Changes = {}, change?: (data: Plain) => void): Round {
  const asked = questionnaire(change)
  return { questionnaire: asked, result: resultOf(asked, scoreSheet(asked, filled(asked, 'best', changes))) }
}
const none = (): Round => {
  const asked = questionnaire()
  return { questionnaire: asked, result: resultOf(asked, scoreSheet(asked, new Map())) }
}
const levelOf = (data: Plain, id: string): Plain =>
  data.first_level.flatMap((first: Plain) => first.second_level).find((second: Plain) => second.id === id)
const of = (change: ReturnType<typeof changeSince>, id: string) => {
  const { id: _, ...rest } = change.second.find((one) => one.id === id)!
  return rest
}

describe('the same rubric', () => {
  test('no change is 0 everywhere', () => {
    const change = changeSince(round({ 'P1-02': 'partly' }), round({ 'P1-02': 'partly' }))
    expect(change.second.map(({ id }) => id)).toEqual(
      round().questionnaire.rubric.first_level.flatMap((first) => first.second_level.map(({ id }) => id)),
    )
    for (const one of change.second) expect(one).toMatchObject({ kind: 'changed', by: 0 })
    expect(change.total).toEqual({ kind: 'changed', by: 0 })
  })
  test('better and worse, in percentage points of the second level and points of the total', () => {
    // P1 has 75 points; P1-02 has 15 of them.
    const change = changeSince(round({ 'P1-02': 'partly' }), round())
    expect(of(change, 'P1')).toEqual({ kind: 'changed', by: -10 })
    expect(of(change, 'P2')).toEqual({ kind: 'changed', by: 0 })
    expect(change.total).toEqual({ kind: 'changed', by: -7.5 })
    expect(changeSince(round(), round({ 'P1-02': 'partly' })).total).toEqual({ kind: 'changed', by: 7.5 })
  })
  test('nothing scored in one of them, or in both', () => {
    const levels = round().questionnaire.rubric.first_level[0]!.second_level
    const skip = Object.fromEntries(levels[0]!.indicators.map(({ id }) => [id, null]))
    expect(of(changeSince(round(skip), round()), 'P1')).toEqual({ kind: 'unrated', when: 'now' })
    expect(of(changeSince(round(), round(skip)), 'P1')).toEqual({ kind: 'unrated', when: 'before' })
    expect(of(changeSince(round(skip), round(skip)), 'P1')).toEqual({ kind: 'unrated', when: 'both' })
    expect(changeSince(none(), round()).total).toEqual({ kind: 'unrated', when: 'now' })
    expect(changeSince(none(), none()).total).toEqual({ kind: 'unrated', when: 'both' })
  })
})

describe('another rubric', () => {
  /** Kinds of P1 and P2 and of the total. */
  const against = (change: (data: Plain) => void, changes: Changes = {}) => {
    const found = changeSince(round(changes, change), round())
    const kind = (id: string) => {
      const one = of(found, id)
      return one.kind === 'incomparable' ? one.reason : one.kind
    }
    return [kind('P1'), kind('P2'), found.total.kind]
  }
  test.each<[rule: string, change: (data: Plain) => void, expected: string[]]>([
    [
      'another title or version is the same yardstick',
      (data) => {
        data.version = '9.9.9'
        rowOf(data, 'P1-02').title = '另一个题目'
      },
      ['changed', 'changed', 'changed'],
    ],
    [
      'another order of indicators too',
      (data) => {
        levelOf(data, 'P1').indicators.reverse()
      },
      ['changed', 'changed', 'changed'],
    ],
    [
      'other cut-offs change grades, not totals',
      (data) => {
        data.cutoffs.use = 'strict'
      },
      ['changed', 'changed', 'changed'],
    ],
    [
      'other points',
      (data) => {
        rowOf(data, 'P1-02').points -= 1
        rowOf(data, 'P1-03').points += 1
      },
      ['altered', 'changed', 'incomparable'],
    ],
    [
      'another answer type',
      (data) => {
        rowOf(data, 'P1-02').answer = { type: 'yesno' }
      },
      ['altered', 'changed', 'incomparable'],
    ],
    [
      'another target',
      (data) => {
        rowOf(data, 'P1-04').answer.floor = 10
      },
      ['altered', 'changed', 'incomparable'],
    ],
    [
      'an indicator under another id',
      (data) => {
        rowOf(data, 'P1-02').id = 'P1-99'
      },
      ['altered', 'changed', 'incomparable'],
    ],
    [
      'a second level under another id',
      (data) => {
        levelOf(data, 'P3').id = 'P9'
      },
      ['changed', 'changed', 'incomparable'],
    ],
    [
      'options that earn other shares',
      (data) => {
        data.options.level4[1].ratio = 0.75
      },
      ['altered', 'altered', 'incomparable'],
    ],
    [
      'another scale and what it brings with it',
      (data) => {
        data.scale += 1
        rowOf(data, 'P2-02').points += 1
      },
      ['changed', 'altered', 'incomparable'],
    ],
    [
      'a bonus that moves the total',
      (data) => {
        Object.assign(data.scoring.bonus, { enabled: true, counts_for_grade: true })
      },
      ['changed', 'changed', 'incomparable'],
    ],
    [
      'a bonus for the order only',
      (data) => {
        data.scoring.bonus.enabled = true
      },
      ['changed', 'changed', 'changed'],
    ],
  ])('%s', (_rule, change, expected) => {
    expect(against(change)).toEqual(expected)
  })
  test('a second level that was not there before is new', () => {
    const change = changeSince(
      round({}, (data) => {
        levelOf(data, 'P3').id = 'P9'
      }),
      round(),
    )
    expect(of(change, 'P9')).toEqual({ kind: 'incomparable', reason: 'new' })
  })
  test('a second level that is gone makes the total another one', () => {
    const shorter = round({}, (data) => {
      const [first] = data.first_level
      const moved = first.second_level.pop()
      first.second_level.at(-1).indicators.push(...moved.indicators)
      data.counts.second_level -= 1
    })
    expect(changeSince(shorter, round()).total).toEqual({ kind: 'incomparable' })
    expect(changeSince(round(), shorter).total).toEqual({ kind: 'incomparable' })
  })
  test('vetoes that are not asked any more alter the levels that had them', () => {
    const change = changeSince(
      round({}, (data) => {
        data.scoring.veto.enabled = false
      }),
      round(),
    )
    expect(of(change, 'P1')).toEqual({ kind: 'changed', by: 0 })
    expect(of(change, 'C5')).toEqual({ kind: 'incomparable', reason: 'altered' })
    expect(indicatorsOf(round().questionnaire.rubric).find(({ id }) => id === 'C5-01')?.vetoes).not.toEqual([])
  })
})
