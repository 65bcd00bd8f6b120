// Addresses, forms of parameters, and the record of calls.
import { describe, expect, it } from 'vitest'
import { openBench, readReply, TOKEN } from './harness.js'

describe('addresses and forms', () => {
  it('answers a wrong token with 401 and an unknown method with 404', async () => {
    const { api, call } = await openBench()
    const wrong = await readReply(await fetch(`${api.url}/bot1:wrong/getMe`))
    expect(wrong).toMatchObject({ status: 401, ok: false, description: 'Unauthorized' })
    expect(await call('sendNothing')).toMatchObject({ status: 404, ok: false, description: 'Not Found' })
    expect((await fetch(`${api.url}/`)).status).toBe(404)
  })

  it('tells who the bot is, in any spelling of the method', async () => {
    const { call } = await openBench()
    for (const method of ['getMe', 'GETME', 'getme']) {
      expect(await call(method)).toMatchObject({
        status: 200,
        result: { id: 4242, is_bot: true, username: 'test_bot' },
      })
    }
  })

  it('takes parameters from the query, from a form, from JSON and from multipart', async () => {
    const { api, ada } = await openBench()
    const url = `${api.url}/bot${TOKEN}/sendMessage`
    const reply_markup = JSON.stringify({ inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] })
    const form = new FormData()
    for (const [name, value] of Object.entries({ chat_id: '7', text: 'multipart', reply_markup }))
      form.append(name, value)
    const replies = [
      await fetch(`${url}?chat_id=7&text=query`),
      await fetch(url, { method: 'POST', body: new URLSearchParams({ chat_id: '7', text: 'form', reply_markup }) }),
      await fetch(url, { method: 'POST', body: form }),
    ]
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200])
    expect(ada.messages().map((message) => message.text)).toEqual(['query', 'form', 'multipart'])
    expect(ada.lastMessage().buttons).toEqual([[{ text: 'Go', callback_data: 'go' }]])
  })

  it('refuses bodies it cannot read', async () => {
    const { api } = await openBench()
    const url = `${api.url}/bot${TOKEN}/sendMessage`
    const post = (type: string, body: string) => fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
    expect((await post('application/json', '{')).status).toBe(400)
    expect((await post('application/json', '[]')).status).toBe(400)
    expect((await post('multipart/form-data; boundary=x', 'nothing')).status).toBe(400)
    expect((await post('text/plain', 'hello')).status).toBe(415)
  })

  it('records what Telegram would ignore in silence', async () => {
    const { api, call, say } = await openBench()
    await call('sendMessage', { chat_id: 7, text: 'x', disable_web_page_preview: true })
    await say('y', { reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'a', color: 'red' }]] } })
    await say('z', { link_preview_options: { disabled: true } })
    await say('<b>w</b>', { parse_mode: 'HTML', entities: [] })
    await call('setWebhook', { url: '', allowed_updates: ['mesage'] })
    await call('getUpdates', { allowed_updates: ['mesage'] })
    expect(api.violations.map(({ method, parameter }) => `${method} ${parameter}`)).toEqual([
      'sendMessage disable_web_page_preview',
      'sendMessage reply_markup.button.color',
      'sendMessage link_preview_options.disabled',
      'sendMessage entities',
      'getUpdates allowed_updates',
    ])
  })

  it('keeps every call with its chat and result', async () => {
    const { api, ada, call, say } = await openBench()
    const message = await say('Press', { reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: 'a' }]] } })
    const { queryId } = ada.press(message.message_id, 'a')
    await call('answerCallbackQuery', { callback_query_id: queryId })
    await call('sendMessage', { chat_id: 8, text: 'x' })
    expect(api.calls).toMatchObject([
      { method: 'sendMessage', chatId: 7, via: 'http', payload: { text: 'Press' }, result: { kind: 'ok' } },
      { method: 'answerCallbackQuery', chatId: 7, result: { kind: 'ok', result: true } },
      { method: 'sendMessage', chatId: 8, result: { kind: 'error', status: 400 } },
    ])
    expect(api.callsOf('sendMessage')).toHaveLength(2)
    expect(api.tally()).toEqual({ 'sendMessage ok': 1, 'answerCallbackQuery ok': 1, 'sendMessage 400': 1 })
  })

  it('closes not before ten minutes, and answers nothing after logging out', async () => {
    const { api, call } = await openBench()
    expect(await call('close')).toMatchObject({ status: 429, retryAfter: 600 })
    api.clock.advance(600_000)
    expect(await call('close')).toMatchObject({ status: 200, result: true })
    expect(await call('logOut')).toMatchObject({ status: 200, result: true })
    expect(await call('getMe')).toMatchObject({ status: 400, description: 'Logged out' })
  })
})
