/** What the sheets of the workbook are called and how a column is described. One list serves writing, reading and explaining. */

/** Sheet names in the order of the workbook. */
export const SHEET = {
  indicators: '指标',
  guide: '填表说明',
  settings: '设置',
  levels: '一二级指标',
  terms: '词语',
} as const
export const SHEETS: readonly string[] = Object.values(SHEET)

/** The languages that a workbook carries; the first is the standard's own. */
export const LANGUAGES = ['zh-CN', 'en'] as const

/** Most rows of a sheet that are read: twenty times the 92 indicators of the standard. */
export const MAX_ROWS = 2_000
/** Most columns of a sheet that are looked at. */
export const MAX_COLUMNS = 200

/** Stands in an optional cell for "deliberately nothing", where an empty cell would mean "take the Chinese text". */
export const NOTHING = '(无)'

/** Excel shows ##### for text-formatted cells beyond this length in old versions, so longer text stays in General. */
export const TEXT_FORMAT_MAX = 255

export type Kind = 'id' | 'text' | 'number' | 'choice' | 'lines' | 'bands'

export type Column = {
  readonly key: string
  readonly header: string
  /** Other headers under which the column is recognised. */
  readonly also?: readonly string[]
  readonly group: string
  readonly width: number
  readonly kind: Kind
  readonly choices?: readonly string[]
  readonly need: 'yes' | 'no' | 'when'
  readonly what: string
  readonly allowed?: string
  readonly example?: string
  /** Written only where some row uses it. */
  readonly rare?: true
  /** Key of the provenance column that says whether this cell is the standard's own text. */
  readonly source?: string
  /** Shown only; never read. */
  readonly info?: true
}

export const YESNO = ['是', '否'] as const
export const SOURCES = ['原文', '草案'] as const

/** A header as it is compared: no blanks, marks of required columns or differences of width. */
export function plainHeader(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s*※★]+/g, '')
    .replace(/[:;]$/, '')
    .toLowerCase()
}
