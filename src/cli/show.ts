/** `show [NAME]`: a rubric as a table, or one indicator with all that is known of it. */
import type { Prompts } from '../content/prompts.js'
import { type AnswerSpec, type Indicator, type Rubric, sumPoints } from '../core/rubric.js'
import { INDICATOR_COLUMNS, TYPES } from '../rubric-sheet/indicator-columns.js'
import { bandsText, indicatorRows } from '../rubric-sheet/indicator-rows.js'
import { LANGUAGES } from '../rubric-sheet/sheet-spec.js'
import { FileFault } from './file-fault.js'
import { currentName, knownName, readFiles } from './library.js'
import { columns, EXIT, type Exit, type Output } from './output.js'
import { printSummary } from './summary.js'
import { printFileFaults } from './validate.js'

/** Prints the rubric in force, or the named one, or one indicator of it. */
export function show(root: string, name: string | undefined, indicator: string | undefined, output: Output): Exit {
  const known = knownName(root, name ?? currentName(root))
  const read = readFiles(root, known, LANGUAGES)
  if (!('book' in read)) {
    printFileFaults(read.faults, output)
    return EXIT.faults
  }
  const { rubric, prompts } = read.book
  if (indicator === undefined) showTable(rubric, prompts.en!, output)
  else showOne(rubric, prompts, indicator, output)
  return EXIT.done
}

function showTable(rubric: Rubric, en: Prompts, output: Output): void {
  printSummary(rubric, output)
  const english = output.language === 'en'
  const head = english
    ? ['id', 'indicator', 'points', 'answer', 'thresholds', 'veto', 'n/a', 'text']
    : ['编号', '指标', '分值', '题型', '门槛', '否决', '可不适用', '出处']
  const rows = [head]
  for (const first of rubric.first_level) {
    rows.push(
      levelRow(
        first.id,
        english ? en.levels[first.id]! : first.name,
        first.second_level.flatMap((one) => one.indicators),
      ),
    )
    for (const second of first.second_level) {
      rows.push(levelRow(second.id, `  ${english ? en.levels[second.id] : second.name}`, second.indicators))
      for (const one of second.indicators)
        rows.push([
          one.id,
          `    ${english ? en.indicators[one.id]!.title : one.title}`,
          String(one.points),
          english ? one.answer.type : TYPES[one.answer.type],
          thresholds(one.answer, english),
          one.vetoes.length === 0 ? '' : String(one.vetoes.length),
          one.not_applicable ? (english ? 'yes' : '是') : '',
          sourceOf(one, english),
        ])
    }
  }
  output.say('')
  for (const line of columns(rows, [2])) output.say(line)
}

const levelRow = (id: string, name: string, indicators: readonly Indicator[]): string[] => [
  id,
  name,
  String(sumPoints(indicators)),
  '',
  '',
  '',
  '',
  '',
]

function thresholds(answer: AnswerSpec, english: boolean): string {
  switch (answer.type) {
    case 'level4':
    case 'yesno':
      return ''
    case 'percent':
    case 'threshold': {
      const unit = answer.type === 'percent' ? '%' : ` ${answer.unit}`
      if (answer.bands) return bandsText(answer.bands)
      return english
        ? `full ${answer.target}${unit}, none ${answer.floor}${unit}`
        : `满分 ${answer.target}${unit},零分 ${answer.floor}${unit}`
    }
    case 'deduct':
      return english
        ? `-${answer.per} each${answer.free > 0 ? `, first ${answer.free} free` : ''} (${answer.unit})`
        : `每${answer.unit}扣 ${answer.per}${answer.free > 0 ? `,前 ${answer.free} ${answer.unit}不扣` : ''}`
  }
}

function sourceOf({ provenance }: Indicator, english: boolean): string {
  const verbatim = provenance.requirement === 'verbatim'
  return english ? (verbatim ? 'verbatim' : 'draft') : verbatim ? '原文' : '草案'
}

/** Every filled column of the indicator's row, under the headers of the sheet. */
function showOne(rubric: Rubric, prompts: Readonly<Record<string, Prompts>>, id: string, output: Output): void {
  const row = indicatorRows(rubric, prompts['zh-CN']!, prompts.en!).find((one) => one.id === id)
  if (!row)
    throw new FileFault(`${rubric.id}@${rubric.version} 里没有编号为 ${id} 的指标`, `no indicator ${id} in this rubric`)
  let group = ''
  for (const column of INDICATOR_COLUMNS) {
    const value = row[column.key]
    if (value === undefined) continue
    if (column.group !== group) output.say(`【${column.group}】`)
    group = column.group
    const lines = String(value).split('\n')
    if (lines.length === 1) output.say(`  ${column.header}:${value}`)
    else for (const line of [`  ${column.header}:`, ...lines.map((one) => `    - ${one}`)]) output.say(line)
  }
}
