/** Events → database. Everything here is safe to repeat, because a crash right after it leads to a redelivery. */
import type { Event } from '../core/event.js'
import { gradeOf } from '../core/grade.js'
import { scoreSheet } from '../core/score.js'
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import type { Appended } from './ports.js'
import type { Inbound } from './speech.js'

/** `clash`: the ledger did not take it, because it holds something newer; the session must be refreshed. */
export type Written =
  | { readonly kind: 'done' }
  | { readonly kind: 'clash'; readonly question: string | null }
  /** `other_sheet`: a sheet was to be begun, but another input, or this one before, had begun one; the person belongs there. */
  | { readonly kind: 'other_sheet'; readonly sheet: string }

/** Writes the events of one step; resolves once they are durable. */
export async function writeEvents(
  desk: Desk,
  session: Session,
  events: readonly Event[],
  inbound: Inbound,
): Promise<Written> {
  const at = new Date(desk.now())
  let discard: string | null = null
  for (const event of events) {
    switch (event.type) {
      case 'answer_recorded': {
        const channel = inbound.address.split(':')[0]!
        // Not by a spread: behind one, V8 of Node 20 takes a microsecond for each new property.
        const { question, revision, value, notApplicable, note, evidence, raw } = event.answer
        const appended = await desk.ledger.append({
          sheet: event.sheet,
          question,
          revision,
          value,
          notApplicable,
          note,
          evidence,
          raw,
          person: session.person,
          channel,
          input: inbound.id,
          at,
        })
        if (appended === 'conflict' || appended === 'closed' || isSurprise(appended, session, inbound))
          return { kind: 'clash', question }
        if (session.sheet?.assessment) desk.renewal.touched(session.sheet.assessment)
        break
      }
      case 'sheet_discarded':
        discard = event.sheet
        break
      case 'sheet_started': {
        const { id, begun } = await desk.records.startSheet(
          {
            id: event.sheet,
            person: session.person,
            assessment: null,
            rubric: desk.books.current.hash,
            at,
          },
          discard,
        )
        if (!begun) return { kind: 'other_sheet', sheet: id }
        break
      }
      case 'sheet_submitted':
        if (!(await isComplete(desk, session)) || !(await desk.records.submitSheet(event.sheet, at)))
          return { kind: 'clash', question: null }
        if (session.sheet?.assessment) desk.renewal.touched(session.sheet.assessment)
        break
      case 'language_changed':
        await desk.records.setLanguage(session.person, event.language)
        break
      case 'person_erased':
        await desk.records.erase(session.person)
        break
      default:
        break // notices and requests change nothing that is kept
    }
  }
  return { kind: 'done' }
}

/**
 * Words that find their very answer there, on a sheet that nobody else fills: the session had not heard of it, because a process died
 * before it was saved. Perhaps the writer saw the next question already, and meant that one.
 */
const isSurprise = (appended: Appended, { sheet }: Session, { content }: Inbound): boolean =>
  appended === 'agreed' && content.kind === 'text' && !sheet?.mine

/** The ledger, not the session, says whether a sheet may be submitted. */
async function isComplete(desk: Desk, session: Session): Promise<boolean> {
  const { sheet } = session
  const book = sheet && (await desk.books.of(sheet.rubric))
  if (!sheet || !book) return false
  const score = scoreSheet(book.questionnaire, await desk.ledger.answers(sheet.id))
  return gradeOf(book.rubric, score).kind !== 'open'
}
