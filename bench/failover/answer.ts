/** People who answer all that is open, each at a reader's pace, and press again until they are answered, whatever falls over. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bots } from '../scaling/bots.js'
import type { Row, Tapper } from '../scaling/tapper.js'

export type Answered = {
  readonly rows: readonly Row[]
  /** When each was acknowledged, on the clock of `performance`. */
  readonly times: readonly number[]
  /** Presses that were not acknowledged, and made again. */
  readonly again: number
  /** Milliseconds that anybody waited for one answer, all their presses together; the longest. */
  readonly longest_wait_ms: number
}

const PACE_MS = 150
const AGAIN_AFTER_MS = 200
/** What the crowd says of a 200 whose press had its toast before. */
const TAKEN_WITHOUT_TOAST = 'the press was not acknowledged'

export async function answerAll(bots: Bots, people: readonly Tapper[]): Promise<Answered> {
  const rows: Row[] = []
  const times: number[] = []
  let again = 0
  let longest = 0
  await Promise.all(
    people.map(async (person, i) => {
      await sleep((i * PACE_MS) / people.length)
      for (let n = 0, press = person.plan(n); press; n += 1, press = person.plan(n)) {
        const from = performance.now()
        for (;;) {
          const fault = await bots.tap(person, press).catch((error: unknown) => String(error))
          if (fault === undefined || fault === TAKEN_WITHOUT_TOAST) break
          again += 1
          await sleep(AGAIN_AFTER_MS)
        }
        times.push(performance.now())
        longest = Math.max(longest, performance.now() - from)
        if (press.row) rows.push(press.row)
        await sleep(PACE_MS)
      }
    }),
  )
  return { rows, times: times.sort((a, b) => a - b), again, longest_wait_ms: Math.round(longest) }
}
