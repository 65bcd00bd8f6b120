/** A message that nobody asked for just now: a reminder, a question that came back. Each channel that can reach people on its own has one. */
import type { Address } from './ports.js'
import type { Card } from './speech.js'

/** `unreachable`: blocked or gone, and noted as such. A wait in milliseconds: not now, the channel asks for patience or is away. */
export type Pushed = 'sent' | 'unreachable' | { readonly retryAfterMs: number }

/**
 * Sends a card as a message of its own, once, without waiting inside. After a lost connection it may have arrived all the
 * same. Rejects where the channel refuses the card itself, so that another try would not help.
 */
export type Push = (address: Address, card: Card) => Promise<Pushed>
