/** The contract of `Gate`, in memory, on Redis and on a Redis Cluster; and two processes in one line. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Gate } from '../../src/app/notices.js'
import { createMemoryGate } from '../../src/store/memory-gate.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { connectRedisCluster } from '../../src/store/redis-cluster.js'
import { createRedisGate } from '../../src/store/redis-gate.js'
import { freePort } from '../support/launch-postgres.js'
import { launchRedisCluster, type RedisCluster } from '../support/redis-cluster.js'

/** 35 ms apart. */
const PER_SECOND = 30
/** A database of its own: these suites empty it. */
const redisUrl = inject('redisUrl') && new URL('/1', inject('redisUrl')).href
const missing = redisUrl === '' ? ' (skipped: no redis-server is installed)' : ''

/** How long calls may take, so that a slow machine fails no test. */
const SLACK_MS = 300

type Opened = { readonly gate: Gate; pass(milliseconds: number): Promise<void>; close(): Promise<void> }
const ADAPTERS: { adapter: string; skipped: string; slack: number; open(): Promise<Opened> }[] = [
  {
    adapter: 'in memory',
    skipped: '',
    slack: 0,
    async open() {
      let now = 0
      const pass = async (milliseconds: number) => {
        now += milliseconds
      }
      return { gate: createMemoryGate(PER_SECOND, () => now), pass, close: async () => {} }
    },
  },
  {
    adapter: 'on Redis',
    skipped: missing,
    slack: SLACK_MS,
    async open() {
      const redis = connectRedis(redisUrl)
      await redis.flushdb()
      const gate = createRedisGate(redis, PER_SECOND)
      return {
        gate,
        pass: async (milliseconds) => void (await sleep(milliseconds)),
        close: async () => redis.disconnect(),
      }
    },
  },
  {
    adapter: 'on a Redis Cluster',
    skipped: missing,
    slack: SLACK_MS,
    async open() {
      cluster ??= await launchRedisCluster()
      const redis = connectRedisCluster(cluster.urls)
      // The nodes are known once a command has gone through.
      await redis.ping()
      await Promise.all(redis.nodes('master').map((node) => node.flushall()))
      const gate = createRedisGate(redis, PER_SECOND)
      return {
        gate,
        pass: async (milliseconds) => void (await sleep(milliseconds)),
        close: async () => redis.disconnect(),
      }
    },
  },
]
let cluster: RedisCluster | undefined
afterAll(() => cluster?.stop())

for (const { adapter, skipped, slack, open } of ADAPTERS) {
  describe.skipIf(skipped)(`Gate ${adapter}${skipped}`, () => {
    let opened: Opened
    let gate: Gate
    beforeEach(async () => {
      opened = await open()
      gate = opened.gate
    })
    afterEach(() => opened?.close())

    const waits = async (address: string): Promise<number> => {
      const reserved = await gate.reserve(address)
      if (!('waitMs' in reserved)) throw new Error('busy')
      return reserved.waitMs
    }
    const between = (value: number, least: number, most: number) => {
      expect(value).toBeGreaterThanOrEqual(least)
      expect(value).toBeLessThanOrEqual(most)
    }
    const chats = (count: number) => Array.from({ length: count }, (_, index) => `telegram:${index}`)

    it('gives places one after the other, 30 a second', async () => {
      const given = await Promise.all(chats(31).map(waits))
      expect(given[0]).toBe(0)
      between(given[1]!, 35 - slack, 35)
      between(given[30]!, 1050 - slack, 1050)
      expect(given.every(Number.isInteger)).toBe(true)
      expect(given).toEqual(given.toSorted((a, b) => a - b))
      // Time that nobody used is gone.
      await opened.pass(1_200)
      expect(await waits('telegram:later')).toBe(0)
      between(await waits('telegram:last'), 35 - slack, 35)
    })

    it('gives a chat one a second, and takes no place for the others', async () => {
      expect(await gate.reserve('telegram:1')).toEqual({ waitMs: 0 })
      const busy = await gate.reserve('telegram:1')
      between('busyMs' in busy ? busy.busyMs : -1, 1000 - slack, 1000)
      between(await waits('telegram:2'), 0, 35)
      await opened.pass(1_000)
      expect(await gate.reserve('telegram:1')).toEqual({ waitMs: 0 })
    })

    it('gives another place to whom the one before came to nothing, though the chat is busy by that', async () => {
      expect(await gate.reserve('telegram:1')).toEqual({ waitMs: 0 })
      expect(await gate.reserve('telegram:1')).toHaveProperty('busyMs')
      const again = await gate.reserve('telegram:1', true)
      between('waitMs' in again ? again.waitMs : -1, Math.max(0, 35 - slack), 35)
      expect(await gate.reserve('telegram:1')).toHaveProperty('busyMs')
      // In the same line.
      between(await waits('telegram:2'), Math.max(0, 70 - slack), 70)
    })

    it('counts the second from the place, not from when it was asked for', async () => {
      await Promise.all(chats(20).map(waits))
      const busy = await gate.reserve('telegram:19')
      between('busyMs' in busy ? busy.busyMs : -1, 1665 - slack, 1665)
      // A reply before it makes that no shorter.
      gate.note('telegram:19')
      const after = await gate.reserve('telegram:19')
      between('busyMs' in after ? after.busyMs : -1, 1665 - slack, 1665)
    })

    it('makes room for what goes without waiting', async () => {
      gate.note('telegram:1')
      gate.note('telegram:2')
      between(await waits('telegram:3'), 70 - slack, 70)
      expect(await gate.reserve('telegram:1')).toHaveProperty('busyMs')
    })

    it('is never put off for long by that, nor brought forward', async () => {
      for (const address of chats(200)) gate.note(address)
      const first = await waits('telegram:late')
      between(first, 1_500 - slack, 2_000)
      await Promise.all(chats(40).map((address) => waits(`web:${address}`)))
      gate.note('telegram:1')
      between(await waits('telegram:last'), first + 40 * 35 - slack, first + 42 * 35)
    })
  })
}

describe('the gate in memory', () => {
  it('is quick, however many chats there were', async () => {
    let now = 0
    const gate = createMemoryGate(1_000_000, () => now)
    const started = performance.now()
    for (let index = 0; index < 200_000; index++) {
      now += 1
      gate.note(`telegram:${index}`)
    }
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe.skipIf(missing)(`the gate on Redis${missing}`, () => {
  const clients: ReturnType<typeof connectRedis>[] = []
  const client = (url = redisUrl) => {
    const redis = connectRedis(url)
    clients.push(redis)
    return redis
  }
  afterAll(() => {
    for (const redis of clients) redis.disconnect()
  })

  it('lets two processes send 30 in any second, not more', async () => {
    const redis = client()
    await redis.flushdb()
    const places: { least: number; most: number }[] = []
    const take = async (gate: Gate, chat: string) => {
      for (let index = 0; index < 200; index++) {
        const before = performance.now()
        const reserved = await gate.reserve(`${chat}${index}`)
        if (!('waitMs' in reserved)) throw new Error('busy')
        // It was given somewhere between the two; the milliseconds are rounded up.
        places.push({ least: before + reserved.waitMs - 1, most: performance.now() + reserved.waitMs })
      }
    }
    await Promise.all([take(createRedisGate(redis, 30), 'a'), take(createRedisGate(client(), 30), 'b')])
    places.sort((a, b) => a.least - b.least)
    expect(places).toHaveLength(400)
    const seconds = places.slice(30).map((later, index) => later.most - places[index]!.least)
    expect(Math.min(...seconds)).toBeGreaterThan(1_000)
    // Nor far fewer.
    expect(places.at(-1)!.least - places[0]!.most).toBeLessThan(400 * 36)
  })

  it('keeps nothing once it is over', async () => {
    const redis = client()
    await redis.flushdb()
    const gate = createRedisGate(redis, 30)
    await gate.reserve('telegram:1')
    gate.note('telegram:2')
    const keys = await redis.keys('*')
    expect(keys.toSorted()).toEqual(['h:{gate}:chat:telegram:1', 'h:{gate}:chat:telegram:2', 'h:{gate}:next'])
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(-1)
    await sleep(1_100)
    expect(await redis.keys('*')).toEqual([])
  })

  it('says that Redis is away, and notes nothing without a word', async () => {
    const gate = createRedisGate(client(`redis://127.0.0.1:${await freePort()}`), 30)
    gate.note('telegram:1')
    await expect(gate.reserve('telegram:1')).rejects.toMatchObject({ name: 'StoreFault', retry: true })
  })
})
