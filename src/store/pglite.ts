/**
 * The embedded default: PostgreSQL 18 as WebAssembly (PGlite) in this process, on disk. What PGlite leaves out stands
 * here: it never calls fsync, does not keep a second process away, and never vacuums.
 */
import { fsyncSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'
import type pg from 'pg'
import type { StoreFault } from '../app/ports.js'
import { lockDataDir } from './data-dir-lock.js'
import { storeFault } from './fault.js'
import { createPglitePool } from './pglite-pool.js'

export { DataDirLocked } from './data-dir-lock.js'

export type Embedded = {
  readonly pool: pg.Pool
  /** Vacuums, writes a checkpoint, closes the pool and gives the directory back. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Opens, or at the first start creates, the database in a directory. Throws `DataDirLocked` where another process has it.
 * `template` is what `dumpDataDir` wrote once (a gzipped tar); with it the first start takes a third of the time.
 */
export async function openPglite(options: {
  directory: string
  template?: Blob
  onFault?: (fault: StoreFault) => void
}): Promise<Embedded> {
  const { directory, template, onFault = () => {} } = options
  await mkdir(directory, { recursive: true })
  let pool: pg.Pool | undefined
  const unlock = await lockDataDir(directory, (fault) => {
    onFault(fault)
    // Another process may be at work on the files by now: nothing more may be written here.
    pool?.end().catch(() => {})
  })
  let db: PGlite
  try {
    db = await start(directory, template)
  } catch (cause) {
    await unlock()
    throw storeFault(`The embedded database in ${directory} could not be opened`, cause)
  }
  const open = createPglitePool(db)
  pool = open
  open.on('error', (cause) => onFault(storeFault('The embedded database broke a connection', cause)))

  const tidyUp = () => tidy(open).catch((cause) => onFault(storeFault('The embedded database was not tidied', cause)))
  const hourly = setInterval(tidyUp, TIDY_EVERY_MS)
  hourly.unref()

  async function close() {
    clearInterval(hourly)
    await tidyUp()
    if (!open.ending) await open.end()
    await db.close()
    await unlock()
  }
  let closing: Promise<void> | undefined
  return { pool: open, close: () => (closing ??= close()) }
}

/** There is no autovacuum. An hour of a busy day leaves some ten thousand dead rows of `session`: under a second's work. */
const TIDY_EVERY_MS = 60 * 60 * 1000

async function tidy(pool: pg.Pool): Promise<void> {
  await pool.query('VACUUM ANALYZE')
  await pool.query('CHECKPOINT')
}

async function start(directory: string, template: Blob | undefined): Promise<PGlite> {
  const options: PGliteOptions = { dataDir: directory, startParams: startParams() }
  const db = await PGlite.create(template ? { ...options, loadDataDir: template } : options)
  makeDurable(db)
  return db
}

function startParams(): string[] {
  const settings = {
    // PGlite's own default is -F, which is fsync=off.
    fsync: 'on',
    // The file system of Emscripten has no fdatasync.
    wal_sync_method: 'fsync',
    // The default of 128 MB would all be taken from the process at once.
    shared_buffers: '16MB',
    // Prisma's adapter writes instants without an offset.
    timezone: 'UTC',
  }
  const own = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return [...PGlite.defaultStartParams.filter((param) => param !== '-F'), ...own]
}

/**
 * Emscripten's NODEFS ignores fsync: this gives it one, so that an acknowledged row survives a power cut. It is no public
 * API of PGlite, so a version without it is refused rather than trusted.
 */
function makeDurable(db: PGlite): void {
  const nodefs: unknown = db.Module.FS.filesystems.NODEFS
  const operations = (nodefs as { stream_ops?: { fsync?: (stream: { nfd: number }) => number } }).stream_ops
  if (!operations) throw new Error('Expected PGlite to have NODEFS.stream_ops, got none: rows would not be durable')
  operations.fsync = (stream) => {
    fsyncSync(stream.nfd)
    return 0
  }
}
