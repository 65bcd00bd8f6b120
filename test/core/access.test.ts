/** Who may do what where, written out once more as people would say it, and held against the program's table. */
import { describe, expect, it } from 'vitest'
import {
  communitiesFor,
  type Holding,
  may,
  mayAnywhere,
  PERMISSIONS,
  type Permission,
  ROLES,
  type Role,
} from '../../src/core/access.js'

/** `own`: in the community of the role and nowhere else. `all`: in every community and in the district itself. */
type Reach = 'own' | 'all' | 'no'

// biome-ignore format: a table
const EXPECTED: readonly (readonly [what: Permission, worker: Reach, head: Reach, assessor: Reach, admin: Reach])[] = [
  // what               worker  head   assessor admin
  ['answer',            'own',  'own', 'no',    'no' ],
  ['take',              'own',  'own', 'no',    'no' ],
  ['hand_over',         'own',  'own', 'no',    'no' ],
  ['assign',            'no',   'own', 'no',    'no' ],
  ['send_back',         'no',   'own', 'no',    'no' ],
  ['settle_clash',      'no',   'own', 'no',    'no' ],
  ['submit',            'no',   'own', 'no',    'no' ],
  ['see_summary',       'no',   'own', 'own',   'all'],
  ['export_summary',    'no',   'own', 'own',   'all'],
  ['nudge',             'no',   'own', 'no',    'all'],
  ['notify',            'no',   'own', 'no',    'all'],
  ['see_members',       'no',   'own', 'no',    'all'],
  ['invite_worker',     'no',   'own', 'no',    'all'],
  ['remove_worker',     'no',   'own', 'no',    'all'],
  ['reopen',            'no',   'no',  'no',    'all'],
  ['invite_head',       'no',   'no',  'no',    'all'],
  ['remove_head',       'no',   'no',  'no',    'all'],
  ['invite_assessor',   'no',   'no',  'no',    'all'],
  ['remove_assessor',   'no',   'no',  'no',    'all'],
  ['invite_admin',      'no',   'no',  'no',    'all'],
  ['remove_admin',      'no',   'no',  'no',    'all'],
  ['see_overview',      'no',   'no',  'no',    'all'],
  ['keep_communities',  'no',   'no',  'no',    'all'],
  ['keep_rounds',       'no',   'no',  'no',    'all'],
  ['see_audit',         'no',   'no',  'no',    'all'],
  ['set_practice',      'no',   'no',  'no',    'all'],
]

const [OWN, OTHER] = ['渝康', '天宫殿']
const PLACES = [
  { place: 'the own community', community: OWN },
  { place: 'another community', community: OTHER },
  { place: 'the district', community: null },
] as const
const allowed = (reach: Reach, community: string | null): boolean =>
  reach === 'all' || (reach === 'own' && community === OWN)
/** As memberships are: everybody's is in a community but the admin's. */
const holding = (role: Role): Holding => ({ role, community: role === 'admin' ? null : OWN })

const ROWS = EXPECTED.flatMap(([permission, ...reaches]) =>
  (['worker', 'head', 'assessor', 'admin'] as const).flatMap((role, i) =>
    PLACES.map(({ place, community }) => {
      const expected = allowed(reaches[i]!, community)
      return { permission, role, place, community, expected, says: expected ? 'may' : 'may not' }
    }),
  ),
)

it('knows every permission and every role', () => {
  expect(EXPECTED.map(([permission]) => permission).sort()).toEqual([...PERMISSIONS].sort())
  expect([...ROLES].sort()).toEqual(['admin', 'assessor', 'head', 'worker'])
  expect(ROWS).toHaveLength(PERMISSIONS.length * ROLES.length * PLACES.length)
})

describe('one role', () => {
  it.each(ROWS)('$permission: a $role $says in $place', ({ permission, role, community, expected }) => {
    expect(may([holding(role)], permission, community)).toBe(expected)
  })

  it.each(ROLES)('a %s elsewhere only has in the own community what the role has everywhere', (role) => {
    for (const permission of PERMISSIONS)
      expect(may([{ ...holding(role), community: role === 'admin' ? null : OTHER }], permission, OWN), permission).toBe(
        allowed(reachOf(permission, role), OTHER),
      )
  })
})

describe('several roles', () => {
  const PAIRS = ROLES.flatMap((one) => ROLES.map((other) => [one, other] as const))

  it.each(PAIRS)('a %s here who is %s there has what each role gives where it is held, and no more', (here, there) => {
    const away = { role: there, community: there === 'admin' ? null : OTHER }
    for (const permission of PERMISSIONS)
      for (const { community } of PLACES) {
        const first = allowed(reachOf(permission, here), community)
        const seen = community === OWN ? OTHER : community === OTHER ? OWN : null
        const second = allowed(reachOf(permission, there), seen)
        expect(may([holding(here), away], permission, community), `${permission} in ${community}`).toBe(first || second)
        expect(may([away, holding(here)], permission, community)).toBe(first || second)
      }
  })

  it('names the communities of a permission once each, in the order of the roles, without those that are for everywhere', () => {
    const roles: Holding[] = [
      { role: 'worker', community: OTHER },
      { role: 'head', community: OWN },
      { role: 'assessor', community: OWN },
      { role: 'admin', community: null },
    ]
    expect(communitiesFor(roles, 'answer')).toEqual([OTHER, OWN])
    expect(communitiesFor(roles, 'see_summary')).toEqual([OWN])
    expect(communitiesFor(roles, 'submit')).toEqual([OWN])
    expect(communitiesFor(roles, 'see_audit')).toEqual([])
  })
})

describe('no role, or one without a community', () => {
  it('may do nothing anywhere', () => {
    for (const permission of PERMISSIONS) {
      expect(mayAnywhere([], permission)).toBe(false)
      expect(communitiesFor([], permission)).toEqual([])
      for (const { community } of PLACES) expect(may([], permission, community), permission).toBe(false)
    }
  })

  it.each(['worker', 'head', 'assessor'] as const)(
    'a %s of no community may do nothing, also not in the district',
    (role) => {
      for (const permission of PERMISSIONS)
        for (const { community } of PLACES) expect(may([{ role, community: null }], permission, community)).toBe(false)
    },
  )

  it('only an admin may do anything everywhere', () => {
    for (const permission of PERMISSIONS)
      for (const role of ROLES)
        expect(mayAnywhere([holding(role)], permission)).toBe(reachOf(permission, role) === 'all')
  })
})

function reachOf(permission: Permission, role: Role): Reach {
  const [, worker, head, assessor, admin] = EXPECTED.find(([one]) => one === permission)!
  return { worker, head, assessor, admin }[role]
}
