/** What assessments come to: kept results, and all of a round at one look. */
import type pg from 'pg'
import type { OverviewRow } from '../app/rounds.js'
import type { Result } from '../core/result.js'
import { COUNTS } from './assessment-rows.js'
import { storableJson } from './storable.js'

/**
 * All assessments of a round, by street and name. The rows of each are counted from the ledger's index alone, so that 500
 * communities are one quick statement.
 */
export async function overview(pool: pg.Pool, round: string): Promise<OverviewRow[]> {
  const { rows } = await pool.query<OverviewRow>({
    name: 'overview',
    text: `SELECT assessment.id AS assessment, community.id AS community, community.name, community.street,
        assessment.status, assessment.result, assessment.result_rows AS "resultRows",
        (SELECT count(*) FROM sheet JOIN answer ON answer.sheet_id = sheet.id
          WHERE sheet.assessment_id = assessment.id AND ${COUNTS})::int AS rows
      FROM assessment JOIN round ON round.id = assessment.round_id JOIN community ON community.id = assessment.community_id
      WHERE round.id = $1 ORDER BY community.street, community.name, community.id`,
    values: [round],
  })
  return rows
}

/** See `Work.answered`. A question counts by its newest revision, which may be a note alone. */
export async function answered(pool: pg.Pool, assessments: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ assessment: string; answered: number }>({
    name: 'answered',
    text: `SELECT assessment.id AS assessment, min((SELECT count(*) FROM (
          SELECT DISTINCT ON (question_id) value, not_applicable FROM answer WHERE sheet_id = sheet.id
          ORDER BY question_id DESC, revision DESC) AS newest
        WHERE value IS NOT NULL OR not_applicable IS NOT NULL))::int AS answered
      FROM assessment JOIN round ON round.id = assessment.round_id JOIN sheet ON sheet.assessment_id = assessment.id
      WHERE assessment.id = ANY ($1::text[]) AND ${COUNTS} GROUP BY assessment.id`,
    values: [assessments],
  })
  return new Map(rows.map((row) => [row.assessment, row.answered]))
}

/** Keeps a result unless one from more rows is kept: rows only ever come, so that one is newer. */
export async function keepResult(
  pool: pg.Pool,
  assessment: string,
  result: Result,
  rows: number,
  at: Date,
): Promise<void> {
  await pool.query({
    name: 'result-keep',
    text: `UPDATE assessment SET result = $2::jsonb, result_rows = $3, result_at = $4
      WHERE id = $1 AND (result IS NULL OR (result_rows, result_at) <= ($3::int, $4::timestamptz))`,
    values: [assessment, storableJson(result), rows, at.toISOString()],
  })
}

/** The result as last kept; undefined where nothing was yet. */
export async function result(pool: pg.Pool, assessment: string): Promise<{ result: Result; rows: number } | undefined> {
  const { rows } = await pool.query<{ result: Result; rows: number }>({
    name: 'result',
    text: 'SELECT result, result_rows AS rows FROM assessment WHERE id = $1 AND result IS NOT NULL',
    values: [assessment],
  })
  return rows[0]
}
