/** Where /start, /assess and the office's commands lead: an invitation, one's sheet, the home page, a practice sheet. */
import { communitiesFor, mayAnywhere } from '../../core/access.js'
import type { Input, OfficeCommand } from '../../core/input.js'
import { phaseOf } from '../../core/round.js'
import type { Session } from '../../core/session.js'
import type { Desk } from '../desk.js'
import type { Membership } from '../district.js'
import type { Assessment } from '../rounds.js'
import type { Inbound } from '../speech.js'
import { bestBy, currentRound } from './choose-round.js'
import { beginIn } from './enter-round.js'
import { openInvitation } from './join.js'
import type { OfficeInput } from './office.js'
import { DISTRICT } from './places.js'
import { pictureOf } from './summary.js'
import { HOME, type Outcome } from './visit.js'

/** Rounds that a person may choose from; older ones are history. */
export const MOST_ASSESSMENTS = 12

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
  if (input.kind === 'office_command') return officeDoor(desk, session, inbound, input.command)
  // Starting over is about the sheet in hand; for any other one the conversation says that the button is outdated.
  const restarts =
    input.kind === 'press' && input.action.do === 'restart_confirmed' && input.action.sheet === session.sheet?.id
  const begins = restarts || (input.kind === 'press' && input.action.do === 'begin')
  const starts =
    input.kind === 'command' && (input.command === 'start' || (input.command === 'assess' && !session.sheet))
  if (!begins && !starts) return undefined
  const memberships = await desk.members.memberships(session.person)
  if ((starts || !session.sheet) && memberships.length > 0) return memberDoor(desk, session, memberships)
  if (session.sheet && !begins) return 'sheet'
  if (begins && session.sheet && input.kind === 'press' && input.action.do === 'begin') return 'sheet'
  if (await mayPractise(desk, inbound)) return 'sheet'
  if (memberships.length === 0) return { to: { page: 'closed', args: [] } }
  return { to: HOME, notice: desk.locales.in(session.language)('home.practice_off') }
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
  if (!onlyWorks || open.length !== 1) return { to: HOME }
  return (await beginIn(desk, session, open[0]!)) ?? { to: HOME }
}

async function officeDoor(desk: Desk, session: Session, inbound: Inbound, command: OfficeCommand): Promise<Outcome> {
  const memberships = await desk.members.memberships(session.person)
  const say = desk.locales.in(session.language)
  const district = mayAnywhere(memberships, 'see_overview')
  if (command === 'manage') return district ? { to: { page: 'manage', args: [] } } : { notice: say('office.refused') }
  if (command === 'notice') {
    const own = communitiesFor(memberships, 'notify')
    if (mayAnywhere(memberships, 'notify')) return { to: { page: 'notices', args: [DISTRICT] } }
    return own[0] === undefined ? { notice: say('office.refused') } : { to: { page: 'notices', args: [own[0]] } }
  }
  const current = await currentRound(desk)
  if (command === 'overview')
    return district
      ? current
        ? { to: { page: 'overview', args: [current.id] } }
        : { to: { page: 'rounds', args: [] }, notice: say('office.no_round') }
      : { notice: say('office.refused') }
  const watched = communitiesFor(memberships, 'see_summary')
  if (watched.length === 0)
    return district
      ? current
        ? { to: { page: 'overview', args: [current.id] } }
        : { notice: say('office.no_round') }
      : { notice: say('office.refused') }
  // Of one community as many rounds as on the home page: rounds to come stand before the one that is open.
  const mine = await desk.rounds.assessmentsOf(watched, MOST_ASSESSMENTS * watched.length)
  const first = bestBy(mine, ({ round }) => round, desk.now())
  if (!first) return { to: HOME, notice: say('office.no_round') }
  return { to: { page: 'summary', args: [first.id] }, ...(await pictureOf(desk, session.language, first, inbound)) }
}
