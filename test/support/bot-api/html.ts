// parse_mode HTML: tags to entities, refusing unknown, unbalanced and unclosed tags.
// https://core.telegram.org/bots/api#html-style
import { byPosition } from './entities.js'
import { bytesTo, fault, toLink } from './parse-mode.js'
import type { Entity, FormattedText } from './types.js'

const TYPE_OF_TAG: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  a: 'text_link',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
}

const REFERENCES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

type OpenTag = {
  readonly tag: string
  readonly start: number
  readonly attributes: ReadonlyMap<string, string>
  /** For `pre`: where the `code` it holds ends, and that code's language. */
  inner: { readonly end: number; readonly language: string | undefined } | undefined
}

/** Parses marked-up text; throws "can't parse entities: …" with the place in UTF-8 bytes, as Telegram does. */
export function parseHtml(source: string): FormattedText {
  const entities: Entity[] = []
  const open: OpenTag[] = []
  let text = ''
  let at = 0
  while (at < source.length) {
    const next = source.slice(at).search(/[<&]/)
    if (next === -1) {
      text += source.slice(at)
      break
    }
    text += source.slice(at, at + next)
    at += next
    if (source[at] === '&') {
      const reference = decodeReference(source, at)
      text += reference.text
      at = reference.end
    } else if (source[at + 1] === '/') {
      at = closeTag(source, at, open, text, entities)
    } else {
      at = openTag(source, at, open, text.length)
    }
  }
  const last = open.at(-1)
  if (last !== undefined) throw fault(`Can't find end tag corresponding to start tag "${last.tag}"`)
  return { text, entities: entities.sort(byPosition) }
}

function openTag(source: string, at: number, open: OpenTag[], start: number): number {
  const tag = (/^<([^\s>]*)/.exec(source.slice(at))?.[1] ?? '').toLowerCase()
  const shape = /^<[^\s>]*((?:\s+[^\s=>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/.exec(source.slice(at))
  if (shape === null && !source.includes('>', at))
    throw fault(`Unclosed start tag at byte offset ${bytesTo(source, at)}`)
  if (!Object.hasOwn(TYPE_OF_TAG, tag)) {
    throw fault(`Unsupported start tag "${tag}" at byte offset ${bytesTo(source, at)}`)
  }
  if (shape === null) throw fault(`Expected a well-formed tag "${tag}" at byte offset ${bytesTo(source, at)}`)
  const attributes = readAttributes(shape[1] ?? '')
  if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
    throw fault(`Tag "span" must have class "tg-spoiler" at byte offset ${bytesTo(source, at)}`)
  }
  open.push({ tag, start, attributes, inner: undefined })
  return at + shape[0].length
}

function closeTag(source: string, at: number, open: OpenTag[], text: string, entities: Entity[]): number {
  const shape = /^<\/([^\s>]*)\s*>/.exec(source.slice(at))
  if (shape === null) throw fault(`Unclosed end tag at byte offset ${bytesTo(source, at)}`)
  const found = (shape[1] ?? '').toLowerCase()
  const tag = open.pop()
  if (tag === undefined) throw fault(`Unexpected end tag at byte offset ${bytesTo(source, at)}`)
  if (found !== '' && found !== tag.tag) {
    throw fault(
      `Unmatched end tag at byte offset ${bytesTo(source, at)}, expected "</${tag.tag}>", found "</${found}>"`,
    )
  }
  const parent = open.at(-1)
  if (tag.tag === 'code' && parent?.tag === 'pre' && parent.start === tag.start) {
    // `<pre><code class="language-x">` is one entity that knows its language, not two.
    const language = /^language-(.+)$/.exec(tag.attributes.get('class') ?? '')?.[1]
    parent.inner = { end: text.length, language }
  } else if (text.length > tag.start) {
    const entity = toEntity(tag, text)
    if (entity !== undefined) entities.push(entity)
  }
  return at + shape[0].length
}

function toEntity(tag: OpenTag, text: string): Entity | undefined {
  const span = { offset: tag.start, length: text.length - tag.start }
  const type = TYPE_OF_TAG[tag.tag] ?? tag.tag
  switch (tag.tag) {
    case 'a':
      return toLink(tag.attributes.get('href') ?? text.slice(tag.start), span)
    case 'pre': {
      const language = tag.inner?.end === text.length ? tag.inner.language : undefined
      return { type, ...span, ...(language === undefined ? {} : { language }) }
    }
    case 'blockquote':
      return { type: tag.attributes.has('expandable') ? 'expandable_blockquote' : type, ...span }
    case 'tg-emoji':
      return { type, ...span, custom_emoji_id: tag.attributes.get('emoji-id') ?? '' }
    case 'tg-time':
      return { type, ...span, unix_time: Number(tag.attributes.get('unix')) }
    default:
      return { type, ...span }
  }
}

function readAttributes(source: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const found of source.matchAll(/([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g)) {
    attributes.set((found[1] ?? '').toLowerCase(), decodeAll(found[2] ?? found[3] ?? found[4] ?? ''))
  }
  return attributes
}

function decodeAll(source: string): string {
  return source.replace(/&[^;\s&]*;?/g, (reference) => {
    const decoded = decodeReference(reference, 0)
    return decoded.text + reference.slice(decoded.end)
  })
}

/** Telegram leaves what it does not know, such as `&nbsp;`, as it stands. */
function decodeReference(source: string, at: number): { readonly text: string; readonly end: number } {
  const found = /^&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?/i.exec(source.slice(at, at + 12))
  const code = found?.[1] !== undefined ? Number.parseInt(found[1], 16) : Number(found?.[2])
  const text =
    REFERENCES[found?.[3]?.toLowerCase() ?? ''] ?? (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '')
  if (found === null || text === '') return { text: '&', end: at + 1 }
  return { text, end: at + found[0].length }
}
