/** What all parts of a run share: the two stores, the Bot API, and the cards that updates show. Everything ends with the run. */
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/store/migrate.js'
import { type Child, ROOT, startScript } from '../child.js'
import { launchDurablePostgres, launchRedis, type Server } from '../servers.js'

export const TOKEN = '700300:BENCH-token'
export const SECRET = 'a-secret-of-the-bench'

/** Asks the process that plays the Bot API. */
export type Ask = <T>(command: string) => Promise<T>

export type Launch = { readonly postgres?: () => Promise<Server>; readonly redis?: () => Promise<Server> }

export type Site = {
  readonly postgres: Server
  /** Its `url` as REDIS_URL takes it. */
  readonly redis: Server
  readonly api: Child
  readonly apiUrl: string
  readonly ask: Ask
  /** Promises that were broken so far. */
  readonly broken: string[]
  /** A migrated database of its own on the same server. */
  database(name: string): Promise<{ readonly url: string; readonly db: pg.Pool }>
  keep(close: () => unknown): void
  end(): Promise<void>
}

/** Durable stores of its own, unless others are given. */
export async function openSite(launch: Launch = {}): Promise<Site> {
  const closers: (() => unknown)[] = []
  const broken: string[] = []
  const end = async () => {
    for (const close of closers.splice(0).reverse()) await close()
  }
  try {
    const postgres = await (launch.postgres ?? launchDurablePostgres)()
    closers.push(() => postgres.stop())
    const redis = await (launch.redis ?? launchRedis)()
    closers.push(() => redis.stop())
    const api = startScript('scaling/bot-api.ts', { TOKEN })
    closers.push(() => api.stop())
    const { url: apiUrl } = JSON.parse(await api.line()) as { url: string }
    const admin = poolOf(postgres.url)
    const settings = await admin.query(
      `SELECT current_setting('fsync') || current_setting('synchronous_commit') AS both`,
    )
    if (settings.rows[0].both !== 'onon') broken.push('commits are not durable')
    return {
      postgres,
      redis,
      api,
      apiUrl,
      broken,
      end,
      keep: (close) => void closers.push(close),
      async ask(command) {
        api.say(command)
        return JSON.parse(await api.line())
      },
      async database(name) {
        await admin.query(`CREATE DATABASE ${name}`)
        const url = postgres.url.replace(/[^/]*$/, name)
        const db = poolOf(url)
        await migrate(db, join(ROOT, 'prisma', 'migrations'))
        return { url, db }
      },
    }
  } catch (error) {
    await end()
    throw error
  }

  function poolOf(url: string): pg.Pool {
    const pool = new pg.Pool({ connectionString: url, max: 4 })
    // The server may be gone first, when the bench is ended from outside.
    pool.on('error', () => {})
    closers.push(() => pool.end())
    return pool
  }
}
