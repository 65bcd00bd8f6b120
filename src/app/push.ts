/** A message that nobody asked for just now: a reminder, a notice, a question that came back. Each channel that can reach people by itself has one. */
import type { Address } from './ports.js'
import type { Card } from './speech.js'

/** Messages a second that a channel takes for nothing; who asks for more has agreed to pay for notices. */
export const FREE_PER_SECOND = 30

/** `withdraw` takes a message back: it is deleted, or where the channel no longer does that, replaced by the card. */
export type Errand =
  | {
      readonly do: 'send'
      readonly card: Card
      /** One of many, for which the channel may charge so that it takes more of them a second than it does for nothing. */
      readonly paid?: true
    }
  | { readonly do: 'withdraw'; readonly message: string; readonly card: Card }

/**
 * `unreachable`: blocked or gone. `flood`: the channel asks everybody for patience. `later`: the channel is away, or has a
 * fault of its own.
 */
export type Pushed =
  | {
      readonly kind: 'sent' /** The channel's id of the message; null where it has none. */
      readonly message: string | null
    }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'flood' | 'later'; readonly afterMs: number }
  /** It refuses the message itself, so that another try would not help. */
  | { readonly kind: 'refused'; readonly reason: string }

/** Runs one errand, once, without waiting inside. After a lost connection it may have arrived all the same. */
export type Push = (address: Address, errand: Errand) => Promise<Pushed>

/** `later`: another try soon may help. `refused`: none will, as with a card that is no longer there. */
export type Edited = 'shown' | 'later' | 'refused'
export type EditCard = (address: Address, card: string, show: Card) => Promise<Edited>

/** A channel that reaches people by itself. */
export type Outlet = {
  readonly push: Push
  /** False until it is connected: then nothing is taken for it, so that no try is used up. */
  readonly ready: () => boolean
  /** Redraws a card where it stands. Never sends a new one, never waits, never rejects. */
  readonly editCard: EditCard
}
