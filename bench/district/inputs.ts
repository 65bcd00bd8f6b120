/**
 * What a person did, and what they meant by it.
 *
 * Everything done in one go is one *gesture*: the halves of a double tap, a number that was sent twice, and whatever the network
 * makes of them. A gesture means at most one change of the ledger:
 *
 * - **A tap** on an option means: question q, of which this button's card showed revision r, is answered with v. It holds as
 *   long as r is the newest revision. Was another gesture of the same person on (q, r) recorded first, then the bot must refuse
 *   this one (the card says that nothing was changed) and it means nothing; so does a tap of an old card.
 * - **A typed answer** means v for the question on the card that the person looked at when they sent it, and for no other: whoever
 *   sees the card change before they press send does not send. The slip of a finger sends it once more whatever is there. A
 *   refusal in words, and the question whether it is meant, are fair answers to it; silence is not. Once everything is calm it
 *   must be taken.
 * - **A note** means these words beside that question: what is written where a note is asked for, or right after its button.
 * - **Anything else** (ways, commands, chatter) means no answer.
 *
 * A row of the ledger names its input, and everything about it follows from that input and the row before. When an update is
 * acknowledged its effect must be there: a row that a *later* input wrote does not excuse it.
 */
export type Meaning =
  | { readonly kind: 'tap'; readonly question: string; readonly revision: number; readonly value: string }
  | { readonly kind: 'typed'; readonly question: string; readonly revision: number; readonly value: string }
  | { readonly kind: 'note'; readonly question: string; readonly text: string }
  | { readonly kind: 'none' }

/** One update: a press with its own id, a message; each time that Telegram brings it counts as the same. */
export type Input = {
  /** As the ledger names it. */
  readonly id: string
  readonly gesture: number
  readonly meaning: Meaning
  /** Milliseconds of the monotonic clock. */
  readonly sent: number
  acknowledged: number | undefined
  /** Whether a refusal was said between the two. */
  told: boolean
  /** Sent while nothing was under way and nothing failed: then a typed answer must be taken. */
  readonly calm: boolean
}
