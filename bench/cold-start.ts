/** The first command that the program as in production takes after its ready line, by a webhook update until its 200. */
import { freePort } from '../test/support/launch-postgres.js'
import { type Child, startNode, startScript } from './child.js'
import { cpuMsOf } from './proc.js'

const TOKEN = '700200:BENCH-token'
const SECRET = 'a-secret-of-the-bench'

/** Milliseconds by the clock and of the process's CPU, with the picture drawn and sent; and how many pictures came to the Bot API. */
export async function coldStart(DATABASE_URL: string, chat: number, command: string) {
  const api = startScript('bot-api.ts', { TOKEN })
  const children: Child[] = [api]
  try {
    const ask = async <T>(line: string): Promise<T> => {
      api.say(line)
      return JSON.parse(await api.line()) as T
    }
    const { url } = JSON.parse(await api.line()) as { url: string }
    await ask(`meet ${chat} 1`)
    const port = String(await freePort())
    const bot = startNode('bot', ['dist/main.js'], {
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: url,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: port,
      WEBHOOK_SECRET: SECRET,
      DATABASE_URL,
    })
    children.push(bot)
    await bot.line()
    const body = JSON.stringify(updateOf(chat, command))
    const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET }
    const used = cpuMsOf(bot.pid)
    const from = performance.now()
    const response = await fetch(`http://127.0.0.1:${port}/telegram`, { method: 'POST', headers, body })
    const ms = performance.now() - from
    const cpuMs = cpuMsOf(bot.pid) - used
    if (response.status !== 200)
      throw new Error(`Expected /${command} to be taken, got ${response.status}\n${bot.log()}`)
    const tally = await ask<Record<string, number>>('tally')
    return { ms, cpuMs, pictures: tally['sendPhoto ok'] ?? 0 }
  } finally {
    for (const child of children.reverse()) await child.stop()
  }
}

function updateOf(chat: number, command: string) {
  const who = { id: chat, first_name: 'Person' }
  const entities = [{ type: 'bot_command', offset: 0, length: command.length + 1 }]
  const date = Math.floor(Date.now() / 1000)
  const from = { ...who, is_bot: false, language_code: 'zh-hans' }
  const message = { message_id: 1, from, chat: { ...who, type: 'private' }, date, text: `/${command}`, entities }
  return { update_id: Math.floor(Date.now() / 100) % 2 ** 31, message }
}
