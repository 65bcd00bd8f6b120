/** Messages that nobody asked for: what becomes of them, and how they live beside the card in a real conversation. */
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Errand } from '../../src/app/push.js'
import type { Card } from '../../src/app/speech.js'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { createPush } from '../../src/channels/telegram/push.js'
import { type Bot, embeddedRows, startBot } from '../support/bot.js'
import { createBotApi } from '../support/bot-api/index.js'
import { TOKEN } from '../support/program.js'
import { cardOf, optionsOf } from '../support/walker.js'

const REMINDER: Card = { text: [{ text: '本轮自评还剩 24 小时。', style: 'bold' }], rows: [] }

async function open(now?: () => number) {
  const api = await createBotApi({ token: TOKEN, ...(now ? { now } : {}) })
  onTestFinished(() => api.stop())
  const ada = api.person(7, { started: true })
  const timeouts = { call: 300, getUpdates: 300, upload: 300 }
  const driver = await createGrammyDriver({ token: TOKEN, apiRoot: api.url, timeouts })
  onTestFinished(() => driver.close())
  const reached: [string, boolean][] = []
  const push = createPush(driver.call, async (...one) => void reached.push(one))
  return { api, ada, push, reached }
}

describe('a push', () => {
  const send = (card: Card): Errand => ({ do: 'send', card })

  it('is a message of its own, with its buttons, and tells which one', async () => {
    const { api, ada, push, reached } = await open()
    const pushed = await push('telegram:7', send({ ...REMINDER, rows: [[{ label: '去填报', data: 'b' }]] }))
    expect(pushed).toEqual({ kind: 'sent', message: String(ada.lastMessage()!.message_id) })
    expect(ada.lastMessage()).toMatchObject({
      text: '本轮自评还剩 24 小时。',
      entities: [{ type: 'bold', offset: 0, length: 13 }],
      buttons: [[{ text: '去填报', callback_data: 'b' }]],
    })
    expect([reached, api.violations]).toEqual([[], []])
  })

  it('is paid for only where it is said', async () => {
    const { api, push } = await open()
    await push('telegram:7', send(REMINDER))
    await push('telegram:7', { do: 'send', card: REMINDER, paid: true })
    expect(api.callsOf('sendMessage').map(({ payload }) => payload.allow_paid_broadcast)).toEqual([undefined, true])
  })

  it('notes who has blocked the bot, and who is not there', async () => {
    const { ada, push, reached } = await open()
    ada.block()
    expect(await push('telegram:7', send(REMINDER))).toEqual({ kind: 'unreachable' })
    expect(await push('telegram:8', send(REMINDER))).toEqual({ kind: 'unreachable' })
    expect(reached).toEqual([
      ['telegram:7', false],
      ['telegram:8', false],
    ])
  })

  it('waits for nothing: it says when to try again, never sooner than it was told', async () => {
    const { api, push, reached } = await open()
    const calls = () => api.callsOf('sendMessage').length
    api.failNext({ status: 429, retryAfter: 37 })
    expect(await push('telegram:7', send(REMINDER))).toEqual({ kind: 'flood', afterMs: 37_000 })
    expect(calls()).toBe(1)
    for (const fault of [{ drop: 'before' }, { status: 502 }, { delayMs: 20_000 }, { status: 401 }] as const) {
      api.failNext(fault)
      const pushed = await push('telegram:8', send(REMINDER))
      expect(pushed).toEqual({ kind: 'later', afterMs: expect.any(Number) })
    }
    expect(calls()).toBe(5)
    expect(reached).toEqual([])
  })

  it('tells why Telegram refuses a card, and rejects one for another channel', async () => {
    const { api, push, reached } = await open()
    const refused = await push('telegram:7', send({ text: [{ text: ' ' }], rows: [] }))
    expect(refused).toEqual({ kind: 'refused', reason: expect.stringContaining('Bad Request') })
    await expect(push('web:w-AAAAAAAAAAAAAAAAAAAAAA', send(REMINDER))).rejects.toThrow('another channel')
    expect([reached, api.callsOf('sendMessage').length]).toEqual([[], 1])
  })
})

describe('taking a message back', () => {
  const STRUCK: Card = { text: [{ text: '通知已撤回', style: 'bold' }], rows: [] }
  const DAY_MS = 24 * 60 * 60 * 1000

  async function sent() {
    let now = Date.now()
    const opened = await open(() => now)
    const card: Card = { ...REMINDER, rows: [[{ label: '已阅', data: 'A:n1' }]] }
    const pushed = await opened.push('telegram:7', { do: 'send', card })
    const message = pushed.kind === 'sent' ? pushed.message! : ''
    const withdraw = () => opened.push('telegram:7', { do: 'withdraw', message, card: STRUCK })
    const later = (ms: number) => {
      now += ms
    }
    return { ...opened, withdraw, later }
  }

  it('deletes it, and is done too where it is gone already', async () => {
    const { api, ada, withdraw } = await sent()
    expect(await withdraw()).toEqual({ kind: 'sent', message: null })
    expect(ada.messages()).toEqual([])
    expect(await withdraw()).toEqual({ kind: 'sent', message: null })
    expect(api.callsOf('editMessageText')).toEqual([])
  })

  it('strikes it out where it is too old to be deleted, without its buttons, as often as it is told', async () => {
    const { ada, withdraw, later } = await sent()
    later(3 * DAY_MS)
    for (let times = 0; times < 2; times += 1) {
      expect(await withdraw()).toEqual({ kind: 'sent', message: null })
      expect(ada.messages()).toMatchObject([{ text: '通知已撤回' }])
      expect(ada.messages()[0]!.buttons ?? []).toEqual([])
    }
  })

  it('notes who has blocked the bot meanwhile, and tells when to try again', async () => {
    const { api, ada, withdraw, reached } = await sent()
    api.failNext({ method: 'deleteMessage', status: 429, retryAfter: 3 })
    expect(await withdraw()).toEqual({ kind: 'flood', afterMs: 3000 })
    ada.block()
    expect(await withdraw()).toEqual({ kind: 'unreachable' })
    expect(reached).toEqual([['telegram:7', false]])
  })
})

describe('a pushed message in a conversation', () => {
  let bot: Bot | undefined
  afterEach(async () => {
    await bot?.stop()
    bot = undefined
  })

  /** Ada is at the second question, and a reminder with the way back to it was pushed below the card. */
  async function pushed() {
    bot = await startBot()
    const { api, program } = bot
    const driver = await createGrammyDriver({ token: TOKEN, apiRoot: api.url })
    onTestFinished(() => driver.close())
    const ada = api.person(7)
    ada.send('/start')
    await api.settled()
    await pressOption(0)
    const card = cardOf(ada)
    const pause = card.buttons.flat().find(({ text }) => text.startsWith('暂停'))!.callback_data!
    const resume = pause.replace(/^z:/, 'g:')
    const push = createPush(driver.call, program.dispatch.reach)
    await push('telegram:7', { do: 'send', card: { ...REMINDER, rows: [[{ label: '继续', data: resume }]] } })

    async function pressOption(at: number, on = cardOf(ada)) {
      ada.press(on.message_id, ({ callback_data: data }) => data === optionsOf(on)[at]!.callback_data)
      await api.settled()
    }
    const message = (id: number) => ada.messages().find(({ message_id }) => message_id === id)
    return { api, ada, card, message, pressOption, resume }
  }

  it('becomes the living card by a press; the old card answers nothing else', async () => {
    const { api, ada, card, message, pressOption, resume } = await pushed()
    const reminder = cardOf(ada)
    expect(reminder.message_id).toBeGreaterThan(card.message_id)
    ada.press(reminder.message_id, resume)
    await api.settled()
    // The question stands where the reminder stood, and is answered there.
    expect(message(reminder.message_id)!.text).toContain('第 2/92 题')
    await pressOption(1)
    expect(message(reminder.message_id)!.text).toContain('第 3/92 题')
    // The welcome, the old card, and the one that was the reminder.
    expect(ada.messages().length).toBe(3)
    // The old card still shows the second question: its button answers neither that again nor the third.
    await pressOption(0, card)
    expect(ada.clientQueryAnswers.at(-1)!.text).toBe('已在最下面的卡片上打开')
    expect(message(card.message_id)!.text).toBe(card.text)
    const living = message(reminder.message_id)!
    expect(living.text).toContain('第 2/92 题')
    expect(cardOf(ada).message_id).toBe(reminder.message_id)
    await pressOption(0)
    expect(message(reminder.message_id)!.text).toContain('第 3/92 题')
    expect(api.violations).toEqual([])
    const { env, program } = bot!
    await program.stop()
    const rows = await embeddedRows(env)
    const second = optionsOf(card)[0]!.callback_data!.split(':')[2]
    expect(rows.filter(({ question_id: id }) => id === second).map(({ revision }) => revision)).toEqual([1, 2])
    expect(rows.length).toBe(3)
  }, 60_000)

  it('does not stand in the way of a typed answer, which moves the card below it', async () => {
    const { api, ada, card, message, resume } = await pushed()
    const reminder = cardOf(ada)
    ada.send(optionsOf(card)[0]!.text)
    await api.settled()
    expect(message(card.message_id)).toBeUndefined()
    const living = cardOf(ada)
    expect(living.text).toContain('第 3/92 题')
    // Now the reminder is the old one; its button leads to the card.
    ada.press(reminder.message_id, resume)
    await api.settled()
    expect(ada.clientQueryAnswers.at(-1)!.text).toBe('已在最下面的卡片上打开')
    expect(message(reminder.message_id)!.text).toBe(reminder.text)
    expect(cardOf(ada).message_id).toBe(living.message_id)
    expect(cardOf(ada).text).toContain('第 3/92 题')
    expect(api.violations).toEqual([])
  }, 60_000)
})
