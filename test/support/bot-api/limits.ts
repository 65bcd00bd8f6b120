// Rate limits as Telegram keeps them: so many messages a second to one chat and to all. Real time, not the fake's clock:
// a bot that is told to wait does wait.

export type Limits = {
  /** Telegram allows about one message a second to a chat. */
  readonly perChatPerSecond?: number
  /** Telegram allows about thirty messages a second in all. */
  readonly globalPerSecond?: number
}

export type RateLimiter = {
  /** Counts a call; returns the seconds to wait when it is one too many. */
  admit(chatId: number): number | undefined
}

const WINDOW_MS = 1000

export function createRateLimiter(limits: Limits, clock: () => number = () => performance.now()): RateLimiter {
  const perChat = limits.perChatPerSecond ?? Number.POSITIVE_INFINITY
  const global = limits.globalPerSecond ?? Number.POSITIVE_INFINITY
  const chats = new Map<number, number[]>()
  let all: number[] = []
  return {
    admit(chatId) {
      const now = clock()
      const recent = (times: readonly number[]): number[] => times.filter((time) => now - time < WINDOW_MS)
      all = recent(all)
      const chat = recent(chats.get(chatId) ?? [])
      chats.set(chatId, chat)
      // The smallest wait Telegram ever names is one second.
      if (chat.length >= perChat || all.length >= global) return 1
      chat.push(now)
      all.push(now)
      return undefined
    },
  }
}
