/** How far apart messages are kept, the same for both gates. All in milliseconds. */

/** A chat takes one message in this time (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). */
export const CHAT_MS = 1_000

/** However many replies go out, what waits is never put off for longer than this by them. */
export const MOST_AHEAD_MS = 2_000

/** 5 % more than the exact share, so that a message which is late on its way never meets the 31st of a second. */
export const spacingMs = (perSecond: number): number => 1_050 / perSecond
