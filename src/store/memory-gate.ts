/** The gate of the embedded default, where there is one process. */
import type { Gate } from '../app/notices.js'
import { CHAT_MS, MOST_AHEAD_MS, spacingMs } from './gate-limits.js'

/** `now`: milliseconds from any beginning. */
export function createMemoryGate(perSecond: number, now: () => number = performance.now.bind(performance)): Gate {
  const spacing = spacingMs(perSecond)
  /** From when each chat takes a message again; oldest first, so that what has passed goes away at once. */
  const freeAt = new Map<string, number>()
  let next = Number.NEGATIVE_INFINITY

  const forgetPassed = (at: number) => {
    for (const [address, free] of freeAt) {
      if (free > at) return
      freeAt.delete(address)
    }
  }
  const occupy = (address: string, until: number) => {
    const free = Math.max(until, freeAt.get(address) ?? until)
    freeAt.delete(address)
    freeAt.set(address, free)
  }

  return {
    async reserve(address, again = false) {
      const at = now()
      forgetPassed(at)
      const free = freeAt.get(address) ?? at
      if (free > at && !again) return { busyMs: Math.ceil(free - at) }
      const slot = Math.max(at, next)
      next = slot + spacing
      occupy(address, slot + CHAT_MS)
      return { waitMs: Math.ceil(slot - at) }
    },

    note(address) {
      const at = now()
      forgetPassed(at)
      next = Math.max(next, Math.min(Math.max(next, at) + spacing, at + MOST_AHEAD_MS))
      occupy(address, at + CHAT_MS)
    },
  }
}
