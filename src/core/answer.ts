/** One revision of one answer, as the ledger keeps it. Revisions are never changed; the newest one counts. */
import type { Value } from './answers/answer-type.js'

export type Evidence = {
  readonly kind: 'photo' | 'file' | 'location'
  /** Where the content is: a file id of the channel (`telegram:AgAC…`), a stored file (`file:3fb1…`), or `29.62,106.51`. */
  readonly ref: string
  readonly mime?: string
  readonly size?: number
  readonly name?: string
}

/**
 * The whole state of one question after this revision, for example
 * `{"question":"G6-01","revision":2,"value":"12","notApplicable":null,"note":null,"evidence":[],"raw":"十二项"}`.
 * Neither a value nor a reason for not applicable means that the question is still open (a note came first).
 */
export type Answer = {
  readonly question: string
  readonly revision: number
  readonly value: Value | null
  /** The reason why the indicator does not apply here; null where it does. */
  readonly notApplicable: string | null
  readonly note: string | null
  readonly evidence: readonly Evidence[]
  /** What was typed, word for word, where the value was typed. */
  readonly raw: string | null
}

/** Newest revision of every question that has any, by question id. */
export type Answers = ReadonlyMap<string, Answer>

export const isAnswered = (answer: Answer | undefined): boolean =>
  answer !== undefined && (answer.value !== null || answer.notApplicable !== null)

/** Whether two revisions say the same, whatever their number: then the second is no new answer. */
export function saysTheSame(a: Answer, b: Answer): boolean {
  return (
    a.value === b.value &&
    a.notApplicable === b.notApplicable &&
    a.note === b.note &&
    a.evidence.map(({ ref }) => ref).join('\n') === b.evidence.map(({ ref }) => ref).join('\n')
  )
}
