/** What one cell holds, freed from the forms in which spreadsheets store it. */
import type { Cell, CellValue } from '@cj-tech-master/excelts'
import type { Words } from './faults.js'

export type Raw =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string }
  /** `percent`: the cell is formatted as a percentage, so 0.9 was typed as 90%. */
  | { readonly kind: 'number'; readonly value: number; readonly percent: boolean }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'bad'; readonly words: Words; readonly shown: string }

export const EMPTY: Raw = { kind: 'empty' }

/** Reads a cell: rich text and links as their text, formulas as the result that was saved with them. */
export function readCell(cell: Cell): Raw {
  const format = cell.numFmt
  return rawOf(cell.value, typeof format === 'string' ? format : format?.formatCode)
}

/** The text of a cell as a message repeats it; empty for an empty cell. */
export function shownText(raw: Raw): string {
  switch (raw.kind) {
    case 'empty':
      return ''
    case 'text':
      return raw.text
    case 'number':
      return raw.percent ? `${tidy(raw.value * 100)}%` : String(raw.value)
    case 'flag':
      return raw.value ? 'TRUE' : 'FALSE'
    case 'bad':
      return raw.shown
  }
}

/** Takes away the noise of binary fractions: 0.57 × 100 is 57. */
export function tidy(value: number): number {
  return Number.parseFloat(value.toPrecision(12))
}

/** Text without what cannot be seen: zero-width marks, carriage returns, blanks at either end and at line ends. */
export function cleanText(text: string): string {
  return text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+$/gm, '')
    .trim()
}

/** Whether a number format shows percentages; a percent sign in quotes or behind a backslash is only decoration. */
export function isPercentFormat(format: string | undefined): boolean {
  return /%/.test((format ?? '').replace(/"[^"]*"|\\./g, ''))
}

function rawOf(value: CellValue, format: string | undefined): Raw {
  if (value === null || value === undefined) return EMPTY
  if (typeof value === 'string') return textOf(value)
  if (typeof value === 'number') return { kind: 'number', value, percent: isPercentFormat(format) }
  if (typeof value === 'boolean') return { kind: 'flag', value }
  if (value instanceof Date)
    return {
      kind: 'bad',
      words: {
        zh: '这里是日期格式,请把单元格改为“文本”格式后重填',
        en: 'expected text or a number, got a date; format the cell as text',
      },
      shown: Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10),
    }
  if ('richText' in value) return textOf(value.richText.map(({ text }) => text).join(''))
  if ('error' in value)
    return {
      kind: 'bad',
      words: { zh: '公式出错,请改正公式或直接填写', en: 'the formula of this cell has an error' },
      shown: String(value.error),
    }
  if ('hyperlink' in value) return rawOf(linkText(value.text), format)
  if ('checkbox' in value) return { kind: 'flag', value: value.checkbox }
  if (value.result !== undefined && value.result !== null) return rawOf(value.result, format)
  return {
    kind: 'bad',
    words: {
      zh: '公式没有保存计算结果,请用 Excel 或 WPS 打开后保存一次,或直接填写',
      en: 'the formula has no saved result; open and save the file once, or type the value',
    },
    shown: `=${value.formula ?? ''}`,
  }
}

/** The text of a link may itself be rich text, although its type says string. */
function linkText(text: unknown): CellValue {
  return typeof text === 'object' && text !== null ? (text as CellValue) : String(text ?? '')
}

function textOf(text: string): Raw {
  const clean = cleanText(text)
  return clean === '' ? EMPTY : { kind: 'text', text: clean }
}
