/** A card that nobody asked for just now, as a message of its own. It waits for nothing: when to try again is said, not done. */
import type { Push } from '../../app/push.js'
import { isGone, type TelegramDriver, TelegramFault } from './driver.js'
import { cardPayload } from './payload.js'
import { chatOf } from './update.js'

/** After a lost connection or an error of Telegram's own; these seldom pass within a second. */
const AFTER_FAULT_MS = 10_000
/** The token was revoked or the server is another one: somebody has to see to it. */
const AFTER_REFUSAL_MS = 60_000

/** Pushes through a driver as it is, not through one that waits: whoever pushes to many must not stand still for one. */
export function createPush(
  call: TelegramDriver['call'],
  reach: (address: string, reachable: boolean) => Promise<void>,
): Push {
  return async (address, card) => {
    const chat = chatOf(address)
    if (chat === undefined) throw new Error('Expected an address of Telegram, got one of another channel')
    try {
      await call('sendMessage', { chat_id: chat, ...cardPayload(card) })
      return 'sent'
    } catch (error) {
      if (!(error instanceof TelegramFault)) throw error
      if (isGone(error)) {
        await reach(address, false)
        return 'unreachable'
      }
      if (error.code === 429) return { retryAfterMs: (error.retryAfter ?? 1) * 1000 }
      if (error.code === 0 || error.code >= 500) return { retryAfterMs: AFTER_FAULT_MS }
      if (error.code === 401 || error.code === 404) return { retryAfterMs: AFTER_REFUSAL_MS }
      throw error
    }
  }
}
