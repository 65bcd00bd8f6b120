/** Calls that wait as Telegram asks and try again after faults that pass. */
import { type TelegramDriver, TelegramFault } from './driver.js'

/** Tries after lost connections and 5xx; about 8 s in all. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000]
/** Waiting as told after 429, in all for one call; a person's card is stale by then, and a tap brings it back. */
const MOST_WAITING_MS = 120_000

export type Call = TelegramDriver['call']

/** A call that obeys `retry_after` to the second and repeats after transient faults; rejects with the last `TelegramFault`. */
export function patientCall(call: Call, wait: (milliseconds: number) => Promise<void>): Call {
  return async (method, payload, file) => {
    let waited = 0
    for (let tries = 0; ; ) {
      try {
        return await call(method, payload, file)
      } catch (error) {
        if (!(error instanceof TelegramFault)) throw error
        const pause =
          error.code === 429 ? (error.retryAfter ?? 1) * 1000 : transient(error) ? PAUSES_MS[tries++] : undefined
        if (pause === undefined || waited + pause > MOST_WAITING_MS) throw error
        waited += pause
        await wait(pause)
      }
    }
  }
}

const transient = ({ code }: TelegramFault): boolean => code === 0 || code >= 500
