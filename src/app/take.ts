/** One input → what comes of it: at the office, or on a sheet by one transition that is written down. */
import type { Action } from '../core/action.js'
import type { Event } from '../core/event.js'
import type { Input } from '../core/input.js'
import { atEnd, goTo, type Working } from '../core/moves.js'
import type { Session } from '../core/session.js'
import type { Context, Step } from '../core/step.js'
import { concerns, transition } from '../core/transition.js'
import { clashBy, clashLost, tellOfClash } from './clash.js'
import type { Desk } from './desk.js'
import { asItStands, comeBackTo, enterSheet, lookAgain, mayAnswer, refreshSheet } from './enter.js'
import { inputOf } from './input-of.js'
import { atOffice } from './office/office.js'
import { logRefusal, type Refusal } from './refusals.js'
import type { Standing } from './rounds.js'
import type { Card, File, Inbound, Picture } from './speech.js'
import { optionLabels } from './views/choices.js'
import { promptsOf, wordsOf } from './words.js'
import { writeEvents } from './write-events.js'

/** A step, and what else is to be said with it. */
export type Taken = Step & {
  /** A sentence in the person's language; stands for that of the events. */
  readonly notice?: string
  readonly file?: File
  readonly picture?: Picture
  readonly before?: readonly Card[]
  /** Why a press was refused; for the log. */
  readonly refused?: Refusal
  /** What was known of a round's sheet when the step was taken. */
  readonly standing?: Standing
}

export async function take(desk: Desk, before: Session, inbound: Inbound): Promise<Taken> {
  const taken = await comeOf(desk, before, inbound)
  const outdated = inbound.content.kind === 'press' && taken.events.some(({ type }) => type === 'button_outdated')
  const refused = taken.refused ?? (outdated ? 'outdated' : undefined)
  if (refused) logRefusal(desk, refused)
  return taken
}

async function comeOf(desk: Desk, before: Session, inbound: Inbound): Promise<Taken> {
  const input = await inputOf(desk, before, inbound)
  if (input === undefined) return { session: before, events: [{ type: 'button_outdated' }], refused: 'unreadable' }
  const office = await atOffice(desk, before, input, inbound)
  // Whatever the office says beside it, a sheet is shown as it is now, and only to whoever may still see it.
  if (office) return { ...office, ...(await lookAgain(desk, office.session)) }
  return atHome(desk, await onSheet(desk, before, input as Input, inbound))
}

/** Where the conversation has nothing in hand, members are at home; everybody else is welcomed. */
async function atHome(desk: Desk, taken: Taken): Promise<Taken> {
  const { session, events } = taken
  if (session.view.at !== 'welcome' || session.sheet || events.some(({ type }) => type === 'person_erased'))
    return taken
  const member = (await desk.members.memberships(session.person)).length > 0
  return member ? { ...taken, session: home(session) } : taken
}

/** A photo cannot contradict anybody: where another revision came first, it goes on top of that one. */
const MEDIA_ATTEMPTS = 5

async function onSheet(desk: Desk, before: Session, input: Input, inbound: Inbound, attempt = 0): Promise<Taken> {
  const there = await comeTo(desk, before, input)
  if (there === undefined) {
    return { session: before, events: [{ type: 'button_outdated' }], refused: 'foreign_sheet' }
  }
  const begins = input.kind === 'command' || (input.kind === 'press' && input.action.do === 'begin')
  // Their sheet is gone: what is no answer is taken from home, by the door.
  if (before.sheet && !there.session.sheet && begins) return comeOf(desk, there.session, inbound)
  const { standing } = there
  if (standing && !mayAnswer(standing, before.person)) {
    const away = home({ ...before, sheet: null })
    // A command is not about the sheet that is gone: it is carried out from home.
    if (input.kind === 'command') return comeOf(desk, away, inbound)
    return { session: away, events: [{ type: 'button_outdated' }], refused: 'not_allowed' }
  }
  const overtaken = await isOvertaken(desk, before, there.session)
  const asked = overtaken ? whenOvertaken(there.session, input) : undefined
  if (asked === 'said') return { ...stale(there.session), ...(standing ? { standing } : {}) }
  let session = asked ?? there.session
  let step = await stepOf(desk, session, input, inbound, standing)
  if (step.behind) {
    ;({ session } = await refreshSheet(desk, session))
    step = await stepOf(desk, session, input, inbound, undefined)
    if (step.behind) return { session, events: [{ type: 'button_outdated' }] }
  }
  const written = await writeEvents(desk, session, step.events, inbound)
  if (written.kind === 'other_sheet') return comeBack(desk, before, written.sheet)
  if (written.kind === 'clash')
    return input.kind === 'media' && standing && attempt < MEDIA_ATTEMPTS
      ? onSheet(desk, (await refreshSheet(desk, before)).session, input, inbound, attempt + 1)
      : afterLostRace(desk, session, step, written.question, standing)
  if (!standing) return step
  const typed = input.kind === 'text' && !overtaken
  if (!typed) await tellOfClash(desk, clashBy(desk, session, standing, input, step))
  return { ...step, standing: given(standing, step) }
}

/** Whoever finds their first question there has still to be welcomed. */
async function comeBack(desk: Desk, before: Session, sheet: string): Promise<Taken> {
  const session = (await comeBackTo(desk, before, sheet)) ?? before
  return { session, events: session.view.at === 'question' ? [{ type: 'sheet_started', sheet }] : [] }
}

/** What was sent back and is answered now no longer stands as sent back; a note or evidence beside it answers nothing. */
function given(standing: Standing, { events }: Step): Standing {
  const sentBack = new Map(standing.sentBack)
  for (const event of events) {
    if (event.type !== 'answer_recorded') continue
    const { question, value, notApplicable, note, evidence } = event.answer
    const had = standing.answers.get(question)
    const same = had?.value === value && had.notApplicable === notApplicable
    if (!same || (had.note === note && had.evidence.length === evidence.length)) sentBack.delete(question)
  }
  return { ...standing, sentBack }
}

/**
 * The sheet that an input is about, as it is now: the one that the person is on, or the one that a pressed button was drawn
 * for, if it is theirs as well. Undefined where that is somebody else's.
 */
async function comeTo(
  desk: Desk,
  session: Session,
  input: Input,
): Promise<{ session: Session; standing: Standing | undefined } | undefined> {
  const named = input.kind === 'press' ? sheetOf(input.action) : undefined
  if (named !== undefined && named !== session.sheet?.id) {
    const entered = await enterSheet(desk, session, named)
    if (entered.kind === 'refused') return undefined
    const open = entered.kind === 'in' && entered.session.sheet!.status === 'open'
    if (entered.kind === 'in' && (open || !session.sheet)) return entered
  }
  if (session.sheet?.assessment === undefined) return { session, standing: undefined }
  const standing = await desk.work.standing(session.sheet.id, session.person)
  const book = standing && (await desk.books.of(session.sheet.rubric))
  if (!standing || !book || standing.sheet.status === 'discarded')
    return { session: home({ ...session, sheet: null }), standing: undefined }
  return { session: asItStands(desk, session, standing, book.questionnaire), standing }
}

const sheetOf = (action: Action): string | undefined => ('sheet' in action ? action.sheet : undefined)

const home = (session: Session): Session => ({ ...session, view: { at: 'page', page: 'home', args: [] } })

/** Whether the question under the cursor was answered anew by somebody since its card was drawn. */
async function isOvertaken({ books }: Desk, before: Session, now: Session): Promise<boolean> {
  if (!now.sheet?.mine || before.sheet?.id !== now.sheet.id) return false
  const index = (await books.of(now.sheet.rubric))?.questionnaire.byId.get(now.sheet.cursor)?.index
  return index !== undefined && before.sheet.marks[index]?.revision !== now.sheet.marks[index]!.revision
}

/**
 * What is typed for a question whose answer has changed meanwhile: an answer must be confirmed beside the other's, and a
 * note or a reason is not taken, because its writer had not seen what it would stand beside.
 */
function whenOvertaken(session: Session, input: Input): Session | 'said' | undefined {
  if (input.kind !== 'text' || session.sheet?.status !== 'open') return undefined
  const { at } = session.view
  if (at === 'note' || at === 'reason') return 'said'
  return at === 'question' || at === 'explain' || at === 'typed' ? { ...session, view: { at: 'reopened' } } : undefined
}

function stale(session: Session): Step {
  const question = session.sheet!.cursor
  return { session: { ...session, view: { at: 'reopened' } }, events: [{ type: 'answer_stale', question }] }
}

/** The ledger did not take what was meant, because something newer stands there: that is shown, and noted where it differs. */
async function afterLostRace(
  desk: Desk,
  session: Session,
  lost: Step,
  id: string | null,
  before: Standing | undefined,
): Promise<Taken> {
  const fresh = await refreshSheet(desk, session)
  if (fresh.standing) await tellOfClash(desk, clashLost(desk, session, fresh.standing, lost, before))
  const truth = await showTruth(desk, fresh.session, id)
  return { ...truth, ...(fresh.standing ? { standing: fresh.standing } : {}) }
}

async function showTruth(desk: Desk, session: Session, id: string | null): Promise<Step> {
  const book = session.sheet && (await desk.books.of(session.sheet.rubric))
  const question = id === null ? undefined : book?.questionnaire.byId.get(id)
  if (session.sheet?.status !== 'open' || !question) {
    const over = session.sheet !== null && session.sheet.status !== 'open'
    const closed: Event = { type: over ? 'sheet_closed' : 'sheet_reloaded' }
    return { session: session.sheet ? atEnd(session) : { ...session, view: { at: 'welcome' } }, events: [closed] }
  }
  return {
    session: goTo(session as Working, question, { at: 'reopened' }),
    events: [{ type: 'answer_stale', question: question.id }],
  }
}

async function stepOf(
  desk: Desk,
  session: Session,
  input: Input,
  inbound: Inbound,
  standing: Standing | undefined,
): Promise<Step> {
  const { sheet } = session
  const book = (sheet && (await desk.books.of(sheet.rubric))) ?? desk.books.current
  const id = concerns(session, input)
  const question = id === undefined ? undefined : book.questionnaire.byId.get(id)
  const revision = question && sheet ? sheet.marks[question.index]!.revision : 0
  const prompts = promptsOf(book, session.language)
  // A fresh sheet is asked by the current rubric, whatever the one before was asked by.
  const starts = input.kind === 'press' && input.action.do === 'restart_confirmed'
  const asked = starts ? desk.books.current : book
  const known = standing && question ? standing.answers.get(question.id) : undefined
  const context: Context = {
    questionnaire: asked.questionnaire,
    rubricHash: asked.hash,
    saved: revision > 0 ? (known ?? (await desk.ledger.answer(sheet!.id, question!.id))) : undefined,
    labels: () => (question ? optionLabels(book, question, session.language) : new Map()),
    condition: question && wordsOf(prompts, question)?.not_applicable,
    newSheet: () => desk.sheetIdFor(inbound.address, inbound.id),
  }
  return transition(context, session, input)
}
