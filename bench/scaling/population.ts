/** People with open sheets in a database of their own, growing in number, of whom each taps in one measurement only. */
import type pg from 'pg'
import { addressOf, seedPeople, tapperOf } from './people.js'
import { emptyRedis } from './session-bytes.js'
import type { Site } from './site.js'
import type { Tapper } from './tapper.js'

export type Population = {
  readonly url: string
  readonly db: pg.Pool
  /** Memory of Redis before anybody was there. */
  readonly redisEmpty: number
  size(): number
  /** How many of them have tapped. */
  tapped(): number
  /** Up to so many people in all. */
  grow(to: number): Promise<void>
  /** So many who have not tapped yet, spread over all of them. */
  take(count: number): Tapper[]
  addresses(): string[]
}

/** `first` is the number of the first of them: the chats of populations must not be the same. Redis is emptied. */
export async function createPopulation(site: Site, name: string, first: number): Promise<Population> {
  const { url, db } = await site.database(name)
  const redisEmpty = await emptyRedis(site.redis.url)
  const taken = new Set<number>()
  let size = 0
  return {
    url,
    db,
    redisEmpty,
    size: () => size,
    tapped: () => taken.size,
    async grow(to) {
      if (to <= size) return
      await seedPeople(db, site.redis.url, first + size, first + to)
      size = to
    },
    take(count) {
      if (size - taken.size < count)
        throw new Error(`Expected ${count} people who have not tapped, got ${size - taken.size}`)
      return Array.from({ length: count }, (_, i) => {
        let n = Math.floor((i * size) / count)
        while (taken.has(n)) n = (n + 1) % size
        taken.add(n)
        return tapperOf(first + n)
      })
    },
    addresses: () => Array.from({ length: size }, (_, n) => addressOf(first + n)),
  }
}
