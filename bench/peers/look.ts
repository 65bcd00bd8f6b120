/** What a person sees on a card, whichever bot has drawn it. */
import { type Action, decodeAction } from '../../src/core/action.js'
import type { Buttons } from '../bot-api.js'
import { type Card, QUESTION_IDS } from '../script.js'

/** Stands where a bot draws its buttons the same for everybody. */
const NO_SHEET = 'no sheet at all'

const actionsOf = (buttons: Buttons): Action[] =>
  buttons.flat().flatMap(({ callback_data = '' }) => decodeAction(callback_data) ?? [])

/** The sheet that a card was drawn for. */
export function sheetOf(buttons: Buttons): string {
  const action = actionsOf(buttons).find(({ do: what }) => what === 'answer')
  return action && 'sheet' in action ? action.sheet : NO_SHEET
}

/** Which question a card asks; as many as there are questions where it is the end; undefined for any other card. */
export function createLook(recorded: readonly Card[]) {
  const byText = new Map(recorded.map(({ text }, index) => [text, index]))
  return (card: { readonly text: string; readonly buttons: Buttons }): number | undefined => {
    const index = byText.get(card.text)
    if (index !== undefined) return index
    // A question that was answered before says so, so that its text is another.
    const action = actionsOf(card.buttons).find(({ do: what }) => what === 'answer')
    const asked = action && 'question' in action ? QUESTION_IDS.indexOf(action.question) : -1
    return asked < 0 ? undefined : asked
  }
}

/** The button that leads on from a question that was answered before, where the bot has one. */
export function forwardOf(buttons: Buttons): string | undefined {
  return buttons.flat().find(({ callback_data = '' }) => decodeAction(callback_data)?.do === 'forward')?.callback_data
}
