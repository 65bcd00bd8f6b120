/**
 * Sessions of the embedded default, in the table `session`. Leases are in memory: one process only, more need Redis. What
 * is saved is durable, many people's rows in one commit; a small cache spares the read before it.
 */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Lease, Sessions } from '../app/ports.js'
import { guarded } from './fault.js'
import { createGroupCommit } from './group-commit.js'
import { CLAIM_MS, LEASE_MS, MAX_CLAIMS, SESSION_TTL_MS } from './session-limits.js'
import { deleteSessions, type Kept, readSession, writeSessions } from './session-rows.js'
import { storableText } from './storable.js'

/** `now` in milliseconds is a parameter for the suite, which cannot wait for a lease to run out. */
export function createTableSessions(pool: pg.Pool, now: () => number = Date.now): Sessions {
  const leases = new Map<string, { token: string; until: number }>()
  const cache = new Map<string, Kept | null>()
  const changes = createGroupCommit('Sessions could not be saved', (batch: readonly Change[]) => write(pool, batch))

  const holds = (address: string, token: string): boolean => {
    const lease = leases.get(address)
    return lease !== undefined && lease.token === token && lease.until > now()
  }

  async function change(address: string, kept: Kept | null): Promise<void> {
    // While it is on its way, and where it fails, nobody knows what the table holds.
    cache.delete(address)
    await changes.add({ address, kept })
  }

  async function read(address: string): Promise<Kept | null> {
    const cached = cache.get(address)
    if (cached !== undefined) return cached
    return readSession(pool, address, new Date(now() - SESSION_TTL_MS))
  }

  const isClaimed = (kept: Kept | null, input: string | null): boolean =>
    kept?.claims.some(({ id, at }) => id === input && at > now() - CLAIM_MS) ?? false

  async function save(address: string, { token }: Lease, session: string, inputs: readonly string[]): Promise<boolean> {
    if (!holds(address, token)) return false
    const before = await guarded('A session could not be read', () => read(address))
    if (!holds(address, token)) return false
    const at = now()
    const fresh = new Set(inputs)
    const older = (before?.claims ?? []).filter((claim) => claim.at > at - CLAIM_MS && !fresh.has(claim.id))
    const claims = [...older, ...[...fresh].map((id) => ({ id, at }))].slice(-MAX_CLAIMS)
    const kept = { session: storableText(session), claims, updatedAt: at }
    await change(address, kept)
    // Unless somebody else holds the lease by now and has perhaps saved more.
    if (holds(address, token)) remember(cache, address, kept)
    return true
  }

  return {
    // Who held what is forgotten with the process.
    tellsUnfinished: false,

    async begin(address, input) {
      const held = leases.get(address)
      if (held && held.until > now()) return { state: 'busy' }
      if (leases.size >= MAX_LEASES) dropExpired(leases, now())
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      leases.set(address, { token, until: now() + LEASE_MS })
      try {
        const kept = await guarded('A session could not be read', () => read(address))
        if (holds(address, token)) remember(cache, address, kept)
        const session = kept?.session ?? null
        const repeated = isClaimed(kept, input)
        return { state: 'held', lease: { token, input }, session, repeated, unfinished: false, inherited: false }
      } catch (fault) {
        if (leases.get(address)?.token === token) leases.delete(address)
        throw fault
      }
    },

    save,

    async renew(address, { token }) {
      if (!holds(address, token)) return false
      leases.set(address, { token, until: now() + LEASE_MS })
      return true
    },

    async finish(address, lease, session, inputs) {
      const saved = await save(address, lease, session, inputs)
      if (leases.get(address)?.token === lease.token) leases.delete(address)
      return saved
    },

    async pass(address, lease, session, inputs, next) {
      if (!(await save(address, lease, session, inputs)) || !holds(address, lease.token)) return { state: 'lost' }
      leases.set(address, { token: lease.token, until: now() + LEASE_MS })
      const repeated = isClaimed(await guarded('A session could not be read', () => read(address)), next)
      return { state: 'held', lease: { ...lease, input: next }, session, repeated, unfinished: false, inherited: false }
    },

    async release(address, { token }) {
      if (leases.get(address)?.token === token) leases.delete(address)
    },

    async forget(address) {
      leases.delete(address)
      await change(address, null)
      cache.delete(address)
    },

    leftInHand: async () => [],

    // Leases are gone with the process that had them.
    takePlace: () => async () => {},
  }
}

type Change = { readonly address: string; readonly kept: Kept | null }

/** Of two changes of one address the later counts; one statement may not touch a row twice. */
async function write(pool: pg.Pool, batch: readonly Change[]): Promise<true[]> {
  const newest = new Map(batch.map(({ address, kept }) => [address, kept]))
  const gone = [...newest].flatMap(([address, kept]) => (kept === null ? [address] : []))
  const saved = [...newest].flatMap(([address, kept]) => (kept === null ? [] : [{ address, ...kept }]))
  if (gone.length > 0) await deleteSessions(pool, gone)
  if (saved.length > 0) await writeSessions(pool, saved)
  return batch.map(() => true)
}

/** As many people as answer within some minutes; a session with its claims takes under 10 KB here. */
const MAX_CACHED = 500

/** The least recently used stands first. */
function remember(cache: Map<string, Kept | null>, address: string, kept: Kept | null): void {
  cache.delete(address)
  cache.set(address, kept)
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!)
}

/** Leases of inputs whose handling crashed are given back by nobody: from here on they are looked for. */
const MAX_LEASES = 1_000

function dropExpired(leases: Map<string, { until: number }>, now: number): void {
  for (const [address, { until }] of leases) if (until <= now) leases.delete(address)
}

/** 48 bits: it need only differ from the one before. */
const TOKEN_BYTES = 6
