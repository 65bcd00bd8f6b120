/** Which communities take part in a round, inside a transaction of the caller's. */
import { createHash } from 'node:crypto'
import type { Change } from '../app/district.js'
import type { Prisma } from '../generated/prisma/client.js'
import { lockAssessment, lockRound, lockSheets } from './assessment-locks.js'
import { changedAt, writeChange } from './audit.js'
import { openSharedSheets } from './shared-sheets.js'

/** Returns how many were new: 0 where the round is not there or the change was made before. */
export async function addCommunities(
  tx: Prisma.TransactionClient,
  roundId: string,
  communities: readonly string[] | 'all',
  change: Change,
): Promise<number> {
  const round = await lockRound(tx, roundId)
  if (!round || (await changedAt(tx, change))) return 0
  const chosen = communities === 'all' ? {} : { id: { in: [...communities] } }
  const fresh = await tx.community.findMany({
    where: { ...chosen, archivedAt: null, assessments: { none: { roundId } } },
    select: { id: true },
  })
  if (fresh.length === 0) return 0
  const data = fresh.map(({ id }) => ({ id: assessmentOf(roundId, id), roundId, communityId: id }))
  await tx.assessment.createMany({ data })
  const ids = data.map(({ id }) => id)
  if (round.status === 'published') await openSharedSheets(tx, round, ids, change.at)
  await writeChange(tx, change)
  return fresh.length
}

/** True where the community takes no part now, whoever took it out. */
export async function removeCommunity(
  tx: Prisma.TransactionClient,
  roundId: string,
  communityId: string,
  change: Change,
): Promise<boolean> {
  const found = await tx.assessment.findUnique({
    where: { roundId_communityId: { roundId, communityId } },
    select: { id: true },
  })
  const assessment = found && (await lockAssessment(tx, found.id))
  if (!assessment || (await changedAt(tx, change))) return true
  const ofAssessment = { assessmentId: assessment.id }
  await lockSheets(tx, assessment.id)
  const answered = await tx.answer.findFirst({ where: { sheet: ofAssessment }, select: { revision: true } })
  if (answered || assessment.status === 'submitted') return false
  await tx.sheet.deleteMany({ where: ofAssessment })
  await tx.assessment.deleteMany({ where: { id: assessment.id } })
  await writeChange(tx, change)
  return true
}

/** For example `a81c0f3d2b9`. Made from both, so that taking one out and in again leads to the same. */
function assessmentOf(round: string, community: string): string {
  return `a${createHash('sha256').update(`${round} ${community}`).digest('hex').slice(0, ASSESSMENT_DIGITS)}`
}

/** 40 bits tell apart some thousand assessments; two alike would be refused by the table. */
const ASSESSMENT_DIGITS = 10
