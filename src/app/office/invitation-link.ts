/** Making an invitation: its code is said once, in a message to pass on; only the hash of it is kept. */
import type { Role } from '../../core/access.js'
import type { Invitation } from '../district.js'
import { momentText } from '../moments.js'
import { lines } from '../rich.js'
import type { Card } from '../speech.js'
import type { Place } from './places.js'
import { changeBy, type Visit } from './visit.js'

const DAY_MS = 24 * 60 * 60 * 1000

/** How often and for how many days a link works; 0: no limit. */
export type Limits = { readonly uses: number; readonly days: number }

/** Workers share one link of their community; whoever may do more gets a link of their own, for a short while. */
export const usualLimits = (role: Role): Limits => (role === 'worker' ? { uses: 0, days: 30 } : { uses: 1, days: 7 })

/** The message with the link. One input makes at most one invitation for each role; delivered again it makes the same. */
export async function makeInvitation(visit: Visit, place: Place, role: Role, { uses, days }: Limits): Promise<Card> {
  const { desk, inbound, person, now } = visit
  const code = desk.codeFor(inbound.address, `${inbound.id} ${role}`)
  const id = desk.idFor('i', inbound.address, inbound.id, role)
  const maxUses = uses === 0 ? null : uses
  const expiresAt = days === 0 ? null : new Date(now + days * DAY_MS)
  const change = changeBy(visit, 'invitation_created', {
    subject: `invitation:${id}`,
    community: place.id,
    after: { role, uses: maxUses, expires: expiresAt?.toISOString() ?? null },
  })
  const made = { id, role, community: place.id, maxUses, expiresAt, createdAt: new Date(now) }
  await desk.invitations.create({ ...made, codeHash: desk.hash(code), by: person }, change)
  // As it was made at first: a redelivered input must not promise a later end.
  return linkCard(visit, place, (await desk.invitations.invitation(id))!, code)
}

async function linkCard(
  { desk, say, language }: Visit,
  place: Place,
  { role, expiresAt, maxUses }: Invitation,
  code: string,
): Promise<Card> {
  const [telegram, web] = [await desk.links.telegram(code), desk.links.web(code)]
  return {
    text: lines(
      say('invites.card', { place: place.name, role: say(`role.${role}`) }),
      telegram === null ? undefined : say('invites.card_telegram', { link: telegram }),
      web === null ? undefined : say('invites.card_web', { link: web }),
      telegram === null && web === null ? say('invites.card_code', { code }) : undefined,
      expiresAt === null
        ? undefined
        : say('invites.card_until', { moment: momentText(expiresAt.getTime(), place.zone, language) }),
      maxUses === null
        ? undefined
        : maxUses === 1
          ? say('invites.card_once')
          : say('invites.card_uses', { count: maxUses }),
    ),
    rows: [],
  }
}
