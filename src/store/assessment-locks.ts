/**
 * What a transaction on an assessment holds, so that two of them wait instead of mixing. Always in this order: assessments,
 * their round, their sheets by id; batches of answers lock sheets by id too.
 */
import type { Assessment, Round } from '../app/rounds.js'
import type { Prisma } from '../generated/prisma/client.js'

export type LockedAssessment = { readonly id: string; readonly round: string; readonly status: Assessment['status'] }
export type LockedRound = Pick<Round, 'id' | 'rubric' | 'mode' | 'status'>

/** Nobody submits, reopens or removes the assessment, or starts a sheet of it, until the transaction ends. */
export async function lockAssessment(tx: Prisma.TransactionClient, id: string): Promise<LockedAssessment | undefined> {
  const [found] = await tx.$queryRaw<LockedAssessment[]>`
    SELECT id, round_id AS round, status FROM assessment WHERE id = ${id} FOR UPDATE`
  return found
}

/** Nobody else changes the round or adds assessments to it until the transaction ends. */
export async function lockRound(tx: Prisma.TransactionClient, id: string): Promise<LockedRound | undefined> {
  const [found] = await tx.$queryRaw<LockedRound[]>`
    SELECT id, rubric_hash AS rubric, mode, status FROM round WHERE id = ${id} FOR UPDATE`
  return found
}

/** Waits for answers that are on their way; later ones see what becomes of the sheets. */
export async function lockSheets(tx: Prisma.TransactionClient, assessment: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM sheet WHERE assessment_id = ${assessment} ORDER BY id FOR UPDATE`
}
