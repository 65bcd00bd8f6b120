/** What a channel believes done and is not: it is brought again from here, as the channel would have brought it. */
import { mayPass } from '../../app/in-order.js'

/** Some 50 s in all. Whoever waits longer for their card has tapped again, and the next tap shows the truth. */
const PAUSES_MS = [250, 1_000, 4_000, 15_000, 30_000]

/** Does work again that ended with `fault`, as long as it fails in a way that may pass; rejects with the last fault. */
export async function tillFinished(
  fault: unknown,
  work: () => Promise<unknown>,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  let last = fault
  for (const pause of PAUSES_MS) {
    if (!mayPass(last)) break
    await wait(pause)
    try {
      await work()
      return
    } catch (next) {
      last = next
    }
  }
  throw last
}
