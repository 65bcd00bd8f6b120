import { describe, expect, it, test } from 'vitest'
import { afterLeaving, isForWhatWasLeft, isMediaForWhatWasLeft, type Left, plausible } from '../../src/core/left.js'
import type { Session, View } from '../../src/core/session.js'

const NOW = 1_795_305_600

function at(question: string, view: View = { at: 'question' }, left?: readonly Left[]): Session {
  return {
    person: 'p1',
    language: 'zh-CN',
    sheet: { id: 's1', rubric: 'r', status: 'open', cursor: question, reach: 0, marks: [], last: null },
    view,
    card: '5',
    seen: { order: 1, at: 0 },
    ...(left ? { left } : {}),
  }
}

const pressedAway = (question: string, view: View['at'] = 'question', until = NOW): Left => ({
  question,
  at: view,
  until,
})
/** Numbers fit Q4 and Q5; nothing else is fitted by them. */
const fits = (question: string) => question === 'Q4' || question === 'Q5'

describe('words right after the card has moved on', () => {
  test.each<[string, Session, { text: string; sent: number | undefined }, boolean]>([
    [
      'that were sent in the very second may be for the question before',
      at('Q5', undefined, [pressedAway('Q4')]),
      { text: '12', sent: NOW },
      true,
    ],
    [
      'that were sent before certainly may',
      at('Q5', undefined, [pressedAway('Q4')]),
      { text: '12', sent: NOW - 40 },
      true,
    ],
    [
      'within the time that reading takes may',
      at('Q5', undefined, [pressedAway('Q4')]),
      { text: '12', sent: NOW + 1 },
      true,
    ],
    [
      'after that time are for what stands there',
      at('Q5', undefined, [pressedAway('Q4')]),
      { text: '12', sent: NOW + 2 },
      false,
    ],
    [
      'that do not fit the question before are for this one',
      at('Q5', undefined, [pressedAway('Q3')]),
      { text: '12', sent: NOW },
      false,
    ],
    [
      'without a time are judged by their place alone',
      at('Q5', undefined, [pressedAway('Q4')]),
      { text: '12', sent: undefined },
      false,
    ],
    [
      'may be for a question two cards ago',
      at('Q6', undefined, [pressedAway('Q4'), pressedAway('Q3')]),
      { text: '12', sent: NOW },
      true,
    ],
    [
      'may be the note that was asked for',
      at('Q3', undefined, [pressedAway('Q3', 'note')]),
      { text: '12', sent: NOW },
      true,
    ],
    [
      'are a note where only the note of this question was opened and they answer nothing',
      at('Q3', { at: 'note' }, [pressedAway('Q3')]),
      { text: '很好', sent: NOW },
      false,
    ],
    [
      'may be the answer where the note was opened just now',
      at('Q4', { at: 'note' }, [pressedAway('Q4')]),
      { text: '12', sent: NOW },
      true,
    ],
    [
      'are an answer where only the explanation was closed',
      at('Q4', undefined, [pressedAway('Q4', 'explain')]),
      { text: '12', sent: NOW },
      false,
    ],
    [
      'after words, where they are the same once more, are the slip of a finger',
      at('Q5', undefined, [{ ...pressedAway('Q4'), by: '12' }]),
      { text: ' 12 ', sent: NOW + 1 },
      true,
    ],
    [
      'after words, where they are others, stand below the new card and are for it',
      at('Q5', undefined, [{ ...pressedAway('Q4'), by: '12' }]),
      { text: '13', sent: NOW },
      false,
    ],
    [
      'the same after a while are meant',
      at('Q5', undefined, [{ ...pressedAway('Q4'), by: '12' }]),
      { text: '12', sent: NOW + 2 },
      false,
    ],
    [
      'after a photo was asked for are no caption',
      at('Q5', undefined, [pressedAway('Q4', 'evidence')]),
      { text: '12', sent: NOW },
      false,
    ],
  ])('%s', (_rule, session, words, doubtful) => {
    expect(isForWhatWasLeft(session, words, fits)).toBe(doubtful)
  })
})

test('words that were sent before the present card was shown are in doubt, whatever they say', () => {
  const session = { ...at('Q5'), shown: NOW }
  expect(isForWhatWasLeft(session, { text: '很好', sent: NOW - 1 }, fits)).toBe(true)
  expect(isForWhatWasLeft(session, { text: '很好', sent: NOW }, fits)).toBe(false)
})

test('while a process that had the person in hand may still draw, words and photos are in doubt', () => {
  const session = { ...at('Q5'), shown: NOW, unsettled: NOW + 20 }
  for (const [sent, doubtful] of [
    [NOW + 19, true],
    [NOW + 20, false],
    [undefined, false],
  ] as const) {
    expect(isForWhatWasLeft(session, { text: '很好', sent }, fits)).toBe(doubtful)
    expect(isMediaForWhatWasLeft(session, sent)).toBe(doubtful)
  }
})

describe('a photo right after the card has moved on', () => {
  test.each<[string, Session, number | undefined, boolean]>([
    ['may be for the question before', at('Q5', undefined, [pressedAway('Q4')]), NOW + 1, true],
    ['later is for this one', at('Q5', undefined, [pressedAway('Q4')]), NOW + 2, false],
    ['is for the question whose evidence was opened', at('Q5', { at: 'evidence' }, [pressedAway('Q5')]), NOW, false],
    ['stands below the card where words led on', at('Q5', undefined, [{ ...pressedAway('Q4'), by: '12' }]), NOW, false],
    ['without a time is judged by its place', at('Q5', undefined, [pressedAway('Q4')]), undefined, false],
  ])('%s', (_rule, session, sent, doubtful) => {
    expect(isMediaForWhatWasLeft(session, sent)).toBe(doubtful)
  })
})

describe('what is remembered', () => {
  it('is where words are taken, with the words that led on', () => {
    expect(afterLeaving(at('Q4'), 'own_button', NOW)).toEqual([{ question: 'Q4', at: 'question', until: NOW }])
    expect(afterLeaving(at('Q4'), { words: '12' }, NOW)).toEqual([
      { question: 'Q4', at: 'question', until: NOW, by: '12' },
    ])
    expect(afterLeaving(at('Q4', { at: 'contents' }), 'own_button', NOW)).toEqual([])
    expect(afterLeaving({ ...at('Q4'), sheet: null }, 'own_button', NOW)).toEqual([])
  })

  it('is behind whoever has seen what came after it', () => {
    const earlier = [pressedAway('Q1')]
    expect(afterLeaving(at('Q4', undefined, earlier), 'own_button', NOW).map(({ question }) => question)).toEqual([
      'Q4',
    ])
  })

  it('is nothing that is known where an old button led on, or nobody knows what was shown', () => {
    expect(afterLeaving(at('Q4'), 'old_button', NOW)).toEqual([{ question: null, at: 'question', until: NOW }])
    const rebuilt = { ...at('Q4', { at: 'resume' }), unseen: true as const }
    expect(afterLeaving(rebuilt, 'button', NOW)).toEqual([{ question: null, at: 'resume', until: NOW }])
    const session = at('Q5', { at: 'note' }, [{ question: null, at: 'question', until: NOW }])
    expect(isForWhatWasLeft(session, { text: '很好', sent: NOW + 1 }, fits)).toBe(true)
  })

  it('is forgotten after a moment, and never more than a few', () => {
    const earlier = [1, 2, 3].map((n) => pressedAway(`Q${n}`, 'question', NOW - 1))
    expect(afterLeaving(at('Q4', undefined, earlier), 'button', NOW).map(({ question }) => question)).toEqual([
      'Q2',
      'Q3',
      'Q4',
    ])
    expect(afterLeaving(at('Q4', undefined, earlier), 'button', NOW + 5).map(({ question }) => question)).toEqual([
      'Q4',
    ])
  })
})

test('an instant that is a day or more away says nothing', () => {
  expect(plausible(NOW - 3_600, NOW)).toBe(NOW - 3_600)
  expect(plausible(0, NOW)).toBeUndefined()
  expect(plausible(NOW * 1000, NOW)).toBeUndefined()
  expect(plausible(undefined, NOW)).toBeUndefined()
})
