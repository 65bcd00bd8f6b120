/** Pressing 已阅 under a notice. It needs no session and no lease: it is one row, and stands wherever the living card is. */
import type { Desk } from './desk.js'
import { momentText } from './moments.js'
import { receiptRows } from './notice-card.js'
import type { Notice } from './notices.js'
import { pressed } from './pressed.js'
import type { Button, Inbound } from './speech.js'

/** What is said in answer, and the buttons that the message has from now on; null: those that it has. */
export type Receipt = { readonly toast: string; readonly rows: readonly (readonly Button[])[] | null }

/** Undefined where the input is no such press. Rejects with a `StoreFault` where it could not be noted. */
export async function acknowledge(desk: Desk, { content, address }: Inbound): Promise<Receipt | undefined> {
  const action = pressed(content)
  if (action?.do !== 'acknowledge') return undefined
  const { locales, notices, records, defaultLanguage } = desk
  const person = await records.person(address)
  const known = person && locales.languages.includes(person.language) ? person.language : defaultLanguage
  const say = locales.in(known)
  const notice = await notices.notice(action.notice)
  if (!person || !notice) return { toast: say('told.not_for_you'), rows: null }
  // A draft has no recipients; whoever writes it tries its button.
  if (notice.status === 'draft') return { toast: say('told.preview'), rows: null }
  const now = new Date(desk.now())
  const done = await notices.acknowledge(notice.id, person.id, now)
  if (done === 'none') return { toast: say('told.not_for_you'), rows: null }
  if (done === 'unsent') return { toast: say('told.preview'), rows: null }
  // That it was read stays true; the message loses its button or has lost it.
  if (notice.withdrawnAt !== null) return { toast: say('told.withdrawn'), rows: null }
  const at = done === 'noted' ? now : ((await notices.standing(notice.id, person.id))?.acknowledgedAt ?? now)
  const toast = done === 'noted' ? say('told.noted') : say('told.noted_before', { when: whenText(notice, at, known) })
  return { toast, rows: receiptRows(say, notice, known, at) }
}

const whenText = ({ timeZone }: Notice, at: Date, language: string): string =>
  momentText(at.getTime(), timeZone, language)
