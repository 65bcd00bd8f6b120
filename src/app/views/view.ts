/** What every view is given: the session, the rubric's words, the bot's words, and what was loaded for it. */
import type { Book } from '../../content/book.js'
import type { Action } from '../../core/action.js'
import { encodeAction } from '../../core/action.js'
import type { Answer, Answers } from '../../core/answer.js'
import type { Question } from '../../core/questionnaire.js'
import type { Session, SheetPlace } from '../../core/session.js'
import type { Standing } from '../rounds.js'
import type { Button } from '../speech.js'
import type { Say } from '../words.js'

export type Loaded = {
  /** Newest revision of the question under the cursor, where it has one. */
  readonly saved?: Answer
  /** All answers of the sheet; there for the result. */
  readonly answers?: Answers
  /** On a sheet of a round: the round, who answered what, what came back. */
  readonly standing?: Standing
  /** Who gave `saved` and when, where that was somebody else of the community. */
  readonly author?: { readonly name: string; readonly time: string }
  /** Milliseconds since 1970; there where a view speaks of whether something has begun. */
  readonly now?: number
  /** Whether the person holds a role somewhere. */
  readonly member?: boolean
}

export type Scene = {
  readonly session: Session
  readonly book: Book
  readonly say: Say
  readonly language: string
  readonly languages: readonly string[]
  readonly loaded: Loaded
  /** One sentence about what was just done or refused; it stands first on the card. */
  readonly notice: string | null
}

export type SheetScene = Scene & { readonly sheet: SheetPlace; readonly question: Question }

/** A button to a page of the office. */
export const pageLink = (label: string, page: string, ...args: readonly string[]): Button =>
  button(label, { do: 'page', name: page, args })

export const button = (label: string, action: Action): Button => ({ label, data: encodeAction(action) })
