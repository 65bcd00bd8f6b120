/** The contract of `Sessions`, on Redis, on a Redis Cluster and on the table of both homes. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Begun, Sessions } from '../../src/app/ports.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { connectRedisCluster } from '../../src/store/redis-cluster.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { LEASE_MS } from '../../src/store/session-limits.js'
import { createTableSessions } from '../../src/store/table-sessions.js'
import { HOMES, redisOfWorker } from '../support/databases.js'
import { launchRedisCluster } from '../support/redis-cluster.js'

type Opened = {
  sessions: Sessions
  /** Another instance on the same data, with nothing cached. */
  again(): Sessions
  /** Lets the lease of an address run out. */
  expire(address: string): Promise<void>
  close(): Promise<void>
}

const redisUrl = redisOfWorker()

const ADAPTERS: { adapter: string; missing?: string; open(): Promise<Opened> }[] = [
  {
    adapter: 'Redis',
    ...(redisUrl === '' ? { missing: ' (skipped: no redis-server is installed)' } : {}),
    async open() {
      const redis = connectRedis(redisUrl)
      return {
        sessions: createRedisSessions(redis),
        again: () => createRedisSessions(redis),
        expire: async (address) => void (await redis.pexpire(`h:{${address}}:lease`, 0)),
        close: async () => redis.disconnect(),
      }
    },
  },
  {
    adapter: 'a Redis Cluster',
    ...(redisUrl === '' ? { missing: ' (skipped: no redis-server is installed)' } : {}),
    async open() {
      const cluster = await launchRedisCluster()
      const redis = connectRedisCluster(cluster.urls)
      return {
        sessions: createRedisSessions(redis),
        again: () => createRedisSessions(redis),
        expire: async (address) => void (await redis.pexpire(`h:{${address}}:lease`, 0)),
        async close() {
          redis.disconnect()
          await cluster.stop()
        },
      }
    },
  },
  ...HOMES.map(({ home, open }) => ({
    adapter: `the table on ${home}`,
    async open() {
      const { pool, close } = await open()
      let late = 0
      const now = () => Date.now() + late
      const again = () => createTableSessions(pool, now)
      const expire = async () => {
        late += LEASE_MS
      }
      return { sessions: again(), again, expire, close }
    },
  })),
]

for (const { adapter, missing, open } of ADAPTERS) {
  describe.skipIf(missing)(`Sessions on ${adapter}${missing ?? ''}`, () => {
    let opened: Opened
    let sessions: Sessions
    beforeAll(async () => {
      opened = await open()
      sessions = opened.sessions
    })
    afterAll(() => opened?.close())

    const held = async (address: string, input: string = randomUUID(), on = sessions) =>
      asHeld(await on.begin(address, input))

    it('starts empty, keeps what is saved, and knows the inputs that were handled', async () => {
      const address = fresh()
      const first = await held(address, '81')
      expect(first).toMatchObject({ session: null, repeated: false })
      expect(await sessions.save(address, first.lease, '{"v":1,"name":"和谐"}', ['81', 'press-7'])).toBe(true)
      await sessions.release(address, first.lease)
      for (const on of [sessions, opened.again()])
        for (const [input, repeated] of [
          ['81', true],
          ['press-7', true],
          ['82', false],
        ] as const) {
          const { lease, ...rest } = await held(address, input, on)
          expect(rest).toMatchObject({ session: '{"v":1,"name":"和谐"}', repeated })
          await on.release(address, lease)
        }
    })

    it('lets one hold the lease at a time, for each address', async () => {
      const address = fresh()
      const begun = await Promise.all(Array.from({ length: 8 }, (_, index) => sessions.begin(address, String(index))))
      expect(begun.filter(({ state }) => state === 'held').length).toBe(1)
      const other = await held(fresh())
      const { lease } = asHeld(begun.find(({ state }) => state === 'held')!)
      expect(lease.token).not.toBe(other.lease.token)
      await sessions.release(address, lease)
      expect((await sessions.begin(address, '9')).state).toBe('held')
    })

    it('tells whoever comes next of another input that was in hand and never finished, where it can', async () => {
      const address = fresh()
      const begin = async (input: string) => {
        const begun = await held(address, input)
        return { ...begun, end: (unfinished?: boolean) => sessions.release(address, begun.lease, unfinished) }
      }
      const told = sessions.tellsUnfinished
      const first = await begin('1')
      expect(first.unfinished).toBe(false)
      await opened.expire(address)
      // The same one, brought again.
      const again = await begin('1')
      expect(again.unfinished).toBe(false)
      await again.end(true)
      const second = await begin('2')
      expect(second.unfinished).toBe(told)
      await second.end()
      // Nobody has finished yet, so that both are in doubt.
      const third = await begin('2')
      expect(third.unfinished).toBe(told)
      expect(await sessions.finish(address, third.lease, 's', ['2'])).toBe(true)
      const fourth = await begin('3')
      expect(fourth).toMatchObject({ unfinished: false, session: 's' })
      await fourth.end()
      expect((await begin('4')).unfinished).toBe(false)
    })

    it('finds who was left in hand, where it can: who has a session, and whose lease nobody holds', async () => {
      const begun = { left: fresh(), finished: fresh(), held: fresh(), new: fresh() }
      for (const address of Object.values(begun)) {
        const first = await held(address, '1')
        if (address !== begun.new) await sessions.finish(address, first.lease, 's', ['1'])
        const second = address === begun.new ? first : await held(address, '2')
        if (address === begun.left || address === begun.new) await sessions.release(address, second.lease, true)
        if (address === begun.finished) await sessions.finish(address, second.lease, 's', ['2'])
      }
      const found = await sessions.leftInHand('telegram:')
      const who = Object.entries(begun).flatMap(([name, address]) => (found.includes(address) ? [name] : []))
      expect(who).toEqual(sessions.tellsUnfinished ? ['left'] : [])
      expect(await sessions.leftInHand('voice:')).toEqual([])
    })

    it('passes a lease on to another input with all that was saved, and not once it ran out', async () => {
      const address = fresh()
      const first = await held(address, '1')
      const second = await sessions.pass(address, first.lease, 'by the first', ['1'], '2')
      expect(second).toMatchObject({ state: 'held', session: 'by the first', repeated: false, unfinished: false })
      expect((await sessions.begin(address, '3')).state).toBe('busy')
      if (second.state === 'lost') throw new Error('Expected the lease to last, got lost')
      const again = await sessions.pass(address, second.lease, 'by the second', ['2'], '1')
      expect(again).toMatchObject({ session: 'by the second', repeated: true })
      await opened.expire(address)
      expect(await sessions.pass(address, first.lease, 'too late', ['4'], '5')).toEqual({ state: 'lost' })
      expect(await held(address, '2')).toMatchObject({
        session: 'by the second',
        repeated: true,
        // It was for input 1 when it ran out.
        unfinished: sessions.tellsUnfinished,
      })
    })

    it('refuses a save once the lease ran out, whoever holds it then', async () => {
      const address = fresh()
      const slow = await held(address, '1')
      await opened.expire(address)
      expect(await sessions.save(address, slow.lease, 'too late', ['1'])).toBe(false)
      expect(await sessions.renew(address, slow.lease)).toBe(false)

      const quick = await held(address, '2')
      expect(await sessions.save(address, slow.lease, 'too late', ['1'])).toBe(false)
      // Nor may the late one give back a lease that is not its own.
      await sessions.release(address, slow.lease)
      expect((await sessions.begin(address, '3')).state).toBe('busy')
      expect(await sessions.renew(address, slow.lease)).toBe(false)
      expect(await sessions.renew(address, quick.lease)).toBe(true)
      expect(await sessions.save(address, quick.lease, 'in time', ['2'])).toBe(true)
      await sessions.release(address, quick.lease)
      expect(await held(address, '1')).toMatchObject({ session: 'in time', repeated: false })
    })

    it('forgets everything about an address, also for one who is at work on it', async () => {
      const address = fresh()
      const before = await held(address, '1')
      await sessions.save(address, before.lease, 'mine', ['1'])
      await sessions.forget(address)
      expect(await sessions.save(address, before.lease, 'mine', ['1'])).toBe(false)
      expect(await held(address, '1')).toMatchObject({ session: null, repeated: false })
      await sessions.forget(fresh())
    })

    it('keeps text that the store refuses without what it refuses, and long text whole', async () => {
      const address = fresh()
      const { lease } = await held(address)
      expect(await sessions.save(address, lease, `a\0b${'字'.repeat(5_000)}`, ['x\0y', "o'k\\"])).toBe(true)
      await sessions.release(address, lease)
      expect(await held(address, "o'k\\")).toMatchObject({ session: `ab${'字'.repeat(5_000)}`, repeated: true })
    })

    it('keeps the newest claims when there are too many', async () => {
      const address = fresh()
      const { lease } = await held(address)
      for (let from = 1_000; from < 1_600; from += 100) {
        const inputs = Array.from({ length: 100 }, (_, index) => String(from + index))
        expect(await sessions.save(address, lease, 's', inputs)).toBe(true)
      }
      await sessions.release(address, lease)
      const known = async (input: string) => {
        const begun = await held(address, input)
        await sessions.release(address, begun.lease)
        return begun.repeated
      }
      expect([await known('1599'), await known('1400'), await known('1000')]).toEqual([true, true, false])
    })

    it('serves many addresses at once', async () => {
      const everybody = Array.from({ length: 200 }, fresh)
      await Promise.all(
        everybody.map(async (address) => {
          const { lease } = await held(address, '1')
          expect(await sessions.save(address, lease, `of ${address}`, ['1'])).toBe(true)
          await sessions.release(address, lease)
        }),
      )
      const on = opened.again()
      await Promise.all(
        everybody.map(async (address) => {
          expect(await held(address, '1', on)).toMatchObject({ session: `of ${address}`, repeated: true })
        }),
      )
    })
  })
}

const fresh = (): string => `telegram:${randomUUID()}`

function asHeld(begun: Begun): Extract<Begun, { state: 'held' }> {
  if (begun.state === 'busy') throw new Error('Expected the lease to be free, got busy')
  return begun
}
