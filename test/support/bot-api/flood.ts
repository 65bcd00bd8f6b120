// Flood control: a chat that was told to wait takes nothing more before the time is up. On the fake's clock.
import type { Clock } from './clock.js'

export type FloodControl = {
  /** Notes that a chat was told to wait so many seconds; a shorter wait changes nothing. */
  impose(chatId: number, seconds: number): void
  /** Whole seconds that the chat has still to wait, undefined when none. */
  left(chatId: number): number | undefined
}

export function createFloodControl(clock: Clock): FloodControl {
  const until = new Map<number, number>()
  return {
    impose(chatId, seconds) {
      until.set(chatId, Math.max(until.get(chatId) ?? 0, clock.now() + seconds * 1000))
    },
    left(chatId) {
      const end = until.get(chatId)
      if (end === undefined) return undefined
      const left = end - clock.now()
      if (left > 0) return Math.ceil(left / 1000)
      until.delete(chatId)
      return undefined
    },
  }
}
