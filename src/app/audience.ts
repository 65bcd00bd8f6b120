/** Who the audience of a notice is right now: its people and what is known of them, looked up. */
import { type Facts, type Selection, selectAudience } from '../core/audience.js'
import type { Desk } from './desk.js'
import type { Notice } from './notices.js'
import { peopleIn } from './office/standings.js'
import type { Assessment } from './rounds.js'

/** Communities looked at beside each other; more would only wait for connections. */
const LANES = 4
const PRINT_DIGITS = 8

export async function resolveAudience(
  desk: Desk,
  { audience, community }: Pick<Notice, 'audience' | 'community'>,
): Promise<Selection> {
  const { openIn, atLeast, unread } = audience
  const [holders, open, graded, without] = await Promise.all([
    desk.notices.holders(),
    openIn === null ? undefined : peopleOpenIn(desk, openIn, (one) => isMeant(one, audience, community)),
    atLeast === null ? undefined : communitiesAtLeast(desk, atLeast.round, atLeast.grade),
    unread === null ? undefined : desk.notices.unread(unread),
  ])
  const facts: Facts = {
    ...(open ? { open } : {}),
    ...(graded ? { graded } : {}),
    ...(without ? { unread: without } : {}),
  }
  return selectAudience(audience, community, holders, facts)
}

/** `5.3fa9c04d`: how many get it and a hash of who they are, short enough for a button, so that only what was seen is confirmed. */
export const fingerprintOf = ({ hash }: Pick<Desk, 'hash'>, { recipients }: Selection): string =>
  `${recipients.length}.${hash(JSON.stringify(recipients.map(({ person }) => person).sort())).slice(0, PRINT_DIGITS)}`

/** Looking at an assessment costs milliseconds: those of communities that are left out anyway are not looked at. */
function isMeant(
  { community, status }: Assessment,
  { communities, streets }: Notice['audience'],
  within: string | null,
): boolean {
  return (
    status === 'open' &&
    (within === null || community.id === within) &&
    (communities.length === 0 || communities.includes(community.id)) &&
    (streets.length === 0 || streets.includes(community.street))
  )
}

/** Those whom a reminder before the deadline would go to as well. */
async function peopleOpenIn(
  desk: Desk,
  round: string,
  meant: (assessment: Assessment) => boolean,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>()
  const waiting = (await desk.rounds.assessmentsIn(round)).filter(meant).values()
  const lane = async () => {
    for (const assessment of waiting)
      for (const { member, owes } of await peopleIn(desk, assessment)) if (owes !== 'nothing') open.add(member.person)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return open
}

/** By the results as they are kept for the lists; of several grades that a rubric has, the first is the best. */
async function communitiesAtLeast(desk: Desk, id: string, least: string): Promise<ReadonlySet<string>> {
  const round = await desk.rounds.round(id)
  const book = round && (await desk.books.of(round.rubric))
  if (!book) return new Set()
  const codes = book.rubric.grades.map(({ code }) => code)
  const enough = codes.slice(0, codes.indexOf(least) + 1)
  const rows = await desk.work.overview(id)
  return new Set(
    rows.flatMap(({ community, result }) =>
      result?.grade.kind === 'graded' && enough.includes(result.grade.code) ? [community] : [],
    ),
  )
}
