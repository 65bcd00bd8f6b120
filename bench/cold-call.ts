/** The first command that the use cases take in a process that has started as the program does, timed. `DATABASE_URL`, `ADDRESS`, `COMMAND`. */
import { join } from 'node:path'
import { shelved } from '../src/content/shelf.js'
import { migrate } from '../src/store/migrate.js'
import { openPostgres } from '../src/store/postgres.js'
import { ROOT } from './child.js'
import { createChat, createOfficeDesk } from './office-desk.js'

const { DATABASE_URL, ADDRESS, COMMAND } = process.env as Record<string, string>
const pool = openPostgres(DATABASE_URL!)
await migrate(pool, join(ROOT, 'prisma', 'migrations'))
const desk = createOfficeDesk(pool)
await desk.records.keepRubric(desk.books.current.hash, shelved(desk.books.current))
const { ms, text } = await createChat(desk).command(ADDRESS!, COMMAND!)
process.stdout.write(`${JSON.stringify({ ms, text })}\n`)
await pool.end()
