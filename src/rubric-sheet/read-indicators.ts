/** Sheet 《指标》: rows back to indicators, hung into the tree of levels. */
import { readAnswer } from './answer-cells.js'
import type { Row, Table } from './grid.js'
import { plainVetoes } from './indicator-rows.js'
import { readIndicatorWords } from './indicator-words.js'
import type { Levels, Spot } from './levels.js'
import { parseChoice, parseCode, parseLines, parseNumber, parseText } from './parse-cell.js'
import { type Loose, pruned, readSource } from './pieces.js'
import type { Path, Reading } from './reading.js'
import { YESNO } from './sheet-spec.js'

/** Fills `levels` with indicators and gives their words; rows whose level is unknown are reported. */
export function readIndicators(table: Table, levels: Levels, reading: Reading): { zh: Loose; en: Loose } {
  const zh: Loose = {}
  const en: Loose = {}
  let above: Spot | undefined
  let lost = false
  for (const row of table.rows) {
    const spot = findSecond(table, row, levels, above, reading)
    if (!spot) {
      lost = true
      continue
    }
    above = spot
    const { list, path } = indicatorsAt(levels, spot)
    const at: Path = [...path, list.length]
    const id = reading.take(table, row, 'id', { where: 'rubric', path: [...at, 'id'] }, parseCode, undefined)
    if (id === undefined && !row.cells.has('id'))
      reading.fault(table.place(row, 'id'), { zh: '必填,不能为空', en: 'required, must not be empty' })
    const known = id ?? `Z${row.number}`
    const words = readIndicatorWords(table, row, known, reading)
    list.push(readIndicator(table, row, known, at, vetoCount(words.zh), reading))
    reading.origin('rubric', at, table.place(row, 'id'))
    zh[known] ??= words.zh
    en[known] ??= words.en
  }
  // A row that found no level is missing where it belongs: what follows from that is no news.
  if (lost)
    reading.broken.push({ where: 'rubric', path: ['counts', 'indicators'] }, { where: 'rubric', path: ['scale'] })
  if (lost) for (const spot of levels.byId.values()) if (spot.first) markIfEmpty(levels, spot, reading)
  return { zh, en }
}

function readIndicator(table: Table, row: Row, id: string, path: Path, count: number, reading: Reading): Loose {
  const at = (...rest: string[]) => ({ where: 'rubric', path: [...path, ...rest] }) as const
  const ids = reading.take(table, row, 'vetoIds', at('vetoes'), parseLines, undefined)
  if (ids === undefined) reading.origin('rubric', [...path, 'vetoes'], table.place(row, 'zh.vetoes'))
  return pruned({
    id,
    title: reading.take(table, row, 'title', at('title'), parseText, '-'),
    requirement: reading.take(table, row, 'requirement', at('requirement'), parseText, '-'),
    points: reading.take(table, row, 'points', at('points'), (raw) => parseNumber(raw), 1),
    answer: readAnswer(table, row, [...path, 'answer'], reading),
    vetoes: ids ?? plainVetoes(id, count),
    not_applicable:
      reading.take(table, row, 'na', at('not_applicable'), (raw) => parseChoice(raw, YESNO), undefined) === '是',
    methods: reading.take(table, row, 'methods', at('methods'), parseLines, []) ?? [],
    post: reading.take(table, row, 'post', at('post'), parseText, '-'),
    clause: readClause(table, row, at('clause'), reading),
    provenance: pruned({
      requirement: readSource(table, row, 'p.requirement', at('provenance', 'requirement'), reading),
      placement: readSource(table, row, 'p.placement', at('provenance', 'placement'), reading),
      points: readSource(table, row, 'p.points', at('provenance', 'points'), reading),
      scoring: readSource(table, row, 'p.scoring', at('provenance', 'scoring'), reading),
      target: readSource(table, row, 'p.target', at('provenance', 'target'), reading),
      guidance: readSource(table, row, 'p.guidance', at('provenance', 'guidance'), reading),
      section: reading.take(table, row, 'section', at('provenance', 'section'), parseText, undefined),
      note: reading.take(table, row, 'note', at('provenance', 'note'), parseText, undefined),
      refs: reading.take(table, row, 'refs', at('provenance', 'refs'), parseLines, []),
    }),
  })
}

function readClause(table: Table, row: Row, at: { where: 'rubric'; path: Path }, reading: Reading): string | undefined {
  if (row.cells.get('clause')?.kind === 'number')
    reading.warn(table.place(row, 'clause'), {
      zh: '条款号是数字格式,5.10 会变成 5.1;请核对,最好改为文本格式',
      en: 'the clause is a number, so 5.10 would read 5.1; check it, and format the cell as text',
    })
  return reading.take(table, row, 'clause', at, parseText, undefined)
}

/** The second level of a row: by id, by name, or the one above where both are empty. */
function findSecond(table: Table, row: Row, levels: Levels, above: Spot | undefined, reading: Reading) {
  const id = reading.read(table, row, 'second', parseCode)
  const name = reading.read(table, row, 'secondName', parseText)
  const first = findFirst(table, row, levels, reading)
  if (id.bad || name.bad || first === 'unknown') return undefined
  const seconds = [...levels.byId.values()].filter((spot) => spot.first !== undefined)
  if (id.value === undefined && name.value === undefined) {
    if (above && (!first || above.first === first.id)) return above
    const words = above
      ? { zh: '一级指标变了,这里必须写二级编号或名称', en: 'the first level changed: expected a second level here' }
      : { zh: '第一行必须写二级编号或名称', en: 'expected a second level in the first row' }
    reading.fault(table.place(row, 'second'), words)
    return undefined
  }
  const key = id.value === undefined ? 'secondName' : 'second'
  const spot = seconds.find((one) =>
    id.value === undefined ? one.name === name.value && (!first || one.first === first.id) : one.id === id.value,
  )
  if (!spot)
    reading.fault(table.place(row, key), {
      zh: `《一二级指标》里没有二级指标“${id.value ?? name.value}”`,
      en: `expected a second level of the sheet 一二级指标, got ${id.value ?? name.value}`,
    })
  else if (first && spot.first !== first.id)
    reading.fault(table.place(row, row.cells.has('first') ? 'first' : 'firstName'), {
      zh: `二级指标 ${spot.id} 属于 ${spot.first},与这里的 ${first.id} 不一致`,
      en: `the second level ${spot.id} belongs to ${spot.first}, not to ${first.id}`,
    })
  else if (differs(name.value, spot))
    reading.fault(table.place(row, 'secondName'), {
      zh: `与《一二级指标》里 ${spot.id} 的名称“${spot.name}”不一致`,
      en: `expected the name of ${spot.id} as on the sheet 一二级指标: ${spot.name}`,
    })
  return spot
}

function findFirst(table: Table, row: Row, levels: Levels, reading: Reading): Spot | 'unknown' | undefined {
  const id = reading.read(table, row, 'first', parseCode)
  const name = reading.read(table, row, 'firstName', parseText)
  if (id.bad || name.bad) return 'unknown'
  if (id.value === undefined && name.value === undefined) return undefined
  const firsts = [...levels.byId.values()].filter((spot) => spot.first === undefined)
  const spot = firsts.find((one) => (id.value === undefined ? one.name === name.value : one.id === id.value))
  if (!spot) {
    reading.fault(table.place(row, id.value === undefined ? 'firstName' : 'first'), {
      zh: `《一二级指标》里没有一级指标“${id.value ?? name.value}”`,
      en: `expected a first level of the sheet 一二级指标, got ${id.value ?? name.value}`,
    })
    return 'unknown'
  }
  if (differs(name.value, spot))
    reading.fault(table.place(row, 'firstName'), {
      zh: `与《一二级指标》里 ${spot.id} 的名称“${spot.name}”不一致`,
      en: `expected the name of ${spot.id} as on the sheet 一二级指标: ${spot.name}`,
    })
  return spot
}

function indicatorsAt(levels: Levels, spot: Spot): { list: Loose[]; path: Path } {
  const [, first, , second] = spot.path as [string, number, string, number]
  const entry = (levels.data[first]!.second_level as Loose[])[second]!
  return { list: entry.indicators as Loose[], path: [...spot.path, 'indicators'] }
}

function markIfEmpty(levels: Levels, spot: Spot, reading: Reading): void {
  const { list, path } = indicatorsAt(levels, spot)
  if (list.length === 0) reading.broken.push({ where: 'rubric', path })
}

const vetoCount = (words: Loose): number => (Array.isArray(words.vetoes) ? words.vetoes.length : 0)

/** A level without a name is a fault of its own sheet; here there is nothing to compare with. */
const differs = (name: string | undefined, spot: Spot): boolean =>
  name !== undefined && spot.name !== '' && name !== spot.name
