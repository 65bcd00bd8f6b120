// The webhook: where updates are posted to, how many at once, in what order, and how often again.
import { createPoster, type Posted, type Poster } from './poster.js'
import type { QueuedUpdate, UpdateQueue } from './updates.js'

export type WebhookTarget = {
  readonly url: string
  readonly secret: string | undefined
  readonly maxConnections: number
}

export type WebhookRetry = {
  /** The first pause; it doubles with every try. 50 ms unless told otherwise. */
  readonly firstMs?: number
  /** The longest pause; 1 s unless told otherwise. */
  readonly maxMs?: number
  /** After so many tries the update is given up; 200 unless told otherwise. */
  readonly tries?: number
}

/** One posting of one update and what came of it. */
export type Delivery = {
  readonly updateId: number
  readonly attempt: number
  readonly at: number
  /** The bot's HTTP status, or the error where there was no answer. */
  readonly answer: number | string
}

export type Webhook = {
  target(): WebhookTarget | undefined
  set(target: WebhookTarget | undefined): void
  /** To be called when an update was added. */
  wake(): void
  lastError(): { readonly at: number; readonly message: string } | undefined
  readonly deliveries: readonly Delivery[]
  /** Updates that were given up, by identifier. */
  readonly abandoned: readonly number[]
  stop(): void
}

export function createWebhook(options: {
  readonly queue: UpdateQueue
  readonly order: 'any' | 'per-chat'
  readonly retry: WebhookRetry
  readonly timeoutMs: number
  readonly remember: boolean
  readonly now: () => number
  /** Called after every posting. */
  readonly onChange: () => void
  /** Executes the call that a bot may put in the body of its answer. */
  readonly onReply: (posted: Posted) => Promise<void>
}): Webhook {
  const { queue, order, now } = options
  const { firstMs = 50, maxMs = 1000, tries: maxTries = 200 } = options.retry
  const poster: Poster = createPoster(options.timeoutMs)
  const deliveries: Delivery[] = []
  const abandoned: number[] = []
  const pauses = new Map<QueuedUpdate, NodeJS.Timeout>()
  const busyChats = new Set<number>()
  let target: WebhookTarget | undefined
  let lastError: { readonly at: number; readonly message: string } | undefined
  let sending = 0

  const pump = (): void => {
    if (target === undefined) return
    for (const item of queue.items()) {
      if (sending >= target.maxConnections) return
      if (item.state !== 'waiting' || (order === 'per-chat' && busyChats.has(item.chatId))) continue
      void deliver(item, target)
    }
  }

  const deliver = async (item: QueuedUpdate, to: WebhookTarget): Promise<void> => {
    item.state = 'sending'
    item.tries += 1
    sending += 1
    busyChats.add(item.chatId)
    const attempt = item.tries
    const posted = await poster.post(to.url, to.secret, JSON.stringify(item.update))
    sending -= 1
    const answer = posted.error ?? posted.status
    options.onChange()
    if (options.remember) deliveries.push({ updateId: item.update.update_id, attempt, at: now(), answer })
    if (posted.error === undefined && posted.status >= 200 && posted.status < 300) {
      // The update counts as settled only when the call in the answer has been carried out.
      await options.onReply(posted)
      leave(item)
    } else {
      lastError = {
        at: now(),
        message: posted.error ?? `Wrong response from the webhook: ${posted.status} ${posted.reason}`,
      }
      retry(item)
    }
    pump()
  }

  const leave = (item: QueuedUpdate): void => {
    busyChats.delete(item.chatId)
    queue.remove(item)
  }

  const retry = (item: QueuedUpdate): void => {
    if (item.tries >= maxTries) {
      abandoned.push(item.update.update_id)
      leave(item)
      return
    }
    if (target === undefined) {
      release(item)
      return
    }
    item.state = 'retrying'
    const pause = Math.min(firstMs * 2 ** (item.tries - 1), maxMs)
    pauses.set(
      item,
      setTimeout(() => {
        release(item)
        pump()
      }, pause),
    )
  }

  const release = (item: QueuedUpdate): void => {
    clearTimeout(pauses.get(item))
    pauses.delete(item)
    busyChats.delete(item.chatId)
    item.state = 'waiting'
  }

  return {
    target: () => target,
    set(next) {
      target = next
      lastError = undefined
      // What waits for another try may go to the new address, or to getUpdates, at once.
      for (const item of [...pauses.keys()]) release(item)
      pump()
    },
    wake: pump,
    lastError: () => lastError,
    deliveries,
    abandoned,
    stop() {
      target = undefined
      for (const item of [...pauses.keys()]) release(item)
      poster.stop()
    },
  }
}
