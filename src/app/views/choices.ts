/** The buttons that answer a question, and how an answer reads. */
import type { Book } from '../../content/book.js'
import type { Answer } from '../../core/answer.js'
import type { Choice, Value } from '../../core/answers/answer-type.js'
import { choicesOf } from '../../core/answers/registry.js'
import type { Question } from '../../core/questionnaire.js'
import { promptsOf, quantity, type Say } from '../words.js'

/** Best first. No is the best answer to a veto or penalty question, yes to a bonus question. */
export function questionChoices(book: Book, question: Question): Choice[] {
  const option = (value: Value): Choice => ({ value, kind: 'option' })
  switch (question.kind) {
    case 'indicator':
      return choicesOf(question.indicator, book.rubric)
    case 'bonus':
      return [option('yes'), option('no')]
    case 'veto':
    case 'penalty':
      return [option('no'), option('yes')]
  }
}

/** The words of a question's options by value; empty where it is answered with a number. */
export function optionLabels(book: Book, question: Question, language: string): ReadonlyMap<Value, string> {
  const { options } = promptsOf(book, language)
  if (question.kind !== 'indicator') return new Map(Object.entries(options.yesno))
  const { type } = question.indicator.answer
  return new Map(type === 'level4' || type === 'yesno' ? Object.entries(options[type]) : [])
}

/** A value as people say it: the option's word, or the number with its unit. */
export function valueWords(book: Book, question: Question, value: Value, language: string): string {
  const option = optionLabels(book, question, language).get(value)
  return option ?? quantity(promptsOf(book, language), value, unitOf(question))
}

/** What stands in the ledger for a question, in a few words. */
export function answerWords(book: Book, question: Question, answer: Answer, language: string, say: Say): string {
  if (answer.notApplicable !== null) return say('answer.not_applicable', { reason: answer.notApplicable })
  return answer.value === null ? say('answer.open') : valueWords(book, question, answer.value, language)
}

/** The unit that a number question counts in; empty for the others. */
export function unitOf(question: Question): string {
  if (question.kind !== 'indicator') return ''
  const { answer } = question.indicator
  if (answer.type === 'percent') return '%'
  return 'unit' in answer ? answer.unit : ''
}
