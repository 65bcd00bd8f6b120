/**
 * A new embedded database, ready made: creating one takes PGlite five to ten seconds, copying one takes two. It is made
 * when the program is built, on the same machine and with the same version, and is only ever a saving of time.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { migrate } from './migrate.js'
import { createPglitePool } from './pglite-pool.js'

/** The template that was made for these migrations, if it was. */
export function findTemplate(root: string): Blob | undefined {
  const file = templateFile(root)
  return existsSync(file) ? new Blob([new Uint8Array(readFileSync(file))]) : undefined
}

/** The template for these migrations; made where there is none yet (about five seconds). */
export async function makeTemplate(root: string): Promise<Blob> {
  const found = findTemplate(root)
  if (found) return found
  const db = await PGlite.create()
  const pool = createPglitePool(db)
  await migrate(pool, migrationsOf(root))
  await pool.end()
  const dump = Buffer.from(await (await db.dumpDataDir('gzip')).arrayBuffer())
  await db.close()
  const file = templateFile(root)
  mkdirSync(join(file, '..'), { recursive: true })
  // Renamed into place, because another process may look for it at this moment.
  const own = `${file}.${process.pid}`
  writeFileSync(own, dump)
  renameSync(own, file)
  return new Blob([new Uint8Array(dump)])
}

const migrationsOf = (root: string): string => join(root, 'prisma', 'migrations')

/** Named by the version of PGlite and by the migrations, so that an old one is never taken for a new one. */
function templateFile(root: string): string {
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(readFileSync(join(pglite, '..', '..', 'package.json'), 'utf8')) as { version: string }
  const hash = createHash('sha256').update(version)
  for (const name of readdirSync(migrationsOf(root), { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(migrationsOf(root), name)))
  return join(root, 'dist', `embedded-template-${hash.digest('hex').slice(0, 16)}.tgz`)
}
