/** Where a notice stands, how long it will take, and whether that is a decent hour. Instants are milliseconds since 1970. */
import { zonedParts } from './zoned-time.js'

export type NoticeStatus = 'draft' | 'confirmed' | 'paused' | 'cancelled'
/** `scheduled`: confirmed, not begun. `done`: nobody waits for it any more. `withdrawn`: taken back, or being so. */
export type NoticePhase = 'draft' | 'scheduled' | 'sending' | 'paused' | 'done' | 'cancelled' | 'withdrawn'

/** `waiting`: recipients to whom it is still to be pushed; those who see it when they open the page are not among them. */
export function noticePhase(
  notice: { readonly status: NoticeStatus; readonly sendAt: Date | null; readonly withdrawnAt: Date | null },
  waiting: number,
  now: number,
): NoticePhase {
  if (notice.withdrawnAt !== null) return 'withdrawn'
  if (notice.status !== 'confirmed') return notice.status
  if (notice.sendAt !== null && now < notice.sendAt.getTime()) return 'scheduled'
  return waiting > 0 ? 'sending' : 'done'
}

/** What became of a notice for one person, of all its waves together; the first of these that is true. */
export const RECIPIENT_STATES = ['read', 'sent', 'pending', 'blocked', 'failed', 'cancelled', 'skipped'] as const
export type RecipientState = (typeof RECIPIENT_STATES)[number]

/**
 * Why a message was not sent, where the program itself says so; a channel's words stand as they are. Kept in the database,
 * so that none may be renamed. `left`: no role any more where it is for. `acknowledged`: read meanwhile. `past`: it does not
 * matter any more. `expired`: it waited for too long. `away`: the channel could not be reached. `fault`: the program is wrong.
 */
export const UNSENT_REASONS = ['left', 'acknowledged', 'past', 'expired', 'away', 'fault'] as const
export type UnsentReason = (typeof UNSENT_REASONS)[number]

/** Nobody's phone should ring from this hour to that one. */
export const QUIET_FROM_HOUR = 22
export const QUIET_UNTIL_HOUR = 7

/** Whether any part of a time falls into the quiet hours (22:00 to 7:00) on the zone's clock. */
export function isQuiet(from: number, lastsMs: number, zone: string): boolean {
  const quiet = (at: number) => {
    const { hour } = zonedParts(at, zone)
    return hour >= QUIET_FROM_HOUR || hour < QUIET_UNTIL_HOUR
  }
  const steps = Math.ceil(lastsMs / HALF_HOUR_MS)
  return Array.from({ length: steps }, (_, step) => from + step * HALF_HOUR_MS).some(quiet) || quiet(from + lastsMs)
}

const MINUTE_MS = 60 * 1000
const HALF_HOUR_MS = 30 * MINUTE_MS

/** Milliseconds that so many messages take at so many a second. */
export function durationOf(messages: number, perSecond: number): number {
  const perMinute = perSecond * 60
  return Math.ceil((messages * MINUTE_MS) / perMinute)
}
