import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/store/migrate.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createEmptyDatabase, MIGRATIONS } from '../support/databases.js'

const ONE_PRACTICE_SHEET = '20261128100000_one_practice_sheet'

describe('migrate', () => {
  let directory: string
  let pool: pg.Pool
  let drop: () => Promise<void>
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hexie-migrations-'))
    cpSync(MIGRATIONS, directory, { recursive: true })
    const database = await createEmptyDatabase()
    pool = openPostgres(database.url)
    drop = database.drop
  })
  afterEach(async () => {
    await pool.end()
    await drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const add = (name: string, sql: string) => {
    mkdirSync(join(directory, name), { recursive: true })
    writeFileSync(join(directory, name, 'migration.sql'), sql)
  }
  const books = async () =>
    (await pool.query('SELECT migration_name AS name, finished_at, logs FROM _prisma_migrations ORDER BY started_at'))
      .rows

  it('applies what is missing, in order, and nothing twice', async () => {
    const first = await migrate(pool, directory)
    expect(first.length).toBeGreaterThan(0)
    expect(await migrate(pool, directory)).toEqual([])
    add('29990102000000_b', 'CREATE TABLE b (); DROP TABLE a;')
    add('29990101000000_a', 'CREATE TABLE a ();')
    expect(await migrate(pool, directory)).toEqual(['29990101000000_a', '29990102000000_b'])
    expect((await books()).map(({ name }) => name)).toEqual([...first, '29990101000000_a', '29990102000000_b'])
  })

  it('keeps the fuller of two open practice sheets of one person, and of equals the newer', async () => {
    rmSync(join(directory, ONE_PRACTICE_SHEET), { recursive: true })
    await migrate(pool, directory)
    await pool.query(`INSERT INTO person (id, language) VALUES ('p1', 'zh-CN'), ('p2', 'zh-CN')`)
    const sheet = `INSERT INTO sheet (id, person_id, rubric_hash, started_at) VALUES ($1, $2, 'r1', $3)`
    await pool.query(sheet, ['full', 'p1', '2026-11-01'])
    await pool.query(sheet, ['empty', 'p1', '2026-11-02'])
    await pool.query(sheet, ['old', 'p2', '2026-11-01'])
    await pool.query(sheet, ['new', 'p2', '2026-11-02'])
    await pool.query(`INSERT INTO answer (sheet_id, question_id, revision, value, evidence, person_id, channel, input_id, at)
      VALUES ('full', 'P1-01', 1, 'yes', '[]', 'p1', 'test', '1', now())`)
    cpSync(join(MIGRATIONS, ONE_PRACTICE_SHEET), join(directory, ONE_PRACTICE_SHEET), { recursive: true })
    expect(await migrate(pool, directory)).toEqual([ONE_PRACTICE_SHEET])
    const { rows } = await pool.query(`SELECT id FROM sheet WHERE status = 'open' ORDER BY id`)
    expect(rows.map(({ id }) => id)).toEqual(['full', 'new'])
  })

  it('is safe when four start at once', async () => {
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, directory)))
    expect(applied.filter(({ length }) => length > 0).length).toBe(1)
    const { rows } = await pool.query("SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory'")
    expect(rows).toEqual([{ locks: 0 }])
  })

  it('refuses a migration that was edited after it was applied', async () => {
    const [name] = await migrate(pool, directory)
    add(name!, '-- something else')
    await expect(migrate(pool, directory)).rejects.toMatchObject({ name: 'StoreFault', retry: false })
    await expect(migrate(pool, directory)).rejects.toThrow(/edited/)
  })

  it('leaves nothing of a migration that fails, and refuses to go on until it is resolved', async () => {
    await migrate(pool, directory)
    add('29990101000000_bad', 'CREATE TABLE half (); SELECT 1 / 0;')
    await expect(migrate(pool, directory)).rejects.toThrow(/29990101000000_bad failed.*division by zero/)
    expect((await pool.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }])
    expect((await books()).at(-1)).toMatchObject({ finished_at: null, logs: expect.stringContaining('division') })
    await expect(migrate(pool, directory)).rejects.toThrow(/half-applied/)
  })
})
