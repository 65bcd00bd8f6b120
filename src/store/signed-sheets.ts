/** Sheets of an assessment, and their newest answers with who gave them. */
import type pg from 'pg'
import type { Sheet } from '../app/ports.js'
import type { SignedAnswer, SignedSheet } from '../app/rounds.js'
import { SHEET_COLUMNS, type SheetRow, toSheet } from './assessment-rows.js'
import { type AnswerRow, toAnswer } from './ledger-rows.js'

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
    text: `SELECT DISTINCT ON (sheet.started_at, sheet.id, answer.question_id) ${SHEET_COLUMNS},
        count(answer.question_id) OVER (PARTITION BY sheet.id)::int AS rows,
        ${SIGNED_COLUMNS}
      FROM sheet LEFT JOIN answer ON answer.sheet_id = sheet.id
      WHERE sheet.assessment_id = $1 AND sheet.status <> 'discarded'
      ORDER BY sheet.started_at, sheet.id, answer.question_id, answer.revision DESC`,
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

type SignedRow = Pick<
  AnswerRow,
  'question_id' | 'revision' | 'value' | 'not_applicable' | 'note' | 'evidence' | 'raw' | 'person_id' | 'at'
>

const SIGNED_COLUMNS = `answer.question_id, answer.revision, answer.value, answer.not_applicable, answer.note, answer.evidence,
  answer.raw, answer.person_id, answer.at`

const toSigned = (row: SignedRow): SignedAnswer => ({ ...toAnswer(row), person: row.person_id ?? '', at: row.at })
