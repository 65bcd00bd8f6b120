/**
 * What abuse costs, whom it slows, and what happens while the stores hang. README.md says how. Options: `--requests 3000` of each
 * kind, `--seconds 15` of each half of the flood, `--people 20`, `--hang 6` seconds of each store.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { decodeAction } from '../src/core/action.js'
import { freePort } from '../test/support/launch-postgres.js'
import { abusesOf, createPost, messageOf, type Post, pressOf } from './abusers.js'
import type { SeenCard } from './bot-api.js'
import { startNode, startScript } from './child.js'
import { percentile, rounded } from './figures.js'
import { cpuMsOf } from './proc.js'
import { QUESTION_IDS, tapOf } from './script.js'
import { launchDurablePostgres, launchRedis } from './servers.js'

const TOKEN = '700100:BENCH-token'
const SECRET = 'a-secret-of-the-bench'
const FIRST_CHAT = 6_200_000_001
const FLOODER = 6_299_999_999
const AT_ONCE = 20
const FLOOD_PER_SECOND = 100
/** Everybody taps about twice a second, as fast as people read at best. */
const TAP_EVERY_MS = 500
const WARM_UP_TAPS = 40
/** A tap of somebody else under the flood: so many times the idle one, or so much longer, whatever is more. */
const PROMISED_SLOWDOWN = 1.5
const PROMISED_MORE_MS = 20
const HEARD_WITHIN_MS = 3_000
const AGAIN_MS = 200

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '15' },
    people: { type: 'string', default: '20' },
    hang: { type: 'string', default: '6' },
  },
})
const requests = Number(options.requests)
const people = Number(options.people)
const halfMs = Number(options.seconds) * 1000
const hangMs = Number(options.hang) * 1000

type Someone = { readonly chat: number; readonly sheet: string; readonly card: number; taps: number }
type Ask = <T>(command: string) => Promise<T>

const broken: string[] = []
let gathered = 0
const closers: (() => Promise<unknown>)[] = []
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
  const db = new pg.Pool({ connectionString: postgres.url, max: 1 })
  db.on('error', () => {})
  closers.push(() => db.end())
  const api = startScript('bot-api.ts', { TOKEN })
  closers.push(() => api.stop())
  const { url: apiUrl } = JSON.parse(await api.line()) as { url: string }
  const ask: Ask = async <T>(command: string) => {
    api.say(command)
    return JSON.parse(await api.line()) as T
  }
  const port = String(await freePort())
  const bot = startNode('bot', ['dist/main.js'], {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: apiUrl,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: port,
    WEBHOOK_SECRET: SECRET,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
  })
  closers.push(() => bot.stop())
  await bot.line()
  const { post, close } = createPost(`http://127.0.0.1:${port}/telegram`, SECRET)
  closers.push(close)
  const rows = async () => (await db.query('SELECT count(*)::int AS n FROM answer')).rows[0].n as number

  const crowd = await gather(post, ask)
  for (let i = 0; i < WARM_UP_TAPS; i += 1) await Promise.all(crowd.map((someone) => mustTap(post, someone)))
  const cpu = async (work: () => Promise<number>): Promise<{ bot: number; stores: number }> => {
    const before = [cpuMsOf(bot.pid), cpuMsOf(postgres.pid) + cpuMsOf(redis.pid)] as const
    const count = await work()
    const after = [cpuMsOf(bot.pid), cpuMsOf(postgres.pid) + cpuMsOf(redis.pid)] as const
    return { bot: rounded((after[0] - before[0]) / count, 3), stores: rounded((after[1] - before[1]) / count, 3) }
  }

  // What each kind costs, against a real answer.
  const answer = await cpu(async () => {
    const left = crowd.map(({ taps }) => QUESTION_IDS.length - taps)
    await Promise.all(
      crowd.map(async (someone, i) => {
        for (let n = left[i]!; n > 20; n -= 1) await mustTap(post, someone)
      }),
    )
    return left.reduce((sum, n) => sum + n - 20, 0)
  })
  const written = await rows()
  const costs: Record<string, unknown> = { answer }
  for (const { name, status, request, share = 1 } of abusesOf(FLOODER)) {
    const count = Math.ceil(requests * share)
    const wrong: number[] = []
    const cost = await cpu(async () => {
      let sent = 0
      const lane = async () => {
        for (; sent < count; ) {
          sent += 1
          const got = (await post(request(sent))).status
          if (got !== status) wrong.push(got)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      return count
    })
    costs[name] = cost
    if (wrong.length > 0) broken.push(`${name}: Expected status ${status}, got ${wrong[0]} (${wrong.length} times)`)
    if (cost.bot + cost.stores >= answer.bot + answer.stores) broken.push(`${name}: costs more than a real answer`)
  }
  if ((await rows()) !== written) broken.push('Refused requests have written answers')

  const flood = await underFlood(post, ask, rows)
  const outages = {
    redis: await underHang('redis', () => [redis.pid], post, ask, rows),
    postgres: await underHang('postgres', () => processesOf(postgres.pid), post, ask, rows),
  }
  return { bench: 'abuse', node: process.version, cores: availableParallelism(), cpu_ms: costs, flood, outages }
}

/** New people with their first question; `tap`s go through the questions in their order. */
async function gather(post: Post, ask: Ask): Promise<Someone[]> {
  const first = FIRST_CHAT + gathered
  gathered += people
  await ask(`meet ${first} ${people}`)
  const crowd: Someone[] = []
  for (let chat = first; chat < first + people; chat += 1) {
    await post({ body: messageOf(chat, '/start') })
    const card = await ask<SeenCard | null>(`card ${chat}`)
    const action = decodeAction(card?.buttons[0]?.[0]?.callback_data ?? '')
    if (!card || action?.do !== 'answer')
      throw new Error(`Expected a question after /start, got ${JSON.stringify(card)}`)
    crowd.push({ chat, sheet: action.sheet, card: card.id, taps: 0 })
  }
  return crowd
}

function bodyOf({ chat, card, sheet, taps }: Someone): string {
  return pressOf(chat, card, tapOf(chat, taps, sheet))
}

async function mustTap(post: Post, someone: Someone): Promise<void> {
  const { status, text } = await post({ body: bodyOf(someone) })
  someone.taps += 1
  if (status !== 200 || !text.includes('answerCallbackQuery'))
    throw new Error(`Expected a tap to be taken, got ${status}`)
}

/** People who tap at their pace: alone, and while one person sends a hundred messages a second. */
async function underFlood(post: Post, ask: Ask, rows: () => Promise<number>) {
  const half = async (): Promise<number[]> => {
    const crowd = await gather(post, ask)
    const before = await rows()
    const latencies: number[] = []
    const until = performance.now() + halfMs
    await Promise.all(
      crowd.map(async (someone, i) => {
        await sleep((TAP_EVERY_MS * i) / people)
        while (performance.now() < until && someone.taps < QUESTION_IDS.length) {
          const from = performance.now()
          await mustTap(post, someone)
          const took = performance.now() - from
          latencies.push(took)
          await sleep(Math.max(0, TAP_EVERY_MS - took))
        }
      }),
    )
    if ((await rows()) - before !== latencies.length)
      broken.push(`Expected ${latencies.length} rows for as many acknowledged taps, got ${(await rows()) - before}`)
    return latencies.sort((a, b) => a - b)
  }
  await post({ body: messageOf(FLOODER, '/start') })
  const idle = await half()
  const got: Record<number, number> = {}
  const open: Promise<void>[] = []
  const flooding = setInterval(() => {
    const note = ({ status }: { status: number }) => {
      got[status] = (got[status] ?? 0) + 1
    }
    open.push(post({ body: messageOf(FLOODER, '你好') }).then(note))
  }, 1000 / FLOOD_PER_SECOND)
  const flooded = await half()
  clearInterval(flooding)
  await Promise.all(open)
  for (const status of Object.keys(got))
    if (!['200', '429'].includes(status)) broken.push(`A message of the flood got ${status}`)
  const [before, under] = [percentile(idle, 0.95), percentile(flooded, 0.95)]
  if (under > Math.max(before * PROMISED_SLOWDOWN, before + PROMISED_MORE_MS))
    broken.push(`The flood slows others: p95 ${rounded(under)} ms, alone ${rounded(before)} ms`)
  const figures = (sorted: number[]) => ({
    p50_ms: rounded(percentile(sorted, 0.5)),
    p95_ms: rounded(percentile(sorted, 0.95)),
    max_ms: rounded(sorted.at(-1)!),
  })
  return { taps: idle.length + flooded.length, alone: figures(idle), flooded: figures(flooded), messages: got }
}

/** Everybody taps once while a store hangs: nobody gets a 200, all hear in time, and once it goes on each tap counts once. */
async function underHang(
  name: string,
  processes: () => readonly number[],
  post: Post,
  ask: Ask,
  rows: () => Promise<number>,
) {
  const crowd = await gather(post, ask)
  const before = await rows()
  const toasts = async () => (await ask<Record<string, number>>('tally'))['answerCallbackQuery ok'] ?? 0
  const had = await toasts()
  const bodies = crowd.map(bodyOf)
  const stopped = processes()
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  const began = performance.now()
  const taps = bodies.map(async (body) => (await post({ body })).status)
  let heardMs = Number.POSITIVE_INFINITY
  while (performance.now() - began < HEARD_WITHIN_MS + 1000) {
    if ((await toasts()) - had >= people) {
      heardMs = performance.now() - began
      break
    }
    await sleep(50)
  }
  const early = (await Promise.all(taps)).filter((status) => status === 200).length
  // As Telegram does, the same update comes again until it is taken.
  let acknowledgedAgain = 0
  let hangs = true
  const again = bodies.map(async (body) => {
    while ((await post({ body })).status !== 200) await sleep(AGAIN_MS)
    if (hangs) acknowledgedAgain += 1
  })
  await sleep(Math.max(0, hangMs - (performance.now() - began)))
  hangs = false
  for (const pid of stopped) process.kill(pid, 'SIGCONT')
  const back = performance.now()
  await Promise.all(again)
  const recoveredMs = performance.now() - back
  const added = (await rows()) - before
  const acknowledged = early + acknowledgedAgain
  if (acknowledged > 0) broken.push(`${name} hangs: ${acknowledged} taps were acknowledged and are not durable`)
  if (heardMs > HEARD_WITHIN_MS) broken.push(`${name} hangs: not everybody heard of it within 3 s`)
  if (added !== people) broken.push(`${name} hangs: Expected ${people} answers afterwards, got ${added}`)
  return { people, heard_ms: rounded(heardMs, 0), recovered_ms: rounded(recoveredMs, 0), answers: added }
}

/** A process and its children, the parent first, so that it starts no others meanwhile. */
function processesOf(parent: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
  return [parent, ...children.map(Number)]
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  } catch {
    return undefined
  }
}

async function keep<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
  const started = await starting
  closers.push(() => started.stop())
  return started
}
