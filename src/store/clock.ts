/**
 * One clock for all processes: the database's. What is due, leased or paused is judged by instants in its rows, and a process on
 * a machine whose clock is wrong would send a notice early or take what another has in hand.
 */
import type pg from 'pg'

/** Clocks drift by seconds a day; a jump (a machine that slept, a clock that was set) is seen within this time. */
const MEASURE_EVERY_MS = 60_000
/** Less than this is the network's doing, and not worth a clock that jumps. */
const IGNORED_MS = 100
/** An answer that took longer says too little about when it was given. */
const LONGEST_TRIP_MS = 2_000

export type Clock = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Stops measuring. */
  readonly stop: () => void
}

/** Measures once before it resolves, then now and then. `own` is the machine's clock; a database that is away changes nothing. */
export async function startClock(pool: pg.Pool, own: () => number = Date.now): Promise<Clock> {
  let ahead = 0
  const measure = async () => {
    const before = own()
    const { rows } = await pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
    const after = own()
    if (after - before > LONGEST_TRIP_MS || after < before) return
    const difference = rows[0]!.now.getTime() - (before + after) / 2
    ahead = Math.abs(difference) < IGNORED_MS ? 0 : Math.round(difference)
  }
  await measure()
  const timer = setInterval(() => void measure().catch(() => {}), MEASURE_EVERY_MS)
  timer.unref()
  return { now: () => own() + ahead, stop: () => clearInterval(timer) }
}
