/** A pressed button. It says what it was drawn for; whatever no longer fits opens the truth instead of changing it. */
import type { Action } from './action.js'
import {
  anyOpen,
  atEnd,
  firstOpen,
  goTo,
  indexOf,
  markOf,
  nextOpen,
  openCount,
  resume,
  startSheet,
  type Working,
  withView,
} from './moves.js'
import type { Question } from './questionnaire.js'
import { accepts, answerWith, declareNotApplicable, fitsCap } from './record.js'
import type { Session } from './session.js'
import type { Context, Step } from './step.js'

export function press(context: Context, session: Session, action: Action): Step {
  switch (action.do) {
    case 'begin':
      if (!session.sheet) return startSheet(context, session)
      return { session: resume(context, session), events: [] }
    case 'back':
      return { session: resume(context, session), events: [] }
    case 'language':
      return {
        session: resume(context, { ...session, language: action.language }),
        events: [{ type: 'language_changed', language: action.language }],
      }
    case 'privacy':
      return { session: withView(session, { at: 'privacy' }), events: [] }
    case 'export_data':
      return { session: withView(session, { at: 'privacy' }), events: [{ type: 'data_requested' }] }
    case 'erase':
      return { session: withView(session, { at: 'erase' }), events: [] }
    case 'erase_confirmed':
      // Only from the card that asks: an old button must not erase anybody.
      if (session.view.at !== 'erase') return outdated(session)
      return { session: { ...session, sheet: null, view: { at: 'welcome' } }, events: [{ type: 'person_erased' }] }
    case 'page':
    case 'deed':
    case 'acknowledge':
      return outdated(session) // the shell takes these to the office before they come here
    default:
      return onSheet(context, session, action)
  }
}

type SheetAction = Extract<Action, { sheet: string }>

function onSheet(context: Context, session: Session, action: SheetAction): Step {
  const { sheet } = session
  if (!sheet || sheet.id !== action.sheet) return outdated(session)
  const working = session as Working
  if (sheet.status !== 'open') return onClosed(context, session, action)
  switch (action.do) {
    case 'contents':
      return { session: withView(session, { at: 'contents' }), events: [] }
    case 'section':
      return { session: withView(session, { at: 'section', section: action.section }), events: [] }
    case 'pause':
      return { session: withView(session, { at: 'paused' }), events: [] }
    case 'resume':
      return { session: resume(context, session), events: [] }
    case 'mine':
      return { session: atEnd(session), events: [] }
    case 'next_open': {
      const next = anyOpen(context.questionnaire, sheet, indexOf(context.questionnaire, sheet.cursor))
      return { session: next ? goTo(working, next) : atEnd(session), events: [] }
    }
    case 'result':
      return {
        session: sheet.mine ? atEnd(session) : withView(session, { at: 'result', page: action.page }),
        events: [],
      }
    case 'restart':
      if (sheet.assessment) return outdated(session)
      return { session: withView(session, { at: 'restart' }), events: [] }
    case 'restart_confirmed': {
      // Only from the card that asks: an old button must not throw a sheet away.
      if (session.view.at !== 'restart' || sheet.assessment) return outdated(session)
      const fresh = startSheet(context, session)
      return { session: fresh.session, events: [{ type: 'sheet_discarded', sheet: sheet.id }, ...fresh.events] }
    }
    case 'submit': {
      if (sheet.mine) return { session: atEnd(session), events: [{ type: 'head_submits' }] }
      const count = openCount(sheet)
      if (count === 0) return { session: withView(session, { at: 'submit' }), events: [] }
      const next = firstOpen(context.questionnaire, sheet, 0)!
      return { session: goTo(working, next), events: [{ type: 'still_open', count }] }
    }
    case 'submit_confirmed':
      if (openCount(sheet) > 0 || session.view.at !== 'submit' || sheet.mine) return outdated(session)
      return {
        session: { ...session, sheet: { ...sheet, status: 'submitted' }, view: { at: 'result', page: 'total' } },
        events: [{ type: 'sheet_submitted', sheet: sheet.id }],
      }
    default:
      return onQuestion(context, working, action)
  }
}

type QuestionAction = Extract<SheetAction, { question: string }>

function onQuestion(context: Context, session: Working, action: QuestionAction): Step {
  const { questionnaire } = context
  const question = questionnaire.byId.get(action.question)
  if (!question) return outdated(session)
  const here = session.sheet.cursor === question.id
  switch (action.do) {
    case 'answer':
    case 'answer_typed':
      return answer(context, session, question, action.revision, action.value)
    case 'not_applicable':
    case 'use_condition':
      return notApplicable(context, session, question, action)
    case 'open':
      return { session: goTo(session, question), events: [] }
    case 'explain':
    case 'note':
    case 'evidence':
      return { session: goTo(session, question, { at: action.do }), events: [] }
    case 'skip': {
      if (!here) return { session, events: [] } // the second half of a double tap
      const others = session.sheet.mine && !session.sheet.mine[question.index]
      const next = (others ? anyOpen : nextOpen)(questionnaire, session.sheet, question.index + 1)
      // Skipped ones come back at the end; where this is the only one left, the end says so.
      return { session: next && next.id !== question.id ? goTo(session, next) : atEnd(session), events: [] }
    }
    case 'previous':
    case 'forward': {
      if (!here) return { session, events: [] }
      const to = questionnaire.questions[question.index + (action.do === 'previous' ? -1 : 1)]
      if (to) return { session: goTo(session, to), events: [] }
      return {
        session: action.do === 'forward' ? atEnd(session) : session,
        events: [],
      }
    }
  }
}

function answer(context: Context, session: Working, question: Question, revision: number, value: string): Step {
  if (!accepts(context.questionnaire, question, value)) return outdated(session)
  const mark = markOf(context.questionnaire, session.sheet, question.id)
  if (revision > mark.revision) return { session, events: [], behind: true }
  if (revision === mark.revision) {
    const raw = session.view.at === 'typed' && session.view.value === value ? session.view.raw : null
    return answerWith(context, session, question, value, raw)
  }
  const { last } = session.sheet
  if (last?.question === question.id && last.value === value) return { session, events: [] }
  return {
    session: goTo(session, question, { at: 'reopened' }),
    events: [{ type: 'answer_stale', question: question.id }],
  }
}

function notApplicable(
  context: Context,
  session: Working,
  question: Question,
  action: { do: 'not_applicable' | 'use_condition'; revision: number },
): Step {
  const { questionnaire } = context
  const mark = markOf(questionnaire, session.sheet, question.id)
  if (action.revision > mark.revision) return { session, events: [], behind: true }
  if (action.revision < mark.revision) {
    const moved = session.sheet.cursor !== question.id || session.view.at === 'result'
    if (mark.state === 'not_applicable' && moved) return { session, events: [] }
    return {
      session: goTo(session, question, { at: 'reopened' }),
      events: [{ type: 'answer_stale', question: question.id }],
    }
  }
  const at = goTo(session, question)
  if (question.kind !== 'indicator' || !question.indicator.not_applicable)
    return { session: at, events: [{ type: 'not_applicable_refused', why: 'not_allowed' }] }
  if (!fitsCap(questionnaire, at, question))
    return { session: at, events: [{ type: 'not_applicable_refused', why: 'cap' }] }
  if (action.do === 'not_applicable' || context.condition === undefined)
    return { session: withView(at, { at: 'reason' }), events: [] }
  return declareNotApplicable(context, at, question, context.condition)
}

/** A sheet that takes no answers: a shared one can still be leafed through, one's own shows its result. */
function onClosed(context: Context, session: Session, action: SheetAction): Step {
  const { assessment, mine } = session.sheet!
  switch (action.do) {
    case 'mine':
      return { session: atEnd(session), events: [] }
    case 'result':
      return { session: mine ? atEnd(session) : withView(session, { at: 'result', page: action.page }), events: [] }
    case 'restart':
      return assessment ? outdated(session) : { session: withView(session, { at: 'restart' }), events: [] }
    case 'restart_confirmed':
      return session.view.at === 'restart' && !assessment ? startSheet(context, session) : outdated(session)
    case 'submit_confirmed':
      return { session: atEnd(session), events: [] } // the second half of a double tap
    case 'resume':
      return { session: resume(context, session), events: [] }
    case 'contents':
    case 'section':
    case 'open':
    case 'explain':
    case 'previous':
    case 'forward':
      if (mine) return leaf(context, session as Working, action)
      return { session: atEnd(session), events: [{ type: 'sheet_closed' }] }
    default:
      return { session: atEnd(session), events: [{ type: 'sheet_closed' }] }
  }
}

/** Leafing through the questions of a sheet that takes no answers. */
function leaf(context: Context, session: Working, action: SheetAction): Step {
  if (action.do === 'section')
    return { session: withView(session, { at: 'section', section: action.section }), events: [] }
  return 'question' in action
    ? onQuestion(context, session, action)
    : { session: withView(session, { at: 'contents' }), events: [] }
}

const outdated = (session: Session): Step => ({ session, events: [{ type: 'button_outdated' }] })
