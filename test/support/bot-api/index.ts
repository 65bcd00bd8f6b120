// A strict Telegram Bot API on loopback, for tests and benchmarks. It behaves like Telegram towards a bot and refuses what
// Telegram refuses, with Telegram's words; scripted people write, press and look on the other side. It knows nothing of the
// bot under test, and nothing here may: all goes over HTTP.
import { type CallbackQueries, createCallbackQueries } from './callback-queries.js'
import { type Call, type CallBook, createCallBook, type Violation } from './calls.js'
import { type Clock, createClock } from './clock.js'
import { createDelays } from './delays.js'
import { createExecute } from './execute.js'
import { createFaults, type Fault, type FaultHandle } from './faults.js'
import { createFileStore, type StoredFile } from './files.js'
import { createFloodControl } from './flood.js'
import { createRateLimiter, type Limits } from './limits.js'
import { readParams } from './params.js'
import { createPerson, type Person } from './person.js'
import { createPolling } from './polling.js'
import type { Posted } from './poster.js'
import { createProfile, type Profile } from './profile.js'
import { createRooms } from './rooms.js'
import { startServer } from './server.js'
import type { User } from './types.js'
import { createUpdateQueue } from './updates.js'
import { createWaiters, type WaitOptions } from './waiters.js'
import { createWebhook, type Delivery, type WebhookRetry } from './webhook.js'
import type { World } from './world.js'

export type { ClientAnswer } from './callback-queries.js'
export type { Call, Outcome, Violation } from './calls.js'
export type { HistoryEntry } from './chat.js'
export type { Fault, FaultHandle } from './faults.js'
export type { StoredFile } from './files.js'
export type { Person, Pressed, Sent } from './person.js'
export type { SeenMessage } from './seen-message.js'
export type { Button, Entity, Message, Update, User } from './types.js'
export type { WaitOptions } from './waiters.js'
export type { Delivery } from './webhook.js'

export type BotApiOptions = {
  readonly token: string
  /** Whether a call in the body of a webhook's answer is carried out; true unless told otherwise. */
  readonly webhookReplies?: boolean
  /** Holds every call so long, as a distant server would. */
  readonly latencyMs?: number
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** Milliseconds since 1970; the real time unless given. */
  readonly now?: () => number
  readonly username?: string
  readonly firstUpdateId?: number
  readonly limits?: Limits
  /** `any`, the default, posts updates of one chat side by side; `per-chat` waits for each before the next. */
  readonly webhookOrder?: 'any' | 'per-chat'
  readonly webhookRetry?: WebhookRetry
  readonly webhookTimeoutMs?: number
  /** How long a press can be answered; 15 minutes unless told otherwise. */
  readonly queryLifetimeMs?: number
  /** Takes every positive chat_id and every unknown query id, for benchmarks that make up their own updates. */
  readonly acceptStrangers?: boolean
  /** Whether calls, history and past updates are kept; true unless told otherwise. */
  readonly remember?: boolean
  /** Told of every call once it is done; for benchmarks that keep a log of their own. */
  readonly onCall?: (call: Call) => void
}

export type PersonOptions = {
  readonly firstName?: string
  readonly username?: string
  readonly languageCode?: string
  /** Whether the person has talked to the bot before; otherwise the bot cannot write first. */
  readonly started?: boolean
  /** Whether the person has blocked the bot before the bot is there to be told. */
  readonly blocked?: boolean
}

export type BotApi = {
  /** What a bot takes for `https://api.telegram.org`. */
  readonly url: string
  readonly token: string
  readonly bot: User
  readonly clock: Clock
  readonly calls: readonly Call[]
  /** What the bot has sent that Telegram ignores in silence; a sound bot leaves it empty. */
  readonly violations: readonly Violation[]
  readonly profile: Profile
  readonly webhook: { readonly deliveries: readonly Delivery[]; readonly abandoned: readonly number[] }
  callsOf(method: string): readonly Call[]
  tally: CallBook['tally']
  /** The person with this id, made on first mention. */
  person(id: number, options?: PersonOptions): Person
  file(fileId: string): StoredFile | undefined
  failNext(fault: Fault): FaultHandle
  /** Resolves when every update is acknowledged and no call is under way. */
  settled(options?: WaitOptions): Promise<void>
  /** Resolves when `condition` holds; looked at after every call and acknowledgement. */
  until(condition: () => boolean, what: string, options?: WaitOptions): Promise<void>
  stop(): Promise<void>
}

const DEFAULT_QUERY_LIFETIME_MS = 15 * 60 * 1000
const DEFAULT_WEBHOOK_TIMEOUT_MS = 60_000
/** Until a call that was on a socket when an update was acknowledged is under way: its connection is taken, and it is read. */
const TURNS_TO_READ = 3

/** Starts a server that listens already when the promise resolves. */
export async function createBotApi(options: BotApiOptions): Promise<BotApi> {
  const { token, latencyMs = 0, remember = true, acceptStrangers = false, webhookReplies = true } = options
  const clock = createClock(options.now)
  const waiters = createWaiters()
  const bot: User = {
    id: Number(/^\d+/.exec(token)?.[0] ?? 1),
    is_bot: true,
    first_name: 'Test bot',
    username: options.username ?? 'test_bot',
  }

  const book = createCallBook({ clock, remember, onChange: waiters.changed, onCall: options.onCall })
  const queue = createUpdateQueue({
    firstUpdateId: options.firstUpdateId,
    remember,
    onAdd: () => {
      polling.wake()
      webhook.wake()
    },
    onChange: waiters.changed,
  })
  const polling = createPolling(queue)
  const webhook = createWebhook({
    queue,
    order: options.webhookOrder ?? 'any',
    retry: options.webhookRetry ?? {},
    timeoutMs: options.webhookTimeoutMs ?? DEFAULT_WEBHOOK_TIMEOUT_MS,
    remember,
    now: clock.now,
    onChange: waiters.changed,
    onReply: (posted) => carryOutReply(posted),
  })
  const queries: CallbackQueries = createCallbackQueries({
    clock,
    lifetimeMs: options.queryLifetimeMs ?? DEFAULT_QUERY_LIFETIME_MS,
    acceptUnknown: acceptStrangers,
  })
  const files = createFileStore()
  const rooms = createRooms({ clock, remember, acceptStrangers })
  const profile = createProfile(bot.first_name)
  const startedAt = clock.now()
  const world: World = {
    bot,
    clock,
    rooms,
    queries,
    files,
    profile,
    queue,
    polling,
    webhook,
    startedAt,
    loggedOut: false,
  }
  const faults = createFaults()
  const delays = createDelays()
  const limiter = options.limits === undefined ? undefined : createRateLimiter(options.limits)
  const flood = createFloodControl(clock)
  const execute = createExecute({ world, book, faults, limiter, flood, delays, latencyMs })
  const server = await startServer({ token, port: options.port ?? 0, files, execute })

  const carryOutReply = async ({ body, headers }: Posted): Promise<void> => {
    if (body.length === 0 || !/json|form/i.test(headers['content-type'] ?? '')) return
    const params = readReply(body, headers)
    const { method, ...values } = params?.values ?? {}
    if (params === undefined || typeof method !== 'string') return
    if (!webhookReplies) {
      book.report({ method, parameter: 'method', note: 'a call in the answer to a webhook is not carried out here' })
      return
    }
    // As with Telegram, the bot never learns what came of it.
    await execute(method, { ...params, values }, 'webhook', () => {})
  }

  const settled = (chatId: number | undefined, wait?: WaitOptions): Promise<void> =>
    waiters.until(
      () => queue.outstanding(chatId) === 0 && book.underWay(chatId) === 0,
      () => {
        const where = chatId === undefined ? 'all chats' : `chat ${chatId}`
        return `${where} not settled, ${queue.outstanding(chatId)} updates not acknowledged, ${book.underWay(chatId)} calls under way`
      },
      { turns: TURNS_TO_READ, ...wait },
    )

  const people = new Map<number, Person>()
  const meet = (
    id: number,
    { firstName, username, languageCode, started = false, blocked = false }: PersonOptions,
  ): Person => {
    const user: User = {
      id,
      is_bot: false,
      first_name: firstName ?? `Person ${id}`,
      ...(username === undefined ? {} : { username }),
      ...(languageCode === undefined ? {} : { language_code: languageCode }),
    }
    const room = rooms.open(user)
    room.started = started || blocked
    room.blocked = blocked
    const person = createPerson({ room, bot, clock, files, queries, queue, settled })
    people.set(id, person)
    return person
  }

  return {
    url: server.url,
    token,
    bot,
    clock,
    calls: book.calls,
    violations: book.violations,
    profile,
    webhook: { deliveries: webhook.deliveries, abandoned: webhook.abandoned },
    callsOf: (method) => book.calls.filter((call) => call.method === method),
    tally: book.tally,
    person: (id, about = {}) => people.get(id) ?? meet(id, about),
    file: (fileId) => files.byId(fileId),
    failNext: faults.add,
    settled: (wait) => settled(undefined, wait),
    until: (condition, what, wait) => waiters.until(condition, () => what, wait),
    async stop() {
      delays.stop()
      polling.stop()
      webhook.stop()
      waiters.stop()
      await server.stop()
    },
  }
}

/** The parameters in a webhook's answer, or undefined where the body is none of the forms of a call. */
function readReply(body: Buffer, headers: Posted['headers']): ReturnType<typeof readParams> | undefined {
  try {
    return readParams('', body, headers)
  } catch {
    return undefined
  }
}
