/** Messages on their way, on PostgreSQL. Several processes may take from it: what one has claimed, the others pass over. */
import type pg from 'pg'
import type { Delivery, Outbox, Telling } from '../app/district.js'
import { guarded } from './fault.js'
import { storableJson, storableText } from './storable.js'

export function createOutbox(pool: pg.Pool): Outbox {
  return {
    put: (deliveries, at) =>
      guarded('Messages could not be put in line', async () => {
        const column = <T>(of: (delivery: Delivery) => T): T[] => deliveries.map(of)
        const { rowCount } = await pool.query(PUT, [
          column(({ id }) => id),
          column(({ key }) => storableText(key)),
          column(({ person }) => person),
          column(({ telling }) => storableJson(telling)),
          column(({ dueAt }) => dueAt.toISOString()),
          at.toISOString(),
        ])
        return rowCount ?? 0
      }),

    claim: (prefix, limit, now, leaseMs) =>
      guarded('Messages could not be claimed', async () => {
        const { rows } = await pool.query<DeliveryRow & { address: string }>(CLAIM, [
          now.toISOString(),
          until(now, leaseMs),
          limit,
          prefix,
        ])
        return rows.map((row) => ({ ...toDelivery(row), address: row.address })).sort(byDue)
      }),

    claimFor: (person, limit, now, leaseMs) =>
      guarded("A person's messages could not be claimed", async () => {
        const values = [now.toISOString(), until(now, leaseMs), limit, person]
        return (await pool.query<DeliveryRow>(CLAIM_FOR, values)).rows.map(toDelivery).sort(byDue)
      }),

    settle: (id, status, at) =>
      guarded('A message could not be settled', async () => {
        await pool.query(SETTLE, [id, status, at.toISOString()])
      }),

    postpone: (id, dueAt) =>
      guarded('A message could not be postponed', async () => {
        await pool.query(POSTPONE, [id, dueAt.toISOString()])
      }),

    expire: (before, at) =>
      guarded('Old messages could not be settled', async () => {
        return (await pool.query(EXPIRE, [at.toISOString(), before.toISOString()])).rowCount ?? 0
      }),
  }
}

type DeliveryRow = { id: string; key: string; person_id: string; content: Telling; due_at: Date }

/** Messages to people who are gone are left out. By key, so that two processes cannot wait for each other in a ring. */
const PUT = `
INSERT INTO delivery (id, key, person_id, content, due_at, created_at)
SELECT given.id, given.key, given.person_id, given.content, given.due_at, $6::timestamptz
FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
  AS given (id, key, person_id, content, due_at)
JOIN person ON person.id = given.person_id
ORDER BY given.key
ON CONFLICT DO NOTHING`

const FREE = `delivery.status = 'pending' AND (delivery.claimed_until IS NULL OR delivery.claimed_until < $1::timestamptz)`
const TAKE = 'UPDATE delivery SET claimed_until = $2::timestamptz, attempts = attempts + 1'
const TAKEN = 'delivery.id, delivery.key, delivery.person_id, delivery.content, delivery.due_at'
const REACHABLE = `FROM address
  WHERE address.person_id = delivery.person_id AND unreachable_since IS NULL AND starts_with(address, $4)`

/**
 * Looks at everything that is due, also to people whom this channel does not reach: with 20,000 of those about 10 ms, for
 * which no index is kept. `EXPIRE` bounds them.
 */
const CLAIM = `
WITH due AS (
  SELECT id FROM delivery WHERE ${FREE} AND due_at <= $1::timestamptz AND EXISTS (SELECT ${REACHABLE})
  ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
${TAKE} FROM due WHERE delivery.id = due.id
RETURNING ${TAKEN}, (SELECT address ${REACHABLE} ORDER BY created_at DESC, address DESC LIMIT 1) AS address`

const CLAIM_FOR = `
WITH theirs AS (
  SELECT id FROM delivery WHERE ${FREE} AND person_id = $4 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
)
${TAKE} FROM theirs WHERE delivery.id = theirs.id
RETURNING ${TAKEN}`

/** What is settled stays as it is: a second word about it comes from a process that was thought dead. */
const SETTLE = `UPDATE delivery SET status = $2::delivery_status, settled_at = $3::timestamptz, claimed_until = NULL
  WHERE id = $1 AND status = 'pending'`
const POSTPONE = `UPDATE delivery SET due_at = $2::timestamptz, claimed_until = NULL WHERE id = $1 AND status = 'pending'`

/** Passes over what others hold, so that it waits for nobody. */
const EXPIRE = `
WITH old AS (
  SELECT id FROM delivery WHERE ${FREE} AND due_at < $2::timestamptz FOR UPDATE SKIP LOCKED
)
UPDATE delivery SET status = 'skipped', settled_at = $1::timestamptz, claimed_until = NULL
FROM old WHERE delivery.id = old.id`

const until = (now: Date, leaseMs: number): string => new Date(now.getTime() + leaseMs).toISOString()

/** UPDATE … RETURNING keeps no order. */
const byDue = (a: Delivery, b: Delivery): number =>
  a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Only `put` writes the content, so that it is a telling. */
const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  key: row.key,
  person: row.person_id,
  telling: row.content,
  dueAt: row.due_at,
})
