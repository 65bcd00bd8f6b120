/** Sheets of an assessment, and their newest answers with who gave them. */
import type pg from 'pg'
import type { Sheet } from '../app/ports.js'
import type { SignedAnswer, SignedSheet } from '../app/rounds.js'
import { answerEvents, SHEETS_OF_ASSESSMENT } from './answer-events.js'
import { SHEET_COLUMNS, type SheetRow, toSheet } from './assessment-rows.js'
import { toAnswer } from './ledger-rows.js'

/** A person's newest sheet of an assessment that was not discarded. */
export async function individualSheet(pool: pg.Pool, assessment: string, person: string): Promise<Sheet | undefined> {
  const { rows } = await pool.query<SheetRow>({
    name: 'sheet-individual',
    text: `SELECT ${SHEET_COLUMNS} FROM sheet WHERE assessment_id = $1 AND person_id = $2 AND status <> 'discarded'
      ORDER BY started_at DESC, id DESC LIMIT 1`,
    values: [assessment, person],
  })
  return rows[0] && toSheet(rows[0])
}

/** Those that were not discarded, oldest first. One statement, so that the count belongs to the very answers beside it. */
export async function signedSheets(pool: pg.Pool, assessment: string): Promise<SignedSheet[]> {
  const { rows } = await pool.query<
    SheetRow & { rows: number } & { [Column in keyof SignedRow]: SignedRow[Column] | null }
  >({
    name: 'sheets-signed',
    text: `WITH ${answerEvents(SHEETS_OF_ASSESSMENT)},
        counted AS (SELECT sheet_id, count(*)::int AS rows FROM traced GROUP BY sheet_id)
      SELECT ${SHEET_COLUMNS}, coalesce(counted.rows, 0) AS rows, newest.question_id, newest.revision, newest.value,
        newest.not_applicable, newest.note, newest.evidence, newest.raw, signer, signed_at
      FROM sheet LEFT JOIN newest ON newest.sheet_id = sheet.id LEFT JOIN counted ON counted.sheet_id = sheet.id
      WHERE sheet.assessment_id = $1 AND sheet.status <> 'discarded'
      ORDER BY sheet.started_at, sheet.id, newest.question_id`,
    values: [assessment],
  })
  const sheets = new Map<string, Sheet & { answers: Map<string, SignedAnswer>; rows: number }>()
  for (const row of rows) {
    const sheet = sheets.get(row.sheet_id) ?? { ...toSheet(row), answers: new Map(), rows: row.rows }
    sheets.set(sheet.id, sheet)
    if (row.question_id !== null) sheet.answers.set(row.question_id, toSigned(row as SignedRow))
  }
  return [...sheets.values()]
}

type SignedRow = Parameters<typeof toAnswer>[0] & { signer: string | null; signed_at: Date }

const toSigned = (row: SignedRow): SignedAnswer => ({
  ...toAnswer(row),
  person: row.signer ?? '',
  at: row.signed_at,
})
