/** A community or the district as the argument of a page: who belongs there, and what it is called. */
import { may, ROLES, type Role } from '../../core/access.js'
import type { Community } from '../district.js'
import { arg, type Visit } from './visit.js'

/** In place of a community's id. */
export const DISTRICT = 'district'
/** On whose clock the district's own times are shown. */
export const DISTRICT_ZONE = 'Asia/Shanghai'

/** Of the community that an argument names, unless it is archived; of the district where it says so. */
export const ofPlace =
  (at = 0) =>
  async (visit: Visit): Promise<string | null | undefined> =>
    arg(visit, at) === DISTRICT ? null : (await activeCommunity(visit, at))?.id

/** Of the community that an argument names, unless it is archived. */
export const ofActive =
  (at = 0) =>
  async (visit: Visit): Promise<string | undefined> =>
    (await activeCommunity(visit, at))?.id

async function activeCommunity({ desk, args }: Visit, at: number): Promise<Community | undefined> {
  const community = await desk.communities.community(args[at] ?? '')
  return community?.archivedAt === null ? community : undefined
}

export type Place = { readonly id: string | null; readonly name: string; readonly zone: string }

/** Null: the district. */
export async function placeOf({ desk, say }: Visit, id: string | null): Promise<Place> {
  const community = id === null ? undefined : await desk.communities.community(id)
  return community
    ? { id, name: community.name, zone: community.timeZone }
    : { id: null, name: say('office.district'), zone: DISTRICT_ZONE }
}

/** The same where an argument names it. */
export const placeAt = (visit: Visit, at = 0): Promise<Place> =>
  placeOf(visit, arg(visit, at) === DISTRICT ? null : arg(visit, at))

/** Roles that people can be invited to there, the leading ones first. Assessors are of communities: that is what they see. */
export const rolesAt = (community: string | null): readonly Role[] =>
  community === null ? ['admin'] : ['worker', 'head', 'assessor']

/** A record with an entry for every role, made by a function. */
export function byRole<T>(name: (role: Role) => string, make: (role: Role) => T): Record<string, T> {
  return Object.fromEntries(ROLES.map((role) => [name(role), make(role)]))
}

/** Whether the visitor may do to a role there what the permissions of this kind say. */
export const mayTo = (visit: Visit, what: 'invite' | 'remove', role: Role, community: string | null): boolean =>
  may(visit.memberships, `${what}_${role}`, community)
