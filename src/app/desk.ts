/** What the use cases share: the ports, the content, the clock and the makers of ids. Built once, in compose.ts. */
import type { Book } from '../content/book.js'
import type { Ledger, Records, Sessions } from './ports.js'
import type { Locales } from './words.js'

export type Books = {
  /** The rubric that new sheets are started with. */
  readonly current: Book
  /** The rubric of a content hash, from the files or from the database; undefined where neither has it. */
  of(hash: string): Promise<Book | undefined>
}

export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Desk = {
  readonly records: Records
  readonly ledger: Ledger
  readonly sessions: Sessions
  readonly books: Books
  readonly locales: Locales
  readonly defaultLanguage: string
  readonly log: Log
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<void>
  readonly newPersonId: () => string
  /** Always the same id for the same input, so that a redelivered input cannot start a second sheet. */
  readonly sheetIdFor: (address: string, input: string) => string
}
