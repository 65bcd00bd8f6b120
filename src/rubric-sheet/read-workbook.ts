/** From a workbook to a rubric and its words, or to every fault with its cell. */
import { Workbook, type Worksheet } from '@cj-tech-master/excelts'
import type { Prompts } from '../content/prompts.js'
import type { Rubric } from '../core/rubric.js'
import { checkBook } from './check-book.js'
import { type SheetFault, sortFaults } from './faults.js'
import { readTable, type Table } from './grid.js'
import { INDICATOR_COLUMNS } from './indicator-columns.js'
import { readLevels } from './levels.js'
import { LEVEL_COLUMNS, SETTING_COLUMNS, TERM_COLUMNS } from './other-columns.js'
import { type Loose, pruned } from './pieces.js'
import { readIndicators } from './read-indicators.js'
import { readSettings } from './read-settings.js'
import { createReading, type Reading } from './reading.js'
import { type Column, plainHeader, SHEET, SHEETS } from './sheet-spec.js'
import { readTerms, warnOfTerms } from './terms.js'

export type ImportedBook = { readonly rubric: Rubric; readonly prompts: { 'zh-CN': Prompts; en: Prompts } }
export type ReadBook =
  | { readonly ok: true; readonly book: ImportedBook; readonly warnings: readonly SheetFault[] }
  | { readonly ok: false; readonly faults: readonly SheetFault[]; readonly warnings: readonly SheetFault[] }

/**
 * Reads the unpacked parts of an xlsx file, by path, that have passed the guard against zip bombs. Throws what the
 * library throws for parts that are no workbook; everything inside a workbook is a fault, and all faults come at once.
 */
export async function readWorkbook(parts: Readonly<Record<string, Uint8Array>>): Promise<ReadBook> {
  return readBook(await loadWorkbook(parts))
}

/** The workbook itself, whatever it is about, from the same parts and with the same care. */
export async function loadWorkbook(parts: Readonly<Record<string, Uint8Array>>): Promise<Workbook> {
  const workbook = new Workbook()
  const wanted = Object.fromEntries(Object.entries(parts).filter(([path]) => WANTED.test(path)))
  await workbook.xlsx.loadFromFiles(wanted, { ignoreNodes: IGNORED })
  return workbook
}

/** The parts that hold cells; pictures, comments, tables and the like are left alone. */
const WANTED =
  /^(\[Content_Types\]\.xml|_rels\/.*|xl\/(workbook|styles|sharedStrings)\.xml|xl\/_rels\/.*|xl\/worksheets\/[^/]+\.xml)$/i
/** Parts of a sheet that hold no data, some of them costly to read or pointing at parts that are left alone. */
const IGNORED = [
  'dataValidations',
  'conditionalFormatting',
  'hyperlinks',
  'drawing',
  'legacyDrawing',
  'picture',
  'controls',
  'tableParts',
  'rowBreaks',
  'colBreaks',
  'extLst',
]

function readBook(workbook: Workbook): ReadBook {
  const reading = createReading()
  const sheets = findSheets(workbook, reading)
  const table = (name: string, columns: readonly Column[]): Table | undefined => {
    const sheet = sheets.get(name)
    return sheet && readTable(sheet, name, columns, reading)
  }
  const settingTable = table(SHEET.settings, SETTING_COLUMNS)
  const levelTable = table(SHEET.levels, LEVEL_COLUMNS)
  const indicatorTable = table(SHEET.indicators, INDICATOR_COLUMNS)
  const termTable = table(SHEET.terms, TERM_COLUMNS)
  anchor(reading)
  if (settingTable && levelTable && indicatorTable) {
    const settings = readSettings(settingTable, reading)
    const levels = readLevels(levelTable, reading)
    const words = readIndicators(indicatorTable, levels, reading)
    const terms = readTerms(termTable, reading)
    const join = (language: string, own: Loose, key: 'zh' | 'en'): Loose =>
      pruned({ language, ...own, levels: levels[key], terms: terms[key], indicators: words[key] })
    const data = {
      rubric: { ...settings.rubric, first_level: levels.data },
      zh: join('zh-CN', settings.zh, 'zh'),
      en: join('en', settings.en, 'en'),
    }
    const sound = checkBook(data, reading)
    if (sound) warnOfTerms(sound.rubric, terms.en, termTable, SHEET.terms, reading)
    const warnings = sortFaults(reading.warnings, SHEETS)
    if (sound)
      return { ok: true, book: { rubric: sound.rubric, prompts: { 'zh-CN': sound.zh, en: sound.en } }, warnings }
  }
  return { ok: false, faults: sortFaults(reading.faults, SHEETS), warnings: sortFaults(reading.warnings, SHEETS) }
}

function findSheets(workbook: Workbook, reading: Reading): Map<string, Worksheet> {
  const found = new Map<string, Worksheet>()
  const names: string[] = []
  for (const sheet of workbook.worksheets) {
    names.push(sheet.name)
    const name = SHEETS.find((one) => plainHeader(sheet.name).replace(/[《》]/g, '') === one)
    if (name && !found.has(name)) found.set(name, sheet)
    else if (!name) reading.warn({ sheet: sheet.name }, { zh: '不认识这张表,没有读取', en: 'unknown sheet, not read' })
  }
  for (const name of [SHEET.indicators, SHEET.settings, SHEET.levels])
    if (!found.has(name))
      reading.fault(
        { sheet: name },
        {
          zh: `缺少这张表;文件里有:${names.join('、') || '(没有)'}。请先用 export 导出一份,在它上面填写`,
          en: `this sheet is missing; the file has: ${names.join(', ') || '(none)'}`,
        },
      )
  return found
}

/** Where faults about whole parts point when no row holds them. */
function anchor(reading: Reading): void {
  reading.origin('rubric', [], { sheet: SHEET.settings })
  reading.origin('rubric', ['first_level'], { sheet: SHEET.levels })
  for (const where of ['prompts/zh-CN', 'prompts/en'] as const) {
    reading.origin(where, [], { sheet: SHEET.settings })
    reading.origin(where, ['levels'], { sheet: SHEET.levels })
    reading.origin(where, ['indicators'], { sheet: SHEET.indicators })
    reading.origin(where, ['terms'], { sheet: SHEET.terms })
  }
}
