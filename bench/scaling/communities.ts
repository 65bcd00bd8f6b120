/** All workers of a community answer on its shared sheet at once, while there are ever more communities; and what a head and an admin wait for. */
import type pg from 'pg'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES } from '../../src/content/locales.js'
import { postsOf } from '../../src/core/duty.js'
import { openPostgres } from '../../src/store/postgres.js'
import { ROOT, startScript } from '../child.js'
import { ADMIN, addressOf, communityOf, HEADS, ownerOf, ROUNDS, WORKERS, workerOf } from '../district.js'
import { percentile, rounded } from '../figures.js'
import { createChat, createOfficeDesk } from '../office-desk.js'
import { progress } from '../peers/progress.js'
import { startBots } from './bots.js'
import { type Cards, dealCards } from './cards.js'
import { tapAtFullSpeed } from './load.js'
import { createMeter, type Figures } from './measure.js'
import { emptyRedis } from './session-bytes.js'
import type { Site } from './site.js'
import type { Sizes } from './sizes.js'
import { answering, leafing, type Tapper } from './tapper.js'

export type CommunitiesRow = Figures & {
  readonly communities: number
  /** Communities of which everybody answers. */
  readonly answering: number
  readonly ledger_rows: number
  readonly summary_p50_ms: number
  readonly overview_p50_ms: number
}

export async function measureCommunities(site: Site, cards: Cards, sizes: Sizes): Promise<CommunitiesRow[]> {
  const rows: CommunitiesRow[] = []
  for (const communities of sizes.communities) rows.push(await measureIn(site, cards, sizes, communities))
  return rows
}

async function measureIn(site: Site, cards: Cards, sizes: Sizes, communities: number): Promise<CommunitiesRow> {
  const what = `${communities} communities`
  progress(`${what}: seeding`)
  await emptyRedis(site.redis.url)
  const { url, db } = await site.database(`communities_${communities}`)
  const env = { DATABASE_URL: url, COMMUNITIES: String(communities), MODE: 'shared', UNTOUCHED: '1' }
  const seeding = startScript('seed-district.ts', env)
  const { answers } = JSON.parse(await seeding.line()) as { answers: number }
  await seeding.stop()

  const chosen = spread(communities, sizes.answeringCommunities)
  const { leafers, workers } = await workersOf(site, cards, db, communities, chosen)
  const bots = await startBots(site, 1, url)
  bots.show(cards.cards, cards.sheet)
  progress(`${what}: answering`)
  const meter = await createMeter(site, bots, db)
  const { atOnce } = sizes
  // They come to the sheet and look at it, until the process is as quick as it gets.
  const each = Math.ceil(sizes.leafing / leafers.length)
  await meter.measure(what, leafers, () => tapAtFullSpeed(bots, leafers, { each, atOnce }))
  const figures = await meter.measure(what, workers, () => tapAtFullSpeed(bots, workers, { atOnce }))
  await meter.check(what)
  await bots.stop()
  const office = await officeTimes(site, url, communities, sizes.office)
  return { communities, answering: chosen.length, ledger_rows: answers, ...figures, ...office }
}

function spread(of: number, count: number): number[] {
  const taken = Math.min(count, of)
  return Array.from({ length: taken }, (_, i) => Math.floor((i * of) / taken))
}

/** All workers of these communities: each answers what belongs to their posts on the round's shared sheet. */
async function workersOf(site: Site, cards: Cards, db: pg.Pool, communities: number, chosen: readonly number[]) {
  const { rows } = await db.query<{ community: string; sheet: string }>(
    `SELECT community_id AS community, sheet.id AS sheet FROM assessment JOIN sheet ON sheet.assessment_id = assessment.id
    WHERE round_id = $1`,
    [ROUNDS.at(-1)!.id],
  )
  const sheets = new Map(rows.map(({ community, sheet }) => [community, sheet]))
  const { questionnaire } = loadLibrary(ROOT, LANGUAGES).current
  const posts = postsOf(questionnaire)
  const duties = Array.from({ length: WORKERS }, (_, k) =>
    questionnaire.questions.filter((one) => ownerOf(posts, one) === k).map(({ index }) => index),
  )
  const people = chosen.flatMap((i) =>
    duties.map((questions, k) => ({ i, k, questions, chat: HEADS + communities + i * WORKERS + k })),
  )
  const dealt = await dealCards(
    site,
    people.map(({ chat }) => chat),
    cards,
  )
  const whoIs = ({ i, k, chat }: (typeof people)[number]) => {
    return { chat, sheet: sheets.get(communityOf(i))!, card: dealt.get(chat)!, person: workerOf(i, k) }
  }
  return {
    leafers: people.map((one): Tapper => leafing(whoIs(one))),
    workers: people.map((one): Tapper => answering(whoIs(one), one.questions)),
  }
}

/** The whole answer of `/summary` and `/overview`, as `bench/summary.ts` times them, a few times each. */
async function officeTimes({ keep }: Site, url: string, communities: number, runs: number) {
  const pool = openPostgres(url)
  keep(() => pool.end())
  const chat = createChat(createOfficeDesk(pool))
  const timed = async (command: (n: number) => Promise<{ ms: number }>) => {
    const taken: number[] = []
    for (let n = 0; n < runs + WARM_UP_RUNS; n += 1) {
      const { ms } = await command(n)
      if (n >= WARM_UP_RUNS) taken.push(ms)
    }
    return rounded(
      percentile(
        taken.sort((a, b) => a - b),
        0.5,
      ),
      1,
    )
  }
  return {
    summary_p50_ms: await timed((n) => chat.command(addressOf(HEADS, (n * 7) % communities), 'summary')),
    overview_p50_ms: await timed(() => chat.command(ADMIN, 'overview')),
  }
}

const WARM_UP_RUNS = 5
