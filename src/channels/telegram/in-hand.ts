/**
 * The updates that came by webhook and are in hand. Telegram gets its connection back as soon as somebody was told that
 * their input is not saved yet, since it has only so many and the others want to be heard; the work itself goes on.
 * When Telegram brings such an update again, it is not begun a second time.
 */
import { MOST_IN_HAND, TooMuchInHand } from '../../app/in-order.js'
import { StoreFault } from '../../app/ports.js'

/** Begins some work, without throwing; `late` is called at most once, when whoever waits for it was told that it is not done yet. */
export type Begin<T> = (late: () => void) => Promise<T>

/** Updates that were done after Telegram got its connection back; one that is forgotten is known by its claim. */
const MOST_REMEMBERED = 5_000

/** Resolves like the work; rejects with a `StoreFault` that may pass where it is late, and with `TooMuchInHand`. */
export function createInHand<T>(): (update: number, begin: Begin<T>) => Promise<T | undefined> {
  const answers = new Map<number, Promise<T>>()
  const doneLate = new Set<number>()

  function start(update: number, begin: Begin<T>): Promise<T> {
    if (answers.size >= MOST_IN_HAND) throw new TooMuchInHand()
    const answer = new Promise<T>((resolve, reject) => {
      let isLate = false
      const late = () => {
        isLate = true
        reject(new StoreFault('An input takes too long', true, undefined))
      }
      begin(late).then(
        (value) => {
          answers.delete(update)
          if (isLate) remember(update)
          resolve(value)
        },
        (fault) => {
          answers.delete(update)
          reject(fault)
        },
      )
    })
    answers.set(update, answer)
    return answer
  }

  function remember(update: number): void {
    doneLate.add(update)
    const [oldest] = doneLate
    if (doneLate.size > MOST_REMEMBERED && oldest !== undefined) doneLate.delete(oldest)
  }

  return async (update, begin) => {
    if (doneLate.delete(update)) return undefined
    return answers.get(update) ?? start(update, begin)
  }
}
