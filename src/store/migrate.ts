/**
 * Applies prisma/migrations at start, so that nobody needs Prisma's own migration engine (a download). It keeps Prisma's
 * books in `_prisma_migrations`: `npx prisma migrate deploy` and `status` work on the same database, in any order.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { StoreFault } from '../app/ports.js'
import { storeFault } from './fault.js'

/** Applies what is not applied yet, in order, and returns the names. Safe when several processes start at once. */
export async function migrate(pool: pg.Pool, directory: string): Promise<string[]> {
  try {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('SET statement_timeout = 0')
      await client.query(`SELECT pg_advisory_lock(${PRISMA_LOCK})`)
      return await applyMissing(client, directory)
    } catch (cause) {
      broken = cause instanceof Error ? cause : new Error(String(cause))
      throw cause
    } finally {
      // Ending a connection gives its lock back, so one that failed is simply thrown away.
      if (!broken) await client.query(`SELECT pg_advisory_unlock(${PRISMA_LOCK})`).catch((cause) => (broken = cause))
      if (!broken) await client.query('RESET statement_timeout').catch((cause) => (broken = cause))
      client.release(broken)
    }
  } catch (cause) {
    throw storeFault('The database could not be migrated', cause)
  }
}

/** The advisory lock that `prisma migrate` itself takes. */
const PRISMA_LOCK = 72707369

/** As Prisma creates it (prisma-engines, schema-engine, migrations table). */
const BOOKS = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"              VARCHAR(64) NOT NULL,
    "finished_at"           TIMESTAMPTZ,
    "migration_name"        VARCHAR(255) NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        TIMESTAMPTZ,
    "started_at"            TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count"   INTEGER NOT NULL DEFAULT 0
)`

type Entry = { migration_name: string; checksum: string; finished: boolean }

async function applyMissing(client: pg.PoolClient, directory: string): Promise<string[]> {
  await client.query(BOOKS)
  const { rows } = await client.query<Entry>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
  )
  const half = rows.find(({ finished }) => !finished)
  if (half)
    throw refuse(
      `Expected every migration to have finished, got a half-applied ${half.migration_name}; ` +
        'mend the database and mark it with "npx prisma migrate resolve"',
    )

  const checksums = new Map(rows.map((row) => [row.migration_name, row.checksum]))
  const applied: string[] = []
  for (const name of await migrationsIn(directory)) {
    const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8')
    const checksum = createHash('sha256').update(sql).digest('hex')
    const known = checksums.get(name)
    if (known === checksum) continue
    if (known !== undefined)
      throw refuse(
        `Expected migration ${name} to be as it was applied, got an edited file; write a new migration instead`,
      )
    await apply(client, name, sql, checksum)
    applied.push(name)
  }
  return applied
}

async function migrationsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

async function apply(client: pg.PoolClient, name: string, sql: string, checksum: string): Promise<void> {
  const id = randomUUID()
  const begin = 'INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)'
  await client.query(begin, [id, checksum, name])
  try {
    // Without parameters the file goes as one simple query: PostgreSQL runs all of it in one transaction.
    await client.query(sql)
  } catch (cause) {
    await client.query('UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1', [id, String(cause)])
    throw storeFault(`Migration ${name} failed`, cause)
  }
  await client.query('UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id])
}

const refuse = (message: string) => new StoreFault(message, false, undefined)
