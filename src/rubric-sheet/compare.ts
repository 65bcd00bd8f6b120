/** What differs between two rubrics with their words, in the terms of the sheet rather than of the files. */
import type { Prompts } from '../content/prompts.js'
import type { Rubric } from '../core/rubric.js'
import { INDICATOR_COLUMNS } from './indicator-columns.js'
import { indicatorRows } from './indicator-rows.js'
import { levelRows } from './levels.js'
import { LEVEL_COLUMNS, TERM_COLUMNS } from './other-columns.js'
import type { Values } from './pieces.js'
import { settingRows } from './setting-rows.js'
import type { Column } from './sheet-spec.js'
import { SHEET } from './sheet-spec.js'
import { termRows } from './terms.js'

export type Comparable = { readonly rubric: Rubric; readonly zh: Prompts; readonly en: Prompts }
export type Change = { readonly name: string; readonly from?: string; readonly to?: string }
export type Difference = {
  readonly sheet: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** `P1-01 按期换届` */
  readonly what: string
  readonly changes: readonly Change[]
}

/** Empty where both say the same. Order counts: a row that stands elsewhere among the same rows is a change. */
export function compareBooks(a: Comparable, b: Comparable): Difference[] {
  const settings = ({ rubric, zh, en }: Comparable): Values[] =>
    settingRows(rubric, zh, en).map(({ key, name, value, zh: words, en: english }) => ({
      id: key,
      title: name,
      value,
      zh: words,
      en: english,
    }))
  const rows = (build: (rubric: Rubric, zh: Prompts, en: Prompts) => Values[], one: Comparable) =>
    build(one.rubric, one.zh, one.en)
  return [
    ...compareRows(SHEET.settings, settings(a), settings(b), 'id', 'title', SETTING_NAMES, []),
    ...compareRows(SHEET.levels, rows(levelRows, a), rows(levelRows, b), 'id', 'name', names(LEVEL_COLUMNS), ['level']),
    ...compareRows(
      SHEET.indicators,
      rows(indicatorRows, a),
      rows(indicatorRows, b),
      'id',
      'title',
      names(INDICATOR_COLUMNS),
      ['first', 'firstName', 'secondName'],
    ),
    ...compareRows(SHEET.terms, rows(termRows, a), rows(termRows, b), 'term', 'term', names(TERM_COLUMNS), [], false),
  ]
}

const SETTING_NAMES = new Map([
  ['value', '值'],
  ['zh', '中文文字'],
  ['en', '英文文字'],
])
const names = (columns: readonly Column[]) => new Map(columns.map(({ key, header }) => [key, header]))

function compareRows(
  sheet: string,
  before: readonly Values[],
  after: readonly Values[],
  idKey: string,
  titleKey: string,
  columns: ReadonlyMap<string, string>,
  skipped: readonly string[],
  ordered = true,
): Difference[] {
  const idOf = (row: Values): string => String(row[idKey])
  const label = (row: Values): string =>
    row[titleKey] === undefined || titleKey === idKey ? idOf(row) : `${idOf(row)} ${row[titleKey]}`
  const old = new Map(before.map((row) => [idOf(row), row]))
  const now = new Map(after.map((row) => [idOf(row), row]))
  const removed = before
    .filter((row) => !now.has(idOf(row)))
    .map((row) => ({ sheet, kind: 'removed' as const, what: label(row), changes: [] }))
  const moved = ordered ? movedIds([...old.keys()], [...now.keys()]) : new Map<string, string>()
  const rest = after.flatMap((row): Difference[] => {
    const was = old.get(idOf(row))
    if (!was) return [{ sheet, kind: 'added', what: label(row), changes: [] }]
    const changes = changesOf(was, row, columns, [idKey, ...skipped])
    const place = moved.get(idOf(row))
    if (place !== undefined) changes.push({ name: '顺序', to: place })
    return changes.length === 0 ? [] : [{ sheet, kind: 'changed', what: label(row), changes }]
  })
  return [...removed, ...rest]
}

function changesOf(
  was: Values,
  is: Values,
  columns: ReadonlyMap<string, string>,
  skipped: readonly string[],
): Change[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => {
    const name = columns.get(key)
    if (name === undefined || skipped.includes(key) || was[key] === is[key]) return []
    const shown = (side: 'from' | 'to', value: string | number | undefined) =>
      value === undefined ? {} : { [side]: String(value) }
    return [{ name, ...shown('from', was[key]), ...shown('to', is[key]) }]
  })
}

/** Ids that have left the longest run that kept its order, with the id that they now stand behind. */
function movedIds(before: readonly string[], after: readonly string[]): Map<string, string> {
  const both = after.filter((id) => before.includes(id))
  const ranks = both.map((id) => before.indexOf(id))
  // Longest increasing subsequence, by length of the best run that ends at each place.
  const best = ranks.map(() => ({ length: 1, previous: -1 }))
  for (const [i, rank] of ranks.entries())
    for (let j = 0; j < i; j += 1)
      if (ranks[j]! < rank && best[j]!.length + 1 > best[i]!.length)
        best[i] = { length: best[j]!.length + 1, previous: j }
  const kept = new Set<number>()
  let at = best.reduce((top, one, i) => (one.length > (best[top]?.length ?? 0) ? i : top), 0)
  while (at >= 0 && at < both.length) {
    kept.add(at)
    at = best[at]!.previous
  }
  const moved = new Map<string, string>()
  for (const [i, id] of both.entries())
    if (!kept.has(i)) moved.set(id, both[i - 1] ? `在 ${both[i - 1]} 之后` : '移到最前')
  return moved
}
