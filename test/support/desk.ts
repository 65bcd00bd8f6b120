/**
 * The whole of app/ on a real PostgreSQL, without a channel: people speak to the dispatch as they would in a chat, and know
 * a card only by what stands on it. The clock stands still unless a test moves it, and goes on by a second with each input.
 */
import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import type { Desk } from '../../src/app/desk.js'
import { createDispatch } from '../../src/app/dispatch.js'
import type { Change, CommunityFields } from '../../src/app/district.js'
import { StoreFault } from '../../src/app/ports.js'
import { createRenewal } from '../../src/app/results.js'
import type { RoundFields } from '../../src/app/rounds.js'
import type { Inbound } from '../../src/app/speech.js'
import { type Library, loadLibrary } from '../../src/content/load.js'
import { LANGUAGES, loadLocales } from '../../src/content/locales.js'
import { createShelf, shelved } from '../../src/content/shelf.js'
import type { Role } from '../../src/core/access.js'
import { createAuditLog } from '../../src/store/audit.js'
import { createCommunities } from '../../src/store/communities.js'
import { createInvitations } from '../../src/store/invitations.js'
import { createLeases } from '../../src/store/leases.js'
import { createLedger } from '../../src/store/ledger.js'
import { createMembers } from '../../src/store/members.js'
import { createMemoryGate } from '../../src/store/memory-gate.js'
import { createNotices } from '../../src/store/notices.js'
import { createOutbox } from '../../src/store/outbox.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createRecords } from '../../src/store/records.js'
import { createRounds } from '../../src/store/rounds.js'
import { createTableSessions } from '../../src/store/table-sessions.js'
import { createWork } from '../../src/store/work.js'
import { createDatabase } from './databases.js'
import { createVisitor, type Visitor } from './visitor.js'

export type { Visitor } from './visitor.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Monday 23 November 2026, 10:00 in Shanghai. */
export const START = Date.UTC(2026, 10, 23, 2)
export const DAY_MS = 24 * 60 * 60 * 1000
export const ZONE = 'Asia/Shanghai'

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
let library: Library | undefined

export type TestDesk = {
  readonly desk: Desk
  readonly pool: pg.Pool
  /** Milliseconds since 1970; a test may set it. */
  readonly clock: { now: number }
  /** What was logged as a warning or an error. */
  readonly warnings: readonly { readonly fields: object; readonly message: string }[]
  /** Somebody who has not spoken yet. `web` and `telegram` differ in what the bot knows of the chat. */
  visitor(how?: { language?: string; channel?: 'telegram' | 'web'; guest?: boolean }): Promise<Visitor>
  /** Somebody with a role (community null: in the district), with a name and perhaps posts. */
  member(
    role: Role,
    community: string | null,
    how?: { name?: string; posts?: readonly string[]; language?: string; channel?: 'telegram' | 'web' },
  ): Promise<Visitor>
  /** One more role for somebody; returns the membership's id. */
  join(
    visitor: Visitor,
    role: Role,
    community: string | null,
    how?: { name?: string; posts?: readonly string[] },
  ): Promise<string>
  /** Returns its id. */
  community(name: string, over?: Partial<CommunityFields>): Promise<string>
  /** A round that is open for a week, published unless it is to stay a draft; `assessments` by community. */
  round(
    communities: readonly string[],
    over?: Partial<RoundFields> & { draft?: boolean },
  ): Promise<{ readonly id: string; readonly assessments: Readonly<Record<string, string>> }>
  /** Actions in the audit log, oldest first. */
  actions(): Promise<string[]>
  count(sql: string, ...values: readonly unknown[]): Promise<number>
  close(): Promise<void>
}

/** Builds a desk on a database of its own, runs a test with it, and takes it away. */
export async function withDesk(use: (office: TestDesk) => Promise<void>): Promise<void> {
  const office = await openDesk()
  try {
    await use(office)
  } finally {
    await office.close()
  }
}

export async function openDesk(over: Partial<Desk> = {}): Promise<TestDesk> {
  const { url, drop } = await createDatabase()
  const pool = openPostgres(url)
  library ??= loadLibrary(ROOT, LANGUAGES)
  const records = createRecords(pool)
  await records.keepRubric(library.current.hash, shelved(library.current))
  const clock = { now: START }
  const warnings: { fields: object; message: string }[] = []
  const warn = (fields: object, message: string) => void warnings.push({ fields, message })
  const sessions = createTableSessions(pool, () => clock.now)
  const dying = new Set<string>()
  const counters = { people: 0, updates: 0, changes: 0 }
  const newPersonId = () => `person${++counters.people}`
  const desk: Desk = {
    records,
    ledger: createLedger(pool),
    sessions: {
      ...sessions,
      save: (address, ...rest) => {
        if (dying.delete(address)) throw new StoreFault('The process died right here', true, undefined)
        return sessions.save(address, ...rest)
      },
    },
    communities: createCommunities(pool),
    members: createMembers(pool),
    invitations: createInvitations(pool),
    audit: createAuditLog(pool),
    outbox: createOutbox(pool),
    notices: createNotices(pool),
    leases: createLeases(pool),
    gate: createMemoryGate(1000, () => clock.now),
    broadcastPerSecond: 30,
    renewal: createRenewal(),
    rounds: createRounds(pool),
    work: createWork(pool),
    books: createShelf(library, (hash) => records.rubric(hash)),
    locales: loadLocales(ROOT, 'zh-CN'),
    defaultLanguage: 'zh-CN',
    log: { debug() {}, info() {}, warn, error: warn },
    drawRadar: async () => new Uint8Array(Buffer.from(PIXEL, 'base64')),
    links: {
      telegram: async (code) => `https://t.me/hexie_test_bot?start=${code}`,
      web: (code) => `https://hexie.example/join/${code}`,
    },
    now: () => clock.now,
    wait: () => breathe(),
    newPersonId,
    sheetIdFor: (address, input) => `s${digest(`${address} ${input}`).slice(0, 13)}`,
    idFor: (letter, ...of) => `${letter}${digest(of.join('\n')).slice(0, 10)}`,
    codeFor: (address, input) => digest(`code ${address} ${input}`).slice(0, 24),
    hash: digest,
    ...over,
  }
  const dispatch = createDispatch(desk)

  const change = (action: string, subject: string): Change => ({
    id: `c${++counters.changes}`,
    at: new Date(clock.now),
    person: null,
    action,
    subject,
    community: null,
    before: null,
    after: null,
  })

  const join: TestDesk['join'] = async (visitor, role, community, { name, posts = [] } = {}) => {
    clock.now += 1000 // one after the other, so that lists are in this order
    const id = `i${++counters.changes}`
    const terms = { maxUses: null, expiresAt: null, createdAt: new Date(clock.now), by: null }
    await desk.invitations.create({ id, role, community, codeHash: id, ...terms }, change('seeded', `invitation:${id}`))
    const membership = `m${id}`
    const called = name ?? (await desk.members.nameOf(visitor.person)) ?? `测试${counters.people}`
    const who = { membership, person: visitor.person, name: called, posts }
    await desk.invitations.accept(id, who, change('seeded', `person:${visitor.person}`))
    return membership
  }

  const visitor: TestDesk['visitor'] = async ({ language = 'zh-CN', channel = 'telegram', guest = false } = {}) => {
    const id = newPersonId()
    const address = `${channel}:${counters.people}`
    const person = (await records.enrol(address, { id, language })).id
    return createVisitor({
      person,
      address,
      positioned: channel === 'telegram',
      die: () => dying.add(address),
      handle: async (message, speak) => {
        clock.now += 1000
        const order = ++counters.updates
        const inbound: Inbound = { ...message, id: String(order), address, order, guest }
        const dies = dying.has(address)
        const done = dispatch.handle(inbound, speak)
        if (!dies) return done
        await done.catch((fault: unknown) => {
          if (!(fault instanceof StoreFault)) throw fault
        })
        await dispatch.handle(inbound, speak)
      },
    })
  }

  return {
    desk,
    pool,
    clock,
    warnings,
    visitor,
    join,
    member: async (role, community, { name, posts, ...how } = {}) => {
      const one = await visitor(how)
      await join(one, role, community, { ...(name ? { name } : {}), ...(posts ? { posts } : {}) })
      return one
    },
    community: async (name, over = {}) => {
      const id = `c${digest(`${name} ${++counters.changes}`).slice(0, 10)}`
      const fields = { name, street: '礼嘉街道', households: 3200, grids: 12, timeZone: ZONE, ...over }
      await desk.communities.create(id, fields, change('seeded', `community:${id}`))
      return id
    },
    round: async (communities, { draft = false, ...over } = {}) => {
      const id = `r${digest(`round ${++counters.changes}`).slice(0, 10)}`
      const times = {
        opensAt: new Date(clock.now - DAY_MS),
        deadline: new Date(clock.now + 7 * DAY_MS),
        timeZone: ZONE,
      }
      const fields = {
        name: '2026年第4季度评定',
        rubric: desk.books.current.hash,
        mode: 'shared' as const,
        ...times,
        ...over,
      }
      await desk.rounds.create(id, fields, change('seeded', `round:${id}`))
      await desk.rounds.addCommunities(id, communities, change('seeded', `round:${id}`))
      if (!draft) await desk.rounds.setStatus(id, 'published', change('seeded', `round:${id}`))
      const assessments = await desk.rounds.assessmentsIn(id)
      return { id, assessments: Object.fromEntries(assessments.map((one) => [one.community.id, one.id])) }
    },
    actions: async () => {
      const { rows } = await pool.query<{ action: string }>(
        `SELECT action FROM audit WHERE action <> 'seeded' ORDER BY at, id`,
      )
      return rows.map(({ action }) => action)
    },
    count: async (sql, ...values) =>
      (await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`, [...values])).rows[0]!.count,
    close: async () => {
      await pool.end()
      await drop()
    },
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
