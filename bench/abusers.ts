/** Requests that nobody who means well sends, each with the status that it must get. */
import { Pool } from 'undici'

export type Request = { readonly body: string | Buffer; readonly secret?: string }
export type Abuse = {
  readonly name: string
  readonly status: number
  readonly request: (n: number) => Request
  /** How many to send; large ones are fewer. */
  readonly share?: number
}
export type Answer = { readonly status: number; readonly text: string }
export type Post = (request: Request) => Promise<Answer>

/** Over the limit of the webhook, 256 KB. */
const TOO_LARGE = Buffer.alloc(300 * 1024, 0x20)
const chat = (id: number) => `{"id":${id},"first_name":"Person ${id}","type":"private"}`
const user = (id: number) => `{"id":${id},"is_bot":false,"first_name":"Person ${id}","language_code":"zh-hans"}`

let updates = 700_000_000
export const nextUpdate = (): number => {
  updates += 1
  return updates
}

/** An update as Telegram delivers what somebody writes. */
export function messageOf(id: number, text: string): string {
  const update = nextUpdate()
  return `{"update_id":${update},"message":{"message_id":${update},"from":${user(id)},"chat":${chat(id)},"date":1795305600,"text":${JSON.stringify(text)}}}`
}

/** An update as Telegram delivers a press of a button. */
export function pressOf(id: number, card: number, data: string): string {
  const update = nextUpdate()
  return (
    `{"update_id":${update},"callback_query":{"id":"${id}0${update}","from":${user(id)},"message":{"message_id":${card},` +
    `"chat":${chat(id)},"date":1795305600},"chat_instance":"${id}77","data":${JSON.stringify(data)}}}`
  )
}

/** 64 bytes that were never a button. */
const GARBAGE = `${'%\u0001\u00ff😀"\\'.repeat(6)}abcd`

/** `whom`: the person in whose name it is sent. */
export const abusesOf = (whom: number): readonly Abuse[] => [
  { name: 'wrong_secret', status: 401, request: () => ({ body: messageOf(whom, '你好'), secret: 'guessed' }) },
  { name: 'too_large', status: 413, request: () => ({ body: TOO_LARGE }), share: 0.1 },
  { name: 'malformed_json', status: 400, request: () => ({ body: messageOf(whom, '你好').slice(0, -2) }) },
  {
    name: 'invalid_utf8',
    status: 400,
    request: () => ({ body: Buffer.from(messageOf(whom, '\u00ff'), 'latin1') }),
  },
  { name: 'not_an_update', status: 400, request: (n) => ({ body: `{"update":${n}}` }) },
  {
    name: 'unknown_kind',
    status: 200,
    request: () => ({
      body: `{"update_id":${nextUpdate()},"inline_query":{"id":"1","from":${user(whom)},"query":""}}`,
    }),
  },
  { name: 'unreadable_button', status: 200, request: () => ({ body: pressOf(whom, 1, GARBAGE) }) },
]

export function createPost(webhook: string, secret: string, connections = 200): { post: Post; close(): Promise<void> } {
  const { origin, pathname } = new URL(webhook)
  const pool = new Pool(origin, { pipelining: 1, connections })
  return {
    async post({ body, secret: other }) {
      const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': other ?? secret }
      const { statusCode: status, body: answer } = await pool.request({ path: pathname, method: 'POST', headers, body })
      return { status, text: await answer.text() }
    },
    close: () => pool.destroy(),
  }
}
