/**
 * The strict Bot API of the tests as a process of its own, for tens of thousands of chats: of each it keeps the message that is
 * there, and how many edits it took. Prints its address; then each line of standard input is a command and is answered with one
 * line of JSON: `meet 1000` (somebody has started the bot), `card 1000` (the bot's newest message there), `edits` (by chat, since
 * they were last asked for), `tally` (calls so far).
 */
import { createInterface } from 'node:readline'
import { createBotApi } from '../../test/support/bot-api/index.js'
import type { SeenCard } from '../bot-api.js'

let edits: Record<string, number> = {}
const api = await createBotApi({
  token: process.env.TOKEN!,
  acceptStrangers: true,
  remember: false,
  onCall({ method, chatId, result }) {
    if (method !== 'editMessageText' || chatId === undefined || result?.kind !== 'ok') return
    edits[chatId] = (edits[chatId] ?? 0) + 1
  },
})

print({ url: api.url })
createInterface({ input: process.stdin }).on('line', (line) => print(answer(line)))
process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)))

function answer(line: string): unknown {
  const [command, chat] = line.split(' ')
  switch (command) {
    case 'meet':
      return api.person(Number(chat), { started: true }).id
    case 'card':
      return seen(Number(chat))
    case 'tally':
      return api.tally()
    default: {
      const noted = edits
      edits = {}
      return noted
    }
  }
}

function seen(chat: number): SeenCard | null {
  const card = api.person(chat).messages().at(-1)
  return card ? { id: card.message_id, text: card.text, entities: card.entities, buttons: card.buttons } : null
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
