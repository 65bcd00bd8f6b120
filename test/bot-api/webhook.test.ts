// Delivery by webhook: setting it, trying again, order, and calls in its answers.
import { describe, expect, it } from 'vitest'
import type { Update } from '../support/bot-api/index.js'
import { keyboard, messageOf, openBench, openBot } from './harness.js'

const RETRY = { firstMs: 1, maxMs: 4 }

describe('setWebhook', () => {
  it.each([
    ['no url', {}, 'parameter "url" is required'],
    ['no URL', { url: 'bot' }, 'bad webhook: invalid webhook URL specified'],
    [
      'plain HTTP to another machine',
      { url: 'http://example.org/' },
      'bad webhook: An HTTPS URL must be provided for webhook',
    ],
    [
      'a secret with a blank',
      { url: 'https://a.b/', secret_token: 'a b' },
      'secret token contains unallowed characters',
    ],
    ['a long secret', { url: 'https://a.b/', secret_token: 'x'.repeat(257) }, 'secret token is too long'],
  ])('refuses %s', async (_, params, reason) => {
    const { call } = await openBench()
    expect(await call('setWebhook', params)).toMatchObject({ status: 400, description: `Bad Request: ${reason}` })
  })

  it('is told by getWebhookInfo and undone by deleteWebhook', async () => {
    const { ada, call } = await openBench()
    ada.send('x')
    expect(await call('getWebhookInfo')).toMatchObject({ result: { url: '', pending_update_count: 1 } })
    const set = () => call('setWebhook', { url: 'https://a.invalid/', max_connections: 3, drop_pending_updates: false })
    expect(await set()).toMatchObject({ result: true, description: 'Webhook was set' })
    expect(await set()).toMatchObject({ result: true, description: 'Webhook is already set' })
    expect(await call('getWebhookInfo')).toMatchObject({ result: { url: 'https://a.invalid/', max_connections: 3 } })
    expect(await call('deleteWebhook', { drop_pending_updates: true })).toMatchObject({
      description: 'Webhook was deleted',
    })
    expect(await call('deleteWebhook')).toMatchObject({ description: 'Webhook is already deleted' })
    expect(await call('getWebhookInfo')).toMatchObject({ result: { url: '', pending_update_count: 0 } })
  })
})

describe('delivery', () => {
  it('posts updates with the secret, those that waited first', async () => {
    const { api, ada, call } = await openBench({ webhookOrder: 'per-chat' })
    const bot = await openBot(() => ({}))
    ada.send('one')
    await call('setWebhook', { url: bot.url, secret_token: 'se-cret_1' })
    ada.send('two')
    await ada.settled()
    expect(bot.received.map(({ update, secret }) => [messageOf(update).text, secret])).toEqual([
      ['one', 'se-cret_1'],
      ['two', 'se-cret_1'],
    ])
    expect(api.webhook.deliveries).toMatchObject([
      { attempt: 1, answer: 200 },
      { attempt: 1, answer: 200 },
    ])
  })

  it('tries again until the bot says yes', async () => {
    const { api, ada, call } = await openBench({ webhookRetry: RETRY })
    const bot = await openBot((_, nth) => ({ status: nth < 4 ? 500 : 200 }))
    await call('setWebhook', { url: bot.url })
    const { updateId } = ada.send('x')
    await ada.settled()
    expect(bot.received.map(({ update }) => update.update_id)).toEqual([updateId, updateId, updateId, updateId])
    expect(api.webhook.deliveries.map(({ answer }) => answer)).toEqual([500, 500, 500, 200])
    expect(await call('getWebhookInfo')).toMatchObject({
      result: { last_error_message: 'Wrong response from the webhook: 500 Internal Server Error' },
    })
  })

  it('gives up after so many tries, and says so', async () => {
    const { api, ada, call } = await openBench({ webhookRetry: { ...RETRY, tries: 3 } })
    const bot = await openBot(() => ({ status: 403 }))
    await call('setWebhook', { url: bot.url })
    const { updateId } = ada.send('x')
    await ada.settled()
    expect(bot.received).toHaveLength(3)
    expect(api.webhook.abandoned).toEqual([updateId])
  })

  it('survives a bot that is not there', async () => {
    const { api, ada, call } = await openBench({ webhookRetry: { ...RETRY, tries: 2 } })
    await call('setWebhook', { url: 'http://127.0.0.1:9/' })
    ada.send('x')
    await ada.settled()
    expect(api.webhook.deliveries[0]?.answer).toContain('ECONNREFUSED')
  })

  it('hands what failed to getUpdates when the webhook is taken away', async () => {
    const { api, ada, call, poll } = await openBench({ webhookRetry: { firstMs: 60_000, maxMs: 60_000 } })
    const bot = await openBot(() => ({ status: 500 }))
    await call('setWebhook', { url: bot.url })
    const { updateId } = ada.send('x')
    await api.until(() => api.webhook.deliveries.length === 1, 'a delivery')
    await call('deleteWebhook')
    expect(await poll()).toMatchObject([{ update_id: updateId }])
  })

  it('keeps to max_connections', async () => {
    const { ada, call } = await openBench()
    const open: (() => void)[] = []
    let most = 0
    // Answers come in pairs only, so that nothing moves unless two are posted side by side.
    const bot = await openBot(async () => {
      await new Promise<void>((resolve) => {
        open.push(resolve)
        most = Math.max(most, open.length)
        if (open.length === 2) for (const answer of open.splice(0)) answer()
      })
      return {}
    })
    await call('setWebhook', { url: bot.url, max_connections: 2 })
    for (let nth = 0; nth < 10; nth += 1) ada.send(`${nth}`)
    await ada.settled()
    expect(most).toBe(2)
    expect(bot.received).toHaveLength(10)
  })

  it('keeps the order of a chat when told to, a failing update holding back only its own chat', async () => {
    const { api, ada, call } = await openBench({ webhookOrder: 'per-chat', webhookRetry: RETRY })
    const bob = api.person(8)
    const textOf = (update: Update) => ('message' in update ? (update.message.text ?? '') : '')
    let failures = 3
    const bot = await openBot((update) => {
      if (textOf(update) !== 'a1' || failures === 0) return {}
      failures -= 1
      return { status: 500 }
    })
    await call('setWebhook', { url: bot.url })
    for (const nth of [1, 2, 3]) {
      ada.send(`a${nth}`)
      bob.send(`b${nth}`)
    }
    await api.settled()
    const seen = bot.received.map(({ update }) => textOf(update))
    expect(seen.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a1', 'a1', 'a1', 'a2', 'a3'])
    expect(seen.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2', 'b3'])
  })

  it('delivers once more on order', async () => {
    const { ada, call, say } = await openBench()
    const bot = await openBot(() => ({}))
    await call('setWebhook', { url: bot.url })
    const { message_id } = await say('x', { reply_markup: keyboard('a') })
    const pressed = ada.press(message_id, 'a')
    await ada.settled()
    ada.redeliver(pressed.updateId)
    await ada.settled()
    const again = ada.resend(pressed.updateId)
    await ada.settled()
    const queries = bot.received.map(({ update }) => ('callback_query' in update ? update.callback_query.id : ''))
    expect(bot.received.map(({ update }) => update.update_id)).toEqual([pressed.updateId, pressed.updateId, again])
    expect(queries[1]).toBe(queries[0])
    expect(queries[2]).not.toBe(queries[0])
  })
})

describe('a call in the answer', () => {
  it('is carried out and recorded, and its failure is nobody’s', async () => {
    const { api, ada, call } = await openBench()
    const bot = await openBot((_, nth) => ({
      body:
        nth === 1 ? { method: 'sendMessage', chat_id: 7, text: 'Hi' } : { method: 'sendMessage', chat_id: 7, text: '' },
    }))
    await call('setWebhook', { url: bot.url })
    ada.send('one')
    await ada.settled()
    ada.send('two')
    await ada.settled()
    expect(ada.messages()).toMatchObject([{ text: 'Hi' }])
    expect(api.callsOf('sendMessage')).toMatchObject([
      { via: 'webhook', payload: { chat_id: 7, text: 'Hi' }, result: { kind: 'ok' } },
      { via: 'webhook', result: { kind: 'error', description: 'Bad Request: message text is empty' } },
    ])
    expect(bot.received).toHaveLength(2)
    expect(api.violations).toEqual([])
  })

  it('is not carried out where that is switched off', async () => {
    const { api, ada, call } = await openBench({ webhookReplies: false })
    const bot = await openBot(() => ({ body: { method: 'sendMessage', chat_id: 7, text: 'Hi' } }))
    await call('setWebhook', { url: bot.url })
    ada.send('one')
    await ada.settled()
    expect(ada.messages()).toEqual([])
    expect(api.violations).toMatchObject([{ method: 'sendMessage', parameter: 'method' }])
  })

  it('may be anything else', async () => {
    const { api, ada, call } = await openBench()
    const bot = await openBot(() => ({ body: { ok: true } }))
    await call('setWebhook', { url: bot.url })
    ada.send('one')
    await ada.settled()
    expect(api.calls.map(({ method }) => method)).toEqual(['setWebhook'])
  })
})
