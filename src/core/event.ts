/** What a transition says has happened. The shell writes these down before it speaks of them. */
import type { Answer } from './answer.js'
import type { RejectReason } from './answers/answer-type.js'

export type Event =
  | { type: 'sheet_started'; sheet: string }
  | { type: 'sheet_discarded'; sheet: string }
  | { type: 'sheet_submitted'; sheet: string }
  | { type: 'answer_recorded'; sheet: string; answer: Answer }
  | { type: 'language_changed'; language: string }
  | { type: 'data_requested' }
  | { type: 'person_erased' }
  | Notice

/** Events that change nothing but are said to the person in one sentence on the card. */
export type Notice =
  | { type: 'answer_rejected'; question: string; reason: RejectReason }
  /** A typed answer was taken; said because the next card no longer shows it. */
  | { type: 'answer_taken'; question: string; value: string }
  /** A tap on an old card; `saved` is what stands in the ledger. */
  | { type: 'answer_stale'; question: string }
  /** Typed or sent before the present question was shown, so it may have been meant for another one. */
  | { type: 'input_late' }
  | { type: 'input_unexpected' }
  | { type: 'not_applicable_refused'; why: 'not_allowed' | 'cap' }
  | { type: 'text_too_long'; most: number }
  | { type: 'note_expected' }
  | { type: 'reason_expected' }
  | { type: 'evidence_expected' }
  | { type: 'caption_not_kept'; count: number }
  | { type: 'note_saved' }
  | { type: 'evidence_saved'; count: number }
  | { type: 'evidence_refused'; most: number }
  | { type: 'not_applicable_saved' }
  | { type: 'nothing_to_cancel' }
  | { type: 'cancelled' }
  | { type: 'still_open'; count: number }
  | { type: 'sheet_closed' }
  /** A shared sheet is submitted by the head alone. */
  | { type: 'head_submits' }
  | { type: 'button_outdated' }
  | { type: 'command_unknown' }
  | { type: 'sheet_reloaded' }

// biome-ignore format: a set of names
const SPOKEN: { readonly [T in Notice['type']]: true } = {
  answer_rejected: true, answer_stale: true, input_late: true, input_unexpected: true, not_applicable_refused: true,
  text_too_long: true, note_saved: true, evidence_saved: true, evidence_refused: true,
  not_applicable_saved: true, nothing_to_cancel: true, cancelled: true, still_open: true, sheet_closed: true,
  button_outdated: true, command_unknown: true, sheet_reloaded: true,
  answer_taken: true, head_submits: true,
  caption_not_kept: true,
  evidence_expected: true,
  note_expected: true,
  reason_expected: true,
}

export const isNotice = (event: Event): event is Notice => event.type in SPOKEN
