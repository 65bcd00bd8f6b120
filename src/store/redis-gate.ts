/**
 * The gate in Redis: all processes stand in one line, on the server's clock. `h:{gate}:next` is the next place in it,
 * `h:{gate}:chat:telegram:48201` from when this chat takes a message again; both in milliseconds since 1970, and both run out.
 * One hash tag for all of them: one line needs one node, in a Redis Cluster as well.
 */
import type { Cluster, Redis } from 'ioredis'
import type { Gate } from '../app/notices.js'
import { guarded } from './fault.js'
import { CHAT_MS, MOST_AHEAD_MS, spacingMs } from './gate-limits.js'

export function createRedisGate(redis: Redis | Cluster, perSecond: number): Gate {
  const run = redis as (Redis | Cluster) & Commands
  const spacing = spacingMs(perSecond)
  redis.defineCommand('hexieReserve', { numberOfKeys: 2, lua: RESERVE })
  redis.defineCommand('hexieNote', { numberOfKeys: 2, lua: NOTE })

  return {
    reserve: (address, again = false) =>
      guarded('A place in line could not be taken', async () => {
        const [outcome, milliseconds] = await run.hexieReserve(NEXT, chatOf(address), spacing, CHAT_MS, Number(again))
        return outcome === 'busy' ? { busyMs: milliseconds } : { waitMs: milliseconds }
      }),

    note(address) {
      // Unnoted, a message only makes no room for itself; whoever reserves meets the same fault and says so.
      run.hexieNote(NEXT, chatOf(address), spacing, CHAT_MS, MOST_AHEAD_MS).catch(() => {})
    },
  }
}

type Commands = {
  hexieReserve(...args: (string | number)[]): Promise<[outcome: 'busy' | 'wait', milliseconds: number]>
  hexieNote(...args: (string | number)[]): Promise<unknown>
}

const NEXT = 'h:{gate}:next'
const chatOf = (address: string) => `h:{gate}:chat:${address}`

/** Lua hands whole numbers back only, and would write a large number as text with too few digits. */
const HELPERS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function at(key) return tonumber(redis.call('GET', key) or '0') end
local function keep(key, value)
  redis.call('SET', key, string.format('%.3f', value), 'PX', math.max(1, math.ceil(value - now)))
end`

const RESERVE = `${HELPERS}
local free = at(KEYS[2])
if free > now and ARGV[3] == '0' then return { 'busy', math.ceil(free - now) } end
local slot = math.max(now, at(KEYS[1]))
keep(KEYS[1], slot + ARGV[1])
keep(KEYS[2], slot + ARGV[2])
return { 'wait', math.ceil(slot - now) }`

const NOTE = `${HELPERS}
local next = at(KEYS[1])
keep(KEYS[1], math.max(next, math.min(math.max(next, now) + ARGV[1], now + ARGV[3])))
keep(KEYS[2], math.max(at(KEYS[2]), now + ARGV[2]))
return 1`
