/** Instants are stored right whatever the server's time zone. A round trip would hide a shift, so the table is asked in SQL. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLedger } from '../../src/store/ledger.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createRecords } from '../../src/store/records.js'
import { createTableSessions } from '../../src/store/table-sessions.js'
import { createDatabase } from '../support/databases.js'
import { answerRow } from './fixtures.js'

describe('a server in another time zone', () => {
  let database: { url: string; drop(): Promise<void> }
  beforeAll(async () => {
    database = await createDatabase()
  })
  afterAll(() => database.drop())

  it('stores the instant that was meant', async () => {
    const server = new pg.Client({ connectionString: database.url })
    await server.connect()
    await server.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET TimeZone = 'America/New_York'`)
    await server.end()

    const pool = openPostgres(database.url)
    const records = createRecords(pool)
    const id = randomUUID()
    const at = new Date('2026-11-22T12:00:00.123Z')
    await records.enrol('test:zone', { id, language: 'en' })
    await records.startSheet({ id, person: id, assessment: null, rubric: 'r1', at }, null)
    await createLedger(pool).append(answerRow({ sheet: id, at }))
    await records.submitSheet(id, at)
    const sessions = createTableSessions(pool, () => at.getTime())
    const begun = await sessions.begin('test:zone', '1')
    if (begun.state === 'held') await sessions.save('test:zone', begun.lease, 's', ['1'])
    await pool.end()

    const plain = new pg.Client({ connectionString: database.url })
    await plain.connect()
    const { rows } = await plain.query(`SELECT current_setting('TimeZone') AS zone,
      (SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') FROM answer) AS answered,
      (SELECT to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') FROM sheet) AS started,
      (SELECT to_char(submitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') FROM sheet) AS submitted,
      (SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') FROM session) AS updated,
      (SELECT abs(extract(epoch FROM now() - created_at)) < 60 FROM person) AS created_now`)
    await plain.end()
    const instant = '2026-11-22 12:00:00.123'
    expect(rows).toEqual([
      {
        zone: 'America/New_York',
        answered: instant,
        started: instant,
        submitted: instant,
        updated: instant,
        created_now: true,
      },
    ])
  })
})
