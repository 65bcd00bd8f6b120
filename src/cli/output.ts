/** Where a command prints to, and text in columns that also line up with Chinese. */
import type { Words } from '../rubric-sheet/faults.js'
import { textWidth } from '../rubric-sheet/look.js'

export type Language = keyof Words
export type Output = {
  readonly language: Language
  /** A line for the reader, to standard output. */
  readonly say: (zh: string, en?: string) => void
  /** A line about what went wrong, to standard error. */
  readonly complain: (zh: string, en?: string) => void
}

/** Exit codes of every command: done, faults in the content, could not be done (usage, files). */
export const EXIT = { done: 0, faults: 1, trouble: 2 } as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]

/** Binds a language to two writers of lines. */
export function createOutput(language: Language, out: (line: string) => void, err: (line: string) => void): Output {
  const pick = (zh: string, en?: string): string => (language === 'en' ? (en ?? zh) : zh)
  return { language, say: (zh, en) => out(pick(zh, en)), complain: (zh, en) => err(pick(zh, en)) }
}

/** Rows as lines with columns of equal width; `right` names the columns that are set flush right. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const pad = ' '.repeat(Math.max(0, widths[i]! - textWidth(cell)))
        return right.includes(i) ? pad + cell : cell + pad
      })
      .join('  ')
      .trimEnd(),
  )
}
