/** What a person has before their eyes after an input, since when, and what was there a moment before. */
import { isLate } from '../core/input.js'
import { afterLeaving, isPrompt, isTaking, type Lead, type Left, plausible } from '../core/left.js'
import type { Session, View } from '../core/session.js'
import { pressed } from './pressed.js'
import type { Inbound, Spoken } from './speech.js'

/**
 * Whether the card asks the same question in the same view, and on a shared sheet others have done nothing to it; only where this
 * changes can a typed answer be meant for something else than what is seen.
 */
export function asksTheSame(before: Session, after: Session): boolean {
  if (before.sheet?.id !== after.sheet?.id || before.sheet?.cursor !== after.sheet?.cursor) return false
  return othersOf(before) === othersOf(after) && isSameView(before.view, after.view)
}

const othersOf = ({ sheet }: Session): number | null =>
  sheet?.mine ? sheet.marks.reduce((sum, { revision }) => sum + revision, 0) : null

const isSameView = (a: View, b: View): boolean =>
  a.at === 'page' ? b.at === 'page' && a.page === b.page && a.args.join(' ') === b.args.join(' ') : a.at === b.at

/** Where the card moved on: when, and what was left. Where the channel tells no time, by our clock. */
export function movedOn(before: Session, after: Session, inbound: Inbound, { at }: Spoken, now: number) {
  const seconds = now / 1000
  const told = plausible(at, seconds)
  return {
    shown: told ?? Math.floor(seconds),
    // Rather too late than too early.
    left: leftBy(before, after, inbound, told ?? Math.ceil(seconds), now),
  }
}

function leftBy(before: Session, after: Session, inbound: Inbound, until: number, now: number): readonly Left[] {
  const { content } = inbound
  // Until now something older stood there, whatever has led here.
  if (before.unseen) return afterLeaving(before, 'button', until)
  switch (content.kind) {
    case 'press':
      return afterLeaving(
        before,
        isUnforeseen(before, after, inbound, now) ? 'old_button' : leadOf(before, content),
        until,
      )
    case 'text':
      // Words that are asked about have led nowhere yet.
      if (after.view.at === 'typed') return before.left ?? []
      return afterLeaving(before, { words: content.text }, until)
    case 'command':
    case 'media':
    case 'unsupported':
    case 'look':
      // The card stands below these now, so that the chat itself tells what came before it.
      return before.left ?? []
  }
}

/** A press that comes again so much later is a new one. */
const BROUGHT_AGAIN_S = 10

/**
 * A press that may have come to its effect when its person was somewhere else already: a later input overtook it, or it leads back to
 * a prompt for a note, a reason or a photo that they have only just left, as the network does that brings a press again as a new one.
 */
function isUnforeseen(before: Session, after: Session, { order }: Inbound, now: number): boolean {
  if (isLate(before, { order, position: null }, now)) return true
  const cursor = after.sheet?.cursor
  const isBack = ({ question, at, until }: Left) =>
    question === cursor && at === after.view.at && now / 1000 - until < BROUGHT_AGAIN_S
  return isPrompt(after.view) && (before.left ?? []).some(isBack)
}

function leadOf({ sheet, view }: Session, content: Inbound['content']): Lead {
  const action = pressed(content)
  if (!action || !('question' in action)) return 'button'
  // A list of questions opens them; on no other card without a question do buttons name one.
  if (!isTaking(view)) return action.do === 'open' ? 'button' : 'old_button'
  return action.question === sheet?.cursor ? 'own_button' : 'old_button'
}

/** The session once the card was spoken: what the person has before their eyes, and since when. `on`: null where the place is the same. */
export function spokenSession(
  after: Session,
  { card, shown: wasShown }: Spoken,
  on: ReturnType<typeof movedOn> | null,
): Session {
  const moved = on !== null
  const place = moved || after.since === undefined ? (card === null ? undefined : Number(card)) : after.since
  const since = wasShown ? place : after.since
  const doubtful = moved ? !wasShown : after.unseen === true
  const { person, language, sheet, view, seen, unsettled } = after
  const { shown, left } = on ?? after
  return {
    person,
    language,
    sheet,
    view,
    card,
    seen,
    ...(since === undefined ? {} : { since }),
    ...(doubtful ? { unseen: true as const } : {}),
    ...(unsettled !== undefined && seen.at / 1000 < unsettled ? { unsettled } : {}),
    ...(shown === undefined ? {} : { shown }),
    ...(left === undefined ? {} : { left }),
  }
}

export const cardPressed = ({ content }: Inbound): string | null => (content.kind === 'press' ? content.card : null)

/** The session on the card that was pressed, where that is newer: one sent just before a crash, or by a process that lost the lease. */
export function adoptCard(session: Session, card: string | null): Session {
  if (card === null) return session
  const newer = session.card === null || Number(card) > Number(session.card)
  return newer ? { ...session, card } : session
}
