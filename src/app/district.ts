/** Ports for who is who and where: communities, members, invitations, the audit log, messages on their way. */
import type { Role } from '../core/access.js'
import type { Address } from './ports.js'
import type { Clash } from './rounds.js'

export type Community = {
  readonly id: string
  readonly name: string
  readonly street: string
  readonly households: number | null
  readonly grids: number | null
  /** IANA name. */
  readonly timeZone: string
  readonly archivedAt: Date | null
}
export type CommunityFields = Pick<Community, 'name' | 'street' | 'households' | 'grids' | 'timeZone'>

export type Membership = {
  readonly id: string
  readonly person: string
  readonly role: Role
  readonly community: string | null
  /** In the words of the rubric; empty: all of them. */
  readonly posts: readonly string[]
  readonly joinedAt: Date
}
/** A membership with the person's name; null where they gave none. */
export type Member = Membership & { readonly name: string | null }

export type Invitation = {
  readonly id: string
  readonly role: Role
  readonly community: string | null
  readonly maxUses: number | null
  readonly uses: number
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
  readonly createdAt: Date
}
/** Why an invitation opens nothing; undefined while it does. */
export type InvitationFault = 'wrong' | 'revoked' | 'expired' | 'used_up'

/**
 * One line of the audit log, written in the same transaction as what it tells of. The id is made from the input, so that
 * a redelivered input writes it once. `person` null: the command line.
 */
export type Change = {
  readonly id: string
  readonly at: Date
  readonly person: string | null
  /** Past tense, for example `round_extended`. */
  readonly action: string
  /** For example `round:r4k2m9qx`. */
  readonly subject: string
  readonly community: string | null
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** A part of a longer list, and how many there are in all. */
export type Page<T> = { readonly items: readonly T[]; readonly count: number }
export type Slice = { readonly offset: number; readonly limit: number }

/** All writing is safe to repeat with the same change. Rejects with a `StoreFault`. */
export type Communities = {
  community(id: string): Promise<Community | undefined>
  /** By street and name; archived ones left out. */
  list(slice: Slice): Promise<Page<Community>>
  /** `taken`: another community of the street has this name. */
  create(id: string, fields: CommunityFields, change: Change): Promise<'created' | 'taken'>
  update(id: string, fields: Partial<CommunityFields>, change: Change): Promise<'updated' | 'taken'>
  archive(id: string, change: Change): Promise<void>
  /** Creates or updates by (street, name), all or none; one change for all. The id is used only where a row is new. */
  importAll(
    rows: readonly (CommunityFields & { readonly id: string })[],
    change: Change,
  ): Promise<{ readonly created: readonly Community[]; readonly updated: readonly Community[] }>
}

export type Members = {
  /** Roles that a person holds now, oldest first. Those of archived communities are left out. */
  memberships(person: string): Promise<Membership[]>
  membership(id: string): Promise<Member | undefined>
  /** Members of a community now, by role (heads first), then by when they joined. Null: those of the district. */
  membersOf(community: string | null): Promise<Member[]>
  /** What a person is called; null where they gave no name. */
  nameOf(person: string): Promise<string | null>
  rename(person: string, name: string): Promise<void>
  setPosts(membership: string, posts: readonly string[], change: Change): Promise<void>
  /**
   * Ends a membership and discards the person's open individual sheets of that community; assignments go back to the
   * posts. `anonymous`: their answers in the community lose their name as well. False, and nothing is written,
   * where it had ended before, and for the last admin: the district keeps one, also when two remove each other at once.
   */
  end(membership: string, how: { anonymous: boolean }, change: Change): Promise<boolean>
  /** What is set for the whole district, for example `practice`; null where nothing was. */
  option(key: string): Promise<string | null>
  setOption(key: string, value: string, change: Change): Promise<void>
}

export type Invitations = {
  create(
    invitation: Omit<Invitation, 'uses' | 'revokedAt'> & { readonly codeHash: string; readonly by: string | null },
    change: Change,
  ): Promise<void>
  /** By the SHA-256 of its code in hex. */
  find(codeHash: string): Promise<Invitation | undefined>
  invitation(id: string): Promise<Invitation | undefined>
  /** Those that still open something at `now`, newest first. */
  open(community: string | null, now: Date): Promise<Invitation[]>
  revoke(id: string, change: Change): Promise<void>
  /**
   * Uses an invitation: counts it and makes the membership, in one transaction. Somebody who holds the role already gets
   * new posts and name, and uses nothing up. The same change again changes nothing.
   */
  accept(
    invitation: string,
    who: {
      readonly membership: string
      readonly person: string
      readonly name: string
      readonly posts: readonly string[]
    },
    change: Change,
  ): Promise<'joined' | 'already' | InvitationFault>
  /** Notes a wrong code and counts those of this address since an instant, this one included. */
  noteWrong(address: string, at: Date, since: Date): Promise<number>
  wrongSince(address: string, since: Date): Promise<number>
}

export type AuditLog = {
  /** Newest first, with the name of who did it (null: nobody there, or no name). */
  list(slice: Slice): Promise<Page<Change & { readonly name: string | null }>>
}

/** What a message to a person tells; put into words, in their language, when it is sent. */
export type Telling =
  | { readonly type: 'reminder'; readonly assessment: string; readonly round: string; readonly hours: number }
  | { readonly type: 'nudge'; readonly assessment: string }
  | { readonly type: 'returned'; readonly assessment: string; readonly question: string; readonly comment: string }
  | { readonly type: 'assigned'; readonly assessment: string; readonly count: number; readonly why: string | null }
  | { readonly type: 'clash'; readonly assessment: string; readonly clash: Omit<Clash, 'at'> }
  | { readonly type: 'opened' | 'result'; readonly assessment: string }
  | { readonly type: 'notice'; readonly notice: string; readonly wave: number }
  /** Takes back one message of a notice. */
  | { readonly type: 'withdrawal'; readonly notice: string }

export type Delivery = {
  readonly id: string
  /** What it is about, for example `nudge:a81…:p3k…:2026-11-22`; the same thing is never told twice. */
  readonly key: string
  readonly person: string
  readonly telling: Telling
  readonly dueAt: Date
}
export type Claimed = Delivery & {
  /** The newest reachable address of the person with the prefix; of a withdrawal the one that the message went to. */
  readonly address: Address
  /** The person's. */
  readonly language: string
  /** Of a withdrawal: the message to take back; null otherwise. */
  readonly target: string | null
  /** How often it was taken, this time included. */
  readonly attempts: number
}

/** How a message ended. `blocked` comes back when the person speaks again. `reason`: an `UnsentReason` or the channel's words. */
export type Settled = {
  readonly status: 'sent' | 'failed' | 'skipped' | 'blocked'
  readonly at: Date
  readonly address?: Address
  /** The channel's id. */
  readonly message?: string | null
  readonly reason?: string
}

export type Outbox = {
  /** Puts messages in line; those whose key is known already are left out. Returns how many were new. */
  put(deliveries: readonly Delivery[], at: Date): Promise<number>
  /**
   * Takes up to `limit` due messages until `until`, so that no other process takes them meanwhile; notices after everything
   * else, then by the time that they are due. `prefix` chooses by the person's address, for example `telegram:`. Nothing while
   * the channel pauses, and nothing of a notice that does.
   */
  claim(prefix: string, limit: number, now: Date, until: Date, holder: string): Promise<Claimed[]>
  /** Keeps what this holder has taken for longer. */
  renew(ids: readonly string[], holder: string, until: Date): Promise<void>
  /** Whether a taken message is still to be sent by this holder: its notice was not paused or cancelled, the channel pauses not. */
  holds(id: string, holder: string, prefix: string, now: Date): Promise<boolean>
  /** Gives taken messages back, due as before. */
  giveBack(ids: readonly string[], holder: string): Promise<void>
  /** Takes one person's messages whatever the time that they are due, because they are here now; notices not before theirs. */
  claimFor(person: string, limit: number, now: Date, until: Date, holder: string): Promise<Delivery[]>
  /** What was sent is sent, also where it was cancelled meanwhile; all else is settled once. */
  settle(id: string, how: Settled): Promise<void>
  /** Gives a message that this holder has taken back, due again later. `counts`: this was a try; a chat that was only busy is none. */
  postpone(id: string, holder: string, dueAt: Date, counts: boolean): Promise<void>
  /** Nothing is taken for a channel before this instant, by any process, also after a restart; an earlier one changes nothing. */
  pause(prefix: string, until: Date): Promise<void>
  pausedUntil(prefix: string): Promise<Date | null>
  /**
   * Settles as expired what was due before an instant and nobody has in hand at `at`, so that messages to people whom no
   * channel reaches do not pile up: blocked where none of their addresses can be reached, skipped otherwise. Returns how many.
   */
  expire(before: Date, at: Date): Promise<number>
}
