/** Environment → configuration, checked as a whole: every fault is reported at once, and nothing else reads the environment. */
import { LANGUAGES } from './content/locales.js'

export type Config = {
  readonly http: {
    readonly host: string
    readonly port: number /** Without a trailing slash; null where it is not known from outside. */
    readonly publicUrl: string | null
  }
  readonly telegram:
    | { readonly kind: 'off' }
    | ({ readonly kind: 'polling' } & TelegramAccess)
    | ({ readonly kind: 'webhook'; readonly publicUrl: string; readonly secret: string } & TelegramAccess)
  readonly database:
    | { readonly kind: 'embedded'; readonly directory: string }
    | { readonly kind: 'postgres'; readonly url: string }
  readonly sessions:
    | { readonly kind: 'table' }
    | { readonly kind: 'redis'; readonly url: string }
    /** Addresses of some of its nodes; the others are found by themselves. */
    | { readonly kind: 'cluster'; readonly nodes: readonly string[] }
  /** Whether the demo community and its open links exist. */
  readonly demo: boolean
  /** Messages a second that a notice may take in all; Telegram gives more than 30 only for pay. */
  readonly broadcastPerSecond: number
  readonly logLevel: string
  readonly defaultLanguage: string
  /** Signs the web chat's cookies; null: one is made and kept in the database. */
  readonly cookieSecret: string | null
}

type TelegramAccess = { readonly driver: 'grammy' | 'telegraf'; readonly token: string; readonly apiRoot: string }

/** Every variable with its default; the README and .env.example list just these, and a test compares them. */
export const VARIABLES = {
  BOT_TOKEN: '',
  TELEGRAM_DRIVER: 'grammy',
  TELEGRAM_API_ROOT: 'https://api.telegram.org',
  PUBLIC_URL: '',
  WEBHOOK_SECRET: '',
  DATABASE_URL: '',
  REDIS_URL: '',
  HOST: '127.0.0.1',
  PORT: '8080',
  DATA_DIR: 'data',
  DEFAULT_LANGUAGE: 'zh-CN',
  DEMO: '',
  COOKIE_SECRET: '',
  BROADCAST_PER_SECOND: '30',
  LOG_LEVEL: 'info',
} as const

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
/** What Telegram allows. */
const WEBHOOK_SECRET = /^[A-Za-z0-9_-]{1,256}$/
const SHORTEST_COOKIE_SECRET = 32
/** A password may hold a comma; an address begins after one only where its scheme stands there. */
const BETWEEN_NODES = /\s*,\s*(?=rediss?:\/\/)/
/** https://core.telegram.org/bots/api#sendmessage, allow_paid_broadcast. */
const MOST_PER_SECOND = 1000
/** What Telegram lets a bot send for nothing: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. */
export const FREE_PER_SECOND = 30

/** Shorter webhook secrets are taken, since some set-ups have them, but said to be weak at the start. */
export const SHORTEST_STRONG_SECRET = 16

export class ConfigFault extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(
      `Expected a sound configuration, found ${faults.length} fault(s):\n${faults.map((one) => `- ${one}`).join('\n')}`,
    )
    this.name = 'ConfigFault'
    this.faults = faults
  }
}

/** Reads the configuration. Throws a `ConfigFault` that names every fault; values of secrets are never in it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const faults: string[] = []
  const get = (name: keyof typeof VARIABLES): string => environment[name]?.trim() || VARIABLES[name]
  const check = (sound: boolean, name: keyof typeof VARIABLES, expected: string) => {
    if (!sound) faults.push(`${name}: Expected ${expected}`)
  }
  const port = Number(get('PORT'))
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, 'PORT', 'a port from 0 to 65535, for example 8080')
  check(
    (LANGUAGES as readonly string[]).includes(get('DEFAULT_LANGUAGE')),
    'DEFAULT_LANGUAGE',
    `one of ${LANGUAGES.join(', ')}`,
  )
  check(LOG_LEVELS.includes(get('LOG_LEVEL')), 'LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`)
  check(['', '0', '1'].includes(get('DEMO')), 'DEMO', '1, 0 or nothing')
  const driver = get('TELEGRAM_DRIVER')
  check(driver === 'grammy' || driver === 'telegraf', 'TELEGRAM_DRIVER', 'grammy or telegraf')
  const token = get('BOT_TOKEN')
  check(token === '' || /^\d+:[A-Za-z0-9_-]+$/.test(token), 'BOT_TOKEN', 'a token from @BotFather, like 123456:ABC-DEF')
  const apiRoot = withoutSlash(get('TELEGRAM_API_ROOT'))
  check(
    isUrl(apiRoot, ['http:', 'https:']),
    'TELEGRAM_API_ROOT',
    'an http or https address, for example https://api.telegram.org',
  )
  const publicUrl = withoutSlash(get('PUBLIC_URL'))
  check(
    publicUrl === '' || isPublic(publicUrl),
    'PUBLIC_URL',
    'an https address without a path, for example https://hexie.example.cn',
  )
  const secret = get('WEBHOOK_SECRET')
  const webhook = token !== '' && publicUrl !== ''
  check(!webhook || secret !== '', 'WEBHOOK_SECRET', 'a secret, because PUBLIC_URL makes Telegram deliver by webhook')
  check(secret === '' || WEBHOOK_SECRET.test(secret), 'WEBHOOK_SECRET', '1 to 256 letters, digits, _ or -')
  const database = get('DATABASE_URL')
  check(database === '' || isUrl(database, ['postgres:', 'postgresql:']), 'DATABASE_URL', 'a postgresql:// address')
  const redis = get('REDIS_URL').split(BETWEEN_NODES)
  check(
    redis[0] === '' ||
      (redis.every((url) => isUrl(url, ['redis:', 'rediss:'])) && (redis.length === 1 || isCluster(redis))),
    'REDIS_URL',
    'a redis:// or rediss:// address, or those of several nodes of one Redis Cluster, which has no database numbers',
  )
  const cookieSecret = get('COOKIE_SECRET')
  check(
    cookieSecret === '' || cookieSecret.length >= SHORTEST_COOKIE_SECRET,
    'COOKIE_SECRET',
    'at least 32 characters, or nothing',
  )
  const perSecond = Number(get('BROADCAST_PER_SECOND'))
  check(
    Number.isInteger(perSecond) && perSecond >= 1 && perSecond <= MOST_PER_SECOND,
    'BROADCAST_PER_SECOND',
    'a whole number from 1 to 1000, for example 30',
  )
  if (faults.length > 0) throw new ConfigFault(faults)

  const host = get('HOST')
  const access = { driver: driver as 'grammy' | 'telegraf', token, apiRoot }
  return {
    http: { host, port, publicUrl: publicUrl === '' ? null : publicUrl },
    telegram:
      token === ''
        ? { kind: 'off' }
        : webhook
          ? { kind: 'webhook', publicUrl, secret, ...access }
          : { kind: 'polling', ...access },
    database: database === '' ? { kind: 'embedded', directory: get('DATA_DIR') } : { kind: 'postgres', url: database },
    sessions:
      redis.length > 1
        ? { kind: 'cluster', nodes: redis }
        : redis[0] === ''
          ? { kind: 'table' }
          : { kind: 'redis', url: redis[0]! },
    // Open links are for trying out on one's own machine; whoever can be reached from outside must want them. A proxy on
    // this machine makes a loopback listener public, and PUBLIC_URL says so.
    demo: get('DEMO') === '1' || (get('DEMO') === '' && isLoopback(host) && isOwnMachine(publicUrl)),
    broadcastPerSecond: perSecond,
    logLevel: get('LOG_LEVEL'),
    defaultLanguage: get('DEFAULT_LANGUAGE'),
    cookieSecret: cookieSecret === '' ? null : cookieSecret,
  }
}

/** Where the web chat is opened. Nobody can open 0.0.0.0: on this machine the program is at its own address. */
export function webAddress({ http }: Config): string {
  const host = ['0.0.0.0', '::'].includes(http.host) ? '127.0.0.1' : http.host
  return http.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${http.port}`
}

export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host)

const isOwnMachine = (publicUrl: string): boolean => publicUrl === '' || isLoopback(new URL(publicUrl).hostname)

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

function isUrl(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

/** Nodes of one cluster: all by the same scheme, user and password, none with a database number. */
function isCluster(urls: readonly string[]): boolean {
  const [first, ...others] = urls.map((url) => new URL(url))
  const access = ({ protocol, username, password }: URL) => [protocol, username, password].join('\n')
  return [first!, ...others].every((url) => access(url) === access(first!) && ['', '/', '/0'].includes(url.pathname))
}

/** Telegram delivers to https only; plain http is for a Bot API server on the same machine. */
function isPublic(text: string): boolean {
  if (!isUrl(text, ['http:', 'https:'])) return false
  const { protocol, hostname, pathname } = new URL(text)
  return pathname === '/' && (protocol === 'https:' || isLoopback(hostname))
}
