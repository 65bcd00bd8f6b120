/** Sheet 《设置》: which keys there are and what they mean. Families such as `grade.*` may have any number of rows. */

export type SettingKind = 'text' | 'number' | 'ratio' | 'yesno' | 'status' | 'source' | 'none'

export type Setting = {
  readonly key: string
  readonly name: string
  readonly path: readonly string[]
  readonly kind: SettingKind
  readonly need: boolean
  readonly help: string
  /** Put in place of an unreadable value, so that the other checks can go on. */
  readonly standIn?: unknown
  /** Which words of the bot stand beside the value. */
  readonly words?: 'title' | 'disclaimer'
}

export const STATUS = { draft: '草案', official: '正式' } as const

type More = { readonly need?: false; readonly standIn?: unknown; readonly words?: 'title' | 'disclaimer' }
const fixed = (key: string, name: string, kind: SettingKind, path: string, help: string, more: More = {}): Setting => ({
  key,
  name,
  kind,
  path: path.split('.'),
  help,
  need: more.need ?? true,
  ...('standIn' in more ? { standIn: more.standIn } : {}),
  ...(more.words ? { words: more.words } : {}),
})
const optional = { need: false } as const

const HEAD: readonly Setting[] = [
  fixed(
    'id',
    '评分表代号',
    'text',
    'id',
    '小写字母开头,含小写字母、数字、连字符,3 至 40 个字符;换官方表时改成新的代号',
  ),
  fixed('version', '版本', 'text', 'version', '三个数字,如 1.0.0;内容一改,版本就要改大'),
  fixed('title', '名称', 'text', 'title', '“值”是表的名称;“中文文字”与它相同时留空', { words: 'title' }),
  fixed('status', '状态', 'status', 'status', '草案 或 正式', { standIn: 'draft' }),
  fixed('disclaimer', '声明', 'text', 'disclaimer', '随结果显示的声明,可留空;“中文文字”与“值”相同时留空', {
    need: false,
    words: 'disclaimer',
  }),
  fixed('standard.name', '标准名称', 'text', 'standard.name', '标准的名称'),
  fixed('standard.number', '标准编号', 'text', 'standard.number', '标准的编号,没有就留空', optional),
  fixed('standard.approved_by', '批准单位', 'text', 'standard.approved_by', '批准发布标准的单位,没有就留空', optional),
  fixed('scale', '总分', 'number', 'scale', '所有指标分值之和,必须与《指标》的分值合计相等', { standIn: 1 }),
  fixed('counts.first_level', '一级指标数', 'number', 'counts.first_level', '应有几个一级指标,用来发现漏行', {
    standIn: 1,
  }),
  fixed('counts.second_level', '二级指标数', 'number', 'counts.second_level', '应有几个二级指标', { standIn: 1 }),
  fixed('counts.indicators', '三级指标数', 'number', 'counts.indicators', '应有几个三级指标', { standIn: 1 }),
]

const RULES: readonly Setting[] = [
  fixed(
    'na.max_share',
    '不适用上限',
    'ratio',
    'scoring.not_applicable.max_share',
    '“不适用”的分值合计最多占总分的比例',
    {
      standIn: 0,
    },
  ),
  fixed('weak.rate_below', '弱项线', 'ratio', 'scoring.weak.rate_below', '得分率低于这个比例的指标算弱项', {
    standIn: 0,
  }),
  fixed('veto.enabled', '一票否决', 'yesno', 'scoring.veto.enabled', '是否启用一票否决', { standIn: false }),
  fixed(
    'minimum.enabled',
    '一级指标最低得分率',
    'yesno',
    'scoring.first_level_minimum.enabled',
    '启用后,每个一级指标都要达到下面的得分率才能评上相应等级',
    { standIn: false },
  ),
]

const EXTRA_NAMES = { bonus: '加分', penalty: '扣分' } as const
const extras = (kind: keyof typeof EXTRA_NAMES): readonly Setting[] => {
  const name = EXTRA_NAMES[kind]
  return [
    fixed(`${kind}.enabled`, `${name}项`, 'yesno', `scoring.${kind}.enabled`, `是否启用${name}项`, { standIn: false }),
    fixed(
      `${kind}.counts_for_grade`,
      `${name}计入等级`,
      'yesno',
      `scoring.${kind}.counts_for_grade`,
      '是:计入定级的分数;否或留空:只影响排序',
      { need: false, standIn: false },
    ),
    fixed(`${kind}.cap`, `${name}上限`, 'number', `scoring.${kind}.cap`, `${name}最多多少分,留空为不限`, optional),
  ]
}

const CUTOFFS: readonly Setting[] = [
  fixed('cutoffs.use', '使用的分数线', 'text', 'cutoffs.use', '下面哪一套分数线生效,填它的名字'),
  fixed('cutoffs.provenance', '分数线出处', 'source', 'cutoffs.provenance', '原文 或 草案,留空为草案', optional),
]

/** Fixed keys, in five blocks between which the families are written. */
export const SETTINGS = {
  head: HEAD,
  rules: RULES,
  bonus: extras('bonus'),
  penalty: extras('penalty'),
  cutoffs: CUTOFFS,
} as const

export const FIXED: readonly Setting[] = Object.values(SETTINGS).flat()

export type Family = {
  readonly name: string
  readonly kind: SettingKind
  /** Where the first of its rows is anchored, for faults about the whole list. */
  readonly path: readonly string[]
  readonly words: boolean
  readonly help: string
}

/** Keys with a last part of their own, by what stands before it. */
export const FAMILIES: Record<string, Family> = {
  'option.level4': {
    name: '四档选项',
    kind: 'ratio',
    path: ['options', 'level4'],
    words: true,
    help: '从最好到最差;“值”是得分比例,最好 100%,最差 0%',
  },
  'option.yesno': {
    name: '是否选项',
    kind: 'ratio',
    path: ['options', 'yesno'],
    words: true,
    help: '正好两个,先 100% 后 0%',
  },
  'minimum.rate': {
    name: '最低得分率',
    kind: 'ratio',
    path: ['scoring', 'first_level_minimum', 'rates'],
    words: false,
    help: '这一等级要求的一级指标最低得分率',
  },
  'bonus.item': {
    name: '加分项',
    kind: 'number',
    path: ['scoring', 'bonus', 'items'],
    words: true,
    help: '“值”是加几分',
  },
  'penalty.item': {
    name: '扣分项',
    kind: 'number',
    path: ['scoring', 'penalty', 'items'],
    words: true,
    help: '“值”是扣几分',
  },
  disqualifier: {
    name: '取消资格情形',
    kind: 'none',
    path: ['scoring', 'disqualifiers'],
    words: true,
    help: '“值”留空;评定组认定后不评等级',
  },
  grade: {
    name: '等级',
    kind: 'source',
    path: ['grades'],
    words: false,
    help: '从高到低;“值”写等级名称的出处:原文或草案',
  },
  cutoff: {
    name: '分数线',
    kind: 'number',
    path: ['cutoffs', 'sets'],
    words: false,
    help: '键写成 cutoff.套名.等级;“值”是达到该等级的最低分',
  },
}
