/** The admin's rounds (批次): the list, a new draft, one round with what can be done to it now. Changes of state: round-steps.ts. */
import { phaseOf } from '../../core/round.js'
import { zonedParts } from '../../core/zoned-time.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import type { Round } from '../rounds.js'
import type { Button } from '../speech.js'
import { listed } from './listing.js'
import { DISTRICT_ZONE } from './places.js'
import { EDIT_DEEDS, EDIT_PAGES, inDays } from './round-edit.js'
import { STEP_DEEDS, STEP_PAGES } from './round-steps.js'
import { arg, changeBy, type DeedSpec, deedButton, ofDistrict, type PageSpec, pageButton, type Visit } from './visit.js'

/** How long a new round is open unless the admin says otherwise. */
const USUAL_DAYS = 14
const MINUTE_MS = 60_000
const MONTHS_IN_QUARTER = 3

const rounds: PageSpec = {
  permission: 'keep_rounds',
  community: ofDistrict,
  show: async (visit) => {
    const { desk, say, now } = visit
    const { items, count, line, turning } = await listed(visit, 'rounds', { argument: 0 }, desk.rounds.list)
    const label = (round: Round) =>
      say('rounds.item', { round: round.name, phase: say(`rounds.phase.${phaseOf(round, now)}`) })
    return {
      text: lines(bold(say('rounds.title', { count })), line, count === 0 ? say('rounds.none') : undefined),
      rows: [
        ...items.map((round) => [pageButton(label(round), 'round', round.id)]),
        ...turning,
        [deedButton(say('rounds.new'), 'round_new')],
        [pageButton(say('button.back'), 'manage')],
      ],
    }
  },
}

/** A draft that could be published as it is: open now, all communities, two weeks. */
const roundNew: DeedSpec = {
  permission: 'keep_rounds',
  community: ofDistrict,
  from: ['rounds'],
  run: async (visit) => {
    const { desk, say, inbound, now } = visit
    const id = desk.idFor('r', inbound.address, inbound.id)
    const { year, month } = zonedParts(now, DISTRICT_ZONE)
    const fields = {
      name: say('rounds.name', { year, quarter: Math.ceil(month / MONTHS_IN_QUARTER) }),
      rubric: desk.books.current.hash,
      mode: 'shared' as const,
      opensAt: new Date(Math.floor(now / MINUTE_MS) * MINUTE_MS),
      deadline: new Date(inDays(USUAL_DAYS, now, DISTRICT_ZONE)),
      timeZone: DISTRICT_ZONE,
    }
    const { name, mode, opensAt, deadline } = fields
    const after = { name, mode, opens: opensAt.toISOString(), deadline: deadline.toISOString() }
    const about = { subject: `round:${id}`, community: null }
    await desk.rounds.create(id, fields, changeBy(visit, 'round_created', { ...about, after }))
    const all = changeBy(visit, 'round_communities_changed', { ...about, after: { communities: 'all' } })
    await desk.rounds.addCommunities(id, 'all', all)
    const count = await desk.rounds.size(id)
    return { to: { page: 'round', args: [id] }, notice: say('rounds.created', { count }) }
  },
}

const round: PageSpec = {
  permission: 'keep_rounds',
  community: async ({ desk, args }) => ((await desk.rounds.round(args[0] ?? '')) ? null : undefined),
  show: async (visit) => {
    const { desk, say, language, now } = visit
    const one = (await desk.rounds.round(arg(visit, 0)))!
    const size = await desk.rounds.size(one.id)
    const moment = (at: Date) => momentText(at.getTime(), one.timeZone, language)
    const field = (name: string, value: string) => say('manage.field', { name: say(`rounds.fields.${name}`), value })
    const rubric = (await desk.books.of(one.rubric))?.rubric
    return {
      text: lines(
        bold(one.name),
        field('phase', say(`rounds.phase.${phaseOf(one, now)}`)),
        field('mode', say(`rounds.mode.${one.mode}`)),
        field('opens', moment(one.opensAt)),
        field('deadline', moment(one.deadline)),
        field('zone', one.timeZone),
        field('communities', say('rounds.communities', { count: size })),
        one.status === 'draft' ? undefined : field('submitted', `${one.submitted}/${size}`),
        rubric ? field('rubric', `${rubric.id} ${rubric.version}`) : undefined,
      ),
      rows: [...rowsOf(visit, one, size), [pageButton(say('button.back'), 'rounds')]],
    }
  },
}

function rowsOf({ say, desk }: Visit, { id, status, mode }: Round, size: number): Button[][] {
  const change = (field: string) =>
    pageButton(say('rounds.change', { field: say(`rounds.fields.${field}`) }), 'round_edit', id, field)
  const communities = pageButton(say('rounds.communities_button', { count: size }), 'round_parts', id)
  const overview = pageButton(say('rounds.overview'), 'overview', id)
  switch (status) {
    case 'draft': {
      const other = mode === 'shared' ? 'individual' : 'shared'
      const changeMode = say('rounds.change_mode', { mode: say(`rounds.mode.${other}`) })
      return [
        [pageButton(say('rounds.publish'), 'round_publish', id)],
        [change('name'), deedButton(changeMode, 'round_mode', id, other)],
        [change('opens'), change('deadline')],
        [change('zone'), communities],
        ...(desk.books.all.length > 1 ? [[pageButton(say('rounds.choose_rubric'), 'round_rubric', id)]] : []),
      ]
    }
    case 'published':
      return [
        [overview],
        [change('name'), change('deadline')],
        [communities],
        [pageButton(say('rounds.close'), 'round_close', id)],
      ]
    case 'closed':
      return [
        [overview],
        [deedButton(say('rounds.reopen'), 'round_reopen', id), pageButton(say('rounds.archive'), 'round_archive', id)],
      ]
    case 'archived':
      return [[overview]]
  }
}

export const ROUND_PAGES: Record<string, PageSpec> = { rounds, round, ...EDIT_PAGES, ...STEP_PAGES }
export const ROUND_DEEDS: Record<string, DeedSpec> = { round_new: roundNew, ...EDIT_DEEDS, ...STEP_DEEDS }
