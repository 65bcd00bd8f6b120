import pg from 'pg'
import { expect, it } from 'vitest'
import { startClock } from '../../src/store/clock.js'
import { createDatabase } from '../support/databases.js'

const HOUR_MS = 60 * 60 * 1000

it('goes by the database, whatever the clock of the machine says', async () => {
  const { url, drop } = await createDatabase()
  const pool = new pg.Pool({ connectionString: url })
  try {
    for (const wrongBy of [HOUR_MS, -HOUR_MS]) {
      const clock = await startClock(pool, () => Date.now() + wrongBy)
      expect(Math.abs(clock.now() - Date.now())).toBeLessThan(5_000)
      clock.stop()
    }
    const right = await startClock(pool)
    // The network's milliseconds are no reason to leave the machine's clock.
    expect(Math.abs(right.now() - Date.now())).toBeLessThan(50)
    right.stop()
  } finally {
    await pool.end()
    await drop()
  }
})
