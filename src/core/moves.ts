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
 * questions come back at the end, and when nothing is open the end is shown. On a shared sheet one's own come first, and
 * whoever went on to the others' stays with those.
 */
export function advance(questionnaire: Questionnaire, session: Working, wasOpen: boolean): Working {
  const { sheet } = session
  const at = indexOf(questionnaire, sheet.cursor)
  const from = wasOpen ? at + 1 : sheet.reach
  const next = nextOpen(questionnaire, sheet, from)
  const others = sheet.mine && !sheet.mine[at] ? anyOpen(questionnaire, sheet, at + 1) : undefined
  const to = next ?? others
  return to ? goTo(session, to) : atEnd(session)
}

/** The next open question that is this person's to answer, from an index on and then from the beginning. */
export function nextOpen(questionnaire: Questionnaire, sheet: SheetPlace, from: number): Question | undefined {
  if (!sheet.mine) return anyOpen(questionnaire, sheet, from)
  const own = questionnaire.questions.filter(({ index }) => sheet.mine![index] && sheet.marks[index]!.state === 'open')
  return own.find(({ index }) => index >= from) ?? own[0]
}

/** The next open question, whosever it is, from an index on and then from the beginning. */
export const anyOpen = (questionnaire: Questionnaire, sheet: SheetPlace, from: number): Question | undefined =>
  firstOpen(questionnaire, sheet, from) ?? firstOpen(questionnaire, sheet, 0)

/** Where the questions end: the result of one's own sheet, or what is mine on a shared one. */
export const atEnd = <S extends Session>(session: S): S =>
  withView(session, session.sheet?.mine ? { at: 'mine' } : { at: 'result', page: 'total' })

/** First open question at or after an index, whosever it is. */
export function firstOpen(questionnaire: Questionnaire, sheet: SheetPlace, from: number): Question | undefined {
  return questionnaire.questions.find(({ index }) => index >= from && sheet.marks[index]!.state === 'open')
}

export function withMark(questionnaire: Questionnaire, session: Working, question: string, mark: Mark): Working {
  const at = indexOf(questionnaire, question)
  const marks = session.sheet.marks.map((one, i) => (i === at ? mark : one))
  return { ...session, sheet: { ...session.sheet, marks } }
}

const isOpen = (sheet: SheetPlace, { index }: Question): boolean => sheet.marks[index]!.state === 'open'

/** A session with a fresh sheet, at its first question. */
export function startSheet(context: Context, session: Session): Step {
  const { questionnaire, rubricHash } = context
  const id = context.newSheet()
  const first = questionnaire.questions[0]!
  const sheet: SheetPlace = {
    id,
    rubric: rubricHash,
    status: 'open',
    cursor: first.id,
    reach: 0,
    marks: questionnaire.questions.map(() => ({ state: 'open', revision: 0 })),
    last: null,
  }
  return {
    session: { ...session, sheet, view: { at: 'question' } },
    events: [{ type: 'sheet_started', sheet: id }],
  }
}

/** Back to the question in hand, to the result where nothing is open, or to the welcome where there is no sheet. */
export function resume(context: Context, session: Session): Session {
  if (!session.sheet) return withView(session, { at: 'welcome' })
  if (session.sheet.status !== 'open') return atEnd(session)
  const working = session as Working
  const cursor = context.questionnaire.byId.get(session.sheet.cursor)
  const open = nextOpen(context.questionnaire, session.sheet, 0)
  if (!open) return atEnd(session)
  // On a shared sheet others may have answered what this person was asked last, and one's own come first.
  const stays = cursor && (!session.sheet.mine || (session.sheet.mine[cursor.index] && isOpen(session.sheet, cursor)))
  return goTo(working, stays ? cursor : open)
}
