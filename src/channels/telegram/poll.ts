/**
 * Long polling that loses nothing: an update is confirmed to Telegram only after it was handled to its end, so a crash
 * brings it again. (The libraries' own runners confirm first, or handle one person at a time.)
 */
import type { Log } from '../../app/desk.js'
import { StoreFault } from '../../app/ports.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { ALLOWED_UPDATES } from './update.js'

/** Telegram holds the request open this long when there is nothing. */
const POLL_SECONDS = 25
const PAUSE_AFTER_FAULT_MS = 1000
/** An update that fails for a reason of ours (a fault in the program) is given up after so many tries, or it would block everybody. */
const MOST_TRIES = 3

export type Poller = {
  /** Stops fetching, and resolves when what is in hand is done. */
  stop(): Promise<void>
}

export function startPolling(options: {
  call: TelegramDriver['call']
  take: (update: RawUpdate) => Promise<void>
  log: Log
  wait: (milliseconds: number) => Promise<void>
}): Poller {
  const { call, take, log, wait } = options
  let stopping = false
  let offset = 0
  const tries = new Map<number, number>()
  let wake = () => {}
  const stopped = new Promise<void>((resolve) => {
    wake = resolve
  })

  const loop = async () => {
    await call('deleteWebhook', {}).catch(() => {})
    while (!stopping) {
      const updates = await fetchUpdates()
      const failed = await handle(updates)
      const newest = updates.at(-1)
      if (failed !== undefined) offset = failed
      else if (newest) offset = newest.update_id + 1
      if (failed !== undefined) await Promise.race([wait(PAUSE_AFTER_FAULT_MS), stopped])
    }
    // Confirms what was handled, so that the next start does not see it again.
    if (offset > 0) await call('getUpdates', { offset, limit: 1, timeout: 0 }).catch(() => {})
  }

  async function fetchUpdates(): Promise<RawUpdate[]> {
    const payload = { offset, timeout: POLL_SECONDS, allowed_updates: ALLOWED_UPDATES }
    const fetched = call('getUpdates', payload).catch(async (error: unknown) => {
      if (stopping) return []
      const known = error instanceof TelegramFault ? { code: error.code, description: error.description } : {}
      log.warn(known, 'could not fetch updates')
      await Promise.race([wait(PAUSE_AFTER_FAULT_MS), stopped])
      return []
    })
    // On stop the open request is abandoned: nothing of it was confirmed, so nothing is lost.
    const got = await Promise.race([fetched, stopped.then(() => [])])
    return Array.isArray(got) ? (got as RawUpdate[]) : []
  }

  /** Handles a batch side by side; returns the lowest update that has to come again. */
  async function handle(updates: readonly RawUpdate[]): Promise<number | undefined> {
    const results = await Promise.allSettled(updates.map(take))
    let lowest: number | undefined
    for (const [i, result] of results.entries()) {
      const id = updates[i]!.update_id
      if (result.status === 'fulfilled') tries.delete(id)
      else if (comesAgain(id, result.reason)) lowest = Math.min(lowest ?? id, id)
    }
    return lowest
  }

  function comesAgain(id: number, reason: unknown): boolean {
    if (reason instanceof StoreFault && reason.retry) return true
    const count = (tries.get(id) ?? 0) + 1
    tries.set(id, count)
    log.error({ error: reason instanceof Error ? reason.name : 'unknown', tries: count }, 'an update failed')
    if (count < MOST_TRIES) return true
    tries.delete(id)
    return false
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
