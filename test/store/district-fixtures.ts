/** Communities, people, changes and their audit lines for the suites of this folder. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Change, CommunityFields } from '../../src/app/district.js'
import type { Role } from '../../src/core/access.js'
import { createCommunities } from '../../src/store/communities.js'
import { createInvitations } from '../../src/store/invitations.js'
import { createLedger } from '../../src/store/ledger.js'
import { createRecords } from '../../src/store/records.js'
import { answerRow } from './fixtures.js'

export const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 12, minute, 0, 123))

export const changed = (change: Partial<Change> = {}): Change => ({
  id: randomUUID(),
  at: at(0),
  person: null,
  action: 'tested',
  subject: 'test:1',
  community: null,
  before: null,
  after: null,
  ...change,
})

export const fields = (over: Partial<CommunityFields> = {}): CommunityFields => ({
  name: `社区 ${randomUUID()}`,
  street: '中山街道',
  households: 2100,
  grids: 8,
  timeZone: 'Asia/Shanghai',
  ...over,
})

/** What is needed before anything else can be tried, made by the ports themselves. */
export function district(pool: pg.Pool) {
  const records = createRecords(pool)
  const ledger = createLedger(pool)
  const communities = createCommunities(pool)
  const invitations = createInvitations(pool)

  const person = async (): Promise<string> => {
    const id = randomUUID()
    await records.enrol(`test:${id}`, { id, language: 'zh-CN' })
    return id
  }

  const community = async (over: Partial<CommunityFields> = {}): Promise<string> => {
    const id = randomUUID()
    await communities.create(id, fields(over), changed())
    return id
  }

  type Terms = { role?: Role; community: string | null; maxUses?: number | null; expiresAt?: Date | null; by?: string }
  const invitation = async (terms: Terms): Promise<string> => {
    const id = randomUUID()
    const open = { role: 'worker', maxUses: null, expiresAt: null, by: null, ...terms } as const
    await invitations.create({ ...open, id, codeHash: `hash ${id}`, createdAt: at(0) }, changed())
    return id
  }

  /** Joins by an invitation of its own; returns the membership's id. */
  const member = async (who: string, role: Role, where: string | null, minute = 1, name = '张三'): Promise<string> => {
    const membership = randomUUID()
    const link = await invitation({ role, community: where })
    await invitations.accept(link, { membership, person: who, name, posts: [] }, changed({ at: at(minute) }))
    return membership
  }

  /** An assessment in a round of its own. */
  const assessment = async (where: string): Promise<string> => {
    const [round, id] = [randomUUID(), randomUUID()]
    await pool.query(
      `INSERT INTO round (id, name, rubric_hash, mode, status, opens_at, deadline, time_zone, created_at)
        VALUES ($1, 'r', 'r1', 'shared', 'published', $2, $3, 'Asia/Shanghai', $2)`,
      [round, at(0).toISOString(), at(59).toISOString()],
    )
    await pool.query('INSERT INTO assessment (id, round_id, community_id) VALUES ($1, $2, $3)', [id, round, where])
    return id
  }

  /** Owner null: a shared one. */
  const sheet = async (owner: string | null, where: string, status = 'open'): Promise<string> => {
    const id = randomUUID()
    await pool.query(
      `INSERT INTO sheet (id, person_id, assessment_id, rubric_hash, status, started_at)
        VALUES ($1, $2, $3, 'r1', $4::sheet_status, $5)`,
      [id, owner, where, status, at(1).toISOString()],
    )
    return id
  }

  const count = async (sql: string, ...values: unknown[]): Promise<number> =>
    (await pool.query(`SELECT count(*)::int AS count FROM ${sql}`, values)).rows[0].count

  const lines = (change: Change): Promise<number> => count('audit WHERE id = $1', change.id)

  const assigned = (assessment: string, indicator: string, person: string, by: string | null = null) =>
    pool.query('INSERT INTO assignment VALUES ($1, $2, $3, $4, $5, now())', [assessment, indicator, person, by, null])
  const clashed = (sheet: string, person: string, value: string, stands: string) =>
    pool.query(`INSERT INTO clash VALUES ($1, 'Q1', 1, $2, $3, $4, 'a', now())`, [sheet, person, value, stands])
  const clashesOf = async (sheet: string) => {
    const text = `SELECT person_id AS person, value, stands_person AS stands FROM clash WHERE sheet_id = $1 ORDER BY value, person_id`
    return (await pool.query(text, [sheet])).rows
  }

  const making = { person, community, invitation, member, assessment, sheet, assigned, clashed }
  const given = { ...making, records, communities, invitations, clashesOf, count, lines }

  /** A worker of a community with a shared sheet and two of their own, all of them answered. */
  const atWork = async () => {
    const [person, other, community] = [await given.person(), await given.person(), await given.community()]
    const membership = await given.member(person, 'worker', community)
    const assessment = await given.assessment(community)
    const shared = await given.sheet(null, assessment)
    const own = await given.sheet(person, assessment)
    const submitted = await given.sheet(person, assessment)
    const others = await given.sheet(other, assessment)
    const practice = await given.sheet(person, await given.assessment(await given.community()))
    for (const sheet of [shared, own, submitted, practice])
      await ledger.append(answerRow({ sheet, person, note: 'n', raw: 'r' }))
    await ledger.append(answerRow({ sheet: shared, question: 'Q2', person: other }))
    await records.submitSheet(submitted, at(5))
    await assigned(assessment, 'G1-01', person)
    await assigned(assessment, 'G1-02', other)
    return { person, other, community, membership, assessment, shared, own, submitted, others, practice }
  }

  return { ...given, atWork }
}
