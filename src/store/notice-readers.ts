/** Who a notice may reach, and who has read it. */
import type pg from 'pg'
import type { Notices } from '../app/notices.js'
import type { Holder } from '../core/audience.js'
import { NOTICE_COLUMNS, type NoticeRow, toNotice } from './notice-rows.js'

/** See `Notices.holders`. */
export async function holders(pool: pg.Pool): Promise<Holder[]> {
  return (await pool.query<Holder>({ name: 'holders', text: HOLDERS })).rows
}

/** Whether a channel brings messages to an address by itself; the web page shows them when its reader comes. */
export const PUSHED = `NOT starts_with(address.address, 'web:')`
export const REACHABLE = 'address.unreachable_since IS NULL'

/** Whether a person can be reached nowhere just now, neither by a channel nor on the page. */
export const isShut = (person: string): string =>
  `NOT EXISTS (SELECT FROM address WHERE address.person_id = ${person} AND ${REACHABLE})`

const HOLDERS = `
WITH reached AS (
  SELECT person_id, CASE
    WHEN bool_or(${REACHABLE} AND ${PUSHED}) THEN 'push'
    WHEN bool_or(${REACHABLE}) THEN 'look'
    ELSE 'blocked'
  END AS reach
  FROM address GROUP BY person_id
)
SELECT membership.person_id AS person, person.language, coalesce(reached.reach, 'none') AS reach,
  jsonb_agg(jsonb_build_object('role', membership.role, 'community', membership.community_id,
    'street', coalesce(community.street, ''), 'posts', membership.posts,
    'ended', membership.ended_at IS NOT NULL OR community.archived_at IS NOT NULL)
    ORDER BY membership.joined_at, membership.id) AS holdings
FROM membership
JOIN person ON person.id = membership.person_id
LEFT JOIN community ON community.id = membership.community_id
LEFT JOIN reached ON reached.person_id = membership.person_id
GROUP BY membership.person_id, person.language, reached.reach
ORDER BY membership.person_id`

/** See `Notices.unread`. */
export async function unread(pool: pg.Pool, notice: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ person_id: string }>({
    name: 'notice-unread',
    text: `SELECT person_id FROM notice_recipient AS recipient
      WHERE notice_id = $1 AND acknowledged_at IS NULL AND EXISTS (
        SELECT FROM delivery WHERE delivery.notice_id = recipient.notice_id AND delivery.person_id = recipient.person_id
          AND delivery.status = 'sent' AND delivery.target_id IS NULL)`,
    values: [notice],
  })
  return new Set(rows.map(({ person_id }) => person_id))
}

/** See `Notices.acknowledge`. */
export async function acknowledge(
  pool: pg.Pool,
  notice: string,
  person: string,
  at: Date,
): ReturnType<Notices['acknowledge']> {
  const { rows } = await pool.query<{ outcome: Awaited<ReturnType<Notices['acknowledge']>> }>({
    name: 'notice-acknowledge',
    text: ACKNOWLEDGE,
    values: [notice, person, at.toISOString()],
  })
  return rows[0]!.outcome
}

/**
 * Whether a recipient may have a message of the notice before their eyes: it was sent, or somebody has or had it in hand, so that
 * it may have come without a note (in the air just now, cancelled there, or by a process that died). Before that there is a
 * preview at most. Where a failed one is tried anew its address stands, though its tries are counted anew.
 */
export const CAME = `EXISTS (
  SELECT FROM delivery
  WHERE delivery.notice_id = recipient.notice_id AND delivery.person_id = recipient.person_id
    AND delivery.target_id IS NULL AND (delivery.status = 'sent' OR (delivery.status IN ('pending', 'failed', 'cancelled')
      AND (delivery.attempts > 0 OR delivery.claimed_by IS NOT NULL OR delivery.address IS NOT NULL))))`

/** Rows as they were before the update: \`acknowledged_at\` says whether the press was the first. */
const ACKNOWLEDGE = `
WITH noted AS (
  UPDATE notice_recipient AS recipient SET acknowledged_at = $3::timestamptz
  WHERE notice_id = $1 AND person_id = $2 AND acknowledged_at IS NULL AND ${CAME} RETURNING 1
)
SELECT coalesce((
  SELECT CASE
    WHEN EXISTS (SELECT FROM noted) THEN 'noted'
    WHEN acknowledged_at IS NULL AND NOT ${CAME} THEN 'unsent'
    ELSE 'before'
  END
  FROM notice_recipient AS recipient WHERE notice_id = $1 AND person_id = $2
), 'none') AS outcome`

/** See `Notices.standing`. */
export async function standing(pool: pg.Pool, id: string, person: string): ReturnType<Notices['standing']> {
  const { rows } = await pool.query<NoticeRow & { acknowledged_at: Date | null; belongs: boolean }>({
    name: 'notice-standing',
    text: STANDING,
    values: [id, person],
  })
  const [row] = rows
  return row && { notice: toNotice(row), acknowledgedAt: row.acknowledged_at, belongs: row.belongs }
}

const STANDING = `
SELECT ${NOTICE_COLUMNS}, acknowledged_at, EXISTS (
  SELECT FROM membership LEFT JOIN community ON community.id = membership.community_id
  WHERE membership.person_id = $2 AND membership.ended_at IS NULL AND community.archived_at IS NULL
    AND (notice.community_id IS NULL OR notice.community_id = membership.community_id)) AS belongs
FROM notice JOIN notice_recipient ON notice_id = notice.id AND person_id = $2
WHERE notice.id = $1`
