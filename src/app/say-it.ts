/** A step of the conversation → what is said: the card as it is now, and rarely something beside it. */
import type { Book } from '../content/book.js'
import { isAnswered } from '../core/answer.js'
import type { Event } from '../core/event.js'
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import type { File, Inbound, Speech } from './speech.js'
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
  events: readonly Event[],
  inbound: Inbound,
  file: File | undefined,
): Promise<Speech> {
  const { locales } = desk
  const language = locales.languages.includes(session.language) ? session.language : desk.defaultLanguage
  const say = locales.in(language)
  const book = (session.sheet && (await desk.books.of(session.sheet.rubric))) ?? desk.books.current
  const loaded = await load(desk, book, session, events)
  const silent = { session, book, say, language, languages: locales.languages, loaded }
  const erased = events.some(({ type }) => type === 'person_erased')
  const notice = erased ? say('notice.erased') : file ? say('notice.data_sent') : noticeOf(silent, events)
  const scene: Scene = { ...silent, notice }
  const greets = inbound.content.kind === 'command' && inbound.content.name === 'start' && started(events)
  const { content } = inbound
  const oldCard = content.kind === 'press' && before.card !== null && Number(content.card) < Number(before.card)
  return {
    ...(greets ? { before: [welcomeCard({ ...scene, notice: null })] } : {}),
    ...(file ? { file } : {}),
    card: renderCard(scene),
    move: moves(session, inbound),
    toast: oldCard ? say('notice.old_card') : null,
  }
}

const started = (events: readonly Event[]): boolean => events.some(({ type }) => type === 'sheet_started')

/** The card moves down when something stands below it; where the channel knows no places, when something was sent. */
function moves(session: Session, { position, content }: Inbound): boolean {
  if (content.kind === 'press' || content.kind === 'look') return false
  return position === null || session.card === null || position > Number(session.card)
}

/** What the view needs from the ledger; nothing for the usual next question, which has no answer yet. */
async function load({ ledger }: Desk, book: Book, session: Session, events: readonly Event[]): Promise<Loaded> {
  const { sheet, view } = session
  if (!sheet) return {}
  if (view.at === 'result') return { answers: await ledger.answers(sheet.id) }
  if (!SHOW_SAVED.has(view.at)) return {}
  const recorded = events.findLast(
    (event) => event.type === 'answer_recorded' && event.answer.question === sheet.cursor,
  )
  if (recorded?.type === 'answer_recorded') return { saved: recorded.answer }
  const question = book.questionnaire.byId.get(sheet.cursor)
  if (!question || sheet.marks[question.index]!.revision === 0) return {}
  const saved = await ledger.answer(sheet.id, question.id)
  return saved && (isAnswered(saved) || saved.note !== null || saved.evidence.length > 0) ? { saved } : {}
}
