/** Communities on PostgreSQL, told apart by street and name; archived ones keep theirs. */
import type pg from 'pg'
import type { Change, Communities, Community, CommunityFields } from '../app/district.js'
import { type Community as CommunityRow, Prisma } from '../generated/prisma/client.js'
import { changedAt, writeChange } from './audit.js'
import { guarded } from './fault.js'
import { prismaOn } from './prisma.js'
import { storableText } from './storable.js'

export function createCommunities(pool: pg.Pool): Communities {
  const prisma = prismaOn(pool)
  return {
    community: (id) =>
      guarded('A community could not be read', async () => {
        const found = await prisma.community.findUnique({ where: { id } })
        return found ? toCommunity(found) : undefined
      }),

    list: ({ offset, limit }) =>
      guarded('The communities could not be read', async () => {
        const where = { archivedAt: null }
        // No two have both in common, so that pages neither repeat nor leave out any.
        const orderBy = [{ street: 'asc' }, { name: 'asc' }] satisfies Prisma.CommunityOrderByWithRelationInput[]
        const rows = await prisma.community.findMany({ where, orderBy, skip: offset, take: limit })
        return { items: rows.map(toCommunity), count: await prisma.community.count({ where }) }
      }),

    create: (id, fields, change) =>
      guarded('A community could not be created', () =>
        unlessTaken('created', () =>
          prisma.$transaction(async (tx) => {
            if (!(await writeChange(tx, change))) return
            await tx.community.create({ data: { ...storable(fields), id, createdAt: change.at }, select: { id: true } })
          }),
        ),
      ),

    update: (id, fields, change) =>
      guarded('A community could not be changed', () =>
        unlessTaken('updated', () =>
          prisma.$transaction(async (tx) => {
            if (!(await writeChange(tx, change))) return
            await tx.community.update({ where: { id }, data: storable(fields), select: { id: true } })
          }),
        ),
      ),

    archive: (id, change) =>
      guarded('A community could not be archived', () =>
        prisma.$transaction(async (tx) => {
          await tx.$queryRaw`SELECT id FROM community WHERE id = ${id} FOR UPDATE`
          const active = await tx.community.count({ where: { id, archivedAt: null } })
          // The line first: a repeated archiving must not undo that it was imported again since.
          if (active === 0 || !(await writeChange(tx, change))) return
          await tx.community.update({ where: { id }, data: { archivedAt: change.at }, select: { id: true } })
        }),
      ),

    importAll: (rows, change) =>
      guarded('Communities could not be imported', () =>
        prisma.$transaction(async (tx) => {
          const given = new Map(rows.map((row) => [keyOf(storable(row)), { ...storable(row), id: row.id }]))
          const isNew = await writeChange(tx, change)
          const kept = isNew ? await importRows(tx, [...given.values()], change.at) : await importedRows(tx, change)
          const placed = new Map(kept.map((row) => [keyOf(row), row]))
          const found = [...given.keys()].flatMap((key) => placed.get(key) ?? [])
          const of = (created: boolean) => found.filter((row) => row.created === created).map(toCommunity)
          return { created: of(true), updated: of(false) }
        }),
      ),
  }
}

type Imported = CommunityRow & { readonly created: boolean }

/** In one order everywhere, so that two imports cannot wait for each other in a ring. */
function importRows(tx: Prisma.TransactionClient, rows: readonly (CommunityFields & { id: string })[], at: Date) {
  const column = <T>(of: (row: CommunityFields & { id: string }) => T): T[] => rows.map(of)
  // A row that was inserted has no xmax; one that was updated has this transaction's (PostgreSQL manual, 5.6 System Columns).
  return tx.$queryRaw<Imported[]>`
    INSERT INTO community AS there (id, name, street, households, grids, time_zone, created_at)
    SELECT id, name, street, households, grids, time_zone, ${at.toISOString()}::timestamptz
    FROM unnest(${column(({ id }) => id)}::text[], ${column(({ name }) => name)}::text[],
      ${column(({ street }) => street)}::text[], ${column(({ households }) => households)}::int[],
      ${column(({ grids }) => grids)}::int[], ${column(({ timeZone }) => timeZone)}::text[])
      AS given (id, name, street, households, grids, time_zone)
    ORDER BY street, name
    ON CONFLICT (street, name) DO UPDATE SET households = EXCLUDED.households, grids = EXCLUDED.grids,
      time_zone = EXCLUDED.time_zone, archived_at = NULL
    RETURNING id, name, street, households, grids, time_zone AS "timeZone", created_at AS "createdAt",
      archived_at AS "archivedAt", there.xmax = 0 AS created`
}

/** What an import that has been done already made of the communities: those that it created began with it. */
async function importedRows(tx: Prisma.TransactionClient, change: Change): Promise<Imported[]> {
  const at = await changedAt(tx, change)
  const rows = await tx.community.findMany()
  return rows.map((row) => ({ ...row, created: row.createdAt.getTime() === at?.getTime() }))
}

/** Does the work; `taken` where it fails because the street and name are somebody else's. */
async function unlessTaken<T extends string>(done: T, work: () => Promise<void>): Promise<T | 'taken'> {
  try {
    await work()
    return done
  } catch (cause) {
    if (cause instanceof Prisma.PrismaClientKnownRequestError && cause.code === 'P2002') return 'taken'
    throw cause
  }
}

const keyOf = ({ street, name }: Pick<Community, 'street' | 'name'>): string => JSON.stringify([street, name])

/** Only the fields themselves: an import's row has more. */
function storable(fields: CommunityFields): CommunityFields
function storable(fields: Partial<CommunityFields>): Partial<CommunityFields>
function storable({ name, street, households, grids, timeZone }: Partial<CommunityFields>): Partial<CommunityFields> {
  return {
    ...(name === undefined ? {} : { name: storableText(name) }),
    ...(street === undefined ? {} : { street: storableText(street) }),
    ...(households === undefined ? {} : { households }),
    ...(grids === undefined ? {} : { grids }),
    ...(timeZone === undefined ? {} : { timeZone: storableText(timeZone) }),
  }
}

/** A community as it is read, for whoever joins it. */
export const toCommunity = (row: CommunityRow): Community => ({
  id: row.id,
  name: row.name,
  street: row.street,
  households: row.households,
  grids: row.grids,
  timeZone: row.timeZone,
  archivedAt: row.archivedAt,
})
