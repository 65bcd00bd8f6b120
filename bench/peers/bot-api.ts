/**
 * The strict Bot API of the tests as a process of its own, which also notes when each edit arrives and which presses are
 * acknowledged by a call. Prints its address; then each line of standard input is a command and is answered with one line
 * of JSON: `meet 1000 100` (people 1000 to 1099), `card 1000` (null where there is none), `tally`, `noted`.
 */
import { createInterface } from 'node:readline'
import { type Call, createBotApi } from '../../test/support/bot-api/index.js'
import type { SeenCard } from '../bot-api.js'
import { now } from './clock.js'

/** Since the last `noted`. */
export type Noted = {
  /** When edits arrived, by chat, in their order. */
  readonly edits: Readonly<Record<string, readonly number[]>>
  /** Presses that a call has acknowledged. */
  readonly acknowledged: readonly string[]
}

let edits: Record<string, number[]> = {}
let acknowledged: string[] = []
// The Bot API's clock also dates messages, so it is the steady one moved to the time of day.
const timeOfDay = Date.now() - now()
const api = await createBotApi({
  token: process.env.TOKEN!,
  acceptStrangers: true,
  remember: false,
  now: () => now() + timeOfDay,
  onCall: note,
})

function note({ method, chatId, payload, at, result }: Call): void {
  if (result?.kind !== 'ok') return
  if (method === 'answerCallbackQuery') acknowledged.push(String(payload.callback_query_id))
  if (method !== 'editMessageText' || chatId === undefined) return
  edits[chatId] ??= []
  edits[chatId].push(at - timeOfDay)
}

print({ url: api.url })
createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, first, count] = line.split(' ')
  print(answer(command!, Number(first), Number(count)))
})
process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)))

function answer(command: string, first: number, count: number): unknown {
  switch (command) {
    case 'meet':
      for (let chat = first; chat < first + count; chat += 1) api.person(chat, { started: true })
      return count
    case 'card':
      return seen(first)
    case 'tally':
      return api.tally()
    default: {
      const noted: Noted = { edits, acknowledged }
      edits = {}
      acknowledged = []
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
