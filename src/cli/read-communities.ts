/** A list of communities from a workbook or a CSV file, judged by what it holds: its rows, or every fault with its cell. */
import { readFile, stat } from 'node:fs/promises'
import type { Workbook } from '@cj-tech-master/excelts'
import { type CommunityRow, MOST_ROWS } from '../app/admin-command.js'
import { cleanText, EMPTY, type Raw, readCell, shownText } from '../rubric-sheet/cells.js'
import { columnLetter } from '../rubric-sheet/faults.js'
import { loadWorkbook } from '../rubric-sheet/read-workbook.js'
import { type CellSays, checkRow, found, isExampleRow } from './check-community.js'
import { COMMUNITY_COLUMNS, type ColumnKey, columnOf } from './community-columns.js'
import { csvRows, decodeText } from './csv-rows.js'
import { FileFault } from './file-fault.js'
import { unpackXlsx } from './open-xlsx.js'

/** Something about one cell: `cell` as a spreadsheet names it, `says` a sentence of locales/ with its variables. */
export type CellNote = { readonly cell: string; readonly says: CellSays }
export type CommunityFile = {
  readonly rows: readonly CommunityRow[]
  readonly faults: readonly CellNote[]
  /** What was left out, and is no fault. */
  readonly notes: readonly CellNote[]
}

/** 5,000 rows have about 300 KB. */
const MAX_BYTES = 5 * 1024 * 1024
/** A title may stand above the header. */
const HEADER_WITHIN = 10
const MAX_COLUMNS = 200

/** Cells of one row by column, from 1; rows without anything are left out. */
type Line = { readonly number: number; readonly cells: ReadonlyMap<number, Raw> }

/** Reads and checks a file. Throws `FileFault` where it cannot be read at all. */
export async function readCommunities(file: string): Promise<CommunityFile> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
  if (size === undefined) throw new FileFault(`找不到文件 ${file}`, `no such file: ${file}`)
  if (size > MAX_BYTES) {
    const most = MAX_BYTES / 1024 / 1024
    throw new FileFault(
      `文件太大：${(size / 1024 / 1024).toFixed(1)} MB，最多 ${most} MB`,
      `the file has ${(size / 1024 / 1024).toFixed(1)} MB; at most ${most} MB are read`,
    )
  }
  const bytes = await readFile(file)
  const sheets = isText(bytes) ? [linesOfCsv(csvRows(decodeText(bytes)))] : linesOfWorkbook(await open(bytes))
  return check(sheets)
}

/** Text has no zero bytes; everything else is a workbook, or is refused by name where workbooks are opened. */
function isText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4096)
  return bytes.length > 0 && !head.includes(0) && !['PK\x03\x04', '%PDF'].includes(head.toString('latin1', 0, 4))
}

async function open(bytes: Buffer): Promise<Workbook> {
  const parts = unpackXlsx(bytes)
  return loadWorkbook(parts).catch((error: unknown) => {
    throw new FileFault(
      '文件已损坏，打不开；请用 Excel 或 WPS 重新另存为 .xlsx',
      'the workbook is damaged and could not be read',
      error,
    )
  })
}

function linesOfCsv(rows: readonly (readonly string[])[]): Line[] {
  return rows.flatMap((row, r) => {
    const texts = row.slice(0, MAX_COLUMNS).map(cleanText)
    const cells = new Map<number, Raw>(
      texts.flatMap((text, i) => (text === '' ? [] : [[i + 1, { kind: 'text', text }] as const])),
    )
    return cells.size > 0 ? [{ number: r + 1, cells }] : []
  })
}

/** One list of lines for each sheet. */
function linesOfWorkbook(workbook: Workbook): Line[][] {
  return workbook.worksheets.map((sheet) => {
    const lines: Line[] = []
    sheet.eachRow((row, number) => {
      const cells = new Map<number, Raw>()
      row.eachCell((cell, index) => {
        const raw = index > MAX_COLUMNS ? EMPTY : readCell(cell)
        if (raw.kind !== 'empty') cells.set(index, raw)
      })
      if (cells.size > 0) lines.push({ number, cells })
    })
    return lines
  })
}

/** The sheet with the best header counts; the others, such as an explanation, are left alone. */
function check(sheets: readonly Line[][]): CommunityFile {
  const headers = sheets.map((lines) => ({ lines, ...findHeader(lines) }))
  const best = headers.reduce((a, b) => (b.hits > a.hits ? b : a), { lines: [], header: undefined, hits: 0 })
  const missing = COMMUNITY_COLUMNS.filter((one) => one.required)
  if (!best.header) return { rows: [], faults: missing.map((one) => noColumn('A1', one.key)), notes: [] }
  const faults: CellNote[] = []
  const notes: CellNote[] = []
  const at = new Map<ColumnKey, number>()
  for (const [index, raw] of best.header.cells) {
    const column = columnOf(shownText(raw))
    const header = found(raw)
    const cell = `${columnLetter(index)}${best.header.number}`
    if (!column) notes.push({ cell, says: ['unknown_column', { header }] })
    else if (at.has(column.key)) faults.push({ cell, says: ['double_column', { header }] })
    else at.set(column.key, index)
  }
  for (const { key } of missing.filter((one) => !at.has(one.key))) faults.push(noColumn(`A${best.header.number}`, key))
  const below = best.lines.filter(({ number }) => number > best.header!.number)
  return { ...checkLines(below, at, faults, notes), notes }
}

function checkLines(lines: readonly Line[], at: ReadonlyMap<ColumnKey, number>, faults: CellNote[], notes: CellNote[]) {
  const rows: CommunityRow[] = []
  const seen = new Map<string, number>()
  let count = 0
  for (const { number, cells } of lines) {
    const raws = new Map([...at].map(([key, index]) => [key, cells.get(index) ?? EMPTY]))
    if ([...raws.values()].every(({ kind }) => kind === 'empty')) continue
    const cellOf = (key: ColumnKey) => `${columnLetter(at.get(key) ?? 1)}${number}`
    if (isExampleRow(raws)) {
      notes.push({ cell: cellOf('name'), says: ['example', {}] })
      continue
    }
    count += 1
    if (count > MOST_ROWS) {
      faults.push({ cell: cellOf('name'), says: ['too_many', { most: MOST_ROWS }] })
      break
    }
    const { row, wrong } = checkRow(raws)
    // A column that is missing has been told of once.
    faults.push(...wrong.filter(({ key }) => at.has(key)).map(({ key, says }) => ({ cell: cellOf(key), says })))
    if (!row) continue
    const key = JSON.stringify([row.street, row.name])
    const first = seen.get(key)
    if (first === undefined) seen.set(key, number)
    else faults.push({ cell: cellOf('name'), says: ['double', { first }] })
    rows.push(row)
  }
  if (count === 0 && faults.length === 0) faults.push({ cell: 'A1', says: ['none', {}] })
  return { rows, faults }
}

function findHeader(lines: readonly Line[]): { header: Line | undefined; hits: number } {
  let best: { header: Line | undefined; hits: number } = { header: undefined, hits: 0 }
  for (const line of lines.filter(({ number }) => number <= HEADER_WITHIN)) {
    const hits = new Set([...line.cells.values()].flatMap((raw) => columnOf(shownText(raw))?.key ?? [])).size
    if (hits > best.hits) best = { header: line, hits }
  }
  return best
}

const noColumn = (cell: string, key: ColumnKey): CellNote => {
  const { zh, en } = COMMUNITY_COLUMNS.find((one) => one.key === key)!
  return { cell, says: ['no_column', { zh, en }] }
}
