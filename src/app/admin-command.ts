/** The commands of the command line, and what a row of an import may hold: checked where they are read and where they arrive. */
import { ROLES, type Role } from '../core/access.js'
import { isZone } from '../core/zoned-time.js'

/** A community as a file gives it. Null leaves what is there; where the community is new, nothing or the usual zone. */
export type CommunityRow = {
  readonly name: string
  readonly street: string
  readonly households: number | null
  readonly grids: number | null
  readonly timeZone: string | null
}

export type AdminCommand =
  /** `community`: its name; null: the whole district. */
  | {
      readonly command: 'invite'
      readonly role: Role
      readonly community: string | null
      readonly uses: number
      readonly days: number
    }
  /** All of the rows or none. */
  | { readonly command: 'import'; readonly rows: readonly CommunityRow[] }
  /** Links for heads and workers of these communities, by id. */
  | { readonly command: 'links'; readonly communities: readonly string[] }

/** A district has a few hundred communities, a large city a few thousand. */
export const MOST_ROWS = 5_000
/** Communities of one `links` command: each takes two transactions, and a request should end within seconds. */
export const MOST_LINKED = 100
export const MOST_USES = 10_000
export const MOST_DAYS = 365
/** Far more than any community has; a typing error of a few digits is still noticed. */
export const MOST_HOUSEHOLDS = 1_000_000
export const MOST_GRIDS = 10_000
/** Characters of a name of a community or a street. */
export const LONGEST_NAME = 40
const LONGEST_ID = 64

/**
 * Whether a name can be kept: letters in it, nothing invisible, no comma (the bot takes these fields as one line with
 * commas), and no sign in front that a spreadsheet would take for a formula.
 */
export function isPlaceName(text: string): boolean {
  const length = [...text].length
  if (length < 1 || length > LONGEST_NAME || text !== text.normalize('NFC') || text !== text.trim()) return false
  return /\p{L}/u.test(text) && !/[\p{C}\p{Zl}\p{Zp},，]/u.test(text) && !/^[=+\-@＝＋－＠']/.test(text)
}

/** Admins belong to the district, everybody else to a community: that is what they may see. */
export const isPlaced = (role: Role, community: string | null): boolean => (role === 'admin') === (community === null)

export const isCount = (value: unknown, most: number, least = 0): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

/** A command that came from outside; undefined where anything about it is not as it should be, also what it has too much. */
export function readAdminCommand(body: unknown): AdminCommand | undefined {
  if (!isRecord(body)) return undefined
  switch (body.command) {
    case 'invite': {
      const { role, community, uses, days } = body
      const known = ROLES.find((one) => one === role)
      if (!hasOnly(body, ['command', 'role', 'community', 'uses', 'days']) || !known) return undefined
      if (!isTextOrNull(community) || !isPlaced(known, community)) return undefined
      if (!isCount(uses, MOST_USES, 1) || !isCount(days, MOST_DAYS, 1)) return undefined
      return { command: 'invite', role: known, community, uses, days }
    }
    case 'import': {
      const { rows } = body
      if (!hasOnly(body, ['command', 'rows']) || !isList(rows, MOST_ROWS) || !rows.every(isRow)) return undefined
      const keys = new Set(rows.map(({ street, name }) => JSON.stringify([street, name])))
      return keys.size === rows.length ? { command: 'import', rows } : undefined
    }
    case 'links': {
      const { communities } = body
      if (!hasOnly(body, ['command', 'communities']) || !isList(communities, MOST_LINKED)) return undefined
      return communities.every(isId) ? { command: 'links', communities } : undefined
    }
    default:
      return undefined
  }
}

function isRow(row: unknown): row is CommunityRow {
  if (!isRecord(row) || !hasOnly(row, ['name', 'street', 'households', 'grids', 'timeZone'])) return false
  const { name, street, households, grids, timeZone } = row
  return (
    isName(name) &&
    isName(street) &&
    (households === null || isCount(households, MOST_HOUSEHOLDS)) &&
    (grids === null || isCount(grids, MOST_GRIDS)) &&
    (timeZone === null || (typeof timeZone === 'string' && isZone(timeZone)))
  )
}

const isName = (value: unknown): value is string => typeof value === 'string' && isPlaceName(value)
const isId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]+$/.test(value) && value.length <= LONGEST_ID
const isTextOrNull = (value: unknown): value is string | null =>
  value === null || (typeof value === 'string' && value.trim() !== '' && value.length <= 2 * LONGEST_NAME + 2)
const isList = (value: unknown, most: number): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.length <= most

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasOnly(record: Record<string, unknown>, keys: readonly string[]): boolean {
  const own = Object.keys(record)
  return own.length === keys.length && own.every((key) => keys.includes(key))
}
