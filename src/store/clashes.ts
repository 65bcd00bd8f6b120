/** Questions to which two people meant different answers. */
import type pg from 'pg'
import type { Change } from '../app/district.js'
import type { Clash } from '../app/rounds.js'
import type { Prisma } from '../generated/prisma/client.js'
import { changedAt, writeChange } from './audit.js'
import { storableText } from './storable.js'

/** False where this very clash was noted before. */
export async function noteClash(pool: pg.Pool, clash: Clash): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'clash-note',
    text: `INSERT INTO clash (sheet_id, question_id, revision, person_id, value, stands_person, stands_value, at)
      VALUES ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8) ON CONFLICT DO NOTHING`,
    values: [
      clash.sheet,
      clash.question,
      clash.revision,
      clash.person,
      storableText(clash.value),
      clash.standsPerson,
      storableText(clash.standsValue),
      clash.at.toISOString(),
    ],
  })
  return rowCount === 1
}

/** Those of an assessment that nobody has settled, newest first. */
export async function clashes(pool: pg.Pool, assessment: string): Promise<Clash[]> {
  const { rows } = await pool.query<ClashRow>({
    name: 'clashes',
    text: `SELECT clash.* FROM clash JOIN sheet ON sheet.id = clash.sheet_id
      WHERE sheet.assessment_id = $1 AND sheet.status <> 'discarded' AND clash.settled_at IS NULL
      ORDER BY clash.at DESC, clash.question_id, clash.revision DESC, clash.person_id, clash.value`,
    values: [assessment],
  })
  return rows.map((row) => ({
    sheet: row.sheet_id,
    question: row.question_id,
    revision: row.revision,
    person: row.person_id,
    value: row.value,
    standsPerson: row.stands_person ?? '',
    standsValue: row.stands_value ?? '',
    at: row.at,
  }))
}

/** Settles those of one question; where there is none, nothing is written at all. */
export async function settleClashes(
  tx: Prisma.TransactionClient,
  assessment: string,
  question: string,
  at: Date,
  change: Change,
): Promise<void> {
  // A change that comes again must not settle what has come up since.
  if (await changedAt(tx, change)) return
  const { count } = await tx.clash.updateMany({
    where: { questionId: question, settledAt: null, sheet: { assessmentId: assessment } },
    data: { settledAt: at },
  })
  if (count > 0) await writeChange(tx, change)
}

type ClashRow = {
  sheet_id: string
  question_id: string
  revision: number
  person_id: string
  value: string
  stands_person: string | null
  stands_value: string | null
  at: Date
}
