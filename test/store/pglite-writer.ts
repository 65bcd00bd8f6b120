/** A process of its own that appends to an embedded database until it is killed, and prints the id of every acknowledged row. */
import { createLedger } from '../../src/store/ledger.js'
import { openPglite } from '../../src/store/pglite.js'
import { answerRow } from './fixtures.js'

const [directory, sheet] = process.argv.slice(2) as [string, string]
const { pool } = await openPglite({ directory })
const ledger = createLedger(pool)

async function write(who: number): Promise<void> {
  for (let turn = 0; ; turn++) {
    const question = `Q${who}-${turn}`
    await ledger.append(answerRow({ sheet, question }))
    process.stdout.write(`${question}\n`)
  }
}
await Promise.all(Array.from({ length: 12 }, (_, who) => write(who)))
