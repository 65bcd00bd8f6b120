/** The words of one row of sheet 《指标》 in both languages. */
import type { Raw } from './cells.js'
import type { Row, Table } from './grid.js'
import { type Parsed, parseLines, parseText } from './parse-cell.js'
import { english, type Loose, pruned } from './pieces.js'
import type { Reading } from './reading.js'

/** In the order in which the files hold them; `list` marks one entry a line. */
const PIECES = [
  ['question', parseText],
  ['hint', parseText],
  ['measure', parseText],
  ['checks', parseLines],
  ['vetoes', parseLines],
  ['not_applicable', parseText],
  ['evidence', parseLines],
  ['reasons', parseLines],
  ['suggestions', parseLines],
] as const

/** Reads Chinese and English; an empty English cell takes the Chinese words, with a warning. */
export function readIndicatorWords(table: Table, row: Row, id: string, reading: Reading): { zh: Loose; en: Loose } {
  const at = (key: string) => ({ where: 'prompts/zh-CN', path: ['indicators', id, key] }) as const
  for (const where of ['prompts/zh-CN', 'prompts/en'] as const)
    reading.origin(where, ['indicators', id], table.place(row, 'id'))
  const shown = reading.take(table, row, 'zh.title', at('title'), parseText, '-')
  // An unreadable title is reported here and where the rubric reads it, and kept once.
  const title = shown ?? reading.read(table, row, 'title', parseText).value
  if (shown === undefined) reading.origin('prompts/zh-CN', ['indicators', id, 'title'], table.place(row, 'title'))
  const zh: Loose = {
    title,
    requirement: reading.take(table, row, 'zh.requirement', at('requirement'), parseText, undefined),
  }
  const path = (key: string) => ['indicators', id, key]
  const en: Loose = {
    title: english(table, row, ['zh.title', 'title'], 'en.title', path('title'), parseText, title, reading),
    requirement: readTranslation(table, row, id, reading),
  }
  for (const [key, parse] of PIECES) {
    const own = parse as (raw: Raw) => Parsed<string | string[]>
    const standIn = parse === parseLines ? ['-'] : '-'
    const value = reading.take(table, row, `zh.${key}`, at(key), own, standIn)
    // `(无)` in a list is the same as an empty cell: a list of nothing is no list.
    zh[key] = Array.isArray(value) && value.length === 0 ? undefined : value
    en[key] = english(table, row, [`zh.${key}`], `en.${key}`, path(key), own, zh[key] as string | string[], reading)
  }
  return { zh: pruned(zh), en: pruned(en) }
}

/** Without a translation the English view shows the Chinese requirement, so nothing is copied. */
function readTranslation(table: Table, row: Row, id: string, reading: Reading): string | undefined {
  const at = { where: 'prompts/en', path: ['indicators', id, 'requirement'] } as const
  const value = reading.take(table, row, 'en.requirement', at, parseText, undefined)
  if (value === undefined && !row.cells.has('en.requirement'))
    reading.warn(table.place(row, 'en.requirement'), {
      zh: '没有英文译文,英文界面将显示中文要求',
      en: 'no translation; the English view will show the Chinese requirement',
    })
  return value
}
