/** Whoever sends something can be reached again, whatever was noted before: they have unblocked the bot, or it was a mistake. */
import type { Log } from '../../app/desk.js'
import type { Inbound } from '../../app/speech.js'

/** Presses come fast, and who presses has mostly been heard a moment ago. */
const PRESS_EVERY_MS = 60_000
const MOST_REMEMBERED = 5_000

/**
 * Returns what notes that somebody spoke: messages always, presses once a minute. It never rejects; what it could not note, the
 * next input does.
 */
export function createReachability(
  reach: (address: string, reachable: boolean) => Promise<void>,
  log: Log,
  now: () => number = () => performance.now(),
): (inbound: Inbound) => Promise<void> {
  /** When they were last noted; the longest ago first. */
  const noted = new Map<string, number>()
  return async ({ address, content }) => {
    const at = now()
    if (content.kind === 'press' && at - (noted.get(address) ?? Number.NEGATIVE_INFINITY) < PRESS_EVERY_MS) return
    noted.delete(address)
    noted.set(address, at)
    const [oldest] = noted.keys()
    if (noted.size > MOST_REMEMBERED && oldest !== undefined) noted.delete(oldest)
    try {
      await reach(address, true)
    } catch (fault) {
      noted.delete(address)
      log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'could not note that somebody spoke')
    }
  }
}
