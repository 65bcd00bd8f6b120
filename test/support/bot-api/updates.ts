// The updates that wait to reach the bot. Polling and webhook both draw from this one queue, so that switching loses nothing.
import { randomInt } from 'node:crypto'
import type { Update, UpdateBody } from './types.js'

export type QueuedUpdate = {
  readonly update: Update
  readonly chatId: number
  /** Deliveries tried by webhook. */
  tries: number
  state: 'waiting' | 'sending' | 'retrying'
  /** Delivered anew on a test's order, under an identifier that may be confirmed already. */
  readonly again: boolean
  /** Whether a getUpdates has returned it. */
  given: boolean
}

export type UpdateQueue = {
  /** Gives the update the next identifier and queues it, unless the bot has not asked for its kind. */
  add(body: UpdateBody, chatId: number): number
  /** Queues a past update once more, unchanged. */
  addAgain(updateId: number): void
  /** A past update; throws when there was none. */
  past(updateId: number): { readonly update: Update; readonly chatId: number }
  /** Everything not acknowledged, oldest first. */
  items(): Iterable<QueuedUpdate>
  remove(item: QueuedUpdate): void
  outstanding(chatId?: number): number
  /** Sets the kinds the bot wants, from now on; undefined leaves them, empty means the usual ones. */
  allow(kinds: readonly string[] | undefined): void
  allowed(): readonly string[] | undefined
}

/** Telegram sends these only when they are asked for by name. */
const UNUSUAL_KINDS: ReadonlySet<string> = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

export function createUpdateQueue(options: {
  readonly firstUpdateId: number | undefined
  readonly remember: boolean
  readonly onAdd: () => void
  readonly onChange: () => void
}): UpdateQueue {
  const queue = new Set<QueuedUpdate>()
  const archive = new Map<number, { readonly update: Update; readonly chatId: number }>()
  const counts = new Map<number, number>()
  let nextId = options.firstUpdateId ?? randomInt(100_000_000, 900_000_000)
  let kinds: readonly string[] | undefined

  const push = (update: Update, chatId: number, again: boolean): void => {
    queue.add({ update, chatId, tries: 0, state: 'waiting', again, given: false })
    counts.set(chatId, (counts.get(chatId) ?? 0) + 1)
    options.onAdd()
  }

  const past = (updateId: number) => {
    const entry = archive.get(updateId)
    if (entry === undefined) throw new Error(`Expected an update that was sent before, got ${updateId}`)
    return entry
  }

  return {
    add(body, chatId) {
      const update: Update = { update_id: nextId, ...body }
      nextId += 1
      if (options.remember) archive.set(update.update_id, { update, chatId })
      if (isWanted(body, kinds)) push(update, chatId, false)
      return update.update_id
    },
    addAgain(updateId) {
      const { update, chatId } = past(updateId)
      push(update, chatId, true)
    },
    past,
    items: () => queue,
    remove(item) {
      if (!queue.delete(item)) return
      const left = (counts.get(item.chatId) ?? 0) - 1
      if (left > 0) counts.set(item.chatId, left)
      else counts.delete(item.chatId)
      options.onChange()
    },
    outstanding: (chatId) => (chatId === undefined ? queue.size : (counts.get(chatId) ?? 0)),
    allow(wanted) {
      if (wanted !== undefined) kinds = wanted.length === 0 ? undefined : wanted.map((kind) => kind.toLowerCase())
    },
    allowed: () => kinds,
  }
}

function isWanted(body: UpdateBody, kinds: readonly string[] | undefined): boolean {
  const kind = Object.keys(body)[0] ?? ''
  return kinds === undefined ? !UNUSUAL_KINDS.has(kind) : kinds.includes(kind)
}
