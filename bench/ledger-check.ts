/** Whether just what was tapped stands in the tables: for every person every question once, with their own value. */
import type pg from 'pg'
import { choiceOf, QUESTION_IDS } from './script.js'

export type Walked = { readonly chat: number; readonly sheet: string }

/** At most this many faults are told one by one. */
const FAULTS_TOLD = 5

/** Faults of the bot's ledger; none where every tap is one row of revision 1 on the person's only sheet. */
export async function faultsOfBot(db: pg.Pool, people: readonly Walked[]): Promise<string[]> {
  const { rows } = await db.query<Row>(`
    SELECT address.address, sheet.id AS sheet, question_id AS question, value,
      revision = 1 AND not_applicable IS NULL AND note IS NULL AND evidence = '[]' AND answer.person_id = sheet.person_id
        AND channel = 'telegram' AS sound
    FROM answer JOIN sheet ON sheet.id = sheet_id JOIN address ON address.person_id = sheet.person_id`)
  const { rows: all } = await db.query(
    'SELECT count(*)::int AS answers, (SELECT count(*)::int FROM sheet) AS sheets FROM answer',
  )
  const faults = compare('bot', rows, people, ({ chat }) => `telegram:${chat}`)
  if (all[0].answers !== people.length * QUESTION_IDS.length)
    faults.push(`bot: Expected ${people.length * QUESTION_IDS.length} answers in the ledger, got ${all[0].answers}`)
  if (all[0].sheets !== people.length) faults.push(`bot: Expected ${people.length} sheets, got ${all[0].sheets}`)
  return faults
}

/** The same of the bare route's table: a comparison with a route that loses rows would say nothing. */
export async function faultsOfBare(db: pg.Pool, people: readonly Walked[]): Promise<string[]> {
  const { rows } = await db.query<Row>(
    `SELECT chat::text AS address, '' AS sheet, question, value, true AS sound FROM bare_answer`,
  )
  return compare(
    'bare',
    rows,
    people.map(({ chat }) => ({ chat, sheet: '' })),
    ({ chat }) => String(chat),
  )
}

type Row = {
  readonly address: string
  readonly sheet: string
  readonly question: string
  readonly value: string
  readonly sound: boolean
}

function compare(
  who: string,
  rows: readonly Row[],
  people: readonly Walked[],
  addressOf: (one: Walked) => string,
): string[] {
  const found = new Map<string, Row>()
  const faults: string[] = []
  for (const row of rows) {
    const key = `${row.address} ${row.question}`
    if (found.has(key)) faults.push(`${key} stands there twice`)
    found.set(key, row)
  }
  for (const one of people)
    QUESTION_IDS.forEach((question, index) => {
      const key = `${addressOf(one)} ${question}`
      const row = found.get(key)
      found.delete(key)
      const wanted = choiceOf(one.chat, index)
      if (!row) faults.push(`${key} is missing`)
      else if (row.value !== wanted || row.sheet !== one.sheet || !row.sound)
        faults.push(`${key}: Expected \`${wanted}\`, got ${JSON.stringify(row)}`)
    })
  for (const key of found.keys()) faults.push(`${key} was never tapped`)
  const told = faults.slice(0, FAULTS_TOLD).map((fault) => `${who}: ${fault}`)
  return faults.length > told.length ? [...told, `${who}: ${faults.length - told.length} more faults`] : told
}
