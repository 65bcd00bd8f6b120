/** Who holds which role where, on PostgreSQL; and what is set for the whole district. */
import type pg from 'pg'
import type { Member, Members, Membership } from '../app/district.js'
import type { Role } from '../core/access.js'
import type { Membership as MembershipRow, Prisma } from '../generated/prisma/client.js'
import { changedAt, writeChange } from './audit.js'
import { forgetClashes } from './erase.js'
import { guarded } from './fault.js'
import { prismaOn } from './prisma.js'
import { storableText } from './storable.js'

export function createMembers(pool: pg.Pool): Members {
  const prisma = prismaOn(pool)
  return {
    memberships: (personId) =>
      guarded('Memberships could not be read', async () => {
        const rows = await prisma.membership.findMany({ where: { personId, ...HELD_NOW }, orderBy: OLDEST_FIRST })
        return rows.map(toMembership)
      }),

    membership: (id) =>
      guarded('A membership could not be read', async () => {
        const found = await prisma.membership.findUnique({ where: { id }, include: NAMED })
        return found ? toMember(found) : undefined
      }),

    membersOf: (communityId) =>
      guarded('Members could not be read', async () => {
        const where = { communityId, ...HELD_NOW }
        const rows = await prisma.membership.findMany({ where, orderBy: OLDEST_FIRST, include: NAMED })
        const rank = ({ role }: { role: Role }) => LISTED.indexOf(role)
        return rows.map(toMember).sort((a, b) => rank(a) - rank(b))
      }),

    nameOf: (id) =>
      guarded('A name could not be read', async () => {
        const found = await prisma.person.findUnique({ where: { id }, select: { name: true } })
        return found?.name ?? null
      }),

    rename: (id, name) =>
      guarded('A name could not be changed', async () => {
        await prisma.person.updateMany({ where: { id }, data: { name: storableText(name) } })
      }),

    setPosts: (id, posts, change) =>
      guarded('Posts could not be changed', () =>
        prisma.$transaction(async (tx) => {
          const held = await tx.$queryRaw<unknown[]>`
            SELECT id FROM membership WHERE id = ${id} AND ended_at IS NULL FOR UPDATE`
          if (held.length === 0 || !(await writeChange(tx, change))) return
          await tx.membership.updateMany({ where: { id }, data: { posts: posts.map(storableText) } })
        }),
      ),

    end: (id, { anonymous }, change) =>
      guarded('A membership could not be ended', () =>
        prisma.$transaction(async (tx) => {
          const row = await tx.membership.findUnique({ where: { id } })
          if (!row) return false
          const { personId, communityId, role } = row
          if (communityId !== null) await lockSheets(tx, personId, communityId)
          // All of theirs there, so that of two that end at once the later one sees that it is the last; where an admin
          // goes, those of all admins as well.
          const active = await tx.$queryRaw<{ id: string; role: Role }[]>`
            SELECT id, role FROM membership
            WHERE community_id IS NOT DISTINCT FROM ${communityId} AND ended_at IS NULL
              AND (person_id = ${personId} OR (role = 'admin' AND ${role === 'admin'}::boolean))
            ORDER BY id FOR UPDATE`
          // Ended before; by this very change where it is a repetition.
          if (!active.some((one) => one.id === id)) return (await changedAt(tx, change)) !== undefined
          if (role === 'admin' && active.filter((one) => one.role === 'admin').length === 1) return false
          if (!(await writeChange(tx, change))) return true
          await tx.membership.updateMany({ where: { id }, data: { endedAt: change.at } })
          if (communityId === null || active.length > 1) return true
          await leaveWork(tx, personId, communityId)
          if (anonymous) await leaveName(tx, personId, communityId)
          return true
        }),
      ),

    option: (key) =>
      guarded('An option could not be read', async () => {
        const found = await prisma.setting.findUnique({ where: { key }, select: { value: true } })
        return found?.value ?? null
      }),

    setOption: (key, value, change) =>
      guarded('An option could not be set', () =>
        prisma.$transaction(async (tx) => {
          if (!(await writeChange(tx, change))) return
          await tx.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, ${storableText(value)})
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value`
        }),
      ),
  }
}

/** The person's sheets in a community and its shared ones, in the order in which batches of answers lock them too. */
async function lockSheets(tx: Prisma.TransactionClient, person: string, community: string): Promise<void> {
  await tx.$queryRaw`SELECT sheet.id FROM sheet JOIN assessment ON assessment.id = sheet.assessment_id
    WHERE assessment.community_id = ${community} AND (sheet.person_id = ${person} OR sheet.person_id IS NULL)
    ORDER BY sheet.id FOR UPDATE OF sheet`
}

/** What they had in hand goes back: assignments to the posts, open individual sheets away. */
async function leaveWork(tx: Prisma.TransactionClient, personId: string, communityId: string): Promise<void> {
  await tx.assignment.deleteMany({ where: { personId, assessment: { communityId } } })
  const open = { personId, status: 'open', assessment: { communityId } } satisfies Prisma.SheetWhereInput
  await tx.sheet.updateMany({ where: open, data: { status: 'discarded' } })
}

/** Their answers stay and lose the name. Discarded sheets stay theirs: nobody counts them, and they go when the person does. */
async function leaveName(tx: Prisma.TransactionClient, person: string, community: string): Promise<void> {
  const sheets = await tx.sheet.findMany({ where: { assessment: { communityId: community } }, select: { id: true } })
  const ids = sheets.map(({ id }) => id)
  await tx.$executeRaw`UPDATE answer SET person_id = NULL WHERE sheet_id = ANY (${ids}::text[]) AND person_id = ${person}`
  await forgetClashes(tx, person, ids)
  const assessment = { communityId: community }
  await tx.sheet.updateMany({ where: { personId: person, status: 'submitted', assessment }, data: { personId: null } })
}

/** Not ended, and not in a community that has been archived. */
const HELD_NOW = {
  endedAt: null,
  OR: [{ communityId: null }, { community: { archivedAt: null } }],
} satisfies Prisma.MembershipWhereInput

const OLDEST_FIRST = [{ joinedAt: 'asc' }, { id: 'asc' }] satisfies Prisma.MembershipOrderByWithRelationInput[]
const NAMED = { person: { select: { name: true } } } as const

/** Heads before workers, and in the district admins before assessors. */
const LISTED: readonly Role[] = ['head', 'worker', 'admin', 'assessor']

const toMembership = (row: MembershipRow): Membership => ({
  id: row.id,
  person: row.personId,
  role: row.role,
  community: row.communityId,
  posts: row.posts,
  joinedAt: row.joinedAt,
})

const toMember = (row: MembershipRow & { person: { name: string | null } }): Member => ({
  ...toMembership(row),
  name: row.person.name,
})
