/** Drives the transition as the shell does: writes the events to a ledger, keeps the session, speaks of nothing. */
import type { Action } from '../../src/core/action.js'
import type { Answer, Answers } from '../../src/core/answer.js'
import type { Event } from '../../src/core/event.js'
import type { Command, Input } from '../../src/core/input.js'
import type { Questionnaire } from '../../src/core/questionnaire.js'
import { marksOf, type Session } from '../../src/core/session.js'
import { decodeSession, encodeSession } from '../../src/core/session-text.js'
import type { Context } from '../../src/core/step.js'
import { concerns, transition } from '../../src/core/transition.js'

export const CONDITION = '本周期没有这类情况'

/** The options' words: in these tests the key itself in capitals. */
const LABELS = new Map(['full', 'mostly', 'partly', 'none', 'yes', 'no'].map((key) => [key, key.toUpperCase()]))

export type Row = { readonly sheet: string; readonly answer: Answer }

export function createConversation(questionnaire: Questionnaire) {
  let session: Session = {
    person: 'p3k9m2x7qa',
    language: 'zh-CN',
    sheet: null,
    view: { at: 'welcome' },
    card: null,
    seen: { order: 0, at: 0 },
  }
  let events: readonly Event[] = []
  let sheets = 0
  const rows: Row[] = []
  const saved = (question: string): Answer | undefined =>
    rows.findLast((row) => row.sheet === session.sheet?.id && row.answer.question === question)?.answer

  /** Takes one input; returns what the transition said. */
  function take(input: Input): readonly Event[] {
    const concerned = concerns(session, input)
    const context: Context = {
      questionnaire,
      rubricHash: 'f'.repeat(64),
      saved: concerned === undefined ? undefined : saved(concerned),
      labels: () => LABELS,
      condition: CONDITION,
      newSheet: () => `sheet${String(sheets + 1).padStart(3, '0')}`,
    }
    const step = transition(context, session, input)
    events = step.events
    for (const event of events) {
      if (event.type === 'sheet_started') sheets += 1
      if (event.type === 'answer_recorded') rows.push({ sheet: event.sheet, answer: event.answer })
    }
    // Every session goes through its text form, as it does between two inputs.
    session = decodeSession(encodeSession(step.session))!
    return events
  }

  return {
    take,
    press: (action: Action) => take({ kind: 'press', action }),
    /** A tap on an answer as the card shows it now, or as an older card showed it. */
    tap: (question: string, value: string, revision = saved(question)?.revision ?? 0) =>
      take({ kind: 'press', action: { do: 'answer', sheet: session.sheet!.id, question, revision, value } }),
    on: (verb: 'open' | 'skip' | 'previous' | 'forward' | 'explain' | 'note' | 'evidence', question: string) =>
      take({ kind: 'press', action: { do: verb, sheet: session.sheet!.id, question } }),
    sheet: (verb: 'contents' | 'pause' | 'resume' | 'submit' | 'submit_confirmed' | 'restart' | 'restart_confirmed') =>
      take({ kind: 'press', action: { do: verb, sheet: session.sheet!.id } }),
    away: (verb: 'not_applicable' | 'use_condition', question: string, revision = saved(question)?.revision ?? 0) =>
      take({ kind: 'press', action: { do: verb, sheet: session.sheet!.id, question, revision } }),
    type: (text: string, late = false) => take({ kind: 'text', text, late, doubtful: false }),
    send: (ref: string, caption: string | null = null, late = false) =>
      take({ kind: 'media', evidence: { kind: 'photo', ref }, caption, late }),
    command: (command: Command) => take({ kind: 'command', command }),
    /** As after a restart: the place is lost, the ledger is there. */
    forget: (cursor: string) => {
      const answers: Answers = new Map(
        questionnaire.questions.flatMap(({ id }) => {
          const answer = saved(id)
          return answer ? [[id, answer]] : []
        }),
      )
      session = {
        ...session,
        view: { at: 'question' },
        sheet: session.sheet && { ...session.sheet, cursor, last: null, marks: marksOf(questionnaire, answers) },
      }
    },
    saved,
    rows,
    get session() {
      return session
    },
    get events() {
      return events
    },
    get at() {
      const { view, sheet } = session
      return `${view.at}${sheet ? ` ${sheet.cursor}` : ''}`
    },
    get said() {
      return events.map(({ type }) => type).join(' ')
    },
  }
}

export type Conversation = ReturnType<typeof createConversation>
