/** Processes of the program as they stand behind a load balancer: each has a port, can be killed and is started again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { freePort } from '../test/support/launch-postgres.js'
import { type Child, startNode } from './child.js'
import { peakMbOf } from './proc.js'

export type Bots = {
  /**
   * Posts an update as Telegram does: to the living ones in turn, and where that fails once more to the next, until it is
   * taken. Resolves with the number of tries and the body of the response.
   */
  post(body: string): Promise<{ readonly tries: number; readonly text: string }>
  /** kill -9 of one, which is started again at once; resolves once it is ready. */
  kill(index: number): Promise<void>
  /** Peaks of those that run now. */
  memoryMb(): number[]
  /** What each wrote to its standard error last. */
  log(): string
  /** Exit codes; anything but 0 is a fault. */
  stop(): Promise<(number | null)[]>
}

type Bot = { child: Child; alive: boolean; readonly pool: Pool; readonly start: () => Promise<Child> }

const PAUSE_AFTER_FAULT_MS = 50
const MOST_TRIES = 600

export async function startBots(count: number, secret: string, env: Record<string, string>): Promise<Bots> {
  const bots: Bot[] = []
  for (let i = 0; i < count; i += 1) {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    const start = async () => {
      const child = startNode(`bot ${i}`, ['dist/main.js'], {
        ...env,
        PUBLIC_URL: url,
        PORT: port,
        WEBHOOK_SECRET: secret,
      })
      await child.line()
      return child
    }
    bots.push({ child: await start(), alive: true, pool: new Pool(url, { connections: 40 }), start })
  }
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  let turn = 0

  return {
    async post(body) {
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
        turn += 1
        const living = bots.filter(({ alive }) => alive)
        const bot = living[turn % living.length]
        try {
          if (bot) {
            const response = await bot.pool.request({ path: '/telegram', method: 'POST', headers, body })
            const text = await response.body.text()
            if (response.statusCode === 200) return { tries, text }
          }
        } catch {
          // Its connection is gone: Telegram brings the update again.
        }
        await sleep(PAUSE_AFTER_FAULT_MS)
      }
      throw new Error(`Expected an update to be taken within ${MOST_TRIES} tries`)
    },
    async kill(index) {
      const bot = bots[index]!
      bot.alive = false
      process.kill(bot.child.pid, 'SIGKILL')
      while (bot.child.alive()) await sleep(1)
      bot.child = await bot.start()
      bot.alive = true
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
