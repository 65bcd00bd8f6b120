/**
 * Polling that loses nothing and lets nobody wait for somebody else: an update is confirmed to Telegram only after it was
 * acknowledged as it would be by webhook, so a crash before brings it again, and fetching goes on while updates are in hand.
 * (The libraries' own runners confirm first, or handle one person at a time.)
 */
import type { Log } from '../../app/desk.js'
import { LONGEST_LINE, mayPass } from '../../app/in-order.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { ALLOWED_UPDATES, readUpdate } from './update.js'

/** Telegram holds the request open this long when there is nothing. */
const POLL_SECONDS = 25
/**
 * Telegram answers a long poll at once while anything is unconfirmed, so with updates in hand we ask now and then instead:
 * often enough that a person does not feel it, seldom enough to be no burden.
 */
const SHORT_POLL_MS = 500
/**
 * Updates between the lowest unfinished one and the newest fetched one. It is the most that getUpdates gives, and it gives
 * the oldest: what is beyond can be fetched only after the lowest has been confirmed.
 */
const MOST_UNCONFIRMED = 100
const PAUSE_AFTER_FAULT_MS = 1000
/** An update that fails for a reason of ours (a fault in the program) is given up after so many tries, or it would block everybody. */
const MOST_TRIES = 3
/** The confirmation at the end only spares work: what it misses comes again and changes nothing. A stop must not hang on it. */
const LAST_CALL_MS = 3000

export type Poller = {
  /** Stops fetching, and resolves when what is in hand is acknowledged. */
  stop(): Promise<void>
}

export function startPolling(options: {
  call: TelegramDriver['call']
  take: (update: RawUpdate) => Promise<void>
  /** Tells whose update it is that it is not taken. */
  turnAway?: (update: RawUpdate) => Promise<void>
  log: Log
  wait: (milliseconds: number) => Promise<void>
}): Poller {
  const { call, take, turnAway = async () => {}, log, wait } = options
  /** Telegram confirms everything below it, so it never passes the lowest update that is in hand. */
  let offset = 0
  const inHand = new Map<number, Promise<void>>()
  /** Finished but not confirmed yet, since a lower one is in hand: Telegram goes on giving them, and they are passed over. */
  const done = new Set<number>()
  const ofPerson = new Map<string, { last: Promise<void>; count: number }>()
  let stopping = false
  let wake = () => {}

  async function loop(): Promise<void> {
    await unlessStopped(deleteWebhook())
    while (!stopping) {
      for (const update of await fetchUpdates()) begin(update)
      if (inHand.size > 0) await unlessStopped(Promise.race([Promise.allSettled(inHand.values()), wait(SHORT_POLL_MS)]))
    }
    await Promise.allSettled(inHand.values())
    moveOffset()
    // Confirms what was handled, so that the next start does not see it again.
    const confirmed = offset > 0 && call('getUpdates', { offset, limit: 1, timeout: 0 }).catch(() => {})
    if (confirmed) await Promise.race([confirmed, wait(LAST_CALL_MS)])
  }

  async function fetchUpdates(): Promise<readonly RawUpdate[]> {
    moveOffset()
    if (inHand.size + done.size >= MOST_UNCONFIRMED) return [] // Telegram would give the same ones again
    const timeout = inHand.size > 0 ? 0 : POLL_SECONDS
    try {
      // On stop the open request is abandoned: nothing of it was confirmed, so nothing is lost.
      const payload = { offset, limit: MOST_UNCONFIRMED, timeout, allowed_updates: ALLOWED_UPDATES }
      const got = await unlessStopped(call('getUpdates', payload))
      return Array.isArray(got) ? got : []
    } catch (error) {
      const known = error instanceof TelegramFault ? { code: error.code, description: error.description } : {}
      log.warn(known, 'could not fetch updates')
      if (isWebhookInTheWay(error)) await unlessStopped(deleteWebhook())
      if (!stopping) await unlessStopped(wait(PAUSE_AFTER_FAULT_MS))
      return []
    }
  }

  function moveOffset(): void {
    if (inHand.size > 0) offset = Math.min(...inHand.keys())
    else if (done.size > 0) offset = Math.max(...done) + 1
    for (const id of done) if (id < offset) done.delete(id)
  }

  /** Begins an update, unless it is known; one of the same person waits for those before it, even when they are tried again. */
  function begin(update: RawUpdate): void {
    const id = update.update_id
    if (inHand.has(id) || done.has(id)) return
    const person = personOf(update)
    const line = ofPerson.get(person) ?? { last: Promise.resolve(), count: 0 }
    // The window is everybody's: whoever sends a hundred messages a second would fill it and keep the others out (decision 14).
    if (line.count >= LONGEST_LINE) {
      done.add(id)
      void turnAway(update).catch(() => {})
      return
    }
    ofPerson.set(person, line)
    line.count += 1
    line.last = line.last.then(async () => {
      // Unfinished is what the stop came in between of; it stays in hand, so that it is not confirmed.
      if (!(await finish(update))) return
      line.count -= 1
      if (line.count === 0) ofPerson.delete(person)
      inHand.delete(id)
      done.add(id)
    })
    inHand.set(id, line.last)
  }

  /** Tries until the update is handled or given up; false where the stop comes first. */
  async function finish(update: RawUpdate): Promise<boolean> {
    for (let tries = 0; !stopping; ) {
      try {
        await take(update)
        return true
      } catch (error) {
        if (!mayPass(error)) {
          tries += 1
          log.error({ error: error instanceof Error ? error.name : 'unknown', tries }, 'an update failed')
          if (tries === MOST_TRIES) return true
        }
      }
      if (!stopping) await wait(PAUSE_AFTER_FAULT_MS)
    }
    return false
  }

  /** At the start, and whenever one is in the way: then this program was asked to poll, so polling it is. */
  const deleteWebhook = () => call('deleteWebhook', {}).catch(() => {})

  /** Waits, but not beyond a stop. One slot is enough, since the loop waits for one thing at a time. */
  function unlessStopped<T>(waited: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      wake = () => resolve(undefined)
      waited.then(resolve, reject)
    })
  }

  const running = loop()
  return {
    async stop() {
      stopping = true
      wake()
      await running
    },
  }
}

/** Whose update it is; one that concerns nobody waits for nobody. */
function personOf(update: RawUpdate): string {
  const read = readUpdate(update)
  if (read.kind === 'ignored') return `update:${update.update_id}`
  return read.kind === 'reach' ? read.address : read.inbound.address
}

/** Told apart from the 409 of two programs that poll at once, where deleting a webhook would not help. */
const isWebhookInTheWay = (error: unknown): boolean =>
  error instanceof TelegramFault && error.code === 409 && /webhook is active/.test(error.description)
