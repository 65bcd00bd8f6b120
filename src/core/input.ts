/** What a person did, as the core sees it, whatever the channel. */
import type { Action } from './action.js'
import type { Evidence } from './answer.js'
import type { Session } from './session.js'

/** Commands that open a page of the office; the others are the conversation's own. */
export const OFFICE_COMMANDS = ['summary', 'overview', 'notice', 'manage'] as const
export const COMMANDS = [
  'start',
  'assess',
  'result',
  ...OFFICE_COMMANDS,
  'language',
  'help',
  'privacy',
  'cancel',
] as const
export type OfficeCommand = (typeof OFFICE_COMMANDS)[number]
export type Command = Exclude<(typeof COMMANDS)[number], OfficeCommand>

export type Input =
  | { kind: 'press'; action: Action }
  | { kind: 'command'; command: Command }
  | { kind: 'unknown_command' }
  /** `late`: it was sent before the present question was shown. `doubtful`: it may have been. */
  | { kind: 'text'; text: string; late: boolean; doubtful: boolean }
  | { kind: 'media'; evidence: Evidence; caption: string | null; late: boolean }
  /** A sticker, a voice message, a poll: nothing that could be an answer. */
  | { kind: 'unsupported' }

/** How long an older counter still means "late"; Telegram may restart its update ids at random after a quiet week. */
export const LATE_WINDOW_MS = 60 * 60 * 1000

/**
 * Whether a message was sent before the present question was shown: it overtook, or it stands above the card in the chat.
 * Such a message must not be taken for the answer to a question that its writer had not seen.
 */
export function isLate(session: Session, place: { order: number; position: number | null }, now: number): boolean {
  const overtaken = place.order < session.seen.order && now - session.seen.at < LATE_WINDOW_MS
  // The card moves down with every photo of an album; what counts is where its question was first shown.
  const since = session.since ?? (session.card === null ? null : Number(session.card))
  const above = place.position !== null && since !== null && place.position < since
  return overtaken || above
}
