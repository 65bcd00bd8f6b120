/** One update at the channel: receipts, who can be reached again, and what is told of messages in answer to somebody. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Dispatch } from '../../src/app/dispatch.js'
import { StoreFault } from '../../src/app/ports.js'
import type { Card } from '../../src/app/speech.js'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { createTelegramChannel } from '../../src/channels/telegram/channel.js'
import { createReachability } from '../../src/channels/telegram/reachability.js'
import { loadLocales } from '../../src/content/locales.js'
import { createBotApi } from '../support/bot-api/index.js'
import { ROOT, TOKEN } from '../support/program.js'

const CARD: Card = { text: [{ text: '明天停水。' }], rows: [[{ label: '已阅', data: 'A:n1' }]] }
const SEEN = [[{ label: '✅ 已阅 10:32', data: 'A:n1' }]]

async function open(over: Partial<Dispatch> = {}) {
  const api = await createBotApi({ token: TOKEN })
  onTestFinished(() => api.stop())
  const driver = await createGrammyDriver({ token: TOKEN, apiRoot: api.url })
  onTestFinished(() => driver.close())
  const logged: string[] = []
  const told = { reached: [] as [string, boolean][], sent: [] as string[], flooded: [] as number[], handled: 0 }
  const channel = createTelegramChannel({
    driver,
    dispatch: {
      handle: async (_inbound, speak) => {
        told.handled += 1
        await speak({ card: { text: [{ text: '好的' }], rows: [] }, move: true, toast: null }, null, async () => {})
      },
      reach: async (...one) => void told.reached.push(one),
      acknowledge: async ({ content }) =>
        content.kind === 'press' && content.data === 'A:n1' ? { toast: '已记下', rows: SEEN } : undefined,
      refresh: async () => 'same',
      idle: async () => {},
      ...over,
    },
    locales: loadLocales(ROOT, 'zh-CN'),
    defaultLanguage: 'zh-CN',
    log: { debug() {}, info() {}, warn: (_: object, message: string) => void logged.push(message), error() {} },
    wait: (milliseconds) => sleep(milliseconds, undefined, { ref: false }),
    sent: (address) => void told.sent.push(address),
    flooded: (milliseconds) => void told.flooded.push(milliseconds),
  })
  const ada = api.person(7, { started: true })
  const pushed = await channel.push('telegram:7', { do: 'send', card: CARD })
  const message = pushed.kind === 'sent' ? Number(pushed.message) : 0
  let update = 100
  const chat = { id: 7, type: 'private' }
  const press = (data: string) =>
    channel.take({
      update_id: ++update,
      callback_query: { id: `q${update}`, data, message: { message_id: message, chat } },
    })
  const write = (text: string) =>
    channel.take({ update_id: ++update, message: { message_id: update, chat, from: { id: 7, is_bot: false }, text } })
  return { api, ada, channel, logged, told, press, write, message }
}

describe('a receipt', () => {
  it('is noted beside the conversation: the button changes, and the press is answered', async () => {
    const { ada, told, press } = await open()
    expect(await press('A:n1')).toMatchObject({ method: 'answerCallbackQuery', text: '已记下' })
    expect(ada.lastMessage()).toMatchObject({ text: '明天停水。', buttons: [[{ text: '✅ 已阅 10:32' }]] })
    expect(told.handled).toBe(0)
    // The same buttons again are as good.
    expect(await press('A:n1')).toMatchObject({ text: '已记下' })
  })

  it('is answered also where the button cannot be changed now', async () => {
    const { api, press } = await open()
    api.failNext({ method: 'editMessageReplyMarkup', status: 429, retryAfter: 300 })
    expect(await press('A:n1')).toMatchObject({ text: '已记下' })
    api.failNext({
      method: 'editMessageReplyMarkup',
      status: 400,
      description: 'Bad Request: message to edit not found',
    })
    expect(await press('A:n1')).toMatchObject({ text: '已记下' })
  })

  it('that could not be noted is not acknowledged, and the person hears of it', async () => {
    const fault = new StoreFault('away', true, undefined)
    const { api, press } = await open({ acknowledge: () => Promise.reject(fault) })
    await expect(press('A:n1')).rejects.toBe(fault)
    await api.until(() => api.callsOf('answerCallbackQuery').length === 1, 'the person to hear of it')
  })

  it('is nothing else: other presses go their way', async () => {
    const { told, press } = await open()
    await press('b')
    expect(told.handled).toBe(1)
  })
})

describe('a press whose answer is kept', () => {
  const handle =
    (done: boolean, ends: () => Promise<void>): Dispatch['handle'] =>
    async ({ content }, speak) => {
      const speech = { card: { text: [{ text: '第 2 题' }], rows: [] }, move: false, toast: '已记', done }
      await speak(speech, content.kind === 'press' ? content.card : null, async () => {})
      await ends()
    }

  it('is answered as soon as its card is on the way, and the rest goes on', async () => {
    let end = () => {}
    const { ada, press } = await open({ handle: handle(true, () => new Promise((resolve) => (end = resolve))) })
    expect(await press('b')).toMatchObject({ method: 'answerCallbackQuery', text: '已记' })
    await ada.settled()
    expect(ada.lastMessage()).toMatchObject({ text: '第 2 题' })
    end()
  })

  it('is answered though Telegram refuses the card at first, and that comes later', async () => {
    const { api, ada, press } = await open({ handle: handle(true, async () => {}) })
    api.failNext({ method: 'editMessageText', status: 429, retryAfter: 1 })
    expect(await press('b')).toMatchObject({ text: '已记' })
    expect(ada.lastMessage()).toMatchObject({ text: '明天停水。' })
    await api.until(() => ada.lastMessage()?.text === '第 2 题', 'the card')
  })

  it('is finished here where the stores were away then, since Telegram does not bring it again', async () => {
    const ids: string[] = []
    const { ada, press, logged } = await open({
      handle: async (inbound, speak) => {
        ids.push(inbound.id)
        const text = ids.length < 3 ? '第 2 题' : '第 2 题，已答 1 题'
        await speak(
          { card: { text: [{ text }], rows: [] }, move: false, toast: '已记', done: true },
          '1',
          async () => {},
        )
        if (ids.length < 3) throw new StoreFault('away', true, undefined)
      },
    })
    expect(await press('b')).toMatchObject({ text: '已记' })
    await sleep(1_500)
    expect(ids).toEqual(Array(3).fill(ids[0]))
    expect(ada.lastMessage()).toMatchObject({ text: '第 2 题，已答 1 题' })
    expect(logged).toEqual([])
  })

  it('tells the log where it was answered and cannot be finished', async () => {
    const fault = new StoreFault('refused', false, undefined)
    const { press, logged } = await open({ handle: handle(true, () => Promise.reject(fault)) })
    expect(await press('b')).toMatchObject({ text: '已记' })
    await sleep(50)
    expect(logged).toEqual(['a press was answered and not finished'])
  })

  it('waits to the end where it may still have to be brought again', async () => {
    const fault = new StoreFault('away', true, undefined)
    const { press } = await open({ handle: handle(false, () => Promise.reject(fault)) })
    await expect(press('b')).rejects.toBe(fault)
  })
})

describe('who speaks', () => {
  it('can be reached again; a press tells so once a minute', async () => {
    const { told, press, write } = await open()
    await press('b')
    await press('b')
    expect(told.reached).toEqual([['telegram:7', true]])
    await write('你好')
    await write('/help')
    expect(told.reached).toHaveLength(3)
  })

  it('is answered also where that cannot be noted', async () => {
    const { told, write } = await open({ reach: () => Promise.reject(new StoreFault('away', true, undefined)) })
    await write('你好')
    expect(told.handled).toBe(1)
  })

  it('is remembered for a minute, and not at all where it could not be noted', async () => {
    let now = 0
    let faults = 1
    const reached: string[] = []
    const reach = async (address: string) => {
      reached.push(address)
      if (faults-- > 0) throw new Error('away')
    }
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const spoke = createReachability(reach, log, () => now)
    const content = { kind: 'press', data: 'b', card: '1' } as const
    const press = { id: '1', address: 'telegram:7', order: 1, position: null, guest: false, content }
    await spoke(press)
    await spoke(press)
    await spoke(press)
    expect(reached).toHaveLength(2)
    now = 60_000
    await spoke(press)
    expect(reached).toHaveLength(3)
  })
})

describe('messages in answer to somebody', () => {
  it('are told of at every try, and so is the patience that Telegram asks for', async () => {
    const { api, told, write } = await open()
    api.failNext({ method: 'sendMessage', status: 429, retryAfter: 1 })
    await write('你好')
    expect(told).toMatchObject({ sent: ['telegram:7', 'telegram:7'], flooded: [1000] })
  })
})

describe('a card that is redrawn', () => {
  it('is edited where it stands; none is sent where it is gone', async () => {
    const { api, ada, channel, message, told } = await open()
    const show: Card = { text: [{ text: '已发 3/3' }], rows: [] }
    expect(await channel.editCard('telegram:7', String(message), show)).toBe('shown')
    expect(await channel.editCard('telegram:7', String(message), show)).toBe('shown')
    expect(ada.lastMessage()).toMatchObject({ text: '已发 3/3' })
    expect(await channel.editCard('telegram:7', '999', show)).toBe('refused')
    api.failNext({ method: 'editMessageText', status: 502 })
    expect(await channel.editCard('telegram:7', String(message), show)).toBe('later')
    expect(api.callsOf('sendMessage')).toHaveLength(1)
    expect(told.flooded).toEqual([])
  })

  it('waits as long as Telegram asks to', async () => {
    const { api, channel, message, told } = await open()
    const show: Card = { text: [{ text: '已发 3/3' }], rows: [] }
    api.failNext({ method: 'editMessageText', status: 429, retryAfter: 60 })
    expect(await channel.editCard('telegram:7', String(message), show)).toBe('later')
    expect(await channel.editCard('telegram:7', String(message), show)).toBe('later')
    expect(api.callsOf('editMessageText')).toHaveLength(1)
    expect(told.flooded).toEqual([60_000])
  })
})
