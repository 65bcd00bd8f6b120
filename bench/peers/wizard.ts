/**
 * Telegraf's wizard: every question is a step. By Telegraf's default the acknowledgement of a press goes back in the webhook's
 * response; with `ORDINARY_CALLS` it is a call like the edit.
 */
import { Agent, createServer } from 'node:http'
import { Scenes, session, Telegraf } from 'telegraf'
import { API, addRow, cardAt, isDone, makeTable, PORT, questions, ready, redisStorage, SECRET, TOKEN } from './peer.js'

const dataOf = (value: string) => `a:${value}`

const steps = questions.map(({ id, values }, index) => async (ctx: Scenes.WizardContext) => {
  if (!ctx.callbackQuery || !('data' in ctx.callbackQuery)) return
  const value = ctx.callbackQuery.data.slice(2)
  const fits = values.includes(value)
  if (fits) {
    await addRow(ctx.chat!.id, id, value)
    ctx.wizard.next()
  }
  const { text, look } = cardAt(fits ? index + 1 : index, dataOf)
  await ctx.editMessageText(text, look).catch(isDone)
  if (fits && index + 1 === questions.length) await ctx.scene.leave()
  await ctx.answerCbQuery().catch(isDone)
})

const assess = new Scenes.WizardScene<Scenes.WizardContext>(
  'assess',
  async (ctx) => {
    const { text, look } = cardAt(0, dataOf)
    await ctx.reply(text, look)
    ctx.wizard.next()
  },
  ...steps,
)

await makeTable()
const bot = new Telegraf<Scenes.WizardContext>(TOKEN, {
  telegram: {
    // In lower case Telegraf would give up kept connections, which it has in production, where the address is https.
    apiRoot: API.replace('http:', 'HTTP:'),
    agent: new Agent({ keepAlive: true }),
    ...(process.env.ORDINARY_CALLS ? { webhookReply: false } : {}),
  },
})
const storage = redisStorage<object>()
bot.use(session({ store: { get: storage.read, set: storage.write, delete: storage.delete } }))
bot.use(new Scenes.Stage([assess]).middleware())
bot.start((ctx) => ctx.scene.enter('assess'))
bot.on('callback_query', async (ctx) => {
  await ctx.answerCbQuery().catch(isDone)
})
// Without it a failed call would end the process.
bot.catch((error) => {
  process.stderr.write(`${String(error)}\n`)
})
createServer(bot.webhookCallback('/telegram', { secretToken: SECRET })).listen(Number(PORT), '127.0.0.1', ready)
