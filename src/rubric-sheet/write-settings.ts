/** Sheet 《设置》. */
import type { Worksheet } from '@cj-tech-master/excelts'
import type { Prompts } from '../content/prompts.js'
import type { Rubric } from '../core/rubric.js'
import { addChoices, fitRow, putValue, setUpPrint, styleBody, styleHeader } from './look.js'
import { SETTING_COLUMNS } from './other-columns.js'
import { type SettingRow, settingRows } from './setting-rows.js'
import { STATUS } from './settings-spec.js'
import { SOURCES, YESNO } from './sheet-spec.js'

const CHOICES: Partial<Record<SettingRow['kind'], readonly string[]>> = {
  yesno: YESNO,
  status: Object.values(STATUS),
  source: SOURCES,
}

/** Writes one row a setting; required values are marked, drop-downs stand where there is a choice. */
export function writeSettings(sheet: Worksheet, rubric: Rubric, zh: Prompts, en: Prompts): void {
  for (const [i, column] of SETTING_COLUMNS.entries()) {
    sheet.getColumn(i + 1).width = column.width
    const header = sheet.getCell(1, i + 1)
    header.value = column.need === 'yes' ? `${column.header} *` : column.header
    styleHeader(header, 3, column.need === 'yes')
  }
  sheet.getRow(1).height = 28
  for (const [r, setting] of settingRows(rubric, zh, en).entries()) writeRow(sheet, r + 2, setting)
  sheet.views = [{ state: 'frozen', xSplit: 2, ySplit: 1, zoomScale: 90 }]
  setUpPrint(sheet, 1)
}

function writeRow(sheet: Worksheet, number: number, setting: SettingRow): void {
  const row = sheet.getRow(number)
  const name = setting.need ? `${setting.name} *` : setting.name
  const values = { ...setting, name }
  for (const [i, { key, info }] of SETTING_COLUMNS.entries()) {
    const cell = row.getCell(i + 1)
    putValue(cell, values[key as 'name'])
    styleBody(cell, key === 'value' && setting.kind !== 'text', info === true || key === 'key')
    if (key === 'value' && setting.kind === 'ratio') cell.numFmt = '0.##%'
    const choices = key === 'value' ? CHOICES[setting.kind] : undefined
    if (choices) addChoices(sheet, cell.address, { header: setting.name, choices })
  }
  fitRow(
    row,
    SETTING_COLUMNS.map(({ key, width }) => ({ text: String(values[key as 'name'] ?? ''), width })),
  )
}
