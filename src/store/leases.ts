/** Work that one process does at a time: a row says who, and until when on the database's clock. */
import type pg from 'pg'
import type { Leases } from '../app/notices.js'
import { guarded } from './fault.js'

export function createLeases(pool: pg.Pool): Leases {
  return {
    hold: (name, holder, forMs) =>
      guarded('A lease could not be taken', async () => {
        return (await pool.query({ name: 'lease-hold', text: HOLD, values: [name, holder, forMs] })).rowCount === 1
      }),

    release: (name, holder) =>
      guarded('A lease could not be given back', async () => {
        await pool.query('DELETE FROM lease WHERE name = $1 AND holder = $2', [name, holder])
      }),
  }
}

const HOLD = `
INSERT INTO lease (name, holder, until) VALUES ($1, $2, now() + $3::float8 * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
WHERE lease.holder = EXCLUDED.holder OR lease.until <= now()`
