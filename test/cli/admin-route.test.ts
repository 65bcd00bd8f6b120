/** The command line's way into a running server: who is let in, and what they may say. */
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { AdminCommand } from '../../src/app/admin-command.js'
import { MOST_LINKED, MOST_ROWS } from '../../src/app/admin-command.js'
import { StoreFault } from '../../src/app/ports.js'
import { ADMIN_PATH, addAdminRoute } from '../../src/http/admin-route.js'
import { createServer } from '../../src/http/server.js'

const KEY = randomBytes(32).toString('base64url')
const ROW = { name: '渝康社区', street: '礼嘉街道', households: 3200, grids: 12, timeZone: 'Asia/Shanghai' }
const INVITE = { command: 'invite', role: 'admin', community: null, uses: 1, days: 7 }

function stage(fault?: Error) {
  const taken: AdminCommand[] = []
  const server = createServer({ log: pino({ level: 'silent' }), health: { ready: async () => ({}) } })
  addAdminRoute(server, {
    key: KEY,
    run: async (command) => {
      if (fault) throw fault
      taken.push(command)
      return { type: 'linked', openings: [] }
    },
  })
  const post = async (body: unknown, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') => {
    const { statusCode } = await server.inject({
      method: 'POST',
      url: ADMIN_PATH,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
      remoteAddress,
    })
    return statusCode
  }
  return { post, taken }
}

describe('the key', () => {
  it('opens, and nothing else does', async () => {
    const { post, taken } = stage()
    expect(await post(INVITE)).toBe(200)
    expect(await post(INVITE, {}, '::1')).toBe(200)
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      KEY,
      `Basic ${KEY}`,
      `Bearer ${KEY}x`,
      `Bearer ${KEY.slice(1)}`,
    ])
      expect([authorization, await post(INVITE, { authorization })]).toEqual([authorization, 401])
    expect(taken).toEqual([INVITE, INVITE])
  })
})

describe('who does not come straight from this machine', () => {
  it.each([
    ['an address of another machine', {}, '192.0.2.7'],
    ['a proxy that names the visitor', { 'x-forwarded-for': '192.0.2.7' }],
    ['a proxy that names this machine', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy by the standard', { forwarded: 'for=127.0.0.1' }],
    ['a proxy of nginx', { 'x-real-ip': '127.0.0.1' }],
    ['a proxy that passes a name on', { 'x-forwarded-host': 'localhost' }],
    ['a proxy on the way', { via: '1.1 proxy' }],
    ['a proxy that only keeps the name', { host: 'hexie.example.cn' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of this very server', { origin: 'http://localhost:80' }],
    ['a page without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['a page without a name', { origin: 'null' }],
  ])('is refused even with the key: %s', async (_, headers: Record<string, string>, from = '127.0.0.1') => {
    const { post, taken } = stage()
    expect(await post(INVITE, headers, from)).toBe(403)
    expect(taken).toEqual([])
  })
})

describe('a command', () => {
  const LIST = { command: 'import', rows: [ROW] }
  it.each([
    ['an invitation into a community', { ...INVITE, role: 'head', community: '渝康社区' }],
    ['an assessor of a community', { ...INVITE, role: 'assessor', community: '渝康社区' }],
    ['a list', LIST],
    [
      'a row that leaves everything open',
      { ...LIST, rows: [{ ...ROW, households: null, grids: null, timeZone: null }] },
    ],
    ['links', { command: 'links', communities: ['c0123456789'] }],
  ])('is taken: %s', async (_, body) => {
    const { post, taken } = stage()
    expect(await post(body)).toBe(200)
    expect(taken).toEqual([body])
  })

  it.each([
    ['nothing', {}],
    ['no object', 'null'],
    ['a list of commands', [INVITE]],
    ['no JSON', '{'],
    ['an unknown command', { command: 'erase' }],
    ['a key too many', { ...INVITE, by: 'me' }],
    ['a key too few', { command: 'invite', role: 'admin', community: null, uses: 1 }],
    ['an unknown role', { ...INVITE, role: 'owner' }],
    ['an admin of a community', { ...INVITE, community: '渝康社区' }],
    ['a head of nothing', { ...INVITE, role: 'head' }],
    ['no uses', { ...INVITE, uses: 0 }],
    ['uses without end', { ...INVITE, uses: null }],
    ['half a day', { ...INVITE, days: 0.5 }],
    ['years', { ...INVITE, days: 366 }],
    ['no rows', { ...LIST, rows: [] }],
    ['rows that are none', { ...LIST, rows: { length: 1, 0: ROW } }],
    ['a row twice', { ...LIST, rows: [ROW, ROW] }],
    [
      'too many rows',
      { ...LIST, rows: Array.from({ length: MOST_ROWS + 1 }, (_, i) => ({ ...ROW, name: `${i}号社区` })) },
    ],
    ['a row with an id', { ...LIST, rows: [{ ...ROW, id: 'c1' }] }],
    ['a formula for a name', { ...LIST, rows: [{ ...ROW, name: '=1+1社区' }] }],
    ['a blank before a name', { ...LIST, rows: [{ ...ROW, name: ' 渝康社区' }] }],
    ['no street', { ...LIST, rows: [{ ...ROW, street: '' }] }],
    ['a number as text', { ...LIST, rows: [{ ...ROW, grids: '12' }] }],
    ['no zone', { ...LIST, rows: [{ ...ROW, timeZone: '+08:00' }] }],
    ['links for nobody', { command: 'links', communities: [] }],
    ['links for too many', { command: 'links', communities: Array(MOST_LINKED + 1).fill('c1') }],
    ['links for what is no id', { command: 'links', communities: ["c1' OR 1=1"] }],
  ])('is refused: %s', async (_, body) => {
    const { post, taken } = stage()
    expect(await post(body)).toBe(400)
    expect(taken).toEqual([])
  })

  it('has a largest size, and nobody without the key makes the server read one', async () => {
    const { post } = stage()
    const huge = JSON.stringify({ ...LIST, x: 'x'.repeat(4_000_000) })
    expect(await post(huge)).toBe(413)
    expect(await post(huge, { authorization: 'Bearer x' })).toBe(401)
    const longest = {
      name: '社'.repeat(40),
      street: '街'.repeat(40),
      households: 999_999,
      grids: 9_999,
      timeZone: 'Asia/Shanghai',
    }
    const rows = Array.from({ length: MOST_ROWS }, (_, i) => ({ ...longest, name: `${longest.name}${i}`.slice(-40) }))
    expect(await post({ command: 'import', rows })).toBe(200)
  })

  it('says whether trying again may help where a store fails', async () => {
    expect(await stage(new StoreFault('down', true, undefined)).post(INVITE)).toBe(503)
    expect(await stage(new StoreFault('broken', false, undefined)).post(INVITE)).toBe(500)
    expect(await stage(new Error('bug')).post(INVITE)).toBe(500)
  })
})
