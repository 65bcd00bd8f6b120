/** The admin's communities: the list, one of them, a new one from one typed line, changes of a field, archiving. */
import { phaseOf } from '../../core/round.js'
import type { Community } from '../district.js'
import { bold, lines } from '../rich.js'
import { COMMUNITY_FIELDS, fieldIn, isCommunityField, lineIn } from './community-words.js'
import { makeInvitation, usualLimits } from './invitation-link.js'
import { listed } from './listing.js'
import { DISTRICT_ZONE, ofActive } from './places.js'
import {
  arg,
  changeBy,
  type DeedSpec,
  deedButton,
  type Outcome,
  ofCommunity,
  ofDistrict,
  type PageSpec,
  pageButton,
  type Visit,
} from './visit.js'

const communities: PageSpec = {
  permission: 'keep_communities',
  community: ofDistrict,
  show: async (visit) => {
    const { desk, say } = visit
    const { items, count, line, turning } = await listed(visit, 'communities', { argument: 0 }, desk.communities.list)
    return {
      text: lines(bold(say('communities.title', { count })), line, count === 0 ? say('communities.none') : undefined),
      rows: [
        ...items.map(({ id, name, street }) => [
          pageButton(street === '' ? name : say('communities.item', { name, street }), 'community', id),
        ]),
        ...turning,
        [pageButton(say('communities.new'), 'community_new')],
        [pageButton(say('button.back'), 'manage')],
      ],
    }
  },
}

/** What is typed makes a community. */
const communityNew: PageSpec = {
  permission: 'keep_communities',
  community: ofDistrict,
  show: async ({ say }) => ({
    text: lines(bold(say('communities.new')), say('communities.new_ask')),
    rows: [[pageButton(say('button.back'), 'communities')]],
  }),
  typed: async (visit, text): Promise<Outcome> => {
    const { desk, say, inbound } = visit
    const read = lineIn(text)
    if (!read) return { notice: say('communities.new_refused') }
    const fields = { ...read, timeZone: DISTRICT_ZONE }
    const id = desk.idFor('c', inbound.address, inbound.id)
    const change = changeBy(visit, 'community_created', { subject: `community:${id}`, community: id, after: read })
    if ((await desk.communities.create(id, fields, change)) === 'taken')
      return { notice: say('communities.taken', { name: read.name, street: read.street }) }
    const place = { id, name: read.name, zone: DISTRICT_ZONE }
    const links = [
      await makeInvitation(visit, place, 'head', usualLimits('head')),
      await makeInvitation(visit, place, 'worker', usualLimits('worker')),
    ]
    const notice = say('communities.created', { name: read.name })
    return { to: { page: 'community', args: [id] }, notice, before: links }
  },
}

const community: PageSpec = {
  permission: 'keep_communities',
  community: ofCommunity(),
  show: async (visit) => {
    const { say } = visit
    const one = await theCommunity(visit)
    const { id } = one
    const text = lines(
      bold(one.name),
      ...COMMUNITY_FIELDS.slice(1).map((field) =>
        say('manage.field', { name: say(`communities.fields.${field}`), value: valueText(visit, one, field) }),
      ),
      ...(await moreAbout(visit, one)),
    )
    const back = [pageButton(say('button.back'), 'communities')]
    if (one.archivedAt) return { text, rows: [back] }
    const change = (field: string) =>
      pageButton(say('communities.change', { field: say(`communities.fields.${field}`) }), 'community_edit', id, field)
    return {
      text,
      rows: [
        [
          pageButton(say('communities.members_button'), 'members', id),
          pageButton(say('communities.invites'), 'invites', id),
        ],
        [change('name'), change('street')],
        [change('households'), change('grids')],
        [change('zone'), pageButton(say('communities.archive'), 'community_end', id)],
        back,
      ],
    }
  },
}

async function moreAbout({ desk, say, now }: Visit, { id, archivedAt }: Community): Promise<string[]> {
  if (archivedAt) return ['', say('communities.is_archived')]
  const members = await desk.members.membersOf(id)
  const people = new Set(members.map(({ person }) => person)).size
  const heads = members.filter(({ role }) => role === 'head').length
  const [newest] = await desk.rounds.assessmentsOf([id], 1)
  const phase = newest && say(`rounds.phase.${phaseOf(newest.round, now)}`)
  return [
    say('communities.members', { count: people, heads }),
    newest
      ? say(`communities.round_${newest.status}`, { round: newest.round.name, phase: phase! })
      : say('communities.no_round'),
  ]
}

/** What is typed becomes the field that the second argument names. */
const communityEdit: PageSpec = {
  permission: 'keep_communities',
  community: async (visit) => (isCommunityField(arg(visit, 1)) ? ofActive()(visit) : undefined),
  show: async (visit) => {
    const { say } = visit
    const one = await theCommunity(visit)
    const field = fieldAt(visit)
    const name = say(`communities.fields.${field}`)
    return {
      text: lines(
        bold(one.name),
        say('manage.field', { name, value: valueText(visit, one, field) }),
        '',
        say(`communities.ask.${field}`),
      ),
      rows: [[pageButton(say('button.back'), 'community', one.id)]],
    }
  },
  typed: async (visit, text): Promise<Outcome> => {
    const { desk, say } = visit
    const one = await theCommunity(visit)
    const { id } = one
    const field = fieldAt(visit)
    const fields = fieldIn(field, text)
    if (!fields) return { notice: say(`communities.refused.${field}`) }
    const after = { ...one, ...fields }
    const key = field === 'zone' ? 'timeZone' : field
    if (one[key] !== after[key]) {
      const [was, is] = [{ [columnOf(field)]: one[key] }, { [columnOf(field)]: after[key] }]
      const about = { subject: `community:${id}`, community: id, before: was, after: is }
      const updated = await desk.communities.update(id, fields, changeBy(visit, 'community_updated', about))
      if (updated === 'taken') return { notice: say('communities.taken', { name: after.name, street: after.street }) }
    }
    const value = valueText(visit, after, field)
    const notice = say('communities.saved', { field: say(`communities.fields.${field}`), value })
    return { to: { page: 'community', args: [id] }, notice }
  },
}

const communityArchive: PageSpec = {
  permission: 'keep_communities',
  community: ofActive(),
  show: async (visit) => {
    const { say } = visit
    const { id, name } = await theCommunity(visit)
    return {
      text: lines(bold(say('communities.archive_ask', { name })), say('communities.archive_text')),
      rows: [
        [pageButton(say('button.do_not'), 'community', id)],
        [deedButton(say('communities.archive_confirm'), 'community_end', id)],
      ],
    }
  },
}

const archive: DeedSpec = {
  permission: 'keep_communities',
  // Also once it is archived: a redelivered confirmation is told the same.
  community: ofCommunity(),
  from: ['community_end'],
  run: async (visit) => {
    const { id, name } = await theCommunity(visit)
    const [before, after] = [{ status: 'active' }, { status: 'archived' }]
    const about = { subject: `community:${id}`, community: id, before, after }
    await visit.desk.communities.archive(id, changeBy(visit, 'community_archived', about))
    return { to: { page: 'communities', args: [] }, notice: visit.say('communities.archive_done', { name }) }
  },
}

/** The door has seen that it is there. */
const theCommunity = async (visit: Visit): Promise<Community> =>
  (await visit.desk.communities.community(arg(visit, 0)))!

type Field = (typeof COMMUNITY_FIELDS)[number]

function fieldAt(visit: Visit): Field {
  const field = arg(visit, 1)
  if (!isCommunityField(field)) throw new Error(`Expected a field of a community, got \`${field}\``)
  return field
}

const columnOf = (field: Field): string => (field === 'zone' ? 'time_zone' : field)

function valueText({ say }: Visit, one: Community, field: Field): string {
  const value = one[field === 'zone' ? 'timeZone' : field]
  return value === null || value === '' ? say('communities.unknown') : String(value)
}

export const COMMUNITY_PAGES = {
  communities,
  community_new: communityNew,
  community,
  community_edit: communityEdit,
  community_end: communityArchive,
}
export const COMMUNITY_DEEDS = { community_end: archive }
