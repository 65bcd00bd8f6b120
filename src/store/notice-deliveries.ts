/** The messages of a notice, inside a transaction of the caller's that holds the notice. */
import type { Telling } from '../app/district.js'
import { Prisma } from '../generated/prisma/client.js'
import { storableJson } from './storable.js'

type Tx = Prisma.TransactionClient

/** The notice of a delivery, held against whoever withdraws it at this moment; undefined where it is of none. */
export async function lockNoticeOf(tx: Tx, delivery: string): Promise<{ id: string; withdrawn: boolean } | undefined> {
  const [notice] = await tx.$queryRaw<{ id: string; withdrawn: boolean }[]>`
    SELECT notice.id, notice.withdrawn_at IS NOT NULL AS withdrawn
    FROM delivery JOIN notice ON notice.id = delivery.notice_id
    WHERE delivery.id = ${delivery} AND delivery.target_id IS NULL FOR SHARE OF notice`
  return notice
}

/** Writes down who it is for; those who are gone are left out. By id, as whoever else locks several people. */
export async function addRecipients(tx: Tx, notice: string, people: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO notice_recipient (notice_id, person_id)
    SELECT ${notice}::text, there.id FROM (
      SELECT id FROM person WHERE id = ANY (${[...people]}::text[]) ORDER BY id FOR KEY SHARE
    ) AS there
    ON CONFLICT DO NOTHING`
}

/** The notice itself: one message to each recipient. */
export async function putFirstWave(tx: Tx, notice: string, dueAt: Date, at: Date): Promise<void> {
  const to = Prisma.sql`SELECT 'notice:' || notice_id || ':' || person_id || ':1' AS key, person_id, NULL AS target_id
    FROM notice_recipient WHERE notice_id = ${notice}`
  await put(tx, { type: 'notice', notice, wave: 1 }, to, dueAt, at)
}

/** One more message to those who got it, have not read it, and for whom none is in line. Returns how many. */
export function putReminders(tx: Tx, notice: string, wave: number, at: Date): Promise<number> {
  const to = Prisma.sql`SELECT 'notice:' || recipient.notice_id || ':' || recipient.person_id || ':' || ${wave}::int AS key,
      recipient.person_id, NULL AS target_id
    FROM notice_recipient AS recipient
    JOIN delivery ON delivery.notice_id = recipient.notice_id AND delivery.person_id = recipient.person_id
    WHERE recipient.notice_id = ${notice} AND recipient.acknowledged_at IS NULL AND delivery.target_id IS NULL
    GROUP BY recipient.notice_id, recipient.person_id
    HAVING bool_or(delivery.status = 'sent') AND NOT bool_or(delivery.status = 'pending')`
  return put(tx, { type: 'notice', notice, wave }, to, at, at)
}

/** Takes back every message that was sent and has an id in its channel, unless that is in line already. Returns how many. */
export function putWithdrawals(tx: Tx, notice: string, at: Date): Promise<number> {
  const to = Prisma.sql`SELECT 'withdraw:' || id AS key, person_id, id AS target_id FROM delivery
    WHERE notice_id = ${notice} AND target_id IS NULL AND status = 'sent' AND address IS NOT NULL AND message IS NOT NULL`
  return put(tx, { type: 'withdrawal', notice }, to, at, at)
}

/**
 * `to`: key, person_id and target_id of each message. Their ids are made from their keys. Only the notice itself stands behind
 * everything else: what takes it back must not wait behind thousands, since it can be deleted for a while only.
 */
function put(
  tx: Tx,
  telling: Telling & { type: 'notice' | 'withdrawal' },
  to: Prisma.Sql,
  dueAt: Date,
  at: Date,
): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO delivery (id, key, person_id, content, bulk, due_at, created_at, notice_id, wave, target_id)
    SELECT 'd' || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), ${ID_DIGITS}::int), key, person_id,
      ${storableJson(telling)}::jsonb, ${telling.type === 'notice'}::boolean, ${dueAt.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz,
      ${telling.notice}::text, ${telling.type === 'notice' ? telling.wave : 0}::int, target_id
    FROM (${to}) AS wanted ORDER BY key ON CONFLICT DO NOTHING`
}

/** Cancels what was not sent yet, also what somebody has in hand: they look once more before they send it. */
export async function cancelPending(tx: Tx, notice: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    WITH waiting AS (
      SELECT id FROM delivery WHERE notice_id = ${notice} AND status = 'pending' AND target_id IS NULL
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE delivery SET status = 'cancelled', settled_at = ${at.toISOString()}::timestamptz, claimed_until = NULL,
      claimed_by = NULL
    FROM waiting WHERE delivery.id = waiting.id`
}

/** What was kept back is due now, so that the time that it waited does not make it old. */
export async function resumePending(tx: Tx, notice: string, at: Date): Promise<void> {
  await tx.$executeRaw`
    WITH waiting AS (
      SELECT id FROM delivery WHERE notice_id = ${notice} AND status = 'pending' AND target_id IS NULL
        AND due_at < ${at.toISOString()}::timestamptz
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE delivery SET due_at = ${at.toISOString()}::timestamptz FROM waiting WHERE delivery.id = waiting.id`
}

/** Puts what failed in line again, unless its reader has read another message of the notice. Returns how many. */
export function retryFailed(tx: Tx, notice: string, at: Date): Promise<number> {
  return tx.$executeRaw`
    WITH failed AS (
      SELECT id FROM delivery WHERE notice_id = ${notice} AND status = 'failed' AND target_id IS NULL
        AND EXISTS (SELECT FROM notice_recipient AS recipient WHERE recipient.notice_id = delivery.notice_id
          AND recipient.person_id = delivery.person_id AND recipient.acknowledged_at IS NULL)
      ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE delivery SET status = 'pending', attempts = 0, due_at = ${at.toISOString()}::timestamptz, settled_at = NULL,
      reason = NULL
    FROM failed WHERE delivery.id = failed.id`
}

/** 88 bits: a notice has thousands of them, and two alike would leave one out. */
const ID_DIGITS = 22
