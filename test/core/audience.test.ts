import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ROLES, type Role } from '../../src/core/access.js'
import {
  type Audience,
  EVERYONE,
  type Facts,
  type Holder,
  type Reach,
  selectAudience,
} from '../../src/core/audience.js'

type Holding = Holder['holdings'][number]

const held = (role: Role, community: string | null, over: Partial<Holding> = {}): Holding => ({
  role,
  community,
  street: community === null ? '' : '礼嘉街道',
  posts: [],
  ended: false,
  ...over,
})
const someone = (person: string, holdings: readonly Holding[], reach: Reach = 'push'): Holder => ({
  person,
  language: 'zh-CN',
  reach,
  holdings,
})
const asking = (over: Partial<Audience>): Audience => ({ ...EVERYONE, ...over })

/** Persons who get it. */
function chosen(
  over: Partial<Audience>,
  holders: readonly Holder[],
  facts: Facts = {},
  within: string | null = null,
): string[] {
  return selectAudience(asking(over), within, holders, facts).recipients.map(({ person }) => person)
}

const DISTRICT: readonly Holder[] = [
  someone('admin', [held('admin', null)]),
  someone('head', [held('head', 'a')]),
  someone('headWithPost', [held('head', 'a', { posts: ['网格员'] })]),
  someone('worker', [held('worker', 'a')]),
  someone('posted', [held('worker', 'a', { posts: ['网格员'] })]),
  someone('other', [held('worker', 'b', { street: '天宫殿街道', posts: ['党务'] })]),
  someone('both', [held('worker', 'a', { posts: ['党务'] }), held('assessor', 'b', { street: '天宫殿街道' })]),
]

describe('whom a notice is for', () => {
  test.each<[what: string, audience: Partial<Audience>, people: readonly string[]]>([
    ['everybody with a role', {}, DISTRICT.map(({ person }) => person)],
    ['a role', { roles: ['head'] }, ['head', 'headWithPost']],
    ['several roles', { roles: ['admin', 'assessor'] }, ['admin', 'both']],
    [
      'a post: also workers without one, not heads without one',
      { posts: ['网格员'] },
      ['headWithPost', 'worker', 'posted'],
    ],
    ['several posts', { posts: ['网格员', '党务'] }, ['headWithPost', 'worker', 'posted', 'other', 'both']],
    ['a community: not the district', { communities: ['b'] }, ['other', 'both']],
    ['a street', { streets: ['天宫殿街道'] }, ['other', 'both']],
    ['a role there, not one here and another there', { roles: ['worker'], communities: ['b'] }, ['other']],
    ['a post there, not one of the role elsewhere', { posts: ['党务'], communities: ['b'] }, ['other']],
    ['nobody in two places that no holding joins', { communities: ['a'], streets: ['天宫殿街道'] }, []],
  ])('%s', (_, audience, people) => {
    expect(chosen(audience, DISTRICT)).toEqual(people)
  })

  test('those with open indicators, those who have not read, and communities with a grade', () => {
    expect(chosen({ openIn: 'r1' }, DISTRICT, { open: new Set(['worker', 'posted', 'gone']) })).toEqual([
      'worker',
      'posted',
    ])
    expect(chosen({ unread: 'n1' }, DISTRICT, { unread: new Set(['head']) })).toEqual(['head'])
    const best = asking({ atLeast: { round: 'r1', grade: 'AA' }, roles: ['head', 'assessor'] })
    expect(chosen(best, DISTRICT, { graded: new Set(['b']) })).toEqual(['both'])
  })

  test('nobody where what is asked for is not known', () => {
    expect(chosen({ openIn: 'r1' }, DISTRICT)).toEqual([])
    expect(chosen({ unread: 'n1' }, DISTRICT)).toEqual([])
    expect(chosen({ atLeast: { round: 'r1', grade: 'A' } }, DISTRICT)).toEqual([])
  })

  test('never anybody outside of the one community that it may go to, whatever is chosen', () => {
    expect(chosen({}, DISTRICT, {}, 'b')).toEqual(['other', 'both'])
    expect(chosen({ communities: ['a'] }, DISTRICT, {}, 'b')).toEqual([])
    expect(chosen({ roles: ['admin'] }, DISTRICT, {}, 'b')).toEqual([])
    expect(chosen({ roles: ['worker'] }, DISTRICT, {}, 'b')).toEqual(['other'])
  })

  test('says who is left out and why, each once', () => {
    const gone = held('worker', 'a', { ended: true })
    const holders = [
      someone('pushed', [held('worker', 'a')]),
      someone('looks', [held('worker', 'a')], 'look'),
      someone('blocked', [held('worker', 'a'), held('head', 'a')], 'blocked'),
      someone('mute', [held('worker', 'a')], 'none'),
      someone('left', [gone]),
      // Left as a worker, still there as a head: no one who has left.
      someone('stays', [gone, held('head', 'a')]),
      // Has left and has blocked: nothing would be sent anyway, and they count once.
      someone('leftAndBlocked', [gone], 'blocked'),
    ]
    const people = (selection: ReturnType<typeof selectAudience>) => ({
      ...selection,
      recipients: selection.recipients.map(({ person }) => person),
    })
    expect(people(selectAudience(EVERYONE, null, holders, {}))).toEqual({
      recipients: ['pushed', 'looks', 'stays'],
      left: 2,
      blocked: 1,
      noChannel: 1,
    })
    expect(people(selectAudience(asking({ roles: ['worker'] }), null, holders, {}))).toEqual({
      recipients: ['pushed', 'looks'],
      left: 3,
      blocked: 1,
      noChannel: 1,
    })
    expect(people(selectAudience(asking({ communities: ['b'] }), null, holders, {}))).toEqual({
      recipients: [],
      left: 0,
      blocked: 0,
      noChannel: 0,
    })
  })
})

describe('against a reading word by word', () => {
  const few = <T>(...values: readonly T[]) => fc.subarray([...values])
  const holding: fc.Arbitrary<Holding> = fc
    .record({
      role: fc.constantFrom(...ROLES),
      community: fc.constantFrom('a', 'b', 'c', null),
      posts: few('党务', '网格员'),
      ended: fc.boolean(),
    })
    .map((one) => ({ ...one, street: one.community === null ? '' : one.community === 'c' ? '二街' : '一街' }))
  const holders = fc
    .array(
      fc.record({
        reach: fc.constantFrom<Reach>('push', 'look', 'blocked', 'none'),
        holdings: fc.array(holding, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 8 },
    )
    .map((all) => all.map(({ reach, holdings }, i) => someone(`p${i}`, holdings, reach)))
  const people = fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']).map((all) => new Set(all))
  const audience: fc.Arbitrary<Audience> = fc.record({
    roles: few(...ROLES),
    posts: few('党务', '网格员'),
    communities: few('a', 'b', 'c'),
    streets: few('一街', '二街'),
    openIn: fc.option(fc.constant('r1')),
    atLeast: fc.option(fc.constant({ round: 'r1', grade: 'AA' })),
    unread: fc.option(fc.constant('n1')),
  })
  const facts: fc.Arbitrary<Required<Facts>> = fc.record({
    open: people,
    unread: people,
    graded: few('a', 'b', 'c').map((all) => new Set(all)),
  })

  test('everybody is in exactly one place: they get it, are left out for one reason, or are not meant', () => {
    const within = fc.constantFrom('a', null)
    fc.assert(
      fc.property(audience, within, holders, facts, (asked, place, all, known) => {
        const meant = (holder: Holder, now: boolean): boolean => {
          if (asked.openIn !== null && !known.open.has(holder.person)) return false
          if (asked.unread !== null && !known.unread.has(holder.person)) return false
          for (const one of holder.holdings) {
            if (now && one.ended) continue
            if (place !== null && one.community !== place) continue
            if (asked.roles.length > 0 && !asked.roles.includes(one.role)) continue
            if (asked.communities.length > 0 && !asked.communities.some((id) => id === one.community)) continue
            if (asked.streets.length > 0 && (one.community === null || !asked.streets.includes(one.street))) continue
            const all = one.role === 'worker' && one.posts.length === 0
            if (asked.posts.length > 0 && !all && !one.posts.some((post) => asked.posts.includes(post))) continue
            if (asked.atLeast !== null && (one.community === null || !known.graded.has(one.community))) continue
            return true
          }
          return false
        }
        const now = all.filter((one) => meant(one, true))
        expect(selectAudience(asked, place, all, known)).toEqual({
          recipients: now.filter(({ reach }) => reach === 'push' || reach === 'look'),
          left: all.filter((one) => meant(one, false) && !meant(one, true)).length,
          blocked: now.filter(({ reach }) => reach === 'blocked').length,
          noChannel: now.filter(({ reach }) => reach === 'none').length,
        })
      }),
      { numRuns: 500 },
    )
  })
})
