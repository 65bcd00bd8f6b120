/** The links of an import as a file that is handed on: a row a community, as a workbook or as CSV. */
import { Workbook } from '@cj-tech-master/excelts'
import type { Opening } from '../app/administration.js'
import { csv } from '../app/csv.js'
import type { Say } from '../app/words.js'
import { offsetText, zonedParts } from '../core/zoned-time.js'
import { putValue, setUpPrint, styleBody, styleHeader } from '../rubric-sheet/look.js'

const WIDTHS = { name: 26, street: 22, link: 46, code: 36, until: 26 } as const

/** `openings`: for each community the head's, then the workers'. CSV where the file's name says so. */
export async function linksFile(file: string, openings: readonly Opening[], say: Say): Promise<Uint8Array> {
  const table = linksTable(openings, say)
  if (/\.csv$/i.test(file)) return csv([table.headers.map(({ text }) => text), ...table.rows])
  const workbook = new Workbook()
  workbook.creator = 'hexie'
  const sheet = workbook.addWorksheet(say('admin_cli.links.sheet'))
  for (const [i, { text, width }] of table.headers.entries()) {
    sheet.getColumn(i + 1).width = width
    const cell = sheet.getCell(1, i + 1)
    cell.value = text
    styleHeader(cell, 0, false)
  }
  for (const [r, row] of table.rows.entries())
    for (const [i, text] of row.entries()) {
      const cell = sheet.getCell(r + 2, i + 1)
      putValue(cell, text)
      styleBody(cell, false)
    }
  sheet.views = [{ state: 'frozen', xSplit: 1, ySplit: 1 }]
  setUpPrint(sheet, 1)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

function linksTable(openings: readonly Opening[], say: Say) {
  const telegram = openings.some((one) => one.telegram !== null)
  const web = openings.some((one) => one.web !== null)
  const word = (key: string, role?: string) =>
    say(`admin_cli.links.${key}`, role === undefined ? {} : { role: say(`role.${role}`) })
  const ways = [
    ...(telegram ? [{ key: 'telegram', width: WIDTHS.link, of: (one: Opening) => one.telegram ?? '' }] : []),
    ...(web ? [{ key: 'web', width: WIDTHS.link, of: (one: Opening) => one.web ?? '' }] : []),
    { key: 'words', width: WIDTHS.code, of: (one: Opening) => `/start ${one.code}` },
  ]
  const headers = [
    { text: word('name'), width: WIDTHS.name },
    { text: word('street'), width: WIDTHS.street },
    ...['head', 'worker'].flatMap((role) => ways.map(({ key, width }) => ({ text: word(key, role), width }))),
    { text: word('until'), width: WIDTHS.until },
  ]
  const rows: string[][] = []
  for (let i = 0; i + 1 < openings.length; i += 2) {
    const [head, worker] = [openings[i]!, openings[i + 1]!]
    const { name = '', street = '', timeZone = 'UTC' } = head.community ?? {}
    rows.push([
      name,
      street,
      ...[head, worker].flatMap((one) => ways.map(({ of }) => of(one))),
      moment(head.expiresAt, timeZone),
    ])
  }
  return { headers, rows }
}

/** `2026-12-22 20:00 (UTC+8)`, the same in every language. */
export function moment(at: number, zone: string): string {
  const { year, month, day, hour, minute } = zonedParts(at, zone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)} (${offsetText(at, zone)})`
}
