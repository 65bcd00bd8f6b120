/** How the workbook looks: fonts, colours, heights and the behaviour of cells. */
import type { Cell, DataValidation, Row, Worksheet } from '@cj-tech-master/excelts'
import type { Column } from './sheet-spec.js'
import { TEXT_FORMAT_MAX } from './sheet-spec.js'

const FONT = '微软雅黑'
const SIZE = 10
/** Excel's own limit for the height of a row, in points. */
const MAX_HEIGHT = 409
const LINE_HEIGHT = 16
/** Rows below the last one that get drop-downs too, so that rows can be added. */
export const SPARE_ROWS = 200

const GROUP_COLORS = ['FF1F4E79', 'FF2E75B6', 'FF548235', 'FF7F6000', 'FF833C0B', 'FF44546A', 'FF5B3F8C', 'FF3B3838']
const DRAFT_TINT = 'FFFFF6DD'
const REQUIRED_TINT = 'FFB42318'
const INFO_TINT = 'FFF2F2F2'
const LINE = { style: 'thin', color: { argb: 'FFD0D5DD' } } as const
const BORDER = { top: LINE, left: LINE, bottom: LINE, right: LINE }

/** Writes text so that a spreadsheet never takes it for a formula, and a number as a number. */
export function putValue(cell: Cell, value: string | number | undefined): void {
  if (value === undefined) return
  cell.value = value
  // Text format keeps `=1+1` and `5.10` as typed when somebody edits the cell.
  if (typeof value === 'string' && (value.length <= TEXT_FORMAT_MAX || /^[=+\-@\t\r]/.test(value))) cell.numFmt = '@'
}

export function styleTitle(cell: Cell): void {
  cell.font = { name: FONT, size: 16, bold: true, color: { argb: 'FF1F4E79' } }
  cell.alignment = { vertical: 'middle' }
}

/** A header cell in the colour of its group; required columns carry a star and a red underline. */
export function styleHeader(cell: Cell, color: number, required: boolean): void {
  cell.font = { name: FONT, size: SIZE, bold: true, color: { argb: 'FFFFFFFF' } }
  cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: GROUP_COLORS[color % GROUP_COLORS.length]! } }
  cell.alignment = { horizontal: 'center', vertical: 'middle', wrapText: true }
  cell.border = { ...BORDER, ...(required ? { bottom: { style: 'thick', color: { argb: REQUIRED_TINT } } } : {}) }
}

/** The bar above the headers of one group. */
export function styleBand(cell: Cell, color: number): void {
  cell.font = { name: FONT, size: SIZE + 1, bold: true, color: { argb: 'FFFFFFFF' } }
  cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: GROUP_COLORS[color % GROUP_COLORS.length]! } }
  cell.alignment = { horizontal: 'left', vertical: 'middle', indent: 1 }
}

export function styleBody(cell: Cell, centred: boolean, info = false): void {
  cell.font = { name: FONT, size: SIZE, ...(info ? { color: { argb: 'FF475467' } } : {}) }
  cell.alignment = { vertical: 'top', wrapText: true, ...(centred ? { horizontal: 'center' as const } : {}) }
  cell.border = BORDER
  if (info) cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: INFO_TINT } }
}

/** The height that the longest wrapped cell of a row needs. */
export function fitRow(row: Row, cells: readonly { text: string; width: number }[]): void {
  const lines = Math.max(1, ...cells.map(({ text, width }) => linesOf(text, width)))
  row.height = Math.min(MAX_HEIGHT, lines * LINE_HEIGHT + 4)
}

/** Tints a column while its source column does not say 原文: also after an official has changed it. */
export function tintDraft(
  sheet: Worksheet,
  column: string,
  source: string,
  from: number,
  to: number,
  priority: number,
): void {
  sheet.addConditionalFormatting({
    ref: `${column}${from}:${column}${to}`,
    rules: [
      {
        type: 'expression',
        priority,
        formulae: [`AND($${column}${from}<>"",$${source}${from}<>"原文")`],
        style: { fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: DRAFT_TINT } } as never },
      },
    ],
  })
}

/** A drop-down over a whole column, kept as one range. */
export function addChoices(sheet: Worksheet, range: string, column: Pick<Column, 'header' | 'choices'>): void {
  const choices = column.choices ?? []
  const validation: DataValidation = {
    type: 'list',
    allowBlank: true,
    formulae: [`"${choices.join(',')}"`],
    showErrorMessage: true,
    errorTitle: column.header,
    error: `请从下拉框里选:${choices.join('、')}`,
  }
  validations(sheet).add(`range:${range}`, validation)
}

/** Landscape pages with repeated headers; `columns` are repeated on the left of every page. */
export function setUpPrint(sheet: Worksheet, headerRows: number, columns?: string): void {
  sheet.pageSetup.orientation = 'landscape'
  sheet.pageSetup.paperSize = columns ? 8 : 9
  sheet.pageSetup.margins = { left: 0.4, right: 0.4, top: 0.5, bottom: 0.5, header: 0.2, footer: 0.2 }
  sheet.pageSetup.printTitlesRow = `1:${headerRows}`
  sheet.headerFooter.oddFooter = '&L&A&R第 &P 页,共 &N 页'
  if (columns) {
    sheet.pageSetup.printTitlesColumn = columns
    sheet.pageSetup.scale = 70
    sheet.pageSetup.pageOrder = 'overThenDown'
  } else {
    sheet.pageSetup.fitToPage = true
    sheet.pageSetup.fitToWidth = 1
    sheet.pageSetup.fitToHeight = 0
  }
}

/** Lines that a text takes in a column of some width (in digits), wide characters counting double. */
export function linesOf(text: string, width: number): number {
  return text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil((textWidth(line) * 1.08) / Math.max(1, width - 1))), 0)
}

/** Columns on a screen: Chinese characters and full-width marks take two. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1
  return width
}

/** The library's types leave the validations of a sheet out. */
function validations(sheet: Worksheet): { add(address: string, validation: DataValidation): void } {
  return (sheet as unknown as { dataValidations: { add(address: string, validation: DataValidation): void } })
    .dataValidations
}
