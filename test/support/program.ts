/** The whole program as a test runs it: real stores, and the strict Bot API in Telegram's place. */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { compose, type Program } from '../../src/compose.js'
import { readConfig } from '../../src/config.js'
import { createDatabase, freshPglite, redisOfWorker } from './databases.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const TOKEN = '700100:TEST-token'
export const SECRET = 'a-secret-of-the-tests'

export type Home = 'embedded' | 'servers'

/** Variables that point the program at stores of its own, and how to remove those. `servers` means PostgreSQL and Redis. */
export async function freshStores(home: Home): Promise<{ env: Record<string, string>; remove(): Promise<void> }> {
  if (home === 'servers') {
    const { url, drop } = await createDatabase()
    const redisUrl = redisOfWorker()
    const redis = new Redis(redisUrl)
    await redis.flushdb()
    redis.disconnect()
    return { env: { DATABASE_URL: url, REDIS_URL: redisUrl }, remove: drop }
  }
  const { directory, template, remove } = await freshPglite()
  const data = join(directory, '..', 'data')
  mkdirSync(data)
  const db = await PGlite.create({ dataDir: join(data, 'pglite'), loadDataDir: template })
  await db.close()
  return { env: { DATA_DIR: data }, remove: async () => remove() }
}

/** Variables that connect the program to a Bot API server by polling or by webhook. */
export async function telegramEnv(
  apiUrl: string,
  by: 'polling' | 'webhook',
  driver: 'grammy' | 'telegraf' = 'grammy',
): Promise<Record<string, string>> {
  const port = String(await freePort())
  return {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: apiUrl,
    TELEGRAM_DRIVER: driver,
    PORT: port,
    ...(by === 'webhook' ? { PUBLIC_URL: `http://127.0.0.1:${port}`, WEBHOOK_SECRET: SECRET } : {}),
  }
}

/** Composes and starts the program in this process. */
export async function startProgram(env: Record<string, string>): Promise<Program> {
  const log = pino({ level: 'silent' })
  const program = await compose(readConfig(env), { root: ROOT, log })
  await program.start()
  return program
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
