/** What only a Redis Cluster has: nodes that die one by one, and replicas that take their place. */
import { afterEach, describe, expect, inject, it } from 'vitest'
import type { StoreFault } from '../../src/app/ports.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { connectRedisCluster } from '../../src/store/redis-cluster.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { freePort } from '../support/launch-postgres.js'
import { launchRedisCluster } from '../support/redis-cluster.js'

const missing = inject('redisUrl') === '' ? ' (skipped: no redis-server is installed)' : ''
const PEOPLE = 60

describe.skipIf(missing)(`A Redis Cluster${missing}`, () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  it('serves everybody else while a master is dead, and all once its replica took over', {
    timeout: 60_000,
  }, async () => {
    const cluster = await launchRedisCluster({ replicas: true })
    closers.push(cluster.stop)
    // One address is enough to find the others.
    const redis = connectRedisCluster(cluster.urls.slice(1, 2))
    closers.push(() => redis.disconnect())
    const sessions = createRedisSessions(redis)
    let input = 0
    const visit = async (address: string): Promise<string | null> => {
      input += 1
      const begun = await sessions.begin(address, String(input))
      if (begun.state === 'busy') return 'busy'
      await sessions.finish(address, begun.lease, `of ${address}`, [String(input)])
      return begun.session
    }
    const everybody = Array.from({ length: PEOPLE }, (_, i) => `telegram:${i}`)
    const visitAll = async () => {
      const seen = await Promise.allSettled(everybody.map(visit))
      return seen.map((one) => (one.status === 'fulfilled' ? one.value : 'away'))
    }
    await visitAll()
    // Replicas are a moment behind.
    await Promise.all(redis.nodes('master').map((node) => node.wait(1, 2_000)))
    process.kill(cluster.masters[0]!.pid, 'SIGKILL')
    const started = performance.now()
    const during = await visitAll()
    expect(performance.now() - started).toBeLessThan(3_000)
    const served = everybody.filter((address, i) => during[i] === `of ${address}`)
    expect(served.length).toBeGreaterThan(PEOPLE / 3)
    expect(during.filter((one) => one === 'away')).toHaveLength(PEOPLE - served.length)
    await expect.poll(visitAll, { timeout: 20_000, interval: 200 }).toEqual(everybody.map((address) => `of ${address}`))
  })

  it('serves several people in one turn also where a single address leads to it', async () => {
    const cluster = await launchRedisCluster({ masters: 1 })
    closers.push(cluster.stop)
    const redis = connectRedis(cluster.urls[0]!)
    closers.push(() => redis.disconnect())
    const sessions = createRedisSessions(redis)
    const visit = async (address: string) => {
      const begun = await sessions.begin(address, '1')
      if (begun.state === 'busy') throw new Error('busy')
      return sessions.finish(address, begun.lease, 's', ['1'])
    }
    const everybody = Array.from({ length: 20 }, (_, i) => `telegram:${i}`)
    expect(await Promise.all(everybody.map(visit))).toEqual(everybody.map(() => true))
  })

  it('fails within about two seconds while no node is there', async () => {
    const faults: StoreFault[] = []
    const nodes = [`redis://127.0.0.1:${await freePort()}`, `redis://127.0.0.1:${await freePort()}`]
    const away = connectRedisCluster(nodes, (fault) => faults.push(fault))
    closers.push(() => away.disconnect())
    const started = performance.now()
    const sessions = createRedisSessions(away)
    const outcomes = await Promise.allSettled([sessions.begin('a', '1'), sessions.forget('a')])
    expect(performance.now() - started).toBeLessThan(3_000)
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreFault', retry: true } })
    expect(faults.length).toBeGreaterThan(0)
  })
})
