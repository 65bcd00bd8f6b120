/** What must be true of a notice that went out: judged from what the Bot API saw, beside what the bot itself says of it. */
import type pg from 'pg'
import type { Log, LoggedMessage } from './bot-api.js'
import type { Tap } from './notices-taps.js'

/** Within so long after a refusal a message may still have been in the air; such are counted by themselves. */
export const IN_THE_AIR_MS = 100
const WINDOW_MS = 1000
const PER_SECOND = 30

export type Sending = {
  /** People who have it, by how often. */
  readonly once: number
  readonly twice: number
  readonly more: number
  /** Reachable people who do not have it, and blocked people who do. */
  readonly missing: number
  readonly reached_though_blocked: number
  readonly refused_blocked: number
  readonly refused_flood: number
  /** The most that were taken within any 1,000 ms. */
  readonly most_in_a_second: number
  /** Sum of all waits asked for, and their union in time; seconds. */
  readonly pauses_sum_s: number
  readonly pauses_merged_s: number
  /** From the end of each pause to the next notice, in all; seconds. */
  readonly after_pauses_s: number
  /** Notices that arrived while the channel had asked for patience: right after it had, and later. */
  readonly early_in_the_air: number
  readonly early: number
  readonly last_at: number
}

/** `chats`: who should have it; `blocked`: who cannot. */
export function judge({ messages }: Log, chats: readonly number[], blocked: ReadonlySet<number>): Sending {
  const notices = messages.filter(({ marked }) => marked).sort((a, b) => a.at - b.at)
  const taken = notices.filter(({ status }) => status === 200)
  const times = new Map<number, number>()
  for (const { chat } of taken) times.set(chat, (times.get(chat) ?? 0) + 1)
  const having = (fits: (count: number) => boolean) => [...times.values()].filter(fits).length
  const floods = notices.filter(({ status }) => status === 429)
  const pauses = merged(floods)
  const early = notices.flatMap(({ at }) =>
    pauses.filter(({ from, to }) => at > from && at < to).map(({ from }) => at - from),
  )
  return {
    once: having((count) => count === 1),
    twice: having((count) => count === 2),
    more: having((count) => count > 2),
    missing: chats.filter((chat) => !blocked.has(chat) && !times.has(chat)).length,
    reached_though_blocked: [...blocked].filter((chat) => times.has(chat)).length,
    refused_blocked: notices.filter(({ status }) => status === 403).length,
    refused_flood: floods.length,
    most_in_a_second: mostWithin(taken.map(({ at }) => at)),
    pauses_sum_s: floods.reduce((sum, { retryAfter }) => sum + retryAfter, 0),
    pauses_merged_s: Number((pauses.reduce((sum, { from, to }) => sum + to - from, 0) / 1000).toFixed(2)),
    after_pauses_s: Number((lagAfter(pauses, notices) / 1000).toFixed(2)),
    early_in_the_air: early.filter((late) => late <= IN_THE_AIR_MS).length,
    early: early.filter((late) => late > IN_THE_AIR_MS).length,
    last_at: taken.at(-1)?.at ?? 0,
  }
}

/** What is wrong with it, in words; `kills` may each have doubled one message. */
export function faultsOf(sending: Sending, kills: number): string[] {
  const faults: string[] = []
  const expect = (sound: boolean, fault: string) => void (sound || faults.push(fault))
  expect(sending.missing === 0, `${sending.missing} reachable people do not have the notice`)
  expect(sending.twice <= kills, `${sending.twice} people have it twice, after ${kills} kills`)
  expect(sending.more === 0, `${sending.more} people have it more than twice`)
  expect(sending.reached_though_blocked === 0, `${sending.reached_though_blocked} blocked people have it`)
  expect(sending.most_in_a_second <= PER_SECOND, `${sending.most_in_a_second} were taken within a second`)
  expect(sending.early === 0, `${sending.early} arrived while the channel had asked for patience`)
  return faults
}

/** Pauses that overlap are one. */
function merged(floods: readonly LoggedMessage[]): { from: number; to: number }[] {
  const all = floods
    .map(({ answered, retryAfter }) => ({ from: answered, to: answered + retryAfter * 1000 }))
    .sort((a, b) => a.from - b.from)
  const union: { from: number; to: number }[] = []
  for (const pause of all) {
    const last = union.at(-1)
    if (last && pause.from <= last.to) last.to = Math.max(last.to, pause.to)
    else union.push({ ...pause })
  }
  return union
}

function lagAfter(pauses: readonly { to: number }[], notices: readonly LoggedMessage[]): number {
  return pauses.reduce((sum, { to }) => {
    const next = notices.find(({ at }) => at >= to)
    return next ? sum + next.at - to : sum
  }, 0)
}

function mostWithin(sorted: readonly number[]): number {
  let most = 0
  for (let from = 0, to = 0; to < sorted.length; to += 1) {
    while (sorted[to]! - sorted[from]! >= WINDOW_MS) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** Where the bot's own table of recipients says something else than the Bot API saw. */
export async function faultsOfTable(
  db: pg.Pool,
  notice: string,
  log: Log,
  people: number,
  blocked: ReadonlySet<number>,
): Promise<string[]> {
  const { rows } = await db.query<{ chat: string; status: string }>(
    `SELECT split_part(address.address, ':', 2) AS chat, string_agg(delivery.status::text, ' and ') AS status
      FROM notice_recipient AS one JOIN address ON address.person_id = one.person_id
      JOIN delivery ON delivery.notice_id = one.notice_id AND delivery.person_id = one.person_id
      WHERE one.notice_id = $1 GROUP BY 1`,
    [notice],
  )
  const states = rows.map(({ chat, status }) => ({ chat: Number(chat), status }))
  return faultsOfRows('table', states, log, people, blocked)
}

/** The same of any list of people with what became of their message. */
export function faultsOfRows(
  who: string,
  rows: readonly { readonly chat: number; readonly status: string }[],
  { messages }: Log,
  people: number,
  blocked: ReadonlySet<number>,
): string[] {
  const taken = new Set(messages.flatMap(({ marked, status, chat }) => (marked && status === 200 ? [chat] : [])))
  const faults = rows.flatMap(({ chat, status }) => {
    const expected = blocked.has(chat) ? 'blocked' : taken.has(chat) ? 'sent' : 'missing'
    return status === expected ? [] : [`${chat} is ${status}, was ${expected}`]
  })
  const distinct = new Set(rows.map(({ chat }) => chat)).size
  if (rows.length !== people || distinct !== people)
    faults.push(`it holds ${rows.length} rows of ${distinct} people, expected ${people}`)
  return told(who, faults)
}

/** Whether the ledger holds just what was tapped. */
export async function faultsOfTaps(db: pg.Pool, taps: readonly Tap[]): Promise<string[]> {
  const { rows } = await db.query<{ key: string; value: string; revision: number }>(
    `SELECT sheet_id || ' ' || question_id AS key, value, revision FROM answer`,
  )
  const found = new Map(rows.map(({ key, value, revision }) => [key, `${value} ${revision}`]))
  const faults = taps.flatMap(({ sheet, question, value, fault }) => {
    const there = found.get(`${sheet} ${question}`)
    const wrong = there === `${value} 1` ? [] : [`${sheet} ${question}: expected ${value}, got ${there ?? 'nothing'}`]
    return fault ? [fault, ...wrong] : wrong
  })
  if (rows.length !== taps.length) faults.push(`the ledger holds ${rows.length} answers of ${taps.length} taps`)
  return told('taps', faults)
}

const TOLD = 3

/** The first few faults, and how many more. */
function told(who: string, faults: readonly string[]): string[] {
  const first = faults.slice(0, TOLD).map((fault) => `${who}: ${fault}`)
  return faults.length > TOLD ? [...first, `${who}: ${faults.length - TOLD} more`] : first
}
