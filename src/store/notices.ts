/** Notices on PostgreSQL: each change is one transaction, under the notice's own lock, with its line in the audit log. */
import type pg from 'pg'
import type { Change } from '../app/district.js'
import type { Notice, NoticeFields, Notices } from '../app/notices.js'
import type { Prisma } from '../generated/prisma/client.js'
import { changedAt, writeChange } from './audit.js'
import { guarded } from './fault.js'
import {
  addRecipients,
  cancelPending,
  putFirstWave,
  putReminders,
  putWithdrawals,
  resumePending,
  retryFailed,
} from './notice-deliveries.js'
import { acknowledge, holders, standing, unread } from './notice-readers.js'
import { changedFields, lockNotice, NOTICE_COLUMNS, type NoticeRow, toNotice } from './notice-rows.js'
import { recipients, tally } from './notice-tally.js'
import { prismaOn } from './prisma.js'
import { storableJson, storableText } from './storable.js'

export function createNotices(pool: pg.Pool): Notices {
  const prisma = prismaOn(pool)

  const reading = <T>(work: () => Promise<T>): Promise<T> => guarded('A notice could not be read', work)
  const changing = <T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> =>
    guarded('A notice could not be changed', () => prisma.$transaction(work))
  const select = async (name: string, rest: string, values: unknown[]): Promise<Notice[]> => {
    const text = `SELECT ${NOTICE_COLUMNS} FROM notice ${rest}`
    return (await pool.query<NoticeRow>({ name, text, values })).rows.map(toNotice)
  }
  /** Puts messages in line once for a change; how many they were stands in its line, for when it comes again. */
  const putting = (
    id: string,
    from: readonly Notice['status'][],
    change: Change,
    work: (tx: Prisma.TransactionClient, notice: Notice) => Promise<number>,
  ): Promise<number> =>
    changing(async (tx) => {
      const notice = await lockNotice(tx, id)
      const before = await countWritten(tx, change)
      if (before !== undefined) return before
      if (!notice || notice.withdrawnAt !== null || !from.includes(notice.status)) return 0
      const messages = await work(tx, notice)
      await writeChange(tx, { ...change, after: { ...change.after, messages } })
      return messages
    })

  return {
    create: ({ id, community, by, ...fields }, change) =>
      changing(async (tx) => {
        if (!(await writeChange(tx, change))) return
        const { versions, media, audience, sendAt, timeZone } = toColumns(fields)
        await tx.$executeRaw`
          INSERT INTO notice (id, community_id, created_by, versions, media, audience, send_at, time_zone, created_at)
          VALUES (${id}, ${community}, ${by}, ${versions}::jsonb, ${media}::jsonb, ${audience}::jsonb,
            ${sendAt}::timestamptz, ${timeZone}, ${change.at.toISOString()}::timestamptz)`
      }),

    notice: (id) => reading(async () => (await select('notice', 'WHERE id = $1', [id]))[0]),

    byNumber: (number) => reading(async () => (await select('notice-by-number', 'WHERE number = $1', [number]))[0]),

    list: (community, { offset, limit }) =>
      reading(async () => {
        const where = 'WHERE $1::text IS NULL OR community_id = $1'
        const items = await select('notices', `${where} ORDER BY number DESC LIMIT $2 OFFSET $3`, [
          community,
          limit,
          offset,
        ])
        const counting = `SELECT count(*)::int AS count FROM notice ${where}`
        const { rows } = await pool.query<{ count: number }>({
          name: 'notices-count',
          text: counting,
          values: [community],
        })
        return { items, count: rows[0]!.count }
      }),

    update: (id, given, change) =>
      changing(async (tx) => {
        const notice = await lockNotice(tx, id)
        if (notice?.status !== 'draft' || !(await writeChange(tx, change))) return
        const { versions, media, audience, sendAt, timeZone } = toColumns(changedFields(notice, given))
        await tx.$executeRaw`UPDATE notice SET versions = ${versions}::jsonb, media = ${media}::jsonb,
          audience = ${audience}::jsonb, send_at = ${sendAt}::timestamptz, time_zone = ${timeZone}, revision = revision + 1
          WHERE id = ${id}`
      }),

    discard: (id, change) =>
      changing(async (tx) => {
        const notice = await lockNotice(tx, id)
        if (notice?.status !== 'draft' || !(await writeChange(tx, change))) return
        await tx.notice.deleteMany({ where: { id } })
      }),

    confirm: (id, revision, people, change) =>
      changing(async (tx) => {
        const notice = await lockNotice(tx, id)
        if (await changedAt(tx, change)) return 'confirmed'
        if (notice?.status !== 'draft' || notice.revision !== revision) return 'outdated'
        await tx.notice.updateMany({ where: { id }, data: { status: 'confirmed', confirmedAt: change.at } })
        await addRecipients(tx, id, people)
        await putFirstWave(tx, id, notice.sendAt ?? change.at, change.at)
        await writeChange(tx, change)
        return 'confirmed'
      }),

    setStatus: (id, status, change) =>
      changing(async (tx) => {
        const notice = await lockNotice(tx, id)
        if (await changedAt(tx, change)) return true
        if (!notice || notice.withdrawnAt !== null || !FROM[status].includes(notice.status)) return false
        await tx.notice.updateMany({ where: { id }, data: { status } })
        if (status === 'cancelled') await cancelPending(tx, id, change.at)
        if (status === 'confirmed') await resumePending(tx, id, change.at)
        return writeChange(tx, change)
      }),

    retryFailed: (id, change) => putting(id, CONFIRMED, change, (tx) => retryFailed(tx, id, change.at)),

    remindUnread: (id, change) =>
      putting(id, CONFIRMED, change, async (tx, { wave }) => {
        const messages = await putReminders(tx, id, wave + 1, change.at)
        if (messages > 0) await tx.notice.updateMany({ where: { id }, data: { wave: wave + 1 } })
        return messages
      }),

    withdraw: (id, change) =>
      putting(id, [...CONFIRMED, 'cancelled'], change, async (tx) => {
        await tx.notice.updateMany({ where: { id }, data: { withdrawnAt: change.at } })
        await cancelPending(tx, id, change.at)
        return putWithdrawals(tx, id, change.at)
      }),

    holders: () => reading(() => holders(pool)),
    unread: (id) => reading(() => unread(pool, id)),
    acknowledge: (id, person, at) => guarded('A receipt could not be noted', () => acknowledge(pool, id, person, at)),
    standing: (id, person) => reading(() => standing(pool, id, person)),
    tally: (id, now) => reading(() => tally(pool, id, now)),
    recipients: (id, state, slice) => reading(() => recipients(pool, id, state, slice)),

    watch: (id, address, at) =>
      guarded('A look at a notice could not be noted', async () => {
        // Nothing where the notice was thrown away meanwhile.
        await pool.query(
          `INSERT INTO notice_watch (notice_id, address, at) SELECT id, $2, $3::timestamptz FROM notice WHERE id = $1
            ON CONFLICT (notice_id, address) DO UPDATE SET at = greatest(notice_watch.at, EXCLUDED.at)`,
          [id, address, at.toISOString()],
        )
      }),

    unwatch: (id, address) =>
      guarded('A look at a notice could not be ended', async () => {
        await pool.query('DELETE FROM notice_watch WHERE notice_id = $1 AND address = $2', [id, address])
      }),

    watched: (since) =>
      reading(async () => {
        const { rows } = await pool.query<{ notice: string; address: string }>({
          name: 'notices-watched',
          text: `SELECT notice_id AS notice, address FROM notice_watch WHERE at >= $1::timestamptz
            ORDER BY notice_id, address`,
          values: [since.toISOString()],
        })
        return rows
      }),
  }
}

const CONFIRMED: readonly Notice['status'][] = ['confirmed', 'paused']

/** From which states a status may be set; a draft is thrown away instead of cancelled. */
const FROM: Readonly<Record<'paused' | 'confirmed' | 'cancelled', readonly Notice['status'][]>> = {
  paused: ['confirmed'],
  confirmed: ['paused'],
  cancelled: CONFIRMED,
}

const toColumns = ({ versions, media, audience, sendAt, timeZone }: NoticeFields) => ({
  versions: storableJson(versions),
  media: media && storableJson(media),
  audience: storableJson(audience),
  sendAt: sendAt?.toISOString() ?? null,
  timeZone: storableText(timeZone),
})

/** How many messages a change put in line when it was made; undefined where it was not. */
async function countWritten(tx: Prisma.TransactionClient, { id }: Change): Promise<number | undefined> {
  const [line] = await tx.$queryRaw<{ messages: number }[]>`
    SELECT coalesce((after ->> 'messages')::int, 0) AS messages FROM audit WHERE id = ${storableText(id)}`
  return line?.messages
}
