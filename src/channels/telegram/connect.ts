/** Telegram connects in the background: the web chat must not wait for a network that may be slow or blocked. */
import { StoreFault } from '../../app/ports.js'
import type { Outlet } from '../../app/push.js'
import { createTelegramChannel, type TelegramChannel, type WebhookReply } from './channel.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { setWebhook } from './introduce.js'
import { type Poller, startPolling } from './poll.js'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 60_000
/** When to push again while there is no connection yet. */
const UNTIL_CONNECTED_MS = 5000

/** `push` asks for patience while there is no connection. */
export type Connection = Outlet & {
  /** Handles an update that came by webhook; connects first where that has not happened yet, and rejects with what may pass where it cannot. */
  take(update: RawUpdate): Promise<WebhookReply | undefined>
  /** Connects, tries again for ever where it fails, and begins to take updates. */
  start(): void
  /** Takes no more updates, and resolves when what polling has in hand is acknowledged. */
  stopTaking(): Promise<void>
  /** Lets go of open connections; nothing can be said afterwards. */
  close(): Promise<void>
}

export function connectTelegram(options: {
  makeDriver: () => Promise<TelegramDriver>
  /** Where Telegram delivers; null: updates are fetched by polling. */
  webhook: { publicUrl: string; secret: string } | null
  parts: Omit<Parameters<typeof createTelegramChannel>[0], 'driver'> & {
    /** Hears the bot's name without `@` at every start, once connected; links to the bot are made with it. */
    onBot?: (username: string) => Promise<void>
  }
}): Connection {
  const { makeDriver, webhook, parts } = options
  const { onBot = async () => {}, ...channelParts } = parts
  const { log, wait } = parts
  let driver: TelegramDriver | undefined
  let poller: Poller | undefined
  let stopping = false
  let connected: TelegramChannel | undefined
  let connecting: Promise<TelegramChannel> | undefined

  const connect = (): Promise<TelegramChannel> => {
    connecting ??= makeDriver().then((made) => {
      driver = made
      connected = createTelegramChannel({ driver: made, ...channelParts })
      return connected
    })
    connecting.catch(() => {
      connecting = undefined
    })
    return connecting
  }

  async function run(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !stopping; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const channel = await connect()
        if (stopping) return
        await tellName()
        if (webhook) await setWebhook(channel.call, webhook.publicUrl, webhook.secret)
        else {
          const { call, takeAndAnswer: take, turnAway } = channel
          poller = startPolling({ call, take, turnAway, log, wait })
        }
        log.info({ by: webhook ? 'webhook' : 'polling' }, 'telegram is connected')
        return await channel.introduce()
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error
        const refused = error.code === 401 || error.code === 404
        const message = refused ? 'telegram refuses the BOT_TOKEN' : 'telegram cannot be reached yet'
        log.error({ code: error.code, description: error.description }, message)
        await wait(pause)
      }
    }
  }

  /** A name that could not be kept is told again at the next start; meanwhile everything else works. */
  async function tellName(): Promise<void> {
    await onBot(driver!.username).catch((error: unknown) => {
      log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'could not keep the name of the bot')
    })
  }

  return {
    ready: () => connected !== undefined,
    push: async (address, errand) =>
      connected ? connected.push(address, errand) : { kind: 'later', afterMs: UNTIL_CONNECTED_MS },
    editCard: async (address, card, show) => (connected ? connected.editCard(address, card, show) : 'later'),
    async take(update) {
      if (connected) return connected.take(update)
      const channel = await connect().catch((error: unknown) => {
        throw error instanceof TelegramFault ? new StoreFault('Telegram cannot be reached yet', true, error) : error
      })
      return channel.take(update)
    },
    start: () => void run(),
    async stopTaking() {
      stopping = true
      await poller?.stop()
    },
    close: async () => driver?.close(),
  }
}
