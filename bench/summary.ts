/**
 * What `/summary` and `/overview` take in a large district, the whole answer from the input to the card, on a seeded PostgreSQL; and
 * whether a summary takes longer where there are more communities. README.md says how. Options: `--communities 500`,
 * `--few 50`, `--runs 40`, `--mode shared` (or `individual`).
 */
import { availableParallelism } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { Desk } from '../src/app/desk.js'
import { resultOf } from '../src/core/result.js'
import { scoreSheet } from '../src/core/score.js'
import { radarPng } from '../src/reports/radar.js'
import { openPostgres } from '../src/store/postgres.js'
import { startScript } from './child.js'
import { coldStart } from './cold-start.js'
import { ADMIN, ADMIN_CHAT, addressOf, communityOf, HEADS, ROUNDS } from './district.js'
import { faultsOfDistrict, headlineOf, scoreOf } from './district-check.js'
import { mean, median, percentile, rounded } from './figures.js'
import { type Answered, type Chat, createChat, createOfficeDesk } from './office-desk.js'
import { listenTo } from './plans.js'
import { launchDurablePostgres } from './servers.js'

/** What an answer may take, and how much more of it where there are ten times as many communities. */
const PROMISED_MS = 300
const PROMISED_RATIO = 1.3
const WARM_UP = 10
/** Nobody else may wait longer because somebody looks at the district. */
const PROMISED_BLOCK_MS = 250
const STALE_RUNS = 10
const COMMUNITIES_SHOWN = 8

const { values: options } = parseArgs({
  options: {
    communities: { type: 'string', default: '500' },
    few: { type: 'string', default: '50' },
    runs: { type: 'string', default: '40' },
    mode: { type: 'string', default: 'shared' },
  },
})
const [many, few, runs] = [options.communities, options.few, options.runs].map(Number) as [number, number, number]
const current = ROUNDS.at(-1)!.id
const closers: (() => Promise<unknown>)[] = []
const broken: string[] = []

type Figures = { readonly p50: number; readonly p95: number; readonly max: number; readonly runs: number }

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  const result = await bench()
  process.stdout.write(`${JSON.stringify({ ...result, broken })}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}
if (broken.length > 0) process.exitCode = 1

async function bench() {
  const postgres = await launchDurablePostgres()
  closers.push(() => postgres.stop())
  const large = await seeded(postgres.url, 'many', many)
  const small = await seeded(postgres.url, 'few', few)
  const cold = await coldCalls(large.url)
  const pool = openPool(large.url)
  const listener = listenTo(pool)
  const desk = createOfficeDesk(pool)
  const chat = createChat(desk)
  const figures = await measureAll(pool, desk, chat)
  const [atMany, atFew] = await growth({ pool, desk, chat }, openPool(small.url))
  broken.push(...(await faultsOfDistrict(pool, desk)))
  const stale = await measureStale(pool, desk, chat)
  broken.push(...(await faultsOfDistrict(pool, desk)))
  const scoring = await scoringMs(desk)

  await desk.work.standing(desk.work.sharedSheetOf(await anAssessment(desk, 0)), 'p-worker-0-0')
  const names = [
    'standing',
    'sheets-signed',
    'assessments-of',
    'assessment-before',
    'overview',
    'answered',
    'assessments-in',
  ]
  process.stdout.write(`${await listener.plans(names)}\n`)

  const ratio = rounded(atMany.p50 / atFew.p50)
  const quick = ([name, { p95 }]: [string, Figures]) => [name, p95 < PROMISED_MS]
  return {
    bench: 'summary',
    node: process.version,
    cores: availableParallelism(),
    mode: options.mode,
    communities: many,
    rounds: ROUNDS.length,
    answer_rows: large.answers,
    ms: figures,
    cold_ms: cold,
    stale,
    scoring_ms_a_sheet: scoring,
    summary_growth: { [`p50_ms_at_${few}`]: atFew.p50, [`p50_ms_at_${many}`]: atMany.p50, ratio },
    promised: { ms: PROMISED_MS, ratio: PROMISED_RATIO, block_ms: PROMISED_BLOCK_MS },
    kept: {
      ...Object.fromEntries(Object.entries(figures).map(quick)),
      cold_summary: cold.summary < PROMISED_MS,
      cold_overview: cold.overview < PROMISED_MS,
      cold_program_summary_with_radar: cold.program_summary_with_radar < PROMISED_MS,
      cold_program_overview: cold.program_overview < PROMISED_MS,
      overview_all_stale: stale.overview_behind.p95 < PROMISED_MS,
      overview_none_computed: stale.overview_never_computed.p95 < PROMISED_MS,
      does_not_grow: ratio <= PROMISED_RATIO,
      does_not_block: Math.max(stale.overview_longest_block_ms, stale.background_longest_block_ms) < PROMISED_BLOCK_MS,
    },
  }
}

/** Every page by itself; an admin comes to each from the overview, which is not counted. */
async function measureAll(pool: pg.Pool, desk: Desk, chat: Chat): Promise<Record<string, Figures>> {
  const fromOverview = (label: string | ((n: number, first: Answered) => string)) => async (n: number) => {
    const first = await chat.command(ADMIN, 'overview')
    return chat.press(ADMIN, typeof label === 'string' ? label : label(n + WARM_UP, first))
  }
  const drawing = createChat(createOfficeDesk(pool, radarPng))
  const figures = {
    summary: await measured((n) => summaryOf({ pool, desk, chat }, n, many)),
    summary_with_radar: await measured((n) => drawing.command(addressOf(HEADS, n + WARM_UP), 'summary')),
    overview: await measured(() => chat.command(ADMIN, 'overview')),
    overview_next_page: await measured(fromOverview('下一页')),
    overview_by_grade: await measured(fromOverview('按等级')),
    community_from_overview: await measured(
      fromOverview((n, { speech }) => speech.card.rows.flat()[n % COMMUNITIES_SHOWN]!.label),
    ),
    district_weak: await measured(fromOverview('全区薄弱指标')),
    overview_csv: await measured(fromOverview('导出 CSV')),
  }
  const { speech } = await fromOverview('导出 CSV')(0)
  const rows = new TextDecoder().decode(speech.file!.bytes).trim().split('\r\n').length
  if (rows !== many + 1) broken.push(`Expected ${many} communities in the file, got ${rows - 1}`)
  return figures
}

type Office = { readonly pool: pg.Pool; readonly desk: Desk; readonly chat: Chat }

/** The same with many and with few communities in turn, so that both meet the same machine. */
async function growth(large: Office, pool: pg.Pool): Promise<[Figures, Figures]> {
  const desk = createOfficeDesk(pool)
  const small = { pool, desk, chat: createChat(desk) }
  const others: number[] = []
  const atMany = await measured(async (n) => {
    const { ms } = await summaryOf(small, n, few)
    if (n >= 0) others.push(ms)
    return summaryOf(large, n, many)
  })
  return [atMany, figuresOf(others)]
}

/** A head's summary, which must say what the answers come to: they are scored here from the ledger. */
async function summaryOf({ pool, desk, chat }: Office, n: number, of: number): Promise<Answered> {
  const community = ((n + WARM_UP) * 7) % of
  const answer = await chat.command(addressOf(HEADS, community), 'summary')
  const assessment = (await desk.rounds.assessment(await anAssessment(desk, community)))!
  const score = await scoreOf(pool, desk, assessment)
  const expected = headlineOf(desk, score)
  if (!answer.text.includes(expected)) broken.push(`Expected a summary with \`${expected}\`, got\n${answer.text}`)
  if ((answer.speech.picture === undefined) !== (score.answered === 0))
    broken.push('a picture was not as the answers are')
  return answer
}

async function anAssessment(desk: Desk, community: number): Promise<string> {
  return (await desk.rounds.assessmentsOf([communityOf(community)], 1))[0]!.id
}

/** All results behind the ledger, and none computed ever; then the background makes them anew. */
async function measureStale(pool: pg.Pool, desk: Desk, chat: Chat) {
  const blocks = monitorEventLoopDelay({ resolution: 5 })
  const after = (change: string) => async () => {
    await pool.query(`UPDATE assessment SET ${change} WHERE round_id = $1`, [current])
    blocks.enable()
    const answer = await chat.command(ADMIN, 'overview')
    blocks.disable()
    return answer
  }
  const behind = await measured(after('result_rows = 0'), STALE_RUNS)
  const never = await measured(after('result = NULL, result_rows = 0, result_at = NULL'), STALE_RUNS)
  const overviewBlock = blocks.max / 1e6
  const { text } = await after('result_rows = 0')()
  blocks.reset()
  blocks.enable()
  const from = performance.now()
  await desk.renewal.renew(desk)
  const background = performance.now() - from
  blocks.disable()
  return {
    overview_behind: behind,
    overview_never_computed: never,
    left_to_the_background: Number(/(\d+) 个社区的得分和等级稍后更新/.exec(text)?.[1] ?? 0),
    overview_longest_block_ms: rounded(overviewBlock, 1),
    background_s: rounded(background / 1000),
    background_longest_block_ms: rounded(blocks.max / 1e6, 1),
  }
}

/** Milliseconds of scoring one full sheet to the form in which it is kept, the database left out. */
async function scoringMs(desk: Desk): Promise<number> {
  const { questionnaire } = desk.books.current
  const before = (await desk.rounds.assessmentsIn(ROUNDS[0].id))[0]!
  const { answers } = (await desk.work.sheets(before.id))[0]!
  const taken: number[] = []
  for (let i = 0; i < 100; i += 1) {
    const from = performance.now()
    resultOf(questionnaire, scoreSheet(questionnaire, answers))
    taken.push(performance.now() - from)
  }
  return rounded(mean(taken), 3)
}

async function seeded(server: string, name: string, communities: number) {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  const env = { DATABASE_URL: url.href, COMMUNITIES: String(communities), MODE: options.mode }
  const child = startScript('seed-district.ts', env)
  const { answers } = JSON.parse(await child.line()) as { answers: number }
  await child.stop()
  return { url: url.href, answers }
}

/** The first command of a process: of the use cases alone, and of the whole program with the picture drawn and sent. */
async function coldCalls(url: string) {
  const program = await coldStart(url, HEADS + many - 1, 'summary')
  if (program.pictures !== 1) broken.push(`Expected one picture of the program, got ${program.pictures}`)
  const overview = await coldStart(url, ADMIN_CHAT, 'overview')
  return {
    summary: await coldCall(url, addressOf(HEADS, many - 2), 'summary'),
    overview: await coldCall(url, ADMIN, 'overview'),
    program_summary_with_radar: rounded(program.ms, 1),
    program_summary_with_radar_cpu: program.cpuMs,
    program_overview: rounded(overview.ms, 1),
    program_overview_cpu: overview.cpuMs,
  }
}

async function coldCall(DATABASE_URL: string, ADDRESS: string, COMMAND: string): Promise<number> {
  const child = startScript('cold-call.ts', { DATABASE_URL, ADDRESS, COMMAND })
  const { ms } = JSON.parse(await child.line()) as { ms: number }
  await child.stop()
  return rounded(ms, 1)
}

function openPool(url: string): pg.Pool {
  const pool = openPostgres(url)
  closers.push(() => pool.end())
  return pool
}

/** Milliseconds of an answer, after a warm-up whose runs have numbers below 0. */
async function measured(run: (n: number) => Promise<Answered>, times = runs): Promise<Figures> {
  const taken: number[] = []
  for (let n = -WARM_UP; n < times; n += 1) {
    const { ms } = await run(n)
    if (n >= 0) taken.push(ms)
  }
  return figuresOf(taken)
}

function figuresOf(taken: readonly number[]): Figures {
  const sorted = taken.toSorted((a, b) => a - b)
  const figure = (ms: number) => rounded(ms, 1)
  return {
    p50: figure(median(sorted)),
    p95: figure(percentile(sorted, 0.95)),
    max: figure(sorted.at(-1)!),
    runs: sorted.length,
  }
}
