/** Coming in by an invitation: its code, then name and posts, then the membership. And leaving again. */
import { postsOf } from '../../core/duty.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import type { Invitation, InvitationFault, Membership } from '../district.js'
import { bold, lines } from '../rich.js'
import type { Button, Card, Inbound } from '../speech.js'
import { button } from '../views/view.js'
import { promptsOf, term } from '../words.js'
import { listed, PEOPLE_AT_ONCE, sliced } from './listing.js'
import { isLastAdmin } from './members.js'
import { placeOf } from './places.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  HOME,
  type Outcome,
  ofDistrict,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

const HOUR_MS = 60 * 60 * 1000
/** Wrong codes of one address in an hour. A code has 144 random bits; this only ends the noise. */
const MOST_WRONG_CODES = 10
const LONGEST_NAME = 20
/** Letters of any writing, and what stands between them in names: 王芳, 阿依古丽·买买提, Anne-Marie O'Neill. */
const NAME = /^[\p{L}\p{M}](?:[\p{L}\p{M}\p{N}·•.'’ -]*[\p{L}\p{M}\p{N}.])?$/u

/** What a code opens. Called for `/start <code>` and for the web's links; the only way to the page `join`. */
export async function openInvitation(desk: Desk, session: Session, inbound: Inbound, code: string): Promise<Outcome> {
  const { invitations, now } = desk
  const say = desk.locales.in(session.language)
  const at = new Date(now())
  const since = new Date(now() - HOUR_MS)
  const { address } = inbound
  if ((await invitations.wrongSince(address, since)) >= MOST_WRONG_CODES) return { notice: say('join.too_many') }
  const invitation = await invitations.find(desk.hash(code))
  const fault = faultOf(invitation, now())
  if (fault === 'wrong') await invitations.noteWrong(address, at, since)
  const held = invitation && heldBy(await desk.members.memberships(session.person), invitation)
  // Whoever took the last use may open the link again.
  if (fault && !(held && fault === 'used_up')) return { notice: say(`join.${fault}`) }
  const known = postsOf(desk.books.current.questionnaire)
  const bits = known.reduce((sum, post, i) => (held?.posts.includes(post) ? sum | (1 << i) : sum), 0)
  return { to: { page: 'join', args: [code, String(bits)] } }
}

/** The membership that an invitation is about, where somebody has it already. */
const heldBy = (memberships: readonly Membership[], { role, community }: Invitation): Membership | undefined =>
  memberships.find((one) => one.role === role && one.community === community)

function faultOf(invitation: Invitation | undefined, now: number): InvitationFault | undefined {
  if (!invitation) return 'wrong'
  if (invitation.revokedAt) return 'revoked'
  if (invitation.expiresAt && invitation.expiresAt.getTime() <= now) return 'expired'
  return invitation.maxUses !== null && invitation.uses >= invitation.maxUses ? 'used_up' : undefined
}

/** Arguments: the code, and the chosen posts as bits. They stand in the session only, so a forged button cannot name them. */
const join: PageSpec = {
  permission: 'anyone',
  byButton: false,
  community: async (visit) => ((await invitationOf(visit)) ? null : undefined),
  show: joinCard,
  typed: async (visit, text) => {
    const { desk, say, person } = visit
    const name = text.replace(/\s+/g, ' ')
    if ([...name].length > LONGEST_NAME || !NAME.test(name))
      return { notice: say('join.name_refused', { most: LONGEST_NAME }) }
    await desk.members.rename(person, name)
    return { notice: say('join.name_saved', { name }) }
  },
}

async function joinCard(visit: Visit): Promise<Card> {
  const { desk, say, person, language } = visit
  const invitation = (await invitationOf(visit))!
  const name = await desk.members.nameOf(person)
  const place = invitation.community === null ? undefined : await desk.communities.community(invitation.community)
  const head = [
    bold(say('join.title', { place: place?.name ?? say('office.district') })),
    say('join.role', { role: say(`role.${invitation.role}`) }),
    ...(heldBy(visit.memberships, invitation)
      ? [bold(say(asksPosts(invitation) ? 'join.held_posts' : 'join.held'))]
      : []),
  ]
  if (name === null) return { text: lines(...head, '', say('join.ask_name')), rows: [] }
  const posts = asksPosts(invitation) ? postsOf(desk.books.current.questionnaire) : []
  const chosen = chosenPosts(visit)
  const prompts = promptsOf(desk.books.current, language)
  const text = lines(
    ...head,
    say('join.name', { name }),
    '',
    ...(posts.length > 0 ? [say(`join.ask_posts_${invitation.role}`)] : []),
  )
  const rows: Button[][] = posts.map((post, i) => [
    deedButton(`${chosen.includes(post) ? '✓' : '○'} ${term(prompts, post)}`, 'join_post', String(i)),
  ])
  return { text, rows: [...rows, [deedButton(say('join.confirm'), 'join_accept')]] }
}

const joinPost: DeedSpec = {
  permission: 'anyone',
  community: ofDistrict,
  from: ['join'],
  run: async ({ desk, session, args }) => {
    const known = postsOf(desk.books.current.questionnaire)
    const post = /^\d{1,2}$/.test(args[0] ?? '') ? Number(args[0]) : known.length
    if (session.view.at !== 'page' || post >= known.length) return {}
    const [code = '', bits = '0'] = session.view.args
    return { to: { page: 'join', args: [code, String(Number(bits) ^ (1 << post))] } }
  },
}

const joinAccept: DeedSpec = {
  permission: 'anyone',
  community: ofDistrict,
  from: ['join'],
  run: async (visit) => {
    const { desk, session, say, person, inbound } = visit
    const there = session.view.at === 'page' ? { ...visit, args: session.view.args } : visit
    const invitation = await invitationOf(there)
    const name = await desk.members.nameOf(person)
    if (!invitation) return { to: HOME, notice: say('join.wrong') }
    if (name === null) return { notice: say('join.ask_name') }
    const posts = asksPosts(invitation) ? [...chosenPosts(there), ...otherPosts(visit, invitation)] : []
    const { id, community, role } = invitation
    const membership = desk.idFor('m', inbound.address, inbound.id)
    const change = changeBy(visit, 'member_joined', { subject: `person:${person}`, community, after: { role, posts } })
    const joined = await desk.invitations.accept(id, { membership, person, name, posts }, change)
    if (joined !== 'joined' && joined !== 'already') return { to: HOME, notice: say(`join.${joined}`) }
    return { to: HOME, notice: say(`join.${joined}_done`) }
  },
}

const asksPosts = ({ role }: Invitation): boolean => role === 'worker' || role === 'head'

function chosenPosts(visit: Visit): string[] {
  const bits = Number(arg(visit, 1)) || 0
  return postsOf(visit.desk.books.current.questionnaire).filter((_post, i) => (bits >> i) & 1)
}

/** Posts of theirs that the present rubric does not know: they were not asked about, so they stay. */
function otherPosts({ desk, memberships }: Visit, invitation: Invitation): string[] {
  const known = postsOf(desk.books.current.questionnaire)
  return (heldBy(memberships, invitation)?.posts ?? []).filter((post) => !known.includes(post))
}

function invitationOf(visit: Visit): Promise<Invitation | undefined> {
  return visit.desk.invitations.find(visit.desk.hash(arg(visit, 0)))
}

const leave: PageSpec = {
  permission: 'anyone',
  community: ofDistrict,
  show: async (visit) => {
    const { say } = visit
    const about = { argument: 0, size: PEOPLE_AT_ONCE }
    const { items, count, line, turning } = await listed(visit, 'leave', about, sliced(visit.memberships))
    const rows: Button[][] = []
    for (const { id, role, community } of items) {
      const { name: place } = await placeOf(visit, community)
      rows.push([pageButton(say('leave.one', { place, role: say(`role.${role}`) }), 'leave_one', id)])
    }
    const text = lines(bold(say('leave.title')), say(count > 0 ? 'leave.text' : 'leave.none'), line)
    return { text, rows: [...rows, ...turning, [button(say('button.back'), { do: 'privacy' })]] }
  },
}

const ownMembership = async ({ memberships, args }: Visit): Promise<string | null | undefined> =>
  memberships.find(({ id }) => id === args[0])?.community

const leaveOne: PageSpec = {
  permission: 'anyone',
  community: ownMembership,
  show: async (visit) => {
    const { say, memberships } = visit
    const { id, role, community } = memberships.find((one) => one.id === arg(visit, 0))!
    const { name: place } = await placeOf(visit, community)
    return {
      text: lines(bold(say('leave.ask', { place, role: say(`role.${role}`) })), say('leave.consequence')),
      rows: [[pageButton(say('button.do_not'), 'leave')], [deedButton(say('leave.confirm'), 'leave', id)]],
    }
  },
}

const leaveDeed: DeedSpec = {
  permission: 'anyone',
  community: ownMembership,
  from: ['leave_one'],
  run: async (visit) => {
    const { desk, say, session, memberships } = visit
    const { id, role, community } = memberships.find((one) => one.id === arg(visit, 0))!
    if (role === 'admin' && (await isLastAdmin(visit, id)))
      return { to: { page: 'leave', args: [] }, notice: say('leave.last_admin') }
    const change = changeBy(visit, 'member_left', { subject: `person:${visit.person}`, community, before: { role } })
    const ended = await desk.members.end(id, { anonymous: true }, change)
    // Two admins who leave at the same moment: one of them stays.
    const stays = !ended && (await desk.members.memberships(visit.person)).some((one) => one.id === id)
    if (stays) return { to: { page: 'leave', args: [] }, notice: say('leave.last_admin') }
    const away: Session = { ...session, sheet: null, view: { at: 'page', page: 'home', args: [] } }
    return { to: away, notice: say('leave.done') }
  },
}

export const JOIN_PAGES = { join, leave, leave_one: leaveOne }
export const JOIN_DEEDS = { join_post: joinPost, join_accept: joinAccept, leave: leaveDeed }
