/** Limits that every adapter of `Sessions` keeps. */

/**
 * Renewed while an input is handled, however slow the database and the channel are; this is what somebody waits for whose
 * input a process that died had in hand, unless the next one runs where it ran.
 */
export const LEASE_MS = 4_000

/** After a season without a word the place is found again from the ledger. */
export const SESSION_TTL_MS = 90 * 24 * 60 * 60 * 1000

/** How long an input is known: channels deliver again for at most a day. */
export const CLAIM_MS = 24 * 60 * 60 * 1000

/** Four times the 92 questions, corrections and all. Beyond it somebody is playing, and the oldest claims go. */
export const MAX_CLAIMS = 400
