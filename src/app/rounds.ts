/** Ports for rounds and what belongs to them: assessments, shared and individual sheets, who answers what, results. */
import type { Answer } from '../core/answer.js'
import type { Result } from '../core/result.js'
import type { RoundMode, RoundStatus } from '../core/round.js'
import type { Change, Community, Membership, Page, Slice } from './district.js'
import type { Sheet } from './ports.js'

export type Round = {
  readonly id: string
  readonly name: string
  /** Content hash of the rubric. */
  readonly rubric: string
  readonly mode: RoundMode
  readonly status: RoundStatus
  readonly opensAt: Date
  readonly deadline: Date
  readonly timeZone: string
  readonly createdAt: Date
  /** Median total of the submitted assessments, six decimals; null where none is. */
  readonly median: string | null
  readonly submitted: number
}
export type RoundFields = Pick<Round, 'name' | 'rubric' | 'mode' | 'opensAt' | 'deadline' | 'timeZone'>

/** Round × community. */
export type Assessment = {
  readonly id: string
  readonly round: Round
  readonly community: Community
  readonly status: 'open' | 'submitted'
  readonly submittedAt: Date | null
  readonly submittedBy: string | null
}

/**
 * The newest revision of an answer, and who gave the answer and when: `person` and `at` are of the newest revision that
 * gave one (a value or a reason for not applicable, another one or the same confirmed). A note or evidence that came later,
 * from whomever, changes neither; where nothing but those is there, they are of the newest revision. Person '' once gone.
 */
export type SignedAnswer = Answer & { readonly person: string; readonly at: Date }
export type SignedAnswers = ReadonlyMap<string, SignedAnswer>

export type SentBack = {
  readonly question: string
  readonly revision: number
  readonly comment: string
  readonly at: Date
}

export type Clash = {
  readonly sheet: string
  readonly question: string
  /** Revision that stood when the later one came. */
  readonly revision: number
  readonly person: string
  /** What the later one meant; `n/a` for not applicable. */
  readonly value: string
  readonly standsPerson: string
  readonly standsValue: string
  readonly at: Date
}

/** All that one input on a round's sheet depends on, as it is now. */
export type Standing = {
  readonly sheet: Sheet
  readonly assessment: Assessment
  /** Roles that the person holds now. */
  readonly memberships: readonly Membership[]
  /** Newest answers of the sheet; empty on individual sheets, where the session knows them. */
  readonly answers: SignedAnswers
  /** Names of the community's people (and of those who answered) by person. */
  readonly names: ReadonlyMap<string, string>
  /** Person by indicator. */
  readonly assigned: ReadonlyMap<string, string>
  /** By question, with the newest comment; only until a newer answer comes, whatever notes or evidence do. */
  readonly sentBack: ReadonlyMap<string, SentBack>
}

/** A sheet of an assessment with its newest answers. */
export type SignedSheet = Sheet & {
  readonly answers: SignedAnswers
  /** Rows of the ledger on this sheet, every revision, as of the instant of the answers. */
  readonly rows: number
}

/** `changed`: rows have come since the result was made. `gone`: not there, submitted already, or its round takes nothing. */
export type Submitted = 'submitted' | 'changed' | 'gone'

export type OverviewRow = {
  readonly assessment: string
  readonly community: string
  readonly name: string
  readonly street: string
  readonly status: 'open' | 'submitted'
  /** As last computed; null where nothing was yet. */
  readonly result: Result | null
  /** Rows of the ledger that it was made from, and how many count now: of individual sheets those that are submitted. */
  readonly resultRows: number
  readonly rows: number
}

export type Rounds = {
  round(id: string): Promise<Round | undefined>
  /** Newest first; archived ones last. */
  list(slice: Slice): Promise<Page<Round>>
  create(id: string, fields: RoundFields, change: Change): Promise<void>
  /** Mode and rubric change only in a draft that never had a sheet; afterwards both are left as they are. */
  update(id: string, fields: Partial<RoundFields>, change: Change): Promise<void>
  /**
   * To `published`: the shared sheets of its assessments are made. `from`: the only state that it may be in before. Resolves with
   * false, and changes nothing, where it is in another one by now, or gone.
   */
  setStatus(id: string, status: RoundStatus, change: Change, from?: RoundStatus): Promise<boolean>
  /** Communities that take part, by street and name, with whether they do. Archived ones left out. */
  choices(id: string, slice: Slice): Promise<Page<{ readonly community: Community; readonly takesPart: boolean }>>
  /**
   * Adds communities (`all`: every one that is not archived); in a published round with their shared sheets. Returns how
   * many were new; those that take part already and archived ones are left out.
   */
  addCommunities(id: string, communities: readonly string[] | 'all', change: Change): Promise<number>
  /** Takes one out; false where anything was answered or submitted there already. */
  removeCommunity(id: string, community: string, change: Change): Promise<boolean>
  /** How many communities take part. */
  size(id: string): Promise<number>
  assessment(id: string): Promise<Assessment | undefined>
  /** Of published and closed rounds, newest round first. */
  assessmentsOf(communities: readonly string[], limit: number): Promise<Assessment[]>
  /** The community's assessment in the newest published-or-later round that opened before this one. */
  previous(assessment: string): Promise<Assessment | undefined>
  /** Published rounds whose deadline lies after `from` and not after `to`, the next one first. */
  endingBetween(from: Date, to: Date): Promise<Round[]>
  /** Published and closed rounds whose time, from opening to deadline, reaches beyond `from` and has begun by `to`. */
  heldBetween(from: Date, to: Date): Promise<Round[]>
  /** All assessments of a round. */
  assessmentsIn(round: string): Promise<Assessment[]>
}

export type Work = {
  /** Id of the one shared sheet of an assessment, the same for ever. */
  sharedSheetOf(assessment: string): string
  standing(sheet: string, person: string): Promise<Standing | undefined>
  /** A person's newest sheet of an assessment that was not discarded. */
  individualSheet(assessment: string, person: string): Promise<Sheet | undefined>
  /** Sheets of an assessment that were not discarded, with their newest answers; people by id ('' once gone). */
  sheets(assessment: string): Promise<SignedSheet[]>
  /** By person; those without a name are left out. */
  names(people: readonly string[]): Promise<ReadonlyMap<string, string>>
  assigned(assessment: string): Promise<ReadonlyMap<string, string>>
  assign(
    assessment: string,
    indicators: readonly string[],
    to: { readonly person: string; readonly by: string; readonly why: string | null; readonly at: Date },
    change: Change,
  ): Promise<void>
  /** One for each question, with the newest comment, newest first; only until a newer answer comes, as in `Standing`. */
  sentBack(assessment: string): Promise<SentBack[]>
  sendBack(assessment: string, back: SentBack & { readonly by: string }, change: Change): Promise<void>
  /** Notes a clash; false where it was noted before. */
  noteClash(clash: Clash): Promise<boolean>
  /** Clashes of an assessment that nobody has settled, newest first, with the question's newest answer still the one that stood or not. */
  clashes(assessment: string): Promise<Clash[]>
  settleClashes(assessment: string, question: string, at: Date, change: Change): Promise<void>
  /**
   * Submits an assessment in one transaction: its open shared sheet is closed, individual ones that are open stay so and
   * do not count, the result is kept, the round's median and count are made anew. `rows`: rows of the ledger that the result
   * was made from, counted like `OverviewRow.rows`; where there are others by now nothing is written. The same change again
   * is `submitted`. The deadline is the caller's to check.
   */
  submit(assessment: string, by: string, result: Result, rows: number, change: Change): Promise<Submitted>
  /**
   * Takes a submission back while the round is published: the shared sheet is open again, open individual ones can be used
   * again, submitted ones stay submitted; the round's median and count are made anew. False where there is nothing to take
   * back.
   */
  reopen(assessment: string, change: Change): Promise<boolean>
  /**
   * Opens a person's submitted sheet again while its assessment is open and its round published; its rows stop counting.
   * False otherwise, also for shared, practice and nameless sheets.
   */
  reopenSheet(sheet: string, change: Change): Promise<boolean>
  /** Keeps a result as computed from so many rows; without effect where a newer one is kept. */
  keepResult(assessment: string, result: Result, rows: number, at: Date): Promise<void>
  result(assessment: string): Promise<{ readonly result: Result; readonly rows: number } | undefined>
  overview(round: string): Promise<OverviewRow[]>
  /**
   * How many questions are answered there now, on the sheets that count; of several sheets on the one that is least far.
   * Assessments without such a sheet are left out.
   */
  answered(assessments: readonly string[]): Promise<ReadonlyMap<string, number>>
}
