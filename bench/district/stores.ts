/** PostgreSQL with durable commits and Redis, as ../servers.ts starts them, which can also fall and come back at their addresses. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync, statSync } from 'node:fs'
import { Redis } from 'ioredis'
import pg from 'pg'
import { endWithUs } from '../../test/support/end-with-us.js'
import { launchDurablePostgres, launchRedis } from '../servers.js'

export type Stores = {
  readonly env: { readonly DATABASE_URL: string; readonly REDIS_URL: string }
  /** For looking at the ledger; reconnects by itself. */
  readonly db: pg.Pool
  flushRedis(): Promise<void>
  restartRedis(): Promise<void>
  restartPostgres(): Promise<void>
  /** Ends the connections of the bots. */
  cutRedis(): Promise<void>
  cutPostgres(): Promise<void>
  stop(): Promise<void>
}

export async function startStores(): Promise<Stores> {
  const postgres = await launchDurablePostgres()
  const redis = await launchRedis()
  const again = {
    postgres: restartable(postgres.pid),
    redis: restartable(redis.pid, ['redis-server', ...redisSettings(redis.url)]),
  }
  const db = new pg.Pool({ connectionString: postgres.url, max: 2 })
  db.on('error', () => {})
  const admin = async (...command: [string, ...string[]]) => {
    const client = new Redis(redis.url, { maxRetriesPerRequest: 50 })
    client.on('error', () => {})
    try {
      await client.call(...command)
    } finally {
      client.disconnect()
    }
  }
  return {
    env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    db,
    flushRedis: () => admin('FLUSHALL'),
    cutRedis: () => admin('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    // SIGKILL: nothing of it is kept. PostgreSQL's fast shutdown cuts what is under way and keeps what was committed.
    restartRedis: () => again.redis.restart('SIGKILL', async () => admin('PING')),
    restartPostgres: () => again.postgres.restart('SIGINT', async () => void (await untilDone(db, 'SELECT 1'))),
    async cutPostgres() {
      await untilDone(
        db,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = 'hexie'`,
      )
    },
    async stop() {
      await db.end()
      // As they were restarted: what ../servers.ts started may be gone already.
      await again.postgres.end('SIGQUIT')
      await again.redis.end('SIGKILL')
      await postgres.stop()
      await redis.stop()
    },
  }
}

/** A server that is started once more just as it was the first time: Linux knows how. */
function restartable(pid: number, command?: readonly string[]) {
  const [file = '', ...args] = command ?? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  const cwd = readlinkSync(`/proc/${pid}/cwd`)
  const env = Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .flatMap((one) => (one.includes('=') ? [[one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]] : [])),
  )
  const { uid, gid } = statSync(`/proc/${pid}`)
  const isRoot = process.getuid?.() === 0
  let now = pid
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(now, signal)
    } catch {
      // It has ended already.
    }
  }
  return {
    async end(signal: NodeJS.Signals) {
      kill(signal)
      while (isThere(now)) await new Promise((resolve) => setTimeout(resolve, 10))
    },
    async restart(signal: NodeJS.Signals, ready: () => Promise<void>) {
      kill(signal)
      while (isThere(now)) await new Promise((resolve) => setTimeout(resolve, 10))
      const child = spawn(file, args, { cwd, env, stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) })
      now = child.pid!
      endWithUs(child)
      await Promise.race([
        ready(),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code}`))),
      ])
    },
  }
}

/** Redis writes its title over its arguments, so they cannot be read. */
const redisSettings = (url: string): string[] =>
  ['port', new URL(url).port, 'bind', '127.0.0.1', 'save', '', 'appendonly', 'no'].map((one, i) =>
    i % 2 ? one : `--${one}`,
  )

/** Whether a process runs; one that has ended and waits to be seen does not. */
function isThere(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)![0] !== 'Z'
  } catch {
    return false
  }
}

async function untilDone(db: pg.Pool, sql: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await db.query(sql)
      return
    } catch (error) {
      if (tries > 300) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
