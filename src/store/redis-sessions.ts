/**
 * Sessions in Redis. Three keys an address, with one hash tag so that a Redis Cluster keeps them together:
 * `h:{telegram:48201}:lease` (4 s), `h:{telegram:48201}:session` (90 days), `h:{telegram:48201}:claims` (24 h).
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Cluster, Redis } from 'ioredis'
import type { Sessions } from '../app/ports.js'
import { guarded } from './fault.js'
import { LEASE_MS, MAX_CLAIMS, SESSION_TTL_MS } from './session-limits.js'
import { storableText } from './storable.js'

/** Beyond that they run out by themselves. */
const MOST_ABANDONED = 5_000

export function createRedisSessions(redis: Redis | Cluster): Sessions {
  const run = redis as (Redis | Cluster) & Commands
  const processToken = randomBytes(TOKEN_BYTES).toString('base64url')
  let count = 0
  redis.defineCommand('hexieBegin', { numberOfKeys: 3, lua: BEGIN })
  redis.defineCommand('hexieSave', { numberOfKeys: 3, lua: SAVE })
  redis.defineCommand('hexieRenew', { numberOfKeys: 1, lua: RENEW })
  redis.defineCommand('hexieFinish', { numberOfKeys: 3, lua: FINISH })
  redis.defineCommand('hexieRelease', { numberOfKeys: 1, lua: RELEASE })

  /**
   * Leases that were asked for in vain. A Redis that only hung takes them once it goes on, also from connections that are long
   * closed, and their people would wait until they run out.
   */
  const abandoned = new Map<string, string>()

  function abandon(lease: string, token: string, fault: unknown): never {
    if (abandoned.size < MOST_ABANDONED) abandoned.set(token, lease)
    giveBack(lease, token)
    throw fault
  }

  function giveBack(lease: string, token: string): void {
    run.hexieRelease(lease, token).then(
      () => abandoned.delete(token),
      () => {},
    )
  }

  redis.on('ready', () => {
    for (const [token, lease] of abandoned) giveBack(lease, token)
  })

  return {
    begin: (address, input) =>
      guarded('A session could not be read', async () => {
        const token = `${processToken}${(count++).toString(36)}`
        const { lease, session, claims } = keysOf(address)
        const begun = await run
          .hexieBegin(lease, session, claims, token, claimOf(input))
          .catch((fault) => abandon(lease, token, fault))
        if (begun === null) return { state: 'busy' }
        return { state: 'held', lease: { token }, session: begun[0], repeated: begun[1] === 1 }
      }),

    save: (address, { token }, text, inputs) =>
      guarded(
        'A session could not be saved',
        async () => (await run.hexieSave(...saving(address, token, text, inputs))) === 1,
      ),

    renew: (address, { token }) =>
      guarded('A lease could not be renewed', async () => (await run.hexieRenew(keysOf(address).lease, token)) === 1),

    finish: (address, { token }, text, inputs) =>
      guarded(
        'A session could not be saved',
        async () => (await run.hexieFinish(...saving(address, token, text, inputs))) === 1,
      ),

    release: (address, { token }) =>
      guarded('A lease could not be given back', async () => {
        await run.hexieRelease(keysOf(address).lease, token)
      }),

    forget: (address) =>
      guarded('A session could not be removed', async () => {
        const { lease, session, claims } = keysOf(address)
        await redis.unlink(lease, session, claims)
      }),
  }
}

type Commands = {
  hexieBegin(...args: (string | number)[]): Promise<[session: string | null, repeated: number] | null>
  hexieSave(...args: (string | number)[]): Promise<number>
  hexieRenew(...args: (string | number)[]): Promise<number>
  hexieFinish(...args: (string | number)[]): Promise<number>
  hexieRelease(...args: (string | number)[]): Promise<number>
}

/** More inputs than the set may hold come only from a rebuild out of the ledger; the newest are last. */
function saving(address: string, token: string, text: string, inputs: readonly string[]): (string | number)[] {
  const { lease, session, claims } = keysOf(address)
  const newest = inputs.slice(-MAX_CLAIMS).map(claimOf)
  return [lease, session, claims, token, storableText(text), ...newest]
}

const keysOf = (address: string) => ({
  lease: `h:{${address}}:lease`,
  session: `h:{${address}}:session`,
  claims: `h:{${address}}:claims`,
})

/** 48 bits tell the processes apart, a counter the leases of one process. */
const TOKEN_BYTES = 6

/**
 * The member of the claims' set that stands for an input. Redis keeps a set of integers at 2 to 8 bytes each, of other
 * strings at about 80. Numbers, such as Telegram's update ids, stand for themselves; any other id for 48 bits of its hash.
 */
function claimOf(input: string): string {
  if (SMALL_INTEGER.test(input)) return input
  return String(createHash('sha1').update(input).digest().readUIntBE(0, 6))
}

/** Not one digit more than 64 bits hold, and no leading zeros: otherwise Redis keeps the whole set as strings. */
const SMALL_INTEGER = /^(?:0|[1-9]\d{0,17})$/

/** A full set drops this many at once, so that few saves have to sort it. */
const DROPPED_AT_ONCE = 50

const CLAIM_TTL_S = 24 * 60 * 60

/** The own token in the lease: this very command was sent again after a broken connection. */
const BEGIN = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ${LEASE_MS}) and redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return false
end
return { redis.call('GET', KEYS[2]), redis.call('SISMEMBER', KEYS[3], ARGV[2]) }`

/**
 * The set stays under 512 members (set-max-intset-entries), beyond which Redis would keep it as strings. The smallest numbers
 * go first: counters such as Telegram's grow, so these are the oldest inputs. Among hashes it hits any of the older ones,
 * never the new ones, and the ledger still knows an input that is claimed no more.
 */
const SAVE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ${SESSION_TTL_MS / 1000})
if #ARGV > 2 then
  local over = redis.call('SCARD', KEYS[3]) + #ARGV - 2 - ${MAX_CLAIMS}
  if over > 0 then
    local drop = math.max(over, ${DROPPED_AT_ONCE})
    redis.call('SREM', KEYS[3], unpack(redis.call('SORT', KEYS[3], 'LIMIT', 0, drop)))
  end
  redis.call('SADD', KEYS[3], unpack(ARGV, 3))
  redis.call('EXPIRE', KEYS[3], ${CLAIM_TTL_S})
end
return 1`

const RENEW = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ${LEASE_MS}) end
return 0`

const FINISH = SAVE.replace(/return 1$/, "return redis.call('DEL', KEYS[1])")

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`
