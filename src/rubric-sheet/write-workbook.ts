/** From a rubric with its words to a workbook that an official can read, fill in and send back. */
import { Workbook, type Worksheet } from '@cj-tech-master/excelts'
import type { Prompts } from '../content/prompts.js'
import type { Rubric } from '../core/rubric.js'
import { columnLetter } from './faults.js'
import { writeGuide } from './guide.js'
import { INDICATOR_COLUMNS } from './indicator-columns.js'
import { indicatorRows } from './indicator-rows.js'
import { levelRows } from './levels.js'
import {
  addChoices,
  fitRow,
  putValue,
  SPARE_ROWS,
  setUpPrint,
  styleBand,
  styleBody,
  styleHeader,
  tintDraft,
} from './look.js'
import { LEVEL_COLUMNS, TERM_COLUMNS } from './other-columns.js'
import type { Values } from './pieces.js'
import { type Column, SHEET } from './sheet-spec.js'
import { termRows } from './terms.js'
import { writeSettings } from './write-settings.js'

/** Columns that stay in view on 《指标》: levels, id and title. */
const FROZEN = 6

/** The xlsx bytes. The same rubric gives the same cells; only the file's time stamps differ. */
export async function writeWorkbook(rubric: Rubric, prompts: { zh: Prompts; en: Prompts }): Promise<Uint8Array> {
  const { zh, en } = prompts
  const workbook = new Workbook()
  workbook.creator = 'hexie'
  workbook.title = rubric.title
  const indicators = indicatorRows(rubric, zh, en)
  const sheet = workbook.addWorksheet(SHEET.indicators, { properties: { tabColor: { argb: 'FF1F4E79' } } })
  writeTable(sheet, INDICATOR_COLUMNS, indicators, { band: true, frozen: FROZEN })
  setUpPrint(sheet, 2, `A:${columnLetter(FROZEN)}`)

  writeGuide(workbook.addWorksheet(SHEET.guide, { properties: { tabColor: { argb: 'FF548235' } } }))
  writeSettings(
    workbook.addWorksheet(SHEET.settings, { properties: { tabColor: { argb: 'FF7F6000' } } }),
    rubric,
    zh,
    en,
  )

  const levels = workbook.addWorksheet(SHEET.levels, { properties: { tabColor: { argb: 'FF2E75B6' } } })
  writeTable(levels, LEVEL_COLUMNS, levelRows(rubric, zh, en), { band: false, frozen: 2 })
  addSums(levels, rubric)
  setUpPrint(levels, 1)

  const terms = workbook.addWorksheet(SHEET.terms, { properties: { tabColor: { argb: 'FF44546A' } } })
  writeTable(terms, TERM_COLUMNS, termRows(rubric, zh, en), { band: false, frozen: 1 })
  setUpPrint(terms, 1)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

type Layout = { readonly band: boolean; readonly frozen: number }

function writeTable(sheet: Worksheet, all: readonly Column[], rows: readonly Values[], layout: Layout): void {
  const columns = all.filter((column) => !column.rare || rows.some((row) => row[column.key] !== undefined))
  const top = layout.band ? 2 : 1
  const groups = [...new Set(columns.map(({ group }) => group))]
  for (const [i, column] of columns.entries()) {
    sheet.getColumn(i + 1).width = column.width
    // So that ids and clauses typed into empty cells stay as typed: 5.10 is not 5.1, and 5-1 is no date.
    if (isCode(column)) sheet.getColumn(i + 1).numFmt = '@'
    const header = sheet.getCell(top, i + 1)
    header.value = column.need === 'yes' ? `${column.header} *` : column.header
    styleHeader(header, groups.indexOf(column.group), column.need === 'yes')
  }
  if (layout.band) writeBand(sheet, columns, groups)
  sheet.getRow(top).height = 34
  for (const [r, values] of rows.entries()) {
    const row = sheet.getRow(top + 1 + r)
    for (const [i, column] of columns.entries()) {
      const cell = row.getCell(i + 1)
      putValue(cell, values[column.key])
      if (isCode(column)) cell.numFmt = '@'
      styleBody(cell, column.kind !== 'text' && column.kind !== 'lines', column.info)
    }
    fitRow(
      row,
      columns.map(({ key, width }) => ({ text: String(values[key] ?? ''), width })),
    )
  }
  addBehaviour(sheet, columns, top + 1, top + rows.length + SPARE_ROWS)
  sheet.views = [{ state: 'frozen', xSplit: layout.frozen, ySplit: top, zoomScale: 90 }]
  sheet.autoFilter = { from: { row: top, column: 1 }, to: { row: top + rows.length, column: columns.length } }
}

const isCode = ({ key, kind }: Column): boolean => kind === 'id' || key === 'clause' || key === 'bands'

/** Row 1: one coloured bar above each group of columns; not merged, so that columns can be moved and sorted. */
function writeBand(sheet: Worksheet, columns: readonly Column[], groups: readonly string[]): void {
  for (const [i, { group }] of columns.entries()) {
    const cell = sheet.getCell(1, i + 1)
    if (columns[i - 1]?.group !== group) cell.value = group
    styleBand(cell, groups.indexOf(group))
  }
  sheet.getRow(1).height = 20
}

function addBehaviour(sheet: Worksheet, columns: readonly Column[], from: number, to: number): void {
  const letter = (key: string): string => columnLetter(columns.findIndex((one) => one.key === key) + 1)
  for (const [i, column] of columns.entries()) {
    const own = columnLetter(i + 1)
    if (column.choices) addChoices(sheet, `${own}${from}:${own}${to}`, column)
    if (column.source) tintDraft(sheet, own, letter(column.source), from, to, i + 1)
  }
}

/** Points of each level as formulas over 《指标》, so that an official sees the sums while filling in. */
function addSums(sheet: Worksheet, rubric: Rubric): void {
  const at = LEVEL_COLUMNS.filter((column) => !column.rare)
  const letterOf = (key: string) => columnLetter(INDICATOR_COLUMNS.findIndex((one) => one.key === key) + 1)
  const indexOf = (header: string) => {
    for (let i = 1; i <= LEVEL_COLUMNS.length; i += 1)
      if (String(sheet.getCell(1, i).value ?? '').startsWith(header)) return i
    return at.length
  }
  const target = indexOf('分值合计')
  const id = columnLetter(indexOf('编号'))
  let row = 2
  const put = (column: string, result: number): void => {
    const range = (letter: string) => `${SHEET.indicators}!$${letter}:$${letter}`
    const formula = `SUMIF(${range(column)},${id}${row},${range(letterOf('points'))})`
    sheet.getCell(row, target).value = { formula, result }
    row += 1
  }
  for (const first of rubric.first_level) {
    const sums = first.second_level.map((one) => one.indicators.reduce((sum, { points }) => sum + points, 0))
    put(
      letterOf('first'),
      sums.reduce((a, b) => a + b, 0),
    )
    for (const sum of sums) put(letterOf('second'), sum)
  }
}
