// Checks of entity lists. Telegram drops many bad entities without a word; this fake refuses them, because a dropped one is a fault too.
import { isObject } from './params.js'
import { badRequest } from './refusal.js'
import type { Entity } from './types.js'

const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'bold',
  'italic',
  'underline',
  'strikethrough',
  'spoiler',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'date_time',
])

/** Telegram ignores whatever comes after the hundredth entity of a text. */
const MAX_ENTITIES = 100

/** Returns the entities, sorted, when each lies inside `text` and says what its type needs; refuses otherwise. */
export function checkEntities(value: unknown, text: string): readonly Entity[] {
  if (!Array.isArray(value)) throw badRequest("can't parse entities: expected an Array")
  if (value.length > MAX_ENTITIES)
    throw badRequest(`entity list must have at most ${MAX_ENTITIES} entities, got ${value.length}`)
  const entities = value.map((entity, index) => checkEntity(entity, index, text)).sort(byPosition)
  checkNesting(entities)
  return entities
}

/** Code holds nothing and lies in nothing but a quotation, and quotations do not lie in each other. https://core.telegram.org/bots/api#formatting-options */
const ALONE: ReadonlySet<string> = new Set(['code', 'pre'])
const QUOTES: ReadonlySet<string> = new Set(['blockquote', 'expandable_blockquote'])
/** Telegram finds these by itself; they lie over anything. */
const FOUND: ReadonlySet<string> = new Set([
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
])

/** Telegram cuts entities that cross each other into pieces and drops what may not stand inside another. */
function checkNesting(sorted: readonly Entity[]): void {
  const open: Entity[] = []
  for (const entity of sorted) {
    if (FOUND.has(entity.type)) continue
    while (open.length > 0 && endOf(open.at(-1)!) <= entity.offset) open.pop()
    for (const outer of open) {
      const both = `${outer.type} at ${outer.offset} and ${entity.type} at ${entity.offset}`
      if (endOf(entity) > endOf(outer)) throw badRequest(`entities must not cross each other, ${both} do`)
      if (ALONE.has(outer.type) || (ALONE.has(entity.type) && !QUOTES.has(outer.type)))
        throw badRequest(`code must stand alone, ${both} lie over each other`)
      if (QUOTES.has(outer.type) && QUOTES.has(entity.type))
        throw badRequest(`quotations must not be nested, ${both} are`)
      if (outer.type === entity.type) throw badRequest(`an entity must not lie inside one of its own type, ${both} do`)
    }
    open.push(entity)
  }
}

const endOf = ({ offset, length }: Entity): number => offset + length

/** Telegram's order: by start, the longer first. */
export function byPosition(a: Entity, b: Entity): number {
  return a.offset - b.offset || b.length - a.length || (a.type < b.type ? -1 : 1)
}

function checkEntity(entity: unknown, index: number, text: string): Entity {
  if (!isObject(entity)) throw badRequest(`entity ${index} must be an Object`)
  const { type, offset, length } = entity
  if (typeof type !== 'string' || !KNOWN_TYPES.has(type)) {
    throw badRequest(`entity ${index} must have a known type, got ${JSON.stringify(type)}`)
  }
  const where = `entity ${index} (${type})`
  if (!isCount(offset))
    throw badRequest(`${where} must have an integer offset of 0 or more, got ${JSON.stringify(offset)}`)
  if (!isCount(length) || length === 0) {
    throw badRequest(`${where} must have an integer length of 1 or more, got ${JSON.stringify(length)}`)
  }
  const end = offset + length
  if (end > text.length)
    throw badRequest(`${where} must end inside the text of ${text.length} UTF-16 units, ends at ${end}`)
  if (splitsPair(text, offset) || splitsPair(text, end)) throw badRequest(`${where} must not split a surrogate pair`)
  const missing = missingField(type, entity)
  if (missing !== undefined) throw badRequest(`${where} must have the field "${missing}"`)
  return { ...entity, type, offset, length } as Entity
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  const after = text.charCodeAt(at)
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff
}

function missingField(type: string, entity: Record<string, unknown>): string | undefined {
  if (type === 'text_link' && (typeof entity.url !== 'string' || entity.url === '')) return 'url'
  if (type === 'text_mention' && !isObject(entity.user)) return 'user'
  if (type === 'custom_emoji' && typeof entity.custom_emoji_id !== 'string') return 'custom_emoji_id'
  if (type === 'date_time' && typeof entity.unix_time !== 'number') return 'unix_time'
  return undefined
}
