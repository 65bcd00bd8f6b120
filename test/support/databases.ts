/** Fresh, migrated databases for tests: on the real PostgreSQL, and embedded. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { inject } from 'vitest'
import { makeTemplate } from '../../src/store/embedded-template.js'
import { migrate } from '../../src/store/migrate.js'
import { openPglite } from '../../src/store/pglite.js'
import { openPostgres } from '../../src/store/postgres.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const MIGRATIONS = join(ROOT, 'prisma', 'migrations')

/** Each worker has a Redis database of its own, and one worker runs one test at a time; empty where there is no redis-server. */
export const redisOfWorker = (): string =>
  inject('redisUrl') && `${inject('redisUrl')}/${1 + (Number(process.env.VITEST_POOL_ID ?? 1) % 15)}`

/** A pool of a fresh database, and its end. */
export type TestDatabase = { readonly pool: pg.Pool; close(): Promise<void> }

/** The two homes of the data, for suites that run on both. */
export const HOMES = [
  { home: 'PostgreSQL', open: openFreshPostgres },
  { home: 'PGlite', open: openFreshPglite },
] as const satisfies { home: string; open(): Promise<TestDatabase> }[]

async function openFreshPostgres(): Promise<TestDatabase> {
  const { url, drop } = await createDatabase()
  const pool = openPostgres(url)
  return {
    pool,
    close: async () => {
      await pool.end()
      await drop()
    },
  }
}

async function openFreshPglite(): Promise<TestDatabase> {
  const { directory, template, remove } = await freshPglite()
  const { pool, close } = await openPglite({ directory, template })
  return {
    pool,
    close: async () => {
      await close()
      remove()
    },
  }
}

/** A migrated database of its own on the real server. */
export function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return makeDatabase(inject('pgUrl'), 'test', inject('pgTemplate'))
}

/** An empty database of its own, without any table. */
export function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  return makeDatabase(inject('pgUrl'), 'test', 'template0')
}

/** For the global setup: the migrated database that all others are copied from. */
export async function createTemplate(serverUrl: string): Promise<{ name: string; drop(): Promise<void> }> {
  const { url, name, drop } = await makeDatabase(serverUrl, 'template', 'template0')
  const pool = openPostgres(url)
  await migrate(pool, MIGRATIONS)
  await pool.end()
  return { name, drop }
}

async function makeDatabase(serverUrl: string, kind: string, template: string) {
  const name = `hexie_${kind}_${randomBytes(6).toString('hex')}`
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return { name, url: url.href, drop: () => onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`) }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A directory for an embedded database, and a migrated template that makes opening it quick. */
export async function freshPglite(): Promise<{ directory: string; template: Blob; remove(): void }> {
  const parent = mkdtempSync(join(tmpdir(), 'hexie-pglite-'))
  return {
    directory: join(parent, 'db'),
    template: await makeTemplate(ROOT),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  }
}
