// parse_mode Markdown, the old form: four kinds of entity, no nesting. https://core.telegram.org/bots/api#markdown-style
import { bytesTo, fault, toLink } from './parse-mode.js'
import type { Entity, FormattedText } from './types.js'

/** Parses the old Markdown; an entity that is not closed is refused with its place in UTF-8 bytes. */
export function parseMarkdown(source: string): FormattedText {
  const entities: Entity[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const sign = source[at] ?? ''
    if (sign === '\\' && /[_*`[]/.test(source[at + 1] ?? '')) {
      text += source[at + 1] ?? ''
      at += 2
    } else if (!/[_*`[]/.test(sign)) {
      text += sign
      at += 1
    } else {
      const piece = readPiece(source, at)
      const span = { offset: text.length, length: piece.text.length }
      text += piece.text
      at = piece.end
      if (span.length > 0) entities.push(piece.toEntity(span))
    }
  }
  return { text, entities }
}

type Span = { readonly offset: number; readonly length: number }
type Piece = { readonly text: string; readonly end: number; readonly toEntity: (span: Span) => Entity }

function readPiece(source: string, at: number): Piece {
  const fence = source.startsWith('```', at) ? '```' : (source[at] ?? '')
  const close = fence === '[' ? ']' : fence
  const start = at + fence.length
  const end = source.indexOf(close, start)
  if (end === -1) throw fault(`Can't find end of the entity starting at byte offset ${bytesTo(source, at)}`)
  const inside = source.slice(start, end)
  const after = end + close.length
  switch (fence) {
    case '```': {
      const language = /^([^\s`]+)\n/.exec(inside)?.[1]
      const text = language === undefined ? inside.replace(/^\n/, '') : inside.slice(language.length + 1)
      return {
        text,
        end: after,
        toEntity: (span) => ({ type: 'pre', ...span, ...(language === undefined ? {} : { language }) }),
      }
    }
    case '[': {
      const url = /^\(([^)]*)\)/.exec(source.slice(after))
      // Brackets without an address are taken as what they hold.
      if (url === null) return { text: inside, end: after, toEntity: (span) => toLink(inside, span) }
      return { text: inside, end: after + url[0].length, toEntity: (span) => toLink(url[1] ?? '', span) }
    }
    default: {
      const type = fence === '*' ? 'bold' : fence === '_' ? 'italic' : 'code'
      return { text: inside, end: after, toEntity: (span) => ({ type, ...span }) }
    }
  }
}
