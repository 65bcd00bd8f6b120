/**
 * The updates that came by webhook and are in hand. Telegram gets its connection back as soon as somebody was told that
 * their input is not saved yet, since it has only so many and the others want to be heard; the work itself goes on.
 * When Telegram brings such an update again, it is not begun a second time.
 */
import { MOST_IN_HAND, TooMuchInHand } from '../../app/in-order.js'
import { StoreFault } from '../../app/ports.js'

/** `late` resolves when whoever waits for the work was told that it is not done yet. */
export type Work<T> = { readonly done: Promise<T>; readonly late: Promise<void> }

/** Updates that were done after Telegram got its connection back; one that is forgotten is known by its claim. */
const MOST_REMEMBERED = 5_000

/** Resolves like the work; rejects with a `StoreFault` that may pass where it is late, and with `TooMuchInHand`. */
export function createInHand<T>(): (update: number, begin: () => Work<T>) => Promise<T | undefined> {
  const works = new Map<number, Work<T>>()
  const doneLate = new Set<number>()

  function start(update: number, begin: () => Work<T>): Work<T> {
    if (works.size >= MOST_IN_HAND) throw new TooMuchInHand()
    const work = begin()
    works.set(update, work)
    let late = false
    work.late.then(() => {
      late = true
    })
    work.done.then(
      () => {
        works.delete(update)
        if (late) remember(update)
      },
      () => works.delete(update),
    )
    return work
  }

  function remember(update: number): void {
    doneLate.add(update)
    const [oldest] = doneLate
    if (doneLate.size > MOST_REMEMBERED && oldest !== undefined) doneLate.delete(oldest)
  }

  return async (update, begin) => {
    if (doneLate.delete(update)) return undefined
    const { done, late } = works.get(update) ?? start(update, begin)
    const notYet = async () => {
      await late
      throw new StoreFault('An input takes too long', true, undefined)
    }
    return Promise.race([done, notYet()])
  }
}
