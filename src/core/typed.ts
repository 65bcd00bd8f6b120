/** What was typed or sent. It counts only where it certainly answers what is being asked; else it is answered by a sentence. */
import type { Evidence } from './answer.js'
import type { Value } from './answers/answer-type.js'
import { parseOption } from './answers/option.js'
import { parseAnswer } from './answers/registry.js'
import { type Working, withView } from './moves.js'
import type { Question } from './questionnaire.js'
import { answerWith, declareNotApplicable, fitsCap, record } from './record.js'
import type { Session } from './session.js'
import type { Context, Step } from './step.js'

/** A note fits on the card beside its question; a reason is one sentence. */
export const LONGEST_NOTE = 500
export const LONGEST_REASON = 200
/** Pieces of evidence for one question; more belong into one file. */
export const MOST_EVIDENCE = 20

export function text(
  context: Context,
  session: Session,
  { text: typed, late, doubtful }: { readonly text: string; readonly late: boolean; readonly doubtful: boolean },
): Step {
  const { sheet, view } = session
  const question = sheet && context.questionnaire.byId.get(sheet.cursor)
  if (!question || sheet.status !== 'open') return { session, events: [{ type: 'input_unexpected' }] }
  const working = session as Working
  const unsure = doubtful || session.unseen === true
  switch (view.at) {
    case 'question':
    case 'explain':
    case 'reopened':
    case 'typed':
      return late
        ? { session, events: [{ type: 'input_late' }] }
        : typedAnswer(context, working, question, typed, unsure)
    case 'evidence':
      return { session, events: [{ type: 'evidence_expected' }] }
    case 'note':
      if (late || unsure) return { session, events: [{ type: 'input_late' }] }
      return note(context, working, question, typed.trim())
    case 'reason':
      if (late || unsure) return { session, events: [{ type: 'input_late' }] }
      return reason(context, working, question, typed.trim())
    default:
      return { session, events: [{ type: 'input_unexpected' }] }
  }
}

export function media(
  context: Context,
  session: Session,
  input: { evidence: Evidence; caption: string | null; late: boolean },
): Step {
  const { sheet, view } = session
  const question = sheet && context.questionnaire.byId.get(sheet.cursor)
  const takes = view.at === 'question' || view.at === 'evidence' || view.at === 'note'
  if (!question || sheet.status !== 'open' || !takes) return { session, events: [{ type: 'input_unexpected' }] }
  if (input.late || session.unseen) return { session, events: [{ type: 'input_late' }] }
  const had = context.saved?.evidence ?? []
  if (had.some(({ ref }) => ref === input.evidence.ref))
    return { session, events: [{ type: 'evidence_saved', count: had.length }] }
  if (had.length >= MOST_EVIDENCE) return { session, events: [{ type: 'evidence_refused', most: MOST_EVIDENCE }] }
  const caption = input.caption?.trim() ?? ''
  const before = context.saved?.note ?? null
  const joined = [before, caption].filter(Boolean).join('\n')
  const fits = joined.length <= LONGEST_NOTE
  const note = fits && joined !== '' ? joined : before
  const step = record(context, session as Working, question, { evidence: [...had, input.evidence], note })
  const count = had.length + 1
  const said = fits ? ({ type: 'evidence_saved', count } as const) : ({ type: 'caption_not_kept', count } as const)
  return { session: step.session, events: [...step.events, said] }
}

function typedAnswer(context: Context, session: Working, question: Question, typed: string, unsure: boolean): Step {
  const parsed =
    question.kind === 'indicator'
      ? parseAnswer(question.indicator, typed, context.labels())
      : parseOption(typed, context.labels())
  if (!parsed.ok)
    return { session, events: [{ type: 'answer_rejected', question: question.id, reason: parsed.reason }] }
  // Opened by a tap on an old card, perhaps never shown or only just: the words may have been meant for the question before.
  if (session.view.at === 'reopened' || session.view.at === 'typed' || unsure)
    return { session: withView(session, { at: 'typed', value: parsed.value, raw: clip(typed) }), events: [] }
  const step = answerWith(context, session, question, parsed.value satisfies Value, clip(typed))
  return { ...step, events: [...step.events, { type: 'answer_taken', question: question.id, value: parsed.value }] }
}

function note(context: Context, session: Working, question: Question, typed: string): Step {
  if (typed.length > LONGEST_NOTE) return { session, events: [{ type: 'text_too_long', most: LONGEST_NOTE }] }
  if (typed === '') return { session, events: [{ type: 'note_expected' }] }
  // The same note again is no new revision.
  if (context.saved?.note === typed)
    return { session: withView(session, { at: 'question' }), events: [{ type: 'note_saved' }] }
  const step = record(context, session, question, { note: typed })
  return { session: withView(step.session, { at: 'question' }), events: [...step.events, { type: 'note_saved' }] }
}

function reason(context: Context, session: Working, question: Question, typed: string): Step {
  if (typed.length > LONGEST_REASON) return { session, events: [{ type: 'text_too_long', most: LONGEST_REASON }] }
  if (typed === '') return { session, events: [{ type: 'reason_expected' }] }
  if (question.kind !== 'indicator' || !question.indicator.not_applicable)
    return { session, events: [{ type: 'not_applicable_refused', why: 'not_allowed' }] }
  if (!fitsCap(context.questionnaire, session, question))
    return { session: withView(session, { at: 'question' }), events: [{ type: 'not_applicable_refused', why: 'cap' }] }
  return declareNotApplicable(context, session, question, typed)
}

/** The raw words that the ledger keeps beside a typed value. */
const clip = (typed: string): string => [...typed.trim()].slice(0, 100).join('')
