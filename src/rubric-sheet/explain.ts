/** The schema's messages, which are English, as Chinese sentences that an official understands. */
import type { Words } from './faults.js'

type Rule = readonly [RegExp, (groups: string[]) => string, 'own'?]

const NOUN: Record<string, string> = {
  number: '数字',
  int: '整数',
  string: '文字',
  boolean: '是或否',
  array: '列表',
  object: '一组内容',
  record: '一组内容',
}
const noun = (word: string): string => NOUN[word] ?? word

/** `own` marks the messages that already say what was found. */
const RULES: readonly Rule[] = [
  [/^Invalid input: expected \w+, received undefined$/, () => '必填,不能为空', 'own'],
  [/^Invalid input: expected (\w+), received \w+$/, ([kind]) => `应为${noun(kind!)}`],
  [/^Too small: expected string to have >=1 characters$/, () => '必填,不能为空', 'own'],
  [/^Too small: expected string to have >=(\d+) characters$/, ([n]) => `至少 ${n} 个字`],
  [/^Too big: expected string to have <=(\d+) characters$/, ([n]) => `最多 ${n} 个字`],
  [/^Too small: expected number to be >(-?[\d.]+)$/, ([n]) => `应大于 ${n}`],
  [/^Too small: expected number to be >=(-?[\d.]+)$/, ([n]) => `应为 ${n} 或更大`],
  [/^Too big: expected (?:number|int) to be <=(-?[\d.]+)$/, ([n]) => `应不超过 ${n}`],
  [/^Too small: expected int to be >=(-?[\d.]+)$/, ([n]) => `应为 ${n} 或更大`],
  [/^Too small: expected array to have >=(\d+) items?$/, ([n]) => `至少要有 ${n} 条`],
  [/^Too big: expected array to have <=(\d+) items?$/, ([n]) => `最多 ${n} 条`],
  [/^Invalid option: expected one of (.+)$/, ([list]) => `应为 ${list!.replaceAll('|', '、')} 之一`],
  [/^Invalid input: expected (.+)$/, ([value]) => `应为 ${value}`],
  [/^Unrecognized keys?: (.+)$/, ([keys]) => `不认识的内容 ${keys}`, 'own'],
  [/^Expected an id of 1 to 12 /, () => '编号应以字母开头,只含字母、数字和连字符,最多 12 个字符'],
  [/^Expected a veto id like /, () => '否决项编号应写成“指标编号.v1”的样子'],
  [/^Expected a version like /, () => '版本应写成“1.0.0”的样子(三个数字用点隔开)'],
  [/^Invalid string: must match pattern (.+)$/, ([pattern]) => `格式不对,应符合 ${pattern}`],
  [/^Invalid key in record$/, () => '名字的格式不对'],
  [
    /^Expected ids to be unique, got `(.+)` twice \(also at (.+)\)$/,
    ([id]) => `编号 ${id} 重复,与前面的一处相同`,
    'own',
  ],
  [/^Expected the veto id to begin with `(.+)`, got `(.+)`$/, ([start]) => `否决项编号应以 ${start} 开头`],
  [
    /^Expected the points of all indicators to add up to ([\d.]+), got ([\d.]+)$/,
    ([want, got]) => `所有指标的分值合计应等于总分 ${want},现在合计是 ${got}`,
    'own',
  ],
  [/^Expected the options from best to worst, /, () => '选项应从最好到最差排列,得分比例一个比一个小', 'own'],
  [/^Expected the best option to have ratio 1 /, () => '最好的选项得分比例应为 100%,最差的应为 0%', 'own'],
  [/^Expected target and floor to differ, got (.+) for both$/, ([n]) => `满分值和零分值不能相同,现在都是 ${n}`, 'own'],
  [/^Expected percentages from 0 to 100$/, () => '题型为百分比时,满分值和零分值都应在 0 至 100 之间'],
  [/^Expected target and floor of 0 or more$/, () => '满分值和零分值都不能小于 0'],
  [/^Expected the bands from highest to lowest$/, () => '分档应从高到低排列'],
  [
    /^Expected at most the ([\d.]+) points of the indicator, got ([\d.]+)$/,
    ([most, got]) => `扣分不能超过这一项的分值 ${most},写的是 ${got}`,
  ],
  [/^Expected one band that loses 0 points/, () => '至少要有一档扣 0 分,否则永远得不到满分'],
  [/^Expected the lowest band to start from 0$/, () => '最低一档应从 0 起'],
  [/^Expected the name of a set of cut-offs, got `(.*)`$/, () => '应为下面某一套分数线的名字'],
  [/^Expected a cut-off for grade (\w+)$/, ([grade]) => `缺少等级 ${grade} 的分数线`, 'own'],
  [/^Expected a minimum rate for grade (\w+)$/, ([grade]) => `缺少等级 ${grade} 的一级指标最低得分率`, 'own'],
  [/^Expected the cut-offs to fall from the best grade /, () => '分数线应从高等级到低等级依次降低'],
  [/^Expected at most ([\d.]+), got ([\d.]+)$/, ([most]) => `不能超过总分 ${most}`],
  [/^Expected (\d+), got (\d+)$/, ([want, got]) => `这里写 ${want} 个,表里实际有 ${got} 个`, 'own'],
  [/^Expected `(.+)`, got `(.*)`$/, ([want, got]) => `应为 ${want},现在是 ${got}`, 'own'],
  [/^Expected words for `(.+)`, got none$/, ([id]) => `缺少 ${id} 的文字`, 'own'],
  [/^Expected only ids of the rubric, got `(.+)`$/, ([id]) => `指标表里没有 ${id}`, 'own'],
  [
    /^Expected (\d+) veto questions, got (\d+)$/,
    ([want, got]) => `应有 ${want} 条否决项问题(与指标一致),现在有 ${got} 条`,
    'own',
  ],
  [/^Expected a condition, got none$/, () => '“可不适用”为是,必须写明什么情况不适用', 'own'],
  [/^Expected no condition: /, () => '“可不适用”不是“是”,这里应留空'],
]

/** The sentence in both languages, and whether it already says what was found. A new message stays English. */
export function explain(message: string): Words & { own: boolean } {
  for (const [pattern, chinese, own] of RULES) {
    const match = pattern.exec(message)
    if (match) return { zh: chinese(match.slice(1)), en: message, own: own === 'own' }
  }
  return { zh: message, en: message, own: true }
}
