/** Who belongs to a community or to the district: the list, one member, their posts, and removing them. */
import { mayAnywhere, type Role } from '../../core/access.js'
import { postsOf } from '../../core/duty.js'
import type { Member } from '../district.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Button } from '../speech.js'
import { promptsOf, term } from '../words.js'
import { listed, sliced } from './listing.js'
import { byRole, DISTRICT, mayTo, ofPlace, placeAt, placeOf } from './places.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  numberArg,
  type Outcome,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

const members: PageSpec = {
  permission: 'see_members',
  community: ofPlace(),
  show: async (visit) => {
    const { desk, say } = visit
    const place = await placeAt(visit)
    const where = place.id ?? DISTRICT
    const all = await desk.members.membersOf(place.id)
    const { items, count, line, turning } = await listed(
      visit,
      'members',
      { argument: 1, before: [where] },
      sliced(all),
    )
    const invites = pageButton(say('members.invites'), 'invites', where)
    return {
      text: lines(
        bold(say('members.title', { place: place.name, count })),
        line,
        ...(count === 0 ? [say('members.none')] : items.map((one) => memberLine(visit, one))),
      ),
      rows: [
        ...items.map((one) => [pageButton(itemText(visit, one), 'member', one.id)]),
        ...turning,
        ...(mayTo(visit, 'invite', place.id === null ? 'admin' : 'worker', place.id) ? [[invites]] : []),
        [backFrom(visit, place.id)],
      ],
    }
  },
}

/** Admins come from the community's page, heads from home. */
function backFrom({ say, memberships }: Visit, community: string | null): Button {
  const label = say('button.back')
  if (community === null) return pageButton(label, 'manage')
  return mayAnywhere(memberships, 'keep_communities')
    ? pageButton(label, 'community', community)
    : pageButton(label, 'home')
}

const nameText = ({ say }: Visit, { name }: Member): string => name ?? say('members.unnamed')
const itemText = (visit: Visit, one: Member): string =>
  visit.say('members.item', { name: nameText(visit, one), role: visit.say(`role.${one.role}`) })

function memberLine(visit: Visit, one: Member): string {
  return hasPosts(one)
    ? visit.say('members.posts', { member: itemText(visit, one), posts: postsText(visit, one.role, one.posts) })
    : itemText(visit, one)
}

const hasPosts = ({ role }: Member): boolean => role === 'worker' || role === 'head'

function postsText({ desk, say, language }: Visit, role: Role, posts: readonly string[]): string {
  if (posts.length === 0) return say(role === 'worker' ? 'members.all_posts' : 'members.no_posts')
  const prompts = promptsOf(desk.books.current, language)
  return posts.map((post) => term(prompts, post)).join(say('list.comma'))
}

/** The membership that an argument names, while it is held. */
async function heldMember({ desk, args }: Visit): Promise<Member | undefined> {
  const member = await desk.members.membership(args[0] ?? '')
  if (!member) return undefined
  const held = await desk.members.memberships(member.person)
  return held.some(({ id }) => id === member.id) ? member : undefined
}

const ofHeld = async (visit: Visit): Promise<string | null | undefined> => (await heldMember(visit))?.community

/** Of a membership with this role, held or ended: a redelivered removal finds it ended by itself. */
const ofMemberWith =
  (role: Role) =>
  async ({ desk, args }: Visit): Promise<string | null | undefined> => {
    const member = await desk.members.membership(args[0] ?? '')
    return member?.role === role ? member.community : undefined
  }

const member: PageSpec = {
  permission: 'see_members',
  community: ofHeld,
  show: async (visit) => {
    const { say, language } = visit
    const one = (await heldMember(visit))!
    const { id, role, community } = one
    const place = await placeOf(visit, community)
    const changes = mayTo(visit, 'remove', role, community)
    const posts = pageButton(say('members.change_posts'), 'member_posts', id)
    const remove = pageButton(say('members.remove'), 'member_remove', id)
    return {
      text: lines(
        bold(nameText(visit, one)),
        say('members.role', { role: say(`role.${role}`) }),
        say('members.place', { place: place.name }),
        hasPosts(one) ? say('members.posts_are', { posts: postsText(visit, role, one.posts) }) : undefined,
        say('members.joined', { moment: momentText(one.joinedAt.getTime(), place.zone, language) }),
      ),
      rows: [
        ...(changes ? [hasPosts(one) ? [posts, remove] : [remove]] : []),
        [pageButton(say('button.back'), 'members', community ?? DISTRICT)],
      ],
    }
  },
}

const memberPosts: PageSpec = {
  permission: 'see_members',
  community: ofHeld,
  show: async (visit) => {
    const { desk, say, language } = visit
    const one = (await heldMember(visit))!
    const prompts = promptsOf(desk.books.current, language)
    const toggles = postsOf(desk.books.current.questionnaire).map((post, i) => {
      const on = one.posts.includes(post)
      return [
        deedButton(
          `${on ? '✓' : '○'} ${term(prompts, post)}`,
          `posts_${one.role}`,
          one.id,
          String(i),
          on ? 'off' : 'on',
        ),
      ]
    })
    return {
      text: lines(
        bold(say('members.posts_title', { name: nameText(visit, one) })),
        hasPosts(one) ? say(`members.posts_${one.role}`) : undefined,
      ),
      rows: [
        ...(mayTo(visit, 'remove', one.role, one.community) ? toggles : []),
        [pageButton(say('button.back'), 'member', one.id)],
      ],
    }
  },
}

/** Whoever may remove a member may also say what they are there for. The last argument is what is wanted, not a toggle. */
const setPosts = (role: Role): DeedSpec => ({
  permission: `remove_${role}`,
  community: async (visit) => ((await heldMember(visit))?.role === role ? ofHeld(visit) : undefined),
  from: ['member_posts'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say } = visit
    const one = (await heldMember(visit))!
    const known = postsOf(desk.books.current.questionnaire)
    const post = known[numberArg(visit, 1)]
    const on = arg(visit, 2) === 'on'
    if (post === undefined || !hasPosts(one)) return { notice: say('notice.button_outdated') }
    const posts = on
      ? [...one.posts.filter((other) => other !== post), post].sort((a, b) => known.indexOf(a) - known.indexOf(b))
      : one.posts.filter((other) => other !== post)
    if (one.posts.includes(post) !== on) {
      const about = {
        subject: `person:${one.person}`,
        community: one.community,
        before: { posts: one.posts },
        after: { posts },
      }
      await desk.members.setPosts(one.id, posts, changeBy(visit, 'member_posts_changed', about))
    }
    return { notice: say('members.posts_saved', { posts: postsText(visit, role, posts) }) }
  },
})

const memberRemove: PageSpec = {
  permission: 'see_members',
  community: ofHeld,
  show: async (visit) => {
    const { say } = visit
    const one = (await heldMember(visit))!
    const { id, role, community } = one
    const place = await placeOf(visit, community)
    const ask = { name: nameText(visit, one), role: say(`role.${role}`), place: place.name }
    return {
      text: lines(bold(say('members.remove_ask', ask)), say('members.remove_text')),
      rows: [
        [pageButton(say('button.do_not'), 'member', id)],
        ...(mayTo(visit, 'remove', role, community)
          ? [[deedButton(say('members.remove_confirm'), `remove_${role}`, id)]]
          : []),
      ],
    }
  },
}

/** One for each role, so that the door asks for the permission that the membership's own role needs. */
const remove = (role: Role): DeedSpec => ({
  permission: `remove_${role}`,
  community: ofMemberWith(role),
  from: ['member_remove'],
  run: async (visit) => {
    const { desk, say } = visit
    const one = (await desk.members.membership(arg(visit, 0)))!
    const { id, person, community, posts } = one
    const to = { page: 'members', args: [community ?? DISTRICT] }
    if (role === 'admin' && (await isLastAdmin(visit, id))) return { to, notice: say('members.last_admin') }
    const about = { subject: `person:${person}`, community, before: { role, posts } }
    const ended = await desk.members.end(id, { anonymous: false }, changeBy(visit, 'member_removed', about))
    return { to, notice: ended ? say('members.removed', { name: nameText(visit, one) }) : say('members.gone') }
  },
})

/** Of a membership: whether nobody would be left who can invite the next admin. */
export async function isLastAdmin({ desk }: Visit, id: string): Promise<boolean> {
  const admins = (await desk.members.membersOf(null)).filter(({ role }) => role === 'admin')
  return admins.length === 1 && admins[0]!.id === id
}

export const MEMBER_PAGES: Record<string, PageSpec> = {
  members,
  member,
  member_posts: memberPosts,
  member_remove: memberRemove,
}
export const MEMBER_DEEDS: Record<string, DeedSpec> = {
  posts_worker: setPosts('worker'),
  posts_head: setPosts('head'),
  ...byRole((role) => `remove_${role}`, remove),
}
