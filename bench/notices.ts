/**
 * A notice to thousands while people work: is it there once for everybody, at the channel's pace, and does anybody feel it?
 * README.md says how. Options: `--recipients 3000`, `--processes 2`, `--seed 1`, `--idle 20` (seconds of taps before and
 * after), `--kills 2`.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { decodeAction } from '../src/core/action.js'
import type { Log, SeenCard } from './bot-api.js'
import { type Child, startScript } from './child.js'
import { rounded } from './figures.js'
import { type Bots, startBots } from './notices-bots.js'
import { faultsOf, faultsOfRows, faultsOfTable, faultsOfTaps, judge } from './notices-check.js'
import { CLOCK, clockNow, seeded } from './notices-clock.js'
import { type Tap, type TapFigures, tapFigures, tapSteadily, type Worker } from './notices-taps.js'
import { ADMIN_CHAT, FIRST_CHAT, seedNotices } from './seed-notices.js'
import { launchDurablePostgres, launchRedis } from './servers.js'

const TOKEN = '700100:BENCH-token'
const SECRET = 'a-secret-of-the-bench'
const TEXT = '明天上午九点停水，请提前储水。'
const TAPS_PER_SECOND = 5
const PER_SECOND = 30
const LATENCY_MS = 30
const BLOCKED_SHARE = 0.02
const FLOOD_SHARE = 0.01
const FLOOD_SECONDS = 3
/** What is promised: at most so much longer than the pace alone allows, and taps at most so much slower. */
const PROMISED_TIME = 1.15
const PROMISED_P95 = 1.5
/** A shorter run is not judged by times: one restart or one lease of 15 s outweighs everything else. */
const TIMED_FROM = 1000
const WARM_UP_MS = 3000
/** The card with the progress is redrawn every few seconds. */
const REDRAWN_WITHIN_MS = 20_000
const LONGEST_WAIT_MS = 15 * 60 * 1000

/** Words of the exported file. */
const FILE_STATES: Readonly<Record<string, string>> = { 已收到未阅: 'sent', 屏蔽了机器人: 'blocked' }

const { values: options } = parseArgs({
  options: {
    recipients: { type: 'string', default: '3000' },
    processes: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    idle: { type: 'string', default: '20' },
    kills: { type: 'string', default: '2' },
  },
})
const [recipients, processes, seed, idle, kills] = (['recipients', 'processes', 'seed', 'idle', 'kills'] as const).map(
  (name) => Number(options[name]),
) as [number, number, number, number, number]

const closers: (() => Promise<unknown>)[] = []
const broken: string[] = []

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  const result = await bench()
  process.stdout.write(`${JSON.stringify({ ...result, broken, ok: broken.length === 0 })}\n`)
} finally {
  for (const close of closers.reverse()) await close()
}
if (broken.length > 0) process.exitCode = 1

async function bench() {
  const random = seeded(seed)
  const postgres = await keep(launchDurablePostgres())
  const redis = await keep(launchRedis())
  const db = new pg.Pool({ connectionString: postgres.url, max: 4 })
  // The server may be gone first, when the bench is ended from outside.
  db.on('error', () => {})
  closers.push(() => db.end())
  // Pauses and restarts take their time: a minute and a half more than the pace alone, and some for the steps of it all.
  const seconds = 2 * idle + recipients / PER_SECOND + recipients * FLOOD_SHARE * FLOOD_SECONDS + 120
  const tapping = Math.min(recipients, Math.ceil((seconds * TAPS_PER_SECOND) / 90))
  await seedNotices(db, recipients, tapping)

  const api = startScript('bot-api.ts', { TOKEN, MARK: TEXT, LATENCY_MS: String(LATENCY_MS), CLOCK: String(CLOCK) })
  closers.push(() => api.stop())
  const { url } = JSON.parse(await api.line()) as { url: string }
  const ask = asking(api)
  const { chats, blocked, flooded } = await people(ask, random, tapping)

  const bots = await startBots(processes, SECRET, {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: url,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'warn',
    // As a server far from here would have it; nothing of it may follow the machine's zone.
    TZ: 'America/New_York',
  })
  const exits = { codes: [] as (number | null)[] }
  const stopBots = async () => {
    exits.codes = await bots.stop()
  }
  closers.push(stopBots)
  const workers = await Promise.all(chats.slice(1, tapping + 1).map((chat) => enter(ask, chat)))

  const tapFor = (ms: number) => {
    const end = performance.now() + ms
    return tapSteadily(bots, workers, TAPS_PER_SECOND, () => performance.now() >= end)
  }
  // Warms up: its answers are checked, its times are not.
  const all: Tap[] = await tapFor(WARM_UP_MS)
  const before = await tapFor(idle * 1000)

  await write(ask)
  const previews = await ask<number>('sent')
  const confirmed = clockNow()
  let over = false
  const tapped = tapSteadily(bots, workers, TAPS_PER_SECOND, () => over)
  await ask(`press ${ADMIN_CHAT} 确认发送`)
  const notice = await noticeOf(db)
  const restarts = await killAtSeededMoments(ask, bots, random, previews, chats.length - blocked.size)
  const done = await untilDone(db, notice)
  over = true
  const during = await tapped
  const after = await tapFor(idle * 1000)
  all.push(...before, ...during, ...after)

  const { messages, edits: edited } = await ask<Log>('log')
  // What came before the confirmation was the preview.
  const log: Log = { messages: messages.filter(({ at }) => at >= confirmed), edits: edited }
  const sending = judge(log, chats, blocked)
  const edits = editsOf(log)
  const [calm, busy] = [tapFigures([...before, ...after], edits), tapFigures(during, edits)]
  const quiet = during.filter(({ at }) => !restarts.some(({ from, to }) => at >= from && at <= to))
  const took = (sending.last_at - confirmed) / 1000
  const allowed = rounded((PROMISED_TIME * recipients) / PER_SECOND + sending.pauses_merged_s)
  broken.push(...faultsOf(sending, kills))
  broken.push(...(await faultsOfTable(db, notice, log, chats.length, blocked)), ...(await faultsOfTaps(db, all)))
  if (!done) broken.push('the notice was not done in time')
  const slower = slowerBy(busy, calm)
  const timed = recipients >= TIMED_FROM
  if (timed && took > allowed) broken.push(`it took ${rounded(took)} s, allowed are ${allowed} s`)
  if (timed && slower > PROMISED_P95) broken.push(`taps were ${slower} times slower (p95), promised ${PROMISED_P95}`)
  broken.push(...(await faultsOfCard(ask, sending.once + sending.twice + sending.more)))
  broken.push(...(await faultsOfFile(ask, log, blocked)))
  const memory = bots.memoryMb()
  await stopBots()
  closers.splice(closers.indexOf(stopBots), 1)
  if (exits.codes.some((code) => code !== 0)) broken.push(`a bot ended with ${exits.codes.join(', ')}\n${bots.log()}`)
  const { last_at: _, ...seen } = sending
  return {
    bench: 'notices',
    node: process.version,
    cores: availableParallelism(),
    seed,
    processes,
    recipients: chats.length,
    blocked: blocked.size,
    flooded: flooded.length,
    kills: restarts.length,
    restart_ms: restarts.map(({ from, to }) => Math.round(to - from)),
    ...seen,
    seconds: rounded(took),
    seconds_allowed: allowed,
    seconds_without_pauses: rounded(took - sending.pauses_merged_s),
    per_second_without_pauses: rounded((sending.once + sending.twice) / (took - sending.pauses_merged_s), 1),
    timed,
    taps_idle: calm,
    taps_busy: busy,
    p95_busy_to_idle: slower,
    p95_busy_to_idle_outside_restarts: slowerBy(tapFigures(quiet, edits), calm),
    peak_rss_mb: memory,
  }
}

type Restart = { readonly from: number; readonly to: number }

/** How many times slower the slow ones are, of both figures the worse one. */
function slowerBy(busy: TapFigures, calm: TapFigures): number {
  return rounded(Math.max(busy.to_200.p95 / calm.to_200.p95, busy.to_edit.p95 / calm.to_edit.p95))
}

type Ask = <T>(command: string) => Promise<T>

/** Commands are answered one after the other. */
function asking(api: Child): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(command: string) => {
    const asked = last.then(async () => {
      api.say(command)
      const answer = JSON.parse(await api.line()) as T & { fault?: string }
      if (answer && typeof answer === 'object' && answer.fault) throw new Error(`${command}: ${answer.fault}`)
      return answer as T
    })
    last = asked.catch(() => {})
    return asked
  }
}

/** Everybody has started the bot; some have blocked it since, and for some the channel will ask for patience. */
async function people(ask: Ask, random: () => number, tapping: number) {
  const chats = [ADMIN_CHAT, ...Array.from({ length: recipients }, (_, n) => FIRST_CHAT + n)]
  const others = chats.slice(1 + tapping)
  const drawn = (share: number, from: readonly number[]) => from.filter(() => random() < share)
  const blocked = new Set(drawn(BLOCKED_SHARE, others))
  const flooded = drawn(
    FLOOD_SHARE,
    others.filter((chat) => !blocked.has(chat)),
  )
  for (const chat of blocked) await ask(`block ${chat}`)
  for (const chat of chats) if (!blocked.has(chat)) await ask(`meet ${chat} 1`)
  for (const chat of flooded) await ask(`flood ${chat} ${FLOOD_SECONDS}`)
  return { chats, blocked, flooded }
}

/** A worker opens the round's sheet and sees the first question. */
async function enter(ask: Ask, chat: number): Promise<Worker> {
  await ask(`say ${chat} /start`)
  await ask(`press ${chat} 继续答我的`)
  const card = await ask<SeenCard | null>(`asked ${chat}`)
  const action = decodeAction(card?.buttons[0]?.[0]?.callback_data ?? '')
  if (!card || action?.do !== 'answer') throw new Error(`Expected a question, got ${JSON.stringify(card)}`)
  return { chat, sheet: action.sheet, card, next: 0 }
}

/** The admin writes the notice, up to its preview. */
async function write(ask: Ask): Promise<void> {
  await ask(`say ${ADMIN_CHAT} /notice`)
  await ask(`press ${ADMIN_CHAT} 写通知`)
  await ask(`press ${ADMIN_CHAT} 空白`)
  await ask(`say ${ADMIN_CHAT} ${TEXT}`)
  await ask(`press ${ADMIN_CHAT} 预览`)
}

async function noticeOf(db: pg.Pool): Promise<string> {
  const { rows } = await db.query<{ id: string }>(`SELECT id FROM notice WHERE status = 'confirmed'`)
  if (rows.length !== 1) throw new Error(`Expected one confirmed notice, got ${rows.length}`)
  return rows[0]!.id
}

/** Waits for shares of the run that the seed names, and ends a process there, in the middle of whatever it does. */
async function killAtSeededMoments(
  ask: Ask,
  bots: Bots,
  random: () => number,
  from: number,
  sendable: number,
): Promise<Restart[]> {
  const restarts: Restart[] = []
  for (let n = 0; n < kills; n += 1) {
    const share = (n + 0.2 + 0.6 * random()) / kills
    const offset = random() * 100
    while ((await ask<number>('sent')) - from < share * sendable) await sleep(50)
    await sleep(offset)
    const killed = clockNow()
    await bots.kill(n % processes)
    restarts.push({ from: killed, to: clockNow() })
  }
  return restarts
}

/** Until nobody waits for it any more; false where that takes far too long. */
async function untilDone(db: pg.Pool, notice: string): Promise<boolean> {
  const end = performance.now() + LONGEST_WAIT_MS
  while (performance.now() < end) {
    const { rows } = await db.query(`SELECT 1 FROM delivery WHERE notice_id = $1 AND status = 'pending' LIMIT 1`, [
      notice,
    ])
    if (rows.length === 0) return true
    await sleep(200)
  }
  return false
}

/** The admin's card shows by itself that it is done, and how many have it. */
async function faultsOfCard(ask: Ask, having: number): Promise<string[]> {
  const end = performance.now() + REDRAWN_WITHIN_MS
  for (;;) {
    const text = (await ask<SeenCard | null>(`shows ${ADMIN_CHAT} 导出 CSV`))?.text ?? 'no card'
    if (text.includes('已发完') && new RegExp(`已收到：.* ${having} 人`).test(text)) return []
    if (performance.now() > end) return [`the admin's card does not show the end: ${JSON.stringify(text)}`]
    await sleep(500)
  }
}

/** The file with everybody in it says the same as the Bot API. */
async function faultsOfFile(ask: Ask, log: Log, blocked: ReadonlySet<number>): Promise<string[]> {
  await ask(`press ${ADMIN_CHAT} 导出 CSV`)
  const file = await ask<string | null>(`file ${ADMIN_CHAT}`)
  const rows = (file ?? '').trim().split('\r\n').slice(1)
  const states = rows.map((row) => {
    const [, name = '', , state] = row.split(',')
    return { chat: ADMIN_CHAT + Number(name.slice(1)), status: FILE_STATES[state ?? ''] ?? `\`${state}\`` }
  })
  return faultsOfRows('file', states, log, recipients + 1, blocked)
}

function editsOf({ edits }: Log): Map<number, number[]> {
  const byChat = new Map<number, number[]>()
  for (const { at, chat } of edits) byChat.set(chat, [...(byChat.get(chat) ?? []), at])
  for (const times of byChat.values()) times.sort((a, b) => a - b)
  return byChat
}

async function keep<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> {
  const started = await starting
  closers.push(() => started.stop())
  return started
}
