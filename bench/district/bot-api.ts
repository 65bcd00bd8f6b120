/**
 * The strict Bot API of the tests as a process of its own, which updates never pass through: the district's network brings those.
 * It shows people their cards, and answers calls as a bad day would. Prints its address; then each line of standard input is a
 * command and is answered, in order, with one line of JSON:
 *
 * - `card 7`: the newest card in a chat (null: none)
 * - `type 7 41 /start`: somebody writes, unless the card has changed since turn 41 (null then; 0: whatever it shows); answered with
 *   the message's place and how often a refusal was said to them so far
 * - `answered 70500000001`: whether a press was answered by a call
 * - `told 7`: how often that is by now; `block 7 1`, `block 7 0`; `forget 7`: their messages are not needed any more
 * - `storm 1`, `storm 0`: faults on and off; `rest`: milliseconds since the last call began or ended; `tally`: what was done
 */
import { createInterface } from 'node:readline'
import { createCallbackQueries } from '../../test/support/bot-api/callback-queries.js'
import { type Call, createCallBook } from '../../test/support/bot-api/calls.js'
import type { ChatRoom } from '../../test/support/bot-api/chat.js'
import { createClock } from '../../test/support/bot-api/clock.js'
import { createDelays } from '../../test/support/bot-api/delays.js'
import { createExecute } from '../../test/support/bot-api/execute.js'
import type { Fault } from '../../test/support/bot-api/faults.js'
import { createFileStore } from '../../test/support/bot-api/files.js'
import { createFloodControl } from '../../test/support/bot-api/flood.js'
import { createPolling } from '../../test/support/bot-api/polling.js'
import { createProfile } from '../../test/support/bot-api/profile.js'
import { createRooms } from '../../test/support/bot-api/rooms.js'
import { startServer } from '../../test/support/bot-api/server.js'
import { createUpdateQueue } from '../../test/support/bot-api/updates.js'
import { createWebhook } from '../../test/support/bot-api/webhook.js'
import { between, draw, weighted } from './dice.js'

export type ShownCard = {
  readonly id: number
  /** Grows with everything that changes in the chat. */
  readonly turn: number
  readonly text: string
  /** Labels and data, in the order in which they stand. */
  readonly buttons: readonly (readonly [label: string, data: string])[]
}
/** `date` in Telegram's seconds. */
export type Typed = { readonly id: number; readonly date: number; readonly told: number }
export type Tally = {
  readonly calls: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** What Telegram would ignore without a word; a sound bot sends none. */
  readonly violations: readonly string[]
}

/** Of a thousand calls about a chat. `stall` answers nothing at all until the bot gives up. */
const FAULTS = {
  none: 920,
  slow: 35,
  flood: 12,
  gateway: 11,
  dropped_before: 11,
  dropped_after: 11,
  stall: 0.1,
} as const
/** A bot gives a call up after six tries; a real network is not that consistent either. */
const MOST_IN_A_ROW = 3
const STALLED_MS = 20_000
const REFUSALS =
  /没有记录|要把这一题改为|是答这一题的吗|这里不收|没有改动|已重新载入|请发文字|已经过期|没有保存|备注已保存/

const { TOKEN, SEED, SLOW } = process.env as Record<string, string>
const clock = createClock()
const remember = false
const bot = { id: Number(/^\d+/.exec(TOKEN!)![0]), is_bot: true, first_name: 'Test bot', username: 'test_bot' }
const violations: string[] = []
const struck: Record<string, number> = {}
/** Presses; since somebody was forgotten. */
const answered = new Set<string>()
const chats = new Map<number, { told: number; calls: number; inARow: number; turn: number }>()
let storm = false
let lastCall = performance.now()

const book = createCallBook({ clock, remember, onChange: () => {}, onCall: note })
const queue = createUpdateQueue({ firstUpdateId: 1, remember, onAdd: () => {}, onChange: () => {} })
const webhook = createWebhook({
  queue,
  order: 'any',
  retry: {},
  timeoutMs: 1000,
  remember,
  now: clock.now,
  onChange: () => {},
  onReply: async () => {},
})
const files = createFileStore()
const rooms = createRooms({ clock, remember, acceptStrangers: true })
const execute = createExecute({
  world: {
    bot,
    clock,
    rooms,
    queries: createCallbackQueries({ clock, lifetimeMs: 900_000, acceptUnknown: true }),
    files,
    profile: createProfile(bot.first_name),
    queue,
    polling: createPolling(queue),
    webhook,
    startedAt: clock.now(),
    loggedOut: false,
  },
  book: {
    ...book,
    report: ({ method, parameter, note }) => void violations.push(`${method} ${parameter}: ${note}`),
    begin(...call) {
      lastCall = performance.now()
      return book.begin(...call)
    },
  },
  faults: { add: () => ({ struck: () => 0, cancel: () => {} }), take },
  limiter: undefined,
  flood: createFloodControl(clock),
  delays: createDelays(),
  latencyMs: Number(SLOW ?? 0),
})
const server = await startServer({ token: TOKEN!, port: 0, files, execute })
print({ url: server.url })
createInterface({ input: process.stdin }).on('line', (line) => print(run(line)))
process.once('SIGTERM', () => process.exit(0))

function run(line: string): unknown {
  const [, command, first = '0', rest = ''] = /^(\S+)(?: (\S+))?(?: (.*))?$/.exec(line) ?? []
  const id = Number(first)
  switch (command) {
    case 'card':
      return newest(id)
    case 'type': {
      const room = roomOf(id)
      const [, turn, text] = /^(\d+) (.*)$/.exec(rest)!
      if (turn !== '0' && Number(turn) !== of(id).turn) return null
      const { message_id, date } = room.post(room.person, { text: text! })
      return { id: message_id, date, told: of(id).told } satisfies Typed
    }
    case 'answered':
      return answered.has(first)
    case 'told':
      return of(id).told
    case 'block':
      roomOf(id).blocked = rest === '1'
      return true
    case 'forget':
      for (const message of roomOf(id).visible()) roomOf(id).remove(message)
      chats.delete(id)
      answered.clear()
      return true
    case 'storm':
      storm = first === '1'
      return true
    case 'rest':
      return book.underWay() > 0 ? 0 : performance.now() - lastCall
    default:
      return { calls: book.tally(), faults: struck, violations: violations.slice(0, 5) } satisfies Tally
  }
}

/** The chat of somebody who has talked to the bot. */
function roomOf(id: number): ChatRoom {
  const room = rooms.get(id) ?? rooms.open({ id, is_bot: false, first_name: `Person ${id}` })
  room.started = true
  return room
}

/** What the bot says beside its card, such as that something is not saved yet, has no buttons and is none. */
function newest(id: number): ShownCard | null {
  const message = rooms
    .get(id)
    ?.visible()
    .findLast(({ from, text, reply_markup }) => from.id === bot.id && text !== undefined && reply_markup !== undefined)
  if (!message) return null
  const buttons = (message.reply_markup?.inline_keyboard ?? []).flat()
  return {
    id: message.message_id,
    turn: of(id).turn,
    text: message.text!,
    buttons: buttons.map(({ text, callback_data }) => [text, callback_data ?? ''] as const),
  }
}

function of(id: number) {
  const known = chats.get(id) ?? { told: 0, calls: 0, inARow: 0, turn: 1 }
  chats.set(id, known)
  return known
}

/** What befalls the nth call about a chat follows from the seed. */
function take(_method: string, chatId: number | undefined): Fault | undefined {
  if (!storm || chatId === undefined) return undefined
  const chat = of(chatId)
  chat.calls += 1
  const chance = (about: number) => draw(Number(SEED), chatId, chat.calls, about)
  const drawn = weighted(FAULTS, chance(31))
  const fault = drawn !== 'slow' && chat.inARow >= MOST_IN_A_ROW ? 'none' : drawn
  if (fault === 'none') {
    chat.inARow = 0
    return undefined
  }
  struck[fault] = (struck[fault] ?? 0) + 1
  if (fault === 'slow') return { delayMs: between(20, 400, chance(32)) }
  chat.inARow += 1
  switch (fault) {
    case 'flood':
      return { status: 429, retryAfter: 1 }
    case 'gateway':
      return { status: 502 }
    case 'stall':
      return { delayMs: STALLED_MS, drop: 'before' }
    default:
      return { drop: fault === 'dropped_before' ? 'before' : 'after' }
  }
}

/** A refusal counts as said when the bot tried to, whatever the network made of it. */
function note({ method, payload, chatId, result }: Call): void {
  lastCall = performance.now()
  if (method === 'answerCallbackQuery') answered.add(String(payload.callback_query_id))
  if (chatId === undefined) return
  if (result?.kind === 'error' && result.status === 403) struck.blocked = (struck.blocked ?? 0) + 1
  const done = result?.kind === 'ok' || (result?.kind === 'dropped' && result.when === 'after')
  if (done && /^(?:send|edit|delete)/.test(method)) of(chatId).turn += 1
  if (typeof payload.text === 'string' && REFUSALS.test(payload.text)) of(chatId).told += 1
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
