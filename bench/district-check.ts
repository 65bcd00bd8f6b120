/** What the seeded answers come to, scored here from the ledger, beside what the program says and keeps. */
import type pg from 'pg'
import type { Desk } from '../src/app/desk.js'
import { overviewOf } from '../src/app/overview.js'
import type { Assessment } from '../src/app/rounds.js'
import { format } from '../src/core/exact.js'
import { gradeOf } from '../src/core/grade.js'
import { mergeScores } from '../src/core/merge.js'
import { resultOf } from '../src/core/result.js'
import { type SheetScore, scoreSheet } from '../src/core/score.js'
import { ROUNDS } from './district.js'
import { median } from './figures.js'

/** Time enough to make everything anew. */
const NO_HURRY_MS = 600_000

/** Of an assessment, from the newest revisions of its sheets that count. */
export async function scoreOf(pool: pg.Pool, desk: Desk, { id, round }: Assessment): Promise<SheetScore> {
  const { questionnaire } = desk.books.current
  const counts = round.mode === 'shared' ? `status <> 'discarded'` : `status = 'submitted'`
  const { rows } = await pool.query(
    `SELECT id FROM sheet WHERE assessment_id = $1 AND ${counts} ORDER BY started_at, id`,
    [id],
  )
  const scores: SheetScore[] = []
  for (const sheet of rows) scores.push(scoreSheet(questionnaire, await desk.ledger.answers(sheet.id)))
  if (scores.length === 0) return scoreSheet(questionnaire, new Map())
  return round.mode === 'shared' ? scores[0]! : mergeScores(questionnaire, scores)
}

/** The line of a summary that says how good the community is: its total, or what it can still reach. */
export function headlineOf(desk: Desk, score: SheetScore): string {
  const say = desk.locales.in('zh-CN')
  const { rubric } = desk.books.current
  return gradeOf(rubric, score).kind === 'open'
    ? say('result.range', { least: format(score.least, 1), most: format(score.most, 1) })
    : say('result.total', { total: format(score.total, 1), scale: rubric.scale })
}

/** Faults in what is kept: results of every community and round, and the medians. */
export async function faultsOfDistrict(pool: pg.Pool, desk: Desk): Promise<string[]> {
  const faults: string[] = []
  for (const { id } of ROUNDS) {
    const round = (await desk.rounds.round(id))!
    const lines = await overviewOf(desk, round, desk.books.current, NO_HURRY_MS)
    const shown = new Map(lines.map((line) => [line.assessment, line]))
    const totals: number[] = []
    for (const assessment of await desk.rounds.assessmentsIn(id)) {
      const result = resultOf(desk.books.current.questionnaire, await scoreOf(pool, desk, assessment))
      const line = shown.get(assessment.id)
      if (line?.stale !== false || inOneOrder(line.result) !== inOneOrder(result))
        faults.push(`${id} ${assessment.community.name}: Expected ${result.total}, got ${line?.result.total}`)
      if (assessment.status === 'submitted') totals.push(Number(result.total))
    }
    const expected = totals.length > 0 ? median(totals).toFixed(6) : null
    const near = expected !== null && Math.abs(Number(expected) - Number(round.median)) < 0.000_002
    if (round.submitted !== totals.length || (expected === null ? round.median !== null : !near))
      faults.push(
        `${id}: Expected a median of ${expected} of ${totals.length}, got ${round.median} of ${round.submitted}`,
      )
  }
  return faults
}

/** JSON that does not depend on the order of keys, which the database changes. */
function inOneOrder(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
