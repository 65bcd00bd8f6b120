/** Small pieces that the readers and writers of all sheets share. */

import type { Raw } from './cells.js'
import type { Row, Table } from './grid.js'
import { isNothing, type Parsed, parseChoice } from './parse-cell.js'
import type { Path, Reading } from './reading.js'
import { NOTHING, SOURCES } from './sheet-spec.js'

/** Data on its way to the schema, which judges it. */
export type Loose = Record<string, unknown>
/** What a row writes, by column key. */
export type Values = Record<string, string | number | undefined>

type Source = 'verbatim' | 'draft'

/** `verbatim` → 原文. */
export function sourceWord(source: Source): string {
  return source === 'verbatim' ? SOURCES[0] : SOURCES[1]
}

/** 原文 → `verbatim`, 草案 and empty → nothing, which means draft. */
export function readSource(
  table: Table,
  row: Row,
  key: string,
  at: { where: 'rubric'; path: Path },
  reading: Reading,
): Source | undefined {
  const word = reading.take(table, row, key, at, (raw) => parseChoice(raw, SOURCES), undefined)
  return word === '原文' ? 'verbatim' : undefined
}

/** An object without its undefined members. */
export function pruned(data: Loose): Loose {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
}

/** What the English cell shows: `(无)` where the Chinese has words and the English deliberately none. */
export function englishCell(chinese: unknown, own: string | undefined): string | undefined {
  return own ?? (chinese === undefined ? undefined : NOTHING)
}

/**
 * Reads the English twin of a Chinese cell. Empty: the Chinese is copied with a warning, and faults of the copy point
 * at the Chinese cell. `(无)`: nothing.
 */
export function english<T extends string | string[]>(
  table: Table,
  row: Row,
  chineseKeys: readonly string[],
  key: string,
  path: Path,
  parse: (raw: Raw) => Parsed<T>,
  chinese: T | undefined,
  reading: Reading,
): T | undefined {
  const raw = row.cells.get(key)
  if (raw?.kind === 'text' && isNothing(raw.text)) return undefined
  if (raw) return reading.take(table, row, key, { where: 'prompts/en', path }, parse, chinese)
  const source = chineseKeys.find((one) => row.cells.has(one)) ?? chineseKeys.at(-1)!
  reading.origin('prompts/en', path, table.place(row, source))
  if (chinese !== undefined)
    reading.warn(
      { ...table.place(row, key) },
      { zh: '英文没有填,照抄了中文', en: 'no English words; the Chinese ones were copied' },
    )
  return chinese
}
