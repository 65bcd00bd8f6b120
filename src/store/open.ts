/** Opens the database that the configuration names, embedded or on a server, with all migrations applied. */
import { join } from 'node:path'
import type pg from 'pg'
import type { StoreFault } from '../app/ports.js'
import { migrate } from './migrate.js'
import { openPostgres } from './postgres.js'

export type Home =
  | { readonly kind: 'embedded'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string }

export type OpenDatabase = {
  readonly pool: pg.Pool
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[]
  close(): Promise<void>
}

/** `root` is the folder that holds prisma/. Throws a `StoreFault`: `DataDirLocked` where another process has the embedded one. */
export async function openDatabase(
  home: Home,
  { root, onFault }: { root: string; onFault: (fault: StoreFault) => void },
): Promise<OpenDatabase> {
  const { pool, close } = await openHome(home, root, onFault)
  try {
    return { pool, applied: await migrate(pool, join(root, 'prisma', 'migrations')), close }
  } catch (fault) {
    await close()
    throw fault
  }
}

async function openHome(home: Home, root: string, onFault: (fault: StoreFault) => void) {
  switch (home.kind) {
    case 'embedded': {
      // Only where it is needed: PostgreSQL as WebAssembly is the largest thing that there is to load.
      const [{ findTemplate }, { openPglite }] = await Promise.all([
        import('./embedded-template.js'),
        import('./pglite.js'),
      ])
      const template = findTemplate(root)
      const directory = join(home.directory, 'pglite')
      return openPglite({ directory, ...(template ? { template } : {}), onFault })
    }
    case 'postgres': {
      const pool = openPostgres(home.url, onFault)
      return { pool, close: () => pool.end() }
    }
  }
}
