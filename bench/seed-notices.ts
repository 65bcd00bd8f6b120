/**
 * A district for the bench of notices: everybody a worker with a Telegram chat, one admin, and some workers who each have a
 * round's sheet all to themselves, so that their taps never meet.
 */
import { join } from 'node:path'
import type pg from 'pg'
import { shelved } from '../src/content/shelf.js'
import { migrate } from '../src/store/migrate.js'
import { ROOT } from './child.js'
import { createOfficeDesk } from './office-desk.js'

export const ADMIN_CHAT = 7_000_000_000
/** The others follow; the first of them are those who tap. */
export const FIRST_CHAT = ADMIN_CHAT + 1
export const ROUND = 'r0000000009'

const PEOPLE_A_COMMUNITY = 30
const DAY_MS = 24 * 60 * 60 * 1000

/** `people` in all beside the admin, of whom the first `tapping` have an open round. */
export async function seedNotices(pool: pg.Pool, people: number, tapping: number): Promise<void> {
  await migrate(pool, join(ROOT, 'prisma', 'migrations'))
  const desk = createOfficeDesk(pool)
  const book = desk.books.current
  await desk.records.keepRubric(book.hash, shelved(book))
  const today = Date.now()
  const placeOf = (n: number) => (n < tapping ? n : tapping + Math.floor((n - tapping) / PEOPLE_A_COMMUNITY))
  const places = Array.from({ length: placeOf(people - 1) + 1 }, (_, n) => n)
  await insert('community (id, name, street, households, grids)', 'text, text, text, int, int', [
    ...places.map((n) => [communityOf(n), `第${n}社区`, `第${Math.floor(n / 25)}街道`, 1000 + n, 4]),
  ])
  const members = [
    { person: 'p-admin', role: 'admin', at: null as string | null, chat: ADMIN_CHAT },
    ...Array.from({ length: people }, (_, n) => ({
      person: personOf(n),
      role: 'worker',
      at: communityOf(placeOf(n)) as string | null,
      chat: FIRST_CHAT + n,
    })),
  ]
  await insert(
    'person (id, language, name)',
    'text, text, text',
    members.map(({ person }, n) => [person, 'zh-CN', `王${n}`]),
  )
  await insert(
    'address (address, person_id)',
    'text, text',
    members.map(({ chat, person }) => [`telegram:${chat}`, person]),
  )
  const joined = new Date(today - 300 * DAY_MS).toISOString()
  await insert(
    'membership (id, person_id, role, community_id, joined_at)',
    'text, text, role, text, timestamptz',
    members.map(({ person, role, at }) => [`m-${person}`, person, role, at, joined]),
  )

  const change = (id: string) => {
    const nobody = { person: null, community: null, before: null, after: null }
    return { id, at: new Date(today), action: 'seeded', subject: `round:${ROUND}`, ...nobody }
  }
  const times = { opensAt: new Date(today - 5 * DAY_MS), deadline: new Date(today + 9 * DAY_MS) }
  const fields = { name: '2026年第4季度评定', rubric: book.hash, mode: 'shared' as const, timeZone: 'Asia/Shanghai' }
  await desk.rounds.create(ROUND, { ...fields, ...times }, change('1'))
  await desk.rounds.addCommunities(ROUND, places.slice(0, tapping).map(communityOf), change('2'))
  await desk.rounds.setStatus(ROUND, 'published', change('3'))
  await pool.query('VACUUM ANALYZE')

  async function insert(into: string, types: string, rows: readonly unknown[][]): Promise<void> {
    const columns = types.split(', ').map((_type, c) => rows.map((row) => row[c]))
    const given = types.split(', ').map((type, c) => `$${c + 1}::${type}[]`)
    await pool.query(`INSERT INTO ${into} SELECT * FROM unnest(${given})`, columns)
  }
}

const communityOf = (n: number): string => `c${String(n).padStart(10, '0')}`
const personOf = (n: number): string => `p-${String(n).padStart(8, '0')}`
