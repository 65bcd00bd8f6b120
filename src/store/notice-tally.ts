/** What became of a notice for each of its recipients: counted, and by name. */
import type pg from 'pg'
import type { Page, Slice } from '../app/district.js'
import type { Recipient, Tally } from '../app/notices.js'
import { RECIPIENT_STATES, type RecipientState } from '../core/notice.js'
import { isShut, PUSHED, REACHABLE } from './notice-readers.js'

/**
 * `$1` is the notice: what became of it for each recipient, and what else is asked of their messages. Recipients and messages are
 * laid one under the other and grouped: as a join, a database that knows nothing about the sizes of its tables yet (the embedded
 * one never does) would look through all messages for each recipient.
 */
const statesWith = (more: string) => `
SELECT person_id, ${stateOf()} AS state, ${more}
FROM (
  SELECT person_id, acknowledged_at, NULL AS status, NULL::timestamptz AS settled_at, NULL AS reason
  FROM notice_recipient WHERE notice_id = $1
  UNION ALL
  SELECT person_id, NULL, status::text, settled_at, reason FROM delivery WHERE notice_id = $1 AND target_id IS NULL
) AS message
GROUP BY person_id`

/** The states are tried in the order of `RECIPIENT_STATES`. */
function stateOf(): string {
  const cases = RECIPIENT_STATES.map((state) => `WHEN ${isIn(state)} THEN '${state}'`)
  return `CASE ${cases.join(' ')} ELSE 'skipped' END`
}

/**
 * Who has shut the bot out since it was confirmed is blocked like those whom their own message met so: their message stays in
 * line and goes out when they speak again, but nobody may wait for it.
 */
function isIn(state: RecipientState): string {
  const some = `bool_or(status = '${state}')`
  switch (state) {
    case 'read':
      return 'max(acknowledged_at) IS NOT NULL'
    case 'pending':
      return `${some} AND NOT ${isShut('message.person_id')}`
    case 'blocked':
      // A message that is still in line here is of somebody who is shut.
      return `bool_or(status IN ('blocked', 'pending'))`
    default:
      return some
  }
}

/** See `Notices.tally`. */
export async function tally(pool: pg.Pool, notice: string, now: Date): Promise<Tally> {
  const values = [notice, now.toISOString(), new Date(now.getTime() - LATELY_MS).toISOString()]
  const { rows } = await pool.query<TallyRow>({ name: 'notice-tally', text: TALLY, values })
  const row = rows[0]!
  const none = Object.fromEntries(RECIPIENT_STATES.map((state) => [state, 0])) as Record<RecipientState, number>
  return {
    recipients: row.recipients,
    states: { ...none, ...row.states },
    waiting: row.waiting,
    firstSentAt: row.first_sent_at,
    lastSentAt: row.last_sent_at,
    sentLately: row.sent_lately,
    withdrawn: { done: row.done, pending: row.taking, failed: row.not_done },
  }
}

const LATELY_MS = 10_000

type TallyRow = {
  recipients: number
  states: Partial<Record<RecipientState, number>> | null
  waiting: number
  first_sent_at: Date | null
  last_sent_at: Date | null
  sent_lately: number
  done: number
  taking: number
  not_done: number
}

const TALLY = `
WITH one AS MATERIALIZED (${statesWith(`
  min(settled_at) FILTER (WHERE status = 'sent') AS first_sent_at,
  max(settled_at) FILTER (WHERE status = 'sent') AS sent_at,
  count(*) FILTER (WHERE status = 'pending') AS pending`)}),
counted AS (SELECT state, count(*) AS people FROM one GROUP BY state)
SELECT
  (SELECT count(*)::int FROM one) AS recipients,
  (SELECT jsonb_object_agg(state, people) FROM counted) AS states,
  (SELECT coalesce(sum(pending), 0)::int FROM one WHERE pending > 0 AND EXISTS (
    SELECT FROM address WHERE address.person_id = one.person_id AND ${REACHABLE} AND ${PUSHED})) AS waiting,
  (SELECT min(first_sent_at) FROM one) AS first_sent_at,
  (SELECT max(sent_at) FROM one) AS last_sent_at,
  count(*) FILTER (WHERE target_id IS NULL AND status = 'sent' AND settled_at > $3::timestamptz
    AND settled_at <= $2::timestamptz)::int AS sent_lately,
  count(*) FILTER (WHERE target_id IS NOT NULL AND status = 'sent')::int AS done,
  count(*) FILTER (WHERE target_id IS NOT NULL AND status = 'pending')::int AS taking,
  count(*) FILTER (WHERE target_id IS NOT NULL AND status NOT IN ('sent', 'pending'))::int AS not_done
FROM delivery WHERE notice_id = $1`

/** See `Notices.recipients`. */
export async function recipients(
  pool: pg.Pool,
  notice: string,
  state: RecipientState | null,
  { offset, limit }: Slice,
): Promise<Page<Recipient>> {
  const [{ rows: items }, { rows: counted }] = await Promise.all([
    pool.query<Recipient>({ name: 'notice-recipients', text: RECIPIENTS, values: [notice, state, limit, offset] }),
    pool.query<{ count: number }>({ name: 'notice-recipients-count', text: RECIPIENTS_COUNT, values: [notice, state] }),
  ])
  return { items, count: counted[0]!.count }
}

const OF_STATE = '$2::text IS NULL OR state = $2'

const RECIPIENTS_COUNT = `SELECT count(*)::int AS count FROM (${statesWith('1')}) AS one WHERE ${OF_STATE}`

/** A reason of an earlier try means nothing once it was sent or is tried again. */
const RECIPIENTS = `
SELECT person.id AS person, person.name,
  ARRAY(
    SELECT community.name FROM membership JOIN community ON community.id = membership.community_id
    WHERE membership.person_id = person.id AND membership.ended_at IS NULL AND community.archived_at IS NULL
    GROUP BY community.id ORDER BY community.name, community.id
  ) AS communities,
  one.state, one.sent_at AS "sentAt", one.acknowledged_at AS "acknowledgedAt",
  CASE WHEN one.state IN ('read', 'sent', 'pending') THEN NULL ELSE one.reason END AS reason
FROM (${statesWith(`max(acknowledged_at) AS acknowledged_at,
  max(settled_at) FILTER (WHERE status = 'sent') AS sent_at,
  (array_agg(reason ORDER BY settled_at DESC) FILTER (WHERE reason IS NOT NULL))[1] AS reason`)}) AS one JOIN person ON person.id = one.person_id
WHERE ${OF_STATE}
ORDER BY person.name NULLS LAST, person.id LIMIT $3 OFFSET $4`
