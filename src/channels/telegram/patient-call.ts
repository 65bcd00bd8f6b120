/** Calls that wait as Telegram asks and try again after faults that pass. */
import { type TelegramDriver, TelegramFault } from './driver.js'

/** Tries after lost connections and 5xx; about 8 s in all. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000]
/** Waiting as told after 429, in all for one call; a person's card is stale by then, and a tap brings it back. */
const MOST_WAITING_MS = 120_000

export type Call = TelegramDriver['call']

/**
 * A call that obeys `retry_after` to the second and repeats after transient faults; rejects with the last `TelegramFault`.
 * `before` is awaited before each repetition; where it rejects, nothing is repeated, and the call rejects with the same.
 */
export function patientCall(
  call: Call,
  wait: (milliseconds: number) => Promise<void>,
  before?: () => Promise<void>,
): Call {
  return async (method, payload, file, onWay) => {
    let waited = 0
    for (let tries = 0; ; ) {
      try {
        return await call(method, payload, file, onWay)
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error
        const pause =
          error.code === 429 ? (error.retryAfter ?? 1) * 1000 : transient(error) ? PAUSES_MS[tries++] : undefined
        if (pause === undefined || waited + pause > MOST_WAITING_MS) throw error
        waited += pause
        await wait(pause)
        await before?.()
      }
    }
  }
}

const transient = ({ code }: TelegramFault): boolean => code === 0 || code >= 500

/**
 * A call that tells of what it puts before people, so that messages that nobody waits for make room for it. `sent`: a message
 * goes to a chat now. `flooded`: Telegram asks for so many milliseconds of patience. Neither may throw.
 */
export function watchedCall(
  call: Call,
  { sent, flooded }: { readonly sent: (chat: number) => void; readonly flooded: (ms: number) => void },
): Call {
  return async (method, payload, file, onWay) => {
    const chat = (payload as { readonly chat_id?: unknown }).chat_id
    if (typeof chat !== 'number') return call(method, payload, file, onWay)
    if (method.startsWith('send')) sent(chat)
    try {
      return await call(method, payload, file, onWay)
    } catch (error) {
      if (error instanceof TelegramFault && error.code === 429) flooded((error.retryAfter ?? 1) * 1000)
      throw error
    }
  }
}
