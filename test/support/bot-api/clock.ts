// The fake's own time: real unless told otherwise, and it can be moved on to see what grows too old.

export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Seconds since 1970, as in every `date` of the Bot API. */
  seconds(): number
  /** Moves the clock on; ages messages and queries without waiting. */
  advance(milliseconds: number): void
}

export function createClock(source: () => number = Date.now): Clock {
  let ahead = 0
  const now = (): number => source() + ahead
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance: (milliseconds) => {
      ahead += milliseconds
    },
  }
}
