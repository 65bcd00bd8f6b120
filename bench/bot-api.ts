/**
 * The strict Bot API of the tests as a process of its own. Prints its address; then each line of standard input is a
 * command and is answered with one line of JSON: `meet 1000 100` (people 1000 to 1099), `card 1000` (null where
 * there is none), `tally`.
 */
import { createInterface } from 'node:readline'
import { createBotApi } from '../test/support/bot-api/index.js'

/** The bot's newest message in a chat, as the next edit would send it. */
export type SeenCard = {
  readonly id: number
  readonly text: string
  readonly entities: unknown
  readonly buttons: Buttons
}
export type Buttons = readonly (readonly { readonly text: string; readonly callback_data?: string }[])[]

const api = await createBotApi({ token: process.env.TOKEN!, acceptStrangers: true, remember: false })
print({ url: api.url })

createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, first = '0', count = '0'] = line.split(' ')
  if (command === 'tally') return print(api.tally())
  const chat = Number(first)
  if (command === 'card') {
    const card = api.person(chat).messages().at(-1)
    if (!card) return print(null)
    const { message_id: id, text, entities, buttons } = card
    return print({ id, text, entities, buttons } satisfies SeenCard)
  }
  for (let i = 0; i < Number(count); i += 1) api.person(chat + i, { started: true })
  return print({ met: Number(count) })
})
process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)))

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
