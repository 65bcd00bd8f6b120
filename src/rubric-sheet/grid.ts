/** A worksheet as rows of known columns, whatever their order. */
import type { Worksheet } from '@cj-tech-master/excelts'
import { EMPTY, type Raw, readCell, shownText } from './cells.js'
import type { Place } from './faults.js'
import type { Reading } from './reading.js'
import { type Column, MAX_COLUMNS, MAX_ROWS, plainHeader } from './sheet-spec.js'

/** The header may stand below a title or a band of groups, but not deeper. */
const HEADER_WITHIN = 10
const TOTALS = /^(合计|总计|小计|总分)[::]?$/

export type Row = { readonly number: number; readonly cells: ReadonlyMap<string, Raw> }
export type Table = {
  readonly sheet: string
  readonly columns: ReadonlyMap<string, { readonly index: number; readonly header: string }>
  readonly rows: readonly Row[]
  /** Spot of one cell, for messages; works for missing columns too. */
  readonly place: (row: Row | undefined, key: string) => Place
}

/** Finds the header, reports missing, doubled and unknown columns, and reads the rows that hold anything. */
export function readTable(worksheet: Worksheet, sheet: string, columns: readonly Column[], reading: Reading): Table {
  const header = findHeader(worksheet, columns)
  const found = new Map<string, { index: number; header: string }>()
  if (header) {
    for (const { index, text } of header.cells) {
      const spec = columns.find((one) => names(one).includes(plainHeader(text)))
      const place = { sheet, row: header.row, column: index, header: text }
      if (!spec) reading.warn(place, { zh: '不认识这一列,没有读取', en: 'unknown column, not read' })
      else if (found.has(spec.key))
        reading.fault(place, { zh: '这一列出现了两次', en: 'this column stands here twice' })
      else found.set(spec.key, { index, header: text.replace(/[\s*※★]+$/, '') })
    }
  }
  for (const one of columns)
    if (one.need === 'yes' && !found.has(one.key))
      reading.fault(
        { sheet, ...(header ? { row: header.row } : {}), header: one.header },
        { zh: '缺少这一列', en: 'this column is missing' },
      )
  const place = (row: Row | undefined, key: string): Place => {
    const column = found.get(key)
    const title = column?.header ?? columns.find((one) => one.key === key)?.header
    return {
      sheet,
      ...(row ? { row: row.number, found: shownText(row.cells.get(key) ?? EMPTY) } : {}),
      ...(column ? { column: column.index } : {}),
      ...(title === undefined ? {} : { header: title }),
    }
  }
  const rows = header ? readRows(worksheet, header.row, found, sheet, reading) : []
  return { sheet, columns: found, rows, place }
}

function readRows(
  worksheet: Worksheet,
  headerRow: number,
  columns: ReadonlyMap<string, { index: number }>,
  sheet: string,
  reading: Reading,
): Row[] {
  const rows: Row[] = []
  let tooMany = false
  worksheet.eachRow((line, number) => {
    if (number <= headerRow || tooMany) return
    const cells = new Map<string, Raw>()
    for (const [key, { index }] of columns) {
      const raw = readCell(line.getCell(index))
      if (raw.kind !== 'empty') cells.set(key, raw)
    }
    if (cells.size === 0) return
    if (!cells.has('id') && [...cells.values()].some((raw) => raw.kind === 'text' && TOTALS.test(raw.text))) {
      reading.warn({ sheet, row: number }, { zh: '看作合计行,没有读取', en: 'taken for a line of totals, not read' })
      return
    }
    if (rows.length === MAX_ROWS) {
      tooMany = true
      reading.fault(
        { sheet, row: number },
        { zh: `最多 ${MAX_ROWS} 行,后面的没有读取`, en: `at most ${MAX_ROWS} rows; the rest was not read` },
      )
      return
    }
    rows.push({ number, cells })
  })
  return rows
}

function findHeader(worksheet: Worksheet, columns: readonly Column[]) {
  const known = new Set(columns.flatMap(names))
  let best: { row: number; cells: { index: number; text: string }[]; hits: number } | undefined
  for (let row = 1; row <= Math.min(HEADER_WITHIN, worksheet.rowCount); row += 1) {
    const cells: { index: number; text: string }[] = []
    worksheet.getRow(row).eachCell((cell, index) => {
      if (index > MAX_COLUMNS) return
      const text = shownText(readCell(cell))
      if (text !== '') cells.push({ index, text })
    })
    const hits = new Set(cells.map(({ text }) => plainHeader(text)).filter((text) => known.has(text))).size
    if (hits > (best?.hits ?? 0)) best = { row, cells, hits }
  }
  return best
}

const names = (column: Column): string[] => [column.header, ...(column.also ?? []), column.key].map(plainHeader)
