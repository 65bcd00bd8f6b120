/** What a session of somebody who has answered everything takes, in Redis and as a row of the embedded default. */
import { Redis } from 'ioredis'
import type pg from 'pg'
import { createTableSessions } from '../src/store/table-sessions.js'
import { mean, rounded } from './figures.js'
import { QUESTION_IDS } from './script.js'

/** Bytes in Redis that one address may take, all keys together. */
export const LARGEST_SESSION = 2048

/** Sizes in bytes over the given chats. Writes the same sessions into the table `session` to measure its rows. */
export async function sessionFigures(redisUrl: string, db: pg.Pool, chats: readonly number[]) {
  const redis = new Redis(redisUrl)
  try {
    const table = createTableSessions(db)
    const sizes: number[] = []
    for (const chat of chats) {
      const address = `telegram:${chat}`
      const keys = ['session', 'claims', 'lease'].map((kind) => `h:{${address}}:${kind}`)
      const used = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)))
      sizes.push(used.reduce<number>((sum, one) => sum + (one ?? 0), 0))
      const [session, claims] = await Promise.all([redis.get(keys[0]!), redis.smembers(keys[1]!)])
      if (session === null || claims.length < QUESTION_IDS.length)
        throw new Error(`Expected the session and claims of ${address} in Redis, got ${claims.length} claims`)
      const begun = await table.begin(address, 'bench')
      if (begun.state === 'held') await table.save(address, begun.lease, session, claims)
    }
    const { rows } = await db.query(
      `SELECT max(pg_column_size(session.*))::int AS max, avg(pg_column_size(session.*))::float AS mean,
        avg(octet_length(session))::float AS text FROM session`,
    )
    return {
      redis_bytes_max: Math.max(...sizes),
      redis_bytes_mean: rounded(mean(sizes), 0),
      row_bytes_max: rows[0].max as number,
      row_bytes_mean: rounded(rows[0].mean, 0),
      text_bytes_mean: rounded(rows[0].text, 0),
      sessions: sizes.length,
    }
  } finally {
    redis.disconnect()
  }
}
