/** What is refused at the webhook: with which status, counted as what, and without the channel ever hearing of it. */
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LineTooLong, TooMuchInHand } from '../../src/app/in-order.js'
import { StoreFault } from '../../src/app/ports.js'
import { createTally } from '../../src/app/tally.js'
import { createReadiness } from '../../src/http/readiness.js'
import { createServer } from '../../src/http/server.js'
import { addWebhook, LARGEST_UPDATE_BYTES, type TakeUpdate } from '../../src/http/webhook.js'

const SECRET = 'a-secret-of-the-tests'
const HEADERS = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET }

async function open(take: TakeUpdate = async () => undefined) {
  const server = createServer({ log: pino({ level: 'silent' }), health: { ready: async () => ({}) } })
  const tally = createTally()
  const taken: object[] = []
  const note: TakeUpdate = (update) => {
    taken.push(update)
    return take(update)
  }
  addWebhook(server, { path: '/telegram', secret: SECRET, take: note, count: tally.count })
  await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  const { port } = server.server.address() as AddressInfo

  const post = (body: string | Buffer, headers: Record<string, string> = HEADERS) =>
    fetch(`http://127.0.0.1:${port}/telegram`, { method: 'POST', headers, body })
  return { post, taken, tally, port }
}

const json = (text: string) => Buffer.from(`{"update_id":1,"message":{"text":"${text}"}}`)

describe('a request to the webhook', () => {
  it.each<[what: string, status: number, counted: string, body: string | Buffer, headers?: Record<string, string>]>([
    ['without the secret', 401, 'wrong_secret', '{"update_id":1}', { 'content-type': 'application/json' }],
    [
      'with another secret',
      401,
      'wrong_secret',
      '{"update_id":1}',
      { ...HEADERS, 'x-telegram-bot-api-secret-token': 'b' },
    ],
    ...[SECRET.slice(0, -1), `${SECRET}x`, 'x'.repeat(300), ''].map(
      (got): [string, number, string, string, Record<string, string>] => [
        `with the secret \`${got.slice(0, 30)}\` of ${got.length} characters`,
        401,
        'wrong_secret',
        '{"update_id":1}',
        { ...HEADERS, 'x-telegram-bot-api-secret-token': got },
      ],
    ),
    ['with a body over the limit', 413, 'too_large', json('x'.repeat(LARGEST_UPDATE_BYTES))],
    ['with half a JSON', 400, 'not_json', '{"update_id":1'],
    ['with nothing', 400, 'not_json', ''],
    [
      'with a form',
      415,
      'not_json',
      'update_id=1',
      { ...HEADERS, 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['with a forged prototype', 400, 'not_json', '{"update_id":1,"__proto__":{"a":1}}'],
    [
      'with a byte that is no UTF-8',
      400,
      'not_utf8',
      Buffer.concat([json('').subarray(0, 34), Buffer.from([0xff]), json('').subarray(34)]),
    ],
    [
      'with half a character',
      400,
      'not_utf8',
      Buffer.concat([json('').subarray(0, 34), Buffer.from([0xe7, 0xa4]), json('').subarray(34)]),
    ],
    ['with a list', 400, 'not_an_update', '[1]'],
    ['with a number that is none', 400, 'not_an_update', '{"update_id":"1"}'],
    ['with half a number', 400, 'not_an_update', '{"update_id":1.5}'],
  ])('%s is refused with %i', async (_, status, counted, body, headers) => {
    const { post, taken, tally } = await open()
    expect((await post(body, headers)).status).toBe(status)
    expect(tally.news()).toEqual({ [counted]: 1 })
    expect(taken).toEqual([])
    // And the next one is served.
    expect((await post('{"update_id":1}')).status).toBe(200)
    expect(tally.news()).toBeUndefined()
  })

  it('is taken as it was sent, with whatever characters there are', async () => {
    const { post, taken } = await open()
    expect((await post(json('十二 😀 \\ud800 \\u0000'))).status).toBe(200)
    expect(taken).toEqual([{ update_id: 1, message: { text: '十二 😀 \ud800 \0' } }])
  })

  it('without the secret is answered before its body has come, and its connection ends', async () => {
    const { port } = await open()
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': String(100 * 1024 * 1024) }
      const posting = request({ port, path: '/telegram', method: 'POST', headers }, (response) => {
        response.resume()
        response.socket.once('close', () => resolve(response.statusCode))
      })
      posting.on('error', reject)
      posting.write('{"update_id":1')
    })
    expect(status).toBe(401)
  })

  it.each([
    ['cannot be saved now', new StoreFault('away', true, undefined), 503, '5'],
    ['is one of too many', new TooMuchInHand(), 503, '5'],
    ['is one of too many of one person', new LineTooLong(), 429, null],
    ['meets a fault that stays', new StoreFault('bad', false, undefined), 500, null],
    ['meets a fault of the program', new Error('ours'), 500, null],
  ])('that %s is brought again', async (_, fault, status, after) => {
    const { post } = await open(() => Promise.reject(fault))
    const response = await post('{"update_id":1}')
    expect(response.status).toBe(status)
    expect(response.headers.get('retry-after')).toBe(after)
  })
})

describe('readiness', () => {
  it('asks a hanging part once, says within two seconds that it is away, and that it is back', async () => {
    let asked = 0
    let back = () => {}
    const hanging = new Promise<void>((resolve) => {
      back = resolve
    })
    const ready = createReadiness({
      sound: async () => 'PONG',
      broken: () => Promise.reject(new Error('away')),
      hanging: () => {
        asked += 1
        return hanging.then(() => true)
      },
    })
    const began = performance.now()
    const [first] = await Promise.all(Array.from({ length: 100 }, ready))
    expect(first).toEqual({ sound: true, broken: false, hanging: false })
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(asked).toBe(1)
    back()
    await hanging
    expect(await ready()).toMatchObject({ hanging: true })
  })
})
