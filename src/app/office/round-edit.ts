/** Changes of a round's fields: typed, or by quick buttons. Every moment that was understood is said again with its day and zone. */
import { DEFAULT_HOUR, parseMoment } from '../../core/moment.js'
import type { RoundStatus } from '../../core/round.js'
import { instantOf, isZone, zonedParts } from '../../core/zoned-time.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Round } from '../rounds.js'
import type { Button } from '../speech.js'
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

const LONGEST_NAME = 40
const QUICK_DAYS = [7, 14, 30]

type Field = 'name' | 'opens' | 'deadline' | 'zone'
/** While a round is a draft everything can be changed; once it is published people rely on the rest. */
const CHANGEABLE: Readonly<Record<Field, readonly RoundStatus[]>> = {
  name: ['draft', 'published'],
  opens: ['draft'],
  deadline: ['draft', 'published'],
  zone: ['draft'],
}

/** Six in the evening on the zone's clock, so many days from now. */
export function inDays(days: number, now: number, zone: string): number {
  const { year, month, day } = zonedParts(now, zone)
  return instantOf({ year, month, day: day + days, hour: DEFAULT_HOUR, minute: 0 }, zone)
}

/** Of the district where the round is there and in one of these states. */
export const ofRoundIn =
  (...statuses: readonly RoundStatus[]) =>
  async ({ desk, args }: Visit): Promise<null | undefined> => {
    const round = await desk.rounds.round(args[0] ?? '')
    return round && statuses.includes(round.status) ? null : undefined
  }

/** The round of the first argument, where the door has seen it. */
export const theRound = async (visit: Visit): Promise<Round> => (await visit.desk.rounds.round(arg(visit, 0)))!

const fieldAt = (visit: Visit, at: number): Field | undefined =>
  Object.hasOwn(CHANGEABLE, arg(visit, at)) ? (arg(visit, at) as Field) : undefined

const roundEdit: PageSpec = {
  permission: 'keep_rounds',
  community: async (visit) => {
    const field = fieldAt(visit, 1)
    return field && ofRoundIn(...CHANGEABLE[field])(visit)
  },
  show: async (visit) => {
    const { say } = visit
    const round = await theRound(visit)
    const field = fieldAt(visit, 1)!
    return {
      text: lines(
        bold(say('rounds.change', { field: say(`rounds.fields.${field}`) })),
        say('rounds.now', { value: valueText(visit, round, field) }),
        '',
        say(`rounds.ask.${field}`),
      ),
      rows: [...quickRows(visit, round, field), [pageButton(say('button.back'), 'round', round.id)]],
    }
  },
  typed: async (visit, text) => {
    const round = await theRound(visit)
    switch (fieldAt(visit, 1)!) {
      case 'name':
        return rename(visit, round, text)
      case 'zone':
        return rezone(visit, round, text)
      case 'opens':
      case 'deadline':
        return typedMoment(visit, round, text)
    }
  },
}

function quickRows({ say }: Visit, { id }: Round, field: Field): Button[][] {
  if (field === 'opens') return [[deedButton(say('rounds.opens_now'), 'round_opens', id)]]
  if (field !== 'deadline') return []
  return QUICK_DAYS.map((days) => [deedButton(say('rounds.in_days', { days }), 'round_due', id, String(days))])
}

function valueText({ language }: Visit, round: Round, field: Field): string {
  switch (field) {
    case 'name':
      return round.name
    case 'zone':
      return round.timeZone
    case 'opens':
      return momentText(round.opensAt.getTime(), round.timeZone, language)
    case 'deadline':
      return momentText(round.deadline.getTime(), round.timeZone, language)
  }
}

async function rename(visit: Visit, round: Round, text: string): Promise<Outcome> {
  const name = text.replace(/\s+/g, ' ')
  if (name === '' || [...name].length > LONGEST_NAME || /\p{C}/u.test(name))
    return { notice: visit.say('rounds.refused.name') }
  const about = { before: { name: round.name }, after: { name } }
  await visit.desk.rounds.update(round.id, { name }, changeOf(visit, round, 'round_renamed', about))
  return saved(visit, { ...round, name }, 'name')
}

/** The instants stay; both are shown on the new clock from now on. */
async function rezone(visit: Visit, round: Round, zone: string): Promise<Outcome> {
  const { desk, say, language } = visit
  if (!isZone(zone)) return { notice: say('rounds.refused.zone') }
  const about = { before: { time_zone: round.timeZone }, after: { time_zone: zone } }
  await desk.rounds.update(round.id, { timeZone: zone }, changeOf(visit, round, 'round_zone_changed', about))
  const deadline = momentText(round.deadline.getTime(), zone, language)
  return { to: { page: 'round', args: [round.id] }, notice: say('rounds.saved_zone', { zone, deadline }) }
}

async function typedMoment(visit: Visit, round: Round, text: string): Promise<Outcome> {
  const read = parseMoment(text, round.timeZone, visit.now)
  if (!read.ok) return { notice: visit.say(`rounds.refused.${read.reason}`) }
  return fieldAt(visit, 1) === 'opens' ? open(visit, round, read.at) : due(visit, round, read.at)
}

async function open(visit: Visit, round: Round, at: number): Promise<Outcome> {
  const deadline = valueText(visit, round, 'deadline')
  if (at >= round.deadline.getTime()) return { notice: visit.say('rounds.refused.opens_order', { deadline }) }
  const opensAt = new Date(at)
  const about = { before: { opens: round.opensAt.toISOString() }, after: { opens: opensAt.toISOString() } }
  await visit.desk.rounds.update(round.id, { opensAt }, changeOf(visit, round, 'round_opening_changed', about))
  return saved(visit, { ...round, opensAt }, 'opens')
}

async function due(visit: Visit, round: Round, at: number): Promise<Outcome> {
  const opens = valueText(visit, round, 'opens')
  if (at <= round.opensAt.getTime()) return { notice: visit.say('rounds.refused.deadline_order', { opens }) }
  if (at <= visit.now) return { notice: visit.say('rounds.refused.past') }
  const deadline = new Date(at)
  const about = { before: { deadline: round.deadline.toISOString() }, after: { deadline: deadline.toISOString() } }
  await visit.desk.rounds.update(round.id, { deadline }, changeOf(visit, round, 'round_deadline_changed', about))
  return saved(visit, { ...round, deadline }, 'deadline')
}

function saved(visit: Visit, round: Round, field: Field): Outcome {
  const { say } = visit
  const notice = say('rounds.saved', { field: say(`rounds.fields.${field}`), value: valueText(visit, round, field) })
  return { to: { page: 'round', args: [round.id] }, notice }
}

/** A line for the audit log about a round. */
export const changeOf = (
  visit: Visit,
  { id }: Round,
  action: string,
  about: Pick<Parameters<typeof changeBy>[2], 'before' | 'after'> = {},
) => changeBy(visit, action, { subject: `round:${id}`, community: null, ...about })

const roundDue: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRoundIn(...CHANGEABLE.deadline),
  from: ['round_edit'],
  run: async (visit) => {
    const round = await theRound(visit)
    const days = numberArg(visit, 1)
    if (!QUICK_DAYS.includes(days)) return { notice: visit.say('notice.button_outdated') }
    return due(visit, round, inDays(days, visit.now, round.timeZone))
  },
}

const roundOpens: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRoundIn(...CHANGEABLE.opens),
  from: ['round_edit'],
  run: async (visit) => open(visit, await theRound(visit), visit.now),
}

const roundMode: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRoundIn('draft'),
  from: ['round'],
  run: async (visit) => {
    const { desk, say } = visit
    const round = await theRound(visit)
    const mode = arg(visit, 1)
    if (mode !== 'shared' && mode !== 'individual') return { notice: say('notice.button_outdated') }
    const about = { before: { mode: round.mode }, after: { mode } }
    if (mode !== round.mode)
      await desk.rounds.update(round.id, { mode }, changeOf(visit, round, 'round_mode_changed', about))
    return { notice: say('rounds.saved', { field: say('rounds.fields.mode'), value: say(`rounds.mode.${mode}`) }) }
  },
}

export const EDIT_PAGES: Record<string, PageSpec> = { round_edit: roundEdit }
export const EDIT_DEEDS: Record<string, DeedSpec> = {
  round_due: roundDue,
  round_opens: roundOpens,
  round_mode: roundMode,
}
