// Faults on order, rate limits, latency, and an end that leaves nothing open.
import { describe, expect, it } from 'vitest'
import type { Call } from '../support/bot-api/index.js'
import { createRateLimiter } from '../support/bot-api/limits.js'
import { openBench, openBot, TOKEN } from './harness.js'

describe('failNext', () => {
  it('answers as ordered, so often as ordered, and only where it fits', async () => {
    const { api, ada, call } = await openBench()
    api.person(8, { started: true })
    const fault = api.failNext({ method: 'sendmessage', chatId: 7, status: 429, retryAfter: 3, times: 2 })
    const send = (chat_id: number) => call('sendMessage', { chat_id, text: 'x' })
    expect(await send(8)).toMatchObject({ status: 200 })
    expect(await call('getMe')).toMatchObject({ status: 200 })
    expect(await send(7)).toMatchObject({ status: 429, retryAfter: 3, description: 'Too Many Requests: retry after 3' })
    expect(await send(7)).toMatchObject({ status: 429 })
    api.clock.advance(3000)
    expect(await send(7)).toMatchObject({ status: 200 })
    expect(fault.struck()).toBe(2)
    expect(ada.messages()).toHaveLength(1)
  })

  it('gives other refusals, and can be called off', async () => {
    const { api, call } = await openBench()
    api.failNext({ status: 403 })
    api.failNext({ status: 500 })
    api.failNext({ status: 400, description: 'Bad Request: something new' })
    const send = () => call('sendMessage', { chat_id: 7, text: 'x' })
    expect(await send()).toMatchObject({ status: 403, description: 'Forbidden: bot was blocked by the user' })
    expect(await send()).toMatchObject({ status: 500, description: 'Internal Server Error' })
    expect(await send()).toMatchObject({ status: 400, description: 'Bad Request: something new' })
    api.failNext({ status: 403 }).cancel()
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('spares getUpdates unless it is named', async () => {
    const { api, call } = await openBench()
    api.failNext({ status: 403 })
    expect(await call('getUpdates')).toMatchObject({ status: 200 })
    api.failNext({ method: 'getUpdates', status: 409 })
    expect(await call('getUpdates')).toMatchObject({ status: 409 })
  })

  it('gives the proxy’s page, which is no JSON', async () => {
    const { api } = await openBench()
    api.failNext({ status: 502 })
    const response = await fetch(`${api.url}/bot${TOKEN}/getMe`)
    expect(response.status).toBe(502)
    expect(response.headers.get('content-type')).toBe('text/html')
    expect(await response.text()).toContain('<h1>502 Bad Gateway</h1>')
  })

  it('resets the connection, before or after the effect', async () => {
    const { api, ada, call } = await openBench()
    const send = (text: string) => call('sendMessage', { chat_id: 7, text })
    api.failNext({ drop: 'before' })
    await expect(send('lost')).rejects.toThrow('fetch failed')
    api.failNext({ drop: 'after' })
    await expect(send('kept')).rejects.toThrow('fetch failed')
    expect(ada.messages().map((message) => message.text)).toEqual(['kept'])
    expect(api.callsOf('sendMessage').map((call) => call.result)).toEqual([
      { kind: 'dropped', when: 'before' },
      { kind: 'dropped', when: 'after' },
    ])
  })

  it('holds a call back, which keeps the chat from settling', async () => {
    const { api, ada, call } = await openBench()
    api.failNext({ method: 'sendMessage', delayMs: 30 })
    const slow = call('sendMessage', { chat_id: 7, text: 'x' })
    await api.until(() => api.calls.length === 1, 'the call')
    await ada.settled()
    expect(ada.messages()).toHaveLength(1)
    expect((await slow).status).toBe(200)
  })

  it('strikes calls in webhook answers too', async () => {
    const { api, ada, call } = await openBench()
    const bot = await openBot(() => ({ body: { method: 'sendMessage', chat_id: 7, text: 'Hi' } }))
    await call('setWebhook', { url: bot.url })
    api.failNext({ status: 429 })
    ada.send('x')
    await ada.settled()
    expect(ada.messages()).toEqual([])
  })
})

describe('limits', () => {
  it('refuse the message that is one too many in a second, for its chat or for all', () => {
    let now = 0
    const limiter = createRateLimiter({ perChatPerSecond: 2, globalPerSecond: 3 }, () => now)
    expect([7, 7, 7, 8, 8].map((chat) => limiter.admit(chat))).toEqual([undefined, undefined, 1, undefined, 1])
    now = 999
    expect(limiter.admit(7)).toBe(1)
    now = 1000
    expect([7, 7, 7].map((chat) => limiter.admit(chat))).toEqual([undefined, undefined, 1])
  })

  it('strike what is sent and edited, nothing else', async () => {
    const { ada, call } = await openBench({ limits: { globalPerSecond: 0 } })
    expect(await call('sendMessage', { chat_id: 7, text: 'x' })).toMatchObject({ status: 429, retryAfter: 1 })
    expect(await call('sendChatAction', { chat_id: 7, action: 'typing' })).toMatchObject({ status: 200 })
    expect(ada.messages()).toEqual([])
  })
})

describe('flood control', () => {
  it('refuses everything new for a chat until the time is up that it was told to wait', async () => {
    const { api, call, say } = await openBench()
    api.person(8, { started: true })
    const { message_id } = await say('One')
    api.failNext({ method: 'sendMessage', chatId: 7, status: 429, retryAfter: 30 })
    const send = (chat_id = 7, method = 'sendMessage') => call(method, { chat_id, text: 'x', document: 'x' })
    expect(await send()).toMatchObject({ status: 429, retryAfter: 30 })
    expect(await send()).toMatchObject({ status: 429, retryAfter: 30 })
    api.clock.advance(10_500)
    expect(await send()).toMatchObject({
      status: 429,
      retryAfter: 20,
      description: 'Too Many Requests: retry after 20',
    })
    expect(await send(7, 'sendDocument')).toMatchObject({ status: 429 })
    // Others get theirs, and what stands there already may change.
    expect(await send(8)).toMatchObject({ status: 200 })
    expect(await call('editMessageText', { chat_id: 7, message_id, text: 'Two' })).toMatchObject({ status: 200 })
    api.clock.advance(19_600)
    expect(await send()).toMatchObject({ status: 200 })
  })

  it('is not set off by an edit that was one too many', async () => {
    const { api, call, say } = await openBench()
    const { message_id } = await say('One')
    api.failNext({ method: 'editMessageText', status: 429, retryAfter: 30 })
    expect(await call('editMessageText', { chat_id: 7, message_id, text: 'Two' })).toMatchObject({ status: 429 })
    expect(await call('sendMessage', { chat_id: 7, text: 'x' })).toMatchObject({ status: 200 })
  })
})

describe('onCall', () => {
  it('hears of every call once, with its arrival and what came of it', async () => {
    const heard: Call[] = []
    const { call } = await openBench({ remember: false, latencyMs: 20, onCall: (one) => heard.push(one) })
    const before = Date.now()
    await call('sendMessage', { chat_id: 7, text: 'x' })
    await call('sendMessage', { chat_id: 9, text: 'x' })
    expect(heard.map(({ chatId, result }) => [chatId, result?.kind])).toEqual([
      [7, 'ok'],
      [9, 'error'],
    ])
    expect(heard[0]!.at).toBeGreaterThanOrEqual(before)
  })
})

describe('latency', () => {
  it('holds every call', async () => {
    const { call } = await openBench({ latencyMs: 25 })
    const before = performance.now()
    await call('getMe')
    expect(performance.now() - before).toBeGreaterThan(20)
  })
})

describe('stop', () => {
  it('ends what is under way and leaves nothing open', async () => {
    const { api, ada, call } = await openBench()
    const poll = call('getUpdates', { timeout: 50 }).catch(() => 'cut off')
    await api.until(() => api.calls.length === 1, 'the poll')
    const waiting = api.until(() => false, 'what never comes', { timeoutMs: 60_000 })
    const verdict = expect(waiting).rejects.toThrow('The fake was stopped: what never comes')
    api.failNext({ method: 'getMe', delayMs: 600_000 })
    const slow = call('getMe').catch(() => 'cut off')
    await api.until(() => api.calls.length === 2, 'the slow call')
    ada.send('x')
    await api.stop()
    await verdict
    expect(await slow).toBe('cut off')
    await poll
    await expect(fetch(api.url)).rejects.toThrow()
  })
})
