/** The same load while ever more sheets stand open: what a session, a sheet and an answer take at each number of them. */
import { rounded } from '../figures.js'
import { progress } from '../peers/progress.js'
import { LARGEST_SESSION } from '../session-size.js'
import type { Cards } from './cards.js'
import { type FullSpeed, measureFullSpeed } from './full-speed.js'
import type { Figures } from './measure.js'
import type { Population } from './population.js'
import { sessionBytes } from './session-bytes.js'
import type { Site } from './site.js'
import type { Sizes } from './sizes.js'

export type SheetsRow = Figures & {
  readonly sheets: number
  readonly people: number
  /** Bytes of Redis a session that is half-way, and the most that any had, also of those who went on. */
  readonly redis: { readonly mean: number; readonly used_a_session: number; readonly most: number }
  /** Rows and bytes a half-answered sheet: of the ledger, its indexes, and everything else that a person with a sheet has. */
  readonly ledger: { readonly rows: number; readonly table: number; readonly index: number; readonly beside: number }
  readonly rss_mb: FullSpeed['memory'][number]
}

export async function measureSheets(
  site: Site,
  cards: Cards,
  sizes: Sizes,
  population: Population,
): Promise<SheetsRow[]> {
  const rows: SheetsRow[] = []
  for (const sheets of sizes.sheets) {
    const what = `${sheets} open sheets`
    progress(`${what}: seeding`)
    await population.grow(sheets)
    const ledger = await ledgerOf(population)
    const before = await sessionBytes(site.redis.url, population.addresses())
    progress(`${what}: answering`)
    const { figures, people, memory } = await measureFullSpeed(site, cards, sizes, population, { what, processes: 1 })
    const addresses = people.map(({ chat }) => `telegram:${chat}`)
    const most = Math.max(before.most, (await sessionBytes(site.redis.url, addresses)).most)
    if (most > LARGEST_SESSION)
      site.broken.push(`${what}: Expected at most ${LARGEST_SESSION} bytes of Redis a session, got ${most}`)
    const used = (before.used - population.redisEmpty) / sheets
    const redis = { mean: rounded(before.mean, 0), used_a_session: rounded(used, 0), most }
    rows.push({ sheets, people: people.length, ...figures, redis, ledger, rss_mb: memory[0]! })
  }
  return rows
}

async function ledgerOf({ db }: Population): Promise<SheetsRow['ledger']> {
  const { rows } = await db.query<Record<'rows' | 'table' | 'index' | 'beside', number>>(`
    SELECT (SELECT count(*) FROM answer)::float / n AS rows, pg_table_size('answer') / n AS table,
      pg_indexes_size('answer') / n AS index,
      (pg_total_relation_size('sheet') + pg_total_relation_size('person') + pg_total_relation_size('address')) / n AS beside
    FROM (SELECT count(*)::float AS n FROM sheet) AS counted`)
  const { rows: held, table, index, beside } = rows[0]!
  return { rows: rounded(held, 1), table: rounded(table, 0), index: rounded(index, 0), beside: rounded(beside, 0) }
}
