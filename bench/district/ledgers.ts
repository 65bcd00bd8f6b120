/** The ledgers of simulated people, as PostgreSQL holds them. */
import type pg from 'pg'
import type { Row } from './verdict.js'

/** `sheets`: the state of each of their sheets; there should be one. */
export type Ledger = { readonly rows: Row[]; readonly sheets: string[] }

/** What the database holds of people, by their chats. */
export async function ledgersOf(db: pg.Pool, chats: readonly number[]): Promise<Map<number, Ledger>> {
  const { rows: sheets } = await db.query<{ id: string; status: string; chat: string }>(
    `SELECT sheet.id, status, split_part(address, ':', 2) AS chat FROM sheet JOIN address USING (person_id)
      WHERE address = ANY ($1)`,
    [chats.map((chat) => `telegram:${chat}`)],
  )
  const { rows } = await db.query<Row & { sheet_id: string }>(
    `SELECT sheet_id, question_id AS question, revision, value, not_applicable, note, input_id AS input FROM answer
      WHERE sheet_id = ANY ($1) ORDER BY sheet_id, question_id, revision`,
    [sheets.map(({ id }) => id)],
  )
  const ledgers = new Map<number, Ledger>()
  const bySheet = new Map<string, Ledger>()
  for (const { id, status, chat } of sheets) {
    const ledger = ledgers.get(Number(chat)) ?? { rows: [], sheets: [] }
    ledger.sheets.push(status)
    ledgers.set(Number(chat), ledger)
    bySheet.set(id, ledger)
  }
  for (const { sheet_id, ...row } of rows) bySheet.get(sheet_id)!.rows.push(row)
  return ledgers
}
