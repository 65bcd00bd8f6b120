/** Invitation links of a community or the district: those that are open, making one, revoking one. */
import type { Role } from '../../core/access.js'
import type { Invitation } from '../district.js'
import { momentText } from '../moments.js'
import { bold, lines } from '../rich.js'
import { makeInvitation, usualLimits } from './invitation-link.js'
import { listed, sliced } from './listing.js'
import { byRole, DISTRICT, mayTo, ofPlace, type Place, placeAt, rolesAt } from './places.js'
import { arg, changeBy, type DeedSpec, deedButton, type PageSpec, pageButton, type Visit } from './visit.js'

/** As arguments; `0`: no limit. */
const USES = ['1', '10', '0']
const DAYS = ['1', '7', '30', '0']

const invites: PageSpec = {
  permission: 'invite_worker',
  community: ofPlace(),
  show: async (visit) => {
    const { desk, say, now } = visit
    const place = await placeAt(visit)
    const where = place.id ?? DISTRICT
    const open = await desk.invitations.open(place.id, new Date(now))
    const { items, at, line, turning } = await listed(
      visit,
      'invites',
      { argument: 1, before: [where] },
      sliced(open.map((one, i) => ({ ...one, number: i + 1 }))),
    )
    const mine = rolesAt(place.id).filter((role) => mayTo(visit, 'invite', role, place.id))
    const revocable = items.filter(({ role }) => mine.includes(role))
    const back =
      place.id === null ? pageButton(say('button.back'), 'manage') : pageButton(say('button.back'), 'members', where)
    return {
      text: lines(
        bold(say('invites.title', { place: place.name })),
        ...(items.length === 0 ? [say('invites.none')] : items.map((one) => itemText(visit, place, one))),
        line,
        '',
        say('invites.hint'),
      ),
      rows: [
        ...mine.map((role) => [
          pageButton(say('invites.make', { role: say(`role.${role}`) }), `invite_${role}`, where),
        ]),
        ...revocable.map(({ id, role, number }) => [
          deedButton(say('invites.revoke', { number }), `revoke_${role}`, id, String(at)),
        ]),
        ...turning,
        [back],
      ],
    }
  },
}

function itemText({ say, language }: Visit, { zone }: Place, one: Invitation & { number: number }): string {
  const moment = one.expiresAt && momentText(one.expiresAt.getTime(), zone, language)
  return say('invites.item', {
    number: one.number,
    role: say(`role.${one.role}`),
    uses: one.uses,
    most: one.maxUses ?? say('invites.unlimited'),
    until: moment === null ? say('invites.no_end') : say('invites.until', { moment }),
  })
}

/** Of a place where people can have this role. */
const ofPlaceWith = (role: Role) => async (visit: Visit) => {
  const place = await ofPlace()(visit)
  return place !== undefined && rolesAt(place).includes(role) ? place : undefined
}

/** How often and how long a new link works; arguments: the place, uses, days. */
const make = (role: Role): PageSpec => ({
  permission: `invite_${role}`,
  community: ofPlaceWith(role),
  show: async (visit) => {
    const { say } = visit
    const place = await placeAt(visit)
    const where = place.id ?? DISTRICT
    const { uses, days } = limitsOf(visit, role)
    const words = (value: string) => (value === '0' ? say('invites.unlimited') : value)
    const page = `invite_${role}`
    return {
      text: lines(
        bold(say('invites.make_title', { role: say(`role.${role}`), place: place.name })),
        say('invites.uses', { uses: words(uses) }),
        say('invites.days', { days: words(days) }),
        '',
        say('invites.make_text'),
      ),
      rows: [
        [pageButton(say('invites.uses', { uses: words(uses) }), page, where, after(USES, uses), days)],
        [pageButton(say('invites.days', { days: words(days) }), page, where, uses, after(DAYS, days))],
        [deedButton(say('invites.make_confirm'), `invite_${role}`, where, uses, days)],
        [pageButton(say('button.back'), 'invites', where)],
      ],
    }
  },
})

function limitsOf(visit: Visit, role: Role): { uses: string; days: string } {
  const { uses, days } = usualLimits(role)
  return {
    uses: USES.find((one) => one === arg(visit, 1)) ?? String(uses),
    days: DAYS.find((one) => one === arg(visit, 2)) ?? String(days),
  }
}

const after = (all: readonly string[], one: string): string => all[(all.indexOf(one) + 1) % all.length]!

/** Makes the link and says it as a message of its own, to be passed on. */
const invite = (role: Role): DeedSpec => ({
  permission: `invite_${role}`,
  community: ofPlaceWith(role),
  from: [`invite_${role}`],
  run: async (visit) => {
    const place = await placeAt(visit)
    const { uses, days } = limitsOf(visit, role)
    return {
      to: { page: 'invites', args: [place.id ?? DISTRICT] },
      notice: visit.say('invites.made'),
      before: [await makeInvitation(visit, place, role, { uses: Number(uses), days: Number(days) })],
    }
  },
})

/** By the invitation's own place and role, whatever the button says. */
const revoke = (role: Role): DeedSpec => ({
  permission: `invite_${role}`,
  community: async ({ desk, args }) => {
    const invitation = await desk.invitations.invitation(args[0] ?? '')
    return invitation?.role === role ? invitation.community : undefined
  },
  from: ['invites'],
  run: async (visit) => {
    const { desk, say } = visit
    const { id, community } = (await desk.invitations.invitation(arg(visit, 0)))!
    const [before, after] = [
      { role, status: 'valid' },
      { role, status: 'revoked' },
    ]
    const about = { subject: `invitation:${id}`, community, before, after }
    await desk.invitations.revoke(id, changeBy(visit, 'invitation_revoked', about))
    const part = arg(visit, 1) === '' ? '0' : arg(visit, 1)
    return { to: { page: 'invites', args: [community ?? DISTRICT, part] }, notice: say('invites.revoked') }
  },
})

export const INVITE_PAGES: Record<string, PageSpec> = { invites, ...byRole((role) => `invite_${role}`, make) }
export const INVITE_DEEDS: Record<string, DeedSpec> = {
  ...byRole((role) => `invite_${role}`, invite),
  ...byRole((role) => `revoke_${role}`, revoke),
}
