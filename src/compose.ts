/** Wires ports to adapters: the only file that knows every layer. */
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type pg from 'pg'
import { administer } from './app/administration.js'
import { startBackground } from './app/background.js'
import type { Desk } from './app/desk.js'
import { createDispatch, type Dispatch } from './app/dispatch.js'
import { createLinks } from './app/links.js'
import type { Sessions, StoreFault } from './app/ports.js'
import { createRenewal } from './app/results.js'
import { createTally } from './app/tally.js'
import { connectTelegram } from './channels/telegram/connect.js'
import { WEBHOOK_PATH } from './channels/telegram/introduce.js'
import { type Config, webAddress } from './config.js'
import { loadLibrary } from './content/load.js'
import { LANGUAGES, loadLocales } from './content/locales.js'
import { createShelf, shelved } from './content/shelf.js'
import { addAdminRoute } from './http/admin-route.js'
import { createReadiness } from './http/readiness.js'
import { createServer } from './http/server.js'
import { webChat } from './http/web-chat.js'
import { addWebhook } from './http/webhook.js'
import { radarPng } from './reports/radar.js'
import { createAuditLog } from './store/audit.js'
import { startClock } from './store/clock.js'
import { createCommunities } from './store/communities.js'
import { createInvitations } from './store/invitations.js'
import { createLeases } from './store/leases.js'
import { createLedger } from './store/ledger.js'
import { createMembers } from './store/members.js'
import { createMemoryGate } from './store/memory-gate.js'
import { createNotices } from './store/notices.js'
import { openDatabase } from './store/open.js'
import { createOutbox } from './store/outbox.js'
import { createRecords } from './store/records.js'
import { connectRedis } from './store/redis-client.js'
import { connectRedisCluster } from './store/redis-cluster.js'
import { createRedisGate } from './store/redis-gate.js'
import { createRedisSessions } from './store/redis-sessions.js'
import { createRounds } from './store/rounds.js'
import { createTableSessions } from './store/table-sessions.js'
import { createWork } from './store/work.js'

/** How often the log says what was refused, where there was anything. */
const TALLY_EVERY_MS = 60_000
/** Characters of an invitation's code: 144 bits in base64url. */
const CODE_LENGTH = 24
/** How addresses of Telegram begin. */
const TELEGRAM = 'telegram:'
/** Setting that remembers what the bot is called, for links that are made while Telegram is away. */
const BOT_USERNAME = 'bot_username'

export type Program = {
  readonly server: FastifyInstance
  readonly dispatch: Dispatch
  /** Listens and begins to take updates; resolves with the address of the web chat. */
  start(): Promise<{ url: string }>
  /** Finishes what is in hand, then lets go of everything, in the reverse order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Builds the whole program from a configuration. `root` is the folder that holds rubric/, prompts/, locales/ and prisma/.
 * `adminKey` lets the administrator's commands on this machine in (http/admin-route.ts); null: they are not let in.
 */
export async function compose(
  config: Config,
  { root, log, adminKey = null }: { root: string; log: FastifyBaseLogger; adminKey?: string | null },
): Promise<Program> {
  const library = loadLibrary(root, LANGUAGES)
  const locales = loadLocales(root, config.defaultLanguage)
  const closers: (() => Promise<unknown> | unknown)[] = []
  try {
    const onFault = (fault: Error) => log.error({ fault: fault.message }, 'database')
    const { pool, applied, close } = await openDatabase(config.database, { root, onFault })
    closers.push(close)
    log.info({ database: config.database.kind, applied: applied.length }, 'database is ready')
    const clock = await startClock(pool)
    closers.push(clock.stop)
    const { sessions, gate, ping } = openSessions(config, pool, log, closers)
    const records = createRecords(pool)
    for (const book of library.books.values()) await records.keepRubric(book.hash, shelved(book))
    const wait = (milliseconds: number) => sleep(milliseconds)
    const secret = await records.setting('code_secret', () => randomBytes(32).toString('hex'))
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const desk: Desk = {
      records,
      ledger: createLedger(pool),
      sessions,
      communities: createCommunities(pool),
      members: createMembers(pool),
      invitations: createInvitations(pool),
      audit: createAuditLog(pool),
      outbox: createOutbox(pool),
      notices: createNotices(pool),
      leases: createLeases(pool),
      gate,
      broadcastPerSecond: config.broadcastPerSecond,
      rounds: createRounds(pool),
      work: createWork(pool),
      renewal: createRenewal(),
      drawRadar: (chart) => radarPng(chart),
      links: createLinks(webAddress(config), async () =>
        config.telegram.kind === 'off' ? null : records.setting(BOT_USERNAME, () => ''),
      ),
      books: createShelf(library, (hash) => records.rubric(hash)),
      locales,
      defaultLanguage: config.defaultLanguage,
      log,
      now: clock.now,
      wait,
      newPersonId: () => `p${randomBytes(9).toString('hex').slice(0, 15)}`,
      sheetIdFor: (address, input) => `s${sha256(`${address} ${input}`).slice(0, 13)}`,
      idFor: (letter, ...of) => letter + sha256(of.join('\n')).slice(0, 10),
      codeFor: (address, input) =>
        createHmac('sha256', secret).update(`${address}\n${input}`).digest('base64url').slice(0, CODE_LENGTH),
      hash: sha256,
    }
    const dispatch = createDispatch(desk)
    const ready = createReadiness({ database: () => pool.query('SELECT 1'), sessions: ping })
    const server = createServer({ log, health: { ready } })
    const { count, news } = createTally()
    const telling = setInterval(() => {
      const refused = news()
      if (refused) log.info({ refused }, 'refused since the start')
    }, TALLY_EVERY_MS)
    closers.push(() => clearInterval(telling))
    const telegram = openTelegram(config, {
      dispatch,
      locales,
      defaultLanguage: config.defaultLanguage,
      log,
      wait,
      sent: gate.note,
      // What is pushed waits as well, in all processes; whoever is answered does not wait for this to be noted.
      flooded: (milliseconds) =>
        void desk.outbox
          .pause(TELEGRAM, new Date(desk.now() + milliseconds))
          .catch((fault: Error) => log.warn({ fault: fault.message }, 'a pause could not be noted')),
      fileOf: records.file,
      count,
      onBot: (username) => records.setSetting(BOT_USERNAME, username),
    })
    if (telegram && config.telegram.kind === 'webhook')
      addWebhook(server, { path: WEBHOOK_PATH, secret: config.telegram.secret, take: telegram.take, count })
    if (adminKey !== null) {
      const newId = (letter: string) => desk.idFor(letter, randomUUID())
      const newCode = () => desk.codeFor('admin', randomUUID())
      addAdminRoute(server, { key: adminKey, run: (command) => administer({ ...desk, newId, newCode }, command) })
    }
    const cookieSecret =
      config.cookieSecret ?? (await records.setting('cookie_secret', () => randomBytes(32).toString('hex')))
    await server.register(webChat, {
      dispatch,
      locales,
      defaultLanguage: config.defaultLanguage,
      pageDirectory: join(root, 'src', 'http', 'page'),
      demo: config.demo,
      cookieSecret,
      secureCookies: config.http.publicUrl?.startsWith('https:') ?? false,
      publicUrl: config.http.publicUrl,
      personOf: records.person,
      files: records,
    })
    let stopped: Promise<void> | undefined
    let stopBackground = async () => {}
    let leavePlace = async () => {}
    const stop = async () => {
      await telegram?.stopTaking()
      await stopBackground()
      await leavePlace() // while nobody else can listen here
      await server.close() // waits for the webhooks in hand
      await dispatch.idle() // presses are answered before they are drawn and saved
      await telegram?.close()
      for (const close of closers.reverse()) await close()
    }
    return {
      server,
      dispatch,
      async start() {
        const url = await server.listen({ host: config.http.host, port: config.http.port })
        leavePlace = sessions.takePlace(`${hostname()}:${config.http.host}:${new URL(url).port}`)
        telegram?.start()
        const outlets = telegram ? { [TELEGRAM]: telegram } : {}
        stopBackground = startBackground(desk, outlets, { holder: randomUUID(), refresh: dispatch.refresh })
        return { url }
      },
      stop: () => (stopped ??= stop()),
    }
  } catch (error) {
    for (const close of closers.reverse()) await close()
    throw error
  }
}

type Closers = (() => Promise<unknown> | unknown)[]

/** Where the conversations stand, and the line that messages wait in: in Redis, or where there is one process, here. */
function openSessions(config: Config, pool: pg.Pool, log: FastifyBaseLogger, closers: Closers) {
  const { broadcastPerSecond } = config
  log.info({ sessions: config.sessions.kind }, 'sessions')
  if (config.sessions.kind === 'table')
    return {
      sessions: createTableSessions(pool) as Sessions,
      gate: createMemoryGate(broadcastPerSecond),
      ping: async () => true,
    }
  const onFault = (fault: StoreFault) => log.warn({ fault: fault.message }, 'redis')
  const redis =
    config.sessions.kind === 'cluster'
      ? connectRedisCluster(config.sessions.nodes, onFault)
      : connectRedis(config.sessions.url, onFault)
  closers.push(() => redis.disconnect())
  return {
    sessions: createRedisSessions(redis),
    gate: createRedisGate(redis, broadcastPerSecond),
    ping: async () => (await redis.ping()) === 'PONG',
  }
}

function openTelegram({ telegram }: Config, parts: Parameters<typeof connectTelegram>[0]['parts']) {
  if (telegram.kind === 'off') return undefined
  const { token, apiRoot } = telegram
  return connectTelegram({
    // Only the library that is used is loaded.
    makeDriver: async () =>
      telegram.driver === 'grammy'
        ? (await import('./channels/grammy.js')).createGrammyDriver({ token, apiRoot })
        : (await import('./channels/telegraf.js')).createTelegrafDriver({ token, apiRoot }),
    webhook: telegram.kind === 'webhook' ? telegram : null,
    parts,
  })
}
