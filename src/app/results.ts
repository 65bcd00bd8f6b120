/** Results of assessments, computed from the ledger, and the kept copies that lists are made from. */
import type { Book } from '../content/book.js'
import { mergeScores, type Spread, spreadOf } from '../core/merge.js'
import { type Result, resultOf } from '../core/result.js'
import { type SheetScore, scoreSheet } from '../core/score.js'
import type { Desk } from './desk.js'
import type { Assessment, SignedAnswers } from './rounds.js'

type AssessmentSheet = Awaited<ReturnType<Desk['work']['sheets']>>[number]

export type Outlook = {
  readonly book: Book
  readonly score: SheetScore
  readonly result: Result
  /** Rows of the ledger that it was made from. */
  readonly rows: number
  /** All sheets of the assessment; the score is made from the shared one, or from those that were submitted. */
  readonly sheets: readonly AssessmentSheet[]
  /** Newest answers of the shared sheet; empty in an individual round. */
  readonly answers: SignedAnswers
  /** Indicators on which people differ; empty on a shared sheet. */
  readonly spread: readonly Spread[]
}

/** What an assessment comes to now. Undefined where its rubric is gone. */
export async function outlookOf(desk: Desk, assessment: Assessment): Promise<Outlook | undefined> {
  const book = await desk.books.of(assessment.round.rubric)
  if (!book) return undefined
  const { questionnaire } = book
  const sheets = await desk.work.sheets(assessment.id)
  const shared = assessment.round.mode === 'shared'
  const counted = shared ? sheets : sheets.filter(({ status }) => status === 'submitted')
  const scored = counted.map((sheet) => ({
    person: sheet.person ?? '',
    score: scoreSheet(questionnaire, sheet.answers),
  }))
  const scores = scored.map((one) => one.score)
  const score = shared
    ? (scores[0] ?? scoreSheet(questionnaire, new Map()))
    : scores.length > 0
      ? mergeScores(questionnaire, scores)
      : scoreSheet(questionnaire, new Map())
  return {
    book,
    score,
    result: resultOf(questionnaire, score),
    rows: counted.reduce((count, sheet) => count + sheet.rows, 0),
    sheets,
    answers: (shared && sheets[0]?.answers) || new Map(),
    spread: shared ? [] : spreadOf(questionnaire, scored),
  }
}

/** Computes a result and keeps it for the lists. */
export async function renewResult(desk: Desk, id: string): Promise<Result | undefined> {
  const assessment = await desk.rounds.assessment(id)
  const outlook = assessment && (await outlookOf(desk, assessment))
  if (!outlook) return undefined
  await desk.work.keepResult(id, outlook.result, outlook.rows, new Date(desk.now()))
  return outlook.result
}

export type Renewal = {
  /** Notes that something was answered there. */
  readonly touched: (assessment: string) => void
  /** Makes the kept results anew of all that was touched, one after another, so that a busy hour costs little. */
  readonly renew: (desk: Desk) => Promise<void>
}

/** Assessments with new answers wait here for their kept results to be made anew in the background; lists find them ready. */
export function createRenewal(): Renewal {
  const waiting = new Set<string>()
  return {
    touched: (assessment) => void waiting.add(assessment),
    async renew(desk) {
      const now = [...waiting]
      waiting.clear()
      for (const assessment of now)
        await renewResult(desk, assessment).catch((fault: unknown) => {
          waiting.add(assessment)
          desk.log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'a result was not renewed')
        })
    },
  }
}
