/** Wires ports to adapters: the only file that knows every layer. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type pg from 'pg'
import { startBackground } from './app/background.js'
import type { Desk, Links } from './app/desk.js'
import { createDispatch, type Dispatch } from './app/dispatch.js'
import type { Sessions } from './app/ports.js'
import { createRenewal } from './app/results.js'
import { createGrammyDriver } from './channels/grammy.js'
import { createTelegrafDriver } from './channels/telegraf.js'
import { WEBHOOK_PATH } from './channels/telegram/channel.js'
import { connectTelegram } from './channels/telegram/connect.js'
import type { Config } from './config.js'
import { loadLibrary } from './content/load.js'
import { LANGUAGES, loadLocales } from './content/locales.js'
import { createShelf, shelved } from './content/shelf.js'
import { createServer } from './http/server.js'
import { webChat } from './http/web-chat.js'
import { addWebhook } from './http/webhook.js'
import { radarPng } from './reports/radar.js'
import { createAuditLog } from './store/audit.js'
import { createCommunities } from './store/communities.js'
import { findTemplate } from './store/embedded-template.js'
import { createInvitations } from './store/invitations.js'
import { createLedger } from './store/ledger.js'
import { createMembers } from './store/members.js'
import { migrate } from './store/migrate.js'
import { createOutbox } from './store/outbox.js'
import { openPglite } from './store/pglite.js'
import { openPostgres } from './store/postgres.js'
import { createRecords } from './store/records.js'
import { connectRedis, createRedisSessions } from './store/redis-sessions.js'
import { createRounds } from './store/rounds.js'
import { createTableSessions } from './store/table-sessions.js'
import { createWork } from './store/work.js'

/** How long a store may take to say that it is there. */
const READY_WITHIN_MS = 2000
/** Characters of an invitation's code: 144 bits in base64url. */
const CODE_LENGTH = 24
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

/** Builds the whole program from a configuration. `root` is the folder that holds rubric/, prompts/, locales/ and prisma/. */
export async function compose(
  config: Config,
  { root, log }: { root: string; log: FastifyBaseLogger },
): Promise<Program> {
  const library = loadLibrary(root, LANGUAGES)
  const locales = loadLocales(root, config.defaultLanguage)
  const closers: (() => Promise<unknown> | unknown)[] = []
  try {
    const pool = await openDatabase(config, root, log, closers)
    const { sessions, ping } = openSessions(config, pool, log, closers)
    const records = createRecords(pool)
    await records.keepRubric(library.current.hash, shelved(library.current))
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
      rounds: createRounds(pool),
      work: createWork(pool),
      renewal: createRenewal(),
      drawRadar: (chart) => radarPng(chart),
      links: linksOf(config, () => records.setting(BOT_USERNAME, () => '')),
      books: createShelf(library, (hash) => records.rubric(hash)),
      locales,
      defaultLanguage: config.defaultLanguage,
      log,
      now: Date.now,
      wait,
      newPersonId: () => `p${randomBytes(9).toString('hex').slice(0, 15)}`,
      sheetIdFor: (address, input) => `s${sha256(`${address} ${input}`).slice(0, 13)}`,
      idFor: (letter, ...of) => letter + sha256(of.join('\n')).slice(0, 10),
      codeFor: (address, input) =>
        createHmac('sha256', secret).update(`${address}\n${input}`).digest('base64url').slice(0, CODE_LENGTH),
      hash: sha256,
    }
    const dispatch = createDispatch(desk)
    const server = createServer({ log, health: { ready: () => readiness(pool, ping) } })
    const telegram = openTelegram(config, {
      dispatch,
      locales,
      defaultLanguage: config.defaultLanguage,
      log,
      wait,
      onBot: (username) => records.setSetting(BOT_USERNAME, username),
    })
    if (telegram && config.telegram.kind === 'webhook')
      addWebhook(server, { path: WEBHOOK_PATH, secret: config.telegram.secret, take: telegram.take })
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
      keepFile: records.keepFile,
    })
    let stopped: Promise<void> | undefined
    let stopBackground = async () => {}
    const stop = async () => {
      await telegram?.stopTaking()
      await stopBackground()
      await server.close() // waits for the webhooks in hand, which still speak
      await telegram?.close()
      for (const close of closers.reverse()) await close()
    }
    return {
      server,
      dispatch,
      async start() {
        const url = await server.listen({ host: config.http.host, port: config.http.port })
        telegram?.start()
        stopBackground = startBackground(desk, telegram ? { 'telegram:': telegram.push } : {})
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

async function openDatabase(config: Config, root: string, log: FastifyBaseLogger, closers: Closers): Promise<pg.Pool> {
  const onFault = (fault: Error) => log.error({ fault: fault.message }, 'database')
  let pool: pg.Pool
  if (config.database.kind === 'embedded') {
    const template = findTemplate(root)
    const embedded = await openPglite({
      directory: join(config.database.directory, 'pglite'),
      ...(template ? { template } : {}),
      onFault,
    })
    closers.push(() => embedded.close())
    pool = embedded.pool
  } else {
    pool = openPostgres(config.database.url, onFault)
    closers.push(() => pool.end())
  }
  const applied = await migrate(pool, join(root, 'prisma', 'migrations'))
  log.info({ database: config.database.kind, applied: applied.length }, 'database is ready')
  return pool
}

function openSessions(config: Config, pool: pg.Pool, log: FastifyBaseLogger, closers: Closers) {
  log.info({ sessions: config.sessions.kind }, 'sessions')
  if (config.sessions.kind === 'table')
    return { sessions: createTableSessions(pool) as Sessions, ping: async () => true }
  const redis = connectRedis(config.sessions.url, (fault) => log.warn({ fault: fault.message }, 'redis'))
  closers.push(() => redis.disconnect())
  return { sessions: createRedisSessions(redis), ping: async () => (await redis.ping()) === 'PONG' }
}

async function readiness(pool: pg.Pool, ping: () => Promise<boolean>): Promise<Record<string, boolean>> {
  const within = async (asked: Promise<unknown>): Promise<boolean> => {
    const late = sleep(READY_WITHIN_MS, false, { ref: false })
    return Promise.race([asked.then(Boolean), late]).catch(() => false)
  }
  const [database, sessions] = await Promise.all([within(pool.query('SELECT 1')), within(ping())])
  return { database, sessions }
}

function openTelegram({ telegram }: Config, parts: Parameters<typeof connectTelegram>[0]['parts']) {
  if (telegram.kind === 'off') return undefined
  const { token, apiRoot } = telegram
  const makeDriver = telegram.driver === 'grammy' ? createGrammyDriver : createTelegrafDriver
  return connectTelegram({
    makeDriver: () => makeDriver({ token, apiRoot }),
    webhook: telegram.kind === 'webhook' ? telegram : null,
    parts,
  })
}

/** Where a code is opened: in the bot, once its name is known, and on the web page. */
function linksOf({ http, telegram }: Config, username: () => Promise<string>): Links {
  const base = http.publicUrl ?? `http://${http.host}:${http.port}`
  return {
    telegram: async (code) => {
      const name = telegram.kind === 'off' ? '' : await username()
      return name === '' ? null : `https://t.me/${name}?start=${code}`
    },
    web: (code) => `${base}/i/${code}`,
  }
}
