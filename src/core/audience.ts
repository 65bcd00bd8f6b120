/** Whom a notice is for. Pure: whoever asks brings the people and what is known of them. */
import type { Role } from './access.js'

/** What must all be true of somebody; an empty list and null ask for nothing. So `EVERYONE` is everybody with a role. */
export type Audience = {
  readonly roles: readonly Role[]
  /** In the words of the rubric. */
  readonly posts: readonly string[]
  readonly communities: readonly string[]
  readonly streets: readonly string[]
  /** Round in which they have open indicators. */
  readonly openIn: string | null
  /** Their community has at least this grade in the round. */
  readonly atLeast: { readonly round: string; readonly grade: string } | null
  /** Notice that they got and have not acknowledged. */
  readonly unread: string | null
}

export const EVERYONE: Audience = {
  roles: [],
  posts: [],
  communities: [],
  streets: [],
  openIn: null,
  atLeast: null,
  unread: null,
}

/** `push`: a channel brings it to them. `look`: they see it when they open the page. `blocked`: they shut the bot out or are gone. */
export type Reach = 'push' | 'look' | 'blocked' | 'none'

/** Somebody who has or had a role. */
export type Holder = {
  readonly person: string
  /** In which they read. */
  readonly language: string
  readonly reach: Reach
  readonly holdings: readonly {
    readonly role: Role
    /** Null: the district. */
    readonly community: string | null
    readonly street: string
    /** Empty: all of them for a worker, none for anybody else. */
    readonly posts: readonly string[]
    /** They have left, or the community is archived. */
    readonly ended: boolean
  }[]
}

/** What the audience asks for beyond roles and places, looked up; absent where it does not ask. */
export type Facts = {
  /** People with open indicators. */
  readonly open?: ReadonlySet<string>
  /** Communities with the grade or a better one. */
  readonly graded?: ReadonlySet<string>
  readonly unread?: ReadonlySet<string>
}

export type Selection = {
  /** Who gets it, in the order given. */
  readonly recipients: readonly Holder[]
  /** Who would, but has left, has blocked the bot, or has no channel at all; everybody counts once. */
  readonly left: number
  readonly blocked: number
  readonly noChannel: number
}

/** Who an audience is. `within`: the one community that the notice may go to (a head's own); null: the whole district. */
export function selectAudience(
  audience: Audience,
  within: string | null,
  holders: readonly Holder[],
  facts: Facts,
): Selection {
  const matching = holders.filter((holder) => isAsked(audience, holder.person, facts))
  const fits = (holding: Holder['holdings'][number]) => holds(audience, within, holding, facts)
  const here = matching.filter(({ holdings }) => holdings.some((one) => !one.ended && fits(one)))
  const gone = matching.filter(({ holdings }) => holdings.some(fits)).length - here.length
  const count = (reach: Reach) => here.filter((one) => one.reach === reach).length
  return {
    recipients: here.filter(({ reach }) => reach === 'push' || reach === 'look'),
    left: gone,
    blocked: count('blocked'),
    noChannel: count('none'),
  }
}

const isAsked = (audience: Audience, person: string, { open, unread }: Facts): boolean =>
  (audience.openIn === null || (open?.has(person) ?? false)) &&
  (audience.unread === null || (unread?.has(person) ?? false))

function holds(
  { roles, posts, communities, streets, atLeast }: Audience,
  within: string | null,
  holding: Holder['holdings'][number],
  { graded }: Facts,
): boolean {
  const { role, community, street } = holding
  const among = <T>(wanted: readonly T[], one: T | null) =>
    wanted.length === 0 || (one !== null && wanted.includes(one))
  return (
    (within === null || community === within) &&
    among(roles, role) &&
    among(communities, community) &&
    among(streets, community === null ? null : street) &&
    (posts.length === 0 || hasPost(holding, posts)) &&
    (atLeast === null || (community !== null && (graded?.has(community) ?? false)))
  )
}

/** As in `core/duty.ts`: a worker without posts serves all of them, a head without posts none. */
const hasPost = ({ role, posts }: Holder['holdings'][number], wanted: readonly string[]): boolean =>
  (role === 'worker' && posts.length === 0) || posts.some((post) => wanted.includes(post))
