/** grammY with its session plugin: the session says which question is next, and a press answers that one. */
import { Bot, type Context, type SessionFlavor, session, webhookCallback } from 'grammy'
import { API, addRow, cardAt, isDone, makeTable, questions, redisStorage, SECRET, serve, TOKEN } from './peer.js'

type State = { at: number }

const dataOf = (value: string) => `a:${value}`

await makeTable()
const bot = new Bot<Context & SessionFlavor<State>>(TOKEN, { client: { apiRoot: API } })
bot.use(session({ initial: (): State => ({ at: 0 }), storage: redisStorage<State>() }))

bot.command('start', async (ctx) => {
  ctx.session.at = 0
  const { text, look } = cardAt(0, dataOf)
  await ctx.reply(text, look)
})

bot.callbackQuery(/^a:(.+)$/, async (ctx) => {
  const value = ctx.match[1]!
  const question = questions[ctx.session.at]
  if (question?.values.includes(value)) {
    await addRow(ctx.chat!.id, question.id, value)
    ctx.session.at += 1
  }
  const { text, look } = cardAt(ctx.session.at, dataOf)
  await ctx.editMessageText(text, look).catch(isDone)
  await ctx.answerCallbackQuery().catch(isDone)
})

await serve(webhookCallback(bot, 'fastify', { secretToken: SECRET }))
