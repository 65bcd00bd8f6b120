/** What stands on a card after a tap. A press may be answered before its card is drawn (decision 17): whoever looks at once may see the one before. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeenCard } from './bot-api.js'

/** Far longer than any edit takes. */
const PATIENCE_MS = 10_000
const GLANCE_MS = 2

/** Looks until the card says something else than `before`. */
export async function nextCard(look: () => Promise<SeenCard | null>, before: SeenCard): Promise<SeenCard> {
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const card = await look()
    if (card && says(card) !== says(before)) return card
    await sleep(GLANCE_MS)
  }
  throw new Error(`Expected the card to move after a tap, got still: ${before.text}`)
}

const says = ({ text, buttons }: SeenCard): string => JSON.stringify([text, buttons])
