/** Connecting: the bot's name is told once, pushes wait for the connection, and a start makes few calls. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { connectTelegram } from '../../src/channels/telegram/connect.js'
import { loadLocales } from '../../src/content/locales.js'
import { createBotApi } from '../support/bot-api/index.js'
import { ROOT, TOKEN } from '../support/program.js'

const CARD = { text: [{ text: '提醒' }], rows: [] }

async function open(onBot: (username: string) => Promise<void>) {
  const api = await createBotApi({ token: TOKEN })
  onTestFinished(() => api.stop())
  api.person(7, { started: true })
  const logged: string[] = []
  const note = (_: object, message: string) => void logged.push(message)
  const telegram = connectTelegram({
    makeDriver: () => createGrammyDriver({ token: TOKEN, apiRoot: api.url }),
    webhook: null,
    parts: {
      dispatch: {
        handle: async () => {},
        reach: async () => {},
        acknowledge: async () => undefined,
        refresh: async () => 'same',
        idle: async () => {},
      },
      locales: loadLocales(ROOT, 'zh-CN'),
      defaultLanguage: 'zh-CN',
      log: { debug: note, info: note, warn: note, error: note },
      wait: (milliseconds) => sleep(milliseconds / 10, undefined, { ref: false }),
      onBot,
    },
  })
  onTestFinished(async () => {
    await telegram.stopTaking()
    await telegram.close()
  })
  const connected = () => api.until(() => api.callsOf('setMyShortDescription').length === 2, 'the menu to be set')
  return { api, telegram, connected, logged }
}

describe('a connection', () => {
  it('tells the name of the bot without a call of its own, also after a first try that failed', async () => {
    const names: string[] = []
    const { api, telegram, connected } = await open(async (name) => void names.push(name))
    api.failNext({ method: 'getMe', status: 500 })
    telegram.start()
    await connected()
    expect(names).toEqual(['test_bot'])
    const made = api.calls.filter(({ method }) => !method.startsWith('setMy') && method !== 'getUpdates')
    expect(made.map(({ method }) => method)).toEqual(['getMe', 'getMe', 'deleteWebhook'])
  })

  it('asks for an update once more where Telegram cannot be reached yet', async () => {
    const { api, telegram } = await open(async () => {})
    api.failNext({ method: 'getMe', status: 500 })
    await expect(telegram.take({ update_id: 1 })).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    expect(await telegram.take({ update_id: 1 })).toBeUndefined()
  })

  it('works on where the name cannot be kept', async () => {
    const { telegram, connected, logged } = await open(() => Promise.reject(new Error('store')))
    telegram.start()
    await connected()
    expect(logged).toContain('could not keep the name of the bot')
    expect(logged).toContain('telegram is connected')
  })

  it('is not ready until it is there, and asks for patience with a push', async () => {
    const { telegram, connected } = await open(async () => {})
    const errand = { do: 'send', card: CARD } as const
    expect(telegram.ready()).toBe(false)
    expect(await telegram.push('telegram:7', errand)).toEqual({ kind: 'later', afterMs: 5000 })
    expect(await telegram.editCard('telegram:7', '1', CARD)).toBe('later')
    telegram.start()
    await connected()
    expect(telegram.ready()).toBe(true)
    expect(await telegram.push('telegram:7', errand)).toMatchObject({ kind: 'sent' })
  })
})
