/** One row of a list of communities: its values, or what is wrong with each of its cells. */
import {
  type CommunityRow,
  isCount,
  isPlaceName,
  LONGEST_NAME,
  MOST_GRIDS,
  MOST_HOUSEHOLDS,
} from '../app/admin-command.js'
import { isZone } from '../core/zoned-time.js'
import { EMPTY, type Raw, shownText } from '../rubric-sheet/cells.js'
import { shorten } from '../rubric-sheet/faults.js'
import { halfWidth, parseNumber, parseText } from '../rubric-sheet/parse-cell.js'
import { type ColumnKey, EXAMPLES, isMarkedExample } from './community-columns.js'

/** A sentence below `admin_cli.cell` of locales/, and its variables. */
export type CellSays = readonly [key: string, variables: Readonly<Record<string, string | number>>]
export type WrongCell = { readonly key: ColumnKey; readonly says: CellSays }
export type Cells = ReadonlyMap<ColumnKey, Raw>

type Checked<T> = { readonly value: T } | { readonly says: CellSays }

/** The row, where nothing is wrong. */
export function checkRow(cells: Cells): { readonly row?: CommunityRow; readonly wrong: readonly WrongCell[] } {
  const wrong: WrongCell[] = []
  const read = <T>(key: ColumnKey, check: (raw: Raw) => Checked<T>): T | undefined => {
    const checked = check(cells.get(key) ?? EMPTY)
    if ('value' in checked) return checked.value
    wrong.push({ key, says: checked.says })
    return undefined
  }
  const name = read('name', placeName)
  const street = read('street', placeName)
  const households = read('households', (raw) => countOrNull(raw, MOST_HOUSEHOLDS))
  const grids = read('grids', (raw) => countOrNull(raw, MOST_GRIDS))
  const timeZone = read('zone', zoneOrNull)
  if (name === undefined || street === undefined) return { wrong }
  if (households === undefined || grids === undefined || timeZone === undefined) return { wrong }
  return { row: { name, street, households, grids, timeZone }, wrong }
}

/** Whether this is the row that a template comes with, as it came. */
export function isExampleRow(cells: Cells): boolean {
  return Object.values(EXAMPLES).some((example) =>
    (Object.keys(example) as ColumnKey[]).every(
      (key) => shownText(cells.get(key) ?? EMPTY).trim() === String(example[key]),
    ),
  )
}

function placeName(raw: Raw): Checked<string> {
  if (raw.kind === 'empty') return { says: ['required', {}] }
  if (raw.kind === 'bad') return unreadable(raw)
  const parsed = parseText(raw)
  if (!parsed.ok || parsed.value === undefined) return { says: ['not_text', { found: found(raw) }] }
  const text = parsed.value.replace(/[^\S\n]+/g, ' ').normalize('NFC')
  if (isMarkedExample(text)) return { says: ['still_example', { found: found(raw) }] }
  if ([...text].length > LONGEST_NAME) return { says: ['too_long', { most: LONGEST_NAME, found: found(raw) }] }
  return isPlaceName(text) ? { value: text } : { says: ['not_a_name', { found: found(raw) }] }
}

function countOrNull(raw: Raw, most: number): Checked<number | null> {
  if (raw.kind === 'empty') return { value: null }
  if (raw.kind === 'bad') return unreadable(raw)
  const parsed = parseNumber(raw)
  const value = parsed.ok ? parsed.value : undefined
  return isCount(value, most) ? { value } : { says: ['not_a_count', { most, found: found(raw) }] }
}

function zoneOrNull(raw: Raw): Checked<string | null> {
  if (raw.kind === 'empty') return { value: null }
  if (raw.kind === 'bad') return unreadable(raw)
  const zone = raw.kind === 'text' ? halfWidth(raw.text) : ''
  return isZone(zone) ? { value: zone } : { says: ['not_a_zone', { found: found(raw) }] }
}

const unreadable = (raw: Raw): { says: CellSays } => ({ says: ['unreadable', { found: found(raw) }] })

/** What the cell shows, as one line that no terminal can take for a command. */
export const found = (raw: Raw): string => shorten(shownText(raw)).replace(/\p{C}/gu, '�')
