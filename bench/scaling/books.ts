/** The bench's own books of a ledger: what was there, what was acknowledged since, and whether that is what stands there. */
import type pg from 'pg'
import type { Row } from './tapper.js'

export type Verdict = {
  /** Acknowledged, and not there. */
  readonly lost: readonly Row[]
  readonly wrong: readonly { readonly meant: Row; readonly stands: unknown }[]
  /** Rows that nobody was acknowledged for. */
  readonly extra: number
}

export type Books = {
  /** Taps that were acknowledged. */
  note(rows: readonly Row[]): void
  /** What stands in the ledger now, in this database or in what has taken its place. */
  judge(): Promise<Verdict>
}

const ROWS_AT_ONCE = 10_000
const TOLD = 5

/** Counts the rows that are there now; nobody else may write from now on. */
export async function createBooks(db: pg.Pool): Promise<Books> {
  const count = async () => (await db.query<{ n: number }>('SELECT count(*)::int AS n FROM answer')).rows[0]!.n
  const before = await count()
  const noted = new Map<string, Row>()
  return {
    note(rows) {
      for (const row of rows) noted.set(`${row.sheet} ${row.question} ${row.revision}`, row)
    },
    async judge() {
      const all = [...noted.values()]
      const lost: Row[] = []
      const wrong: { meant: Row; stands: unknown }[] = []
      for (let from = 0; from < all.length; from += ROWS_AT_ONCE) {
        const part = all.slice(from, from + ROWS_AT_ONCE)
        const columns = ['sheet', 'question', 'revision', 'value', 'person'] as const
        const { rows } = await db.query<{ place: number; stands: unknown }>(
          UNSOUND,
          columns.map((name) => part.map((row) => row[name])),
        )
        for (const { place, stands } of rows) {
          const meant = part[place - 1]!
          if (stands === null) lost.push(meant)
          else wrong.push({ meant, stands })
        }
      }
      // The key is unique: each tap is one row at most.
      return { lost, wrong, extra: (await count()) - before - (all.length - lost.length) }
    },
  }
}

/** In words, a few of each; none where all is as it was meant. */
export function faultsOf({ lost, wrong, extra }: Verdict): string[] {
  return [
    ...lost.slice(0, TOLD).map((row) => `Expected ${JSON.stringify(row)}, got nothing`),
    ...(lost.length > TOLD ? [`${lost.length} acknowledged taps are lost in all`] : []),
    ...wrong
      .slice(0, TOLD)
      .map(({ meant, stands }) => `Expected ${JSON.stringify(meant)}, got ${JSON.stringify(stands)}`),
    ...(wrong.length > TOLD ? [`${wrong.length} rows are wrong in all`] : []),
    ...(extra !== 0 ? [`${extra} rows that nobody was acknowledged for`] : []),
  ]
}

const UNSOUND = `
SELECT place::int, to_jsonb(answer) AS stands
FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[]) WITH ORDINALITY
  AS meant (sheet, question, revision, value, person, place)
LEFT JOIN answer ON sheet_id = sheet AND question_id = question AND answer.revision = meant.revision
WHERE (answer.value = meant.value AND answer.person_id = meant.person AND channel = 'telegram'
  AND not_applicable IS NULL AND note IS NULL AND evidence = '[]') IS NOT TRUE`
