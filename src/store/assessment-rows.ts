/** How rounds, communities, assessments and sheets come out of plain SQL: the columns of each and what becomes of them. */
import type { Community } from '../app/district.js'
import type { Sheet } from '../app/ports.js'
import type { Assessment, Round } from '../app/rounds.js'

/** A row of `ROUND_COLUMNS`, for example `{"round_id":"r4k2m9qx","round_mode":"shared","median":"757.300000",…}`. */
export type RoundRow = {
  round_id: string
  round_name: string
  round_rubric: string
  round_mode: Round['mode']
  round_status: Round['status']
  opens_at: Date
  deadline: Date
  round_time_zone: string
  round_created_at: Date
  median: string | null
  submitted: number
}

// As text the median keeps its six decimals, and no driver makes a float of it.
export const ROUND_COLUMNS = `round.id AS round_id, round.name AS round_name, round.rubric_hash AS round_rubric,
  round.mode AS round_mode, round.status AS round_status, round.opens_at, round.deadline,
  round.time_zone AS round_time_zone, round.created_at AS round_created_at, round.median::text AS median, round.submitted`

export const toRound = (row: RoundRow): Round => ({
  id: row.round_id,
  name: row.round_name,
  rubric: row.round_rubric,
  mode: row.round_mode,
  status: row.round_status,
  opensAt: row.opens_at,
  deadline: row.deadline,
  timeZone: row.round_time_zone,
  createdAt: row.round_created_at,
  median: row.median,
  submitted: row.submitted,
})

export type CommunityRow = {
  community_id: string
  community_name: string
  street: string
  households: number | null
  grids: number | null
  community_time_zone: string
  archived_at: Date | null
}

export const COMMUNITY_COLUMNS = `community.id AS community_id, community.name AS community_name, community.street,
  community.households, community.grids, community.time_zone AS community_time_zone, community.archived_at`

export const toCommunity = (row: CommunityRow): Community => ({
  id: row.community_id,
  name: row.community_name,
  street: row.street,
  households: row.households,
  grids: row.grids,
  timeZone: row.community_time_zone,
  archivedAt: row.archived_at,
})

export type AssessmentRow = RoundRow &
  CommunityRow & {
    assessment_id: string
    assessment_status: Assessment['status']
    assessment_submitted_at: Date | null
    submitted_by: string | null
  }

export const ASSESSMENT_COLUMNS = `assessment.id AS assessment_id, assessment.status AS assessment_status,
  assessment.submitted_at AS assessment_submitted_at, assessment.submitted_by, ${ROUND_COLUMNS}, ${COMMUNITY_COLUMNS}`

export const SELECT_ASSESSMENTS = `SELECT ${ASSESSMENT_COLUMNS} FROM assessment
  JOIN round ON round.id = assessment.round_id JOIN community ON community.id = assessment.community_id`

export const toAssessment = (row: AssessmentRow): Assessment => ({
  id: row.assessment_id,
  round: toRound(row),
  community: toCommunity(row),
  status: row.assessment_status,
  submittedAt: row.assessment_submitted_at,
  submittedBy: row.submitted_by,
})

export type SheetRow = {
  sheet_id: string
  sheet_person: string | null
  sheet_assessment: string | null
  sheet_rubric: string
  sheet_status: Sheet['status']
  started_at: Date
  sheet_submitted_at: Date | null
}

export const SHEET_COLUMNS = `sheet.id AS sheet_id, sheet.person_id AS sheet_person, sheet.assessment_id AS sheet_assessment,
  sheet.rubric_hash AS sheet_rubric, sheet.status AS sheet_status, sheet.started_at,
  sheet.submitted_at AS sheet_submitted_at`

export const toSheet = (row: SheetRow): Sheet => ({
  id: row.sheet_id,
  person: row.sheet_person,
  assessment: row.sheet_assessment,
  rubric: row.sheet_rubric,
  status: row.sheet_status,
  startedAt: row.started_at,
  submittedAt: row.sheet_submitted_at,
})

/**
 * Whether the rows of a sheet count in its assessment, for statements that join both and the round: a shared sheet always
 * does, an individual one from its submission on.
 */
export const COUNTS = `CASE round.mode WHEN 'shared' THEN sheet.status <> 'discarded' ELSE sheet.status = 'submitted' END`
