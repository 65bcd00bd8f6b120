// getUpdates: confirming, waiting, conflicts, and delivering anew.
import { describe, expect, it } from 'vitest'
import { createPolling } from '../support/bot-api/polling.js'
import { createUpdateQueue } from '../support/bot-api/updates.js'
import { openBench, TOKEN } from './harness.js'

const ids = (updates: readonly { readonly update_id: number }[]) => updates.map((update) => update.update_id)

describe('getUpdates', () => {
  it('returns updates until an offset confirms them', async () => {
    const { ada, poll } = await openBench({ firstUpdateId: 500 })
    ada.send('one')
    ada.send('two')
    ada.send('three')
    expect(ids(await poll())).toEqual([500, 501, 502])
    expect(ids(await poll({ limit: 2 }))).toEqual([500, 501])
    expect(ids(await poll({ offset: 501 }))).toEqual([501, 502])
    expect(ids(await poll())).toEqual([501, 502])
    expect(ids(await poll({ offset: -1 }))).toEqual([502])
    expect(ids(await poll({ offset: 503 }))).toEqual([])
  })

  it('waits for an update when it may', async () => {
    const { ada, poll } = await openBench()
    const waiting = poll({ timeout: 30 })
    const { updateId } = ada.send('late')
    expect(ids(await waiting)).toEqual([updateId])
  })

  it('comes back empty-handed when the time is up', async () => {
    const queue = createUpdateQueue({ firstUpdateId: 1, remember: false, onAdd: () => {}, onChange: () => {} })
    const polling = createPolling(queue)
    expect(await polling.poll({ offset: undefined, limit: 100, timeoutSeconds: 0.01, onClose: () => {} })).toEqual([])
  })

  it('ends the older of two long polls with a conflict', async () => {
    const { api, ada, call } = await openBench()
    const older = call('getUpdates', { timeout: 30 })
    await api.until(() => api.callsOf('getUpdates').length === 1, 'the older poll')
    const newer = call('getUpdates', { timeout: 30 })
    expect(await older).toMatchObject({
      status: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    })
    ada.send('x')
    expect((await newer).result).toHaveLength(1)
  })

  it('is a conflict while a webhook is set, and setting one ends it', async () => {
    const { api, call } = await openBench()
    const older = call('getUpdates', { timeout: 30 })
    await api.until(() => api.callsOf('getUpdates').length === 1, 'the poll')
    await call('setWebhook', { url: 'https://bot.example.org/hook' })
    expect(await older).toMatchObject({ status: 409, description: 'Conflict: terminated by setWebhook request' })
    expect(await call('getUpdates')).toMatchObject({
      status: 409,
      description:
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    })
    await call('deleteWebhook')
    expect(await call('getUpdates')).toMatchObject({ status: 200 })
  })

  it('frees the place of a bot that hangs up', async () => {
    const { api, ada, poll } = await openBench()
    const hangUp = new AbortController()
    const left = fetch(`${api.url}/bot${TOKEN}/getUpdates?timeout=30`, { signal: hangUp.signal })
    await api.until(() => api.callsOf('getUpdates').length === 1, 'the poll')
    hangUp.abort()
    await expect(left).rejects.toThrow()
    await api.until(() => api.callsOf('getUpdates')[0]?.result !== undefined, 'the end of the poll')
    ada.send('x')
    expect(await poll()).toHaveLength(1)
  })

  it('leaves out kinds the bot has not asked for', async () => {
    const { ada, call, poll } = await openBench()
    await call('getUpdates', { allowed_updates: ['message'] })
    ada.block()
    ada.unblock()
    ada.send('x')
    expect((await poll()).map((update) => Object.keys(update)[1])).toEqual(['message'])
    await call('getUpdates', { allowed_updates: [] })
    ada.block()
    expect((await poll()).map((update) => Object.keys(update)[1])).toEqual(['message', 'my_chat_member'])
  })

  it('is what settles a chat', async () => {
    const { api, ada, poll } = await openBench()
    const { updateId } = ada.send('x')
    await expect(ada.settled({ timeoutMs: 20 })).rejects.toThrow(
      'Gave up after 20 ms: chat 7 not settled, 1 updates not acknowledged, 0 calls under way',
    )
    await poll()
    const settled = Promise.all([ada.settled(), api.settled()])
    await poll({ offset: updateId + 1 })
    await settled
  })

  it('gives an update out once more on order, and a new one for the same message', async () => {
    const { ada, poll } = await openBench({ firstUpdateId: 500 })
    const { updateId, messageId } = ada.send('one')
    ada.send('two')
    await poll()
    await poll({ offset: 502 })
    ada.redeliver(updateId)
    expect(ids(await poll({ offset: 502 }))).toEqual([500])
    expect(await poll({ offset: 502 })).toEqual([])
    expect(ada.resend(updateId)).toBe(502)
    expect(await poll({ offset: 502 })).toMatchObject([
      { update_id: 502, message: { message_id: messageId, text: 'one' } },
    ])
    expect(() => ada.redeliver(9)).toThrow('Expected an update that was sent before, got 9')
  })
})
