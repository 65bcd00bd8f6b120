/** Who takes part, how each is started, and where its rows lie. */
import { type Child, startNode, startScript } from '../child.js'

export type Contestant = {
  /** As in the figures. */
  readonly name: string
  /** As in the table. */
  readonly title: string
  readonly role: 'ours' | 'yardstick' | 'peer'
  /** So slow that it walks fewer rounds with fewer people. */
  readonly slow?: true
  start(place: Place): Child
  /** Selects `chat`, `question` and `value` of every row. */
  readonly rows: string
}

/** Where a contestant runs: its own database and Redis number, and the Bot API that it calls. */
export type Place = {
  readonly api: string
  readonly database: string
  readonly redis: string
  readonly port: number
  /** Files of what is shown: for the peers, and for the bare route. */
  readonly screenplay: string
  readonly cards: string
}

export const TOKEN = '700100:BENCH-token'
export const SECRET = 'a-secret-of-the-bench'
export const webhookOf = ({ port }: Pick<Place, 'port'>): string => `http://127.0.0.1:${port}/telegram`

const PEER_ROWS = 'SELECT chat::text, question, value FROM peer_answer'

function peer(
  file: string,
  title: string,
  more: { name?: string; slow?: true; env?: Record<string, string> } = {},
): Contestant {
  return {
    name: more.name ?? file.replaceAll('-', '_'),
    title,
    role: 'peer',
    ...(more.slow ? { slow: true } : {}),
    start: (place) => startScript(`peers/${file}.ts`, { ...environment(place), ...more.env }),
    rows: PEER_ROWS,
  }
}

const environment = ({ api, database, redis, port, screenplay, cards }: Place): Record<string, string> => ({
  API: api,
  TOKEN,
  SECRET,
  DATABASE_URL: database,
  REDIS_URL: redis,
  PORT: String(port),
  SCREENPLAY: screenplay,
  CARDS: cards,
})

export const OURS: Contestant = {
  name: 'ours',
  title: 'ours',
  role: 'ours',
  start: ({ api, database, redis, port }) =>
    startNode('ours', ['dist/main.js'], {
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: api,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      PORT: String(port),
      WEBHOOK_SECRET: SECRET,
      DATABASE_URL: database,
      REDIS_URL: redis,
    }),
  rows: `SELECT substr(address.address, length('telegram:') + 1) AS chat, question_id AS question, value
    FROM answer JOIN sheet ON sheet.id = sheet_id JOIN address ON address.person_id = sheet.person_id`,
}

const BARE: Contestant = {
  name: 'bare',
  title: 'the bare route',
  role: 'yardstick',
  start: (place) => startScript('bare-route.ts', environment(place)),
  rows: 'SELECT chat::text, question, value FROM bare_answer',
}

/** In this order a cycle goes: who is compared most closely stands side by side. */
export const CONTESTANTS: readonly Contestant[] = [
  BARE,
  OURS,
  peer('state-machine-safe', 'grammY + state machine, made safe'),
  peer('state-machine', 'grammY + state machine'),
  peer('wizard', "Telegraf's wizard"),
  peer('wizard', "Telegraf's wizard, ordinary calls", { name: 'wizard_calls', env: { ORDINARY_CALLS: '1' } }),
  peer('conversations', 'grammY + conversations', { slow: true }),
]
