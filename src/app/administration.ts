/**
 * What the command line administers: invitations, and many communities at once. It runs the same in the command's own
 * process and in a server that holds the embedded database, and tells the audit log that nobody in particular did it.
 */
import type { AdminCommand, CommunityRow } from './admin-command.js'
import type { Links } from './desk.js'
import type { Change, Communities, Community, CommunityFields, Invitation, Invitations } from './district.js'
import { DISTRICT_ZONE } from './office/places.js'

export type Administration = {
  readonly communities: Pick<Communities, 'community' | 'list' | 'importAll'>
  readonly invitations: Pick<Invitations, 'create'>
  readonly links: Links
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A new id that begins with this letter. */
  readonly newId: (letter: string) => string
  /** A new code that nobody can guess, of letters, digits, `_` and `-`. */
  readonly newCode: () => string
  /** SHA-256 in hex. */
  readonly hash: (text: string) => string
}

export type Place = Pick<Community, 'id' | 'name' | 'street' | 'timeZone'>
/** An invitation with its code, which is said this once and kept nowhere. */
export type Opening = Pick<Invitation, 'role' | 'maxUses'> & {
  readonly community: Place | null
  readonly code: string
  readonly telegram: string | null
  readonly web: string | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export type AdminReply =
  | { readonly type: 'invited'; readonly opening: Opening }
  /** In the order of the rows. */
  | { readonly type: 'imported'; readonly created: number; readonly updated: number; readonly places: readonly Place[] }
  /** For each community in turn the head's link and the workers' one. */
  | { readonly type: 'linked'; readonly openings: readonly Opening[] }
  /** No community of that name, or several; `names` says which ones come close. */
  | { readonly type: 'unknown_community' | 'ambiguous_community'; readonly names: readonly string[] }

const DAY_MS = 24 * 60 * 60 * 1000
/** How long the links of an import are good: the file goes from the district to the streets, and from there to people. */
export const LINK_DAYS = 30
/** Communities that are read at once. */
const PAGE = 1000
/** Names that are shown to somebody who mistyped one. */
const MOST_NAMES = 8

/** Does what a command says. Rejects with a `StoreFault`; an import is then not done at all. */
export async function administer(office: Administration, command: AdminCommand): Promise<AdminReply> {
  switch (command.command) {
    case 'invite': {
      const { community: name, role, uses, days } = command
      if (name === null)
        return { type: 'invited', opening: await invite(office, { role, community: null, uses, days }) }
      const found = await findCommunity(office, name)
      if ('type' in found) return found
      return { type: 'invited', opening: await invite(office, { role, community: found, uses, days }) }
    }
    case 'import':
      return importRows(office, command.rows)
    case 'links':
      return linkCommunities(office, command.communities)
  }
}

async function invite(
  office: Administration,
  { role, community, uses, days }: Pick<Opening, 'role' | 'community'> & { uses: number | null; days: number },
): Promise<Opening> {
  const { invitations, links, now, newId, newCode, hash } = office
  const [id, code, at] = [newId('i'), newCode(), now()]
  const expiresAt = at + days * DAY_MS
  const place = community?.id ?? null
  const after = { role, uses, expires: new Date(expiresAt).toISOString() }
  await invitations.create(
    {
      id,
      role,
      community: place,
      maxUses: uses,
      expiresAt: new Date(expiresAt),
      createdAt: new Date(at),
      codeHash: hash(code),
      by: null,
    },
    changeOf(office, 'invitation_created', `invitation:${id}`, { community: place, after }),
  )
  return { role, maxUses: uses, community, code, expiresAt, telegram: await links.telegram(code), web: links.web(code) }
}

async function importRows(office: Administration, rows: readonly CommunityRow[]): Promise<AdminReply> {
  const there = new Map((await allCommunities(office)).map((one) => [keyOf(one), one]))
  const full = rows.map((row) => ({ ...filled(row, there.get(keyOf(row))), id: office.newId('c') }))
  const change = changeOf(office, 'communities_imported', 'communities', { after: { communities: rows.length } })
  const { created, updated } = await office.communities.importAll(full, change)
  const kept = new Map([...created, ...updated].map((one) => [keyOf(one), placeOf(one)]))
  const places = full.flatMap((row) => kept.get(keyOf(row)) ?? [])
  return { type: 'imported', created: created.length, updated: updated.length, places }
}

/** What a row leaves open stays as it is. */
function filled({ name, street, households, grids, timeZone }: CommunityRow, there?: Community): CommunityFields {
  return {
    name,
    street,
    households: households ?? there?.households ?? null,
    grids: grids ?? there?.grids ?? null,
    timeZone: timeZone ?? there?.timeZone ?? DISTRICT_ZONE,
  }
}

async function linkCommunities(office: Administration, ids: readonly string[]): Promise<AdminReply> {
  const openings: Opening[] = []
  for (const id of ids) {
    const found = await office.communities.community(id)
    if (!found) return { type: 'unknown_community', names: [] }
    const community = placeOf(found)
    openings.push(
      await invite(office, { role: 'head', community, uses: 1, days: LINK_DAYS }),
      await invite(office, { role: 'worker', community, uses: null, days: LINK_DAYS }),
    )
  }
  return { type: 'linked', openings }
}

/** By its name, by street and name (`礼嘉街道 渝康社区`), or by its id. */
async function findCommunity(office: Administration, wanted: string): Promise<Place | AdminReply> {
  const all = await allCommunities(office)
  const text = plain(wanted)
  const both = ({ street, name }: Community) => plain(`${street}${name}`)
  const found = all.filter((one) => one.id === wanted || plain(one.name) === text || both(one) === text)
  if (found.length === 1) return placeOf(found[0]!)
  const near = found.length > 0 ? found : all.filter((one) => both(one).includes(text))
  const names = near.slice(0, MOST_NAMES).map(({ street, name }) => `${street} ${name}`.trim())
  return { type: found.length > 1 ? 'ambiguous_community' : 'unknown_community', names }
}

async function allCommunities({ communities }: Administration): Promise<Community[]> {
  const all: Community[] = []
  for (;;) {
    const { items, count } = await communities.list({ offset: all.length, limit: PAGE })
    all.push(...items)
    if (items.length === 0 || all.length >= count) return all
  }
}

function changeOf(
  { newId, now }: Administration,
  action: string,
  subject: string,
  { community = null, after }: { community?: string | null; after: Change['after'] },
): Change {
  return { id: newId('x'), at: new Date(now()), person: null, action, subject, community, before: null, after }
}

const keyOf = ({ street, name }: Pick<Community, 'street' | 'name'>): string => JSON.stringify([street, name])
const placeOf = ({ id, name, street, timeZone }: Community): Place => ({ id, name, street, timeZone })
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s/·]+/g, '')
    .toLowerCase()
