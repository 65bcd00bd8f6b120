/** The formatting of a text in an update → what a bot may send back. Pure; trusts nothing in it. */
import type { Entity } from '../../app/formatted.js'
import type { Mark } from '../../app/rich.js'
import { MOST_ENTITIES } from './payload.js'

const PLAIN: ReadonlySet<string> = new Set([
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
] satisfies Mark['type'][])
const LONGEST_URL = 2_048

/**
 * What a person formatted by hand. Left out is what Telegram finds again by itself (mentions, tags, links that stand in the
 * text), what a bot may not send (custom emoji, mentions of people without a name), and what is not sound.
 */
export function readEntities(value: unknown, text: string): readonly Entity[] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MOST_ENTITIES).flatMap((one: unknown): Entity[] => {
    if (typeof one !== 'object' || one === null) return []
    const { offset, length, ...fields } = one as { readonly [key: string]: unknown }
    const mark = markOf(fields)
    if (!mark || !isCount(offset) || !isCount(length)) return []
    const end = Math.min(offset + length, text.length)
    // Telegram refuses a whole message for one that begins or ends between the halves of a character.
    if (end <= offset || splitsPair(text, offset) || splitsPair(text, end)) return []
    return [{ ...mark, offset, length: end - offset }]
  })
}

function markOf({ type, url, language }: { readonly [key: string]: unknown }): Mark | undefined {
  if (typeof type !== 'string') return undefined
  if (PLAIN.has(type)) return { type } as Mark
  if (type === 'pre') {
    const named = typeof language === 'string' && /^[\w+#.-]{1,32}$/.test(language)
    return named ? { type, language } : { type }
  }
  return type === 'text_link' && isLink(url) ? { type, url } : undefined
}

function isLink(url: unknown): url is string {
  if (typeof url !== 'string' || url.length > LONGEST_URL || !URL.canParse(url)) return false
  return ['http:', 'https:', 'tg:', 'mailto:'].includes(new URL(url).protocol)
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const splitsPair = (text: string, at: number): boolean =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at))
