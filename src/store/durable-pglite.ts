/** Starts PGlite on files so that what it acknowledges survives a power cut: by itself it never calls fsync. */
import { fsyncSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite, type PGliteOptions } from '@electric-sql/pglite'

/**
 * Opens the database in an empty or known directory. Nobody else may work on it. `template` is the gzipped tar that
 * `dumpDataDir` of the same version of PGlite wrote; with it the first start takes a third of the time.
 */
export async function openDurably(
  directory: string,
  template?: Blob,
  sync: (descriptor: number) => void = fsyncSync,
): Promise<PGlite> {
  if (!(await readdir(directory)).includes('PG_VERSION')) await create(directory, template)
  const db = await PGlite.create({ dataDir: directory, startParams: startParams() })
  makeDurable(db, sync)
  return db
}

/** Beside its place first: a start that was cut short leaves no half of a database where a whole one is expected. */
async function create(directory: string, template: Blob | undefined): Promise<void> {
  const fresh = `${directory}.new`
  await rm(fresh, { recursive: true, force: true })
  const options: PGliteOptions = { dataDir: fresh, startParams: startParams() }
  const db = await PGlite.create(template ? { ...options, loadDataDir: template } : options)
  await db.close()
  await syncFiles(fresh)
  // An empty directory is replaced; on Windows it has to go first. Anything else in it is not ours to remove.
  await rm(directory, { recursive: false, force: true }).catch(() => {})
  await rename(fresh, directory)
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
 * Emscripten's NODEFS ignores fsync: this gives it one. It is no public API of PGlite, so a version without it is refused
 * rather than trusted.
 */
function makeDurable(db: PGlite, sync: (descriptor: number) => void): void {
  const nodefs: unknown = db.Module.FS.filesystems.NODEFS
  const operations = (nodefs as { stream_ops?: { fsync?: (stream: { nfd: number }) => number } }).stream_ops
  if (!operations) throw new Error('Expected PGlite to have NODEFS.stream_ops, got none: rows would not be durable')
  operations.fsync = (stream) => {
    sync(stream.nfd)
    return 0
  }
}

/** What was written before `makeDurable`. Once for a new database: about a thousand files. */
async function syncFiles(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = await open(join(entry.parentPath, entry.name), 'r+')
    await file.sync()
    await file.close()
  }
}
