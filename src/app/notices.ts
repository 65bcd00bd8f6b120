/** Port for notices: what an admin or a head sends to many, who got it and who has acknowledged it. */
import type { Audience, Holder } from '../core/audience.js'
import type { NoticeStatus, RecipientState } from '../core/notice.js'
import type { Change, Page, Slice } from './district.js'
import type { Formatted } from './formatted.js'
import type { Address } from './ports.js'
import type { Media } from './speech.js'

export type Notice = {
  readonly id: string
  /** What people call it: 通知 12. */
  readonly number: number
  readonly status: NoticeStatus
  /** The one community that it is for; null: the district. */
  readonly community: string | null
  /** Who wrote it; null once they are erased. */
  readonly by: string | null
  /** By language; at least one is there once it is confirmed. */
  readonly versions: Readonly<Record<string, Formatted>>
  readonly media: Media | null
  readonly audience: Audience
  /** Null: as soon as it is confirmed. */
  readonly sendAt: Date | null
  /** IANA name in which the instant is shown and typed. */
  readonly timeZone: string
  /** Grows with every change of the draft, so that only what was seen is confirmed. */
  readonly revision: number
  /** 1 for the notice itself; each reminder of those who have not read it is one more. */
  readonly wave: number
  readonly createdAt: Date
  readonly confirmedAt: Date | null
  readonly withdrawnAt: Date | null
}
export type NoticeFields = Pick<Notice, 'versions' | 'media' | 'audience' | 'sendAt' | 'timeZone'>

export type Tally = {
  /** People, each in exactly one state. */
  readonly recipients: number
  readonly states: Readonly<Record<RecipientState, number>>
  /** Pending messages to people whom a channel reaches by itself; the others wait until their reader opens the page. */
  readonly waiting: number
  readonly firstSentAt: Date | null
  readonly lastSentAt: Date | null
  /** Messages sent in the last ten seconds before `now`. */
  readonly sentLately: number
  /** Messages of a withdrawn notice: deleted or struck, still to be, and those that could not be. */
  readonly withdrawn: { readonly done: number; readonly pending: number; readonly failed: number }
}

export type Recipient = {
  readonly person: string
  readonly name: string | null
  /** Names of their communities now; empty: the district, or none any more. */
  readonly communities: readonly string[]
  readonly state: RecipientState
  /** Of the newest message that was sent. */
  readonly sentAt: Date | null
  readonly acknowledgedAt: Date | null
  /** An `UnsentReason`, or the channel's own words, where it was not sent; null where nothing is known. */
  readonly reason: string | null
}

/** All writing is safe to repeat with the same change. Rejects with a `StoreFault`. */
export type Notices = {
  create(
    notice: NoticeFields & Pick<Notice, 'id' | 'community'> & { readonly by: string },
    change: Change,
  ): Promise<void>
  notice(id: string): Promise<Notice | undefined>
  byNumber(number: number): Promise<Notice | undefined>
  /** Newest first; of one community, or (null) all of them. */
  list(community: string | null, slice: Slice): Promise<Page<Notice>>
  /** Changes a draft, which then has a new revision; without effect on anything else. */
  update(id: string, fields: Partial<NoticeFields>, change: Change): Promise<void>
  /** Throws a draft away. */
  discard(id: string, change: Change): Promise<void>
  /** Everybody who has or had a role, by person. */
  holders(): Promise<Holder[]>
  /** People who got a notice (sent, or seen on the page) and have not acknowledged it. */
  unread(id: string): Promise<ReadonlySet<string>>
  /**
   * Confirms a draft and puts a message in line for every recipient, in one transaction. `outdated`: the draft is of
   * another revision by now, or no draft any more. The same change again is `confirmed`.
   */
  confirm(
    id: string,
    revision: number,
    recipients: readonly string[],
    change: Change,
  ): Promise<'confirmed' | 'outdated'>
  /** Pauses, goes on, or cancels what was not sent yet; false where it is in no state for that. */
  setStatus(id: string, status: 'paused' | 'confirmed' | 'cancelled', change: Change): Promise<boolean>
  /** Puts failed messages in line again; returns how many. */
  retryFailed(id: string, change: Change): Promise<number>
  /** One more message to all who got it and have not acknowledged it; returns how many. */
  remindUnread(id: string, change: Change): Promise<number>
  /** Cancels what was not sent yet and puts a withdrawal in line for everything that was; returns how many. */
  withdraw(id: string, change: Change): Promise<number>
  /**
   * `none`: they are no recipient. `unsent`: they are, but can have seen nothing but a preview yet. A message that is in
   * somebody's hand counts as sent: it may have come, and the note of that still be on its way.
   */
  acknowledge(id: string, person: string, at: Date): Promise<'noted' | 'before' | 'unsent' | 'none'>
  /**
   * The notice as it stands for one of its recipients: when they acknowledged it (null: not yet), and whether they still have a
   * role where it is for. Undefined: they are no recipient. In one look, since it is asked for every message.
   */
  standing(
    id: string,
    person: string,
  ): Promise<{ readonly notice: Notice; readonly acknowledgedAt: Date | null; readonly belongs: boolean } | undefined>
  tally(id: string, now: Date): Promise<Tally>
  /** By name; of one state, or (null) all. */
  recipients(id: string, state: RecipientState | null, slice: Slice): Promise<Page<Recipient>>
  /** Notes that this address looks at the progress, so that its card is redrawn. */
  watch(id: string, address: Address, at: Date): Promise<void>
  unwatch(id: string, address: Address): Promise<void>
  /** Who looks at notices now, since an instant. */
  watched(since: Date): Promise<{ readonly notice: string; readonly address: Address }[]>
}

/** Work that one process does at a time. */
export type Leases = {
  /** Takes or keeps a lease for so long on the database's clock; false while another holds it. */
  hold(name: string, holder: string, forMs: number): Promise<boolean>
  release(name: string, holder: string): Promise<void>
}

/** Paces messages that nobody waits for, over all processes together, as the channel asks. */
export type Gate = {
  /**
   * The next place in line for a message to an address: how long to wait for it (milliseconds), or `busy`: how long this
   * chat takes nothing. A place that is not used is lost, nothing worse. `again`: the place before came to nothing, so that
   * only oneself keeps the chat busy, and it is not asked.
   */
  reserve(address: Address, again?: boolean): Promise<{ readonly waitMs: number } | { readonly busyMs: number }>
  /** Notes a message that went out without waiting, as replies do: what waits makes room for it. Never rejects. */
  note(address: Address): void
}
