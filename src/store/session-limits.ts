/** Limits that every adapter of `Sessions` keeps. */

/** Longer than handling one input can take, with a slow database and a slow channel; short enough to wait for after a crash. */
export const LEASE_MS = 15_000

/** After a season without a word the place is found again from the ledger. */
export const SESSION_TTL_MS = 90 * 24 * 60 * 60 * 1000

/** How long an input is known: channels deliver again for at most a day. */
export const CLAIM_MS = 24 * 60 * 60 * 1000

/** Four times the 92 questions, corrections and all. Beyond it somebody is playing, and the oldest claims go. */
export const MAX_CLAIMS = 400
