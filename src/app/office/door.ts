/** The one door to the office: whether a visitor may do what a page or a deed is for. */
import { may } from '../../core/access.js'
import type { DeedSpec, PageSpec, Visit } from './visit.js'

/** `gone`: what it is about is not there (any more). */
export type Answer = 'open' | 'refused' | 'gone'

export async function askDoor(visit: Visit, spec: PageSpec | DeedSpec): Promise<Answer> {
  const community = await spec.community(visit)
  if (spec.permission === 'anyone') return community === undefined ? 'gone' : 'open'
  if (community === undefined) return 'gone'
  return may(visit.memberships, spec.permission, community) ? 'open' : 'refused'
}
