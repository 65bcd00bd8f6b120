/**
 * What an answer costs while the work grows: more open sheets, more people in one process, more communities, more processes.
 * README.md of the folder above says how. Options: `--sheets 100,1000,10000,50000`, `--active 10000`, `--rate 500`,
 * `--communities 10,100,1000`, `--processes 1,2,3,4,1` (0 leaves a part out), `--quick`.
 */
import { availableParallelism, cpus } from 'node:os'
import { rounded } from '../figures.js'
import { measureActive } from './active.js'
import { recordCards } from './cards.js'
import { measureCommunities } from './communities.js'
import { createPopulation } from './population.js'
import { measureProcesses } from './processes.js'
import { measureSheets } from './sheets.js'
import { openSite, type Site } from './site.js'
import { readSizes } from './sizes.js'
import { tablesOf } from './tables.js'

const sizes = readSizes()
// Every process of the bench is ended with this one.
process.setMaxListeners(100)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const site = await openSite()
try {
  const result = await bench(site)
  process.stdout.write(`${tablesOf(result)}\n\n`)
  process.stdout.write(`${JSON.stringify({ ...result, broken: site.broken })}\n`)
} finally {
  await site.end()
}
if (site.broken.length > 0) process.exitCode = 1

async function bench(site: Site) {
  const began = performance.now()
  const cards = await recordCards(site)
  const population = await createPopulation(site, 'sheets', 0)
  const sheets = await measureSheets(site, cards, sizes, population)
  const active = sizes.active > 0 ? await measureActive(site, cards, sizes, population) : null
  const processes = await measureProcesses(site, cards, sizes)
  const communities = await measureCommunities(site, cards, sizes)
  return {
    bench: 'scaling',
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    quick: sizes.quick,
    seconds: rounded((performance.now() - began) / 1000, 0),
    sheets,
    active,
    communities,
    processes,
  }
}
