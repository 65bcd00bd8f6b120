/**
 * All that one tap on a round's sheet depends on, in one statement: it stands on the path of each of them. Lists come as
 * JSON arrays in the order of their columns, instants in them as milliseconds.
 */
import type pg from 'pg'
import type { Membership } from '../app/district.js'
import type { SentBack, SignedAnswer, Standing } from '../app/rounds.js'
import type { Answer } from '../core/answer.js'
import { answerEvents, standingReturns } from './answer-events.js'
import {
  ASSESSMENT_COLUMNS,
  type AssessmentRow,
  SHEET_COLUMNS,
  type SheetRow,
  toAssessment,
  toSheet,
} from './assessment-rows.js'

/** Undefined where the sheet is not there, or is a practice sheet. */
export async function standing(pool: pg.Pool, sheet: string, person: string): Promise<Standing | undefined> {
  const { rows } = await pool.query<StandingRow>({ name: 'standing', text: STANDING, values: [sheet, person] })
  const row = rows[0]
  if (!row) return undefined
  return {
    sheet: toSheet(row),
    assessment: toAssessment(row),
    memberships: (row.memberships ?? []).map(([id, role, community, posts, joinedAt]) => ({
      id,
      person,
      role,
      community,
      posts,
      joinedAt: new Date(joinedAt),
    })),
    answers: new Map((row.answers ?? []).map((one) => [one[0], toSigned(one)])),
    names: new Map(row.names),
    assigned: new Map(row.assigned),
    sentBack: new Map(
      (row.sent_back ?? []).map(([question, revision, comment, at]): [string, SentBack] => [
        question,
        { question, revision, comment, at: new Date(at) },
      ]),
    ),
  }
}

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`

// People are looked up by an array: as a subquery they would have the whole table read, everybody of the district.
const STANDING = `
WITH ${answerEvents('sheet_id = $1')}
SELECT ${SHEET_COLUMNS}, ${ASSESSMENT_COLUMNS},
  (SELECT json_agg(json_build_array(membership.id, role, membership.community_id, posts, ${ms('joined_at')})
      ORDER BY joined_at, membership.id)
    FROM membership LEFT JOIN community AS its ON its.id = membership.community_id
    WHERE membership.person_id = $2 AND ended_at IS NULL AND its.archived_at IS NULL) AS memberships,
  CASE WHEN round.mode = 'shared' AND sheet.person_id IS NULL THEN
    (SELECT json_agg(json_build_array(question_id, revision, value, not_applicable, note, evidence, raw, signer,
      ${ms('signed_at')})) FROM newest) END AS answers,
  (SELECT json_agg(json_build_array(id, name)) FROM person WHERE name IS NOT NULL AND id = ANY (ARRAY(
      SELECT person_id FROM membership WHERE membership.community_id = community.id AND ended_at IS NULL
      UNION SELECT person_id FROM traced))) AS names,
  (SELECT json_agg(json_build_array(indicator_id, person_id)) FROM assignment
    WHERE assessment_id = assessment.id) AS assigned,
  (SELECT json_agg(json_build_array(question_id, revision, comment, ${ms('at')}))
    FROM (${standingReturns('assessment.id')}) AS back) AS sent_back
FROM sheet
JOIN assessment ON assessment.id = sheet.assessment_id
JOIN round ON round.id = assessment.round_id
JOIN community ON community.id = assessment.community_id
WHERE sheet.id = $1`

type StandingRow = SheetRow &
  AssessmentRow & {
    memberships:
      | [id: string, role: Membership['role'], community: string | null, posts: string[], joinedAt: number][]
      | null
    answers: SignedArray[] | null
    names: [person: string, name: string][] | null
    assigned: [indicator: string, person: string][] | null
    sent_back: [question: string, revision: number, comment: string, at: number][] | null
  }

type SignedArray = [
  question: string,
  revision: number,
  value: Answer['value'],
  notApplicable: string | null,
  note: string | null,
  evidence: Answer['evidence'],
  raw: string | null,
  person: string | null,
  at: number,
]

function toSigned([
  question,
  revision,
  value,
  notApplicable,
  note,
  evidence,
  raw,
  person,
  at,
]: SignedArray): SignedAnswer {
  return { question, revision, value, notApplicable, note, evidence, raw, person: person ?? '', at: new Date(at) }
}
