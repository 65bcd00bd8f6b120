/**
 * The conversation: `transition(context, session, input) → { session, events }`, pure. The shell writes the events, saves
 * the session, then speaks. Nothing but an explicit choice ends a sheet, and no input is taken for an answer to a question
 * that its sender had not seen.
 */
import type { Command, Input } from './input.js'
import { atEnd, resume, startSheet, withView } from './moves.js'
import { press } from './press.js'
import type { Session } from './session.js'
import type { Context, Step } from './step.js'
import { media, text } from './typed.js'

/** The question whose saved answer a transition needs to see; undefined where it needs none. */
export function concerns(session: Session, input: Input): string | undefined {
  if (!session.sheet) return undefined
  if (input.kind === 'press') return 'question' in input.action ? input.action.question : undefined
  return input.kind === 'text' || input.kind === 'media' ? session.sheet.cursor : undefined
}

/** One step of the conversation. */
export function transition(context: Context, session: Session, input: Input): Step {
  switch (input.kind) {
    case 'press':
      return press(context, session, input.action)
    case 'command':
      return command(context, session, input.command)
    case 'unknown_command':
      return { session, events: [{ type: 'command_unknown' }] }
    case 'text':
      return text(context, session, input)
    case 'media':
      return media(context, session, input)
    case 'unsupported':
      return unsupported(session)
  }
}

function command(context: Context, session: Session, name: Command): Step {
  const { sheet } = session
  switch (name) {
    case 'start': {
      if (!sheet) return startSheet(context, session)
      if (sheet.mine) return { session: atEnd(session), events: [] }
      const untouched = sheet.status === 'open' && sheet.marks.every(({ revision }) => revision === 0)
      return { session: untouched ? resume(context, session) : withView(session, { at: 'resume' }), events: [] }
    }
    case 'assess':
      if (!sheet) return startSheet(context, session)
      return sheet.status !== 'open'
        ? { session: sheet.mine ? atEnd(session) : withView(session, { at: 'resume' }), events: [] }
        : { session: resume(context, session), events: [] }
    case 'result':
      return { session: sheet ? atEnd(session) : withView(session, { at: 'welcome' }), events: [] }
    case 'language':
    case 'help':
    case 'privacy':
      return { session: withView(session, { at: name }), events: [] }
    case 'cancel':
      return cancel(context, session)
  }
}

const ON_A_QUESTION: ReadonlySet<string> = new Set(['explain', 'note', 'evidence', 'reason', 'typed', 'reopened'])

/** Leaves whatever is being typed or confirmed; answers stay. */
function cancel(context: Context, session: Session): Step {
  const { at } = session.view
  if (session.sheet?.status === 'open' && ON_A_QUESTION.has(at))
    return { session: withView(session, { at: 'question' }), events: [{ type: 'cancelled' }] }
  const nothing = at === 'question' || at === 'welcome' || at === 'paused'
  return { session: resume(context, session), events: [{ type: nothing ? 'nothing_to_cancel' : 'cancelled' }] }
}

function unsupported(session: Session): Step {
  const { view, sheet } = session
  if (sheet?.status === 'open' && (view.at === 'question' || view.at === 'reopened'))
    return { session, events: [{ type: 'answer_rejected', question: sheet.cursor, reason: 'not_text' }] }
  if (view.at === 'reason' || view.at === 'note' || view.at === 'evidence')
    return { session, events: [{ type: `${view.at}_expected` }] }
  return { session, events: [{ type: 'input_unexpected' }] }
}
