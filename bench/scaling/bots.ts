/** Processes of the program as in production behind one address: taps go to them in turn, as a balancer would send them. */
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/launch-postgres.js'
import { type Child, startNode } from '../child.js'
import { type Crowd, createCrowd } from '../crowd.js'
import type { Card } from '../script.js'
import { MEMORY_FILE, TELLS_MEMORY } from './memory.js'
import { SECRET, type Site, TOKEN } from './site.js'
import type { Press, Tapper } from './tapper.js'

export type Bots = {
  readonly children: readonly Child[]
  /** Somebody's tap, posted to the next process; resolves with what is wrong with the response, if anything. */
  tap(tapper: Tapper, press: Press): Promise<string | undefined>
  /** Somebody writes /start. */
  start(chat: number): Promise<void>
  /** Cards that updates show from now on, as they were drawn for one sheet. */
  show(cards: readonly Card[], sheet: string): void
  stop(): Promise<void>
}

export async function startBots(site: Site, count: number, database: string): Promise<Bots> {
  const pressed = new Map<number, string>()
  const hooked = await hooks(site)
  const started = await Promise.all(Array.from({ length: count }, (_, i) => startBot(site, `bot ${i}`, database)))
  await untilQuiet(site, hooked + count)
  const crowds = started.map(({ webhook }) =>
    createCrowd(webhook, SECRET, { ...manners, dataOf: ({ chat }) => pressed.get(chat)! }),
  )
  const children = started.map(({ child }) => child)
  let turn = 0
  const next = (): Crowd => crowds[turn++ % crowds.length]!
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    for (const crowd of crowds) await crowd.close()
    const codes = await Promise.all(children.map((child) => child.stop()))
    if (codes.some((code) => code !== 0))
      site.broken.push(`a process ended with ${codes.join(', ')}\n${children.map((child) => child.log()).join('\n')}`)
  }
  site.keep(stop)
  return {
    children,
    stop,
    start: (chat) => next().start(chat),
    show(cards, sheet) {
      for (const crowd of crowds) crowd.show(cards, sheet)
    },
    tap(tapper, { index, data }) {
      tapper.taps += 1
      // Nobody taps again before they have their answer.
      pressed.set(tapper.chat, data)
      return next().tap(tapper, index)
    },
  }
}

const manners = {
  judge: ({ method, callback_query_id }: Readonly<Record<string, unknown>>, query: string) =>
    method === 'answerCallbackQuery' && callback_query_id === query ? undefined : 'the press was not acknowledged',
  onTap: () => {},
}

/** After its ready line a process still tells the Bot API where its webhook is, and then its name and its commands. */
async function untilQuiet(site: Site, hooked: number): Promise<void> {
  for (let before = ''; ; ) {
    await sleep(QUIET_MS)
    const now = JSON.stringify(await site.ask('tally'))
    if (now === before && (await hooks(site)) >= hooked) return
    before = now
  }
}

const QUIET_MS = 500
const hooks = async ({ ask }: Site) => (await ask<Record<string, number>>('tally'))['setWebhook ok'] ?? 0

async function startBot({ redis, apiUrl }: Site, name: string, database: string) {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const child = startNode(name, [...TELLS_MEMORY, 'dist/main.js'], {
    BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: apiUrl,
    PUBLIC_URL: url,
    PORT: port,
    WEBHOOK_SECRET: SECRET,
    DATABASE_URL: database,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'warn',
    MEMORY_FILE,
  })
  await child.line()
  return { child, webhook: `${url}/telegram` }
}
