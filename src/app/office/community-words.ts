/** What an admin types about a community, read: one line for a new one, or one field. */
import { parseQuantity } from '../../core/number-words.js'
import { isZone } from '../../core/zoned-time.js'
import type { CommunityFields } from '../district.js'

export const COMMUNITY_FIELDS = ['name', 'street', 'households', 'grids', 'zone'] as const
export type CommunityField = (typeof COMMUNITY_FIELDS)[number]

export const isCommunityField = (text: string): text is CommunityField =>
  (COMMUNITY_FIELDS as readonly string[]).includes(text)

const LONGEST_NAME = 40
/** More than any community has; what is above is a slip of the finger. */
const MOST_HOUSEHOLDS = 1_000_000
const MOST_GRIDS = 10_000
const NONE = /^(?:无|没有|不清楚|未填|none|-)$/i

/** `渝康社区，礼嘉街道，3200，12`, the numbers perhaps left out; undefined where it is anything else. */
export function lineIn(text: string): Omit<CommunityFields, 'timeZone'> | undefined {
  const [name, street, households = '', grids = '', ...rest] = text.split(/[,，]/).map((part) => part.trim())
  const [named, placed] = [nameIn(name ?? ''), nameIn(street ?? '')]
  const [houses, parts] = [numberIn(households, MOST_HOUSEHOLDS, '户'), numberIn(grids, MOST_GRIDS, '个')]
  if (!named || !placed || houses === undefined || parts === undefined || rest.some((part) => part !== ''))
    return undefined
  // 3,200 was cut at its comma: nowhere are there more grids than households.
  if (houses !== null && parts !== null && parts > houses) return undefined
  return { name: named, street: placed, households: houses, grids: parts }
}

/** One field as it is to be stored; undefined where the text is none. */
export function fieldIn(field: CommunityField, text: string): Partial<CommunityFields> | undefined {
  switch (field) {
    case 'name':
    case 'street': {
      const value = nameIn(text)
      return value === undefined ? undefined : { [field]: value }
    }
    case 'households':
    case 'grids': {
      const most = field === 'grids' ? MOST_GRIDS : MOST_HOUSEHOLDS
      const value = text === '' ? undefined : numberIn(text, most, field === 'grids' ? '个' : '户')
      return value === undefined ? undefined : { [field]: value }
    }
    case 'zone':
      return isZone(text) ? { timeZone: text } : undefined
  }
}

/** Without a comma, because lists and the lines of an import part at it. */
function nameIn(text: string): string | undefined {
  const name = text.replace(/\s+/g, ' ').trim()
  return name === '' || [...name].length > LONGEST_NAME || /[,，\p{C}]/u.test(name) ? undefined : name
}

/** Null where it is left out or said to be unknown; undefined where it is no whole number. */
function numberIn(text: string, largest: number, unit: string): number | null | undefined {
  if (text === '' || NONE.test(text)) return null
  const read = parseQuantity(text, { decimals: 0, largest, unit })
  return read.ok ? Number(read.value) : undefined
}
