/** A rubric in a few lines. */
import { hashRubric } from '../content/book.js'
import { indicatorsOf, type Rubric, sumPoints } from '../core/rubric.js'
import { TYPES } from '../rubric-sheet/indicator-columns.js'
import { STATUS } from '../rubric-sheet/settings-spec.js'
import type { Output } from './output.js'

/** Prints name, status, counts, points by first level, answer types, cut-offs in force and the hash. */
export function printSummary(rubric: Rubric, output: Output): void {
  const all = indicatorsOf(rubric)
  const seconds = rubric.first_level.reduce((sum, first) => sum + first.second_level.length, 0)
  output.say(
    `${rubric.id}@${rubric.version}(${STATUS[rubric.status]})${rubric.title}`,
    `${rubric.id}@${rubric.version} (${rubric.status}) ${rubric.title}`,
  )
  output.say(
    `  指标:一级 ${rubric.first_level.length}、二级 ${seconds}、三级 ${all.length};总分 ${rubric.scale}`,
    `  indicators: ${rubric.first_level.length} first level, ${seconds} second level, ${all.length} third level; scale ${rubric.scale}`,
  )
  const points = rubric.first_level.map(({ name, second_level }) => {
    const sum = sumPoints(second_level.flatMap(({ indicators }) => indicators))
    return `${name} ${sum}`
  })
  output.say(`  分值:${points.join('、')}`, `  points: ${points.join(', ')}`)
  const types = Object.entries(TYPES).flatMap(([type, word]) => {
    const count = all.filter(({ answer }) => answer.type === type).length
    return count === 0 ? [] : [{ zh: `${word} ${count}`, en: `${type} ${count}` }]
  })
  const vetoes = all.reduce((sum, one) => sum + one.vetoes.length, 0)
  const free = all.filter((one) => one.not_applicable).length
  output.say(
    `  题型:${types.map(({ zh }) => zh).join('、')};否决项 ${vetoes};可不适用 ${free}`,
    `  answers: ${types.map(({ en }) => en).join(', ')}; vetoes ${vetoes}; may not apply ${free}`,
  )
  const verbatim = all.filter(({ provenance }) => provenance.requirement === 'verbatim').length
  const set = rubric.cutoffs.sets[rubric.cutoffs.use] ?? {}
  const cutoffs = rubric.grades.map(({ code }) => `${code} ≥ ${set[code]}`)
  output.say(
    `  分数线(${rubric.cutoffs.use}):${cutoffs.join('、')};要求为原文的指标 ${verbatim} 个`,
    `  cut-offs (${rubric.cutoffs.use}): ${cutoffs.join(', ')}; ${verbatim} indicators with verbatim requirement`,
  )
  output.say(`  校验码:${hashRubric(rubric)}`, `  hash: ${hashRubric(rubric)}`)
}
