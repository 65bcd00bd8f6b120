/** Sheet 《词语》: posts, methods and units of the rubric in English. */
import type { Prompts } from '../content/prompts.js'
import { indicatorsOf, type Rubric } from '../core/rubric.js'
import type { Table } from './grid.js'
import { isNothing, parseText } from './parse-cell.js'
import type { Loose, Values } from './pieces.js'
import type { Reading } from './reading.js'
import { NOTHING } from './sheet-spec.js'

/** Every word that the rubric uses, and every word that has a translation. */
export function termRows(rubric: Rubric, zh: Prompts, en: Prompts): Values[] {
  const terms = new Set([...usedTerms(rubric), ...Object.keys(en.terms), ...Object.keys(zh.terms)])
  const cell = (own: string | undefined) => (own === '' ? NOTHING : own)
  return [...terms].map((term) => ({ term, en: cell(en.terms[term]), zh: cell(zh.terms[term]) }))
}

/** Posts first, then methods, then units, each once. */
export function usedTerms(rubric: Rubric): string[] {
  const all = indicatorsOf(rubric)
  return [
    ...new Set([
      ...all.map(({ post }) => post),
      ...all.flatMap(({ methods }) => methods),
      ...all.flatMap(({ answer }) => ('unit' in answer ? [answer.unit] : [])),
    ]),
  ]
}

/** Reads the sheet, which may be missing: then English views show these words in Chinese. */
export function readTerms(table: Table | undefined, reading: Reading): { zh: Loose; en: Loose } {
  const zh: Loose = {}
  const en: Loose = {}
  for (const row of table?.rows ?? []) {
    const { value: term, bad } = reading.read(table!, row, 'term', parseText)
    if (bad) continue
    if (term === undefined) {
      reading.fault(table!.place(row, 'term'), { zh: '必填,不能为空', en: 'required, must not be empty' })
      continue
    }
    if (Object.hasOwn(en, term) || Object.hasOwn(zh, term)) {
      reading.fault(table!.place(row, 'term'), { zh: `“${term}”重复`, en: `${term} stands here twice` })
      continue
    }
    for (const [key, words, where] of [
      ['en', en, 'prompts/en'],
      ['zh', zh, 'prompts/zh-CN'],
    ] as const) {
      const value = reading.take(table!, row, key, { where, path: ['terms', term] }, parseText, undefined)
      if (value !== undefined) words[term] = isNothing(value) ? '' : value
    }
  }
  return { zh, en }
}

/** Warns of words that the English views will show in Chinese. */
export function warnOfTerms(
  rubric: Rubric,
  en: Loose,
  table: Table | undefined,
  sheet: string,
  reading: Reading,
): void {
  for (const term of usedTerms(rubric)) {
    if (Object.hasOwn(en, term)) continue
    const row = table?.rows.find(
      (one) => one.cells.get('term')?.kind === 'text' && table.place(one, 'term').found === term,
    )
    reading.warn(row ? table!.place(row, 'en') : { sheet }, {
      zh: `“${term}”没有英文,英文界面将显示中文`,
      en: `no English for ${term}; the English view will show the Chinese`,
    })
  }
}
