/** What only Redis has: its memory, its loss, its absence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sessions, StoreFault } from '../../src/app/ports.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { redisOfWorker } from '../support/databases.js'
import { freePort } from '../support/launch-postgres.js'
import { stoppableRedis } from '../support/stoppable.js'

const redisUrl = redisOfWorker()
const missing = redisUrl === '' ? ' (skipped: no redis-server is installed)' : ''

describe.skipIf(missing)(`Redis sessions${missing}`, () => {
  let redis: ReturnType<typeof connectRedis>
  beforeAll(() => {
    redis = connectRedis(redisUrl)
  })
  afterAll(() => redis?.disconnect())

  /** Bytes of all keys of an address after so many inputs, with the lease and what is in hand. */
  async function bytesAfter(address: string, inputs: readonly string[]): Promise<number> {
    const sessions = createRedisSessions(redis)
    const begun = await sessions.begin(address, 'first')
    if (begun.state === 'busy') throw new Error('busy')
    for (const input of inputs) {
      await sessions.save(address, begun.lease, 's'.repeat(700), [input])
      await sessions.renew(address, begun.lease)
    }
    const keys = await redis.keys(`h:{${address}}:*`)
    expect(keys.length).toBe(4)
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)))
    return sizes.reduce<number>((sum, size) => sum + Number(size), 0)
  }

  it('takes at most 2 KB for a whole sheet, whatever the ids', async () => {
    const telegram = Array.from({ length: 92 }, (_, index) => String(731_200_000 + index * 37))
    const web = Array.from({ length: 92 }, (_, index) => `web-${index}-e81f`)
    const bytes = {
      telegram: await bytesAfter('telegram:48201', telegram),
      web: await bytesAfter('web:p3k9x1', web),
    }
    expect(bytes.telegram).toBeLessThanOrEqual(2048)
    expect(bytes.web).toBeLessThanOrEqual(2048)
    console.info('Redis bytes after 92 inputs:', bytes)
  })

  it('stays bounded however many inputs there are', async () => {
    const inputs = Array.from({ length: 1_500 }, (_, index) => `w${index}`)
    expect(await bytesAfter('web:busy', inputs)).toBeLessThanOrEqual(6 * 1024)
    expect(await redis.object('ENCODING', 'h:{web:busy}:claims')).toBe('intset')
  })

  it('lets what it keeps run out', async () => {
    const address = 'telegram:ttl'
    await bytesAfter(address, ['1'])
    await createRedisSessions(redis).begin('telegram:ttl-2', '1')
    expect(await redis.pttl('h:{telegram:ttl-2}:hand')).toBeGreaterThan(89 * 86_400_000)
    const [lease, session, claims] = await Promise.all(
      ['lease', 'session', 'claims'].map((key) => redis.pttl(`h:{${address}}:${key}`)),
    )
    expect(lease).toBeGreaterThan(3_000)
    expect(lease).toBeLessThanOrEqual(4_000)
    expect(session).toBeGreaterThan(89 * 86_400_000)
    expect(claims).toBeGreaterThan(86_000_000)
    expect(claims).toBeLessThanOrEqual(86_400_000)
  })

  it('starts anew when everything was lost', async () => {
    const sessions = createRedisSessions(redis)
    const address = 'telegram:lost'
    const begun = await sessions.begin(address, '1')
    if (begun.state === 'busy') throw new Error('busy')
    await sessions.save(address, begun.lease, 's', ['1'])
    await redis.flushdb()
    await redis.script('FLUSH')
    expect(await sessions.save(address, begun.lease, 's', ['1'])).toBe(false)
    expect(await sessions.begin(address, '1')).toMatchObject({ state: 'held', session: null, repeated: false })
  })

  /** What a process at that place has told Redis. */
  const placed = async (sessions: Sessions, place: string) => {
    const leave = sessions.takePlace(place)
    await redis.get(`h:{process:${place}}`)
    return leave
  }

  it('frees what the process before it at the same place has left, tells so, and frees nothing else', async () => {
    const [dead, other, next, stranger] = Array.from({ length: 4 }, () => createRedisSessions(redis))
    await placed(dead!, 'grid-1:3000')
    await placed(other!, 'grid-2:3000')
    const left = await dead!.begin('telegram:left', '1')
    if (left.state === 'busy') throw new Error('busy')
    await dead!.save('telegram:left', left.lease, 'before', ['1'])
    await dead!.begin('telegram:in-hand', '2')
    await other!.begin('telegram:others', '3')
    await stranger!.begin('telegram:strangers', '4')

    expect((await next!.begin('telegram:left', '5')).state).toBe('busy')
    const leave = await placed(next!, 'grid-1:3000')
    const inherited = { state: 'held', inherited: true }
    expect(await next!.begin('telegram:left', '5')).toMatchObject({
      ...inherited,
      session: 'before',
      // It was saved, and perhaps not shown.
      unfinished: true,
    })
    expect(await next!.begin('telegram:in-hand', '6')).toMatchObject({ ...inherited, unfinished: true })
    expect(await next!.begin('telegram:free', '6')).toMatchObject({
      state: 'held',
      inherited: false,
      unfinished: false,
    })
    for (const address of ['telegram:others', 'telegram:strangers'])
      expect((await next!.begin(address, '7')).state).toBe('busy')
    // Where it was not dead after all, it has lost what was taken from it, and finds out.
    expect(await dead!.save('telegram:left', left.lease, 'late', ['1'])).toBe(false)
    await leave()
  })

  it('leaves the place of somebody who has left it, and may still have people in hand, to nobody', async () => {
    const [before, next] = [createRedisSessions(redis), createRedisSessions(redis)]
    const leave = await placed(before, 'grid-3:3000')
    await before.begin('telegram:still-drawn', '1')
    await leave()
    const leaveNext = await placed(next, 'grid-3:3000')
    expect((await next.begin('telegram:still-drawn', '2')).state).toBe('busy')
    // Who leaves late leaves what is theirs only.
    await leave()
    expect(await redis.exists('h:{process:grid-3:3000}')).toBe(1)
    await leaveNext()
    expect(await redis.exists('h:{process:grid-3:3000}')).toBe(0)
  })

  it('looks for who was left in hand also while it is cut off, and finds them when it is back', {
    timeout: 60_000,
  }, async () => {
    const server = await stoppableRedis()
    const client = connectRedis(server.url)
    const sessions = createRedisSessions(client)
    const people = Array.from({ length: 3_000 }, (_, n) => `cut:${n}`)
    await client.mset(...people.flatMap((one) => ['hand', 'session'].flatMap((key) => [`h:{${one}}:${key}`, '1'])))
    for (let cut = 0; cut < 4; cut += 1) {
      const looking = sessions.leftInHand('cut:')
      await new Promise((resolve) => setTimeout(resolve, cut * 10))
      server.cut()
      await expect(looking).rejects.toMatchObject({ name: 'StoreFault', retry: true })
      server.restore()
      await expect.poll(() => client.ping().catch(() => ''), { timeout: 10_000 }).toBe('PONG')
    }
    expect(await sessions.leftInHand('cut:')).toHaveLength(people.length)
    client.disconnect()
    await server.stop()
  })

  it('gives everybody who comes in one turn what is theirs, with however many inputs', async () => {
    const sessions = createRedisSessions(redis)
    const people = ['telegram:t1', 'telegram:t2', 'telegram:t3', 'telegram:t4']
    const inputs = [['11'], [], ['31', '32', '33'], ['41', '42']]
    const begun = await Promise.all(people.map((address) => sessions.begin(address, '1')))
    const leases = begun.map((one) => (one.state === 'held' ? one.lease : expect.fail('busy')))
    await redis.del('h:{telegram:t2}:lease')
    await sessions.release('telegram:t3', leases[2]!)
    const again = await sessions.begin('telegram:t3', '1')
    if (again.state !== 'held') throw new Error('busy')
    leases[2] = again.lease
    const write = (index: number) =>
      sessions[index === 0 ? 'save' : 'finish'](people[index]!, leases[index]!, `s${index}`, inputs[index]!)
    expect(await Promise.all([0, 1, 2, 3].map(write))).toEqual([true, false, true, true])
    // Only the first has kept their lease; the second's was lost, so nothing was written.
    const seen = await Promise.all(people.map((address, i) => sessions.begin(address, inputs[i]!.at(-1) ?? '21')))
    expect(seen).toMatchObject([
      { state: 'busy' },
      { state: 'held', session: null, repeated: false },
      { state: 'held', session: 's2', repeated: true },
      { state: 'held', session: 's3', repeated: true },
    ])
    expect(await redis.smembers('h:{telegram:t3}:claims')).toEqual(['31', '32', '33'])
    await sessions.release('telegram:t1', leases[0]!)
    expect(await sessions.begin('telegram:t1', '11')).toMatchObject({ session: 's0', repeated: true })
  })

  it('gives everybody what they ask for, whatever the others ask for in that turn', async () => {
    const sessions = createRedisSessions(redis)
    const people = ['telegram:m1', 'telegram:m2', 'telegram:m3', 'web:%S "m4"']
    const begun = await Promise.all(people.map((address) => sessions.begin(address, '1')))
    const [a, b, c, d] = begun.map((one) => (one.state === 'held' ? one.lease : expect.fail('busy')))
    const turn = await Promise.all([
      sessions.renew(people[0]!, a!),
      sessions.save(people[1]!, b!, 's b', ['21', 'typed one', '22']),
      sessions.begin(people[2]!, '2'),
      sessions.finish(people[3]!, d!, 's %S d\n', []),
      sessions.begin('telegram:m5', '1'),
      sessions.finish(people[2]!, c!, '', ['31']),
      sessions.begin(people[2]!, '31'),
      sessions.begin(people[3]!, '41'),
      sessions.begin(people[1]!, '22'),
    ])
    expect(turn).toMatchObject([
      true,
      true,
      { state: 'busy' },
      true,
      { state: 'held', session: null, repeated: false },
      true,
      { state: 'held', session: '', repeated: true },
      { state: 'held', session: 's %S d\n', repeated: false },
      { state: 'busy' },
    ])
    await sessions.release(people[1]!, b!)
    expect(await sessions.begin(people[1]!, 'typed one')).toMatchObject({ session: 's b', repeated: true })
  })

  it('lets nobody suffer for what stands in the place of somebody else', async () => {
    const sessions = createRedisSessions(redis)
    const people = ['telegram:p1', 'telegram:p2', 'telegram:p3']
    await redis.rpush('h:{telegram:p2}:session', 'no session')
    const begun = await Promise.allSettled(people.map((address) => sessions.begin(address, '1')))
    expect(begun).toMatchObject([
      { status: 'fulfilled', value: { state: 'held' } },
      { status: 'rejected', reason: { name: 'StoreFault' } },
      { status: 'fulfilled', value: { state: 'held' } },
    ])
    // The lease of the one in the middle was given back.
    await redis.del('h:{telegram:p2}:session')
    await expect.poll(() => sessions.begin('telegram:p2', '1')).toMatchObject({ state: 'held' })
  })

  it('has written once what was written before somebody else stopped the command', async () => {
    const sessions = createRedisSessions(redis)
    const [first, second] = await Promise.all(['telegram:w1', 'telegram:w2'].map((one) => sessions.begin(one, '1')))
    if (first?.state !== 'held' || second?.state !== 'held') throw new Error('busy')
    await redis.set('h:{telegram:w2}:claims', 'no set')
    const finishing = await Promise.allSettled([
      sessions.finish('telegram:w1', first.lease, 's1', ['1']),
      sessions.finish('telegram:w2', second.lease, 's2', ['1']),
    ])
    // Sent again alone it finds its lease given back, and whoever takes it again finds their own session.
    expect(finishing).toMatchObject([{ value: false }, { status: 'rejected' }])
    expect(await sessions.begin('telegram:w1', '1')).toMatchObject({ state: 'held', session: 's1', repeated: true })
  })

  it('needs no script to be there', async () => {
    const sessions = createRedisSessions(redis)
    const people = ['telegram:f1', 'telegram:f2', 'telegram:f3']
    const visit = async (address: string) => {
      const begun = await sessions.begin(address, '1')
      if (begun.state !== 'held') throw new Error('busy')
      await sessions.renew(address, begun.lease)
      return sessions.finish(address, begun.lease, 's', ['1'])
    }
    for (let turn = 0; turn < 2; turn += 1) {
      expect(await Promise.all(people.map(visit))).toEqual([true, true, true])
      await redis.script('FLUSH')
    }
  })

  it('fails within about two seconds while Redis is away', async () => {
    const faults: StoreFault[] = []
    const away = connectRedis(`redis://127.0.0.1:${await freePort()}`, (fault) => faults.push(fault))
    const started = performance.now()
    const sessions = createRedisSessions(away)
    const outcomes = await Promise.allSettled([sessions.begin('a', '1'), sessions.forget('a')])
    expect(performance.now() - started).toBeLessThan(3_000)
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreFault', retry: true } })
    expect(faults.length).toBeGreaterThan(0)
    away.disconnect()
  })

  it('has no leases left for nobody after Redis hung', { timeout: 60_000 }, async () => {
    const hanging = await stoppableRedis()
    const client = connectRedis(hanging.url)
    const sessions = createRedisSessions(client)
    const addresses = Array.from({ length: 20 }, (_, i) => `telegram:${i}`)
    await sessions.forget('telegram:0')
    hanging.hang()
    // Longer than a connection is waited for, so that some were asked for on one that is closed by then.
    for (const until = performance.now() + 7_000; performance.now() < until; ) {
      const tries = await Promise.allSettled(addresses.map((address) => sessions.begin(address, '1')))
      expect(tries.every(({ status }) => status === 'rejected')).toBe(true)
    }
    hanging.restore()
    const back = performance.now()
    for (const address of addresses)
      await expect
        .poll(() => sessions.begin(address, '1').catch(() => {}), { timeout: 3_000 })
        .toMatchObject({ state: 'held' })
    expect(performance.now() - back).toBeLessThan(3_000)
    client.disconnect()
    await hanging.stop()
  })
})
