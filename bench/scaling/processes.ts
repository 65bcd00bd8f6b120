/** As many at once before more and more processes behind one address, each of which takes as many taps. */
import { rounded } from '../figures.js'
import { progress } from '../peers/progress.js'
import type { Cards } from './cards.js'
import { measureFullSpeed } from './full-speed.js'
import type { Figures } from './measure.js'
import { createPopulation } from './population.js'
import type { Site } from './site.js'
import type { Sizes } from './sizes.js'

export type ProcessesRow = Figures & {
  readonly processes: number
  /** Answers a second as a multiple of those of the first row. */
  readonly times: number
  readonly peak_rss_mb: readonly number[]
}

/** A number that no other population begins with. */
const FIRST = 500_000

export async function measureProcesses(site: Site, cards: Cards, sizes: Sizes): Promise<ProcessesRow[]> {
  const { processes: counts, people, warmUpPeople, sheetsBeside } = sizes
  if (counts.length === 0) return []
  progress('processes: seeding')
  const population = await createPopulation(site, 'processes', FIRST)
  const needed = counts.reduce((sum, count) => sum + (people + warmUpPeople) * count, 0)
  await population.grow(Math.max(needed, sheetsBeside))
  const rows: ProcessesRow[] = []
  for (const processes of counts) {
    const what = `${processes} processes`
    progress(`${what}: answering`)
    const { figures, memory } = await measureFullSpeed(site, cards, sizes, population, { what, processes })
    const first = rows[0]?.answers_per_second ?? figures.answers_per_second
    const times = rounded(figures.answers_per_second / first)
    rows.push({ processes, ...figures, times, peak_rss_mb: memory.map(({ peak }) => peak) })
  }
  return rows
}
