/** Two people meant different answers to one question of a shared sheet: noted, and told to the one whose answer stands and to the heads. */
import { isAnswered } from '../core/answer.js'
import type { Input } from '../core/input.js'
import type { Session } from '../core/session.js'
import type { Step } from '../core/step.js'
import type { Desk } from './desk.js'
import type { Clash, Standing } from './rounds.js'
import { tell } from './tell.js'

/** How a clash writes "not applicable" where a value would stand. */
export const NOT_APPLICABLE = 'n/a'

type Found = { readonly clash: Clash; readonly standing: Standing } | undefined

/** The clash in an input whose button or words were meant for an older state; undefined where they agree or nobody else answered. */
export function clashBy(desk: Desk, session: Session, standing: Standing, input: Input, step: Step): Found {
  if (step.events.some(({ type }) => type === 'answer_recorded')) return undefined
  if (input.kind === 'press') {
    // Only where the card says so: the second half of a double tap, or a button of another or a closed sheet, meant nothing.
    if (!step.events.some(({ type }) => type === 'answer_stale')) return undefined
    const { action } = input
    const revision = 'revision' in action ? action.revision : undefined
    if (revision === undefined || !('question' in action)) return undefined
    const value = 'value' in action ? action.value : action.do === 'use_condition' ? NOT_APPLICABLE : undefined
    const stands = standing.answers.get(action.question)
    return value !== undefined && stands && stands.revision > revision
      ? between(desk, session, standing, action.question, value)
      : undefined
  }
  const { view, sheet } = step.session
  const typed = input.kind === 'text' && view.at === 'typed' && sheet
  return typed ? between(desk, session, standing, sheet.cursor, view.value) : undefined
}

/** The clash in an answer that lost a race at the ledger; `before` is how it stood when the answer was given. */
export function clashLost(
  desk: Desk,
  session: Session,
  standing: Standing,
  lost: Step,
  before: Standing | undefined,
): Found {
  const meant = lost.events.find((event) => event.type === 'answer_recorded')
  if (meant?.type !== 'answer_recorded' || !isAnswered(meant.answer)) return undefined
  const { question, value, notApplicable } = meant.answer
  const had = before?.answers.get(question)
  // A note or evidence carries the answer along that stood: nobody meant that by it.
  if (had && had.value === value && had.notApplicable === notApplicable) return undefined
  return between(desk, session, standing, question, value ?? NOT_APPLICABLE)
}

function between(desk: Desk, session: Session, standing: Standing, question: string, value: string): Found {
  const stands = standing.answers.get(question)
  if (!stands || !isAnswered(stands) || stands.person === session.person) return undefined
  const standsValue = stands.value ?? NOT_APPLICABLE
  if (standsValue === value) return undefined
  const clash: Clash = {
    sheet: standing.sheet.id,
    question,
    revision: stands.revision,
    person: session.person,
    value,
    standsPerson: stands.person,
    standsValue,
    at: new Date(desk.now()),
  }
  return { clash, standing }
}

/** Notes a clash and puts the messages about it in line; the later one sees it on the card in hand. */
export async function tellOfClash(desk: Desk, found: Found): Promise<void> {
  if (!found) return
  const { clash, standing } = found
  // Told also where it was noted before: perhaps by an input that died right here. Nobody is told the same twice.
  await desk.work.noteClash(clash)
  const { assessment } = standing
  const heads = (await desk.members.membersOf(assessment.community.id)).filter(({ role }) => role === 'head')
  const people = new Set([clash.standsPerson, ...heads.map(({ person }) => person)])
  people.delete(clash.person)
  people.delete('')
  const { sheet, question, revision } = clash
  await tell(
    desk,
    [...people].map((person) => ({
      key: `clash:${sheet}:${question}:${revision}:${clash.person}:${person}`,
      person,
      telling: { type: 'clash', assessment: assessment.id, clash } as const,
    })),
  )
}
