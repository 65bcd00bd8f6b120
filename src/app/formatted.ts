/** Text that a person wrote with their app's formatting, as Telegram describes it: kept as it is, and shown on every channel. */
import type { Mark, Rich, Span } from './rich.js'

/** Offsets and lengths are UTF-16 units, as in https://core.telegram.org/bots/api#messageentity. */
export type Entity = Mark & { readonly offset: number; readonly length: number }
export type Formatted = { readonly text: string; readonly entities: readonly Entity[] }

/** UTF-16 units, as Telegram counts its 4096 for a message and 1024 for a caption. */
export const lengthOf = ({ text }: Formatted): number => text.length

/** Entities → spans that each hold the marks of their place; what reaches beyond the text ends with it. */
export function richOf({ text, entities }: Formatted): Rich {
  const there = entities
    .map((entity) => ({ from: clamp(entity.offset), to: clamp(entity.offset + entity.length), mark: markOf(entity) }))
    .filter(({ from, to }) => from < to)
    // The outer before the inner.
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const cuts = [...new Set([0, text.length, ...there.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b)
  return cuts.slice(1).map((to, index): Span => {
    const from = cuts[index]!
    const marks = distinct(there.filter((one) => one.from <= from && one.to >= to).map(({ mark }) => mark))
    return { text: text.slice(from, to), ...(marks.length > 0 ? { marks } : {}) }
  })

  function clamp(place: number): number {
    return Math.min(Math.max(place, 0), text.length)
  }
}

/**
 * Spans → text and entities, by place, the outer before the inner. A mark that goes on over several spans is one entity, so
 * that a quote stays one quote. Where two cross, Telegram splits them itself.
 */
export function formattedOf(rich: Rich): Formatted {
  // The bot's own cards, drawn at every tap.
  if (rich.every(({ marks }) => marks === undefined)) return styledOf(rich)
  const entities: Entity[] = []
  /** Marks that hold so far, with the place where they began. */
  let open: { readonly mark: Mark; readonly offset: number }[] = []
  let text = ''
  for (const span of [...rich, END]) {
    if (span !== END && span.text === '') continue
    const marks = marksOf(span)
    for (const { mark, offset } of open)
      if (!has(marks, mark)) entities.push({ ...mark, offset, length: text.length - offset })
    open = [
      ...open.filter(({ mark }) => has(marks, mark)),
      ...marks
        .filter((mark) => !open.some((one) => sameMark(one.mark, mark)))
        .map((mark) => ({ mark, offset: text.length })),
    ]
    text += span.text
  }
  return { text, entities: entities.sort((a, b) => a.offset - b.offset || b.length - a.length) }
}

/** The same where no two marks can hold at once. */
function styledOf(rich: Rich): Formatted {
  const entities: Entity[] = []
  let open: { readonly style: Span['style']; readonly offset: number } = { style: undefined, offset: 0 }
  let text = ''
  const close = () => {
    if (open.style) entities.push({ type: STYLES[open.style], offset: open.offset, length: text.length - open.offset })
  }
  for (const { text: piece, style } of rich) {
    if (piece === '') continue
    if (style !== open.style) {
      close()
      open = { style, offset: text.length }
    }
    text += piece
  }
  close()
  return { text, entities }
}

const END: Span = { text: '' }

/** Without white space at both ends; entities are moved and cut with it. */
export function trimmed({ text, entities }: Formatted): Formatted {
  const start = text.length - text.trimStart().length
  return part({ text, entities }, start, start + text.trim().length)
}

/** At most so many UTF-16 units; what is cut off leaves `…`. */
export function shortened(formatted: Formatted, most: number): Formatted {
  if (formatted.text.length <= most) return formatted
  // Never between the halves of a character.
  const kept = formatted.text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '').length
  const { text, entities } = part(formatted, 0, kept)
  return { text: `${text}…`, entities }
}

function part({ text, entities }: Formatted, from: number, to: number): Formatted {
  const kept = entities.flatMap((entity): Entity[] => {
    const [start, end] = [Math.max(entity.offset, from), Math.min(entity.offset + entity.length, to)]
    return start < end ? [{ ...entity, offset: start - from, length: end - start }] : []
  })
  return { text: text.slice(from, to), entities: kept }
}

const STYLES = { bold: 'bold', italic: 'italic', quote: 'blockquote' } as const

/** All that holds for a span, its style among them. */
const marksOf = ({ style, marks = [] }: Span): readonly Mark[] =>
  distinct(style === undefined ? marks : [{ type: STYLES[style] }, ...marks])

function markOf(entity: Entity): Mark {
  const { offset, length, ...mark } = entity
  return mark
}

const distinct = (marks: readonly Mark[]): Mark[] =>
  marks.filter((mark, index) => marks.findIndex((one) => sameMark(one, mark)) === index)
const has = (marks: readonly Mark[], mark: Mark): boolean => marks.some((one) => sameMark(one, mark))

function sameMark(a: Mark, b: Mark): boolean {
  if (a.type === 'text_link') return b.type === 'text_link' && a.url === b.url
  if (a.type === 'pre') return b.type === 'pre' && a.language === b.language
  return a.type === b.type
}
