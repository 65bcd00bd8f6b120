/** The draft rubric for tests: as it stands, or with changes to its plain data. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Answer } from '../../src/core/answer.js'
import { choicesOf } from '../../src/core/answers/registry.js'
import { checkRubric } from '../../src/core/check-rubric.js'
import { type Questionnaire, questionnaireOf } from '../../src/core/questionnaire.js'
import type { Rubric } from '../../src/core/rubric.js'

const NAME = readFileSync('rubric/current', 'utf8').trim()
const TEXT = readFileSync(`rubric/${NAME}.yaml`, 'utf8')

// biome-ignore lint/suspicious/noExplicitAny: plain data of a file, changed on purpose into what no type allows
export type Plain = any

export const draftData = (): Plain => load(TEXT)

/** The checked draft after a change to its plain data. */
export function draft(change: (data: Plain) => void = () => {}): Rubric {
  const data = draftData()
  change(data)
  const checked = checkRubric(data)
  if (!checked.ok) throw new Error(`Expected a sound rubric, got ${JSON.stringify(checked.faults)}`)
  return checked.rubric
}

/** The plain data of one indicator, to be changed. */
export function rowOf(data: Plain, id: string): Plain {
  for (const first of data.first_level)
    for (const second of first.second_level) for (const row of second.indicators) if (row.id === id) return row
  throw new Error(`Expected an indicator \`${id}\``)
}

export const given = (question: string, more: Partial<Answer>): Answer => ({
  question,
  revision: 1,
  value: null,
  notApplicable: null,
  note: null,
  evidence: [],
  raw: null,
  ...more,
})

/** A full sheet with the best (or worst) choice everywhere, then changed: a value, null for open, or `{ na }`. */
export function filled(
  questionnaire: Questionnaire,
  which: 'best' | 'worst',
  changes: Record<string, string | null | { na: string }> = {},
): Map<string, Answer> {
  const answers = new Map<string, Answer>()
  for (const question of questionnaire.questions) {
    const choices = question.kind === 'indicator' ? choicesOf(question.indicator, questionnaire.rubric) : []
    const value = question.kind === 'indicator' ? (which === 'best' ? choices[0]! : choices.at(-1)!).value : 'no'
    answers.set(question.id, given(question.id, { value }))
  }
  for (const [id, change] of Object.entries(changes)) {
    if (!questionnaire.byId.has(id)) throw new Error(`Expected a question \`${id}\``)
    if (change === null) answers.delete(id)
    else if (typeof change === 'string') answers.set(id, given(id, { value: change }))
    else answers.set(id, given(id, { notApplicable: change.na }))
  }
  return answers
}

export const questionnaire = (change?: (data: Plain) => void): Questionnaire => questionnaireOf(draft(change))
