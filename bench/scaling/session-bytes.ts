/** What sessions take in Redis. */
import { Redis } from 'ioredis'

export type SessionBytes = {
  /** Of all keys of one address together, as MEMORY USAGE counts them. */
  readonly most: number
  readonly mean: number
  /** All memory that Redis uses, with the tables in which it finds keys and their ends. */
  readonly used: number
}

const AT_ONCE = 500

/** Looks at every address given. */
export async function sessionBytes(redisUrl: string, addresses: readonly string[]): Promise<SessionBytes> {
  const redis = new Redis(redisUrl, { enableAutoPipelining: true })
  let most = 0
  let sum = 0
  try {
    for (let from = 0; from < addresses.length; from += AT_ONCE)
      for (const bytes of await Promise.all(addresses.slice(from, from + AT_ONCE).map(bytesOf))) {
        most = Math.max(most, bytes)
        sum += bytes
      }
    return { most, mean: sum / addresses.length, used: await usedBy(redis) }
  } finally {
    redis.disconnect()
  }

  async function bytesOf(address: string): Promise<number> {
    const keys = ['session', 'claims', 'lease'].map((kind) => `h:{${address}}:${kind}`)
    const [session, ...others] = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)))
    if (!session) throw new Error(`Expected a session of ${address} in Redis, got none`)
    return others.reduce<number>((all, one) => all + (one ?? 0), session)
  }
}

/** Empties Redis; resolves with the memory that it uses then. */
export async function emptyRedis(redisUrl: string): Promise<number> {
  const redis = new Redis(redisUrl)
  try {
    await redis.flushall('SYNC')
    return await usedBy(redis)
  } finally {
    redis.disconnect()
  }
}

async function usedBy(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1])
}
