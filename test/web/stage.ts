/** The web chat with a conversation that a test makes up: what is sent is recorded, what is said is given. */
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Receipt } from '../../src/app/acknowledge.js'
import type { Card, Inbound, Speech } from '../../src/app/speech.js'
import { loadLocales } from '../../src/content/locales.js'
import { createServer } from '../../src/http/server.js'
import { webChat } from '../../src/http/web-chat.js'
import { ROOT } from './start.js'

export const card = (text: string, ...labels: string[]): Card => ({
  text: [{ text, style: 'bold' }],
  rows: labels.map((label) => [{ label, data: `x:${label}` }]),
})

/** Serves until the test ends; `say` answers each input, by default with one card. */
export async function openStage(
  say: (inbound: Inbound) => Partial<Speech> = () => ({}),
  {
    demo = true,
    acknowledge = () => undefined,
    uploads = {},
  }: {
    demo?: boolean
    acknowledge?: (inbound: Inbound) => Receipt | undefined
    /** Files by reference; everybody may read them. */
    uploads?: Readonly<Record<string, { readonly bytes: Uint8Array; readonly mime: string }>>
  } = {},
) {
  const heard: Inbound[] = []
  let last: string | null = null
  const server = createServer({ log: pino({ level: 'silent' }), health: { ready: async () => ({}) } })
  await server.register(webChat, {
    dispatch: {
      async handle(inbound, speak) {
        heard.push(inbound)
        const speech = { card: card('第 1 题', '是', '否'), move: false, toast: null, ...say(inbound) }
        last = (await speak(speech, last, async () => {})).card
      },
      async acknowledge(inbound) {
        const receipt = acknowledge(inbound)
        if (receipt) heard.push(inbound)
        return receipt
      },
    },
    locales: loadLocales(ROOT, 'zh-CN'),
    defaultLanguage: 'zh-CN',
    pageDirectory: join(ROOT, 'src', 'http', 'page'),
    demo,
    cookieSecret: 'yet another secret of the tests, long enough',
    secureCookies: false,
    personOf: async () => ({ id: 'p0000000001', language: 'zh-CN', name: null }),
    files: {
      keepFile: async () => 'file:0',
      mayRead: async () => true,
      file: async (ref) => uploads[ref],
    },
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  /** Content of what was sent, for short. */
  const contents = () => heard.map(({ content }) => content)
  return { server, url, heard, contents }
}
