/** From a rubric with its words to the rows of sheet 《设置》. */
import type { Prompts } from '../content/prompts.js'
import type { Rubric } from '../core/rubric.js'
import { englishCell, sourceWord } from './pieces.js'
import { FAMILIES, SETTINGS, type Setting, type SettingKind, STATUS } from './settings-spec.js'
import { NOTHING, YESNO } from './sheet-spec.js'

export type SettingRow = {
  readonly key: string
  readonly name: string
  readonly help: string
  readonly kind: SettingKind
  readonly value?: string | number | undefined
  readonly zh?: string | undefined
  readonly en?: string | undefined
  /** The cell must be filled. */
  readonly need: boolean
}

/** All settings in reading order: the table itself, options, rules, extras, grades, cut-offs. */
export function settingRows(rubric: Rubric, zh: Prompts, en: Prompts): SettingRow[] {
  const { scoring, cutoffs } = rubric
  const fixed = (settings: readonly Setting[]) => settings.map((setting) => fixedRow(setting, rubric, zh, en))
  const options = (type: 'level4' | 'yesno') =>
    rubric.options[type].map(({ key, ratio }) =>
      familyRow(`option.${type}`, key, ratio, zh.options[type][key], en.options[type][key]),
    )
  const items = (kind: 'bonus' | 'penalty') =>
    scoring[kind].items.map(({ id, points }) => familyRow(`${kind}.item`, id, points, zh.extras[id], en.extras[id]))
  return [
    ...fixed(SETTINGS.head),
    ...options('level4'),
    ...options('yesno'),
    ...fixed(SETTINGS.rules),
    ...Object.entries(scoring.first_level_minimum.rates).map(([code, rate]) => familyRow('minimum.rate', code, rate)),
    ...fixed(SETTINGS.bonus),
    ...items('bonus'),
    ...fixed(SETTINGS.penalty),
    ...items('penalty'),
    ...scoring.disqualifiers.map(({ id }) => familyRow('disqualifier', id, undefined, zh.extras[id], en.extras[id])),
    ...rubric.grades.map(({ code, provenance }) => familyRow('grade', code, sourceWord(provenance))),
    ...fixed(SETTINGS.cutoffs),
    ...Object.entries(cutoffs.sets).flatMap(([name, set]) =>
      Object.entries(set).map(([code, points]) => familyRow('cutoff', `${name}.${code}`, points)),
    ),
  ]
}

function fixedRow(setting: Setting, rubric: Rubric, zh: Prompts, en: Prompts): SettingRow {
  const { key, name, help, kind, need } = setting
  const value = cellOf(
    kind,
    setting.path.reduce<unknown>((inner, part) => (inner as never)?.[part], rubric),
  )
  if (!setting.words) return { key, name, help, kind, need, value }
  const own = { zh: zh[setting.words], en: en[setting.words] }
  return {
    key,
    name,
    help,
    kind,
    need,
    value,
    zh: own.zh === value ? undefined : (own.zh ?? NOTHING),
    en: englishCell(own.zh ?? value, own.en),
  }
}

function familyRow(family: string, last: string, value?: string | number, zh?: string, en?: string): SettingRow {
  const { name, kind, help, words } = FAMILIES[family]!
  return {
    key: `${family}.${last}`,
    name: `${name} ${last}`,
    help,
    kind,
    need: kind !== 'none',
    value,
    ...(words ? { zh, en } : {}),
  }
}

function cellOf(kind: SettingKind, value: unknown): string | number | undefined {
  switch (kind) {
    case 'yesno':
      return value ? YESNO[0] : YESNO[1]
    case 'status':
      return STATUS[value as keyof typeof STATUS]
    case 'source':
      return sourceWord(value as 'draft')
    case 'number':
    case 'ratio':
      return value as number | undefined
    case 'text':
    case 'none':
      return value as string | undefined
  }
}
