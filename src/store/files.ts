/** What people upload, kept under the hash of its content, and who may see it. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Records } from '../app/ports.js'
import { guarded } from './fault.js'
import { CAME } from './notice-readers.js'
import type { prismaOn } from './prisma.js'

export function createFiles(
  pool: pg.Pool,
  prisma: ReturnType<typeof prismaOn>,
): Pick<Records, 'keepFile' | 'file' | 'mayRead'> {
  return {
    keepFile: ({ bytes, mime, person, at }) =>
      guarded('A file could not be kept', async () => {
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        const { rowCount } = await pool.query(KEEP, [sha256, mime, Buffer.from(bytes), person, at.toISOString()])
        return rowCount === 0 ? undefined : `file:${sha256}`
      }),

    file: (ref) =>
      guarded('A file could not be read', async () => {
        const sha256 = hashOf(ref)
        if (sha256 === undefined) return undefined
        const found = await prisma.storedFile.findUnique({ where: { sha256 }, select: { bytes: true, mime: true } })
        return found ?? undefined
      }),

    mayRead: (person, ref) =>
      guarded('The readers of a file could not be read', async () => {
        const sha256 = hashOf(ref)
        return sha256 !== undefined && (await pool.query(MAY_READ, [person, ref, sha256])).rowCount === 1
      }),
  }
}

const hashOf = (ref: string): string | undefined => /^file:([0-9a-f]{64})$/.exec(ref)?.[1]

/**
 * The same content from somebody else: it is theirs from now on, so that it does not go with the first one's data. Whoever is being
 * erased at this moment is waited for, or waits.
 */
const KEEP = `
INSERT INTO stored_file (sha256, mime, bytes, person_id, created_at)
SELECT $1, $2, $3, id, $5::timestamptz FROM person WHERE id = $4 FOR KEY SHARE
ON CONFLICT (sha256) DO UPDATE SET person_id = excluded.person_id`

/** Who sent it, and who got a notice with it that was not withdrawn. */
const MAY_READ = `
SELECT WHERE EXISTS (SELECT FROM stored_file WHERE sha256 = $3 AND person_id = $1)
  OR EXISTS (SELECT FROM notice_recipient AS recipient JOIN notice ON notice.id = recipient.notice_id
    WHERE recipient.person_id = $1 AND media->>'ref' = $2 AND withdrawn_at IS NULL AND ${CAME})`
