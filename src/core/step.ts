/** What a transition is given and gives back. */
import type { Answer } from './answer.js'
import type { Value } from './answers/answer-type.js'
import type { Event } from './event.js'
import type { Questionnaire } from './questionnaire.js'
import type { Session } from './session.js'

export type Context = {
  readonly questionnaire: Questionnaire
  /** Content hash of the questionnaire's rubric. */
  readonly rubricHash: string
  /** Newest revision of the question that the input is about (see `concerns`), where it has any. */
  readonly saved: Answer | undefined
  /** Words of the options of that question in the person's language. */
  readonly labels: () => ReadonlyMap<Value, string>
  /** The condition under which that question may be not applicable, in the person's language. */
  readonly condition: string | undefined
  /** Id for a sheet, should one be started. */
  readonly newSheet: () => string
}

export type Step = {
  readonly session: Session
  readonly events: readonly Event[]
  /** The session does not fit the input: the ledger knows more. The shell rebuilds the session and tries once more. */
  readonly behind?: true
}
