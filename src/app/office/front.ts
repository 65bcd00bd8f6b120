/** Where /start, /assess and the office's commands lead: an invitation, one's sheet, the home page, a practice sheet. */
import { communitiesFor, mayAnywhere } from '../../core/access.js'
import type { Input } from '../../core/input.js'
import { phaseOf } from '../../core/round.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import type { Membership } from '../district.js'
import type { Assessment } from '../rounds.js'
import type { Inbound } from '../speech.js'
import { beginIn } from './enter-round.js'
import { openInvitation } from './join.js'
import type { OfficeInput } from './office.js'
import { pictureOf } from './summary.js'
import type { Outcome, Ref } from './visit.js'

/** Rounds that a person may choose from; older ones are history. */
export const MOST_ASSESSMENTS = 12

const home: Ref = { page: 'home', args: [] }

/** `sheet`: the conversation takes it. Undefined: no door is asked for. */
export async function frontDoor(
  desk: Desk,
  session: Session,
  input: Input | OfficeInput,
  inbound: Inbound,
): Promise<Outcome | 'sheet' | undefined> {
  const { content } = inbound
  if (input.kind === 'command' && input.command === 'start' && content.kind === 'command' && content.argument !== '')
    return openInvitation(desk, session, inbound, content.argument)
  if (input.kind === 'office_command') return officeDoor(desk, session, input.command)
  const begins = input.kind === 'press' && (input.action.do === 'begin' || input.action.do === 'restart_confirmed')
  const starts =
    input.kind === 'command' && (input.command === 'start' || (input.command === 'assess' && !session.sheet))
  if (!begins && !starts) return undefined
  const memberships = await desk.members.memberships(session.person)
  if ((starts || !session.sheet) && memberships.length > 0) return memberDoor(desk, session, memberships)
  if (session.sheet && !begins) return 'sheet'
  if (begins && session.sheet && input.kind === 'press' && input.action.do === 'begin') return 'sheet'
  return (await mayPractise(desk, inbound)) ? 'sheet' : { to: { page: 'closed', args: [] } }
}

/** Whether a person may take a practice sheet: the admin's switch, and always for guests of the demo. */
export async function mayPractise({ members }: Desk, { guest }: Inbound): Promise<boolean> {
  return guest || (await members.option('practice')) !== 'off'
}

/** Published assessments in which somebody takes part by a role of their own, newest round first, archived ones left out. */
export function ownAssessments(desk: Desk, memberships: readonly Membership[]): Promise<Assessment[]> {
  const communities = [
    ...new Set([...communitiesFor(memberships, 'answer'), ...communitiesFor(memberships, 'see_summary')]),
  ]
  return communities.length === 0 ? Promise.resolve([]) : desk.rounds.assessmentsOf(communities, MOST_ASSESSMENTS)
}

/** Straight to the sheet where there is only one thing to do; else the page to choose on. */
async function memberDoor(desk: Desk, session: Session, memberships: readonly Membership[]): Promise<Outcome> {
  const onlyWorks = memberships.every(({ role }) => role === 'worker') && memberships.length === 1
  const open = (await ownAssessments(desk, memberships)).filter(({ round }) => phaseOf(round, desk.now()) === 'open')
  if (!onlyWorks || open.length !== 1) return { to: home }
  return (await beginIn(desk, session, open[0]!)) ?? { to: home }
}

async function officeDoor(desk: Desk, session: Session, command: 'summary' | 'overview' | 'manage'): Promise<Outcome> {
  const memberships = await desk.members.memberships(session.person)
  const say = desk.locales.in(session.language)
  const district = mayAnywhere(memberships, 'see_overview')
  if (command === 'manage') return district ? { to: { page: 'manage', args: [] } } : { notice: say('office.refused') }
  const { items } = await desk.rounds.list({ offset: 0, limit: 1 })
  const newest = items[0]
  if (command === 'overview')
    return district
      ? newest
        ? { to: { page: 'overview', args: [newest.id] } }
        : { to: { page: 'rounds', args: [] }, notice: say('office.no_round') }
      : { notice: say('office.refused') }
  const watched = communitiesFor(memberships, 'see_summary')
  if (watched.length === 0)
    return district
      ? newest
        ? { to: { page: 'overview', args: [newest.id] } }
        : { notice: say('office.no_round') }
      : { notice: say('office.refused') }
  const mine = await desk.rounds.assessmentsOf(watched, MOST_ASSESSMENTS)
  const first = mine[0]
  if (!first) return { to: home, notice: say('office.no_round') }
  return { to: { page: 'summary', args: [first.id] }, ...(await pictureOf(desk, session.language, first)) }
}
