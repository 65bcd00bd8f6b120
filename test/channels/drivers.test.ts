/** The contract of a driver: both libraries take the same recorded updates and make the same recorded calls. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { createTelegrafDriver } from '../../src/channels/telegraf.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from '../../src/channels/telegram/driver.js'
import { type BotApi, createBotApi, type Person } from '../support/bot-api/index.js'
import { freePort, TOKEN } from '../support/program.js'

const DRIVERS = [
  { name: 'grammY', create: createGrammyDriver },
  { name: 'Telegraf', create: createTelegrafDriver },
]
const ADA = { id: 7, is_bot: false, first_name: 'Ada', language_code: 'zh' }
const CHAT = { id: 7, type: 'private', first_name: 'Ada' }
const MESSAGE = { message_id: 3, from: ADA, chat: CHAT, date: 1_700_000_000 }

/** Updates as Telegram has sent them; the last two are of kinds that neither library knows. */
const UPDATES: readonly RawUpdate[] = [
  { update_id: 11, message: { ...MESSAGE, text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] } },
  { update_id: 12, callback_query: { id: '99', from: ADA, message: MESSAGE, chat_instance: '-1', data: 'a:1' } },
  { update_id: 13, my_chat_member: { chat: CHAT, from: ADA, date: 1, new_chat_member: { status: 'kicked' } } },
  { update_id: 14, message: { ...MESSAGE, a_field_of_next_year: { deep: [1, null, '答'] } } },
  { update_id: 15, kind_of_next_year: {} },
]

/** Calls as the program makes them. */
const CALLS: readonly (readonly [method: string, payload: object])[] = [
  ['getMe', {}],
  ['sendMessage', { chat_id: 7, text: '<b>答</b> 😀', parse_mode: 'HTML' }],
  [
    'sendMessage',
    { chat_id: 7, text: 'x', reply_markup: { inline_keyboard: [[{ text: '是', callback_data: 'a:1' }]] } },
  ],
  ['setMyCommands', { commands: [{ command: 'start', description: '开始' }], language_code: 'zh' }],
  ['getUpdates', { offset: 0, limit: 100, timeout: 0, allowed_updates: ['message', 'callback_query'] }],
  ['getWebhookInfo', {}],
  ['deleteWebhook', {}],
]

describe.each(DRIVERS)('the driver on $name', ({ create }) => {
  async function open(): Promise<{ api: BotApi; ada: Person; driver: TelegramDriver }> {
    const api = await createBotApi({ token: TOKEN })
    onTestFinished(() => api.stop())
    const ada = api.person(7, { started: true })
    const driver = await create({
      token: TOKEN,
      apiRoot: api.url,
      timeouts: { call: 300, getUpdates: 3000, upload: 300 },
    })
    onTestFinished(() => driver.close())
    return { api, ada, driver }
  }

  it('passes every update on as it came', async () => {
    const { driver } = await open()
    const taken: string[] = []
    for (const update of UPDATES)
      await driver.feed(update, async (raw) => {
        taken.push(JSON.stringify(raw))
      })
    expect(taken).toEqual(UPDATES.map((update) => JSON.stringify(update)))
  })

  it('begins what is fed side by side in the order of feeding, and resolves when it is taken', async () => {
    const { driver } = await open()
    const events: string[] = []
    const fed = UPDATES.map(async (update, i) => {
      await driver.feed(update, async ({ update_id: id }) => {
        events.push(`begun ${id}`)
        await new Promise((resolve) => setTimeout(resolve, 50 * (UPDATES.length - i)))
      })
      events.push(`done ${update.update_id}`)
    })
    await Promise.all(fed)
    const ids = UPDATES.map(({ update_id: id }) => id)
    expect(events).toEqual([...ids.map((id) => `begun ${id}`), ...ids.toReversed().map((id) => `done ${id}`)])
  })

  it('rejects with what the taker rejected with, and takes the same update again', async () => {
    const { driver } = await open()
    const fault = new Error('of the taker')
    await expect(driver.feed(UPDATES[0]!, () => Promise.reject(fault))).rejects.toBe(fault)
    await expect(driver.feed(UPDATES[0]!, () => Promise.resolve())).resolves.toBeUndefined()
  })

  it('makes calls as they are given and resolves with their result', async () => {
    const { api, driver } = await open()
    const before = api.calls.length
    const results: unknown[] = []
    for (const [method, payload] of CALLS) results.push(await driver.call(method, payload))
    expect(api.calls.slice(before).map(({ method, payload }) => [method, payload])).toEqual(CALLS)
    expect(api.violations).toEqual([])
    expect(results).toMatchObject([
      { id: api.bot.id, username: 'test_bot' },
      { message_id: 1, text: '答 😀', entities: [{ type: 'bold', offset: 0, length: 1 }] },
      { message_id: 2, text: 'x' },
      true,
      [],
      { url: '' },
      true,
    ])
  })

  it('uploads a file with its name, beside a caption and buttons', async () => {
    const { api, ada, driver } = await open()
    const bytes = new TextEncoder().encode('%PDF 答')
    const markup = { inline_keyboard: [[{ text: '是', callback_data: 'a:1' }]] }
    const payload = { chat_id: 7, caption: '结果', reply_markup: markup }
    const file = { field: 'document', name: 'report.pdf', mime: 'application/pdf', bytes }
    await driver.call('sendDocument', payload, file)
    expect(ada.lastMessage()).toMatchObject({
      text: '结果',
      buttons: [[{ text: '是', callback_data: 'a:1' }]],
      file: { name: 'report.pdf', bytes: Buffer.from(bytes) },
    })
    expect(api.violations).toEqual([])
  })

  it('tells a refusal with its code, its words and the wait', async () => {
    const { api, driver } = await open()
    const empty = { code: 400, description: 'Bad Request: message text is empty', retryAfter: undefined }
    expect(await faultOf(driver.call('sendMessage', { chat_id: 7, text: '' }))).toMatchObject(empty)
    expect(await faultOf(driver.call('sendMessage', { chat_id: 8, text: 'x' }))).toMatchObject({ code: 400 })
    api.failNext({ status: 403 })
    expect(await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' }))).toMatchObject({ code: 403 })
    api.failNext({ status: 429, retryAfter: 9 })
    const patience = { code: 429, description: 'Too Many Requests: retry after 9', retryAfter: 9 }
    expect(await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' }))).toMatchObject(patience)
  })

  it('tells a page of the proxy from a refusal', async () => {
    const { api, driver } = await open()
    api.failNext({ status: 502 })
    const { code } = await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' }))
    expect(code === 0 || code >= 500).toBe(true)
  })

  it('tells a lost connection as code 0, without the token', async () => {
    const { api, driver } = await open()
    api.failNext({ drop: 'before' })
    expectSilence(await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' })))
    await api.stop()
    expectSilence(await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' })))
    const apiRoot = `http://127.0.0.1:${await freePort()}`
    expectSilence(await faultOf(create({ token: TOKEN, apiRoot })))
  })

  it('rejects where Telegram does not know the token', async () => {
    const { api } = await open()
    const fault = await faultOf(create({ token: '1:wrong', apiRoot: api.url }))
    expect(fault).toMatchObject({ code: 401, description: 'Unauthorized' })
  })

  it('waits no longer than its timeout, and serves on', async () => {
    const { api, driver } = await open()
    const before = Date.now()
    const file = { field: 'document', name: 'a.pdf', mime: 'application/pdf', bytes: new Uint8Array(1000) }
    api.failNext({ method: 'sendMessage', delayMs: 20_000 })
    api.failNext({ method: 'sendDocument', delayMs: 20_000 })
    const [call, upload] = await Promise.all([
      faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' })),
      faultOf(driver.call('sendDocument', { chat_id: 7 }, file)),
    ])
    expectSilence(call)
    expectSilence(upload)
    expect(Date.now() - before).toBeLessThan(5000)
    await expect(driver.call('sendMessage', { chat_id: 7, text: 'y' })).resolves.toMatchObject({ text: 'y' })
  })

  it('does not wait for the rest of an answer for ever', async () => {
    const server = createServer((request, response) => {
      const begun = '{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"x","username":"x_bot"}'
      response.writeHead(200, { 'content-type': 'application/json' }).write(begun)
      if (request.url!.endsWith('/getMe')) response.end('}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const apiRoot = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const driver = await create({ token: TOKEN, apiRoot, timeouts: { call: 300, getUpdates: 300, upload: 300 } })
    onTestFinished(() => driver.close())
    expectSilence(await faultOf(driver.call('sendMessage', { chat_id: 7, text: 'x' })))
  })

  it('lets Telegram hold a long poll for longer than other calls', async () => {
    const { driver } = await open()
    await expect(driver.call('getUpdates', { timeout: 2 })).resolves.toEqual([])
  })
})

async function faultOf(call: Promise<unknown>): Promise<TelegramFault> {
  const fault = await call.catch((error: unknown) => error)
  if (fault instanceof TelegramFault) return fault
  throw new Error(`Expected a TelegramFault, got ${String(fault)}`)
}

function expectSilence(fault: TelegramFault): void {
  expect(fault.code).toBe(0)
  // The stack begins with the message; a cause would be logged along with both.
  expect(`${fault.stack} ${String(fault.cause)}`).not.toContain(TOKEN.split(':')[1])
}
