/** Whom a notice is for, in words. */
import type { Audience } from '../../core/audience.js'
import type { Notice } from '../notices.js'
import { promptsOf, term } from '../words.js'
import { placeOf } from './places.js'
import type { Visit } from './visit.js'

/** What an audience asks for, in the order of its pages. */
export const FACETS = ['roles', 'posts', 'communities', 'streets', 'open', 'grade', 'unread'] as const
export type Facet = (typeof FACETS)[number]
/** Within one community there is nothing to choose among communities. */
const WITHIN: readonly Facet[] = ['roles', 'posts', 'open', 'unread']

export const facetsFor = ({ community }: Pick<Notice, 'community'>): readonly Facet[] =>
  community === null ? FACETS : WITHIN

/** Names of a longer list that are said. */
const NAMED = 3

/** `社区负责人；岗位：网格员`; everybody of the place where nothing is chosen. */
export async function audienceText(visit: Visit, { audience, community }: Notice): Promise<string> {
  const { say } = visit
  const parts: string[] = []
  for (const facet of FACETS) {
    const value = await facetText(visit, audience, facet)
    if (value !== undefined) parts.push(say(`notices.wanted.${facet}`, { value }))
  }
  if (parts.length > 0) return parts.join(say('list.semicolon'))
  return say('notices.everybody', { place: (await placeOf(visit, community)).name })
}

/** What is chosen of one facet; undefined: nothing. */
export async function facetText(visit: Visit, audience: Audience, facet: Facet): Promise<string | undefined> {
  const { desk, say, language } = visit
  const { roles, posts, communities, streets, openIn, atLeast, unread } = audience
  switch (facet) {
    case 'roles':
      return listText(visit, roles, async (role) => say(`role.${role}`))
    case 'posts':
      return listText(visit, posts, async (post) => term(promptsOf(desk.books.current, language), post))
    case 'communities':
      return listText(visit, communities, async (id) => (await desk.communities.community(id))?.name ?? id)
    case 'streets':
      return listText(visit, streets, async (street) => street)
    case 'open':
      return openIn === null ? undefined : roundName(visit, openIn)
    case 'grade':
      return atLeast === null
        ? undefined
        : say('notices.at_least', { round: await roundName(visit, atLeast.round), grade: atLeast.grade })
    case 'unread': {
      if (unread === null) return undefined
      const notice = await desk.notices.notice(unread)
      return notice ? say('notices.numbered', { number: notice.number }) : unread
    }
  }
}

const roundName = async ({ desk }: Visit, id: string): Promise<string> => (await desk.rounds.round(id))?.name ?? id

async function listText<T>(
  { say }: Visit,
  all: readonly T[],
  name: (one: T) => Promise<string>,
): Promise<string | undefined> {
  if (all.length === 0) return undefined
  const names = (await Promise.all(all.slice(0, NAMED).map(name))).join(say('list.comma'))
  return all.length > NAMED ? say('notices.and_more', { names, count: all.length }) : names
}
