/** Two who meet in the database. */
import type pg from 'pg'
import { it } from 'vitest'

/** Races need two connections; the embedded database has one. */
export const racing = (home: string) => (home === 'PostgreSQL' ? it : () => {})

/** Resolves once something waits for a lock that another transaction holds, or the work is done without waiting. PostgreSQL. */
export async function untilItWaits(pool: pg.Pool, work: Promise<unknown>): Promise<void> {
  let done = false
  const settled = () => {
    done = true
  }
  work.then(settled, settled)
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while (!done && (await pool.query(waiting)).rowCount === 0) await new Promise((resolve) => setImmediate(resolve))
}
