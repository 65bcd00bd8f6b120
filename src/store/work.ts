/** Work on assessments: who answers what, what was sent back, where people differ. Each change is one transaction. */
import type pg from 'pg'
import type { Work } from '../app/rounds.js'
import type { Prisma } from '../generated/prisma/client.js'
import { answerEvents, SHEETS_OF_ASSESSMENT, standingReturns } from './answer-events.js'
import { writeChange } from './audit.js'
import { clashes, noteClash, settleClashes } from './clashes.js'
import { guarded } from './fault.js'
import { answered, keepResult, overview, result } from './overview.js'
import { prismaOn } from './prisma.js'
import { sharedSheetOf } from './shared-sheets.js'
import { individualSheet, signedSheets } from './signed-sheets.js'
import { standing } from './standing.js'
import { storableText } from './storable.js'
import { reopen, reopenSheet, submit } from './submission.js'

export function createWork(pool: pg.Pool): Work {
  const prisma = prismaOn(pool)
  const reading = <T>(work: () => Promise<T>): Promise<T> => guarded('An assessment could not be read', work)
  const changing = <T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> =>
    guarded('An assessment could not be changed', () => prisma.$transaction(work))

  return {
    sharedSheetOf,
    standing: (sheet, person) => reading(() => standing(pool, sheet, person)),
    individualSheet: (assessment, person) => reading(() => individualSheet(pool, assessment, person)),
    sheets: (assessment) => reading(() => signedSheets(pool, assessment)),

    names: (people) =>
      reading(async () => {
        const { rows } = await pool.query<{ id: string; name: string }>({
          name: 'names',
          text: 'SELECT id, name FROM person WHERE id = ANY ($1::text[]) AND name IS NOT NULL',
          values: [people],
        })
        return new Map(rows.map(({ id, name }) => [id, name]))
      }),

    assigned: (assessment) =>
      reading(async () => {
        const { rows } = await pool.query<{ indicator_id: string; person_id: string }>({
          name: 'assigned',
          text: 'SELECT indicator_id, person_id FROM assignment WHERE assessment_id = $1',
          values: [assessment],
        })
        return new Map(rows.map((row) => [row.indicator_id, row.person_id]))
      }),

    assign: (assessment, indicators, { person, by, why, at }, change) =>
      changing(async (tx) => {
        if (!(await writeChange(tx, change))) return
        // In one order everywhere, so that two who assign the same at once do not wait for each other in a ring.
        await tx.$executeRaw`
          INSERT INTO assignment (assessment_id, indicator_id, person_id, by_person, why, at)
          SELECT ${assessment}::text, indicator, ${person}::text, ${by}::text, ${why && storableText(why)}::text,
            ${at.toISOString()}::timestamptz
          FROM unnest(${[...new Set(indicators)].sort()}::text[]) AS indicator
          ON CONFLICT (assessment_id, indicator_id) DO UPDATE
            SET person_id = excluded.person_id, by_person = excluded.by_person, why = excluded.why, at = excluded.at`
      }),

    sentBack: (assessment) =>
      reading(async () => {
        const { rows } = await pool.query<{ question_id: string; revision: number; comment: string; at: Date }>({
          name: 'sent-back',
          text: `WITH ${answerEvents(SHEETS_OF_ASSESSMENT)}
            SELECT * FROM (${standingReturns('$1')}) AS back ORDER BY at DESC, question_id`,
          values: [assessment],
        })
        return rows.map(({ question_id: question, revision, comment, at }) => ({ question, revision, comment, at }))
      }),

    sendBack: (assessment, { question, revision, comment, at, by }, change) =>
      changing(async (tx) => {
        if (!(await writeChange(tx, change))) return
        const key = { assessmentId: assessment, questionId: question, revision }
        const said = { comment: storableText(comment), byPerson: by, at }
        await tx.return.upsert({
          where: { assessmentId_questionId_revision: key },
          create: { ...key, ...said },
          update: said,
          select: { revision: true },
        })
      }),

    noteClash: (clash) => guarded('A clash could not be noted', () => noteClash(pool, clash)),
    clashes: (assessment) => reading(() => clashes(pool, assessment)),
    settleClashes: (assessment, question, at, change) =>
      changing((tx) => settleClashes(tx, assessment, question, at, change)),

    submit: (assessment, by, made, rows, change) => changing((tx) => submit(tx, assessment, by, made, rows, change)),
    reopen: (assessment, change) => changing((tx) => reopen(tx, assessment, change)),
    reopenSheet: (sheet, change) => changing((tx) => reopenSheet(tx, sheet, change)),
    keepResult: (assessment, made, rows, at) =>
      guarded('A result could not be kept', () => keepResult(pool, assessment, made, rows, at)),
    result: (assessment) => reading(() => result(pool, assessment)),
    overview: (round) => reading(() => overview(pool, round)),
    answered: (assessments) => reading(() => answered(pool, assessments)),
  }
}
