/** The scoring cells of a row of sheet 《指标》 as an answer of the rubric. */
import type { AnswerSpec } from '../core/rubric.js'
import type { Row, Table } from './grid.js'
import { TYPES } from './indicator-columns.js'
import { halfWidth, parseBands, parseChoice, parseNumber, parseText } from './parse-cell.js'
import { type Loose, pruned } from './pieces.js'
import type { Path, Reading } from './reading.js'

type Type = AnswerSpec['type']
const FIELDS: Record<Type, readonly string[]> = {
  level4: [],
  yesno: [],
  percent: ['target', 'floor', 'decimals', 'bands'],
  threshold: ['unit', 'target', 'floor', 'decimals', 'bands'],
  deduct: ['unit', 'per', 'free'],
}
const ALL = ['target', 'floor', 'unit', 'decimals', 'per', 'free', 'bands'] as const
const WORDS = Object.values(TYPES)

/** Reads type and figures; a figure that the type does not use is a fault, because it would be lost silently. */
export function readAnswer(table: Table, row: Row, path: Path, reading: Reading): Loose {
  const at = (key: string) => ({ where: 'rubric', path: [...path, key] }) as const
  reading.origin('rubric', path, table.place(row, 'type'))
  const word = reading.take(table, row, 'type', at('type'), (raw) => parseChoice(raw, WORDS), undefined)
  if (word === undefined) {
    if (!row.cells.has('type'))
      reading.fault(table.place(row, 'type'), {
        zh: `必填,应为“${WORDS.join('”“')}”之一`,
        en: `required: one of ${WORDS.join(', ')}`,
      })
    reading.broken.push({ where: 'rubric', path })
    return { type: 'yesno' }
  }
  const type = (Object.keys(TYPES) as Type[]).find((one) => TYPES[one] === word)!
  const used = FIELDS[type]
  for (const key of ALL)
    if (!used.includes(key) && row.cells.has(key) && !isPercentSign(table, row, key, type))
      reading.fault(table.place(row, key), {
        zh: `题型“${word}”不用这一列,请清空或改题型;现在是“${table.place(row, key).found}”`,
        en: `the type ${word} does not use this column: clear it or change the type`,
      })
  const number = (key: string, standIn: number): number | undefined =>
    used.includes(key)
      ? reading.take(
          table,
          row,
          key,
          at(key),
          (raw) => parseNumber(raw, type === 'percent' ? 'hundreds' : undefined),
          standIn,
        )
      : undefined
  const answer = pruned({
    type,
    unit: used.includes('unit') ? reading.take(table, row, 'unit', at('unit'), parseText, '-') : undefined,
    target: number('target', 1),
    floor: number('floor', 0),
    decimals: number('decimals', 0),
    per: number('per', 1),
    free: number('free', 0),
    bands: used.includes('bands') ? reading.take(table, row, 'bands', at('bands'), parseBands, undefined) : undefined,
  })
  warnOfFractions(table, row, answer, reading)
  return answer
}

/** `%` as the unit of a percentage says nothing new. */
function isPercentSign(table: Table, row: Row, key: string, type: Type): boolean {
  return type === 'percent' && key === 'unit' && halfWidth(table.place(row, key).found ?? '') === '%'
}

/** 0.9 in a plain cell of a percentage question is probably meant as 90. */
function warnOfFractions(table: Table, row: Row, { type, target, floor }: Loose, reading: Reading): void {
  if (type !== 'percent' || typeof target !== 'number' || typeof floor !== 'number') return
  const most = Math.max(target, floor)
  if (most > 0 && most <= 1)
    reading.warn(table.place(row, 'target'), {
      zh: `百分比按 0 至 100 填;${target} 表示百分之 ${target},如果是 ${target * 100}% 请填 ${target * 100}`,
      en: `percentages are 0 to 100; ${target} means ${target} per cent`,
    })
}
