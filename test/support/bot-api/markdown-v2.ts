// parse_mode MarkdownV2: nested entities, and every reserved character must be escaped.
// https://core.telegram.org/bots/api#markdownv2-style
import { byPosition } from './entities.js'
import { bytesTo, fault, toLink } from './parse-mode.js'
import type { Entity, FormattedText } from './types.js'

const RESERVED = '_*[]()~`>#+-=|{}.!'

/** Longer signs first, so that `__` is not read as two `_`. */
const SIGNS = ['```', '__', '||', '![', '*', '_', '~', '`', '['] as const
type Sign = (typeof SIGNS)[number]

const KIND: Readonly<Record<Sign, { readonly name: string; readonly type: string; readonly close: string }>> = {
  '```': { name: 'Pre', type: 'pre', close: '```' },
  __: { name: 'Underline', type: 'underline', close: '__' },
  '||': { name: 'Spoiler', type: 'spoiler', close: '||' },
  '![': { name: 'CustomEmoji', type: 'custom_emoji', close: ']' },
  '*': { name: 'Bold', type: 'bold', close: '*' },
  _: { name: 'Italic', type: 'italic', close: '_' },
  '~': { name: 'Strikethrough', type: 'strikethrough', close: '~' },
  '`': { name: 'Code', type: 'code', close: '`' },
  '[': { name: 'TextUrl', type: 'text_link', close: ']' },
}

type Open = { readonly sign: Sign; readonly start: number; readonly at: number; readonly language: string | undefined }

/** Parses MarkdownV2; refuses unescaped reserved characters and entities without an end, as Telegram does. */
export function parseMarkdownV2(source: string): FormattedText {
  const entities: Entity[] = []
  const open: Open[] = []
  let quoteStart: number | undefined
  let text = ''
  let at = 0
  while (at < source.length) {
    const character = source[at] ?? ''
    const current = open.at(-1)
    const inCode = current?.sign === '`' || current?.sign === '```'
    if (character === '\\' && /[\u0001-\u007e]/.test(source[at + 1] ?? '')) {
      text += source[at + 1] ?? ''
      at += 2
    } else if (current !== undefined && closes(source, at, current)) {
      open.pop()
      at = close(source, at, current, text, entities)
    } else if (inCode || !RESERVED.includes(character)) {
      text += character
      at += 1
      if (character === '\n' && quoteStart !== undefined && source[at] !== '>') {
        entities.push({ type: 'blockquote', offset: quoteStart, length: text.length - quoteStart })
        quoteStart = undefined
      }
    } else if (character === '>' && (at === 0 || source[at - 1] === '\n')) {
      quoteStart ??= text.length
      at += 1
    } else {
      const next = begin(source, at, text.length)
      open.push(next)
      at += next.sign.length + (next.language === undefined ? 0 : next.language.length)
      if (next.sign === '```' && source[at] === '\n') at += 1
    }
  }
  const last = open.at(-1)
  if (last !== undefined) {
    throw fault(`Can't find end of ${KIND[last.sign].name} entity at byte offset ${bytesTo(source, last.at)}`)
  }
  if (quoteStart !== undefined && text.length > quoteStart) {
    entities.push({ type: 'blockquote', offset: quoteStart, length: text.length - quoteStart })
  }
  return { text, entities: entities.sort(byPosition) }
}

function begin(source: string, at: number, start: number): Open {
  const sign = SIGNS.find((candidate) => source.startsWith(candidate, at))
  if (sign === undefined) {
    throw fault(`Character '${source[at]}' is reserved and must be escaped with the preceding '\\'`)
  }
  const language = sign === '```' ? /^([^\s`]+)\n/.exec(source.slice(at + 3))?.[1] : undefined
  return { sign, start, at, language }
}

function closes(source: string, at: number, open: Open): boolean {
  // In `_italic __underline___` the pair is read first, as Telegram does.
  if (open.sign === '_' && source.startsWith('__', at)) return false
  return source.startsWith(KIND[open.sign].close, at)
}

function close(source: string, at: number, open: Open, text: string, entities: Entity[]): number {
  const { type, close: sign } = KIND[open.sign]
  const span = { offset: open.start, length: text.length - open.start }
  const after = at + sign.length
  if (sign !== ']') {
    const language = open.language === undefined ? {} : { language: open.language }
    if (span.length > 0) entities.push({ type, ...span, ...language })
    return after
  }
  const address = /^\(((?:[^)\\]|\\[\s\S])*)\)/.exec(source.slice(after))
  if (address === null && source[after] === '(')
    throw fault(`Can't find end of a URL at byte offset ${bytesTo(source, after)}`)
  const url = address?.[1]?.replace(/\\([\s\S])/g, '$1') ?? text.slice(open.start)
  if (span.length > 0) entities.push(open.sign === '[' ? toLink(url, span) : toEmoji(url, span))
  return after + (address?.[0].length ?? 0)
}

function toEmoji(url: string, span: { readonly offset: number; readonly length: number }): Entity {
  const id = /^tg:\/\/emoji\?id=(\d+)$/.exec(url)?.[1]
  if (id === undefined) throw fault('Custom emoji URL must have an emoji identifier')
  return { type: 'custom_emoji', ...span, custom_emoji_id: id }
}
