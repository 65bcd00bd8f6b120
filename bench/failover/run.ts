/**
 * What becomes of acknowledged answers when a server dies for good and its copy takes its place: PostgreSQL's primary with a
 * synchronous and with an asynchronous standby, and a master of a Redis Cluster. README.md of the folder above says how.
 * Options: `--people 60`, `--only synchronous,asynchronous,cluster`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { launchRedisCluster } from '../../test/support/redis-cluster.js'
import { rounded } from '../figures.js'
import { progress } from '../peers/progress.js'
import { createBooks, faultsOf } from '../scaling/books.js'
import { startBots } from '../scaling/bots.js'
import { dealCards } from '../scaling/cards.js'
import { seedPeople, tapperOf } from '../scaling/people.js'
import { type Launch, openSite } from '../scaling/site.js'
import { type Answered, answerAll } from './answer.js'
import { launchPair, type Pair } from './pair.js'

const PROCESSES = 2
/** Everything runs as it should; then the copy is cut off; then the server dies. */
const BEFORE_MS = 2_500
const CUT_OFF_MS = 1_000
/** Until somebody has noticed, and decided that the copy is to take over. */
const NOTICED_AFTER_MS = 500

/** What was acknowledged before the link was cut may still be on its way to the bench. */
const SETTLE_MS = 50
/** Any message will do: what is judged here is the ledger. */
const BLANK: Parameters<typeof dealCards>[2] = {
  cards: [
    { text: '…', entities: [], link_preview_options: { is_disabled: true }, reply_markup: { inline_keyboard: [] } },
  ],
  sheet: '',
}

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '60' },
    only: { type: 'string', default: 'synchronous,asynchronous,cluster' },
  },
})
const people = Number(options.people)
const broken: string[] = []

process.setMaxListeners(100)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const figures: Record<string, unknown> = {}
for (const what of options.only.split(',')) {
  progress(what)
  figures[what] = what === 'cluster' ? await clusterFails() : await primaryFails(what === 'synchronous')
}
const result = { bench: 'failover', node: process.version, people, processes: PROCESSES, ...figures, broken }
process.stdout.write(`${JSON.stringify(result)}\n`)
if (broken.length > 0) process.exitCode = 1

/** The standby stops hearing, a second later the primary is gone, and the standby is promoted. */
async function primaryFails(synchronous: boolean) {
  let pair: Pair | undefined
  const postgres = async () => {
    pair = await launchPair(synchronous)
    return pair
  }
  let times = { cut: 0, killed: 0, promoted: 0 }
  const { answered, lost } = await answerWhile({ postgres }, !synchronous, async () => {
    pair!.cutReplication()
    const cut = performance.now()
    await sleep(CUT_OFF_MS)
    pair!.killPrimary()
    const killed = performance.now()
    await sleep(NOTICED_AFTER_MS)
    await pair!.promote()
    times = { cut, killed, promoted: performance.now() }
  })
  const first = answered.times.find((at) => at > times.promoted)
  return {
    ...told(answered, lost),
    acknowledged_while_cut_off: answered.times.filter((at) => at > times.cut + SETTLE_MS && at < times.killed).length,
    promoted_after_ms: Math.round(times.promoted - times.killed),
    first_answer_after_that_ms: first === undefined ? null : Math.round(first - times.promoted),
  }
}

async function clusterFails() {
  const cluster = await launchRedisCluster({ replicas: true })
  const redis = async () => ({ url: cluster.urls.join(','), pid: cluster.masters[0]!.pid, stop: cluster.stop })
  const { answered, lost } = await answerWhile({ redis }, false, async () => {
    process.kill(cluster.masters[0]!.pid, 'SIGKILL')
  })
  return told(answered, lost)
}

function told({ rows, again, longest_wait_ms }: Answered, lost: number) {
  return { taps: rows.length, lost, pressed_again: again, longest_wait_s: rounded(longest_wait_ms / 1000, 1) }
}

/** Everybody answers half a sheet while it happens. Rows may be lost only where that is what is shown. */
async function answerWhile(launch: Launch, mayLose: boolean, happens: () => Promise<void>) {
  const site = await openSite(launch)
  try {
    const { url, db } = await site.database('answers')
    await seedPeople(db, site.redis.url, 0, people)
    const tappers = Array.from({ length: people }, (_, n) => tapperOf(n))
    await dealCards(
      site,
      tappers.map(({ chat }) => chat),
      BLANK,
    )
    const bots = await startBots(site, PROCESSES, url)
    const books = await createBooks(db)
    const all = answerAll(bots, tappers)
    await sleep(BEFORE_MS)
    await happens()
    const answered = await all
    books.note(answered.rows)
    const verdict = await books.judge()
    broken.push(...site.broken, ...faultsOf({ ...verdict, lost: mayLose ? [] : verdict.lost }))
    await bots.stop()
    return { answered, lost: verdict.lost.length }
  } finally {
    await site.end()
  }
}
