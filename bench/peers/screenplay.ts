/** What is asked, as the peers get it: our own cards, with the options known by their values, so that a peer draws its own buttons. */
import { decodeAction } from '../../src/core/action.js'
import { type Card, QUESTION_IDS } from '../script.js'

export type Screenplay = {
  readonly questions: readonly { readonly id: string; readonly values: readonly string[] }[]
  /** One more than there are questions: the last one ends. */
  readonly cards: readonly {
    readonly text: string
    readonly entities: never
    /** An option has a value; what leads around a question keeps its data, so that cards are as large as ours. */
    readonly rows: readonly (readonly ({ readonly text: string } & (
      | { readonly value: string }
      | { readonly data: string }
    ))[])[]
  }[]
}

/** Our cards, recorded in their order, as a screenplay. */
export function screenplayOf(recorded: readonly Card[]): Screenplay {
  const cards = recorded.map(({ text, entities, reply_markup }) => ({
    text,
    entities: entities as never,
    rows: (reply_markup.inline_keyboard as { text: string; callback_data: string }[][]).map((row) =>
      row.map(({ text, callback_data }) => {
        const action = decodeAction(callback_data)
        return action?.do === 'answer' ? { text, value: action.value } : { text, data: callback_data }
      }),
    ),
  }))
  const questions = QUESTION_IDS.map((id, index) => ({
    id,
    values: cards[index]!.rows.flat().flatMap((button) => ('value' in button ? [button.value] : [])),
  }))
  return { questions, cards }
}
