/** The one sheet that a community's people fill in together. */
import { createHash } from 'node:crypto'
import type { Prisma } from '../generated/prisma/client.js'
import type { LockedRound } from './assessment-locks.js'

/** For example `s3fb1c02d9e71a`. Made from the assessment, so that making it twice is making it once. */
export function sharedSheetOf(assessment: string): string {
  return `s${createHash('sha256').update(`shared ${assessment}`).digest('hex').slice(0, SHEET_DIGITS)}`
}

/** Makes the shared sheets of assessments of a round, in the caller's transaction; none where the round is not shared. */
export async function openSharedSheets(
  tx: Prisma.TransactionClient,
  { mode, rubric }: LockedRound,
  assessments: readonly string[],
  at: Date,
): Promise<void> {
  if (mode !== 'shared') return
  const data = assessments.map((assessmentId) => ({
    id: sharedSheetOf(assessmentId),
    assessmentId,
    rubricHash: rubric,
    startedAt: at,
  }))
  await tx.sheet.createMany({ data, skipDuplicates: true })
}

/** As many as the ids of all other sheets have. */
const SHEET_DIGITS = 13
