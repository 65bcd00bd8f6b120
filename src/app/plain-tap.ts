/** Which taps are saved once, after their card was drawn. */
import { pressed } from './pressed.js'
import type { Inbound } from './speech.js'
import type { Taken } from './take.js'

/**
 * A tap on a card of a sheet that answers or leads nowhere. Its session is saved once, after the card was drawn, rather than before
 * and after: the tap names its question and revision and its answer is durable, so a redelivery after a crash in between comes to
 * the same, even where other inputs came first; where none comes, because the tap was answered already, it was noted as in hand. What only leads somewhere leaves no trace in the ledger: after a crash a text
 * would be taken for the question that was there before.
 */
export function isPlainTap({ content }: Inbound, { before, picture, file, events }: Taken, moved: boolean): boolean {
  if (content.kind !== 'press' || before || picture || file) return false
  if (moved && !events.some(({ type }) => type === 'answer_recorded')) return false
  const action = pressed(content)
  return action !== undefined && 'sheet' in action && !CLOSING.has(action.do)
}

/** What begins or ends a sheet is kept in the session before anything is said. */
const CLOSING: ReadonlySet<string> = new Set(['submit_confirmed', 'restart_confirmed'])
