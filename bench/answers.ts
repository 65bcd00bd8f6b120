/**
 * Answers a second and CPU an answer of the bot as it runs in production, against a bare route that makes the same round
 * trips: rounds of both alternate in one run on one machine. README.md says how. Options: `--people 100`, `--pairs 3`,
 * `--crowded-pairs 2`, `--profile <directory>` (CPU profiles of both).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { decodeAction } from '../src/core/action.js'
import { freePort } from '../test/support/launch-postgres.js'
import type { SeenCard } from './bot-api.js'
import { type Child, startNode, startScript } from './child.js'
import { asSent, type Crowd, createCrowd, type Someone } from './crowd.js'
import { mean, rounded } from './figures.js'
import { faultsOfBare, faultsOfBot } from './ledger-check.js'
import { nextCard } from './next-card.js'
import { cpuMsOf, peakMbOf } from './proc.js'
import { alternate, type Measured, perAnswer, type Who } from './rounds.js'
import { type Card, QUESTION_IDS } from './script.js'
import { launchDurablePostgres, launchRedis } from './servers.js'
import { LARGEST_SESSION, sessionFigures } from './session-size.js'

/** The least that the bot promises, as a share of the bare route. */
const PROMISED_RATIO = 0.5
const TOKEN = '700100:BENCH-token'
const SECRET = 'a-secret-of-the-bench'
const FIRST_CHAT = 6_100_000_001
const WARM_UP_PEOPLE = 20

const { values: options } = parseArgs({
  options: {
    people: { type: 'string', default: '100' },
    pairs: { type: 'string', default: '3' },
    'crowded-pairs': { type: 'string', default: '2' },
    profile: { type: 'string' },
  },
})
const people = Number(options.people)

type Contestant = {
  readonly name: Who
  readonly child: Child
  readonly crowd: Crowd
  readonly walked: Someone[]
}
const closers: (() => Promise<unknown>)[] = []
let nextChat = FIRST_CHAT
const broken: string[] = []

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  const result = await bench()
  process.stdout.write(`${JSON.stringify({ ...result, broken })}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}
if (broken.length > 0) process.exitCode = 1

async function bench() {
  const postgres = await keep(launchDurablePostgres())
  const redis = await keep(launchRedis())
  const db = new pg.Pool({ connectionString: postgres.url, max: 2 })
  closers.push(() => db.end())
  const settings = await db.query(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit`,
  )
  if (settings.rows[0].fsync !== 'on' || settings.rows[0].commit !== 'on') broken.push('commits are not durable')

  const api = start(startScript('bot-api.ts', { TOKEN }))
  const ask = async <T>(command: string): Promise<T> => {
    api.say(command)
    return JSON.parse(await api.line()) as T
  }
  const { url: apiUrl } = JSON.parse(await api.line()) as { url: string }

  const bot = await startBot(apiUrl, postgres.url, redis.url)
  const { cards, sheet } = await walk(bot, ask)
  const bare = await startBare(apiUrl, postgres.url, redis.url, cards)
  for (const { crowd } of [bot, bare]) crowd.show(cards, sheet)

  const round = async (contestant: Contestant, count: number, atOnce: number): Promise<Measured> => {
    const crowd = await gather(contestant, count, ask).catch((error) => {
      throw new Error(`${contestant.child.log()}\n${api.log()}`, { cause: error })
    })
    const before = await ask<Record<string, number>>('tally')
    const cpu = () => ({
      self: cpuMsOf(contestant.child.pid),
      postgres: cpuMsOf(postgres.pid),
      redis: cpuMsOf(redis.pid),
      bot_api: cpuMsOf(api.pid),
    })
    const used = cpu()
    const { seconds, latencies, faults } = await contestant.crowd.answerAll(crowd, atOnce)
    const cpuMs = perAnswer(used, cpu(), latencies.length)
    const after = await ask<Record<string, number>>('tally')
    contestant.walked.push(...crowd)
    if (faults.length > 0) broken.push(`${contestant.name}: ${faults.length} taps failed, the first with ${faults[0]}`)
    const wanted = { 'editMessageText ok': latencies.length }
    const called = Object.entries(after).flatMap(([call, n]) =>
      n > (before[call] ?? 0) ? [[call, n - (before[call] ?? 0)]] : [],
    )
    if (JSON.stringify(Object.fromEntries(called)) !== JSON.stringify(wanted))
      broken.push(`${contestant.name}: Expected one edit an answer, got ${JSON.stringify(called)}`)
    return { answersPerSecond: latencies.length / seconds, latencies, cpuMs }
  }

  const sides = { bot, bare }
  for (const contestant of [bot, bare]) await round(contestant, WARM_UP_PEOPLE, 20)
  const at20 = await alternate(Number(options.pairs), (who) => round(sides[who], people, 20))
  const at100 = await alternate(Number(options['crowded-pairs']), (who) => round(sides[who], people, 100))

  const chats = bot.walked.map(({ chat }) => chat)
  const sessions = await sessionFigures(redis.url, db, chats)
  if (sessions.redis_bytes_max > LARGEST_SESSION)
    broken.push(`Expected sessions of at most ${LARGEST_SESSION} bytes in Redis, got ${sessions.redis_bytes_max}`)
  broken.push(...(await faultsOfBot(db, bot.walked)), ...(await faultsOfBare(db, bare.walked)))
  for (const child of [api, bot.child, bare.child])
    if (!child.alive()) broken.push(`${child.name} has ended:\n${child.log()}`)
  if (at20 && at20.ratio < PROMISED_RATIO)
    process.stdout.write(`Slower than promised: ${at20.ratio} of the bare route, expected ${PROMISED_RATIO}.\n`)

  const table = await db.query(
    `SELECT pg_table_size('answer')::int AS rows, pg_indexes_size('answer')::int AS keys, count(*)::int AS n FROM answer`,
  )
  const { rows, keys, n } = table.rows[0]
  return {
    bench: 'answers',
    node: process.version,
    cores: availableParallelism(),
    people,
    questions: QUESTION_IDS.length,
    edit_bytes_mean: rounded(mean(cards.map((card) => Buffer.byteLength(JSON.stringify(card)))), 0),
    promised_ratio: PROMISED_RATIO,
    at_20: at20,
    at_100: at100,
    peak_rss_mb: { bot: rounded(peakMbOf(bot.child.pid), 0), bare: rounded(peakMbOf(bare.child.pid), 0) },
    session: sessions,
    answer_row_bytes: rounded(rows / n, 0),
    answer_index_bytes: rounded(keys / n, 0),
    answers_checked: bot.walked.length * QUESTION_IDS.length,
  }
}

async function startBot(apiUrl: string, database: string, redis: string): Promise<Contestant> {
  const port = String(await freePort())
  const child = start(
    startNode('bot', [...profiled('bot'), 'dist/main.js'], {
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: apiUrl,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: port,
      WEBHOOK_SECRET: SECRET,
      DATABASE_URL: database,
      REDIS_URL: redis,
    }),
  )
  await child.line()
  return { name: 'bot', child, crowd: crowdBefore(`http://127.0.0.1:${port}/telegram`), walked: [] }
}

async function startBare(
  API: string,
  DATABASE_URL: string,
  REDIS_URL: string,
  cards: readonly Card[],
): Promise<Contestant> {
  const directory = mkdtempSync(join(tmpdir(), 'hexie-bench-'))
  closers.push(async () => rmSync(directory, { recursive: true }))
  const CARDS = join(directory, 'cards.json')
  writeFileSync(CARDS, JSON.stringify(cards))
  const child = start(
    startScript('bare-route.ts', { API, TOKEN, SECRET, DATABASE_URL, REDIS_URL, CARDS }, profiled('bare')),
  )
  const { url } = JSON.parse(await child.line()) as { url: string }
  return { name: 'bare', child, crowd: crowdBefore(`${url}/telegram`), walked: [] }
}

/** Node's options for a CPU profile, where one is wanted. */
function profiled(name: string): string[] {
  const { profile } = options
  return profile ? ['--cpu-prof', '--cpu-prof-dir', join(profile, name)] : []
}

type Ask = <T>(command: string) => Promise<T>

/** One person answers everything and every card is kept: what the bare route will send, and what the updates will show. */
async function walk(bot: Contestant, ask: Ask): Promise<{ cards: Card[]; sheet: string }> {
  const [someone] = await gather(bot, 1, ask)
  const look = () => ask<SeenCard>(`card ${someone!.chat}`)
  let seen = await look()
  const cards = [asSent(seen)]
  for (let index = 0; index < QUESTION_IDS.length; index += 1) {
    const fault = await bot.crowd.tap(someone!, index)
    if (fault) throw new Error(`Expected the bot to take a tap, got ${fault}\n${bot.child.log()}`)
    seen = await nextCard(look, seen)
    cards.push(asSent(seen))
  }
  bot.walked.push(someone!)
  return { cards, sheet: someone!.sheet }
}

/** New people who have all just written /start and see their first question. */
async function gather({ crowd }: Contestant, count: number, ask: Ask): Promise<Someone[]> {
  const first = nextChat
  nextChat += count
  await ask(`meet ${first} ${count}`)
  const gathered: Someone[] = []
  for (let chat = first; chat < first + count; chat += 1) {
    await crowd.start(chat)
    const card = await ask<SeenCard | null>(`card ${chat}`)
    const action = decodeAction(card?.buttons[0]?.[0]?.callback_data ?? '')
    if (!card || action?.do !== 'answer')
      throw new Error(`Expected a question after /start, got ${JSON.stringify(card)}`)
    gathered.push({ chat, sheet: action.sheet, card: card.id })
  }
  return gathered
}

async function keep<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
  const started = await starting
  closers.push(() => started.stop())
  return started
}

function start(child: Child): Child {
  closers.push(() => child.stop())
  return child
}

function crowdBefore(webhook: string): Crowd {
  const crowd = createCrowd(webhook, SECRET)
  closers.push(() => crowd.close())
  return crowd
}
