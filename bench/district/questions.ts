/** What is asked, and how people type an answer to it. */
import { optionLabels, questionChoices } from '../../src/app/views/choices.js'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES } from '../../src/content/locales.js'
import { ROOT } from '../child.js'
import { between } from './dice.js'

export const BOOK = loadLibrary(ROOT, LANGUAGES).current
export const QUESTIONS = BOOK.questionnaire.questions

/** An answer as it is typed, and the value that is meant by it. */
export function typedAnswer(id: string, chance: number): { readonly text: string; readonly value: string } {
  const question = BOOK.questionnaire.byId.get(id)!
  const labels = [...optionLabels(BOOK, question, 'zh-CN')]
  const [value, label] = labels[Math.floor(chance * labels.length)] ?? []
  if (value !== undefined && label !== undefined) return { text: label, value }
  const percent = question.kind === 'indicator' && question.indicator.answer.type === 'percent'
  const number = String(percent ? between(10, 100, chance) : between(0, 30, chance))
  return { text: percent && chance < 0.5 ? `${number}%` : number, value: number }
}

/** Values that stand on a question's buttons. */
export const valuesOf = (id: string): string[] =>
  questionChoices(BOOK, BOOK.questionnaire.byId.get(id)!).map(({ value }) => value)
