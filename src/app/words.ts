/** The bot's own words and a rubric's words in one language, as the views use them. */
import type { Book } from '../content/book.js'
import type { IndicatorPrompts, Prompts } from '../content/prompts.js'
import type { Question } from '../core/questionnaire.js'

/** A sentence of locales/ by key, with its variables filled in. */
export type Say = (key: string, variables?: Record<string, string | number>) => string
/** The sentences of a language; an unknown language is answered in the default one. */
export type Locales = { readonly languages: readonly string[]; readonly in: (language: string) => Say }

/** Words of a book in a language, or in the first language that it has. */
export function promptsOf(book: Book, language: string): Prompts {
  return book.prompts[language] ?? Object.values(book.prompts)[0]!
}

/** Words of the indicator that a question belongs to; undefined for extras. */
export function wordsOf(prompts: Prompts, question: Question): IndicatorPrompts | undefined {
  return 'indicator' in question ? prompts.indicators[question.indicator.id] : undefined
}

/** The sentence that asks a question. */
export function askingWords(prompts: Prompts, question: Question): string {
  switch (question.kind) {
    case 'indicator':
      return prompts.indicators[question.id]!.question
    case 'veto':
      return prompts.indicators[question.indicator.id]!.vetoes![question.indicator.vetoes.indexOf(question.id)]!
    case 'bonus':
    case 'penalty':
      return prompts.extras[question.id]!
  }
}

/** A unit, post or method in this language; as in the rubric where no word is given. */
export const term = (prompts: Prompts, word: string): string => prompts.terms[word] ?? word

/** A quantity with its unit: `12 项`, `95%`. An empty unit leaves the number alone. */
export function quantity(prompts: Prompts, value: string, unit: string): string {
  if (unit === '%') return `${value}%`
  const word = term(prompts, unit)
  return word === '' ? value : `${value} ${word}`
}
