/**
 * The strict Bot API of the tests as a process of its own. Prints its address; then each line of standard input is a
 * command and is answered with one line of JSON:
 *
 * - `meet 1000 100`: people 1000 to 1099 have started the bot; `block 1000`: one has blocked it
 * - `flood 1000 3`: the next message to them is answered with 429, to wait 3 seconds
 * - `say 1000 /start`, `press 1000 提交`: they write, or press the newest button whose label begins so; both wait for the bot
 * - `card 1000`: the bot's newest message (null: none); `shows 1000 提交`: the newest with this in its text or on a button
 * - `asked 1000`: the newest with a button that answers a question; `file 1000`: the newest file, as text
 * - `tally`: calls so far; `sent`: marked messages that were taken so far; `log`: every message and edit
 *
 * `TOKEN`; `LATENCY_MS` holds every call; `MARK` is the text of messages that are counted as marked; `CLOCK` is what is
 * added to the system's monotonic clock in milliseconds, so that another process can compare its own times.
 */
import { createInterface } from 'node:readline'
import { type Call, createBotApi, type Person, type SeenMessage } from '../test/support/bot-api/index.js'

/** The bot's newest message in a chat, as the next edit would send it. */
export type SeenCard = {
  readonly id: number
  readonly text: string
  readonly entities: unknown
  readonly buttons: Buttons
}
export type Buttons = readonly (readonly { readonly text: string; readonly callback_data?: string }[])[]

/** Milliseconds on the clock of `CLOCK`. `retryAfter` in seconds, from `answered` on. */
export type LoggedMessage = {
  readonly at: number
  readonly answered: number
  readonly chat: number
  /** 200, the error's code, or 0 where the connection was lost. */
  readonly status: number
  readonly retryAfter: number
  readonly marked: boolean
}
export type Log = {
  readonly messages: readonly LoggedMessage[]
  readonly edits: readonly { readonly at: number; readonly chat: number }[]
}

const { TOKEN, LATENCY_MS = '0', MARK, CLOCK } = process.env as Record<string, string>
const SETTLED_WITHIN_MS = 30_000

const now = CLOCK === undefined ? undefined : () => Number(process.hrtime.bigint()) / 1e6 + Number(CLOCK)
const messages: LoggedMessage[] = []
const edits: { at: number; chat: number }[] = []
let sent = 0
const api = await createBotApi({
  token: TOKEN!,
  acceptStrangers: true,
  remember: false,
  latencyMs: Number(LATENCY_MS),
  ...(now ? { now, onCall: note } : {}),
  // Below the updates that a bench makes up itself.
  firstUpdateId: 1,
  webhookRetry: { firstMs: 50, maxMs: 250, tries: 2000 },
})
print({ url: api.url })

createInterface({ input: process.stdin }).on('line', (line) => {
  run(line).then(print, (error: unknown) => print({ fault: String(error) }))
})
process.once('SIGTERM', () => void api.stop().then(() => process.exit(0)))

async function run(line: string): Promise<unknown> {
  const [, command, first = '0', rest = ''] = /^(\S+)(?: (\S+))?(?: (.*))?$/.exec(line) ?? []
  const chat = Number(first)
  switch (command) {
    case 'tally':
      return api.tally()
    case 'sent':
      return sent
    case 'log':
      return { messages, edits } satisfies Log
    case 'block':
      return { blocked: api.person(chat, { blocked: true }).id }
    case 'flood':
      api.failNext({ method: 'sendMessage', chatId: chat, status: 429, retryAfter: Number(rest) })
      return { flooded: chat }
    case 'say':
      return act(chat, (person) => person.send(rest))
    case 'press':
      return act(chat, (person) => press(person, rest))
    case 'card':
      return seen(api.person(chat).messages().at(-1))
    case 'shows':
      return seen(
        api
          .person(chat)
          .messages()
          .findLast((one) => one.text.includes(rest) || hasLabel(one, rest)),
      )
    case 'asked':
      return seen(
        api
          .person(chat)
          .messages()
          .findLast(({ buttons }) => buttons.flat().some((one) => one.callback_data?.startsWith('a:'))),
      )
    case 'file':
      return (
        api
          .person(chat)
          .messages()
          .findLast(({ file }) => file)
          ?.file?.bytes.toString('utf8') ?? null
      )
  }
  for (let i = 0; i < Number(rest); i += 1) api.person(chat + i, { started: true })
  return { met: Number(rest) }
}

async function act(chat: number, how: (person: Person) => unknown): Promise<unknown> {
  const person = api.person(chat)
  how(person)
  await person.settled({ timeoutMs: SETTLED_WITHIN_MS })
  return seen(person.messages().at(-1))
}

function press(person: Person, label: string): void {
  const message = person.messages().findLast((one) => hasLabel(one, label))
  if (!message) {
    const there = person
      .messages()
      .map(({ text, buttons }) => [text.slice(0, 60), ...buttons.flat().map((one) => one.text)])
    throw new Error(`Expected a button \`${label}\`, got ${JSON.stringify(there.slice(-3))}`)
  }
  person.press(message.message_id, ({ text }) => text.startsWith(label))
}

const hasLabel = ({ buttons }: SeenMessage, label: string): boolean =>
  buttons.flat().some(({ text }) => text.startsWith(label))

function seen(message: SeenMessage | undefined): SeenCard | null {
  if (!message) return null
  const { message_id: id, text, entities, buttons } = message
  return { id, text, entities, buttons }
}

function note({ method, payload, chatId: chat, at, result }: Call): void {
  if (chat === undefined) return
  if (method === 'editMessageText') edits.push({ at, chat })
  if (!/^send(?!ChatAction)/.test(method)) return
  const status = result?.kind === 'ok' ? 200 : result?.kind === 'error' ? result.status : 0
  const retryAfter = (result?.kind === 'error' && result.retryAfter) || 0
  const marked = payload.text === MARK
  // A connection that was lost on the way back has brought the message all the same.
  const taken = status === 200 || (result?.kind === 'dropped' && result.when === 'after')
  if (marked && taken) sent += 1
  messages.push({ at, answered: now!(), chat, status: taken ? 200 : status, retryAfter, marked })
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
