/**
 * The embedded default: PostgreSQL 18 as WebAssembly (PGlite) in this process, on disk. What PGlite leaves out is
 * added around it: it does not keep a second process away, never calls fsync, and never vacuums.
 */
import { mkdir } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'
import type { StoreFault } from '../app/ports.js'
import { lockDataDir } from './data-dir-lock.js'
import { openDurably } from './durable-pglite.js'
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
 * A new database is copied from `template` (see `openDurably`) where there is one.
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
    db = await openDurably(directory, template)
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
