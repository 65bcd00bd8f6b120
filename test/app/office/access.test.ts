/**
 * Every page and every deed of the office, pressed on a forged button by everybody: done where the table of permissions
 * says so, else refused with a sentence, a line in the log that tells nothing, and no trace in the database. A page or a
 * deed that aims.ts does not know fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../../src/app/district.js'
import { DEEDS, PAGES } from '../../../src/app/office/pages.js'
import { may, type Role } from '../../../src/core/access.js'
import { encodeAction } from '../../../src/core/action.js'
import { EVERYONE } from '../../../src/core/audience.js'
import { openDesk, type TestDesk, type Visitor } from '../../support/desk.js'
import { fingerprint } from '../../support/fingerprint.js'
import {
  EVERYBODY,
  EXPECTED_DEEDS,
  EXPECTED_PAGES,
  type Expected,
  type Ground,
  NEVER_BY_BUTTON,
  type Place,
  WHOSE,
  type Who,
  type Whose,
} from './aims.js'

const REFUSED = '您没有这项权限'
const OUTDATED = '这个按钮已经过期'
const HOME = encodeAction({ do: 'page', name: 'home', args: [] })

let office: TestDesk
let ground: Ground
let people: Record<Who, Visitor>

beforeAll(async () => {
  office = await openDesk()
  const [own, other] = [await office.community('渝康社区'), await office.community('天宫殿社区')]
  const { id: published, assessments } = await office.round([own, other])
  const { id: draft } = await office.round([], { draft: true })
  const { id: closed } = await office.round([own])
  await office.desk.rounds.setStatus(closed, 'closed', seeded(`round:${closed}`))
  const places = {
    own: { ...(await placeOf(own, ['worker', 'head', 'assessor'])), assessment: assessments[own]! },
    other: { ...(await placeOf(other, ['worker', 'head', 'assessor'])), assessment: assessments[other]! },
    none: { ...(await placeOf(null, ['assessor', 'admin'])), assessment: 'a0000000000' },
  }
  const mine: Partial<Record<Who, string>> = {}
  people = Object.fromEntries(
    await Promise.all(EVERYBODY.map(async (who) => [who, await office.visitor()] as const)),
  ) as typeof people
  for (const who of EVERYBODY) {
    if (who !== 'nobody')
      mine[who] = await office.join(people[who], who, who === 'admin' ? null : own, { name: '测试' })
    await people[who].pressData(HOME)
  }
  const notices = { draft: await noticesOf(places, 'draft'), confirmed: await noticesOf(places, 'confirmed') }
  ground = { places, rounds: { draft, published, closed }, notices, mine }
})
afterAll(() => office.close())

const seeded = (subject: string): Change => ({
  id: `x${subject}`,
  at: new Date(office.clock.now),
  person: null,
  action: 'seeded',
  subject,
  community: null,
  before: null,
  after: null,
})

/** A community or the district with a colleague and an open invitation for each role that there is. */
async function placeOf(community: string | null, roles: readonly Role[]): Promise<Omit<Place, 'assessment'>> {
  const member: Partial<Record<Role, string>> = {}
  const invitation: Partial<Record<Role, string>> = {}
  for (const role of roles) {
    member[role] = await office.join(await office.visitor(), role, community, { name: '同事' })
    const id = `i-${role}-${community ?? ''}`
    const terms = { maxUses: null, expiresAt: null, createdAt: new Date(office.clock.now), by: null }
    await office.desk.invitations.create({ id, role, community, codeHash: id, ...terms }, seeded(`invitation:${id}`))
    invitation[role] = id
  }
  return { id: community ?? 'district', community, member, invitation }
}

/** A notice to nobody in each place. */
async function noticesOf(places: Ground['places'], status: 'draft' | 'confirmed'): Promise<Record<Whose, string>> {
  const { desk } = office
  const of = async (whose: Whose): Promise<string> => {
    const id = desk.idFor('n', whose, status)
    const { community } = places[whose]
    const fields = { versions: { 'zh-CN': { text: '停水通知', entities: [] } }, media: null, audience: EVERYONE }
    const about = { id, community, by: people.admin.person, sendAt: null, timeZone: 'Asia/Shanghai' }
    await desk.notices.create({ ...fields, ...about }, seeded(`notice:${id}`))
    if (status === 'confirmed') await desk.notices.confirm(id, 1, [], seeded(`notice:${id}:confirmed`))
    return id
  }
  return { own: await of('own'), other: await of('other'), none: await of('none') }
}

/** `taken`: a deed that was not refused. It runs only from the page that offers it, which this is not. */
type Outcome = 'shown' | 'taken' | 'refused' | 'not there'

function expectedOf(what: 'page' | 'deed', [permission, aim]: Expected, whose: Whose, who: Who): Outcome {
  const { community } = aim(ground, whose, who)
  const held = who === 'nobody' ? [] : [{ role: who, community: who === 'admin' ? null : ground.places.own.community }]
  if (community !== undefined && permission !== 'anyone' && !may(held, permission, community)) return 'refused'
  return what === 'deed' ? 'taken' : community === undefined ? 'not there' : 'shown'
}

/** Presses from the home page. Whatever comes of it, the database holds the same after it, but for deeds that lead somewhere. */
async function pressed(what: 'page' | 'deed', name: string, args: readonly string[], who: Who): Promise<Outcome> {
  const visitor = people[who]
  const before = await fingerprint(office.pool)
  const logged = office.warnings.length
  const text = await visitor.pressData(encodeAction({ do: what, name, args }))
  const warnings = office.warnings.slice(logged)
  const after = await fingerprint(office.pool)
  if (text.includes(REFUSED)) {
    expect(warnings).toEqual([{ fields: { reason: 'not_allowed' }, message: 'a press was refused' }])
    expect(after).toEqual(before)
    return 'refused'
  }
  expect(warnings).toEqual([])
  if (what === 'page' || DEEDS[name]!.from !== 'anywhere') expect(after).toEqual(before)
  const there = !text.includes(OUTDATED)
  if (there) await visitor.pressData(HOME)
  return what === 'deed' ? 'taken' : there ? 'shown' : 'not there'
}

async function compare(what: 'page' | 'deed', name: string, expected: Expected): Promise<void> {
  const [was, should]: Record<string, Outcome>[] = [{}, {}]
  for (const who of EVERYBODY)
    for (const whose of WHOSE) {
      const { args } = expected[1](ground, whose, who)
      was![`${who}, ${whose}`] = await pressed(what, name, args, who)
      should![`${who}, ${whose}`] = expectedOf(what, expected, whose, who)
    }
  expect(was).toEqual(should)
}

describe('every page, for everybody, with arguments of every community', () => {
  it('is known to this test', () => {
    const known = { ...EXPECTED_PAGES, ...NEVER_BY_BUTTON }
    expect(Object.keys(PAGES).sort()).toEqual(Object.keys(known).sort())
  })

  it.each(Object.keys(EXPECTED_PAGES))('%s', async (name) => {
    const expected = EXPECTED_PAGES[name]!
    expect(PAGES[name]!.permission).toBe(expected[0])
    await compare('page', name, expected)
  })

  it.each(Object.entries(NEVER_BY_BUTTON))('%s is refused to everybody', async (name, args) => {
    for (const who of EVERYBODY) expect(await pressed('page', name, args, who)).toBe('refused')
  })

  it.each(['', '__proto__', 'constructor', 'toString', 'valueof', 'nowhere'])('`%s` is none', async (name) => {
    for (const who of EVERYBODY)
      for (const letter of ['P', 'D']) {
        const logged = office.warnings.length
        const before = await fingerprint(office.pool)
        expect(await people[who].pressData(`${letter}:${name}`)).toMatch(new RegExp(`${REFUSED}|${OUTDATED}`))
        expect(office.warnings.slice(logged).map(({ message }) => message)).toEqual(['a press was refused'])
        expect(await fingerprint(office.pool)).toEqual(before)
      }
  })
})

describe('every deed, for everybody, with arguments of every community', () => {
  it('is known to this test', () => {
    expect(Object.keys(DEEDS).sort()).toEqual(Object.keys(EXPECTED_DEEDS).sort())
  })

  it.each(Object.keys(EXPECTED_DEEDS))('%s', async (name) => {
    const expected = EXPECTED_DEEDS[name]!
    expect(DEEDS[name]!.permission).toBe(expected[0])
    await compare('deed', name, expected)
  })
})
