/**
 * Puts right the cards of those whom a process that died had in hand. A press is answered before its card is drawn (decision 17), and what was answered
 * is brought again by nobody: until they press again, their card would be older than the ledger.
 */
import { randomUUID } from 'node:crypto'
import type { Desk } from './desk.js'
import { hold } from './holding.js'
import { type Address, StoreFault } from './ports.js'
import type { Outlet } from './push.js'
import { showTruth } from './show-truth.js'
import { lookFrom, type Speak } from './speech.js'
import { warn } from './warn.js'

/** Drawn side by side. More are there only where Redis was away. */
const AT_ONCE = 10

/** Draws what was left in hand, on every channel that can be reached. What could not be drawn is found again the next time. Rejects with a `StoreFault`. */
export async function drawLeftBehind(desk: Desk, outlets: Readonly<Record<string, Outlet>>): Promise<void> {
  for (const [prefix, { ready, editCard }] of Object.entries(outlets)) {
    if (!ready()) continue
    const waiting = await desk.sessions.leftInHand(prefix)
    const one = async () => {
      for (let address = waiting.pop(); address !== undefined; address = waiting.pop())
        await draw(desk, address, editCard).catch(warn(desk, 'a card that was left behind could not be drawn'))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
  }
}

/** Under the person's lease: what they do meanwhile waits for a moment, so that it is never drawn over. */
async function draw(desk: Desk, address: Address, editCard: Outlet['editCard']): Promise<void> {
  const look = lookFrom(address, randomUUID())
  const held = await hold(desk, look, desk.now())
  const edit: Speak = async ({ card: show }, card) => {
    // Nobody has pressed where no card was shown.
    if (card === null) return { card, shown: false }
    if (await editCard(address, card, show)) return { card, shown: true }
    throw new StoreFault('Expected the card to be drawn', true, undefined)
  }
  let unfinished = true
  try {
    if (held.unfinished) await showTruth(desk, held, look, { ...NOTHING_MISSED, theirs: held.session }, edit)
    unfinished = false
  } finally {
    held.end(unfinished)
  }
}

const NOTHING_MISSED = {
  card: undefined,
  speech: { card: { text: [], rows: [] }, move: false, toast: null },
  asked: false,
} as const
