/** The contract of `Invitations`, on both homes of the data. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Invitations, Members } from '../../src/app/district.js'
import { createInvitations } from '../../src/store/invitations.js'
import { createMembers } from '../../src/store/members.js'
import { HOMES, type TestDatabase } from '../support/databases.js'
import { at, changed, district } from './district-fixtures.js'

describe.each(HOMES)('Invitations on $home', ({ open }) => {
  let database: TestDatabase
  let invitations: Invitations
  let members: Members
  let given: ReturnType<typeof district>
  beforeAll(async () => {
    database = await open()
    invitations = createInvitations(database.pool)
    members = createMembers(database.pool)
    given = district(database.pool)
  })
  afterAll(() => database.close())

  const newcomer = async (person?: string) => ({
    membership: randomUUID(),
    person: person ?? (await given.person()),
    name: '王五',
    posts: ['网格员'],
  })
  const usesOf = async (id: string) => (await invitations.invitation(id))?.uses

  it('creates one once and finds it by the hash of its code', async () => {
    const [id, community, change] = [randomUUID(), await given.community(), changed()]
    const terms = { id, role: 'head', community, maxUses: 1, expiresAt: at(9), createdAt: at(0) } as const
    for (const _ of [1, 2]) await invitations.create({ ...terms, codeHash: `h${id}`, by: null }, change)
    expect(await invitations.find(`h${id}`)).toEqual({ ...terms, uses: 0, revokedAt: null })
    expect(await invitations.invitation(id)).toEqual(await invitations.find(`h${id}`))
    expect(await invitations.find('none')).toBeUndefined()
    expect(await given.lines(change)).toBe(1)
  })

  it('lets somebody join, once for every change', async () => {
    const community = await given.community()
    const id = await given.invitation({ community, maxUses: 3 })
    const [who, change] = [await newcomer(), changed({ at: at(4) })]
    const answers = await Promise.all([1, 2, 3].map(() => invitations.accept(id, who, change)))
    expect(answers).toEqual(['joined', 'joined', 'joined'])
    expect(await usesOf(id)).toBe(1)
    const { membership, person, posts } = who
    const held = { id: membership, person, role: 'worker', community, posts, joinedAt: at(4) }
    expect(await members.memberships(person)).toEqual([held])
    expect(await members.nameOf(person)).toBe('王五')
    expect(await given.lines(change)).toBe(1)
    // Redelivered much later, when it would open nothing any more.
    await invitations.revoke(id, changed())
    expect(await invitations.accept(id, { ...who, name: 'x' }, change)).toBe('joined')
    expect(await members.nameOf(person)).toBe('王五')
  })

  it('gives new posts and a name to whoever is there already, and counts nothing', async () => {
    const community = await given.community()
    const id = await given.invitation({ community, maxUses: 1 })
    const who = await newcomer()
    await invitations.accept(id, who, changed({ at: at(1) }))
    const change = changed({ at: at(2) })
    const again = { ...who, membership: randomUUID(), name: '王\0六', posts: ['楼\0长'] }
    expect(await invitations.accept(id, again, change)).toBe('already')
    expect(await usesOf(id)).toBe(1)
    const now = [{ id: who.membership, posts: ['楼长'], joinedAt: at(1) }]
    expect(await members.memberships(who.person)).toMatchObject(now)
    expect(await members.nameOf(who.person)).toBe('王六')
    await members.rename(who.person, '后来')
    expect(await invitations.accept(id, again, change)).toBe('already')
    expect(await members.nameOf(who.person)).toBe('后来')
    expect(await given.lines(change)).toBe(1)
  })

  it('revives what had ended', async () => {
    const community = await given.community()
    const id = await given.invitation({ community })
    const who = await newcomer()
    await invitations.accept(id, who, changed({ at: at(1) }))
    await members.end(who.membership, { anonymous: false }, changed({ at: at(2) }))
    const back = { ...(await newcomer(who.person)), posts: [] }
    const change = changed({ at: at(3) })
    expect(await invitations.accept(id, back, change)).toBe('joined')
    expect(await invitations.accept(id, back, change)).toBe('joined')
    expect(await members.memberships(who.person)).toMatchObject([{ id: who.membership, posts: [], joinedAt: at(3) }])
    expect(await usesOf(id)).toBe(2)
  })

  it('says why it opens nothing: revoked before expired before used up', async () => {
    const community = await given.community()
    const id = await given.invitation({ community, maxUses: 1, expiresAt: at(10) })
    const first = await newcomer()
    expect(await invitations.accept(id, first, changed({ at: new Date(at(10).getTime() - 1) }))).toBe('joined')
    const late = await newcomer()
    const refused = changed({ at: at(9) })
    expect(await invitations.accept(id, late, refused)).toBe('used_up')
    expect(await invitations.accept(id, late, changed({ at: at(10) }))).toBe('expired')
    // Nor does it change anything for somebody who is there.
    expect(await invitations.accept(id, { ...first, posts: ['x'] }, changed({ at: at(10) }))).toBe('expired')
    expect(await members.memberships(first.person)).toMatchObject([{ posts: ['网格员'] }])
    const [revoked, again] = [changed({ at: at(11) }), changed({ at: at(12) })]
    for (const change of [revoked, revoked, again]) await invitations.revoke(id, change)
    expect(await invitations.accept(id, late, changed({ at: at(12) }))).toBe('revoked')
    expect(await invitations.invitation(id)).toMatchObject({ revokedAt: at(11), uses: 1 })
    expect([await given.lines(revoked), await given.lines(again), await given.lines(refused)]).toEqual([1, 0, 0])
    expect(await invitations.accept(randomUUID(), late, changed())).toBe('wrong')
    expect(await members.memberships(late.person)).toEqual([])
    expect(await members.nameOf(late.person)).toBeNull()
  })

  it('is revoked together with its community', async () => {
    const community = await given.community()
    const id = await given.invitation({ community })
    await given.communities.archive(community, changed({ at: at(5) }))
    expect(await invitations.invitation(id)).toMatchObject({ revokedAt: at(5) })
    expect(await invitations.open(community, at(1))).toEqual([])
    expect(await invitations.accept(id, await newcomer(), changed())).toBe('revoked')
  })

  it('is never used more often than it may be, also by many at once', async () => {
    const id = await given.invitation({ community: await given.community(), maxUses: 5 })
    const people = await Promise.all(Array.from({ length: 20 }, () => newcomer()))
    const answers = await Promise.all(people.map((who) => invitations.accept(id, who, changed())))
    expect(answers.filter((answer) => answer === 'joined')).toHaveLength(5)
    expect(answers.filter((answer) => answer === 'used_up')).toHaveLength(15)
    expect(await usesOf(id)).toBe(5)
  })

  it('makes one membership of two invitations that are accepted at once', async () => {
    const community = await given.community()
    const [one, two] = [await given.invitation({ community }), await given.invitation({ community })]
    const person = await given.person()
    const answers = await Promise.all(
      [one, two].map(async (id) => invitations.accept(id, await newcomer(person), changed())),
    )
    expect(answers.toSorted()).toEqual(['already', 'joined'])
    expect((await usesOf(one))! + (await usesOf(two))!).toBe(1)
    expect(await members.memberships(person)).toHaveLength(1)
  })

  it('makes an admin of the district, once as well', async () => {
    const id = await given.invitation({ role: 'admin', community: null })
    const who = await newcomer()
    expect(await invitations.accept(id, who, changed())).toBe('joined')
    expect(await invitations.accept(id, { ...who, membership: randomUUID() }, changed())).toBe('already')
    expect(await members.memberships(who.person)).toMatchObject([{ role: 'admin', community: null }])
  })

  it('lists what still opens something, newest first', async () => {
    const community = await given.community()
    const link = (id: string, minute: number, over: { maxUses?: number; expiresAt?: Date } = {}) => {
      const terms = { role: 'worker', community, maxUses: null, expiresAt: null, ...over } as const
      return invitations.create({ ...terms, id, codeHash: id, by: null, createdAt: at(minute) }, changed())
    }
    const [old, young, expired, used, revoked] = Array.from({ length: 5 }, () => randomUUID())
    await link(old!, 1, { expiresAt: at(31) })
    await link(young!, 2, { maxUses: 2 })
    await link(expired!, 3, { expiresAt: at(30) })
    await link(used!, 4, { maxUses: 1 })
    await link(revoked!, 5)
    await invitations.accept(used!, await newcomer(), changed())
    await invitations.revoke(revoked!, changed())
    expect((await invitations.open(community, at(30))).map(({ id }) => id)).toEqual([young, old])
    const ofDistrict = await given.invitation({ role: 'assessor', community: null })
    expect((await invitations.open(null, at(30))).map(({ id }) => id)).toContain(ofDistrict)
  })

  it('counts the wrong codes of an address and forgets old ones', async () => {
    const address = `telegram:${randomUUID()}`
    expect(await invitations.wrongSince(address, at(0))).toBe(0)
    expect(await invitations.noteWrong(address, at(1), at(0))).toBe(1)
    expect(await invitations.noteWrong(address, at(1), at(0))).toBe(1)
    expect(await invitations.noteWrong(address, at(2), at(1))).toBe(2)
    expect(await invitations.noteWrong('telegram:other', at(2), at(1))).toBe(1)
    expect(await invitations.noteWrong(address, at(3), at(2))).toBe(2)
    expect(await given.count('wrong_code WHERE address = $1', address)).toBe(2)
    expect(await invitations.wrongSince(address, at(3))).toBe(1)
    expect(await given.count('wrong_code WHERE address = $1', address)).toBe(1)
  })
})
