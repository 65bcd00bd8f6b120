// A fake with one person who has written to the bot, and a bare client; both end with the test.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import {
  type BotApi,
  type BotApiOptions,
  createBotApi,
  type Message,
  type Person,
  type Update,
} from '../support/bot-api/index.js'

export const TOKEN = '4242:test-token'

export type Reply = {
  readonly status: number
  readonly ok: boolean
  readonly result: unknown
  readonly description: string | undefined
  readonly retryAfter: number | undefined
}

export type Bench = {
  readonly api: BotApi
  readonly ada: Person
  /** Calls a method with a JSON body. */
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<Reply>
  /** Sends a message to Ada and returns it. */
  say(text: string, params?: Readonly<Record<string, unknown>>): Promise<Message>
  poll(params?: Readonly<Record<string, unknown>>): Promise<readonly Update[]>
}

export async function openBench(options: Partial<BotApiOptions> = {}): Promise<Bench> {
  const api = await createBotApi({ token: TOKEN, ...options })
  onTestFinished(() => api.stop())
  const ada = api.person(7, { firstName: 'Ada', languageCode: 'zh', started: true })
  const call: Bench['call'] = async (method, params = {}) =>
    readReply(
      await fetch(`${api.url}/bot${TOKEN}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
      }),
    )
  return {
    api,
    ada,
    call,
    say: async (text, params = {}) =>
      (await call('sendMessage', { chat_id: ada.id, text, ...params })).result as Message,
    poll: async (params = {}) => (await call('getUpdates', params)).result as readonly Update[],
  }
}

export async function readReply(response: Response): Promise<Reply> {
  const body = (await response.json()) as Body
  const { ok, result, description, parameters } = body
  return { status: response.status, ok, result, description, retryAfter: parameters?.retry_after }
}

type Body = {
  readonly ok: boolean
  readonly result: unknown
  readonly description: string | undefined
  readonly parameters?: { readonly retry_after?: number }
}

/** The message of an update that is one. */
export function messageOf(update: Update | undefined): Message {
  if (update !== undefined && 'message' in update) return update.message
  throw new Error(`Expected an update with a message, got ${JSON.stringify(update)}`)
}

export type Received = { readonly update: Update; readonly secret: string | undefined }
export type Answer = { readonly status?: number; readonly body?: unknown }

export type Bot = {
  readonly url: string
  readonly received: Received[]
}

/** A web server that takes updates and answers each as `answer` says. */
export async function openBot(answer: (update: Update, nth: number) => Answer | Promise<Answer>): Promise<Bot> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const update = JSON.parse(await readAll(request)) as Update
    received.push({ update, secret: request.headers['x-telegram-bot-api-secret-token'] as string | undefined })
    const { status = 200, body } = await answer(update, received.length)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** An inline keyboard of one button a row, such as `keyboard('a', 'b')`; each button's label is its data. */
export function keyboard(...data: readonly string[]): { readonly inline_keyboard: readonly (readonly object[])[] } {
  return { inline_keyboard: data.map((each) => [{ text: each, callback_data: each }]) }
}
