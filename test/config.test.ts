import { describe, expect, it } from 'vitest'
import { ConfigFault, isLoopback, readConfig, VARIABLES } from '../src/config.js'

const TOKEN = '123456:ABC-def_ghi'
const SECRET = 'webhook-secret-0123456789'

/** Every fault that an environment has. */
function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults
    throw error
  }
  return []
}

describe('the defaults', () => {
  const BARE = {
    http: { host: '127.0.0.1', port: 8080, publicUrl: null },
    telegram: { kind: 'off' },
    database: { kind: 'embedded', directory: 'data' },
    sessions: { kind: 'table' },
    demo: true,
    broadcastPerSecond: 30,
    logLevel: 'info',
    defaultLanguage: 'zh-CN',
    cookieSecret: null,
  }

  it('need nothing at all: embedded database, web chat on this machine, demo', () => {
    expect(readConfig({})).toEqual(BARE)
  })

  it('are what VARIABLES says', () => {
    expect(readConfig(VARIABLES)).toEqual(BARE)
  })

  it('hold where a variable is empty or blank, as in .env files', () => {
    const empty = Object.fromEntries(Object.keys(VARIABLES).map((name, i) => [name, i % 2 ? '' : '  ']))
    expect(readConfig(empty)).toEqual(BARE)
  })

  it('are not changed by variables of others', () => {
    expect(readConfig({ PATH: '/bin', NODE_ENV: 'production', port: '1' })).toEqual(BARE)
  })
})

describe('Telegram', () => {
  const access = { driver: 'grammy', token: TOKEN, apiRoot: 'https://api.telegram.org' }

  it.each([
    ['is off without a token', {}, { kind: 'off' }],
    [
      'is off without a token, whatever else is set',
      { PUBLIC_URL: 'https://a.cn', WEBHOOK_SECRET: SECRET },
      { kind: 'off' },
    ],
    ['polls with a token alone', { BOT_TOKEN: TOKEN }, { kind: 'polling', ...access }],
    [
      'polls where only the secret is set',
      { BOT_TOKEN: TOKEN, WEBHOOK_SECRET: SECRET },
      { kind: 'polling', ...access },
    ],
    [
      'takes a webhook where the public address is known',
      { BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://hexie.example.cn/', WEBHOOK_SECRET: SECRET },
      { kind: 'webhook', publicUrl: 'https://hexie.example.cn', secret: SECRET, ...access },
    ],
    [
      'takes the other driver, and another Bot API without its slash',
      { BOT_TOKEN: TOKEN, TELEGRAM_DRIVER: 'telegraf', TELEGRAM_API_ROOT: 'http://127.0.0.1:8081/' },
      { kind: 'polling', driver: 'telegraf', token: TOKEN, apiRoot: 'http://127.0.0.1:8081' },
    ],
  ])('%s', (_, environment, telegram) => {
    expect(readConfig(environment).telegram).toEqual(telegram)
  })

  it('refuses a webhook without a secret', () => {
    expect(faultsOf({ BOT_TOKEN: TOKEN, PUBLIC_URL: 'https://hexie.example.cn' })).toEqual([
      'WEBHOOK_SECRET: Expected a secret, because PUBLIC_URL makes Telegram deliver by webhook',
    ])
  })
})

describe('the stores', () => {
  it.each([
    [{ DATA_DIR: '/data' }, { kind: 'embedded', directory: '/data' }, { kind: 'table' }],
    [
      { DATABASE_URL: 'postgresql://u:p@db/hexie', DATA_DIR: '/data' },
      { kind: 'postgres', url: 'postgresql://u:p@db/hexie' },
      { kind: 'table' },
    ],
    [
      { DATABASE_URL: 'postgres://db/hexie', REDIS_URL: 'rediss://cache:6380/2' },
      { kind: 'postgres', url: 'postgres://db/hexie' },
      { kind: 'redis', url: 'rediss://cache:6380/2' },
    ],
    [
      { DATABASE_URL: 'postgres://db/hexie', REDIS_URL: 'redis://:a,b@cache' },
      { kind: 'postgres', url: 'postgres://db/hexie' },
      { kind: 'redis', url: 'redis://:a,b@cache' },
    ],
    [
      { DATABASE_URL: 'postgres://db/hexie', REDIS_URL: 'redis://u:p@a:7000, redis://u:p@b,redis://u:p@c:7000/' },
      { kind: 'postgres', url: 'postgres://db/hexie' },
      { kind: 'cluster', nodes: ['redis://u:p@a:7000', 'redis://u:p@b', 'redis://u:p@c:7000/'] },
    ],
  ])('%o', (environment, database, sessions) => {
    expect(readConfig(environment)).toMatchObject({ database, sessions })
  })
})

describe('the demo community', () => {
  it.each([
    ['127.0.0.1', '', true],
    ['localhost', '', true],
    ['::1', '', true],
    ['0.0.0.0', '', false],
    ['::', '', false],
    ['192.168.1.20', '', false],
    ['0.0.0.0', '1', true],
    ['127.0.0.1', '0', false],
  ])('on %s with DEMO=%s: %s', (HOST, DEMO, open) => {
    expect(readConfig({ HOST, DEMO }).demo).toBe(open)
  })

  it.each(['localhost.example.cn', '1127.0.0.1', '127.0.0.1.example.cn', '127.1', '10.0.0.1', ''])(
    'does not take %s for this machine',
    (host) => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})

describe('faults', () => {
  it.each([
    ['PORT', ['0', '8080', '65535'], ['-1', '65536', '80.5', 'http', '8080a']],
    ['DEFAULT_LANGUAGE', ['zh-CN', 'en'], ['zh', 'EN', 'fr']],
    ['LOG_LEVEL', ['fatal', 'silent'], ['verbose', 'INFO']],
    ['BROADCAST_PER_SECOND', ['1', '1000'], ['0', '1001', '2.5', 'many']],
    ['DEMO', ['0', '1'], ['true', 'yes', '2']],
    ['TELEGRAM_DRIVER', ['grammy', 'telegraf'], ['Grammy', 'node']],
    ['BOT_TOKEN', [TOKEN], ['token', '123456', '123456:', 'abc:def', `${TOKEN} x`]],
    ['TELEGRAM_API_ROOT', ['http://127.0.0.1:8081', 'https://a.cn/tg'], ['api.telegram.org', 'ftp://a.cn']],
    [
      'PUBLIC_URL',
      ['https://a.cn', 'https://a.cn:8443/', 'http://127.0.0.1:8080', 'http://localhost'],
      ['a.cn', 'http://a.cn', 'https://a.cn/path', 'ftp://a.cn'],
    ],
    [
      'WEBHOOK_SECRET',
      [SECRET, 'x', 'x'.repeat(256)],
      ['two words', 'x'.repeat(257), '密钥密钥密钥密钥密钥密钥密钥密钥'],
    ],
    ['DATABASE_URL', ['postgres://a/b', 'postgresql://a/b'], ['mysql://a/b', 'localhost']],
    [
      'REDIS_URL',
      ['redis://a', 'rediss://a:1', 'redis://a,redis://b:7001/0'],
      ['http://a', 'localhost:6379', 'redis://a,rediss://b', 'redis://a/1,redis://b/1', 'redis://u:p@a,redis://b'],
    ],
    ['COOKIE_SECRET', ['x'.repeat(32)], ['x'.repeat(31)]],
  ])('%s', (name, sound, broken) => {
    for (const value of sound) expect(faultsOf({ [name]: value }), value).toEqual([])
    for (const value of broken) {
      const faults = faultsOf({ [name]: value })
      expect(faults, value).toHaveLength(1)
      expect(faults[0]).toMatch(new RegExp(`^${name}: Expected `))
    }
  })

  const BROKEN = {
    PORT: 'hidden-port',
    DEFAULT_LANGUAGE: 'hidden-language',
    LOG_LEVEL: 'hidden-level',
    DEMO: 'hidden-demo',
    TELEGRAM_DRIVER: 'hidden-driver',
    BOT_TOKEN: 'hidden-token',
    TELEGRAM_API_ROOT: 'hidden-root',
    PUBLIC_URL: 'hidden-address',
    WEBHOOK_SECRET: 'hidden secret',
    DATABASE_URL: 'mysql://user:hidden@db/hexie',
    REDIS_URL: 'http://user:hidden@cache',
    COOKIE_SECRET: 'hidden-cookie',
  }

  it('are all reported at once, each with its variable', () => {
    const names = faultsOf(BROKEN).map((fault) => fault.split(':')[0]!)
    expect(names.sort()).toEqual(Object.keys(BROKEN).sort())
  })

  it('never hold a value, because it may be a secret', () => {
    expect(() => readConfig(BROKEN)).toThrow(ConfigFault)
    expect(faultsOf(BROKEN).join('\n')).not.toContain('hidden')
    try {
      readConfig(BROKEN)
    } catch (error) {
      expect(String((error as Error).stack)).not.toContain('hidden')
      expect((error as Error).message).toContain(`found ${Object.keys(BROKEN).length} fault(s)`)
    }
  })
})
