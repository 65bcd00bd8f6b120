/** Communities, people, rounds and changes for the suites of rounds and work. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Change } from '../../src/app/district.js'
import type { RoundFields, Rounds } from '../../src/app/rounds.js'
import type { Role } from '../../src/core/access.js'
import type { Result } from '../../src/core/result.js'

/** A minute of the day on which all rounds of these suites are open. */
export const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 12, minute))

export const change = (fields: Partial<Change> = {}): Change => ({
  id: randomUUID(),
  at: at(0),
  person: null,
  action: 'round_changed',
  subject: 'round:r',
  community: null,
  before: null,
  after: null,
  ...fields,
})

export const roundFields = (fields: Partial<RoundFields> = {}): RoundFields => ({
  name: '2026 年秋季',
  rubric: 'hash',
  mode: 'shared',
  opensAt: new Date('2026-11-01T00:00:00Z'),
  deadline: new Date('2026-12-01T00:00:00Z'),
  timeZone: 'Asia/Shanghai',
  ...fields,
})

export async function aCommunity(pool: pg.Pool, name: string = randomUUID(), street = '天星'): Promise<string> {
  const id = randomUUID()
  await pool.query('INSERT INTO community (id, name, street, households) VALUES ($1, $2, $3, 81)', [id, name, street])
  return id
}

export async function aPerson(pool: pg.Pool, name: string | null = null): Promise<string> {
  const id = randomUUID()
  await pool.query(`INSERT INTO person (id, language, name) VALUES ($1, 'zh-CN', $2)`, [id, name])
  return id
}

export async function aMember(
  pool: pg.Pool,
  of: { person: string; community: string | null; role?: Role; posts?: string[]; ended?: boolean },
): Promise<string> {
  const id = randomUUID()
  await pool.query('INSERT INTO membership VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    id,
    of.person,
    of.role ?? 'worker',
    of.community,
    of.posts ?? [],
    at(0),
    of.ended ? at(1) : null,
  ])
  return id
}

/** A published round with its communities. */
export async function aRound(rounds: Rounds, communities: readonly string[], fields: Partial<RoundFields> = {}) {
  const id = `r${randomUUID()}`
  await rounds.create(id, roundFields(fields), change())
  await rounds.addCommunities(id, communities, change())
  await rounds.setStatus(id, 'published', change({ at: at(0) }))
  const assessments = await rounds.assessmentsIn(id)
  const of = (community: string) => assessments.find((one) => one.community.id === community)!.id
  return { id, assessments: communities.map(of) }
}

export const resultWith = (total: string, kind: 'graded' | 'open' = 'graded'): Result => ({
  answered: 98,
  asked: 98,
  total,
  least: total,
  most: total,
  grade: kind === 'graded' ? { kind, code: 'A' } : { kind },
  first: { G: 0.81, P: null },
  second: { G1: 0.93 },
  indicators: { 'G1-01': 1, 'P2-04': null },
  weak: ['P2-04'],
  vetoes: [],
})
