/** Rows of the table `session`, in plain SQL: one is written at every input. */
import type pg from 'pg'
import { storableJson } from './storable.js'

/** Inputs handled in the last 24 hours, oldest first, for example `[{"id":"81","at":1764230000000}]`. */
export type Claim = { readonly id: string; readonly at: number }

export type Kept = { readonly session: string; readonly claims: readonly Claim[]; readonly updatedAt: number }

/** The session of an address; null where there is none, or none since the instant given. */
export async function readSession(pool: pg.Pool, address: string, since: Date): Promise<Kept | null> {
  const { rows } = await pool.query<{ session: string; claims: Claim[]; updated_at: Date }>({
    name: 'session-read',
    text: 'SELECT session, claims, updated_at FROM session WHERE address = $1 AND updated_at > $2',
    values: [address, since.toISOString()],
  })
  const row = rows[0]
  return row ? { session: row.session, claims: row.claims, updatedAt: row.updated_at.getTime() } : null
}

/** Writes sessions in one commit; every address at most once. */
export async function writeSessions(pool: pg.Pool, rows: readonly (Kept & { address: string })[]): Promise<void> {
  await pool.query({
    name: 'session-write',
    text: `INSERT INTO session (address, session, claims, updated_at)
      SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[])
      ON CONFLICT (address) DO UPDATE
        SET session = excluded.session, claims = excluded.claims, updated_at = excluded.updated_at`,
    values: [
      rows.map(({ address }) => address),
      rows.map(({ session }) => session),
      rows.map(({ claims }) => storableJson(claims)),
      rows.map(({ updatedAt }) => new Date(updatedAt).toISOString()),
    ],
  })
}

export async function deleteSessions(pool: pg.Pool, addresses: readonly string[]): Promise<void> {
  await pool.query({
    name: 'session-delete',
    text: 'DELETE FROM session WHERE address = ANY ($1::text[])',
    values: [addresses],
  })
}
