/** Submitting an assessment and taking that back, inside a transaction of the caller's. */
import type { Change } from '../app/district.js'
import type { Submitted } from '../app/rounds.js'
import type { Result } from '../core/result.js'
import { Prisma } from '../generated/prisma/client.js'
import { lockAssessment, lockRound, lockSheets } from './assessment-locks.js'
import { COUNTS } from './assessment-rows.js'
import { changedAt, writeChange } from './audit.js'
import { storableJson } from './storable.js'

/** See `Work.submit`. */
export async function submit(
  tx: Prisma.TransactionClient,
  id: string,
  by: string,
  result: Result,
  rows: number,
  change: Change,
): Promise<Submitted> {
  const assessment = await lockAssessment(tx, id)
  const round = assessment && (await lockRound(tx, assessment.round))
  if (!round) return 'gone'
  if (await changedAt(tx, change)) return 'submitted'
  if (assessment.status !== 'open' || round.status !== 'published') return 'gone'
  await lockSheets(tx, id)
  if ((await countRows(tx, id)) !== rows) return 'changed'

  const { at } = change
  // Open ones of individuals stay as they are: nobody counts them, and taking the submission back makes them usable again.
  if (round.mode === 'shared')
    await tx.sheet.updateMany({
      where: { assessmentId: id, status: 'open' },
      data: { status: 'submitted', submittedAt: at },
    })
  await tx.$executeRaw`UPDATE assessment SET status = 'submitted', submitted_at = ${at.toISOString()}::timestamptz,
    submitted_by = ${by}, result = ${storableJson(result)}::jsonb, result_rows = ${rows}::int,
    result_at = ${at.toISOString()}::timestamptz WHERE id = ${id}`
  await renewFigures(tx, round.id)
  await writeChange(tx, change)
  return 'submitted'
}

/** See `Work.reopen`. */
export async function reopen(tx: Prisma.TransactionClient, id: string, change: Change): Promise<boolean> {
  const assessment = await lockAssessment(tx, id)
  const round = assessment && (await lockRound(tx, assessment.round))
  if (!round) return false
  if (await changedAt(tx, change)) return true
  if (assessment.status !== 'submitted' || round.status !== 'published') return false
  await lockSheets(tx, id)
  // What individuals have submitted stays so: theirs was another decision.
  if (round.mode === 'shared')
    await tx.sheet.updateMany({
      where: { assessmentId: id, status: 'submitted' },
      data: { status: 'open', submittedAt: null },
    })
  // The result stays as a cache: it still says from how many rows it was made.
  await tx.assessment.update({
    where: { id },
    data: { status: 'open', submittedAt: null, submittedBy: null },
    select: { id: true },
  })
  await renewFigures(tx, round.id)
  await writeChange(tx, change)
  return true
}

/** See `Work.reopenSheet`. */
export async function reopenSheet(tx: Prisma.TransactionClient, id: string, change: Change): Promise<boolean> {
  const found = await tx.sheet.findUnique({ where: { id }, select: { assessmentId: true } })
  const assessment = found?.assessmentId && (await lockAssessment(tx, found.assessmentId))
  const round = assessment && (await lockRound(tx, assessment.round))
  if (!round) return false
  if (await changedAt(tx, change)) return true
  if (assessment.status !== 'open' || round.status !== 'published' || round.mode !== 'individual') return false
  const { count } = await tx.sheet.updateMany({
    where: { id, status: 'submitted', personId: { not: null } },
    data: { status: 'open', submittedAt: null },
  })
  return count > 0 && writeChange(tx, change)
}

async function countRows(tx: Prisma.TransactionClient, assessment: string): Promise<number> {
  const [counted] = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM assessment JOIN round ON round.id = assessment.round_id
    JOIN sheet ON sheet.assessment_id = assessment.id JOIN answer ON answer.sheet_id = sheet.id
    WHERE assessment.id = ${assessment} AND ${Prisma.raw(COUNTS)}`
  return counted!.count
}

/** Median and count of a round that the caller holds: two submissions at once would each miss the other. */
async function renewFigures(tx: Prisma.TransactionClient, round: string): Promise<void> {
  await tx.$executeRaw`UPDATE round SET (median, submitted) = (
      SELECT round((percentile_cont(0.5) WITHIN GROUP (ORDER BY (result ->> 'total')::float8)
        FILTER (WHERE result #>> '{grade,kind}' <> 'open'))::numeric, 6), count(*)
      FROM assessment WHERE round_id = ${round} AND status = 'submitted')
    WHERE id = ${round}`
}
