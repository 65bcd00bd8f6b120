/**
 * The place of one person in the conversation: sheet, question, card. It holds no answers, stays far under 2 KB, and can
 * be rebuilt from the ledger at any time; losing it costs nobody an answer.
 */
import type { Answers } from './answer.js'
import { isAnswered } from './answer.js'
import type { Left } from './left.js'
import type { Questionnaire } from './questionnaire.js'

/** What the card shows, beside the question that the cursor is on. */
export type View =
  | { at: 'welcome' }
  | { at: 'question' }
  /** A question opened by a tap on an old card: nothing typed is taken for it until the person has chosen to. */
  | { at: 'reopened' }
  | { at: 'typed'; value: string; raw: string }
  | { at: 'explain' }
  | { at: 'reason' }
  | { at: 'note' }
  | { at: 'evidence' }
  /** On a shared sheet: what of it is mine, and how far it is. */
  | { at: 'mine' }
  | { at: 'contents' }
  | { at: 'section'; section: string }
  | { at: 'resume' }
  | { at: 'restart' }
  | { at: 'paused' }
  | { at: 'result'; page: ResultPage }
  | { at: 'submit' }
  | { at: 'help' }
  | { at: 'language' }
  | { at: 'privacy' }
  | { at: 'erase' }
  /** A page of the office (app/office/): rounds, members, summaries. The core only remembers that it is there. */
  | { at: 'page'; page: string; args: readonly string[] }

/** Weak indicators take several pages when there are many. */
export const WEAK_PAGES = [
  'weak',
  'weak2',
  'weak3',
  'weak4',
  'weak5',
  'weak6',
  'weak7',
  'weak8',
  'weak9',
  'weak10',
  'weak11',
  'weak12',
  'weak13',
  'weak14',
  'weak15',
  'weak16',
] as const
export const RESULT_PAGES = ['total', 'path', ...WEAK_PAGES] as const
export type ResultPage = (typeof RESULT_PAGES)[number]

/** Whether a question is open, answered or not applicable, and its newest revision (0: none yet). */
export type Mark = { readonly state: 'open' | 'answered' | 'not_applicable'; readonly revision: number }

export type SheetPlace = {
  readonly id: string
  /** Content hash of the rubric that the sheet was started with. */
  readonly rubric: string
  /** `closed`: nobody has submitted it, but its round takes no answers now: not begun, over, or submitted without it. */
  readonly status: 'open' | 'submitted' | 'closed'
  /** The round's assessment that the sheet belongs to; absent on a practice sheet. */
  readonly assessment?: string
  /** Present on the one sheet that a community's people fill together: for each question whether it is this person's. */
  readonly mine?: readonly boolean[]
  /** The question that is being asked. */
  readonly cursor: string
  /** Furthest question shown so far, as an index: after a correction the person returns there. */
  readonly reach: number
  readonly marks: readonly Mark[]
  /** The newest answer of this session, so that a double tap is known for what it is. */
  readonly last: { readonly question: string; readonly value: string } | null
}

/** Words that somebody wrote, shortened, and when by the channel's clock, in seconds. */
export type Words = { readonly text: string; readonly sent: number }

export type Session = {
  readonly person: string
  readonly language: string
  readonly sheet: SheetPlace | null
  readonly view: View
  /** The channel's id of the living card; null until one was sent. */
  readonly card: string | null
  /** Present while nobody knows whether this question was ever shown: what is typed then must be confirmed. */
  readonly unseen?: true
  /**
   * Until then, by the channel's clock, in seconds, a process that had something in hand when the session was lost, or when it died itself, may still show it:
   * what is typed meanwhile must be confirmed. May be over.
   */
  readonly unsettled?: number
  /** Card id from which on the present question was shown, though the card may have moved down since. */
  readonly since?: number
  /** When the present question in its present view was shown, by the channel's clock, in seconds. */
  readonly shown?: number
  /** Places that were left a moment ago, the newest last. */
  readonly left?: readonly Left[]
  /** Order (the channel's own counter) and time of the newest input that was handled, to know late ones; and the newest words. */
  readonly seen: { readonly order: number; readonly at: number; readonly words?: Words }
}

/** The marks that a ledger implies. */
export function marksOf(questionnaire: Questionnaire, answers: Answers): Mark[] {
  return questionnaire.questions.map(({ id }) => {
    const answer = answers.get(id)
    if (!answer) return { state: 'open', revision: 0 }
    const state = !isAnswered(answer) ? 'open' : answer.notApplicable !== null ? 'not_applicable' : 'answered'
    return { state, revision: answer.revision }
  })
}
