/** An empty list of communities to fill in: the header, an example that an import leaves out, and what the columns mean. */
import { Workbook, type Worksheet } from '@cj-tech-master/excelts'
import type { Say } from '../app/words.js'
import { fitRow, putValue, setUpPrint, styleBody, styleHeader, styleTitle } from '../rubric-sheet/look.js'
import { COMMUNITY_COLUMNS, EXAMPLES } from './community-columns.js'

/** Rows that are ready to be filled in. */
const SPARE_ROWS = 200
const GUIDE_WIDTHS = [20, 12, 70] as const
const STEPS = ['order', 'example', 'again', 'check'] as const

/** The xlsx bytes, with headers in one of the languages of `EXAMPLES`. */
export async function communitiesTemplate(language: keyof typeof EXAMPLES, say: Say): Promise<Uint8Array> {
  const workbook = new Workbook()
  workbook.creator = 'hexie'
  const titleOf = ({ zh, en }: (typeof COMMUNITY_COLUMNS)[number]) => (language === 'en' ? en : zh)
  const sheet = workbook.addWorksheet(say('admin_cli.template.sheet'))
  for (const [i, column] of COMMUNITY_COLUMNS.entries()) {
    sheet.getColumn(i + 1).width = column.width
    const header = sheet.getCell(1, i + 1)
    header.value = column.required ? `${titleOf(column)} *` : titleOf(column)
    styleHeader(header, 0, column.required)
    const example = sheet.getCell(2, i + 1)
    putValue(example, EXAMPLES[language][column.key])
    styleBody(example, false, true)
    for (let row = 3; row <= SPARE_ROWS; row += 1) styleBody(sheet.getCell(row, i + 1), false)
  }
  sheet.getRow(1).height = 28
  sheet.views = [{ state: 'frozen', xSplit: 0, ySplit: 1 }]
  setUpPrint(sheet, 1)
  writeGuide(workbook.addWorksheet(say('admin_cli.template.guide')), titleOf, say)
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

function writeGuide(sheet: Worksheet, titleOf: (column: (typeof COMMUNITY_COLUMNS)[number]) => string, say: Say): void {
  for (const [i, width] of GUIDE_WIDTHS.entries()) sheet.getColumn(i + 1).width = width
  const whole = GUIDE_WIDTHS.reduce((sum, width) => sum + width, 0)
  const title = sheet.getCell(1, 1)
  title.value = say('admin_cli.template.guide')
  styleTitle(title)
  let row = 2
  for (const step of STEPS) {
    sheet.mergeCells(row, 1, row, GUIDE_WIDTHS.length)
    const text = say(`admin_cli.template.step.${step}`)
    sheet.getCell(row, 1).value = text
    styleBody(sheet.getCell(row, 1), false)
    fitRow(sheet.getRow(row), [{ text, width: whole }])
    row += 1
  }
  const headers = ['column', 'need', 'meaning'].map((key) => say(`admin_cli.template.${key}`))
  for (const [i, text] of headers.entries()) {
    sheet.getCell(row + 1, i + 1).value = text
    styleHeader(sheet.getCell(row + 1, i + 1), 2, false)
  }
  row += 2
  for (const column of COMMUNITY_COLUMNS) {
    const need = say(`admin_cli.template.${column.required ? 'required' : 'optional'}`)
    const texts = [titleOf(column), need, say(`admin_cli.template.about.${column.key}`)]
    for (const [i, text] of texts.entries()) {
      putValue(sheet.getCell(row, i + 1), text)
      styleBody(sheet.getCell(row, i + 1), false)
    }
    fitRow(
      sheet.getRow(row),
      texts.map((text, i) => ({ text, width: GUIDE_WIDTHS[i]! })),
    )
    row += 1
  }
  setUpPrint(sheet, 1)
}
