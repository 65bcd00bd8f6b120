/**
 * The same questions on the bot, on the bare route and on what others would build it with: speed in turns under one load
 * generator, then the three fault tests of each. README.md of the folder above says how. `--quick` takes about a minute and
 * says nothing about speed; `--only ours,bare` takes some of them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { freePort } from '../../test/support/launch-postgres.js'
import { type Child, startScript } from '../child.js'
import { rounded } from '../figures.js'
import { peakMbOf } from '../proc.js'
import { type Card, QUESTION_IDS } from '../script.js'
import { launchDurablePostgres, launchRedis } from '../servers.js'
import { CONTESTANTS, type Contestant, OURS, type Place, TOKEN } from './contestants.js'
import { type FaultResult, testFaults } from './faults.js'
import { type Ask, createLoad } from './load.js'
import { createLook } from './look.js'
import { progress } from './progress.js'
import { promisesOf } from './promises.js'
import { screenplayOf } from './screenplay.js'
import { FULL, QUICK } from './sizes.js'
import { measure, type Side } from './speed.js'
import { tableOf } from './table.js'
import { isSound, judge, type Row, type Verdict } from './verdict.js'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } })
const sizes = options.quick ? QUICK : FULL
const only = options.only?.split(',')
// The bare route and ours are always there: the one shows the cards, the other is what all are compared with.
const contestants = CONTESTANTS.filter(({ name, role }) => role !== 'peer' || !only || only.includes(name))

const closers: (() => unknown)[] = []
const broken: string[] = []
let places = 0

// Every process of the bench is ended with this one.
process.setMaxListeners(100)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  const result = await bench()
  process.stdout.write(`${tableOf(result.contestants)}\n\n`)
  for (const { told } of Object.values(result.promises)) if (told) process.stdout.write(`${told}\n`)
  process.stdout.write(`${JSON.stringify({ ...result, broken })}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}
if (broken.length > 0) process.exitCode = 1

async function bench() {
  const began = performance.now()
  const postgres = await keep(launchDurablePostgres())
  const redis = await keep(launchRedis())
  const directory = mkdtempSync(join(tmpdir(), 'hexie-bench-'))
  closers.push(() => rmSync(directory, { recursive: true }))
  const admin = poolOf(postgres.url)
  const settings = await admin.query(`SELECT current_setting('fsync') || current_setting('synchronous_commit') AS both`)
  if (settings.rows[0].both !== 'onon') broken.push('commits are not durable')

  const api = keepChild(startScript('peers/bot-api.ts', { TOKEN }))
  const ask: Ask = async (command) => {
    api.say(command)
    return JSON.parse(await api.line())
  }
  const { url: apiUrl } = JSON.parse(await api.line()) as { url: string }
  const files = { screenplay: join(directory, 'screenplay.json'), cards: join(directory, 'cards.json') }
  const placeFor = async (calls: string): Promise<Place> => {
    const number = places++
    await admin.query(`CREATE DATABASE place_${number}`)
    const database = postgres.url.replace(/[^/]*$/, `place_${number}`)
    return { api: calls, database, redis: `${redis.url}/${number}`, port: await freePort(), ...files }
  }
  const start = async (contestant: Contestant): Promise<Side> => {
    progress(`start: ${contestant.name}`)
    const place = await placeFor(apiUrl)
    const child = keepChild(contestant.start(place))
    await child.line()
    const load = createLoad(place.port, ask)
    closers.push(() => load.close())
    return { contestant, place, child, load }
  }

  const ours = await start(OURS)
  const cards = await ours.load.record()
  writeFileSync(files.cards, JSON.stringify(cards))
  writeFileSync(files.screenplay, JSON.stringify(screenplayOf(cards)))
  const sides: Side[] = []
  for (const contestant of contestants) {
    if (contestant === OURS) {
      sides.push(ours)
      continue
    }
    const side = await start(contestant)
    sides.push(side)
    mustShow(contestant, cards, await side.load.record())
  }

  const speeds = await measure(sides, sizes, {
    ask,
    pids: { postgres: postgres.pid, redis: redis.pid, bot_api: api.pid },
    told: ({ name, role }, fault) => {
      if (role === 'ours') broken.push(`${name}: ${fault}`)
      else process.stdout.write(`${name}: ${fault}\n`)
    },
  })
  const peaks = sides.map(({ child }) => rounded(peakMbOf(child.pid), 0))
  const loads: Verdict[] = []
  for (const side of sides) loads.push(await verdictUnderLoad(side))
  for (const { child } of sides) {
    if (!child.alive()) broken.push(`${child.name} has ended:\n${child.log()}`)
    await child.stop()
  }

  const look = createLook(cards)
  const faults: FaultResult[] = []
  for (const contestant of contestants) {
    progress(`faults: ${contestant.name}`)
    faults.push(
      await testFaults({ contestant, placeFor, db: ({ database }) => poolOf(database), look, sizes, keep: keepChild }),
    )
  }

  const figures = sides.map(({ contestant: { name, title, role } }, i) => {
    const tests = faults[i]!
    const under_load = loads[i]!
    const passes = [tests.double_tap, tests.redelivery, verdictOf(tests.kill), under_load].every(isSound)
    const figure = { name, title, role, ...speeds[i]!, peak_rss_mb: peaks[i]!, passes, under_load, faults: tests }
    if (role === 'ours' && !passes)
      broken.push(`ours: Expected all to be as it was meant, got ${JSON.stringify(tests)}`)
    if (role === 'ours' && tests.violations > 0) broken.push(`ours: ${tests.violations} calls that Telegram would mend`)
    return figure
  })
  return {
    bench: 'peers',
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    quick: options.quick === true,
    people: sizes.people,
    crowded_people: sizes.crowdedPeople,
    questions: QUESTION_IDS.length,
    seconds: rounded((performance.now() - began) / 1000, 0),
    contestants: figures,
    promises: promisesOf(figures),
  }
}

/** Whether the rows of everybody who took part in the rounds are as they were meant. */
async function verdictUnderLoad({ contestant, place, load }: Side): Promise<Verdict> {
  const { rows } = await poolOf(place.database).query<Row>(contestant.rows)
  const people = [...load.walked].map(([chat, questions]) => ({
    chat,
    questions,
    presses: Array.from({ length: questions }, (_, index) => ({ index, acknowledged: true })),
    stuck: false,
  }))
  return judge(rows, people)
}

function verdictOf({ lost, double, wrong, skipped, stuck }: FaultResult['kill']): Verdict {
  return { lost, double, wrong, skipped, stuck }
}

/** A comparison with a bot that shows something else would say nothing. */
function mustShow({ name }: Contestant, wanted: readonly Card[], shown: readonly Card[]): void {
  const other = wanted.findIndex(({ text }, index) => text !== shown[index]!.text)
  if (other >= 0) throw new Error(`Expected ${name} to show card ${other} as ours does, got: ${shown[other]!.text}`)
}

function poolOf(database: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: database, max: 1 })
  closers.push(() => (pool.ended ? undefined : pool.end()))
  return pool
}

async function keep<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
  const started = await starting
  closers.push(() => started.stop())
  return started
}

function keepChild(child: Child): Child {
  closers.push(() => child.stop())
  return child
}
