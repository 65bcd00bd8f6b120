/** Calls that wait as Telegram asks and try again after faults that pass. */
import { type TelegramDriver, TelegramFault } from './driver.js'
import { drop } from './patience.js'

/** Tries after lost connections and 5xx; about 8 s in all. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000]
/** Waiting as told after 429, in all for one call; a person's card is stale by then, and a tap brings it back. */
const MOST_WAITING_MS = 120_000
/** How often it is asked meanwhile whether the call is still needed. */
const STEP_MS = 200

export type Call = TelegramDriver['call']

/**
 * A call that obeys `retry_after` to the second and repeats after transient faults; rejects with the last `TelegramFault`, at once where
 * `needless` becomes true while it waits. `before` is awaited before each repetition; where it rejects, nothing is repeated, and the call
 * rejects with the same. `onWay` is called as well when the call has to wait: nobody else should wait with it.
 */
export function patientCall(
  call: Call,
  wait: (milliseconds: number) => Promise<void>,
  before?: () => Promise<void>,
  needless: () => boolean = () => false,
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
        onWay?.()
        for (let left = pause; left > 0 && !needless(); left -= STEP_MS) await wait(Math.min(left, STEP_MS))
        if (needless()) throw error
        await before?.()
      }
    }
  }
}

/** It may be tried again, now or when the time is over. */
export const isPassing = (fault: TelegramFault): boolean => fault.code === 429 || transient(fault)

const transient = ({ code }: TelegramFault): boolean => code === 0 || code >= 500

/**
 * A call that tells of what it puts before people, so that messages that nobody waits for make room for it. `sent`: a message
 * goes to a chat now. `flooded`: Telegram asks for so many milliseconds of patience. Neither may throw. In a chat that
 * was told to wait nothing is drawn meanwhile: the call is refused as Telegram would refuse it.
 */
export function watchedCall(
  call: Call,
  { sent, flooded }: { readonly sent: (chat: number) => void; readonly flooded: (ms: number) => void },
): Call {
  /** Until when chats were told to wait; one that is forgotten may be asked too early once. */
  const waiting = new Map<number, number>()

  function remember(chat: number, ms: number): void {
    waiting.delete(chat)
    waiting.set(chat, performance.now() + ms)
    drop(waiting, waiting.keys())
  }

  return async (method, payload, file, onWay) => {
    const chat = (payload as { readonly chat_id?: unknown }).chat_id
    if (typeof chat !== 'number') return call(method, payload, file, onWay)
    const left = waiting.size > 0 && isDrawing(method) ? (waiting.get(chat) ?? 0) - performance.now() : 0
    if (left > 0) throw new TelegramFault(429, 'this chat was told to wait', left / 1000)
    if (method.startsWith('send')) sent(chat)
    try {
      return await call(method, payload, file, onWay)
    } catch (error) {
      if (error instanceof TelegramFault && error.code === 429) {
        const ms = (error.retryAfter ?? 1) * 1000
        remember(chat, ms)
        flooded(ms)
      }
      throw error
    }
  }
}

const isDrawing = (method: string): boolean => method === 'editMessageText' || method.startsWith('send')
