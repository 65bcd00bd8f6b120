/**
 * The places that were left a moment ago. A card that is edited in place keeps its place in the chat, so nothing in the chat
 * itself tells whether words came before or after the edit; the channel's clock does, and whether the words would have
 * fitted what stood there before.
 */
import type { Session, View } from './session.js'

export type Left = {
  /** Null where nobody knows what stood there, so that any words may have been meant for it. */
  readonly question: string | null
  readonly at: View['at']
  /** When what came after it was shown, by the channel's clock, in seconds since 1970. */
  readonly until: number
  /** The words that led on from there; absent where a button did. */
  readonly by?: string
}

/**
 * Nobody reads a new question and answers it in words within less. The clock of Telegram counts whole seconds, so it is
 * between one and two that must have passed.
 */
export const READING_S = 2
/** A thumb does not get further in that time on cards that it has not seen. */
const MOST_LEFT = 3
/** Enough of somebody's words to know them again, and little in a session of 2 KB. */
const LONGEST_KEPT = 16

/** Where words or photos are taken. */
const TAKING: ReadonlySet<View['at']> = new Set([
  'question',
  'explain',
  'reopened',
  'typed',
  'reason',
  'note',
  'evidence',
])
const ASKING: ReadonlySet<View['at']> = new Set(['question', 'explain', 'reopened', 'typed'])

/** Telegram gives an update up after a day; an instant further away comes from a clock that says nothing. */
const PLAUSIBLE_S = 24 * 60 * 60

/** The channel's seconds where they can be true; `now` in seconds as well. */
export const plausible = (seconds: number | undefined, now: number): number | undefined =>
  seconds !== undefined && Math.abs(seconds - now) <= PLAUSIBLE_S ? seconds : undefined

/**
 * What led on from a place: words; a button of its own card, which shows that whatever was left earlier is behind the person;
 * an old button of another question's card; or a button that does not name its question.
 */
export type Lead = { readonly words: string } | 'own_button' | 'old_button' | 'button'

/** Whether what is written or sent there is taken. */
export const isTaking = ({ at }: View): boolean => TAKING.has(at)

/** Whether whatever is written or sent there is taken, since it need not fit a question. */
export const isPrompt = ({ at }: View): boolean => at === 'note' || at === 'reason' || at === 'evidence'

/** What was left lately, once `lead` has led on from `before`. */
export function afterLeaving(before: Session, lead: Lead, until: number): readonly Left[] {
  const { sheet, view } = before
  const recent = lead === 'own_button' ? [] : (before.left ?? []).filter((one) => until - one.until < READING_S)
  const add = (left: Omit<Left, 'at' | 'until'>) => [...recent, { at: view.at, until, ...left }].slice(-MOST_LEFT)
  // Whoever writes now had something else before their eyes.
  if (before.unseen || lead === 'old_button') return add({ question: null })
  if (sheet?.status !== 'open' || !isTaking(view)) return recent
  const question = sheet.cursor
  if (typeof lead === 'string') return add({ question })
  return [{ question, at: view.at, until, by: kept(lead.words) }]
}

/**
 * Whether words may have been meant for a place that was left just before they were sent. What would not have fitted there
 * was not meant for it. Where words led on, what stands below the new card was sent after it, so that then only the same words
 * once more are in doubt, as they are wherever they come twice in a moment. `fits`: whether the words answer a question.
 */
export function isForWhatWasLeft(
  session: Session,
  words: { readonly text: string; readonly sent: number | undefined },
  fits: (question: string) => boolean,
): boolean {
  if (isUnsettled(session, words.sent)) return true
  const text = kept(words.text)
  const { words: before } = session.seen
  if (words.sent !== undefined && before?.text === text && words.sent - before.sent < READING_S) return true
  // On their way for longer than the card has been there, whatever overtook them.
  if (words.sent !== undefined && session.shown !== undefined && words.sent < session.shown) return true
  return lately(session, words.sent).some((left) => {
    if (left.question === null) return true
    if (isSamePlace(session, left)) return false
    if (left.by !== undefined) return text === left.by
    if (left.at === 'reason' || left.at === 'note') return true
    return ASKING.has(left.at) && fits(left.question)
  })
}

/** The same for a photo or a file, which fits every question. */
export function isMediaForWhatWasLeft(session: Session, sent: number | undefined): boolean {
  if (isUnsettled(session, sent)) return true
  return lately(session, sent).some(({ question, by }) => by === undefined && question !== session.sheet?.cursor)
}

const isUnsettled = ({ unsettled }: Session, sent: number | undefined): boolean =>
  unsettled !== undefined && sent !== undefined && sent < unsettled

/** Words as they are remembered. */
export const kept = (words: string): string => words.trim().slice(0, LONGEST_KEPT)

function lately({ left = [] }: Session, sent: number | undefined): readonly Left[] {
  return sent === undefined ? [] : left.filter(({ until }) => sent < until + READING_S)
}

/** Whether the same is asked there as now. */
const isSamePlace = ({ sheet, view }: Session, { question, at }: Left): boolean =>
  question === sheet?.cursor && (at === view.at || (ASKING.has(at) && ASKING.has(view.at)))
