/** The ledger of answers on PostgreSQL or PGlite, in plain SQL: it is the hot path, and Prisma costs about 2 ms of CPU a write. */
import type pg from 'pg'
import type { Appended, Ledger, LedgerRow } from '../app/ports.js'
import { saysTheSame } from '../core/answer.js'
import { storeFault } from './fault.js'
import { createGroupCommit } from './group-commit.js'
import type { AnswerRow } from './ledger-rows.js'
import {
  appendStatement,
  keyOf,
  lookUpStatement,
  SELECT_ANSWERS,
  storableRow,
  toAnswer,
  toLedgerRow,
} from './ledger-rows.js'

export function createLedger(pool: pg.Pool): Ledger {
  const appends = createGroupCommit('Answers could not be written', (rows: readonly LedgerRow[]) => append(pool, rows))

  async function select(what: string, sql: string, values: unknown[]): Promise<AnswerRow[]> {
    try {
      return (await pool.query<AnswerRow>({ name: what, text: `${SELECT_ANSWERS} ${sql}`, values })).rows
    } catch (cause) {
      throw storeFault('Answers could not be read', cause)
    }
  }

  return {
    async append(row) {
      if (Number.isNaN(row.at.getTime()))
        throw storeFault('Answers could not be written', new RangeError('Invalid date'))
      return appends.add(storableRow(row))
    },

    async answer(sheet, question) {
      const newest = 'WHERE sheet_id = $1 AND question_id = $2 ORDER BY revision DESC LIMIT 1'
      const [row] = await select('ledger-answer', newest, [sheet, question])
      return row && toAnswer(row)
    },

    async answers(sheet) {
      const newest = `WHERE sheet_id = $1 AND NOT EXISTS (SELECT FROM answer newer WHERE newer.sheet_id = answer.sheet_id
        AND newer.question_id = answer.question_id AND newer.revision > answer.revision)`
      const rows = await select('ledger-answers', newest, [sheet])
      return new Map(rows.map((row) => [row.question_id, toAnswer(row)]))
    },

    async history(sheet) {
      const oldestFirst = 'WHERE sheet_id = $1 ORDER BY at, revision, question_id'
      return (await select('ledger-history', oldestFirst, [sheet])).map(toLedgerRow)
    },
  }
}

/** Writes a batch in one commit. Of rows with the same key the first is sent and the others are compared with what stands. */
async function append(pool: pg.Pool, rows: readonly LedgerRow[]): Promise<Appended[]> {
  const first = new Map<string, LedgerRow>()
  for (const row of rows) {
    const key = keyOf(row)
    if (!first.has(key)) first.set(key, row)
  }
  const inserted = (await pool.query<{ key: string }>(appendStatement([...first.values()]))).rows
  // The ordinary case.
  if (inserted.length === rows.length) return rows.map(() => 'written')

  const written = new Set(inserted.map(({ key }) => key))
  const others = rows.filter((row) => !(written.has(keyOf(row)) && first.get(keyOf(row)) === row))
  // By a statement of its own: the first one's snapshot may be too old.
  const found = (await pool.query<Found>(lookUpStatement(others))).rows
  const became = new Map(others.map((row, index) => [row, judged(row, found[index]!)]))
  return rows.map((row) => became.get(row) ?? 'written')
}

type Found = (AnswerRow | { readonly [column in keyof AnswerRow]: null }) & { readonly open: boolean }

/** What becomes of a row that was not written, by what stands under its key. */
function judged(row: LedgerRow, found: Found): Appended {
  const stands = found.sheet_id === null ? undefined : toLedgerRow(found)
  if (stands?.input === row.input) return 'repeated'
  if (stands && saysTheSame(stands, row)) return 'agreed'
  // A row that another writer's transaction took away again between the two statements: its sheet is gone.
  return stands && found.open ? 'conflict' : 'closed'
}
