/** grammY with its conversations plugin: the questions are a loop, and the plugin replays it for every press. */
import { type Conversation, type ConversationFlavor, conversations, createConversation } from '@grammyjs/conversations'
import { Bot, type Context, webhookCallback } from 'grammy'
import { API, addRow, cardAt, isDone, makeTable, questions, redisStorage, SECRET, serve, TOKEN } from './peer.js'

const dataOf = (value: string) => `a:${value}`

async function assess(conversation: Conversation, ctx: Context): Promise<void> {
  const first = cardAt(0, dataOf)
  await ctx.reply(first.text, first.look)
  for (const [index, question] of questions.entries()) {
    const show = async (to: Context, at: number) => {
      const { text, look } = cardAt(at, dataOf)
      await to.editMessageText(text, look).catch(isDone)
      await to.answerCallbackQuery().catch(isDone)
    }
    const pressed = await conversation.waitForCallbackQuery(question.values.map(dataOf), {
      otherwise: (other) => (other.callbackQuery ? show(other, index) : undefined),
    })
    const value = pressed.callbackQuery.data.slice(2)
    await conversation.external(() => addRow(pressed.chat!.id, question.id, value))
    await show(pressed, index + 1)
  }
}

await makeTable()
const bot = new Bot<ConversationFlavor<Context>>(TOKEN, { client: { apiRoot: API } })
bot.use(conversations({ storage: redisStorage() }))
bot.use(createConversation(assess))
bot.command('start', (ctx) => ctx.conversation.enter('assess'))
// A press that no conversation waits for.
bot.on('callback_query', (ctx) => ctx.answerCallbackQuery().catch(isDone))
await serve(webhookCallback(bot, 'fastify', { secretToken: SECRET }))
