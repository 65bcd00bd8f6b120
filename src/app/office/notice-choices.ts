/** What can be chosen for each facet of an audience, and an audience with one thing chosen or not. */
import { may, ROLES, type Role } from '../../core/access.js'
import type { Audience } from '../../core/audience.js'
import { postsOf } from '../../core/duty.js'
import { phaseOf } from '../../core/round.js'
import type { Page, Slice } from '../district.js'
import type { Notice } from '../notices.js'
import type { Round } from '../rounds.js'
import { promptsOf, term } from '../words.js'
import { sliced } from './listing.js'
import type { Facet } from './notice-audience-words.js'
import { rolesAt } from './places.js'
import type { Visit } from './visit.js'

/** More than anybody goes through; older notices are chosen by their number. */
const MOST_NOTICES = 100
const MOST_ROUNDS = 100
const MOST_COMMUNITIES = 1000

/** `value`: as an argument. */
export type Choice = { readonly value: string; readonly label: string; readonly on: boolean }

export function choicesOf(visit: Visit, draft: Notice, facet: Facet): (slice: Slice) => Promise<Page<Choice>> {
  if (facet === 'communities') return (slice) => communityChoices(visit, draft, slice)
  return async (slice) => sliced(await fewChoices(visit, draft, facet))(slice)
}

async function communityChoices({ desk, say }: Visit, { audience }: Notice, slice: Slice): Promise<Page<Choice>> {
  const { items, count } = await desk.communities.list(slice)
  const choice = ({ id, name, street }: (typeof items)[number]): Choice => ({
    value: id,
    label: street === '' ? name : say('communities.item', { name, street }),
    on: audience.communities.includes(id),
  })
  return { items: items.map(choice), count }
}

async function fewChoices(visit: Visit, draft: Notice, facet: Exclude<Facet, 'communities'>): Promise<Choice[]> {
  const { desk, say, language } = visit
  const { audience } = draft
  switch (facet) {
    case 'roles':
      return rolesFor(draft).map((role) => ({
        value: role,
        label: say(`role.${role}`),
        on: audience.roles.includes(role),
      }))
    case 'posts':
      return postsOf(desk.books.current.questionnaire).map((post, i) => ({
        value: String(i),
        label: term(promptsOf(desk.books.current, language), post),
        on: audience.posts.includes(post),
      }))
    case 'streets':
      return (await streets(visit)).map(({ street, value }) => ({
        value,
        label: street,
        on: audience.streets.includes(street),
      }))
    case 'open':
      return (await openRounds(visit, draft)).map(({ id, name }) => ({
        value: id,
        label: name,
        on: audience.openIn === id,
      }))
    case 'grade':
      return gradeChoices(visit, draft)
    case 'unread':
      return (await earlier(visit, draft)).map(({ id, number }) => ({
        value: id,
        label: say('notices.numbered', { number }),
        on: audience.unread === id,
      }))
  }
}

const rolesFor = ({ community }: Notice): readonly Role[] => (community === null ? ROLES : rolesAt(community))

/** A street goes by the id of a community in it, so that the list may change while somebody looks at it. */
async function streets({ desk }: Visit): Promise<{ street: string; value: string }[]> {
  const { items } = await desk.communities.list({ offset: 0, limit: MOST_COMMUNITIES })
  const known = new Map<string, string>()
  for (const { id, street } of items) if (street !== '' && !known.has(street)) known.set(street, id)
  return [...known].map(([street, value]) => ({ street, value }))
}

const allRounds = async ({ desk }: Visit, { community }: Notice): Promise<readonly Round[]> =>
  community === null
    ? (await desk.rounds.list({ offset: 0, limit: MOST_ROUNDS })).items
    : (await desk.rounds.assessmentsOf([community], MOST_ROUNDS)).map(({ round }) => round)

/** Those that are open now, and the one that was chosen while it was. */
const openRounds = async (visit: Visit, draft: Notice): Promise<Round[]> =>
  (await allRounds(visit, draft)).filter(
    (one) => phaseOf(one, visit.now) === 'open' || one.id === draft.audience.openIn,
  )

async function gradeChoices(visit: Visit, draft: Notice): Promise<Choice[]> {
  const { desk, say } = visit
  const { atLeast } = draft.audience
  const choices: Choice[] = []
  for (const round of (await allRounds(visit, draft)).filter(({ status }) => status !== 'draft'))
    for (const { code } of (await desk.books.of(round.rubric))?.rubric.grades ?? [])
      choices.push({
        value: `${round.id}.${code}`,
        label: say('notices.at_least', { round: round.name, grade: code }),
        on: atLeast?.round === round.id && atLeast.grade === code,
      })
  return choices
}

const earlier = async ({ desk }: Visit, { community }: Notice): Promise<Notice[]> =>
  (await desk.notices.list(community, { offset: 0, limit: MOST_NOTICES })).items.filter(isSent)

const isSent = ({ status }: Notice): boolean => status !== 'draft'

/**
 * The audience with a choice taken or (`on` false) not; undefined where there is no such choice. Of rounds, grades and
 * earlier notices one is chosen at a time.
 */
export async function withChoice(
  visit: Visit,
  draft: Notice,
  facet: Facet,
  value: string,
  on: boolean,
): Promise<Audience | undefined> {
  const { desk, memberships } = visit
  const { audience } = draft
  switch (facet) {
    case 'roles': {
      const role = rolesFor(draft).find((one) => one === value)
      return role && { ...audience, roles: toggled(ROLES, audience.roles, role, on) }
    }
    case 'posts': {
      const known = postsOf(desk.books.current.questionnaire)
      const post = known[Number(value)]
      return post === undefined ? undefined : { ...audience, posts: toggled(known, audience.posts, post, on) }
    }
    case 'communities': {
      const there = await desk.communities.community(value)
      return there && { ...audience, communities: toggled([], audience.communities, value, on) }
    }
    case 'streets': {
      const street = (await desk.communities.community(value))?.street
      return street ? { ...audience, streets: toggled([], audience.streets, street, on) } : undefined
    }
    case 'open': {
      const round = (await openRounds(visit, draft)).find(({ id }) => id === value)
      return round && { ...audience, openIn: on ? round.id : null }
    }
    case 'grade': {
      if (!(await gradeChoices(visit, draft)).some((one) => one.value === value)) return undefined
      const [round, grade] = value.split('.') as [string, string]
      return { ...audience, atLeast: on ? { round, grade } : null }
    }
    case 'unread': {
      const notice = await desk.notices.notice(value)
      const known = notice && isSent(notice) && may(memberships, 'notify', notice.community)
      return known ? { ...audience, unread: on ? value : null } : undefined
    }
  }
}

/** In the order of `known`, what is not in it last. */
function toggled<T>(known: readonly T[], all: readonly T[], one: T, on: boolean): readonly T[] {
  if (all.includes(one) === on) return all
  const rest = all.filter((other) => other !== one)
  const place = (each: T) => (known.includes(each) ? known.indexOf(each) : known.length)
  return on ? [...rest, one].sort((a, b) => place(a) - place(b)) : rest
}
