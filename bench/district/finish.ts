/** With all faults off, everybody must get to the end: answers what is left, submits, and sees it submitted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ShownCard } from './bot-api.js'
import { buttonTo, read } from './cards.js'
import { draw, oneOf } from './dice.js'
import type { Person } from './person.js'
import { typedAnswer } from './questions.js'

/** Far more than 98 questions take, even for somebody who is sent back and forth. */
const MOST_STEPS = 400
const TYPED_SHARE = 0.1
const READING_MS = 2_500
/** A press is answered as soon as its card is on the way, so that the card moves a little later. It need not move at all. */
const MOVES_WITHIN_MS = 1_000
const GLANCE_MS = 20

/** Whether they got there; and how many inputs that took. */
export async function finish(person: Person, seed: number): Promise<boolean> {
  const nothing = { kind: 'none' } as const
  let answered: string | undefined
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const card = await person.card()
    const seen = card ? read(card) : undefined
    if (seen?.at === 'submitted') return true
    const chance = draw(seed, person.chat, step, 51)
    const press = async (data: string | undefined) =>
      card && data !== undefined ? person.press(card.id, data, nothing) : person.write('/start', nothing)
    let brought: Awaited<ReturnType<typeof press>>
    if (seen?.at === 'question' || seen?.at === 'confirm') {
      const { question, revision, options, chosen } = seen
      // A question that has just come up by an answer to another takes what is typed.
      const fresh = seen.at === 'question' && answered !== undefined && answered !== question && chosen === undefined
      answered = question
      if (fresh && !card!.text.includes('已答：') && draw(seed, person.chat, step, 52) < TYPED_SHARE) {
        const { text, value } = typedAnswer(question, chance)
        // Nobody reads a question and types its answer faster.
        await sleep(READING_MS)
        brought = await person.write(text, { kind: 'typed', question, revision, value }, true)
      } else {
        const option = options.find(({ value }) => value === chosen) ?? oneOf(options, chance)!
        brought = await person.press(
          card!.id,
          option.data,
          { kind: 'tap', question, revision, value: option.value },
          true,
        )
      }
    } else {
      answered = undefined
      const ways = [
        'submit_confirmed',
        'submit',
        'begin',
        'resume',
        'open',
        'contents',
        'section',
        'back',
        'result',
      ] as const
      brought = await press(
        card ? ways.map((what) => buttonTo(card, what)).find((data) => data !== undefined) : undefined,
      )
    }
    if ((await brought.taken) === undefined) return false
    await Promise.all(person.underWay)
    await moved(person, card)
  }
  return false
}

/** Waits for the card to look different, as people do. */
async function moved(person: Person, before: ShownCard | null): Promise<void> {
  const looked = JSON.stringify(before)
  for (let waited = 0; waited < MOVES_WITHIN_MS; waited += GLANCE_MS) {
    if (JSON.stringify(await person.card()) !== looked) return
    await sleep(GLANCE_MS)
  }
}
