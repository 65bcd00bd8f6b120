/** What the use cases need from the world outside, as types. Adapters stand in store/ and channels/; each port has one contract suite. */
import type { Role } from '../core/access.js'
import type { Answer, Answers } from '../core/answer.js'

/** Where a person can be reached: a channel and the channel's own key, for example `telegram:48201` or `web:p3k9…`. */
export type Address = string

export type Person = { readonly id: string; readonly language: string; readonly name: string | null }

export type Sheet = {
  readonly id: string
  /** Null: a community's shared sheet, or the person has had themselves erased; the scores stay, without a name. */
  readonly person: string | null
  /** The round's assessment that it belongs to; null: a practice sheet, in nobody's numbers. */
  readonly assessment: string | null
  /** Content hash of the rubric it was started with. */
  readonly rubric: string
  readonly status: 'open' | 'submitted' | 'discarded'
  readonly startedAt: Date
  readonly submittedAt: Date | null
}

/** One row of the ledger: a revision, and who gave it, when and how. */
export type LedgerRow = Answer & {
  readonly sheet: string
  readonly person: string
  readonly channel: string
  /** Id of the input that it came from; the same input never counts twice. */
  readonly input: string
  readonly at: Date
}

/**
 * What became of an appended row. `repeated`: this very input stands there already. `agreed`: another input's
 * row that says the same. `conflict`: somebody's other answer has this revision. `closed`: the sheet takes no more answers (or does not exist).
 */
export type Appended = 'written' | 'repeated' | 'agreed' | 'conflict' | 'closed'

export type Ledger = {
  /**
   * Appends one revision and resolves once it is durable. Idempotent on (sheet, question, revision). Rows of concurrent
   * callers may share one commit. Rejects with a `StoreFault` where the database cannot be reached or refuses.
   */
  append(row: LedgerRow): Promise<Appended>
  /** Newest revision of one question; undefined where it has none. */
  answer(sheet: string, question: string): Promise<Answer | undefined>
  /** Newest revision of every question of a sheet. */
  answers(sheet: string): Promise<Answers>
  /** Every revision of a sheet, oldest first. */
  history(sheet: string): Promise<LedgerRow[]>
}

export type Records = {
  person(address: Address): Promise<Person | undefined>
  /** Creates the person behind an address, or returns the one that is there; safe when called twice at once. */
  enrol(address: Address, as: { id: string; language: string }): Promise<Person>
  setLanguage(person: string, language: string): Promise<void>
  /**
   * Remembers that an address cannot be reached (blocked, gone), or that it can again: then what was blocked for its person
   * within the last 14 days is in line once more. `at` is now where it is left out.
   */
  setReachable(address: Address, reachable: boolean, at?: Date): Promise<void>
  /** The person's open sheet, else the newest submitted one; discarded sheets never count. */
  currentSheet(person: string): Promise<Sheet | undefined>
  /** The person's open practice sheet, else the newest submitted one. */
  practiceSheet(person: string): Promise<Sheet | undefined>
  sheet(id: string): Promise<Sheet | undefined>
  /**
   * Discards a sheet and starts another in one transaction; the same id again changes nothing. Nobody has two practice sheets
   * open: resolves with the one that stands, which is another where that was begun first, and whether it was begun just now.
   */
  startSheet(
    sheet: { id: string; person: string; assessment: string | null; rubric: string; at: Date },
    discard: string | null,
  ): Promise<{ readonly id: string; readonly begun: boolean }>
  /** Closes an open sheet for good; true where it is submitted now, also when it was before. False where its assessment is submitted. */
  submitSheet(id: string, at: Date): Promise<boolean>
  /** Everything that is kept about a person, ready to be written to a file. */
  exportPerson(person: string): Promise<PersonData>
  /**
   * The person goes: name, addresses, session, open and discarded sheets, notes, evidence and raw words. Submitted scores
   * stay without a name. Safe to repeat.
   */
  erase(person: string): Promise<void>
  /** Keeps a rubric with its words under its content hash, so that open sheets outlive the files. */
  keepRubric(hash: string, content: unknown): Promise<void>
  rubric(hash: string): Promise<unknown | undefined>
  /** Value of a setting; created with `make` where it is missing, once, also by two processes. */
  setting(key: string, make: () => string): Promise<string>
  /** Sets a setting. */
  setSetting(key: string, value: string): Promise<void>
  /** Keeps an uploaded file under the hash of its content; returns `file:<sha256>`, or undefined where there is no such person any more. */
  keepFile(file: { bytes: Uint8Array; mime: string; person: string; at: Date }): Promise<string | undefined>
  /** A stored upload by its reference; undefined where it is no longer kept, or the reference is of another kind. */
  file(ref: string): Promise<{ readonly bytes: Uint8Array; readonly mime: string } | undefined>
  /** Whether a person may see a stored upload: they sent it, or a notice brought it to them. */
  mayRead(person: string, ref: string): Promise<boolean>
}

export type PersonData = {
  readonly person: { id: string; language: string; name: string | null; createdAt: Date }
  readonly addresses: { address: Address; createdAt: Date; reachable: boolean }[]
  readonly sheets: (Sheet & { answers: LedgerRow[] })[]
  /** Their answers on sheets that are not theirs alone: those of their communities. */
  readonly sharedAnswers: LedgerRow[]
  /** Roles held now and before; `community` is its name, null for the district. */
  readonly memberships: {
    role: Role
    community: string | null
    posts: readonly string[]
    joinedAt: Date
    endedAt: Date | null
  }[]
  /** Notices that are for them; `sentAt` is the first time, null where none was sent yet. */
  readonly notices: { number: number; sentAt: Date | null; acknowledgedAt: Date | null }[]
}

/** Right to handle one input (its id; null: only to look) of a person; whoever holds it is alone. */
export type Lease = { readonly token: string; readonly input: string | null }

export type Held = {
  readonly state: 'held'
  readonly lease: Lease
  /** Text form of the session; null where none is kept. */
  readonly session: string | null
  /** This input was handled to its end within the last 24 hours. */
  readonly repeated: boolean
  /**
   * Another input was in hand before and was never finished: whoever had it has died, or could not save what came of it. The session may
   * be older than that, and the card as well.
   */
  readonly unfinished: boolean
  /** The lease was taken from a process that is gone, and that may have drawn something which is still on its way. */
  readonly inherited: boolean
}
export type Begun = { readonly state: 'busy' } | Held

/** The place of every person, and the claims on their inputs. */
export type Sessions = {
  /** Whether `begin` knows of what was in hand in processes that died. Where it is false, `unfinished` is never true. */
  readonly tellsUnfinished: boolean
  /**
   * In one round trip: takes the lease, reads the session, looks for the claim, and notes the input as in hand. `input` null: somebody only
   * looks, and what is in hand stays as it is. `busy`: another holds the lease.
   */
  begin(address: Address, input: string | null): Promise<Begun>
  /** Writes the session and claims inputs for 24 h, only while the lease holds; false where it ran out. What is in hand stays so. */
  save(address: Address, lease: Lease, session: string, inputs: readonly string[]): Promise<boolean>
  /** Makes the lease last as long as at first from now on; false, and without effect, where it ran out. */
  renew(address: Address, lease: Lease): Promise<boolean>
  /** In one round trip: what `save` does, and gives the lease back; nothing is in hand any more. False, and nothing is written, where it ran out. */
  finish(address: Address, lease: Lease, session: string, inputs: readonly string[]): Promise<boolean>
  /**
   * In one round trip: what `finish` does, but instead of being given back the lease goes on to another input of the same person, as if it had
   * begun. `lost`: the lease ran out, and nothing is written.
   */
  pass(
    address: Address,
    lease: Lease,
    session: string,
    inputs: readonly string[],
    next: string,
  ): Promise<Held | { readonly state: 'lost' }>
  /** Gives the lease back; without effect where it ran out. `unfinished`: the input still counts as such, and whoever comes next is told. */
  release(address: Address, lease: Lease, unfinished?: boolean): Promise<void>
  /** Removes everything kept for an address. */
  forget(address: Address): Promise<void>
  /**
   * Addresses that begin so and have a session, where something is in hand and nobody holds the lease: whoever had it has died, or could not
   * finish it. Empty where that is not told (`tellsUnfinished`).
   */
  leftInHand(prefix: string): Promise<Address[]>
  /**
   * Says that this process runs at a place where only one can run at a time, such as a port of a host: whoever ran there before and has not left
   * it is gone, and their leases are free at once instead of when they run out. Never fails: without it people only wait longer. What it
   * returns leaves the place, and is to be awaited before another can run there.
   */
  takePlace(place: string): () => Promise<void>
}

/** A fault of a store, with the cause, and whether trying again may help. */
export class StoreFault extends Error {
  readonly retry: boolean
  constructor(message: string, retry: boolean, cause: unknown) {
    super(message, { cause })
    this.name = 'StoreFault'
    this.retry = retry
  }
}
