import { describe, expect, test } from 'vitest'
import { isLate } from '../../src/core/input.js'
import { type Mark, marksOf, type Session, type SheetPlace, type View } from '../../src/core/session.js'
import { decodeSession, encodeSession } from '../../src/core/session-text.js'
import { filled, given, questionnaire } from './draft.js'

const asked = questionnaire()

const session = (more: Partial<Session> = {}): Session => ({
  person: 'p3k9m2x7qa',
  language: 'zh-CN',
  sheet: {
    id: 's81kq0z4mn',
    rubric: 'f'.repeat(64),
    status: 'open',
    cursor: 'C5-01.v4',
    reach: asked.questions.length - 1,
    marks: asked.questions.map((_, i) => ({
      state: (['open', 'answered', 'not_applicable'] as const)[i % 3]!,
      revision: i,
    })),
    last: { question: 'C5-01.v3', value: 'no' },
  },
  view: { at: 'question' },
  card: '48201',
  seen: { order: 912_345_678, at: Date.UTC(2026, 0, 1) },
  ...more,
})

const VIEWS: View[] = [
  { at: 'welcome' },
  { at: 'question' },
  { at: 'reopened' },
  { at: 'typed', value: '95', raw: '九成五' },
  { at: 'explain' },
  { at: 'reason' },
  { at: 'note' },
  { at: 'evidence' },
  { at: 'contents' },
  { at: 'section', section: 'C5' },
  { at: 'resume' },
  { at: 'restart' },
  { at: 'paused' },
  { at: 'result', page: 'path' },
  { at: 'submit' },
  { at: 'help' },
  { at: 'language' },
  { at: 'privacy' },
  { at: 'erase' },
]

test.each(VIEWS)('a session comes back from its text at $at', (view) => {
  const one = session({ view })
  expect(decodeSession(encodeSession(one))).toEqual(one)
})

test.each<[string, Partial<Session>]>([
  ['without a sheet', { sheet: null, view: { at: 'welcome' } }],
  ['without a card', { card: null }],
  [
    'with what was left',
    {
      shown: 1_795_843_345,
      left: [
        { question: null, at: 'resume', until: 1_795_843_344 },
        { question: 'P1-04', at: 'question', until: 1_795_843_345, by: '95' },
      ],
    },
  ],
  ['without a newest answer', { sheet: { ...session().sheet!, last: null } }],
])('a session comes back %s', (_rule, more) => {
  const one = session(more)
  expect(decodeSession(encodeSession(one))).toEqual(one)
})

test('a full sheet of the draft stays under 1 KB, with every question corrected several times', () => {
  const marks = asked.questions.map(() => ({ state: 'answered' as const, revision: 35 }))
  const text = encodeSession(session({ sheet: { ...session().sheet!, marks } }))
  expect(Buffer.byteLength(text)).toBeLessThan(1024)
})

test('with the longest typed text that is kept it stays under 2 KB', () => {
  const text = encodeSession(session({ view: { at: 'typed', value: '100000', raw: '字'.repeat(100) } }))
  expect(Buffer.byteLength(text)).toBeLessThan(2048)
})

describe('what is no session of this version is rebuilt', () => {
  test.each([
    ['an empty text', ''],
    ['no JSON', '{'],
    ['nothing', 'null'],
    ['a number', '5'],
    ['a list', '[]'],
    ['another version', JSON.stringify({ ...JSON.parse(encodeSession(session())), v: 2 })],
    ['no version', '{}'],
    ['marks that are no text', JSON.stringify({ v: 1, sheet: { marks: 5 } })],
    ['nothing but a version', '{"v":1}'],
  ])('%s', (_rule, text) => {
    expect(decodeSession(text)).toBeUndefined()
  })
})

describe('marks from the ledger', () => {
  test('a full sheet', () => {
    expect(marksOf(asked, filled(asked, 'best'))).toEqual(
      asked.questions.map(() => ({ state: 'answered', revision: 1 })),
    )
  })
  test.each([
    ['no row', undefined, 'open', 0],
    ['a value', given('P1-01', { value: 'yes', revision: 3 }), 'answered', 3],
    ['a reason', given('P1-01', { notApplicable: '无', revision: 2 }), 'not_applicable', 2],
    ['only a note', given('P1-01', { note: '待查', revision: 1 }), 'open', 1],
  ] as const)('%s', (_rule, answer, state, revision) => {
    const answers = new Map(answer ? [['P1-01', answer]] : [])
    expect(marksOf(asked, answers)[0]).toEqual({ state, revision })
  })
})

describe('late input', () => {
  const hour = 60 * 60 * 1000
  const at = session().seen.at
  const order = session().seen.order
  test.each([
    ['the next counter, below the card', order + 1, 48_202, at, false],
    ['the same counter is no overtaking', order, 48_202, at, false],
    ['an older counter', order - 1, 48_202, at, true],
    ['an older counter, just within the hour', order - 1, 48_202, at + hour - 1, true],
    ['an older counter an hour later: the counter began anew', order - 1, 48_202, at + hour, false],
    ['above the card', order + 1, 48_200, at, true],
    ['above the card, even days later', order + 1, 48_200, at + 100 * hour, true],
    ['at the card’s own place', order + 1, 48_201, at, false],
    ['a channel without positions', order + 1, null, at, false],
  ] as const)('%s', (_rule, one, position, now, late) => {
    expect(isLate(session(), { order: one, position }, now)).toBe(late)
  })
  test('without a card only the counter tells', () => {
    expect(isLate(session({ card: null }), { order: order + 1, position: 1 }, at)).toBe(false)
  })
})

const withMarks = (text: string) => encodeSession(session()).replace(/"marks":"[^"]*"/, `"marks":"${text}"`)
const marksIn = (text: string) => decodeSession(text)?.sheet?.marks

describe('marks as text', () => {
  const open: Mark = { state: 'open', revision: 0 }
  const answered: Mark = { state: 'answered', revision: 1 }

  test('what is the same in a row is written once', () => {
    const marks = [answered, answered, { ...answered, revision: 36 }, open, open, open]
    const text = encodeSession(session({ sheet: { ...session().sheet!, marks } }))
    expect(text).toContain('"marks":"A1A1A10O*3"')
    expect(marksIn(text)).toEqual(marks)
  })

  test('one by one, as they were written before, they are read as well', () => {
    expect(marksIn(withMarks('A1A1OOOA1'))).toEqual([answered, answered, open, open, open, answered])
  })

  test.each(['X1', 'O\ufffd', 'A-1', 'A1?', 'A01', 'A1234567', 'O*', 'O*0', 'O*01', 'O*100000', '**2', '*2*2'])(
    'a session with the mark `%s` is none of ours',
    (mark) => {
      expect(marksIn(withMarks('O'))).toEqual([open])
      expect(decodeSession(withMarks(`O${mark}`))).toBeUndefined()
    },
  )

  test('a session of more marks than any rubric has questions is none of ours', () => {
    expect(marksIn(withMarks('O*50000'))).toHaveLength(50_000)
    expect(decodeSession(withMarks('O*50000A1'))).toBeUndefined()
  })
})

test('every field comes back', () => {
  const sheet: Required<SheetPlace> = {
    ...session().sheet!,
    assessment: 'a7x2',
    mine: asked.questions.map((_, i) => i % 2 === 0),
  }
  const whole: Required<Session> = {
    ...session(),
    sheet,
    unseen: true,
    unsettled: 1_795_843_365,
    since: 48_190,
    shown: 1_795_843_345,
    left: [{ question: 'P1-04', at: 'note', until: 1_795_843_345 }],
    seen: { order: 5, at: 1_795_843_345_000, words: { text: '九十五', sent: 1_795_843_344 } },
  }
  expect(decodeSession(encodeSession(whole))).toEqual(whole)
})
