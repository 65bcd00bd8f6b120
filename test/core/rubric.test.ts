import { describe, expect, test } from 'vitest'
import { checkRubric } from '../../src/core/check-rubric.js'
import { questionnaireOf } from '../../src/core/questionnaire.js'
import { indicatorsOf, sumPoints } from '../../src/core/rubric.js'
import { draft, draftData, type Plain, rowOf } from './draft.js'

test('the draft is sound and holds what it promises', () => {
  const rubric = draft()
  expect(indicatorsOf(rubric)).toHaveLength(rubric.counts.indicators)
  expect(sumPoints(indicatorsOf(rubric))).toBe(rubric.scale)
})

describe('what a rubric file must keep', () => {
  test.each<[string, (data: Plain) => void, string]>([
    [
      'an unknown key',
      (data) => {
        data.extra = 1
      },
      'Unrecognized',
    ],
    [
      'an id twice',
      (data) => {
        rowOf(data, 'P1-02').id = 'P1-01'
      },
      'unique',
    ],
    [
      'an id like a second level',
      (data) => {
        rowOf(data, 'P1-02').id = 'P1'
      },
      'unique',
    ],
    [
      'an id with a colon',
      (data) => {
        rowOf(data, 'P1-02').id = 'P1:02'
      },
      'id of 1 to 12',
    ],
    [
      'an id of 13 characters',
      (data) => {
        rowOf(data, 'P1-02').id = 'P123456789012'
      },
      'id of 1 to 12',
    ],
    [
      'a veto id of another indicator',
      (data) => {
        rowOf(data, 'P1-02').vetoes = ['P1-03.v1']
      },
      'begin with',
    ],
    [
      'a lost row',
      (data) => {
        data.first_level[0].second_level[0].indicators.pop()
      },
      'Expected 92, got 91',
    ],
    [
      'points that do not add up',
      (data) => {
        rowOf(data, 'P1-02').points = 14.99
      },
      'add up to 1000, got 999.99',
    ],
    [
      'no points',
      (data) => {
        rowOf(data, 'P1-02').points = 0
      },
      'points',
    ],
    [
      'negative points',
      (data) => {
        rowOf(data, 'P1-02').points = -2
      },
      'points',
    ],
    [
      'target and floor alike',
      (data) => {
        rowOf(data, 'C5-01').answer.floor = 90
      },
      'differ',
    ],
    [
      'a percentage over 100',
      (data) => {
        rowOf(data, 'C5-01').answer.target = 100.5
      },
      '0 to 100',
    ],
    [
      'a negative floor',
      (data) => {
        rowOf(data, 'G6-01').answer.floor = -1
      },
      '0 or more',
    ],
    [
      'bands out of order',
      (data) => {
        rowOf(data, 'C5-01').answer.bands = [
          { from: 0, lose: 0 },
          { from: 60, lose: 4 },
        ]
      },
      'highest to lowest',
    ],
    [
      'a band that loses more than there is',
      (data) => {
        rowOf(data, 'C5-01').answer.bands = [
          { from: 60, lose: 0 },
          { from: 0, lose: 25.01 },
        ]
      },
      'at most the 25 points',
    ],
    [
      'bands without full marks',
      (data) => {
        rowOf(data, 'C5-01').answer.bands = [
          { from: 60, lose: 1 },
          { from: 0, lose: 2 },
        ]
      },
      'full marks',
    ],
    [
      'bands that leave a gap below',
      (data) => {
        rowOf(data, 'C5-01').answer.bands = [
          { from: 60, lose: 0 },
          { from: 1, lose: 2 },
        ]
      },
      'start from 0',
    ],
    [
      'options out of order',
      (data) => {
        data.options.level4.reverse()
      },
      'best to worst',
    ],
    [
      'options that are equal',
      (data) => {
        data.options.level4[2].ratio = 0.8
      },
      'best to worst',
    ],
    [
      'no full option',
      (data) => {
        data.options.level4[0].ratio = 0.9
      },
      'best option',
    ],
    [
      'cut-offs that are not there',
      (data) => {
        data.cutoffs.use = 'none'
      },
      'name of a set',
    ],
    [
      'a cut-off that is missing',
      (data) => {
        delete data.cutoffs.sets.strict.AA
      },
      'cut-off for grade AA',
    ],
    [
      'a cut-off above the scale',
      (data) => {
        data.cutoffs.sets.draft.AAA = 1000.01
      },
      'at most 1000',
    ],
    [
      'cut-offs that do not fall',
      (data) => {
        data.cutoffs.sets.draft.AA = 900
      },
      'fall from the best',
    ],
    [
      'a minimum that is missing',
      (data) => {
        data.scoring.first_level_minimum = { enabled: true, rates: { AAA: 0.85, AA: 0.75 } }
      },
      'minimum rate for grade A',
    ],
    [
      'a share over 1',
      (data) => {
        data.scoring.not_applicable.max_share = 1.01
      },
      'max_share',
    ],
    [
      'a deduction of nothing',
      (data) => {
        rowOf(data, 'P3-01').answer.per = 0
      },
      'per',
    ],
    [
      'an unknown answer type',
      (data) => {
        rowOf(data, 'P3-01').answer = { type: 'stars' }
      },
      'answer',
    ],
    [
      'another schema',
      (data) => {
        data.schema = 2
      },
      'schema',
    ],
  ])('%s is a fault', (_rule, change, message) => {
    const data = draftData()
    change(data)
    const checked = checkRubric(data)
    expect(checked.ok).toBe(false)
    if (!checked.ok)
      expect(checked.faults.map((one) => `${one.path.join('.')}: ${one.message}`).join('\n')).toContain(message)
  })

  test.each<[string, (data: Plain) => void]>([
    [
      'a band that loses all',
      (data) => {
        rowOf(data, 'C5-01').answer.bands = [
          { from: 60, lose: 0 },
          { from: 0, lose: 25 },
        ]
      },
    ],
    [
      'a cut-off at the scale',
      (data) => {
        data.cutoffs.sets.draft.AAA = 1000
      },
    ],
    [
      'points with decimals that add up',
      (data) => {
        rowOf(data, 'P1-02').points = 14.7
        rowOf(data, 'P1-03').points = 10.3
      },
    ],
    [
      'the less the better',
      (data) => {
        rowOf(data, 'C5-01').answer = { type: 'percent', target: 0, floor: 10 }
      },
    ],
  ])('%s is sound', (_rule, change) => {
    const data = draftData()
    change(data)
    expect(checkRubric(data)).toMatchObject({ ok: true })
  })

  test.each([null, undefined, 5, 'rubric', [], {}])('%s is no rubric, and says why', (data) => {
    const checked = checkRubric(data)
    expect(checked.ok).toBe(false)
    if (!checked.ok) expect(checked.faults.length).toBeGreaterThan(0)
  })

  test('every fault is reported at once', () => {
    const data = draftData()
    rowOf(data, 'P1-02').points = 14
    data.cutoffs.use = 'none'
    const checked = checkRubric(data)
    expect(checked.ok ? 0 : checked.faults.length).toBe(2)
  })
})

describe('numbers that cannot be counted with exactly', () => {
  test.each<[string, (data: Plain) => void]>([
    [
      'an option worth less than a millionth',
      (data) => {
        data.options.level4[2].ratio = 1e-7
      },
    ],
    [
      'a deduction of less than a millionth',
      (data) => {
        rowOf(data, 'P3-01').answer.per = 1e-7
      },
    ],
    [
      'a target beyond any number',
      (data) => {
        rowOf(data, 'G6-01').answer.target = 1e21
      },
    ],
  ])('%s is a fault', (_rule, change) => {
    const data = draftData()
    change(data)
    expect(checkRubric(data).ok).toBe(false)
  })
})

describe('the questions', () => {
  test('each indicator once, in order, its veto questions right behind it', () => {
    const rubric = draft()
    const { questions, byId } = questionnaireOf(rubric)
    expect(questions.map(({ id }) => id)).toEqual(indicatorsOf(rubric).flatMap(({ id, vetoes }) => [id, ...vetoes]))
    for (const [i, question] of questions.entries()) {
      expect(question.index).toBe(i)
      expect(byId.get(question.id)).toBe(question)
    }
  })
  test('a veto question has the number of its indicator', () => {
    const { byId } = questionnaireOf(draft())
    const [own, veto] = [byId.get('C5-01')!, byId.get('C5-01.v4')!]
    expect([own.kind, veto.kind]).toEqual(['indicator', 'veto'])
    expect('ordinal' in own && 'ordinal' in veto && own.ordinal === veto.ordinal).toBe(true)
  })
})
