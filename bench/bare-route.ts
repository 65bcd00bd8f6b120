/**
 * What the bot is measured against: a Fastify route with one Redis round trip, one durable idempotent insert and the same
 * outgoing calls, and nothing else: no bot library, no rubric, no session, no order of a person's inputs.
 */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import { Pool } from 'undici'
import type { Card } from './script.js'

type Update = {
  readonly update_id: number
  readonly message?: { readonly chat: { readonly id: number } }
  readonly callback_query?: {
    readonly id: string
    readonly data: string
    readonly message: { readonly message_id: number; readonly chat: { readonly id: number } }
  }
}

/** As many as the bot's own pool has. */
const DATABASE_CONNECTIONS = 10
const API_CONNECTIONS = 64

const { API, TOKEN, SECRET, DATABASE_URL, REDIS_URL, CARDS, PORT = '0' } = process.env as Record<string, string>
/** The bot's own cards in the order in which it shows them. */
const cards = JSON.parse(readFileSync(CARDS!, 'utf8')) as Card[]
const redis = new Redis(REDIS_URL!)
const pool = new pg.Pool({ connectionString: DATABASE_URL!, max: DATABASE_CONNECTIONS })
const api = new Pool(API!, { connections: API_CONNECTIONS, pipelining: 1 })
await pool.query(`CREATE TABLE IF NOT EXISTS bare_answer (chat bigint, question text, value text, input bigint,
  at timestamptz NOT NULL, PRIMARY KEY (chat, question))`)

const server = Fastify({ logger: false })
server.post('/telegram', async (request, reply) => {
  if (request.headers['x-telegram-bot-api-secret-token'] !== SECRET) return reply.code(401).send({})
  const { update_id, message, callback_query } = request.body as Update
  if (message) {
    await redis.set(`bare:${message.chat.id}`, 0)
    await call('sendMessage', { chat_id: message.chat.id, ...cards[0] })
  }
  if (!callback_query) return {}
  const { id, data, message: card } = callback_query
  const chat_id = card.chat.id
  const [, , question, , value] = data.split(':')
  const place = await redis.incr(`bare:${chat_id}`)
  await pool.query({
    name: 'insert',
    text: 'INSERT INTO bare_answer VALUES ($1, $2, $3, $4, now()) ON CONFLICT DO NOTHING',
    values: [chat_id, question, value, update_id],
  })
  await call('editMessageText', { chat_id, message_id: card.message_id, ...cards[place] })
  return { method: 'answerCallbackQuery', callback_query_id: id }
})
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(`${JSON.stringify({ url: await server.listen({ host: '127.0.0.1', port: Number(PORT) }) })}\n`)

async function call(method: string, payload: object): Promise<void> {
  const response = await api.request({
    path: `/bot${TOKEN}/${method}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  const { ok } = (await response.body.json()) as { ok: boolean }
  if (!ok) throw new Error(`Expected ${method} to be taken, got ${response.statusCode}`)
}
