/** How a row of the ledger goes into the table `answer` and comes back. */
import type { QueryConfig } from 'pg'
import type { LedgerRow } from '../app/ports.js'
import type { Answer, Evidence } from '../core/answer.js'
import { storableJson, storableText } from './storable.js'

/** A row of the table, for example `{"sheet_id":"s81…","question_id":"G6-01","revision":2,"value":"12",…}`. */
export type AnswerRow = {
  sheet_id: string
  question_id: string
  revision: number
  value: string | null
  not_applicable: string | null
  note: string | null
  evidence: Evidence[]
  raw: string | null
  person_id: string | null
  channel: string
  input_id: string
  at: Date
}

const COLUMNS = `sheet_id, question_id, revision, value, not_applicable, note, evidence, raw, person_id, channel, input_id, at`
export const SELECT_ANSWERS = `SELECT ${COLUMNS} FROM answer`

/**
 * Inserts rows and returns the keys of those that it inserted (`keyOf`). Only open sheets take any: a practice sheet until it is
 * submitted; that of a round while its assessment is open, the round is published, and the row's instant lies within the round's.
 * FOR SHARE makes a submit wait for rows that are on their way and rows wait for a submit; then they see it. Sheets are
 * locked, and keys inserted, in one order everywhere, so that two processes cannot wait for each other in a ring.
 */
export function appendStatement(rows: readonly LedgerRow[]): QueryConfig {
  const column = <T>(of: (row: LedgerRow) => T): T[] => rows.map(of)
  return {
    name: 'ledger-append',
    text: APPEND,
    values: [
      column((row) => row.sheet),
      column((row) => row.question),
      column((row) => row.revision),
      column((row) => row.value),
      column((row) => row.notApplicable),
      column((row) => row.note),
      column((row) => (row.evidence.length === 0 ? '[]' : storableJson(row.evidence))),
      column((row) => row.raw),
      column((row) => row.person),
      column((row) => row.channel),
      column((row) => row.input),
      // With its Z: a server in another time zone would read a bare local time as its own.
      column((row) => row.at.toISOString()),
    ],
  }
}

/** Whether a sheet of which `assessment_id` is known takes a row of the instant `at`. */
const takesRowOf = (at: string) => `(assessment_id IS NULL OR EXISTS (
  SELECT FROM assessment JOIN round ON round.id = round_id
  WHERE assessment.id = assessment_id AND assessment.status = 'open' AND round.status = 'published' AND ${at} >= opens_at AND ${at} < deadline))`

/**
 * The nth array as the planner cannot look into it. By what it sees it would think a plan for just these rows cheaper than the one that
 * it keeps, since that is made for ten, and plan every commit anew: a third of what PostgreSQL then spends on an answer.
 */
const given = (nth: number, type: string) => `(SELECT $${nth}::${type}[])::${type}[]`

const TYPES = 'text, text, int, text, text, text, jsonb, text, text, text, text, timestamptz'.split(', ')

const APPEND = `
WITH open_sheet AS MATERIALIZED (
  SELECT id AS sheet_id, assessment_id FROM sheet WHERE id = ANY (${given(1, 'text')}) AND status = 'open' ORDER BY id FOR SHARE
)
INSERT INTO answer (${COLUMNS})
SELECT given.* FROM unnest(${TYPES.map((type, index) => given(index + 1, type)).join(', ')}) AS given (${COLUMNS})
  JOIN open_sheet USING (sheet_id)
WHERE ${takesRowOf('given.at')}
ORDER BY sheet_id, question_id, revision
ON CONFLICT DO NOTHING
RETURNING sheet_id || E'\n' || question_id || E'\n' || revision AS key`

/** What stands under the keys of rows, and whether their sheets take them now; a row for each, in their order. */
export function lookUpStatement(rows: readonly LedgerRow[]): QueryConfig {
  return {
    name: 'ledger-look-up',
    text: LOOK_UP,
    values: [
      rows.map(({ sheet }) => sheet),
      rows.map(({ question }) => question),
      rows.map(({ revision }) => revision),
      rows.map(({ at }) => at.toISOString()),
    ],
  }
}

const LOOK_UP = `
SELECT answer.*, EXISTS (SELECT FROM sheet WHERE id = wanted.sheet AND status = 'open' AND ${takesRowOf('wanted.instant')}) AS open
FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[]) WITH ORDINALITY AS wanted (sheet, question, rev, instant, place)
  LEFT JOIN answer ON sheet_id = wanted.sheet AND question_id = wanted.question AND revision = wanted.rev
ORDER BY place`

/** Identity of a row; ids have no line breaks. */
export const keyOf = (row: LedgerRow): string => `${row.sheet}\n${row.question}\n${row.revision}`

/** The row as the table can hold it, so that what is compared with the table later is what was sent. */
export function storableRow(row: LedgerRow): LedgerRow {
  return {
    sheet: storableText(row.sheet),
    question: storableText(row.question),
    revision: row.revision,
    value: row.value === null ? null : storableText(row.value),
    notApplicable: row.notApplicable === null ? null : storableText(row.notApplicable),
    note: row.note === null ? null : storableText(row.note),
    evidence: row.evidence.length === 0 ? row.evidence : (JSON.parse(storableJson(row.evidence)) as Evidence[]),
    raw: row.raw === null ? null : storableText(row.raw),
    person: storableText(row.person),
    channel: storableText(row.channel),
    input: storableText(row.input),
    at: row.at,
  }
}

export function toAnswer(row: Omit<AnswerRow, 'sheet_id' | 'person_id' | 'channel' | 'input_id' | 'at'>): Answer {
  return {
    question: row.question_id,
    revision: row.revision,
    value: row.value,
    notApplicable: row.not_applicable,
    note: row.note,
    evidence: row.evidence,
    raw: row.raw,
  }
}

/** The person is empty once they have had themselves erased. */
export function toLedgerRow(row: AnswerRow): LedgerRow {
  return {
    ...toAnswer(row),
    sheet: row.sheet_id,
    person: row.person_id ?? '',
    channel: row.channel,
    input: row.input_id,
    at: row.at,
  }
}
