// The fake as a process of its own, for benchmarks: `node --import tsx test/support/bot-api/main.ts --token X`. Prints one JSON
// line with its url; a line on standard input is answered with one JSON line of counts. Keeps no history, and takes any chat.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createBotApi } from './index.js'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    token: { type: 'string' },
    latency: { type: 'string', default: '0' },
    'per-chat': { type: 'string' },
    global: { type: 'string' },
  },
})

if (values.token === undefined) throw new Error('Expected --token with the token of the bot, got none')

const perChat = values['per-chat']
const api = await createBotApi({
  token: values.token,
  port: Number(values.port),
  latencyMs: Number(values.latency),
  ...(perChat === undefined && values.global === undefined
    ? {}
    : {
        limits: { perChatPerSecond: Number(perChat ?? Infinity), globalPerSecond: Number(values.global ?? Infinity) },
      }),
  acceptStrangers: true,
  remember: false,
})

print({ url: api.url })
createInterface({ input: process.stdin }).on('line', () => print(api.tally()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void api.stop().then(() => process.exit(0))
  })
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
