/** Sheet 《设置》 back to the head of a rubric and the words that stand beside it. */

import type { Raw } from './cells.js'
import type { Row, Table } from './grid.js'
import { halfWidth, isNothing, type Parsed, parseChoice, parseNumber, parseText } from './parse-cell.js'
import { english, type Loose } from './pieces.js'
import type { Path, Reading } from './reading.js'
import { FAMILIES, FIXED, type Setting, type SettingKind, STATUS } from './settings-spec.js'
import { SOURCES, YESNO } from './sheet-spec.js'

export type Settings = { readonly rubric: Loose; readonly zh: Loose; readonly en: Loose }

/** Reads every row by its key; unknown, doubled and missing keys are faults. */
export function readSettings(table: Table, reading: Reading): Settings {
  const settings: Settings = { rubric: skeleton(), zh: words(), en: words() }
  const seen = new Map<string, Row>()
  for (const row of table.rows) {
    const { value: written, bad } = reading.read(table, row, 'key', parseText)
    if (bad) continue
    if (written === undefined) {
      reading.fault(table.place(row, 'key'), { zh: '必填,不能为空', en: 'required, must not be empty' })
      continue
    }
    const key = isKnown(written) ? written : halfWidth(written)
    if (seen.has(key))
      reading.fault(table.place(row, 'key'), {
        zh: `键“${key}”重复,第 ${seen.get(key)!.number} 行已经有了`,
        en: `the key ${key} stands in row ${seen.get(key)!.number} already`,
      })
    else if (!isKnown(key))
      reading.fault(table.place(row, 'key'), { zh: `不认识的键“${key}”`, en: `unknown key ${key}` })
    else readRow(table, row, key, settings, reading)
    seen.set(key, row)
  }
  for (const { key, name, need, path, standIn } of FIXED)
    if (need && !seen.has(key)) {
      reading.fault(
        { sheet: table.sheet },
        { zh: `缺少键为“${key}”(${name})的一行`, en: `expected a row with the key ${key}` },
      )
      reading.broken.push({ where: 'rubric', path })
      if (standIn !== undefined) put(settings.rubric, path, standIn)
    }
  return settings
}

function readRow(table: Table, row: Row, key: string, settings: Settings, reading: Reading): void {
  const fixed = FIXED.find((one) => one.key === key)
  if (fixed) readFixed(table, row, fixed, settings, reading)
  else readMember(table, row, key, settings, reading)
}

function readFixed(table: Table, row: Row, setting: Setting, settings: Settings, reading: Reading): void {
  const { path, kind } = setting
  const value = reading.take(table, row, 'value', { where: 'rubric', path }, parserOf(kind), setting.standIn)
  const kept = value ?? (setting.need ? setting.standIn : undefined)
  if (value === undefined && setting.need && setting.standIn !== undefined) {
    reading.fault(table.place(row, 'value'), { zh: '必填,不能为空', en: 'required, must not be empty' })
    reading.broken.push({ where: 'rubric', path })
  }
  if (kept !== undefined) put(settings.rubric, path, kept)
  if (path.at(-1) === 'enabled' || path.at(-1) === 'use')
    reading.origin('rubric', path.slice(0, -1), table.place(row, 'value'))
  if (setting.words)
    readWords(table, row, ['zh', 'value'], [setting.words], value as string | undefined, settings, reading)
}

/** A row of a family: `grade.AAA`, `option.level4.full`, `cutoff.strict.AA`. */
function readMember(table: Table, row: Row, key: string, settings: Settings, reading: Reading): void {
  const family = familyOf(key)!
  const { path, kind, words: worded } = FAMILIES[family]!
  const last = key.slice(family.length + 1)
  const list = path.reduce<unknown>((inner, part) => (inner as Loose)[part], settings.rubric)
  const at = memberPath(path, list, family, last)
  if (!reading.find('rubric', path) || (Array.isArray(list) && list.length === 0))
    reading.origin('rubric', path, table.place(row, 'key'))
  reading.origin('rubric', at, table.place(row, 'key'))
  const field = { ratio: 'ratio', number: 'points', source: 'provenance' }[kind as string]
  const target: Path = Array.isArray(list) && field ? [...at, field] : at
  const parsed = reading.take(
    table,
    row,
    'value',
    { where: 'rubric', path: target },
    parserOf(kind),
    kind === 'ratio' ? 0 : 1,
  )
  const value = kind === 'source' && typeof parsed === 'number' ? 'draft' : parsed
  if (kind === 'none' && row.cells.has('value'))
    reading.fault(table.place(row, 'value'), { zh: '这一行的“值”应留空', en: 'expected no value in this row' })
  if (Array.isArray(list)) {
    const name = family === 'grade' ? 'code' : family.startsWith('option') ? 'key' : 'id'
    for (const part of [name, ...(path[0] === 'scoring' ? ['id'] : [])])
      reading.origin('rubric', [...at, part], table.place(row, 'key'))
    // The rule about double ids names extras without `items`.
    if (path[0] === 'scoring') reading.origin('rubric', [...path.slice(0, 2), list.length], table.place(row, 'key'))
    list.push({ [name]: last, ...(field && value !== undefined ? { [field]: value } : {}) })
  } else if (family === 'cutoff') {
    const [set, code] = splitCutoff(last)
    const sets = list as Record<string, Loose>
    if (!sets[set]) reading.origin('rubric', [...path, set], table.place(row, 'key'))
    sets[set] ??= {}
    sets[set][code] = value
  } else (list as Loose)[last] = value
  if (worded) readWords(table, row, ['zh'], wordsPath(family, last), undefined, settings, reading)
}

function memberPath(path: Path, list: unknown, family: string, last: string): Path {
  if (Array.isArray(list)) return [...path, list.length]
  return family === 'cutoff' ? [...path, ...splitCutoff(last)] : [...path, last]
}

function readWords(
  table: Table,
  row: Row,
  keys: readonly string[],
  path: Path,
  fallback: string | undefined,
  settings: Settings,
  reading: Reading,
): void {
  const cell = row.cells.get('zh')
  const nothing = cell?.kind === 'text' && isNothing(cell.text)
  const own = nothing ? undefined : reading.take(table, row, 'zh', { where: 'prompts/zh-CN', path }, parseText, '-')
  if (!cell) reading.origin('prompts/zh-CN', path, table.place(row, keys.includes('value') ? 'value' : 'zh'))
  const zh = nothing ? undefined : (own ?? fallback)
  const en = english(table, row, keys, 'en', path, parseText, zh, reading)
  if (zh !== undefined) put(settings.zh, path, zh)
  if (en !== undefined) put(settings.en, path, en)
}

const wordsPath = (family: string, last: string): Path =>
  family.startsWith('option.') ? ['options', family.slice('option.'.length), last] : ['extras', last]

function parserOf(kind: SettingKind): (raw: Raw) => Parsed<unknown> {
  switch (kind) {
    case 'text':
      return parseText
    case 'number':
      return (raw) => parseNumber(raw)
    case 'ratio':
      return (raw) => parseNumber(raw, 'ratio')
    case 'yesno':
      return (raw) => mapped(parseChoice(raw, YESNO), (word) => word === '是')
    case 'status':
      return (raw) =>
        mapped(parseChoice(raw, Object.values(STATUS)), (word) => (word === STATUS.official ? 'official' : 'draft'))
    case 'source':
      return (raw) => mapped(parseChoice(raw, SOURCES), (word) => (word === '原文' ? 'verbatim' : 'draft'))
    case 'none':
      return () => ({ ok: true, value: undefined })
  }
}

function mapped<T, U>(parsed: Parsed<T>, map: (value: T) => U): Parsed<U> {
  return parsed.ok ? { ok: true, value: parsed.value === undefined ? undefined : map(parsed.value) } : parsed
}

const familyOf = (key: string): string | undefined =>
  Object.keys(FAMILIES).find((family) => key.startsWith(`${family}.`) && key.length > family.length + 1)

const isKnown = (key: string): boolean =>
  FIXED.some((one) => one.key === key) || (familyOf(key) !== undefined && !key.split('.').some((part) => part in {}))

/** `strict.AA` → `strict`, `AA`; the name of a set may hold dots itself. */
function splitCutoff(last: string): [string, string] {
  const dot = last.lastIndexOf('.')
  return dot < 0 ? [last, ''] : [last.slice(0, dot), last.slice(dot + 1)]
}

function put(target: Loose, path: Path, value: unknown): void {
  let inner = target
  for (const part of path.slice(0, -1)) {
    inner[part] ??= {}
    inner = inner[part] as Loose
  }
  inner[path.at(-1)!] = value
}

const skeleton = (): Loose => ({
  schema: 1,
  options: { level4: [], yesno: [] },
  scoring: {
    not_applicable: {},
    weak: {},
    veto: {},
    first_level_minimum: { rates: {} },
    bonus: { items: [] },
    penalty: { items: [] },
    disqualifiers: [],
  },
  grades: [],
  cutoffs: { sets: {} },
  standard: {},
  counts: {},
})

const words = (): Loose => ({ options: { level4: {}, yesno: {} }, extras: {} })
