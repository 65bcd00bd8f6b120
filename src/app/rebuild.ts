/** A session made anew from the database: for newcomers, after Redis was lost, and where the ledger knows more than a session. */
import { type Answers, isAnswered } from '../core/answer.js'
import { advance } from '../core/moves.js'
import type { Questionnaire } from '../core/questionnaire.js'
import { marksOf, type Session, type SheetPlace } from '../core/session.js'
import type { Desk } from './desk.js'
import type { Address, LedgerRow, Person, Sheet } from './ports.js'
import type { Inbound } from './speech.js'

/** How far back inputs count as claimed; as long as the claims in Redis live. */
const CLAIMS_MS = 24 * 60 * 60 * 1000

/**
 * How long a process that had the person in hand when Redis lost everything, or when it died, may still show what it was about to: as long as it
 * waits for the Bot API, and a little until it has its connection to Redis back and hears that it holds them no more.
 */
const SETTLES_WITHIN_S = 20

export type Rebuilt = {
  readonly session: Session
  /** Ids of recent inputs that the ledger knows, so that a redelivery is still known for what it is. */
  readonly inputs: readonly string[]
}

/** The session of an address; the person is enrolled where nobody is known there. */
export async function rebuildSession(desk: Desk, inbound: Inbound): Promise<Rebuilt> {
  const { records, ledger, members } = desk
  const person = (await records.person(inbound.address)) ?? (await enrol(desk, inbound))
  const base: Session = {
    person: person.id,
    language: person.language,
    sheet: null,
    view: { at: 'welcome' },
    card: null,
    seen: { order: 0, at: 0 },
  }
  // Members have several places to be; they choose on the first card, or by the card that they press.
  if ((await members.memberships(person.id)).length > 0)
    return { session: { ...base, view: { at: 'page', page: 'home', args: [] } }, inputs: [] }
  const sheet = await records.currentSheet(person.id)
  const book = sheet && (await desk.books.of(sheet.rubric))
  if (!sheet || !book || sheet.status === 'discarded') return { session: base, inputs: [] }
  const history = await ledger.history(sheet.id)
  const place = placeFrom(book.questionnaire, sheet, history)
  const since = desk.now() - CLAIMS_MS
  const channel = channelOf(inbound.address)
  const inputs = history.filter((row) => row.channel === channel && row.at.getTime() >= since).map((row) => row.input)
  // Nothing typed may be taken for an answer now: nobody knows which question its writer had before their eyes.
  const untouched = history.length === 0
  const there = { ...base, sheet: place, unseen: true } as const
  if (untouched) return { session: { ...there, view: { at: 'question' } }, inputs }
  return { session: { ...unsettled(there, desk.now()), view: { at: 'resume' } }, inputs }
}

/** From now on, and for as long as another process may show something else, what is typed is asked about. */
export const unsettled = <S extends { readonly unsettled?: number }>(session: S, now: number): S => ({
  ...session,
  unsettled: Math.ceil(now / 1000) + SETTLES_WITHIN_S,
})

/**
 * A session that may be older than what its person has answered, since whoever had that in hand died before it was saved: then they are
 * where their newest answer leads on to, and nobody knows whether they have seen that. Unchanged where the ledger knows no more.
 */
export async function catchUp({ books, ledger }: Desk, session: Session, address: Address): Promise<Rebuilt> {
  const { sheet, person } = session
  const questionnaire = sheet && (await books.of(sheet.rubric))?.questionnaire
  if (!sheet || !questionnaire) return { session, inputs: [] }
  const markOf = (question: string) => sheet.marks[questionnaire.byId.get(question)?.index ?? -1]
  const history = await ledger.history(sheet.id)
  const news = history.filter((row) => row.person === person && row.revision > (markOf(row.question)?.revision ?? 0))
  const inputs = news.filter((row) => row.channel === channelOf(address)).map(({ input }) => input)
  if (news.length === 0) return { session, inputs }
  // What is as it was may be open for a reason that no row tells: it was sent back.
  const marks = marksOf(questionnaire, answersOf(history)).map((mark, index) =>
    mark.revision === sheet.marks[index]!.revision ? sheet.marks[index]! : mark,
  )
  const fresh = { ...session, sheet: { ...sheet, marks } }
  const newest = news.findLast((row) => markOf(row.question) && isAnswered(row) && answersAnew(row, history))
  if (!newest) return { session: fresh, inputs }
  const { question, value } = newest
  const last = value === null ? null : { question, value }
  const there = { ...fresh, unseen: true, sheet: { ...fresh.sheet, cursor: question, last } } as const
  return { session: advance(questionnaire, there, markOf(question)!.state === 'open'), inputs }
}

/** Notes and evidence are revisions too, and lead nowhere. */
function answersAnew(row: LedgerRow, history: readonly LedgerRow[]): boolean {
  const before = history.find(({ question, revision }) => question === row.question && revision === row.revision - 1)
  return before?.value !== row.value || before.notApplicable !== row.notApplicable
}

const answersOf = (history: readonly LedgerRow[]): Answers => new Map(history.map((row) => [row.question, row]))

const channelOf = (address: Address): string => address.split(':')[0]!

function enrol({ records, newPersonId, defaultLanguage }: Desk, { address }: Inbound): Promise<Person> {
  return records.enrol(address, { id: newPersonId(), language: defaultLanguage })
}

/** The place on a sheet that its history implies: after the furthest answer, or at what is open. */
export function placeFrom(questionnaire: Questionnaire, sheet: Sheet, history: readonly LedgerRow[]): SheetPlace {
  const marks = marksOf(questionnaire, answersOf(history))
  const reach = marks.findLastIndex(({ revision }) => revision > 0) + 1
  const open = (from: number) =>
    questionnaire.questions.find(({ index }) => index >= from && marks[index]!.state === 'open')
  const cursor = open(reach) ?? open(0) ?? questionnaire.questions[0]!
  const newest = history.at(-1)
  return {
    id: sheet.id,
    rubric: sheet.rubric,
    status: sheet.status === 'submitted' ? 'submitted' : 'open',
    cursor: cursor.id,
    reach: Math.max(cursor.index, Math.min(reach, questionnaire.questions.length - 1)),
    marks,
    last:
      newest && isAnswered(newest) && newest.value !== null ? { question: newest.question, value: newest.value } : null,
  }
}
