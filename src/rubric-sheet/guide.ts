/** Sheet 《填表说明》: how to fill in the workbook, and every column in plain words. */
import type { Worksheet } from '@cj-tech-master/excelts'
import { INDICATOR_COLUMNS } from './indicator-columns.js'
import { fitRow, putValue, setUpPrint, styleBody, styleHeader, styleTitle } from './look.js'
import { LEVEL_COLUMNS, SETTING_COLUMNS, TERM_COLUMNS } from './other-columns.js'
import { type Column, NOTHING, SHEET } from './sheet-spec.js'

const STEPS = [
  '1. 先填《设置》:换成官方表时,改“评分表代号”和“版本”,“状态”选“正式”,核对总分、指标个数、等级和分数线。',
  '2. 再填《一二级指标》:从上到下就是评定的顺序,一级指标下面接着写它的二级指标。',
  '3. 然后填《指标》:一行一个三级指标;列的先后可以调换,可以加自己的列(导入时会提示没有读取)。',
  '4. 有新的岗位、查验方法或单位时,在《词语》里补英文;不填英文则英文界面显示中文。',
  '5. 保存为 .xlsx,交给管理员导入。导入时会一次列出全部问题(表、行、列),改好再导入;有问题时什么都不会写入。',
]
const NOTES = [
  '表头带 * 并有红线的列必填。浅黄色的格子是项目草案;把对应的“出处”改为“原文”后,颜色自动消失。',
  '一格里写多条时,每条一行:按 Alt+Enter 换行。',
  `英文留空会照抄中文并给出提醒;确实不要英文时写 ${NOTHING}。`,
  '条款号、编号请用“文本”格式,避免 5.10 变成 5.1。',
]
const HEADERS = [
  ['表', 12],
  ['列', 16],
  ['必填', 10],
  ['说明', 58],
  ['可填内容', 42],
  ['例子', 24],
] as const
const NEED = { yes: '必填', no: '可不填', when: '看情况' } as const

/** Writes the steps and then one row for each column of the other sheets. */
export function writeGuide(sheet: Worksheet): void {
  for (const [i, [, width]] of HEADERS.entries()) sheet.getColumn(i + 1).width = width
  sheet.mergeCells(1, 1, 1, HEADERS.length)
  sheet.getCell(1, 1).value = '填表说明'
  styleTitle(sheet.getCell(1, 1))
  sheet.getRow(1).height = 30
  let row = 2
  for (const text of [...STEPS, ...NOTES]) {
    sheet.mergeCells(row, 1, row, HEADERS.length)
    const cell = sheet.getCell(row, 1)
    cell.value = text
    styleBody(cell, false)
    cell.border = {}
    fitRow(sheet.getRow(row), [{ text, width: HEADERS.reduce((sum, [, width]) => sum + width, 0) }])
    row += 1
  }
  row += 1
  for (const [i, [header]] of HEADERS.entries()) {
    sheet.getCell(row, i + 1).value = header
    styleHeader(sheet.getCell(row, i + 1), 2, false)
  }
  sheet.getRow(row).height = 24
  for (const [name, columns] of [
    [SHEET.settings, SETTING_COLUMNS],
    [SHEET.levels, LEVEL_COLUMNS],
    [SHEET.indicators, INDICATOR_COLUMNS],
    [SHEET.terms, TERM_COLUMNS],
  ] as const)
    for (const column of columns) {
      row += 1
      writeColumn(sheet, row, name, column)
    }
  sheet.views = [{ state: 'frozen', xSplit: 0, ySplit: 1, zoomScale: 100 }]
  setUpPrint(sheet, 1)
}

function writeColumn(sheet: Worksheet, row: number, name: string, column: Column): void {
  const texts = [
    name,
    column.header,
    column.info ? '只供阅读' : NEED[column.need],
    column.what,
    column.allowed ?? column.choices?.join('、') ?? '',
    column.example ?? '',
  ]
  for (const [i, text] of texts.entries()) {
    const cell = sheet.getCell(row, i + 1)
    putValue(cell, text)
    styleBody(cell, i < 3)
  }
  fitRow(
    sheet.getRow(row),
    texts.map((text, i) => ({ text, width: HEADERS[i]![1] })),
  )
}
