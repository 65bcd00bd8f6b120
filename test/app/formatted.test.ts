/** What a person formatted, from Telegram's entities to spans and back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entity, formattedOf, lengthOf, richOf, shortened, trimmed } from '../../src/app/formatted.js'
import { bold, lines, type Mark, plain } from '../../src/app/rich.js'

const MARKS: readonly Mark[] = [
  { type: 'bold' },
  { type: 'italic' },
  { type: 'underline' },
  { type: 'strikethrough' },
  { type: 'spoiler' },
  { type: 'blockquote' },
  { type: 'expandable_blockquote' },
  { type: 'code' },
  { type: 'pre' },
  { type: 'pre', language: 'sql' },
  { type: 'text_link', url: 'https://a.example/' },
  { type: 'text_link', url: 'https://b.example/' },
]
const text = fc.string({ unit: fc.constantFrom('a', '区', '😀', ' ', '\n', '👨‍👩‍👧'), minLength: 1, maxLength: 24 })
const mark = fc.constantFrom(...MARKS)

/** Any entities inside the text, crossing as they like. */
const anything = text.chain((words) => {
  const entity = fc
    .tuple(mark, fc.nat(words.length), fc.nat(words.length))
    .filter(([, a, b]) => a !== b)
    .map(([one, a, b]): Entity => ({ ...one, offset: Math.min(a, b), length: Math.abs(a - b) }))
  return fc.record({ text: fc.constant(words), entities: fc.array(entity, { maxLength: 12 }) })
})
const endOf = ({ offset, length }: Entity) => offset + length
/** The marks of every UTF-16 unit. */
const marksByUnit = ({ text, entities }: { text: string; entities: readonly Entity[] }) =>
  Array.from({ length: text.length }, (_, at) => {
    const here = entities.filter((one) => one.offset <= at && at < endOf(one))
    return [...new Set(here.map(({ offset, length, ...one }) => JSON.stringify(Object.entries(one).sort())))].sort()
  })

describe('entities and spans', () => {
  it('lead to the same marks on every character, and become no more', () => {
    fc.assert(
      fc.property(anything, (formatted) => {
        const rich = richOf(formatted)
        expect(plain(rich)).toBe(formatted.text)
        const back = formattedOf(rich)
        expect(back.text).toBe(formatted.text)
        expect(marksByUnit(back)).toEqual(marksByUnit(formatted))
        expect(back.entities.length).toBeLessThanOrEqual(formatted.entities.length)
      }),
      { numRuns: 3_000 },
    )
  })

  it('stay themselves where they lie inside each other', () => {
    const entities: Entity[] = [
      { type: 'blockquote', offset: 0, length: 11 },
      { type: 'bold', offset: 0, length: 7 },
      { type: 'text_link', offset: 2, length: 3, url: 'https://a.example/' },
      { type: 'spoiler', offset: 8, length: 3 },
      { type: 'pre', offset: 12, length: 4, language: 'sql' },
    ]
    const formatted = { text: '各位同事：今晚\n停电检修\n1234', entities }
    expect(formattedOf(richOf(formatted))).toEqual(formatted)
  })

  it.each([
    ['before the text', -3, 5, 'ab', 'c'],
    ['beyond it', 1, 90, 'bc', 'a'],
  ])('end with the text where they reach %s', (_, offset, length, marked, rest) => {
    const rich = richOf({ text: 'abc', entities: [{ type: 'bold', offset, length }] })
    expect(rich.filter(({ marks }) => marks).map((span) => span.text)).toEqual([marked])
    expect(rich.filter(({ marks }) => !marks).map((span) => span.text)).toEqual([rest])
  })

  it('are nothing where there is no text', () => {
    expect(richOf({ text: '', entities: [{ type: 'bold', offset: 0, length: 1 }] })).toEqual([])
    expect(formattedOf([])).toEqual({ text: '', entities: [] })
  })
})

describe('spans of the bot', () => {
  it('become entities by their style, and a quote stays one', () => {
    const quote = (text: string) => ({ text, style: 'quote' as const })
    expect(
      formattedOf(lines(bold('标题'), [quote('甲'), quote('\n'), { ...quote('乙'), marks: [{ type: 'code' }] }])),
    ).toEqual({
      text: '标题\n甲\n乙',
      entities: [
        { type: 'bold', offset: 0, length: 2 },
        { type: 'blockquote', offset: 3, length: 3 },
        { type: 'code', offset: 5, length: 1 },
      ],
    })
  })

  it('hold a mark once that is there as a style too, and keep neighbours with other addresses apart', () => {
    const link = (url: string): Mark => ({ type: 'text_link', url })
    const rich = [
      { text: 'a', style: 'bold', marks: [{ type: 'bold' }, link('https://a.example/')] },
      { text: 'b', marks: [link('https://b.example/')] },
    ] as const
    expect(formattedOf(rich).entities).toEqual([
      { type: 'bold', offset: 0, length: 1 },
      { type: 'text_link', offset: 0, length: 1, url: 'https://a.example/' },
      { type: 'text_link', offset: 1, length: 1, url: 'https://b.example/' },
    ])
  })
})

describe('cutting', () => {
  it('takes white space off both ends, with its formatting', () => {
    const entities: Entity[] = [
      { type: 'italic', offset: 0, length: 2 },
      { type: 'bold', offset: 0, length: 5 },
      { type: 'code', offset: 4, length: 4 },
      { type: 'underline', offset: 6, length: 2 },
    ]
    expect(trimmed({ text: ' \n通知😀 \t', entities })).toEqual({
      text: '通知😀',
      entities: [
        { type: 'bold', offset: 0, length: 3 },
        { type: 'code', offset: 2, length: 2 },
      ],
    })
    expect(trimmed({ text: ' \n', entities })).toEqual({ text: '', entities: [] })
  })

  it('shortens between characters, and counts as Telegram does', () => {
    const formatted = { text: '通知😀😀', entities: [{ type: 'bold', offset: 1, length: 5 }] as const }
    expect(lengthOf(formatted)).toBe(6)
    expect(shortened(formatted, 6)).toBe(formatted)
    expect(shortened(formatted, 4)).toEqual({ text: '通知…', entities: [{ type: 'bold', offset: 1, length: 1 }] })
  })
})
