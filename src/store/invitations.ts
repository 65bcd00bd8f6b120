/** Invitations on PostgreSQL: who may join with which link, how often and until when; and the wrong codes of an address. */
import type pg from 'pg'
import type { Change, Invitation, InvitationFault, Invitations } from '../app/district.js'
import type { Invitation as InvitationRow, Prisma } from '../generated/prisma/client.js'
import { changedAt, writeChange } from './audit.js'
import { guarded } from './fault.js'
import { prismaOn } from './prisma.js'
import { storableText } from './storable.js'

export function createInvitations(pool: pg.Pool): Invitations {
  const prisma = prismaOn(pool)

  const read = (where: Prisma.InvitationWhereUniqueInput) =>
    guarded('An invitation could not be read', async () => {
      const found = await prisma.invitation.findUnique({ where, include: WITH_ARCHIVING })
      return found ? toInvitation(found) : undefined
    })

  return {
    create: ({ community: communityId, by: createdBy, ...invitation }, change) =>
      guarded('An invitation could not be created', () =>
        prisma.$transaction(async (tx) => {
          if (!(await writeChange(tx, change))) return
          const { id, codeHash, role, maxUses, expiresAt, createdAt } = invitation
          const data = { id, codeHash, role, communityId, maxUses, expiresAt, createdBy, createdAt }
          await tx.invitation.create({ data, select: { id: true } })
        }),
      ),

    find: (codeHash) => read({ codeHash }),
    invitation: (id) => read({ id }),

    open: (communityId, now) =>
      guarded('Invitations could not be read', async () => {
        const rows = await prisma.invitation.findMany({
          where: { communityId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          include: WITH_ARCHIVING,
        })
        return rows.map(toInvitation).filter((one) => faultOf(one, now) === undefined)
      }),

    revoke: (id, change) =>
      guarded('An invitation could not be revoked', () =>
        prisma.$transaction(async (tx) => {
          const where = { id, revokedAt: null }
          const { count } = await tx.invitation.updateMany({ where, data: { revokedAt: change.at } })
          if (count > 0) await writeChange(tx, change)
        }),
      ),

    accept: (id, who, change) =>
      guarded('An invitation could not be accepted', () =>
        prisma.$transaction(async (tx) => {
          // Whoever comes next waits here, so that uses are counted one after the other.
          await tx.$queryRaw`SELECT id FROM invitation WHERE id = ${id} FOR UPDATE`
          const row = await tx.invitation.findUnique({ where: { id }, include: WITH_ARCHIVING })
          if (!row) return 'wrong'
          const invitation = toInvitation(row)
          const writtenAt = await changedAt(tx, change)
          if (writtenAt) return answerBefore(tx, invitation, who.person, writtenAt)
          return use(tx, invitation, who, change)
        }),
      ),

    noteWrong: (address, at, since) =>
      guarded('A wrong code could not be noted', async () => {
        const [, , count] = await prisma.$transaction([
          prisma.wrongCode.deleteMany({ where: { address, at: { lt: since } } }),
          // The same attempt again, redelivered, counts once.
          prisma.wrongCode.createMany({ data: { address, at }, skipDuplicates: true }),
          prisma.wrongCode.count({ where: { address } }),
        ])
        return count
      }),

    wrongSince: (address, since) =>
      guarded('Wrong codes could not be counted', async () => {
        await prisma.wrongCode.deleteMany({ where: { address, at: { lt: since } } })
        return prisma.wrongCode.count({ where: { address } })
      }),
  }
}

type Newcomer = Parameters<Invitations['accept']>[1]
type Accepted = 'joined' | 'already' | InvitationFault

/** The invitation is locked by the caller. */
async function use(
  tx: Prisma.TransactionClient,
  invitation: Invitation,
  who: Newcomer,
  change: Change,
): Promise<Accepted> {
  const fault = faultOf(invitation, change.at)
  if (fault === 'revoked' || fault === 'expired') return fault

  // Two invitations at once would both find that the person is not there yet.
  await tx.$queryRaw`SELECT id FROM person WHERE id = ${who.person} FOR NO KEY UPDATE`
  const { role, community } = invitation
  const posts = who.posts.map(storableText)
  const held = await tx.$executeRaw`UPDATE membership SET posts = ${posts}::text[]
    WHERE person_id = ${who.person} AND role = ${role}::"role" AND community_id IS NOT DISTINCT FROM ${community}
      AND ended_at IS NULL`
  // Only now: whoever took the last use may open the link again.
  if (held === 0 && fault !== undefined) return fault

  if (held === 0) {
    // One that had ended goes on under its old id.
    await tx.$executeRaw`
      INSERT INTO membership (id, person_id, role, community_id, posts, joined_at)
      VALUES (${who.membership}, ${who.person}, ${role}::"role", ${community}, ${posts}::text[],
        ${change.at.toISOString()}::timestamptz)
      ON CONFLICT (person_id, role, community_id)
        DO UPDATE SET posts = EXCLUDED.posts, joined_at = EXCLUDED.joined_at, ended_at = NULL`
    await tx.invitation.update({ where: { id: invitation.id }, data: { uses: { increment: 1 } }, select: { id: true } })
  }
  await tx.person.updateMany({ where: { id: who.person }, data: { name: storableText(who.name) } })
  await writeChange(tx, change)
  return held === 0 ? 'joined' : 'already'
}

/** What was answered when this change was written: a membership that began with it was joined by it. */
async function answerBefore(
  tx: Prisma.TransactionClient,
  { role, community: communityId }: Invitation,
  personId: string,
  joinedAt: Date,
): Promise<Accepted> {
  const begun = await tx.membership.count({ where: { personId, role, communityId, joinedAt } })
  return begun > 0 ? 'joined' : 'already'
}

/** Why an invitation opens nothing at an instant. */
function faultOf({ revokedAt, expiresAt, maxUses, uses }: Invitation, now: Date): InvitationFault | undefined {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return maxUses !== null && uses >= maxUses ? 'used_up' : undefined
}

const WITH_ARCHIVING = { community: { select: { archivedAt: true } } } as const

/** With its community every invitation into it is revoked, as long as that stays archived. */
const toInvitation = (row: InvitationRow & { community: { archivedAt: Date | null } | null }): Invitation => ({
  id: row.id,
  role: row.role,
  community: row.communityId,
  maxUses: row.maxUses,
  uses: row.uses,
  expiresAt: row.expiresAt,
  revokedAt: row.revokedAt ?? row.community?.archivedAt ?? null,
  createdAt: row.createdAt,
})
