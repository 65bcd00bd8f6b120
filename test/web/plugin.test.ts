/** The routes of the web chat without a browser: cookies, origins, sizes, kinds of files, headers. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineTooLong } from '../../src/app/in-order.js'
import { StoreFault } from '../../src/app/ports.js'
import { loadLocales } from '../../src/content/locales.js'
import { createServer } from '../../src/http/server.js'
import { webChat } from '../../src/http/web-chat.js'
import { SCRIPT_WORDS } from '../../src/http/web-page.js'
import { createDatabase } from '../support/databases.js'
import { openSite, ROOT, type Site } from './start.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('the routes of the web chat', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let site: Site
  let ids = 1_000
  beforeAll(async () => {
    database = await createDatabase()
    site = await openSite({ kind: 'postgres', url: database.url })
  })
  afterAll(async () => {
    await site.stop()
    await database.drop()
  })

  const inject = (options: object) => site.program().server.inject(options)
  async function newCookie(): Promise<string> {
    const response = await inject({ url: '/demo' })
    return String(response.headers['set-cookie']).split(';')[0]!
  }
  const send = (cookie: string | null, payload: object | string, headers: Record<string, string> = {}) =>
    inject({
      method: 'POST',
      url: '/chat/input',
      headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...headers },
      payload,
    })
  const look = () => ({ id: String(ids++), kind: 'look' })
  const upload = (cookie: string, payload: Buffer, query = '') =>
    inject({
      method: 'POST',
      url: `/chat/file?id=${ids++}${query}`,
      headers: { 'content-type': 'application/octet-stream', cookie },
      payload,
    })

  it('shows a landing page in both languages, with the way into the demo', async () => {
    const chinese = await inject({ url: '/' })
    expect(chinese.statusCode).toBe(200)
    expect(chinese.body).toContain('<html lang="zh-CN">')
    expect(chinese.body).toContain('<a class="enter" href="/demo">进入示范社区</a>')
    const english = await inject({ url: '/?lang=en' })
    expect(english.body).toContain('<html lang="en">')
    expect(english.body).toContain('Enter the demo community')
    expect(chinese.body).toContain('<a class="practise" href="/practice">试评（不计入任何社区）</a>')
    expect(`${chinese.body}${english.body}`).not.toMatch(/\{\{|page\./)
    expect((await inject({ url: '/?lang=<script>' })).body).toContain('<html lang="zh-CN">')
  })

  it('gives a signed cookie that scripts cannot read, and keeps one that is good', async () => {
    const first = await inject({ url: '/demo' })
    expect(first.statusCode).toBe(303)
    expect(first.headers.location).toBe('/chat')
    const set = String(first.headers['set-cookie'])
    expect(set).toMatch(/^hexie=demo-[\w-]{22}\.[^;]+; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/)
    const again = await inject({ url: '/demo', headers: { cookie: set.split(';')[0]! } })
    expect(again.headers['set-cookie']).toBeUndefined()
  })

  it('refuses a missing, forged or borrowed cookie', async () => {
    const good = await newCookie()
    const forged = [
      null,
      'hexie=demo-AAAAAAAAAAAAAAAAAAAAAA',
      good.replace(/demo-./, (start) => `demo-${start.endsWith('A') ? 'B' : 'A'}`),
      `${good}x`,
      'hexie=',
    ]
    for (const cookie of forged) {
      const response = await send(cookie, look())
      expect(response.statusCode).toBe(401)
      expect(response.json()).toMatchObject({ retry: false, sentence: expect.stringMatching(/。$/) })
      const page = await inject({ url: '/chat', headers: cookie ? { cookie } : {} })
      expect([page.statusCode, page.headers.location]).toEqual([303, '/'])
    }
    expect((await send(good, look())).statusCode).toBe(200)
  })

  it('refuses what another site sends, and takes what its own page sends', async () => {
    const cookie = await newCookie()
    for (const origin of ['https://evil.example', 'null', 'http://localhost:81', 'https://localhost.evil.example'])
      expect((await send(cookie, look(), { origin })).statusCode).toBe(403)
    expect((await send(cookie, look(), { origin: 'http://localhost:80' })).statusCode).toBe(200)
    const behindProxy = { origin: 'https://hexie.example.cn', 'sec-fetch-site': 'same-origin' }
    expect((await send(cookie, look(), behindProxy)).statusCode).toBe(200)
  })

  it('answers a look and a press with the card, and says the roles of its buttons', async () => {
    const cookie = await newCookie()
    const welcome = (await send(cookie, look())).json()
    expect(welcome).toMatchObject({
      language: 'zh-CN',
      card: { id: '1', rows: [[{ label: '开始自评', role: 'main' }]] },
    })
    expect((await send(cookie, look())).json().card).toEqual(welcome.card)
    const { data } = welcome.card.rows[0][0]
    const id = String(ids++)
    const asked = (await send(cookie, { id, kind: 'press', data, card: '1' })).json()
    expect(asked.card.id).toBe('2')
    expect(asked.card.rows[0][0].role).toBe('option')
    expect(asked.card.rows.at(-1)[0].role).toBe('way')
    // The same input once more, as after a lost response: nothing is counted twice.
    const repeated = (await send(cookie, { id, kind: 'press', data, card: '1' })).json()
    expect(repeated.card.text).toEqual(asked.card.text)
  })

  it('knows what was typed below an older card', async () => {
    const cookie = await newCookie()
    const { card } = (await send(cookie, look())).json()
    const data = card.rows[0][0].data
    const asked = (await send(cookie, { id: String(ids++), kind: 'press', data, card: card.id })).json()
    const typed = { kind: 'text', text: asked.card.rows[0][0].label }
    const late = (await send(cookie, { ...typed, id: String(ids++), card: card.id })).json()
    expect(late.card.text[0].text).toMatch(/没有保存/)
    const inTime = (await send(cookie, { ...typed, id: String(ids++), card: late.card.id })).json()
    expect(JSON.stringify(inTime.card.text)).toContain('第 2/92 题')
  })

  it('takes commands, typed ones too', async () => {
    const cookie = await newCookie()
    const byMenu = (await send(cookie, { id: String(ids++), kind: 'command', data: 'help' })).json()
    const byHand = (await send(cookie, { id: String(ids++), kind: 'text', text: ' /HELP 怎么用' })).json()
    expect(byHand.card.text).toEqual(byMenu.card.text)
    const coded = { id: String(ids++), kind: 'command', data: 'help', argument: `aZ09_-${'x'.repeat(58)}` }
    expect((await send(cookie, coded)).json().card.text).toEqual(byMenu.card.text)
    const unknown = (await send(cookie, { id: String(ids++), kind: 'text', text: '/fly' })).json()
    expect(unknown.card.text[0].text).toMatch(/没有这个命令/)
  })

  it('answers in the language that was chosen', async () => {
    const cookie = await newCookie()
    const list = (await send(cookie, { id: String(ids++), kind: 'command', data: 'language' })).json()
    const english = list.card.rows.flat().find(({ label }: { label: string }) => label.includes('English'))
    const chosen = await send(cookie, { id: String(ids++), kind: 'press', data: english.data, card: list.card.id })
    expect(chosen.json().language).toBe('en')
    expect((await inject({ url: '/chat', headers: { cookie } })).body).toContain('<html lang="en">')
    const wrong = await send(cookie, { id: 'x', kind: 'look' }, { 'accept-language': 'en' })
    expect(wrong.json().sentence).toMatch(/^Not saved: /)
  })

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['an unknown kind', { id: '1', kind: 'media' }],
    ['an id that is no number', { id: 'a1', kind: 'look' }],
    ['an id that is too long', { id: '12345678901234567', kind: 'look' }],
    ['a number for an id', { id: 1, kind: 'look' }],
    ['a card that is no number', { id: '1', kind: 'text', text: 'x', card: '-1' }],
    ['a press without data', { id: '1', kind: 'press', card: '1' }],
    ['data above 64 characters', { id: '1', kind: 'press', data: 'x'.repeat(65), card: '1' }],
    ['a place outside the earth', { id: '1', kind: 'location', latitude: 91, longitude: 0 }],
    ['a place that is no number', { id: '1', kind: 'location', latitude: '29.6', longitude: 106.5 }],
    ['an argument that no link carries', { id: '1', kind: 'command', data: 'start', argument: 'a b' }],
    ['an argument above 64 characters', { id: '1', kind: 'command', data: 'start', argument: 'x'.repeat(65) }],
    ['an argument of a text', { id: '1', kind: 'text', text: 'x', argument: 'x' }],
    ['a surplus field', { id: '1', kind: 'look', address: 'web:somebody' }],
  ])('refuses %s with 400 and one sentence', async (_, body) => {
    const response = await send(await newCookie(), body)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ retry: false, sentence: expect.stringMatching(/^没有保存：.+。$/) })
  })

  it('refuses a body above 8 KB, and other kinds of bodies', async () => {
    const cookie = await newCookie()
    expect((await send(cookie, { id: '1', kind: 'text', text: '长'.repeat(4_000) })).statusCode).toBe(413)
    const long = await send(cookie, { id: String(ids++), kind: 'text', text: '长'.repeat(2_000) })
    expect(long.statusCode).toBe(200)
    const asText = await send(cookie, JSON.stringify(look()), { 'content-type': 'text/plain' })
    expect(asText.statusCode).toBe(400)
  })

  it('takes files by what is in them, keeps them, and shows that they are kept', async () => {
    const cookie = await newCookie()
    const { card } = (await send(cookie, look())).json()
    await send(cookie, { id: String(ids++), kind: 'press', data: card.rows[0][0].data, card: card.id })
    const kept = await upload(cookie, PNG, `&card=2&name=${encodeURIComponent('../../照片\u202e.exe')}`)
    expect(kept.statusCode).toBe(200)
    expect(kept.json().card.text[0].text).toBe('佐证已保存，共 1 件。')
    const list = (await send(cookie, { id: String(ids++), kind: 'command', data: 'privacy' })).json()
    const data = list.card.rows[0][0].data
    const { file } = (await send(cookie, { id: String(ids++), kind: 'press', data, card: list.card.id })).json()
    const mine = JSON.parse(Buffer.from(file.base64, 'base64').toString())
    expect(mine.sheets[0].answers[0].evidence).toEqual([
      {
        kind: 'photo',
        ref: expect.stringMatching(/^file:[0-9a-f]{64}$/),
        mime: 'image/png',
        size: PNG.length,
        name: '照片.exe',
      },
    ])
  })

  it('gives a kept upload back to who sent it, and tells others only that there is nothing', async () => {
    const [mine, other] = [await newCookie(), await newCookie()]
    for (const cookie of [mine, other]) await send(cookie, look())
    // One of its own, because the same content from somebody else would be theirs.
    const picture = Buffer.concat([PNG, Buffer.from('only here')])
    await upload(mine, picture)
    const pdf = Buffer.from('%PDF-1.7 only here')
    await upload(mine, pdf)
    const read = (hash: string, cookie?: string) =>
      inject({ url: `/chat/file/${hash}`, headers: cookie ? { cookie } : {} })
    const [ofPicture, ofPdf] = [picture, pdf].map((bytes) => createHash('sha256').update(bytes).digest('hex'))
    const shown = await read(ofPicture!, mine)
    expect([shown.statusCode, shown.rawPayload]).toEqual([200, picture])
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(shown.headers['content-disposition']).toBeUndefined()
    const document = await read(ofPdf!, mine)
    expect([document.statusCode, document.rawPayload]).toEqual([200, pdf])
    expect(document.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': 'attachment' })
    expect((await read(ofPicture!)).statusCode).toBe(401)
    const refused = await read(ofPicture!, other)
    for (const hash of ['0'.repeat(64), ofPicture!.toUpperCase(), 'x', '..%2Fapp.js', `${ofPicture}0`]) {
      const response = await read(hash, mine)
      expect([hash, response.statusCode, response.body]).toEqual([hash, 404, refused.body])
    }
    expect(refused.statusCode).toBe(404)
  })

  it('refuses other files, whatever they are called, and files that are too large', async () => {
    const cookie = await newCookie()
    await send(cookie, look())
    for (const bytes of [
      Buffer.from('MZ not a photo'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from(' '),
    ]) {
      const response = await upload(cookie, bytes, '&name=photo.png')
      expect(response.statusCode).toBe(415)
      expect(response.json()).toEqual({ retry: false, sentence: expect.stringMatching(/^没有保存：只收照片.+。$/) })
    }
    const large = await upload(cookie, Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024)]))
    expect(large.statusCode).toBe(413)
    expect(large.json().sentence).toContain('10 MB')
  })

  it('keeps nothing for somebody who is not known', async () => {
    const response = await upload(await newCookie(), PNG)
    expect(response.statusCode).toBe(200)
    expect(response.json().card.text[0].text).toMatch(/没有改动任何答案/)
  })

  it('serves the files of the page with strict headers, compressed, and answers a known ETag with 304', async () => {
    const page = await inject({ url: '/chat', headers: { cookie: await newCookie() } })
    expect(page.headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' blob:;connect-src 'self';form-action 'none';base-uri 'none';frame-ancestors 'none'",
    )
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    expect(page.headers['cache-control']).toBe('no-store')
    const files = [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path!)
    expect(files).toContain('/chat/app.js')
    for (const url of files) {
      const file = await inject({ url, headers: { 'accept-encoding': 'gzip' } })
      expect([url, file.statusCode, file.headers['content-encoding']]).toEqual([url, 200, 'gzip'])
      const again = await inject({ url, headers: { 'if-none-match': String(file.headers.etag) } })
      expect(again.statusCode).toBe(304)
    }
    // Nothing inline, nothing from elsewhere.
    expect(page.body).not.toMatch(/https?:\/\/|\sstyle=|\son\w+=|<style/)
  })

  it('has every word of the page in every language', () => {
    const locales = loadLocales(ROOT, 'zh-CN')
    for (const language of locales.languages)
      for (const key of SCRIPT_WORDS) expect(locales.in(language)(key, { most: 10 })).not.toBe(key)
  })

  it('asks for patience where inputs come faster than anybody taps', async () => {
    const cookie = await newCookie()
    const codes: number[] = []
    for (let round = 0; round < 185; round++) codes.push((await send(cookie, 'x')).statusCode)
    expect(codes.filter((code) => code === 429).length).toBe(5)
    const refused = await send(cookie, look())
    expect(refused.json()).toMatchObject({ retry: true, sentence: expect.stringMatching(/。$/) })
    expect(refused.headers['retry-after']).toBe('10')
    expect((await send(await newCookie(), look())).statusCode).toBe(200)
  })

  it('refuses the demo and its cookies once it is switched off', async () => {
    const cookie = await newCookie()
    const closed = await openSite({ kind: 'postgres', url: database.url }, { demo: false })
    try {
      const server = closed.program().server
      expect((await server.inject({ url: '/demo' })).statusCode).toBe(404)
      const landing = await server.inject({ url: '/' })
      expect(landing.body).toContain('邀请链接')
      expect(landing.body).not.toContain('/demo')
      expect(landing.body).toContain('href="/practice"')
      expect((await server.inject({ url: '/chat', headers: { cookie } })).statusCode).toBe(303)
      const headers = { cookie, 'content-type': 'application/json' }
      const refused = await server.inject({ method: 'POST', url: '/chat/input', headers, payload: look() })
      expect(refused.statusCode).toBe(401)
    } finally {
      await closed.stop()
    }
  })

  it.each([
    ['a store that may be back soon', new StoreFault('gone', true, undefined), 503, true],
    ['a line that is too long', new LineTooLong(), 503, true],
    ['a store that refuses for good', new StoreFault('refused', false, undefined), 500, false],
    ['a broken promise of our own', new Error('secret'), 500, false],
  ])('says after %s whether to send again, and nothing of the cause', async (_, fault, status, retry) => {
    const server = createServer({ log: pino({ level: 'silent' }), health: { ready: async () => ({}) } })
    await server.register(webChat, {
      dispatch: { handle: () => Promise.reject(fault), acknowledge: async () => undefined },
      locales: loadLocales(ROOT, 'zh-CN'),
      defaultLanguage: 'zh-CN',
      pageDirectory: join(ROOT, 'src', 'http', 'page'),
      demo: true,
      cookieSecret: 'another secret of the tests, long enough',
      secureCookies: true,
      personOf: () => Promise.reject(fault),
      files: {
        keepFile: () => Promise.reject(fault),
        file: () => Promise.reject(fault),
        mayRead: () => Promise.reject(fault),
      },
    })
    const entered = await server.inject({ url: '/demo' })
    const set = String(entered.headers['set-cookie'])
    expect(set).toContain('; Secure')
    expect(entered.headers['strict-transport-security']).toBeDefined()
    const headers = { cookie: set.split(';')[0]!, 'content-type': 'application/json' }
    const response = await server.inject({ method: 'POST', url: '/chat/input', headers, payload: look() })
    expect(response.statusCode).toBe(status)
    expect(response.json()).toEqual({ retry, sentence: expect.stringMatching(/。$/) })
    expect((await server.inject({ url: '/chat', headers })).statusCode).toBe(200)
    await server.close()
  })
})
