/**
 * The first command that a process takes after it has started as the program does, timed. `DATABASE_URL`, `ADDRESS`,
 * `COMMAND`, `RADAR` (`drawn` or `none`).
 */
import { join } from 'node:path'
import { shelved } from '../src/content/shelf.js'
import { radarPng } from '../src/reports/radar.js'
import { migrate } from '../src/store/migrate.js'
import { openPostgres } from '../src/store/postgres.js'
import { ROOT } from './child.js'
import { createChat, createOfficeDesk } from './office-desk.js'

const { DATABASE_URL, ADDRESS, COMMAND, RADAR } = process.env as Record<string, string>
const pool = openPostgres(DATABASE_URL!)
await migrate(pool, join(ROOT, 'prisma', 'migrations'))
const desk = createOfficeDesk(pool, RADAR === 'drawn' ? radarPng : undefined)
await desk.records.keepRubric(desk.books.current.hash, shelved(desk.books.current))
const { ms, text } = await createChat(desk).command(ADDRESS!, COMMAND!)
process.stdout.write(`${JSON.stringify({ ms, text })}\n`)
await pool.end()
