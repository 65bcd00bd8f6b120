/**
 * Sessions in Redis. Four keys an address, with one hash tag so that a Redis Cluster keeps them together:
 * `h:{telegram:48201}:lease` (4 s), `h:{telegram:48201}:session` (90 days), `h:{telegram:48201}:claims` (24 h), and while an input is in
 * hand `h:{telegram:48201}:hand` (90 days, as it tells something about the session). `h:{process:grid-1:0.0.0.0:3000}` is the process that runs there (24 h).
 */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster, Redis } from 'ioredis'
import type { Lease, Sessions } from '../app/ports.js'
import { guarded } from './fault.js'
import { LEASE_MS, MAX_CLAIMS } from './session-limits.js'
import { NOTHING, RELEASE, SERVE } from './session-scripts.js'
import { storableText } from './storable.js'
import { createGather } from './turn.js'

/** Beyond that they run out by themselves. */
const MOST_ABANDONED = 5_000

export function createRedisSessions(redis: Redis | Cluster): Sessions {
  const run = redis as Client
  const processToken = randomBytes(TOKEN_BYTES).toString('base64url')
  let count = 0
  /** The token of the process that ran here before, for as long as a lease of it may live. */
  let predecessor = ''
  redis.defineCommand('hexieRelease', { numberOfKeys: 2, lua: RELEASE })
  const serve = redis.isCluster ? serveEach(run) : serveTogether(run)

  /**
   * Leases that were asked for in vain. A Redis that only hung takes them once it goes on, also from connections that are long
   * closed, and their people would wait until they run out.
   */
  const abandoned = new Map<Lease, string>()

  function abandon(address: string, lease: Lease, fault: unknown): never {
    if (abandoned.size < MOST_ABANDONED) abandoned.set(lease, address)
    giveBack(lease, address)
    throw fault
  }

  function giveBack(lease: Lease, address: string): void {
    // What is in hand may be from before: a press that was answered, and is brought again from here.
    release(address, lease, true).then(
      () => abandoned.delete(lease),
      () => {},
    )
  }

  const release = (address: string, { token, input }: Lease, unfinished: boolean) =>
    run.hexieRelease(leaseOf(address), handOf(address), token, unfinished || input === null ? '' : claimOf(input))

  redis.on('ready', () => {
    for (const [lease, address] of abandoned) giveBack(lease, address)
  })

  /** More inputs than the set may hold come only from a rebuild out of the ledger; the newest are last. */
  const write = (
    what: 'save' | 'finish' | 'pass',
    address: string,
    words: string,
    text: string,
    inputs: readonly string[],
  ) =>
    guarded('A session could not be saved', () => {
      const asked = [what, words, ...inputs.slice(-MAX_CLAIMS).map(claimOf)].join(' ')
      return serve({ keys: keysOf(address), args: [asked, storableText(text)] })
    })

  /** Redis may tell one twice. Not by the client's stream of keys: it reads ahead, and an error that comes once nobody reads it ends the process. */
  async function leftOn(node: Redis, addresses: string): Promise<string[]> {
    const left: string[] = []
    let cursor = '0'
    do {
      const [next, hands] = await node.scan(cursor, 'MATCH', handOf(addresses), 'COUNT', SCANNED_AT_ONCE)
      for (const address of hands.map(addressOf)) if (await isLeft(address)) left.push(address)
      cursor = next
    } while (cursor !== '0')
    return left
  }

  /** Whoever was in hand a moment ago may be finished by now. */
  async function isLeft(address: string): Promise<boolean> {
    const [lease, session, , hand] = keysOf(address)
    const [held, ...there] = await Promise.all([lease!, session!, hand!].map((key) => redis.exists(key)))
    return held === 0 && there.every((one) => one === 1)
  }

  return {
    tellsUnfinished: true,

    begin: (address, input) =>
      guarded('A session could not be read', async () => {
        const token = `${processToken}${(count++).toString(36)}`
        const lease = { token, input }
        const begun = await serve({
          keys: keysOf(address),
          args: [`begin ${token} ${input === null ? NOTHING : claimOf(input)} ${predecessor}`],
        }).catch((fault) => abandon(address, lease, fault))
        if (typeof begun === 'number') return { state: 'busy' }
        const [session, isClaimed, doubts] = begun
        const repeated = isClaimed === 1
        return { state: 'held', lease, session, repeated, unfinished: doubts % 2 === 1, inherited: doubts >= 2 }
      }),

    save: async (address, { token }, text, inputs) => (await write('save', address, token, text, inputs)) === 1,
    finish: async (address, { token }, text, inputs) => (await write('finish', address, token, text, inputs)) === 1,
    pass: async (address, { token }, session, inputs, next) => {
      const written = await write('pass', address, `${token} ${claimOf(next)}`, session, inputs)
      if (written === 0) return { state: 'lost' }
      const repeated = written === 2
      return { state: 'held', lease: { token, input: next }, session, repeated, unfinished: false, inherited: false }
    },

    renew: (address, { token }) =>
      guarded(
        'A lease could not be renewed',
        async () => (await serve({ keys: keysOf(address), args: [`renew ${token}`] })) === 1,
      ),

    release: (address, lease, unfinished = false) =>
      guarded('A lease could not be given back', async () => {
        await release(address, lease, unfinished)
      }),

    forget: (address) =>
      guarded('A session could not be removed', async () => {
        await redis.unlink(...keysOf(address))
      }),

    leftInHand: (prefix) =>
      guarded('What was left in hand could not be found', async () => {
        const nodes = 'nodes' in redis ? redis.nodes('master') : [redis]
        const looked = await Promise.allSettled(nodes.map((node) => leftOn(node, `${prefix}*`)))
        const found = looked.flatMap((node) => (node.status === 'fulfilled' ? node.value : []))
        // A node that is away hides nobody of the others.
        const fault = looked.find((node) => node.status === 'rejected')
        if (fault && found.length === 0) throw fault.reason
        return [...new Set(found)]
      }),

    takePlace(place) {
      const key = `h:{process:${place}}`
      const keep = () => redis.set(key, processToken, 'EX', PLACE_LASTS_S).catch(() => {})
      redis.set(key, processToken, 'EX', PLACE_LASTS_S, 'GET').then(
        (before) => {
          if (before === null || before === processToken) return
          predecessor = before
          setTimeout(() => {
            predecessor = ''
          }, LEASE_MS).unref()
        },
        () => {},
      )
      const keeping = setInterval(keep, PLACE_KEPT_EVERY_MS).unref()
      return async () => {
        clearInterval(keeping)
        // The place is given back as a lease is: only where it is still ours. It has no hand.
        const left = run.hexieRelease(key, key, processToken, '').catch(() => {})
        // A cluster that is away holds commands back for as long.
        await Promise.race([left, sleep(LEAVES_WITHIN_MS, undefined, { ref: false })])
      }
    },
  }
}

/** A place is told anew now and then, since Redis may be emptied; where nobody has for so long, it is forgotten. */
const PLACE_LASTS_S = 24 * 60 * 60
const PLACE_KEPT_EVERY_MS = 10 * 60_000
const LEAVES_WITHIN_MS = 2_000

/** Keys that Redis looks at in one go, which takes it less than a millisecond: nobody waits for longer behind it. */
const SCANNED_AT_ONCE = 1_000

/** What the script is to do for one person. */
type Call = { readonly keys: readonly string[]; readonly args: readonly string[] }
type Reply = number | readonly [session: string | null, isClaimed: number, doubts: number]
type Serve = (call: Call) => Promise<Reply>

type Commands = {
  hexieServe(...args: readonly (string | number)[]): Promise<Reply[]>
  hexieRelease(lease: string, hand: string, token: string, input: string): Promise<unknown>
}
type Client = (Redis | Cluster) & Commands

/** What people ask for in one turn is one command. */
function serveTogether(redis: Client): Serve {
  redis.defineCommand('hexieServe', { lua: SERVE })
  return createGather((calls) => {
    // Not by flatMap, which V8 does slowly.
    const keys: string[] = []
    const args: string[] = []
    for (const call of calls) {
      keys.push(...call.keys)
      args.push(...call.args)
    }
    return redis.hexieServe(keys.length, ...keys, ...args)
  }, isRefused)
}

/** A cluster may keep two people on two nodes, and no command reaches both. The client finds the node by the first key. */
function serveEach(redis: Client): Serve {
  redis.defineCommand('hexieServe', { lua: SERVE, numberOfKeys: 4 })
  return async ({ keys, args }) => (await redis.hexieServe(...keys, ...args))[0]!
}

/** Redis has answered, and said no: for instance since somebody's key holds something else, or a single address leads to a cluster. */
const isRefused = (fault: unknown): boolean => fault instanceof Error && fault.name === 'ReplyError'

const leaseOf = (address: string) => `h:{${address}}:lease`
const handOf = (address: string) => `h:{${address}}:hand`
const addressOf = (hand: string) => hand.slice('h:{'.length, -'}:hand'.length)
const keysOf = (address: string) => [
  leaseOf(address),
  `h:{${address}}:session`,
  `h:{${address}}:claims`,
  handOf(address),
]

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
