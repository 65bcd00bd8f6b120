/** What the use cases share: the ports, the content, the clock and the makers of ids. Built once, in compose.ts. */
import type { Book } from '../content/book.js'
import type { AuditLog, Communities, Invitations, Members, Outbox } from './district.js'
import type { Gate, Leases, Notices } from './notices.js'
import type { Ledger, Records, Sessions } from './ports.js'
import type { Renewal } from './results.js'
import type { Rounds, Work } from './rounds.js'
import type { Locales } from './words.js'

export type Books = {
  /** The rubric that new sheets are started with. */
  readonly current: Book
  /** All rubrics that a round may be held by. */
  readonly all: readonly Book[]
  /** The rubric of a content hash, from the files or from the database; undefined where neither has it. */
  of(hash: string): Promise<Book | undefined>
}

export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Draws second-level rates (0 to 1) as a PNG. */
export type DrawRadar = (chart: {
  readonly title: string
  readonly axes: readonly { readonly name: string; readonly now: number | null; readonly before: number | null }[]
  readonly legend: { readonly now: string; readonly before: string | null }
}) => Promise<Uint8Array>

/** Where an invitation's code is opened; null where that way in is not there. */
export type Links = {
  readonly telegram: (code: string) => Promise<string | null>
  readonly web: (code: string) => string | null
}

export type Desk = {
  readonly records: Records
  readonly ledger: Ledger
  readonly sessions: Sessions
  readonly communities: Communities
  readonly members: Members
  readonly invitations: Invitations
  readonly audit: AuditLog
  readonly outbox: Outbox
  readonly notices: Notices
  readonly leases: Leases
  readonly gate: Gate
  /** Messages a second to all people together that the gate lets through. */
  readonly broadcastPerSecond: number
  readonly rounds: Rounds
  readonly work: Work
  readonly books: Books
  readonly locales: Locales
  readonly defaultLanguage: string
  readonly log: Log
  readonly drawRadar: DrawRadar
  readonly links: Links
  readonly renewal: Renewal
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly newPersonId: () => string
  /** Always the same id for the same input, so that a redelivered input cannot start a second sheet. */
  readonly sheetIdFor: (address: string, input: string) => string
  /** An id of 11 characters that begins with a letter, always the same for the same parts. */
  readonly idFor: (letter: string, ...of: readonly string[]) => string
  /** A code of an invitation: nobody can guess it, and the same input makes the same one. */
  readonly codeFor: (address: string, input: string) => string
  /** SHA-256 in hex. */
  readonly hash: (text: string) => string
}
