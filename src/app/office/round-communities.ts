/** Which communities take part in a round. */
import { bold, lines } from '../rich.js'
import { listed } from './listing.js'
import { changeOf, ofRoundIn, theRound } from './round-edit.js'
import { arg, type DeedSpec, deedButton, numberArg, type Outcome, type PageSpec, pageButton } from './visit.js'

const ofRound = ofRoundIn('draft', 'published')

const roundCommunities: PageSpec = {
  permission: 'keep_rounds',
  community: ofRound,
  show: async (visit) => {
    const { desk, say } = visit
    const { id, name, status } = await theRound(visit)
    const load = (slice: Parameters<typeof desk.rounds.choices>[1]) => desk.rounds.choices(id, slice)
    const place = { argument: 1, before: [id] }
    const { items, count, at, line, turning } = await listed(visit, 'round_parts', place, load)
    const size = await desk.rounds.size(id)
    const toggles = items.map(({ community, takesPart }) => {
      const label = `${takesPart ? '✓' : '○'} ${community.name}`
      return [deedButton(label, 'round_community', id, community.id, takesPart ? 'out' : 'in', String(at))]
    })
    const hint = count === 0 ? 'parts_none' : status === 'draft' ? 'parts_draft' : 'parts_published'
    return {
      text: lines(bold(say('rounds.parts_title', { round: name, count: size })), say(`rounds.${hint}`), line),
      rows: [
        ...toggles,
        ...turning,
        ...(size < count ? [[deedButton(say('rounds.all'), 'round_all', id, String(at))]] : []),
        [pageButton(say('button.back'), 'round', id)],
      ],
    }
  },
}

/** The third argument is what is wanted, so that a second tap on the same button changes nothing. */
const roundCommunity: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRound,
  from: ['round_parts'],
  run: async (visit): Promise<Outcome> => {
    const { desk, say } = visit
    const round = await theRound(visit)
    const community = await desk.communities.community(arg(visit, 1))
    const wanted = arg(visit, 2)
    if (!community || (wanted !== 'in' && wanted !== 'out')) return { notice: say('notice.button_outdated') }
    const to = { page: 'round_parts', args: [round.id, String(numberArg(visit, 3))] }
    const { id, name } = community
    const part = { communities: [id] }
    const about = wanted === 'in' ? { after: part } : { before: part }
    const change = { ...changeOf(visit, round, 'round_communities_changed', about), community: id }
    if (wanted === 'in') {
      await desk.rounds.addCommunities(round.id, [id], change)
      return { to, notice: say('rounds.added', { name }) }
    }
    const out = await desk.rounds.removeCommunity(round.id, id, change)
    return { to, notice: say(out ? 'rounds.taken_out' : 'rounds.answered', { name }) }
  },
}

const roundAll: DeedSpec = {
  permission: 'keep_rounds',
  community: ofRound,
  from: ['round_parts'],
  run: async (visit) => {
    const { desk, say } = visit
    const round = await theRound(visit)
    const change = changeOf(visit, round, 'round_communities_changed', { after: { communities: 'all' } })
    await desk.rounds.addCommunities(round.id, 'all', change)
    const count = await desk.rounds.size(round.id)
    const to = { page: 'round_parts', args: [round.id, String(numberArg(visit, 1))] }
    return { to, notice: say('rounds.added_all', { count }) }
  },
}

export const ROUND_COMMUNITY_PAGES = { round_parts: roundCommunities }
export const ROUND_COMMUNITY_DEEDS = { round_community: roundCommunity, round_all: roundAll }
