/**
 * The office: pages and deeds for what is not answering a sheet. A page shows one card and may take what is typed; a deed is
 * a button that changes something. Each names the permission that it needs and whose community it is about, and door.ts
 * checks that before anything else of it runs. Pages live in the files of this folder, by subject.
 */
import type { Permission } from '../../core/access.js'
import { encodeAction } from '../../core/action.js'
import type { Evidence } from '../../core/answer.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import type { Change, Membership } from '../district.js'
import type { Formatted } from '../formatted.js'
import type { Assessment } from '../rounds.js'
import type { Button, Card, File, Inbound, Picture } from '../speech.js'
import type { Say } from '../words.js'

/** Somebody at a page or before a deed. */
export type Visit = {
  readonly desk: Desk
  readonly session: Session
  readonly person: string
  /** Roles that they hold now. */
  readonly memberships: readonly Membership[]
  readonly language: string
  readonly say: Say
  /** Milliseconds since 1970. */
  readonly now: number
  readonly inbound: Inbound
  readonly args: readonly string[]
}

/** A page by name, for example `{ page: 'summary', args: ['a3f9…'] }`. */
export type Ref = { readonly page: string; readonly args: readonly string[] }

export const HOME: Ref = { page: 'home', args: [] }

/** What came of a deed or of what was typed. */
export type Outcome = {
  /** Where to go; absent: stay. A session is a place on a sheet. */
  readonly to?: Ref | Session
  readonly notice?: string
  readonly before?: readonly Card[]
  readonly picture?: Picture
  readonly file?: File
}

type Guarded = {
  /** `anyone`: open to whoever speaks to the bot. */
  readonly permission: Permission | 'anyone'
  /** The community that the thing belongs to (null: the district), looked up; undefined where there is no such thing. */
  readonly community: (visit: Visit) => Promise<string | null | undefined>
}
export type PageSpec = Guarded & {
  /** `false`: reached only by way of the program (a link that was checked), never by a button that anybody could forge. */
  readonly byButton?: false
  readonly show: (visit: Visit) => Promise<Card>
  /** What words mean here; absent where none are taken. */
  readonly typed?: (visit: Visit, text: string) => Promise<Outcome>
  /** What a photo or a file means here; absent where none are taken. Null: a sticker or another thing that nobody can use. */
  readonly sent?: (visit: Visit, what: Sent | null) => Promise<Outcome>
  /** What is said to words or a photo that were sent before this card was seen, and are not taken; absent: the usual sentence. */
  readonly late?: (visit: Visit) => string
}
/** A photo, a file or a place, with what was written under it. */
export type Sent = { readonly evidence: Evidence; readonly caption: Formatted | null }
export type DeedSpec = Guarded & {
  /**
   * Pages that offer it (`sheet`: the cards of a sheet): a button from another time or place does nothing.
   * `anywhere` is for deeds that only lead somewhere. */
  readonly from: readonly string[] | 'anywhere'
  readonly run: (visit: Visit) => Promise<Outcome>
}

export const pageButton = (label: string, page: string, ...args: readonly string[]): Button => ({
  label,
  data: encodeAction({ do: 'page', name: page, args }),
})
export const deedButton = (label: string, deed: string, ...args: readonly string[]): Button => ({
  label,
  data: encodeAction({ do: 'deed', name: deed, args }),
})

/** An argument of the page or deed; '' where it is missing. */
export const arg = (visit: Visit, at: number): string => visit.args[at] ?? ''
/** A number among the arguments, from 0; 0 where it is none. */
export const numberArg = (visit: Visit, at: number): number =>
  /^\d{1,6}$/.test(arg(visit, at)) ? Number(arg(visit, at)) : 0

/** Of the district, or of nobody in particular. */
export const ofDistrict = async (): Promise<null> => null
/** Of the assessment that an argument names. */
export const ofAssessment =
  (at = 0) =>
  async (visit: Visit): Promise<string | undefined> =>
    (await assessmentOf(visit, at))?.community.id
/** Of the community that an argument names. */
export const ofCommunity =
  (at = 0) =>
  async (visit: Visit): Promise<string | undefined> =>
    (await visit.desk.communities.community(arg(visit, at)))?.id

export const assessmentOf = (visit: Visit, at = 0): Promise<Assessment | undefined> =>
  visit.desk.rounds.assessment(arg(visit, at))

/** The same, where the door has seen that it is there. */
export async function theAssessment(visit: Visit, at = 0): Promise<Assessment> {
  const assessment = await assessmentOf(visit, at)
  if (!assessment) throw new Error(`Expected an assessment \`${arg(visit, at)}\``)
  return assessment
}

/** A line for the audit log about what this visit does; one input may make several by `part`. */
export function changeBy(
  { desk, person, inbound, now }: Visit,
  action: string,
  about: Pick<Change, 'subject' | 'community'> & Partial<Pick<Change, 'before' | 'after'>>,
  part = '',
): Change {
  const id = desk.idFor('x', inbound.address, inbound.id, action, about.subject, part)
  return { id, at: new Date(now), person, action, before: null, after: null, ...about }
}

/** Buttons for the pages before and after, where there are any; `to` makes the page's arguments. */
export function pager(
  { say }: Visit,
  page: string,
  { at, size, count, args }: { at: number; size: number; count: number; args: (at: number) => readonly string[] },
): Button[][] {
  const row = [
    ...(at > 0 ? [pageButton(say('button.page_before'), page, ...args(at - 1))] : []),
    ...((at + 1) * size < count ? [pageButton(say('button.page_after'), page, ...args(at + 1))] : []),
  ]
  return row.length > 0 ? [row] : []
}
