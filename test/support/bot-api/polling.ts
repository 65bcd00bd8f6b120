// getUpdates: confirming by offset, long polls, and the conflict between two of them.
import { conflict, type Refusal } from './refusal.js'
import type { Update } from './types.js'
import type { QueuedUpdate, UpdateQueue } from './updates.js'

export type PollRequest = {
  readonly offset: number | undefined
  readonly limit: number
  readonly timeoutSeconds: number
  /** Called with a listener for the moment the bot hangs up. */
  readonly onClose: (listener: () => void) => void
}

export type Polling = {
  poll(request: PollRequest): readonly Update[] | Promise<readonly Update[]>
  /** To be called when an update was added. */
  wake(): void
  /** Ends the long poll under way with a conflict. */
  terminate(reason: string): void
  stop(): void
}

type LongPoll = {
  readonly limit: number
  readonly answer: (updates: readonly Update[]) => void
  readonly refuse: (refusal: Refusal) => void
}

export function createPolling(queue: UpdateQueue): Polling {
  let waiting: LongPoll | undefined

  const terminate = (reason: string): void => {
    waiting?.refuse(conflict(reason))
  }

  return {
    poll(request) {
      terminate('terminated by other getUpdates request; make sure that only one bot instance is running')
      confirm(queue, request.offset)
      const batch = take(queue, request.limit)
      if (batch.length > 0 || request.timeoutSeconds === 0) return batch
      return new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer)
          if (waiting === longPoll) waiting = undefined
        }
        const answer = (updates: readonly Update[]): void => {
          end()
          resolve(updates)
        }
        const refuse = (refusal: Refusal): void => {
          end()
          reject(refusal)
        }
        const longPoll: LongPoll = { limit: request.limit, answer, refuse }
        const timer = setTimeout(() => answer([]), request.timeoutSeconds * 1000)
        waiting = longPoll
        request.onClose(() => {
          if (waiting === longPoll) answer([])
        })
      })
    },
    wake() {
      if (waiting === undefined) return
      const batch = take(queue, waiting.limit)
      if (batch.length > 0) waiting.answer(batch)
    },
    terminate,
    stop() {
      waiting?.answer([])
    },
  }
}

/** An offset confirms everything below it; a negative one keeps only so many of the newest. */
function confirm(queue: UpdateQueue, offset: number | undefined): void {
  if (offset === undefined || offset === 0) return
  const items = [...queue.items()].filter((item) => item.state === 'waiting')
  const gone =
    offset < 0 ? items.slice(0, Math.max(items.length + offset, 0)) : items.filter((item) => isBelow(item, offset))
  for (const item of gone) queue.remove(item)
}

/** What is delivered anew stays until it has been given out, though its identifier is confirmed already. */
function isBelow(item: QueuedUpdate, offset: number): boolean {
  return item.update.update_id < offset && (!item.again || item.given)
}

function take(queue: UpdateQueue, limit: number): readonly Update[] {
  const batch: QueuedUpdate[] = []
  for (const item of queue.items()) {
    if (item.state === 'waiting') batch.push(item)
  }
  // Bots take the last identifier for the highest, so those delivered anew come first.
  batch.sort((a, b) => a.update.update_id - b.update.update_id)
  const given = batch.slice(0, limit)
  for (const item of given) item.given = true
  return given.map((item) => item.update)
}
