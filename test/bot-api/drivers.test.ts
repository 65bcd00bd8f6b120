// The two bot libraries against the fake: what they really send must be taken, what they really need must be there.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Bot, GrammyError, HttpError, InlineKeyboard, InputFile, webhookCallback } from 'grammy'
import { Telegraf } from 'telegraf'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { BotApi } from '../support/bot-api/index.js'
import { openBench, TOKEN } from './harness.js'

type Started = { readonly webhookReply: boolean }

function createGrammyBot(api: BotApi): Bot {
  const bot = new Bot(TOKEN, { client: { apiRoot: api.url } })
  bot.command('start', (context) => context.reply('Choose', { reply_markup: new InlineKeyboard().text('Yes', 'yes') }))
  bot.callbackQuery('yes', async (context) => {
    await context.answerCallbackQuery({ text: 'Saved' })
    await context.editMessageText('Done')
    await context.replyWithDocument(new InputFile(Buffer.from('%PDF'), '报告.pdf'), { caption: 'Report' })
  })
  return bot
}

function createTelegrafBot(api: BotApi, { webhookReply }: Started): Telegraf {
  const bot = new Telegraf(TOKEN, { telegram: { apiRoot: api.url, webhookReply } })
  bot.start((context) =>
    context.reply('Choose', { reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes' }]] } }),
  )
  bot.action('yes', async (context) => {
    await context.answerCbQuery('Saved')
    await context.editMessageText('Done')
    await context.replyWithDocument({ source: Buffer.from('%PDF'), filename: '报告.pdf' }, { caption: 'Report' })
  })
  return bot
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const DRIVERS: readonly { readonly name: string; readonly start: (api: BotApi) => Promise<void> }[] = [
  {
    name: 'grammY polling',
    async start(api) {
      const bot = createGrammyBot(api)
      const running = bot.start({ timeout: 10 })
      onTestFinished(async () => {
        await bot.stop()
        await running
      })
    },
  },
  {
    name: 'grammY webhook',
    async start(api) {
      const bot = createGrammyBot(api)
      const url = await serve(webhookCallback(bot, 'http', { secretToken: 'secret' }))
      await bot.api.setWebhook(url, { secret_token: 'secret' })
    },
  },
  {
    name: 'Telegraf polling',
    async start(api) {
      const bot = createTelegrafBot(api, { webhookReply: false })
      const running = bot.launch()
      onTestFinished(async () => {
        bot.stop()
        await running
      })
    },
  },
  {
    name: 'Telegraf webhook with calls in its answers',
    async start(api) {
      const bot = createTelegrafBot(api, { webhookReply: true })
      bot.botInfo = await bot.telegram.getMe()
      const url = await serve(bot.webhookCallback('/hook', { secretToken: 'secret' }))
      await bot.telegram.setWebhook(url, { secret_token: 'secret' })
    },
  },
]

describe.each(DRIVERS)('$name', ({ start }) => {
  it('holds a conversation', async () => {
    const { api, ada } = await openBench()
    await start(api)
    ada.send('/start')
    await ada.settled()
    expect(ada.lastMessage()).toMatchObject({ text: 'Choose' })
    ada.press(ada.lastMessage().message_id, 'yes')
    // A bot that answers the webhook with its first call goes on afterwards, so that settling alone is not the end.
    await api.until(() => ada.messages().length === 2, 'the report')
    await ada.settled()
    expect(ada.clientQueryAnswers).toMatchObject([{ text: 'Saved' }])
    expect(ada.messages()).toMatchObject([
      { text: 'Done', buttons: [] },
      {
        text: 'Report',
        kind: 'document',
        file: { name: '报告.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF') },
      },
    ])
    expect(api.violations).toEqual([])
  })
})

describe('grammY sees', () => {
  it('refusals, waits and broken connections as Telegram’s', async () => {
    const { api } = await openBench()
    const { api: telegram } = createGrammyBot(api)
    await expect(telegram.sendMessage(7, '')).rejects.toThrow(GrammyError)
    api.failNext({ status: 429, retryAfter: 9 })
    await expect(telegram.sendMessage(7, 'x')).rejects.toMatchObject({
      error_code: 429,
      parameters: { retry_after: 9 },
    })
    api.failNext({ status: 502 })
    await expect(telegram.sendMessage(7, 'x')).rejects.toThrow(HttpError)
    api.failNext({ drop: 'before' })
    await expect(telegram.sendMessage(7, 'x')).rejects.toThrow(HttpError)
  })
})
