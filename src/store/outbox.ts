/** Messages on their way, on PostgreSQL. Several processes may take from it: what one has claimed, the others pass over. */
import type pg from 'pg'
import type { Claimed, Delivery, Outbox, Settled, Telling } from '../app/district.js'
import { guarded } from './fault.js'
import { lockNoticeOf, putWithdrawals } from './notice-deliveries.js'
import {
  CLAIM,
  CLAIM_FOR,
  EXPIRE,
  GIVE_BACK,
  HOLDS,
  PAUSE,
  PAUSED_UNTIL,
  POSTPONE,
  PUT,
  RENEW,
  settleFrom,
} from './outbox-sql.js'
import { prismaOn } from './prisma.js'
import { storableJson, storableText } from './storable.js'

export function createOutbox(pool: pg.Pool): Outbox {
  const prisma = prismaOn(pool)

  /**
   * Cancelled while it was in the air: it was sent all the same. Where the notice is withdrawn by now, this message is to
   * be taken back as well; the notice is held, so that whoever withdraws it at this moment sees the message or is seen.
   */
  const settleCancelled = (id: string, how: Settled): Promise<void> =>
    prisma.$transaction(async (tx) => {
      const notice = await lockNoticeOf(tx, id)
      const settled = await tx.$executeRawUnsafe(settleFrom('cancelled'), ...settling(id, how))
      if (settled > 0 && notice?.withdrawn) await putWithdrawals(tx, notice.id, how.at)
    })

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

    claim: (prefix, limit, now, until, holder) =>
      guarded('Messages could not be claimed', async () => {
        const values = [now.toISOString(), until.toISOString(), holder, limit, prefix, now.toISOString()]
        const { rows } = await pool.query<ClaimedRow>({ name: 'claim', text: CLAIM, values })
        return rows.sort(byDue).map(toClaimed)
      }),

    renew: (ids, holder, until) =>
      guarded('Messages could not be kept', async () => {
        if (ids.length > 0) await pool.query(RENEW, [ids, holder, until.toISOString()])
      }),

    holds: (id, holder, prefix, now) =>
      guarded('A message could not be looked at', async () => {
        const values = [id, holder, prefix, now.toISOString(), now.toISOString()]
        return (await pool.query<{ holds: boolean }>({ name: 'holds', text: HOLDS, values })).rows[0]!.holds
      }),

    giveBack: (ids, holder) =>
      guarded('Messages could not be given back', async () => {
        if (ids.length > 0) await pool.query(GIVE_BACK, [ids, holder])
      }),

    claimFor: (person, limit, now, until, holder) =>
      guarded("A person's messages could not be claimed", async () => {
        const values = [now.toISOString(), until.toISOString(), holder, limit, person]
        return (await pool.query<DeliveryRow>(CLAIM_FOR, values)).rows.sort(byDue).map(toDelivery)
      }),

    settle: (id, how) =>
      guarded('A message could not be settled', async () => {
        const { rowCount } = await pool.query({
          name: 'settle',
          text: settleFrom('pending'),
          values: settling(id, how),
        })
        if (rowCount === 0 && how.status === 'sent') await settleCancelled(id, how)
      }),

    postpone: (id, holder, dueAt, counts) =>
      guarded('A message could not be postponed', async () => {
        await pool.query(POSTPONE, [id, holder, dueAt.toISOString(), counts])
      }),

    pause: (prefix, until) =>
      guarded('A channel could not be paused', async () => {
        await pool.query(PAUSE, [prefix, until.toISOString()])
      }),

    pausedUntil: (prefix) =>
      guarded("A channel's pause could not be read", async () => {
        const { rows } = await pool.query<{ value: string }>(PAUSED_UNTIL, [prefix])
        return rows[0] ? new Date(rows[0].value) : null
      }),

    expire: (before, at) =>
      guarded('Old messages could not be settled', async () => {
        return (await pool.query(EXPIRE, [at.toISOString(), before.toISOString()])).rowCount ?? 0
      }),
  }
}

type DeliveryRow = {
  id: string
  key: string
  person_id: string
  content: Telling
  due_at: Date
  bulk: boolean
  attempts: number
}
type ClaimedRow = DeliveryRow & { address: string; language: string; target: string | null }

const settling = (id: string, { status, at, address, message, reason }: Settled): (string | null)[] => [
  id,
  status,
  at.toISOString(),
  address ?? null,
  message ?? null,
  reason === undefined ? null : storableText(reason),
]

/** UPDATE … RETURNING keeps no order. */
const byDue = (a: DeliveryRow, b: DeliveryRow): number =>
  Number(a.bulk) - Number(b.bulk) || a.due_at.getTime() - b.due_at.getTime() || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Only `put` and notices write the content, so that it is a telling. */
const toDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  key: row.key,
  person: row.person_id,
  telling: row.content,
  dueAt: row.due_at,
})

const toClaimed = (row: ClaimedRow): Claimed => ({
  ...toDelivery(row),
  address: row.address,
  language: row.language,
  target: row.target,
  attempts: row.attempts,
})
