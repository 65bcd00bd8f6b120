import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Action, decodeAction, encodeAction, LONGEST_ACTION_BYTES } from '../../src/core/action.js'
import { choicesOf } from '../../src/core/answers/registry.js'
import { RESULT_PAGES } from '../../src/core/session.js'
import { questionnaire } from './draft.js'

const SHEET = 's7k2m9qx4t'
const LONGEST = {
  sheet: 'z'.repeat(16),
  question: `${'Z'.repeat(12)}.v9`,
  revision: 36 ** 4 - 1,
  value: 'z'.repeat(16),
}
const on = { sheet: SHEET, question: 'C5-01.v2' }

/** One action of every kind; a kind that is missing here does not compile. */
const ALL: { readonly [D in Action['do']]: Extract<Action, { do: D }> | Action } = {
  answer: { do: 'answer', ...on, revision: 0, value: 'no' },
  answer_typed: { do: 'answer_typed', ...on, revision: 36, value: '95.5' },
  not_applicable: { do: 'not_applicable', ...on, revision: 1 },
  use_condition: { do: 'use_condition', ...on, revision: 1295 },
  open: { do: 'open', ...on },
  skip: { do: 'skip', ...on },
  previous: { do: 'previous', ...on },
  forward: { do: 'forward', ...on },
  explain: { do: 'explain', ...on },
  note: { do: 'note', ...on },
  evidence: { do: 'evidence', ...on },
  section: { do: 'section', sheet: SHEET, section: 'C5' },
  result: { do: 'result', sheet: SHEET, page: 'path' },
  mine: { do: 'mine', sheet: SHEET },
  next_open: { do: 'next_open', sheet: SHEET },
  page: { do: 'page', name: 'summary', args: ['a1b2c3d4e5f', '12'] },
  deed: { do: 'deed', name: 'assign_to', args: ['a1b2c3d4e5f', 'post.12', 'm1b2c3d4e5f'] },
  contents: { do: 'contents', sheet: SHEET },
  pause: { do: 'pause', sheet: SHEET },
  resume: { do: 'resume', sheet: SHEET },
  submit: { do: 'submit', sheet: SHEET },
  submit_confirmed: { do: 'submit_confirmed', sheet: SHEET },
  restart: { do: 'restart', sheet: SHEET },
  restart_confirmed: { do: 'restart_confirmed', sheet: SHEET },
  acknowledge: { do: 'acknowledge', notice: 'n1b2c3d4e5f' },
  language: { do: 'language', language: 'zh-CN' },
  begin: { do: 'begin' },
  back: { do: 'back' },
  privacy: { do: 'privacy' },
  export_data: { do: 'export_data' },
  erase: { do: 'erase' },
  erase_confirmed: { do: 'erase_confirmed' },
}

test('every action comes back from its text, in few bytes, and no two have the same text', () => {
  const texts = Object.values(ALL).map((action) => {
    const text = encodeAction(action)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_ACTION_BYTES)
    expect(decodeAction(text)).toEqual(action)
    return text
  })
  expect(new Set(texts).size).toBe(texts.length)
  for (const page of RESULT_PAGES) {
    const action: Action = { do: 'result', sheet: SHEET, page }
    expect(decodeAction(encodeAction(action))).toEqual(action)
  }
})

test('the documented example is what is written', () => {
  expect(encodeAction({ do: 'answer', ...on, revision: 0, value: 'no' })).toBe('a:s7k2m9qx4t:C5-01.v2:0:no')
})

test('the longest ids still fit', () => {
  const text = encodeAction({ do: 'answer', ...LONGEST })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_ACTION_BYTES)
  expect(decodeAction(text)).toEqual({ do: 'answer', ...LONGEST })
})

test('what does not fit is a broken promise of ours', () => {
  expect(() => encodeAction({ do: 'answer', ...LONGEST, value: 'z'.repeat(40) })).toThrow('64 bytes')
})

test('every button of the draft can be written and read', () => {
  const { questions, rubric } = questionnaire()
  for (const question of questions) {
    const values =
      question.kind === 'indicator' ? choicesOf(question.indicator, rubric).map(({ value }) => value) : ['yes', 'no']
    for (const value of values) {
      const action: Action = { do: 'answer', sheet: LONGEST.sheet, question: question.id, revision: 1000, value }
      expect(decodeAction(encodeAction(action))).toEqual(action)
    }
  }
})

describe('what this program did not write is not read', () => {
  test.each([
    ['nothing', ''],
    ['an unknown letter', '?'],
    ['too many parts', 'b:'],
    ['a colon at the end', `i:${SHEET}:`],
    ['a part too few', `a:${SHEET}:C5-01:0`],
    ['a part too many', `a:${SHEET}:C5-01:0:no:x`],
    ['a revision with a leading zero', `a:${SHEET}:C5-01:01:no`],
    ['a negative revision', `a:${SHEET}:C5-01:-1:no`],
    ['a revision in capitals', `a:${SHEET}:C5-01:A:no`],
    ['a revision that is too long', `a:${SHEET}:C5-01:10000:no`],
    ['a sheet in capitals', 'i:S7K2M9QX4T'],
    ['a sheet that is too short', 'i:s7k2m'],
    ['a sheet that is too long', `i:${'s'.repeat(17)}`],
    ['a question that begins with a digit', `q:${SHEET}:5-01`],
    ['a tenth veto', `q:${SHEET}:C5-01.v10`],
    ['a veto number 0', `q:${SHEET}:C5-01.v0`],
    ['a value in Chinese', `a:${SHEET}:C5-01:0:是`],
    ['a value that is empty', `a:${SHEET}:C5-01:0:`],
    ['a page that is not there', `r:${SHEET}:all`],
    ['a language without shape', 'l:zh_CN'],
    ['a blank before', ` b`],
    ['a line break behind', `b\n`],
    ['65 bytes', 'b'.repeat(65)],
    ['an object’s own name', '__proto__'],
    ['a method’s name', 'constructor'],
  ])('%s: %j', (_rule, text) => {
    expect(decodeAction(text)).toBeUndefined()
  })
})

const mangled = fc
  .tuple(
    fc.constantFrom(...Object.values(ALL).map(encodeAction)),
    fc.nat(70),
    fc.nat(3),
    fc.string({ maxLength: 4, unit: 'binary' }),
  )
  .map(([text, at, cut, more]) => text.slice(0, at) + more + text.slice(at + cut))

test('any text is either read and written back as it was, or not read', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 80, unit: 'binary' }), mangled), (text) => {
      const action = decodeAction(text)
      if (action) expect(encodeAction(action)).toBe(text)
    }),
    { seed: 20_211_125, numRuns: 20_000 },
  )
})

test('any action of ours comes back', () => {
  const action = fc.record({
    do: fc.constantFrom('answer' as const, 'answer_typed' as const),
    sheet: fc.stringMatching(/^[a-z0-9]{6,16}$/),
    question: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,11}(?:\.v[1-9])?$/),
    revision: fc.nat(36 ** 4 - 1),
    value: fc.stringMatching(/^[a-z0-9_.]{1,16}$/),
  })
  fc.assert(
    fc.property(action, (one) => {
      const text = encodeAction(one)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LONGEST_ACTION_BYTES)
      expect(decodeAction(text)).toEqual(one)
    }),
    { seed: 20_211_125, numRuns: 5000 },
  )
})
