/** Moving the cursor and marking questions. Pure helpers of the transition. */
import type { Question, Questionnaire } from './questionnaire.js'
import type { Mark, Session, SheetPlace, View } from './session.js'
import type { Context, Step } from './step.js'

/** A session that certainly has an open sheet. */
export type Working = Session & { readonly sheet: SheetPlace }

export const indexOf = (questionnaire: Questionnaire, question: string): number =>
  questionnaire.byId.get(question)!.index

export const markOf = (questionnaire: Questionnaire, sheet: SheetPlace, question: string): Mark =>
  sheet.marks[indexOf(questionnaire, question)]!

export const openCount = (sheet: SheetPlace): number => sheet.marks.filter(({ state }) => state === 'open').length

export const withView = <S extends Session>(session: S, view: View): S => ({ ...session, view })

/** Shows a question; the furthest one is remembered, so that a correction leads back there. */
export function goTo(session: Working, question: Question, view: View = { at: 'question' }): Working {
  const { sheet } = session
  const reach = Math.max(sheet.reach, question.index)
  return { ...session, view, sheet: { ...sheet, cursor: question.id, reach } }
}

/**
 * Where to go after an answer: on to the next open question, or back to the furthest one after a correction; skipped
 * questions come back at the end, and when nothing is open the result is shown.
 */
export function advance(questionnaire: Questionnaire, session: Working, wasOpen: boolean): Working {
  const { sheet } = session
  const from = wasOpen ? indexOf(questionnaire, sheet.cursor) + 1 : sheet.reach
  const next = firstOpen(questionnaire, sheet, from) ?? firstOpen(questionnaire, sheet, 0)
  return next ? goTo(session, next) : withView(session, { at: 'result', page: 'total' })
}

/** First open question at or after an index. */
export function firstOpen(questionnaire: Questionnaire, sheet: SheetPlace, from: number): Question | undefined {
  return questionnaire.questions.find(({ index }) => index >= from && sheet.marks[index]!.state === 'open')
}

export function withMark(questionnaire: Questionnaire, session: Working, question: string, mark: Mark): Working {
  const at = indexOf(questionnaire, question)
  const marks = session.sheet.marks.map((one, i) => (i === at ? mark : one))
  return { ...session, sheet: { ...session.sheet, marks } }
}

/** A session with a fresh sheet, at its first question. */
export function startSheet(context: Context, session: Session): Step {
  const { questionnaire, rubricHash, newSheet } = context
  const first = questionnaire.questions[0]!
  const sheet: SheetPlace = {
    id: newSheet,
    rubric: rubricHash,
    status: 'open',
    cursor: first.id,
    reach: 0,
    marks: questionnaire.questions.map(() => ({ state: 'open', revision: 0 })),
    last: null,
  }
  return {
    session: { ...session, sheet, view: { at: 'question' } },
    events: [{ type: 'sheet_started', sheet: newSheet }],
  }
}

/** Back to the question in hand, to the result where nothing is open, or to the welcome where there is no sheet. */
export function resume(context: Context, session: Session): Session {
  if (!session.sheet) return withView(session, { at: 'welcome' })
  if (session.sheet.status === 'submitted') return withView(session, { at: 'result', page: 'total' })
  const working = session as Working
  const cursor = context.questionnaire.byId.get(session.sheet.cursor)
  const open = firstOpen(context.questionnaire, session.sheet, 0)
  if (cursor) return open ? goTo(working, cursor) : withView(session, { at: 'result', page: 'total' })
  return open ? goTo(working, open) : withView(session, { at: 'result', page: 'total' })
}
