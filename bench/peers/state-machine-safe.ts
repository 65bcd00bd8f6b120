/**
 * grammY with its session plugin, made safe by its author: the button names its question, a row is unique by person and
 * question, the state never goes back, and a press that comes late or twice shows the current question.
 */
import { Bot, type Context, type SessionFlavor, session, webhookCallback } from 'grammy'
import { API, addRow, cardAt, isDone, makeTable, questions, redisStorage, SECRET, serve, TOKEN } from './peer.js'

type State = { at: number }

const dataOf = (index: number) => (value: string) => `a:${index}:${value}`

await makeTable(', PRIMARY KEY (chat, question)')
const bot = new Bot<Context & SessionFlavor<State>>(TOKEN, { client: { apiRoot: API } })
bot.use(session({ initial: (): State => ({ at: 0 }), storage: redisStorage<State>() }))

bot.command('start', async (ctx) => {
  const { at } = ctx.session
  const { text, look } = cardAt(at, dataOf(at))
  await ctx.reply(text, look)
})

bot.callbackQuery(/^a:(\d+):(.+)$/, async (ctx) => {
  const index = Number(ctx.match[1])
  const value = ctx.match[2]!
  const question = questions[index]
  if (question?.values.includes(value)) {
    await addRow(ctx.chat!.id, question.id, value, 'ON CONFLICT DO NOTHING')
    ctx.session.at = Math.max(ctx.session.at, index + 1)
  }
  const { at } = ctx.session
  const { text, look } = cardAt(at, dataOf(at))
  await ctx.editMessageText(text, look).catch(isDone)
  await ctx.answerCallbackQuery().catch(isDone)
})

await serve(webhookCallback(bot, 'fastify', { secretToken: SECRET }))
