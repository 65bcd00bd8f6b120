/** A running bot with the strict Bot API, for tests of single conversations. */
import pg from 'pg'
import type { Program } from '../../src/compose.js'
import { openPglite } from '../../src/store/pglite.js'
import { type BotApi, createBotApi } from './bot-api/index.js'
import { freshStores, type Home, startProgram, TOKEN, telegramEnv } from './program.js'

export type Bot = {
  readonly api: BotApi
  readonly env: Record<string, string>
  program: Program
  /** Stops the program and starts it again on the same data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startBot(home: Home = 'embedded', by: 'polling' | 'webhook' = 'webhook'): Promise<Bot> {
  const api = await createBotApi({ token: TOKEN })
  const stores = await freshStores(home)
  const env = { ...stores.env, ...(await telegramEnv(api.url, by)) }
  const introduced = () => api.callsOf('setMyShortDescription').length
  const start = async () => {
    const before = introduced()
    const program = await startProgram(env)
    await api.until(() => introduced() >= before + 2, 'the menu to be set')
    return program
  }
  const bot: Bot = {
    api,
    env,
    program: await start(),
    async restart() {
      await bot.program.stop()
      bot.program = await start()
    },
    async stop() {
      await bot.program.stop()
      await api.stop()
      await stores.remove()
    },
  }
  return bot
}

export type Row = {
  question_id: string
  revision: number
  value: string | null
  not_applicable: string | null
  note: string | null
  evidence: unknown[]
  raw: string | null
  input_id: string
}

/** The ledger of a bot on servers, in the order in which it was written; the bot may go on. */
export async function ledgerRows(env: Record<string, string>): Promise<Row[]> {
  const client = new pg.Client({ connectionString: env.DATABASE_URL })
  await client.connect()
  try {
    const { rows } = await client.query<Row>('SELECT * FROM answer ORDER BY at, question_id, revision')
    return rows
  } finally {
    await client.end()
  }
}

/** The ledger of an embedded bot that is stopped. */
export async function embeddedRows(env: Record<string, string>): Promise<Row[]> {
  const { pool, close } = await openPglite({ directory: `${env.DATA_DIR}/pglite` })
  try {
    return (await pool.query<Row>('SELECT * FROM answer ORDER BY at, question_id, revision')).rows
  } finally {
    await close()
  }
}
