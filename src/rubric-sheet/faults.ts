/**
 * The spreadsheet form of a rubric: a workbook that an official fills in Excel or WPS, and the way back.
 * What lives here is pure: bytes or a workbook in, data and faults out. Files, zip guards and printing stand in src/cli.
 *
 * This file: what is wrong in a workbook and where, in words that point at one cell.
 */

/** One sentence in both languages. */
export type Words = { readonly zh: string; readonly en: string }

/** A spot in a workbook; `column` counts from 1, `found` is what the cell shows. */
export type Place = {
  readonly sheet: string
  readonly row?: number
  readonly column?: number
  readonly header?: string
  readonly found?: string
}

export type SheetFault = { readonly place: Place; readonly words: Words }

/** Longest piece of a cell that a message repeats; the rest is cut with an ellipsis. */
const FOUND_MAX = 40

/** `1` → `A`, `27` → `AA`. */
export function columnLetter(column: number): string {
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}

/** `《指标》第 14 行 J 列“分值”` or `sheet 指标, row 14, column J (分值)`. */
export function placeText({ sheet, row, column, header }: Place, language: keyof Words): string {
  if (language === 'en')
    return [
      `sheet ${sheet}`,
      ...(row === undefined ? [] : [`row ${row}`]),
      ...(column === undefined ? [] : [`column ${columnLetter(column)}`]),
      ...(header === undefined ? [] : [`(${header})`]),
    ].join(', ')
  const spot = [
    ...(row === undefined ? [] : [`第 ${row} 行`]),
    ...(column === undefined ? [] : [`${columnLetter(column)} 列`]),
  ].join(' ')
  return `《${sheet}》${spot}${header === undefined ? '' : `“${header}”`}`
}

/** The whole line for one fault, place first. */
export function faultText({ place, words }: SheetFault, language: keyof Words): string {
  return `${placeText(place, language)}${language === 'en' ? ': ' : ':'}${words[language]}`
}

/** `words` with what the cell shows behind it: `…,实际为“十二”`. */
export function withFound(words: Words, found: string | undefined): Words {
  if (found === undefined || found === '') return { zh: `${words.zh};现在是空的`, en: `${words.en}; the cell is empty` }
  return { zh: `${words.zh};现在是“${shorten(found)}”`, en: `${words.en}; found "${shorten(found)}"` }
}

/** One line of at most 40 characters. */
export function shorten(text: string, most = FOUND_MAX): string {
  const line = text.replace(/\s*\n\s*/g, ' ⏎ ')
  const characters = [...line]
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`
}

/** A list that keeps each fault once, in the order of sheet rows within the order of sheets. */
export function sortFaults(faults: readonly SheetFault[], sheets: readonly string[]): SheetFault[] {
  const once = new Map(faults.map((fault) => [faultText(fault, 'zh'), fault]))
  const rank = ({ place }: SheetFault): number[] => [
    sheets.indexOf(place.sheet),
    place.row ?? 0,
    place.column ?? Number.MAX_SAFE_INTEGER,
  ]
  return [...once.values()].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)]
    return left.map((value, i) => value - right[i]!).find((difference) => difference !== 0) ?? 0
  })
}
