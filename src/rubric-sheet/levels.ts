/** Sheet 《一二级指标》: the tree that the indicators hang in, in the order of its rows. */

import type { Prompts } from '../content/prompts.js'
import type { FirstLevel, Rubric, SecondLevel } from '../core/rubric.js'
import type { Row, Table } from './grid.js'
import { LEVEL_WORDS } from './other-columns.js'
import { parseChoice, parseCode, parseText } from './parse-cell.js'
import { english, type Loose, pruned, readSource, sourceWord, type Values } from './pieces.js'
import type { Path, Reading } from './reading.js'

export type Spot = {
  readonly id: string
  readonly name: string
  readonly path: Path
  readonly first: string | undefined
}
export type Levels = {
  readonly data: Loose[]
  /** First and second levels by id; `first` is the parent's id, absent for first levels. */
  readonly byId: ReadonlyMap<string, Spot>
  readonly zh: Loose
  readonly en: Loose
}

/** One row a level, first levels followed by their second levels. */
export function levelRows(rubric: Rubric, zh: Prompts, en: Prompts): Values[] {
  const row = (level: 0 | 1, one: FirstLevel | SecondLevel, parent?: string): Values => ({
    level: LEVEL_WORDS[level],
    id: one.id,
    parent,
    name: one.name,
    'zh.name': zh.levels[one.id] === one.name ? undefined : zh.levels[one.id],
    'en.name': en.levels[one.id],
    clause: one.clause,
    'p.name': sourceWord(one.provenance.name),
    'p.placement': sourceWord(one.provenance.placement),
    'p.points': sourceWord(one.provenance.points),
    note: one.provenance.note,
  })
  return rubric.first_level.flatMap((first) => [
    row(0, first),
    ...first.second_level.map((second) => row(1, second, first.id)),
  ])
}

/** Reads the tree; indicators are hung in later. Unreadable cells are reported and replaced by stand-ins. */
export function readLevels(table: Table, reading: Reading): Levels {
  const data: Loose[] = []
  const byId = new Map<string, Spot>()
  const words = { zh: {} as Loose, en: {} as Loose }
  for (const row of table.rows) {
    const level = reading.read(table, row, 'level', (raw) => parseChoice(raw, LEVEL_WORDS))
    const id = reading.read(table, row, 'id', parseCode).value ?? `Z${row.number}`
    if (!row.cells.has('id')) reading.fault(table.place(row, 'id'), REQUIRED)
    if (!row.cells.has('level')) reading.fault(table.place(row, 'level'), REQUIRED)
    const isFirst = level.value === undefined ? data.length === 0 : level.value === '一级'
    const parent = isFirst ? undefined : findParent(table, row, data, reading)
    if (!isFirst && !parent) continue
    const path: Path = isFirst
      ? ['first_level', data.length]
      : ['first_level', data.indexOf(parent!), 'second_level', (parent!.second_level as Loose[]).length]
    const entry = readLevel(table, row, id, path, reading)
    if (isFirst) data.push({ ...entry, second_level: [] })
    else (parent!.second_level as Loose[]).push({ ...entry, indicators: [] })
    reading.origin('rubric', path, table.place(row, 'id'))
    reading.origin('rubric', [...path, 'id'], table.place(row, 'id'))
    if (byId.has(id)) continue
    byId.set(id, { id, name: String(entry.name ?? ''), path, first: isFirst ? undefined : String(parent!.id) })
    readWords(table, row, id, entry.name as string | undefined, words, reading)
  }
  return { data, byId, ...words }
}

const REQUIRED = { zh: '必填,不能为空', en: 'required, must not be empty' }

function readLevel(table: Table, row: Row, id: string, path: Path, reading: Reading): Loose {
  const at = (...rest: string[]) => ({ where: 'rubric', path: [...path, ...rest] }) as const
  const name = reading.take(table, row, 'name', at('name'), parseText, '-')
  return pruned({
    id,
    name,
    clause: reading.take(table, row, 'clause', at('clause'), parseText, undefined),
    provenance: pruned({
      name: readSource(table, row, 'p.name', at('provenance', 'name'), reading),
      placement: readSource(table, row, 'p.placement', at('provenance', 'placement'), reading),
      points: readSource(table, row, 'p.points', at('provenance', 'points'), reading),
      note: reading.take(table, row, 'note', at('provenance', 'note'), parseText, undefined),
    }),
  })
}

function readWords(
  table: Table,
  row: Row,
  id: string,
  name: string | undefined,
  words: { zh: Loose; en: Loose },
  reading: Reading,
): void {
  const zhAt = { where: 'prompts/zh-CN', path: ['levels', id] } as const
  const shown = reading.take(table, row, 'zh.name', zhAt, parseText, undefined) ?? name
  if (!row.cells.has('zh.name')) reading.origin(zhAt.where, zhAt.path, table.place(row, 'name'))
  words.zh[id] = shown
  words.en[id] = english(table, row, ['zh.name', 'name'], 'en.name', ['levels', id], parseText, shown, reading)
}

function findParent(table: Table, row: Row, data: readonly Loose[], reading: Reading): Loose | undefined {
  const { value, bad } = reading.read(table, row, 'parent', parseCode)
  const parent = value === undefined ? data.at(-1) : data.find((one) => one.id === value)
  if (!parent && !bad)
    reading.fault(table.place(row, 'parent'), {
      zh: value === undefined ? '上面还没有一级指标' : `上面没有编号为 ${value} 的一级指标`,
      en: value === undefined ? 'expected a first level above' : `expected the id of a first level above, got ${value}`,
    })
  return parent ?? data.at(-1)
}
