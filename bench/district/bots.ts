/** Processes of the program behind one address: a balancer sends each request to any of them, also to one that has just died. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { freePort } from '../../test/support/launch-postgres.js'
import { type Child, startNode } from '../child.js'
import { peakMbOf } from '../proc.js'

export type Bots = {
  /** Brings an update to one of them; the body of its 200, or undefined where it was not taken. */
  deliver(body: string, chance: number, signal?: AbortSignal): Promise<string | undefined>
  /** kill -9 of one, which is started again at once; resolves once it is ready. */
  kill(index: number): Promise<void>
  memoryMb(): number[]
  log(): string
  /** Exit codes; anything but 0 is a fault. */
  stop(): Promise<(number | null)[]>
}

type Bot = { child: Child; readonly pool: Pool; readonly start: () => Promise<Child> }

/** More than people can have under way, so that nobody waits for a connection behind somebody whose process died. */
const CONNECTIONS = 1_000

export async function startBots(count: number, secret: string, env: Record<string, string>): Promise<Bots> {
  const bots: Bot[] = []
  for (let i = 0; i < count; i += 1) {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    const start = async () => {
      // The address that Telegram is told is not used: updates come from the district's own network.
      const child = startNode(`bot ${i}`, ['dist/main.js'], {
        ...env,
        PUBLIC_URL: url,
        PORT: port,
        WEBHOOK_SECRET: secret,
      })
      await child.line()
      // Nothing more is read from it, and a full pipe would hold it up.
      void drained(child)
      return child
    }
    bots.push({ child: await start(), pool: new Pool(url, { connections: CONNECTIONS }), start })
  }
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  return {
    async deliver(body, chance, signal) {
      const { pool } = bots[Math.floor(chance * bots.length)]!
      try {
        const response = await pool.request({
          path: '/telegram',
          method: 'POST',
          headers,
          body,
          ...(signal ? { signal } : {}),
        })
        const text = await response.body.text()
        return response.statusCode === 200 ? text : undefined
      } catch {
        return undefined
      }
    },
    async kill(index) {
      const bot = bots[index % count]!
      if (!bot.child.alive()) throw new Error(`Expected ${bot.child.name} to run, got its end\n${bot.child.log()}`)
      process.kill(bot.child.pid, 'SIGKILL')
      while (bot.child.alive()) await sleep(1)
      bot.child = await bot.start()
    },
    memoryMb: () => bots.map(({ child }) => Math.round(peakMbOf(child.pid))),
    log: () => bots.map(({ child }) => child.log()).join('\n'),
    async stop() {
      const codes = await Promise.all(bots.map(({ child }) => child.stop()))
      for (const { pool } of bots) await pool.destroy()
      return codes
    },
  }
}

async function drained(child: Child): Promise<void> {
  try {
    for (;;) await child.line()
  } catch {
    // It has ended.
  }
}
