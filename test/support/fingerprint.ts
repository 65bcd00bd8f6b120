/** What a database holds, table by table, as checksums: two that are equal hold the same, byte for byte. */
import type pg from 'pg'

/** All that people and their work leave behind; not where somebody stands just now, and not wrong codes. */
export const KEPT = [
  'community',
  'membership',
  'invitation',
  'round',
  'assessment',
  'assignment',
  'returned',
  'clash',
  'sheet',
  'answer',
  'audit',
  'delivery',
  'setting',
  'stored_file',
  'person',
  'address',
] as const

/** `only` narrows tables to some of their rows: a condition on the alias `t`, by table. */
export async function fingerprint(
  pool: pg.Pool,
  only: Partial<Record<(typeof KEPT)[number], string>> = {},
): Promise<Record<string, string>> {
  const parts = KEPT.map(
    (table) =>
      `(SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), ''))
        FROM ${table} AS t WHERE ${only[table] ?? 'true'}) AS ${table}`,
  )
  return (await pool.query<Record<string, string>>(`SELECT ${parts.join(', ')}`)).rows[0]!
}
