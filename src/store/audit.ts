/** The audit log: who changed what. A line is written in the transaction of the change itself, once for every id. */
import type pg from 'pg'
import type { AuditLog, Change } from '../app/district.js'
import type { Audit, Prisma } from '../generated/prisma/client.js'
import { guarded } from './fault.js'
import { prismaOn } from './prisma.js'
import { storableJson, storableText } from './storable.js'

export function createAuditLog(pool: pg.Pool): AuditLog {
  const prisma = prismaOn(pool)
  return {
    list: ({ offset, limit }) =>
      guarded('The audit log could not be read', async () => {
        const orderBy = [{ at: 'desc' }, { id: 'desc' }] satisfies Prisma.AuditOrderByWithRelationInput[]
        const rows = await prisma.audit.findMany({ orderBy, skip: offset, take: limit })
        const people = [...new Set(rows.flatMap(({ personId }) => personId ?? []))]
        const found = await prisma.person.findMany({ where: { id: { in: people } }, select: { id: true, name: true } })
        const names = new Map(found.map(({ id, name }) => [id, name]))
        const items = rows.map((row) => ({ ...toChange(row), name: names.get(row.personId ?? '') ?? null }))
        return { items, count: await prisma.audit.count() }
      }),
  }
}

/**
 * Writes the line of a change inside the caller's transaction; false where it stands there already. Where two do the same
 * at once, the second waits here until the first has committed.
 */
export async function writeChange(tx: Prisma.TransactionClient, change: Change): Promise<boolean> {
  const { at, person, action, community, before, after } = change
  const written = await tx.$executeRaw`
    INSERT INTO audit (id, at, person_id, action, subject, community_id, before, after)
    VALUES (${storableText(change.id)}, ${at.toISOString()}::timestamptz, ${person}, ${action},
      ${storableText(change.subject)}, ${community}, ${toJson(before)}::jsonb, ${toJson(after)}::jsonb)
    ON CONFLICT DO NOTHING`
  return written > 0
}

/** The instant at which a change was written; undefined where it was not. */
export async function changedAt(tx: Prisma.TransactionClient, change: Change): Promise<Date | undefined> {
  const found = await tx.audit.findUnique({ where: { id: storableText(change.id) }, select: { at: true } })
  return found?.at
}

const toJson = (value: Change['before']): string | null => (value === null ? null : storableJson(value))

const toChange = (row: Audit): Change => ({
  id: row.id,
  at: row.at,
  person: row.personId,
  action: row.action,
  subject: row.subject,
  community: row.communityId,
  before: toRecord(row.before),
  after: toRecord(row.after),
})

/** Only records are written; whatever else psql left there is not shown. */
const toRecord = (value: Prisma.JsonValue): Change['before'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
