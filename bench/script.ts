/** What the people of the bench tap: every question of the current rubric in its order, each with a choice that differs from person to person. */
import { questionChoices } from '../src/app/views/choices.js'
import { loadLibrary } from '../src/content/load.js'
import { LANGUAGES } from '../src/content/locales.js'
import { encodeAction } from '../src/core/action.js'
import { ROOT } from './child.js'

/** The fields of a card in a Bot API call. */
export type Card = {
  readonly text: string
  readonly entities: unknown
  readonly link_preview_options: { readonly is_disabled: true }
  readonly reply_markup: { readonly inline_keyboard: unknown }
}

const book = loadLibrary(ROOT, LANGUAGES).current
const questions = book.questionnaire.questions.map((question) => ({
  id: question.id,
  values: questionChoices(book, question).map(({ value }) => value),
}))

export const RUBRIC_HASH: string = book.hash
export const QUESTION_IDS: readonly string[] = questions.map(({ id }) => id)
/** The options of each question, as they stand on its card. */
export const VALUES: readonly (readonly string[])[] = questions.map(({ values }) => values)

/** What a person answers to the question at an index; neighbours differ, so that answers that are mixed up are found. */
export const choiceOf = (chat: number, index: number): string => questions[index]!.values[choiceIndex(chat, index)]!

/** Which of the options that is, as they stand on the card. */
export const choiceIndex = (chat: number, index: number): number => (chat + index) % questions[index]!.values.length

/** The button's data for that answer on a sheet, as the bot draws it for a question without an answer. */
export function tapOf(chat: number, index: number, sheet: string): string {
  return encodeAction({
    do: 'answer',
    sheet,
    question: QUESTION_IDS[index]!,
    revision: 0,
    value: choiceOf(chat, index),
  })
}
