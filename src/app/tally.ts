/** What was refused, counted by reason: numbers since the start, and nothing about who or what. */

/**
 * `late`: the person was told that an input is not saved yet. `line_too_long`: more of one person than may wait.
 * `too_much_in_hand`: more of everybody. `not_for_us`: an update of a kind that is not asked for, or not from a private chat.
 * `unreadable_button`: data that no button of ours can have. The others are what a request was refused for.
 */
export type Refused =
  | 'wrong_secret'
  | 'too_large'
  | 'not_utf8'
  | 'not_json'
  | 'not_an_update'
  | 'not_for_us'
  | 'unreadable_button'
  | 'line_too_long'
  | 'too_much_in_hand'
  | 'late'

export type Count = (what: Refused) => void

export type Tally = {
  readonly count: Count
  /** All numbers since the start, where any has grown since this was asked last. */
  news(): Readonly<Partial<Record<Refused, number>>> | undefined
}

export function createTally(): Tally {
  const counts: Partial<Record<Refused, number>> = {}
  let grown = false
  return {
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
      grown = true
    },
    news() {
      if (!grown) return undefined
      grown = false
      return { ...counts }
    },
  }
}
