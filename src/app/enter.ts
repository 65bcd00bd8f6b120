/** Coming to a sheet, and seeing it as it is now: who may, how far it is, whether its round is still open. */
import { may } from '../core/access.js'
import { dutiesOf } from '../core/duty.js'
import { atEnd } from '../core/moves.js'
import type { Questionnaire } from '../core/questionnaire.js'
import { phaseOf } from '../core/round.js'
import { type Mark, marksOf, type Session, type SheetPlace } from '../core/session.js'
import type { Desk } from './desk.js'
import type { Sheet } from './ports.js'
import { placeFrom } from './rebuild.js'
import type { Standing } from './rounds.js'

export type Entered =
  | { readonly kind: 'in'; readonly session: Session; readonly standing: Standing | undefined }
  /** Somebody else's, or no longer theirs. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'gone' }

/** Puts a person before a sheet: their own, or the shared one of a community where they answer. */
export async function enterSheet(desk: Desk, session: Session, id: string): Promise<Entered> {
  const sheet = await desk.records.sheet(id)
  if (!sheet || sheet.status === 'discarded') return { kind: 'gone' }
  const book = await desk.books.of(sheet.rubric)
  if (!book) return { kind: 'gone' }
  const standing = sheet.assessment === null ? undefined : await desk.work.standing(id, session.person)
  if (standing ? !mayAnswer(standing, session.person) : sheet.person !== session.person) return { kind: 'refused' }
  const place = placeFrom(book.questionnaire, sheet, standing && isShared(sheet) ? [] : await desk.ledger.history(id))
  const at = { ...session, sheet: place }
  return { kind: 'in', session: standing ? asItStands(desk, at, standing, book.questionnaire) : at, standing }
}

/** The session before a sheet that was begun already, as on coming back to it; undefined where it is gone or not theirs. */
export async function comeBackTo(desk: Desk, session: Session, id: string): Promise<Session | undefined> {
  const entered = await enterSheet(desk, session, id)
  if (entered.kind !== 'in') return undefined
  const untouched = entered.session.sheet!.marks.every(({ revision }) => revision === 0)
  return { ...entered.session, view: { at: untouched ? 'question' : 'resume' } as const }
}

/** Whether a person may answer on a round's sheet: by a role that they hold now, and on their own or the shared one. */
export function mayAnswer({ sheet, assessment, memberships }: Standing, person: string): boolean {
  return (sheet.person === null || sheet.person === person) && may(memberships, 'answer', assessment.community.id)
}

/**
 * What may be shown where nothing is done: a look, or an input that comes again. Whoever may no longer answer on a round's
 * sheet sees nothing of it, as if they had pressed something there.
 */
export async function lookAgain(
  desk: Desk,
  session: Session,
): Promise<{ readonly session: Session; readonly standing?: Standing }> {
  const { sheet, view } = session
  if (sheet?.assessment === undefined || view.at === 'page') return { session }
  const standing = await desk.work.standing(sheet.id, session.person)
  const book = await desk.books.of(sheet.rubric)
  if (standing && book && standing.sheet.status !== 'discarded' && mayAnswer(standing, session.person))
    return { session: asItStands(desk, session, standing, book.questionnaire), standing }
  return { session: { ...session, sheet: null, view: { at: 'page', page: 'home', args: [] } } }
}

export const isShared = (sheet: Sheet): boolean => sheet.assessment !== null && sheet.person === null

/** The session with the sheet as the database has it now: on a shared one also what others did, and what is mine. */
export function asItStands(desk: Desk, session: Session, standing: Standing, questionnaire: Questionnaire): Session {
  const place = session.sheet!
  const { sheet, assessment } = standing
  const open =
    sheet.status === 'open' && assessment.status === 'open' && phaseOf(assessment.round, desk.now()) === 'open'
  const done = sheet.status === 'submitted' || (isShared(sheet) && assessment.status === 'submitted')
  const status = open ? 'open' : done ? 'submitted' : 'closed'
  const known: SheetPlace = { ...place, status, assessment: assessment.id }
  if (!isShared(sheet)) return atRest({ ...session, sheet: known })
  const mine = dutiesOf(questionnaire, session.person, assessment.community.id, standing.memberships, standing.assigned)
  return atRest({ ...session, sheet: { ...known, mine, marks: marksNow(questionnaire, standing) } })
}

const ASKING: ReadonlySet<string> = new Set(['typed', 'reopened', 'reason', 'note', 'evidence'])

/** A sheet that takes no answers asks for nothing: a shared one is leafed through, one's own shows its result. */
function atRest(session: Session): Session {
  const { sheet, view } = session
  if (!sheet || sheet.status === 'open') return session
  if (ASKING.has(view.at)) return sheet.mine ? { ...session, view: { at: 'question' } } : atEnd(session)
  return !sheet.mine && (view.at === 'question' || view.at === 'explain') ? atEnd(session) : session
}

/** Marks of a shared sheet; an answer that was sent back is open again. */
export function marksNow(questionnaire: Questionnaire, { answers, sentBack }: Standing): Mark[] {
  return marksOf(questionnaire, answers).map((mark, i) =>
    mark.state !== 'open' && sentBack.has(questionnaire.questions[i]!.id) ? { ...mark, state: 'open' } : mark,
  )
}

/** The same session with marks and status as they are in the database now; without the sheet where it is gone. */
export async function refreshSheet(
  desk: Desk,
  session: Session,
): Promise<{ readonly session: Session; readonly standing: Standing | undefined }> {
  if (!session.sheet) return { session, standing: undefined }
  const { id, rubric, assessment } = session.sheet
  const gone = { session: { ...session, sheet: null, view: { at: 'welcome' } as const }, standing: undefined }
  const book = await desk.books.of(rubric)
  if (assessment !== undefined) {
    const standing = await desk.work.standing(id, session.person)
    if (!standing || !book || standing.sheet.status === 'discarded') return gone
    const own = isShared(standing.sheet) ? session : await withOwnMarks(desk, session, book.questionnaire)
    return { session: asItStands(desk, own, standing, book.questionnaire), standing }
  }
  const sheet = await desk.records.sheet(id)
  if (!sheet || !book || sheet.status === 'discarded') return gone
  const fresh = await withOwnMarks(desk, session, book.questionnaire)
  return { session: { ...fresh, sheet: { ...fresh.sheet!, status: sheet.status } }, standing: undefined }
}

async function withOwnMarks(desk: Desk, session: Session, questionnaire: Questionnaire): Promise<Session> {
  const marks = marksOf(questionnaire, await desk.ledger.answers(session.sheet!.id))
  return { ...session, sheet: { ...session.sheet!, marks } }
}
