/** What runs by itself: messages in line, reminders, kept results. Every process runs all of it; the rows decide who does what. */
import { deliver } from './deliver.js'
import type { Desk } from './desk.js'
import type { Push } from './push.js'
import { type Reminded, remind } from './reminders.js'

/** A nudge should arrive while the head still looks at the phone. */
const DELIVER_EVERY_MS = 1_000
const REMIND_EVERY_MS = 60_000
const RENEW_EVERY_MS = 5_000
const EXPIRE_EVERY_MS = 60 * 60 * 1000
/** What nobody could be told in two weeks is told no more. */
const EXPIRED_AFTER_MS = 14 * 24 * 60 * 60 * 1000

/** `pushes`: by the prefix of the addresses that a channel reaches. Returns what stops it, once the work in hand is done. */
export function startBackground(desk: Desk, pushes: Readonly<Record<string, Push>>): () => Promise<void> {
  const reminded: Reminded = new Map()
  const loops = [
    ...Object.entries(pushes).map(([prefix, push]) =>
      // As long as there is more, without a pause.
      every(desk, DELIVER_EVERY_MS, async () => {
        while ((await deliver(desk, prefix, push)) > 0);
      }),
    ),
    every(desk, REMIND_EVERY_MS, () => remind(desk, reminded)),
    every(desk, EXPIRE_EVERY_MS, () =>
      desk.outbox.expire(new Date(desk.now() - EXPIRED_AFTER_MS), new Date(desk.now())),
    ),
    every(desk, RENEW_EVERY_MS, () => desk.renewal.renew(desk)),
  ]
  return async () => {
    await Promise.all(loops.map((stop) => stop()))
  }
}

function every({ log }: Desk, pauseMs: number, work: () => Promise<unknown>): () => Promise<void> {
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout>
  const run = () => {
    running = work()
      .catch((fault: unknown) =>
        log.warn(
          { fault: fault instanceof Error ? fault.message : 'unknown' },
          'background work failed; it is tried again',
        ),
      )
      .finally(() => {
        if (!stopped) plan()
      })
  }
  const plan = () => {
    timer = setTimeout(run, pauseMs)
    timer.unref?.()
  }
  plan()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
