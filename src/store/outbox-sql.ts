/** What the outbox asks of the database. `$1` is always the instant at which it is asked, or the delivery's id. */
import type { UnsentReason } from '../core/notice.js'
import { isShut } from './notice-readers.js'

/** Messages to people who are gone are left out. By key, so that two processes cannot wait for each other in a ring. */
export const PUT = `
INSERT INTO delivery (id, key, person_id, content, due_at, created_at)
SELECT given.id, given.key, given.person_id, given.content, given.due_at, $6::timestamptz
FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
  AS given (id, key, person_id, content, due_at)
JOIN person ON person.id = given.person_id
ORDER BY given.key
ON CONFLICT DO NOTHING`

/** What belongs to a notice goes only while that is to be sent; what takes a message back always does. */
const NOTICE_ALLOWS = `(delivery.notice_id IS NULL OR delivery.target_id IS NOT NULL OR EXISTS (
  SELECT FROM notice
  WHERE notice.id = delivery.notice_id AND notice.status = 'confirmed' AND notice.withdrawn_at IS NULL))`

/** Both instants are ISO text of one length, so that their order is that of the letters. */
const runs = (prefix: string, now: string) =>
  `NOT EXISTS (SELECT FROM setting WHERE key = 'pause ' || ${prefix} AND value COLLATE "C" > ${now})`

const FREE = `delivery.status = 'pending' AND (delivery.claimed_until IS NULL OR delivery.claimed_until < $1::timestamptz)`
const TAKE = 'UPDATE delivery SET claimed_until = $2::timestamptz, claimed_by = $3, attempts = delivery.attempts + 1'
const TAKEN = `delivery.id, delivery.key, delivery.person_id, delivery.content, delivery.due_at, delivery.target_id,
  delivery.bulk, delivery.attempts`
const REACHABLE = `FROM address
  WHERE address.person_id = delivery.person_id AND unreachable_since IS NULL AND starts_with(address, $5)`

/**
 * Follows the index on (status, bulk, due_at) and stops once it has enough; thousands of messages of one notice are due at
 * the same instant, so that a third criterion would have it sort them all. A target is looked up one by one: as an EXISTS
 * the planner would read the whole table for it. `$6` is the instant as ISO text.
 */
export const CLAIM = `
WITH due AS MATERIALIZED (
  SELECT id FROM delivery
  WHERE ${runs('$5', '$6')} AND ${FREE} AND due_at <= $1::timestamptz AND ${NOTICE_ALLOWS} AND CASE
    WHEN target_id IS NULL THEN EXISTS (SELECT ${REACHABLE})
    ELSE coalesce((SELECT target.message IS NOT NULL AND starts_with(target.address, $5)
      FROM delivery AS target WHERE target.id = delivery.target_id), false)
  END
  ORDER BY bulk, due_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
)
${TAKE}
FROM due WHERE delivery.id = due.id
RETURNING ${TAKEN}, (SELECT language FROM person WHERE person.id = delivery.person_id) AS language,
  (SELECT message FROM delivery AS target WHERE target.id = delivery.target_id) AS target,
  CASE WHEN delivery.target_id IS NULL
    THEN (SELECT address ${REACHABLE} ORDER BY created_at DESC, address DESC LIMIT 1)
    ELSE (SELECT address FROM delivery AS target WHERE target.id = delivery.target_id)
  END AS address`

/** A reminder may come early, a notice not; and a message that is taken back was never on a page. */
export const CLAIM_FOR = `
WITH theirs AS MATERIALIZED (
  SELECT id FROM delivery
  WHERE ${FREE} AND person_id = $5 AND target_id IS NULL AND (notice_id IS NULL OR due_at <= $1::timestamptz)
    AND ${NOTICE_ALLOWS}
  ORDER BY bulk, due_at, id LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED
)
${TAKE} FROM theirs WHERE delivery.id = theirs.id
RETURNING ${TAKEN}`

export const HOLDS = `
SELECT ${runs('$3', '$5')} AND EXISTS (
  SELECT FROM delivery WHERE id = $1 AND status = 'pending' AND claimed_by = $2 AND claimed_until > $4::timestamptz
    AND ${NOTICE_ALLOWS}) AS holds`

const OPEN = 'claimed_until = NULL, claimed_by = NULL'

/**
 * In the order of their ids, as whoever cancels a notice locks them too. Here and wherever messages are locked, their keys
 * stay free: what takes a message back refers to it, and would otherwise wait for whoever waits for what is being cancelled.
 */
const heldBy = (ids: string, holder: string) => `
WITH held AS (
  SELECT id FROM delivery WHERE id = ANY (${ids}::text[]) AND claimed_by = ${holder} AND status = 'pending'
  ORDER BY id FOR NO KEY UPDATE
)`
export const RENEW = `${heldBy('$1', '$2')}
UPDATE delivery SET claimed_until = $3::timestamptz FROM held WHERE delivery.id = held.id`
export const GIVE_BACK = `${heldBy('$1', '$2')}
UPDATE delivery SET ${OPEN}, attempts = greatest(attempts - 1, 0) FROM held WHERE delivery.id = held.id`

/** What is settled stays as it is: a second word about it comes from a process that was thought dead. */
export const settleFrom = (status: 'pending' | 'cancelled') => `
UPDATE delivery SET status = $2::delivery_status, settled_at = $3::timestamptz, ${OPEN},
  address = coalesce($4, address), message = coalesce($5, message), reason = $6
WHERE id = $1 AND status = '${status}'`

export const POSTPONE = `UPDATE delivery SET due_at = $3::timestamptz, ${OPEN},
  attempts = CASE WHEN $4::boolean THEN attempts ELSE greatest(attempts - 1, 0) END
  WHERE id = $1 AND status = 'pending' AND claimed_by = $2`

export const PAUSE = `
INSERT INTO setting (key, value) VALUES ('pause ' || $1, $2)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value WHERE setting.value COLLATE "C" < EXCLUDED.value`
export const PAUSED_UNTIL = `SELECT value FROM setting WHERE key = 'pause ' || $1`

export const EXPIRED: UnsentReason = 'expired'

/**
 * Passes over what others hold, so that it waits for nobody; what a paused notice keeps back is not old. Who was shut all the
 * time stays blocked, as everybody has seen it until now.
 */
export const EXPIRE = `
WITH old AS (
  SELECT id FROM delivery
  WHERE ${FREE} AND due_at < $2::timestamptz
    AND NOT EXISTS (SELECT FROM notice WHERE notice.id = delivery.notice_id AND notice.status = 'paused')
  FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE delivery SET settled_at = $1::timestamptz, reason = '${EXPIRED}', ${OPEN},
  status = (CASE WHEN target_id IS NULL AND ${isShut('delivery.person_id')} THEN 'blocked' ELSE 'skipped' END)::delivery_status
FROM old WHERE delivery.id = old.id`
