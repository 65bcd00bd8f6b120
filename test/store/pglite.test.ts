/** What the embedded database must survive: two processes, kill -9, clients thrown away, a busy caller. */
import { spawn } from 'node:child_process'
import { fsyncSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDurably } from '../../src/store/durable-pglite.js'
import { createLedger } from '../../src/store/ledger.js'
import { DataDirLocked, openPglite } from '../../src/store/pglite.js'
import { createPglitePool } from '../../src/store/pglite-pool.js'
import { prismaOn } from '../../src/store/prisma.js'
import { createRecords } from '../../src/store/records.js'
import { freshPglite } from '../support/databases.js'
import { startedSheet } from './fixtures.js'

describe('the embedded database', () => {
  let place: Awaited<ReturnType<typeof freshPglite>>
  beforeEach(async () => {
    place = await freshPglite()
  })
  afterEach(() => place.remove())

  it('keeps a second one away from its directory, and lets it in afterwards', async () => {
    const first = await openPglite(place)
    const started = performance.now()
    await expect(openPglite(place)).rejects.toBeInstanceOf(DataDirLocked)
    expect(performance.now() - started).toBeLessThan(8_000)
    await first.close()
    await first.close()
    const second = await openPglite(place)
    expect((await second.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await second.close()
  })

  it('calls fsync before it acknowledges a commit', async () => {
    mkdirSync(place.directory)
    let syncs = 0
    const db = await openDurably(place.directory, place.template, (descriptor) => {
      syncs++
      fsyncSync(descriptor)
    })
    for (let row = 1; row <= 5; row++) {
      const before = syncs
      await db.query('INSERT INTO setting VALUES ($1, $1)', [String(row)])
      expect(syncs).toBeGreaterThan(before)
    }
    await db.close()
  })

  it('starts anew where the very first start was cut short', async () => {
    mkdirSync(`${place.directory}.new/base`, { recursive: true })
    writeFileSync(`${place.directory}.new/PG_VERSION`, '18')
    const { pool, close } = await openPglite(place)
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await close()
  })

  it('runs with fsync and in UTC', async () => {
    const { pool, close } = await openPglite(place)
    const setting = async (name: string) => (await pool.query(`SHOW ${name}`)).rows[0][name]
    expect(await setting('fsync')).toBe('on')
    expect(await setting('wal_sync_method')).toBe('fsync')
    expect(await setting('synchronous_commit')).toBe('on')
    expect((await pool.query("SELECT current_setting('timezone') AS zone")).rows).toEqual([{ zone: 'UTC' }])
    await close()
  })

  it('has every acknowledged row after kill -9', { timeout: 60_000 }, async () => {
    const first = await openPglite(place)
    const sheet = await startedSheet(createRecords(first.pool))
    await first.close()

    const script = fileURLToPath(new URL('./pglite-writer.ts', import.meta.url))
    const writer = spawn(process.execPath, ['--import', 'tsx', script, place.directory, sheet], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const acknowledged: string[] = []
    for await (const line of createInterface(writer.stdout)) {
      acknowledged.push(line)
      if (acknowledged.length === 600) writer.kill('SIGKILL')
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(600)

    const { pool, close } = await openPglite(place)
    const stored = await createLedger(pool).answers(sheet)
    // A last line may be cut short by the kill.
    const lost = acknowledged.slice(0, -1).filter((question) => !stored.has(question))
    await close()
    expect(lost).toEqual([])
  })
})

describe('the pool over PGlite', () => {
  it('gives the next client a clean connection when one is thrown away inside a transaction', async () => {
    const pool = createPglitePool(await PGlite.create())
    await pool.query('CREATE TABLE t (id int)')
    for (let round = 0; round < 10; round++) {
      const client = await pool.connect()
      await client.query('BEGIN')
      await client.query("SET statement_timeout = '1h'")
      await client.query({ name: `same-${round}`, text: 'INSERT INTO t VALUES ($1)', values: [round] })
      const next = pool.query('SELECT count(*)::int AS rows FROM t')
      client.release(new Error('thrown away'))
      expect((await next).rows).toEqual([{ rows: 0 }])
      await pool.query({ name: `same-${round}`, text: 'SELECT $1::int', values: [round] })
      expect((await pool.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }])
    }
    await pool.end()
  })

  it('lets timers run while callers keep it busy', async () => {
    const pool = createPglitePool(await PGlite.create())
    let ticks = 0
    const timer = setInterval(() => ticks++, 5)
    const until = performance.now() + 500
    while (performance.now() < until) await pool.query('SELECT 1')
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(10)
    await pool.end()
  })

  it('loses, doubles and mixes up nothing under 12 workers with errors and transactions', {
    timeout: 60_000,
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hexie-stress-'))
    const { pool, close } = await openPglite({ ...(await freshPglite()), directory: join(directory, 'db') })
    const prisma = prismaOn(pool)
    const acknowledged = new Set<string>()
    const create = (tx: Pick<typeof prisma, 'setting'>, key: string) => tx.setting.create({ data: { key, value: key } })
    const steps: ((id: string, before: string) => Promise<unknown>)[] = [
      async (id) => acknowledged.add((await create(prisma, id)).key),
      async (id) => {
        await prisma.$transaction(async (tx) => {
          await create(tx, id)
          await tx.setting.update({ where: { key: id }, data: { value: 'changed' } })
        })
        acknowledged.add(id)
      },
      // Twice the same key: refused.
      async (_id, before) => {
        await expect(create(prisma, before)).rejects.toMatchObject({ code: 'P2002' })
      },
      // Fails after it has written: rolled back.
      async (id) => {
        const failing = prisma.$transaction(async (tx) => {
          await create(tx, id)
          await tx.$executeRawUnsafe('SELECT 1 / 0')
        })
        await expect(failing).rejects.toThrow(/division by zero/)
      },
      async (id) => {
        const text = 'SELECT $1::text AS id'
        expect((await pool.query({ name: 'echo', text, values: [id] })).rows).toEqual([{ id }])
      },
    ]
    const until = Date.now() + 5_000
    const worker = async (who: number) => {
      let before = ''
      for (let turn = 0; Date.now() < until; turn++) {
        const id = `${who}-${turn}`
        await steps[turn % steps.length]!(id, before)
        before = id
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, who) => worker(who)))
    const stored = new Set((await prisma.setting.findMany()).map(({ key }) => key))
    expect(stored).toEqual(acknowledged)
    expect(stored.size).toBeGreaterThan(50)
    await close()
    rmSync(directory, { recursive: true, force: true })
  })
})
