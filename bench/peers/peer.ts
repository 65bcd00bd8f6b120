/** What all peers share and what none of their libraries decides: the cards to show, rows in PostgreSQL, sessions in Redis. */
import { readFileSync } from 'node:fs'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Screenplay } from './screenplay.js'

export const { API, TOKEN, SECRET, DATABASE_URL, REDIS_URL, SCREENPLAY, PORT } = process.env as Record<
  'API' | 'TOKEN' | 'SECRET' | 'DATABASE_URL' | 'REDIS_URL' | 'SCREENPLAY' | 'PORT',
  string
>
/** As many as the bot's own pool has. */
const DATABASE_CONNECTIONS = 10

const { questions, cards } = JSON.parse(readFileSync(SCREENPLAY, 'utf8')) as Screenplay

export { questions }

/** The card that asks the question at an index, after the last one the card that ends; `dataOf` gives an option's button its data. */
export function cardAt(index: number, dataOf: (value: string) => string) {
  const { text, entities, rows } = cards[index]!
  const inline_keyboard = rows.map((row) =>
    row.map((button) => ({
      text: button.text,
      callback_data: 'value' in button ? dataOf(button.value) : button.data,
    })),
  )
  return { text, look: { entities, link_preview_options: { is_disabled: true }, reply_markup: { inline_keyboard } } }
}

/**
 * What Telegram refuses where a press comes again: to acknowledge it a second time, and to show what is shown already. Neither
 * does harm, while a 500 for it would bring the press again and again.
 */
export function isDone(error: unknown): void {
  if (!(error instanceof Error) || !/message is not modified|query is too old/.test(error.message)) throw error
}

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: DATABASE_CONNECTIONS })

/** Makes the table where it is not there; `key` is its unique key, if it has one. */
export async function makeTable(key = ''): Promise<void> {
  await pool.query(`CREATE TABLE IF NOT EXISTS peer_answer
    (chat bigint NOT NULL, question text NOT NULL, value text NOT NULL, at timestamptz NOT NULL DEFAULT now() ${key})`)
}

/** Adds a durable row; `whenThere` says what to do where the key has one already. */
export async function addRow(chat: number, question: string, value: string, whenThere = ''): Promise<void> {
  await pool.query({
    name: 'add',
    text: `INSERT INTO peer_answer (chat, question, value) VALUES ($1, $2, $3) ${whenThere}`,
    values: [chat, question, value],
  })
}

const redis = new Redis(REDIS_URL)

/** Sessions as JSON, in the shape that grammY's plugins take. */
export function redisStorage<T>() {
  return {
    read: async (key: string): Promise<T | undefined> => {
      const text = await redis.get(key)
      return text === null ? undefined : (JSON.parse(text) as T)
    },
    write: async (key: string, value: T): Promise<void> => void (await redis.set(key, JSON.stringify(value))),
    delete: async (key: string): Promise<void> => void (await redis.del(key)),
  }
}

/** Fastify with grammY's own webhook handler. */
export async function serve(
  handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): Promise<void> {
  const server = Fastify({ logger: false })
  server.post('/telegram', handler)
  await server.listen({ host: '127.0.0.1', port: Number(PORT) })
  ready()
}

export function ready(): void {
  process.once('SIGTERM', () => process.exit(0))
  process.stdout.write('ready\n')
}
