/** The bench's own books of a ledger: what was there, what was acknowledged since, and whether that is what stands there. */
import type pg from 'pg'
import type { Row } from './tapper.js'

export type Books = {
  /** Taps that were acknowledged. */
  note(rows: readonly Row[]): void
  /** Rows that are missing, doubled, wrong, or that nobody tapped. */
  faults(): Promise<string[]>
}

const TOLD = 5
const ROWS_AT_ONCE = 10_000

/** Counts the rows that are there now; nobody else may write from now on. */
export async function createBooks(db: pg.Pool): Promise<Books> {
  const count = async () => (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM answer')).rows[0]!.n
  const before = await count()
  const noted: Row[] = []
  return {
    note: (rows) => void noted.push(...rows),
    async faults() {
      const faults: string[] = []
      const keys = new Set(noted.map(({ sheet, question, revision }) => `${sheet} ${question} ${revision}`))
      if (keys.size !== noted.length) faults.push(`${noted.length - keys.size} taps were meant for rows of others`)
      for (let from = 0; from < noted.length; from += ROWS_AT_ONCE) {
        const part = noted.slice(from, from + ROWS_AT_ONCE)
        const { rows } = await db.query<{ place: number; stands: unknown }>(UNSOUND, [
          ...(['sheet', 'question', 'revision', 'value', 'person'] as const).map((name) =>
            part.map((row) => row[name]),
          ),
        ])
        faults.push(
          ...rows.map(
            ({ place, stands }) => `Expected ${JSON.stringify(part[place - 1])}, got ${JSON.stringify(stands)}`,
          ),
        )
      }
      const now = await count()
      // The key is unique, so that as many rows as taps, each of them sound, leave no room for any other.
      if (now !== before + noted.length) faults.push(`Expected ${before} + ${noted.length} rows, got ${now}`)
      const told = faults.slice(0, TOLD)
      return faults.length > told.length ? [...told, `${faults.length - told.length} more faults`] : told
    },
  }
}

const UNSOUND = `
SELECT place::int, to_jsonb(answer) AS stands
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[]) WITH ORDINALITY
  AS meant (sheet, question, revision, value, person, place)
LEFT JOIN answer ON sheet_id = sheet AND question_id = question AND answer.revision = meant.revision
WHERE (answer.value = meant.value AND answer.person_id = meant.person AND channel = 'telegram'
  AND not_applicable IS NULL AND note IS NULL AND evidence = '[]') IS NOT TRUE`
