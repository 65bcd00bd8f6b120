/** Whether an address can be reached, and what comes back to its person once it can again. */
import type pg from 'pg'
import { EXPIRED } from './outbox-sql.js'

/** See `Records.setReachable`. One statement, which writes nothing where nothing changes: every spoken word comes by here. */
export async function setReachable(pool: pg.Pool, address: string, reachable: boolean, at: Date): Promise<void> {
  const [name, text] = reachable ? (['reachable', REACHABLE] as const) : (['unreachable', UNREACHABLE] as const)
  const since = new Date(at.getTime() - BLOCKED_FOR_MS)
  const values = reachable ? [address, at.toISOString(), since.toISOString()] : [address, at.toISOString()]
  await pool.query({ name, text, values })
}

/** What was blocked longer ago is no news any more; what has expired waited for as long. */
const BLOCKED_FOR_MS = 14 * 24 * 60 * 60 * 1000

/** The first instant stays: it says since when. */
const UNREACHABLE = `UPDATE address SET unreachable_since = $2::timestamptz WHERE address = $1 AND unreachable_since IS NULL`

const REACHABLE = `
WITH back AS (
  UPDATE address SET unreachable_since = NULL WHERE address = $1 AND unreachable_since IS NOT NULL RETURNING person_id
)
UPDATE delivery SET status = 'pending', attempts = 0, due_at = $2::timestamptz, settled_at = NULL, reason = NULL,
  address = NULL
FROM back
WHERE delivery.person_id = back.person_id AND delivery.status = 'blocked' AND delivery.settled_at >= $3::timestamptz
  AND delivery.reason IS DISTINCT FROM '${EXPIRED}'
  AND (delivery.target_id IS NOT NULL OR (
    NOT EXISTS (SELECT FROM notice WHERE notice.id = delivery.notice_id
      AND (notice.status = 'cancelled' OR notice.withdrawn_at IS NOT NULL))
    AND NOT EXISTS (SELECT FROM notice_recipient AS recipient WHERE recipient.notice_id = delivery.notice_id
      AND recipient.person_id = delivery.person_id AND recipient.acknowledged_at IS NOT NULL)))`
