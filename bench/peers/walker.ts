/** A person in a fault test: taps what the card before them asks, and taps again where nothing moves. */
import type { Person } from '../../test/support/bot-api/index.js'
import { choiceIndex } from '../script.js'
import type { createLook } from './look.js'
import { forwardOf } from './look.js'

export type Walk = {
  readonly chat: number
  readonly presses: readonly { readonly index: number; readonly update: number }[]
  /** How often they tapped a card again because nothing had moved. */
  readonly again: number
  readonly stuck: boolean
}

export type Walking = {
  readonly look: ReturnType<typeof createLook>
  /** How many questions they answer, from the first on. */
  readonly questions: number
  /** On the clock of `performance.now()`. */
  readonly deadline: number
  /** Whether the bot has answered an update by 200. */
  readonly isTaken: (update: number) => boolean
  /** What else happens with a press, before the person looks at the card again. */
  readonly beside: (person: Person, update: number, presses: Walk['presses']) => Promise<void>
}

/** How long somebody waits for the card to move before they tap again. */
const PATIENCE_MS = 1_500
const GLANCE_MS = 5
/** From seeing a card to tapping on it. Faster than people are, but no bot is blamed for what no finger can do. */
const THOUGHT_MS = 150
/** Nobody taps for ever: so many taps of one card were all taken, and nothing has moved. */
const TAKEN_IN_VAIN = 4

export async function walk(person: Person, { look, questions, deadline, isTaken, beside }: Walking): Promise<Walk> {
  const presses: { index: number; update: number }[] = []
  let again = 0
  let inVain: number[] = []
  const before = person.history().length
  person.send('/start')
  await moves(person, before + 1, deadline - performance.now())
  while (performance.now() < deadline && inVain.filter(isTaken).length < TAKEN_IN_VAIN) {
    await pause(THOUGHT_MS)
    const card = person.messages().at(-1)
    const index = card && look(card)
    if (index !== undefined && index >= questions) return { chat: person.id, presses, again, stuck: false }
    const seen = person.history().length
    if (card && index !== undefined) {
      // A bot that asks anew what was answered offers a way on; where it does not, people answer again.
      const known = presses.some((press) => press.index === index)
      const forward = known ? forwardOf(card.buttons) : undefined
      const data = forward ?? card.buttons.flat()[choiceIndex(person.id, index)]!.callback_data!
      const { updateId } = person.press(card.message_id, data)
      inVain.push(updateId)
      if (!forward) {
        if (presses.at(-1)?.index === index) again += 1
        presses.push({ index, update: updateId })
        await beside(person, updateId, presses)
      }
    }
    if (await moves(person, seen, PATIENCE_MS)) inVain = []
  }
  return { chat: person.id, presses, again, stuck: true }
}

/** Waits until something has happened in the chat, or for so long; whether it has. */
async function moves(person: Person, seen: number, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds
  while (person.history().length === seen && performance.now() < until) await pause(GLANCE_MS)
  return person.history().length !== seen
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
