/** A step of the conversation → what is said: the card as it is now, and rarely something beside it. */
import type { Book } from '../content/book.js'
import { isAnswered } from '../core/answer.js'
import type { Event } from '../core/event.js'
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import { isShared } from './enter.js'
import { clockText } from './moments.js'
import { myDataFile } from './my-data.js'
import { pageCard } from './office/office.js'
import { bold } from './rich.js'
import type { Standing } from './rounds.js'
import type { Card, Inbound, Speech } from './speech.js'
import type { Taken } from './take.js'
import type { Waiting } from './tell.js'
import { noticeOf } from './views/notice.js'
import { welcomeCard } from './views/plain-cards.js'
import { renderCard } from './views/render.js'
import type { Loaded, Scene } from './views/view.js'

/** Views that show the saved answer of the question under the cursor. */
const SHOW_SAVED: ReadonlySet<string> = new Set(['question', 'reopened', 'typed', 'note', 'evidence'])

export async function speechOf(
  desk: Desk,
  before: Session,
  session: Session,
  taken: Taken,
  inbound: Inbound,
  waiting: readonly Waiting[],
): Promise<Speech> {
  const { locales } = desk
  const { events } = taken
  const language = locales.languages.includes(session.language) ? session.language : desk.defaultLanguage
  const say = locales.in(language)
  const book = (session.sheet && (await desk.books.of(session.sheet.rubric))) ?? desk.books.current
  const loaded = await load(desk, book, session, taken)
  const silent = { session, book, say, language, languages: locales.languages, loaded }
  const asked = events.some(({ type }) => type === 'data_requested')
  const file = asked ? await myDataFile(desk, session.person, session.language) : taken.file
  const erased = events.some(({ type }) => type === 'person_erased')
  const told = erased ? say('notice.erased') : asked ? say('notice.data_sent') : noticeOf(silent, events)
  const scene: Scene = { notice: taken.notice ?? told, ...silent }
  const { content } = inbound
  const greets = content.kind === 'command' && content.name === 'start' && started(events)
  const oldCard = content.kind === 'press' && before.card !== null && Number(content.card) < Number(before.card)
  const first = [
    ...waiting.flatMap(({ told }) => (typeof told === 'string' ? [] : [told])),
    ...(taken.before ?? []),
    ...(greets ? [welcomeCard({ ...scene, notice: null })] : []),
  ]
  const beside = first.length > 0 || taken.picture !== undefined
  return {
    ...(first.length > 0 ? { before: first } : {}),
    ...(taken.picture ? { picture: taken.picture } : {}),
    ...(file ? { file } : {}),
    ...(scene.notice === null ? {} : { told: scene.notice }),
    card: session.view.at === 'page' ? noted(await pageCard(desk, session, inbound), scene.notice) : renderCard(scene),
    move: beside || moves(session, inbound),
    toast: oldCard ? say('notice.old_card') : null,
    // What is told here stands on no later card, and words must not vanish in silence.
    ...(content.kind !== 'press' || scene.notice !== null || erased ? { overtaken: mustBeDrawn } : {}),
  }
}

export const mustBeDrawn = (): boolean => false

const started = (events: readonly Event[]): boolean => events.some(({ type }) => type === 'sheet_started')

const noted = (card: Card, notice: string | null): Card =>
  notice === null ? card : { ...card, text: [bold(notice), { text: '\n\n' }, ...card.text] }

/** The card moves down when something stands below it; where the channel knows no places, when something was sent. */
function moves(session: Session, { position, content }: Inbound): boolean {
  if (content.kind === 'press' || content.kind === 'look') return false
  return position === null || session.card === null || position > Number(session.card)
}

/** What the view needs from the database; nothing for the usual next question, which has no answer yet. */
async function load(desk: Desk, book: Book, session: Session, taken: Taken): Promise<Loaded> {
  const { sheet, view } = session
  if (view.at === 'privacy') return { member: (await desk.members.memberships(session.person)).length > 0 }
  if (!sheet || view.at === 'page') return {}
  if (view.at === 'result') return { answers: await desk.ledger.answers(sheet.id) }
  const standing = sheet.mine
    ? taken.standing?.sheet.id === sheet.id
      ? taken.standing
      : await desk.work.standing(sheet.id, session.person)
    : undefined
  const known = standing ? { standing, now: desk.now() } : {}
  if (!SHOW_SAVED.has(view.at)) return known
  const recorded = taken.events.findLast(
    (event) => event.type === 'answer_recorded' && event.answer.question === sheet.cursor,
  )
  if (recorded?.type === 'answer_recorded') return { ...known, saved: recorded.answer }
  const question = book.questionnaire.byId.get(sheet.cursor)
  if (!question || sheet.marks[question.index]!.revision === 0) return known
  const saved = standing?.answers.get(question.id) ?? (await desk.ledger.answer(sheet.id, question.id))
  const worth = saved && (isAnswered(saved) || saved.note !== null || saved.evidence.length > 0)
  return worth ? { ...known, saved, ...authorOf(desk, standing, session, question.id, book) } : known
}

/** Who else gave an answer of a shared sheet, and when; under the post's name once they are gone. */
function authorOf(
  desk: Desk,
  standing: Standing | undefined,
  session: Session,
  id: string,
  book: Book,
): Pick<Loaded, 'author'> {
  const answer = standing && isShared(standing.sheet) ? standing.answers.get(id) : undefined
  if (!answer || !standing || answer.person === session.person) return {}
  const question = book.questionnaire.byId.get(id)
  const post = question && 'indicator' in question ? question.indicator.post : ''
  const name = standing.names.get(answer.person) ?? (post || desk.locales.in(session.language)('office.somebody'))
  return { author: { name, time: clockText(answer.at.getTime(), standing.assessment.community.timeZone) } }
}
