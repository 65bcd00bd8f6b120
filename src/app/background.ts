/**
 * What runs by itself. Messages in line, kept results and cards that were left behind: in every process, rows and leases decide who does what. What is due by the
 * clock (reminders, news of rounds, old messages, cards that show how a notice goes on): in the one that holds the lease.
 */
import type { Patience } from './conclude.js'
import { deliver, lanesFor } from './deliver.js'
import type { Desk } from './desk.js'
import { drawLeftBehind } from './left-behind.js'
import type { Outlet } from './push.js'
import { createWatch, type Refresh } from './refresh.js'
import { type Reminded, remind } from './reminders.js'
import { type Told, tellRoundNews } from './round-news.js'
import { warn } from './warn.js'

/** A nudge should arrive while the head still looks at the phone. */
const DELIVER_EVERY_MS = 1_000
const RENEW_EVERY_MS = 5_000
/** The first time when the leases of a process that died have run out: whoever starts may be there in its stead. */
const LEFT_BEHIND_AFTER_MS = 5_000
const LEFT_BEHIND_EVERY_MS = 30_000
const STOPS_DRAWING_WITHIN_MS = 5_000
const REMIND_EVERY_MS = 60_000
const NEWS_EVERY_MS = 10_000
const REFRESH_EVERY_MS = 2_000
const EXPIRE_EVERY_MS = 60 * 60 * 1000
/** What nobody could be told in two weeks is told no more. */
const EXPIRED_AFTER_MS = 14 * 24 * 60 * 60 * 1000

const SCHEDULER = 'scheduler'
/** After a crash another process goes on within the two together. */
const LEASE_MS = 30_000
const HOLD_EVERY_MS = 10_000
/** Given up before it runs out, so that two processes never both think that it is theirs. */
const LEASE_MARGIN_MS = 5_000

/**
 * `outlets`: by the prefix of the addresses that a channel reaches. `holder`: a name that no other process has. Resolves what
 * it returns, which stops it, once the work in hand is done.
 */
export function startBackground(
  desk: Desk,
  outlets: Readonly<Record<string, Outlet>>,
  { holder, refresh }: { readonly holder: string; readonly refresh: Refresh },
): () => Promise<void> {
  const { outbox, leases, now } = desk
  const reminded: Reminded = new Map()
  const told: Told = new Map()
  let stopping = false
  /** On this process's own clock, which nobody sets; the lease itself runs on the database's. */
  let leadsUntil = Number.NEGATIVE_INFINITY
  const whileLeading = (work: () => Promise<unknown>) => async () => {
    if (performance.now() < leadsUntil) await work()
  }
  const hold = async () => {
    const before = performance.now()
    const held = await leases.hold(SCHEDULER, holder, LEASE_MS)
    leadsUntil = held ? before + LEASE_MS - LEASE_MARGIN_MS : Number.NEGATIVE_INFINITY
  }
  const byTheClock: readonly (readonly [number, () => Promise<unknown>])[] = [
    [REMIND_EVERY_MS, () => remind(desk, reminded)],
    [NEWS_EVERY_MS, () => tellRoundNews(desk, told)],
    [REFRESH_EVERY_MS, createWatch(desk, refresh, outlets)],
    [EXPIRE_EVERY_MS, () => outbox.expire(new Date(now() - EXPIRED_AFTER_MS), new Date(now()))],
  ]
  const loops = [
    every(desk, HOLD_EVERY_MS, hold, 0),
    ...Object.entries(outlets).map(([prefix, { push, ready }]) => {
      const patience: Patience = { until: Number.NEGATIVE_INFINITY }
      const how = { stopping: () => stopping, patience }
      const one = async () => (ready() ? deliver(desk, prefix, push, holder, how) : 0)
      return every(desk, DELIVER_EVERY_MS, () => inLanes(lanesFor(desk.broadcastPerSecond), one))
    }),
    every(desk, RENEW_EVERY_MS, () => desk.renewal.renew(desk)),
    ...byTheClock.map(([pauseMs, work]) => every(desk, pauseMs, whileLeading(work))),
  ]
  const draw = () => drawLeftBehind(desk, outlets, () => stopping)
  const stopDrawing = every(desk, LEFT_BEHIND_EVERY_MS, draw, LEFT_BEHIND_AFTER_MS)
  return async () => {
    stopping = true
    // A cluster that is away holds commands back without an end.
    const drawn = Promise.race([stopDrawing(), desk.wait(STOPS_DRAWING_WITHIN_MS)])
    await Promise.all([...loops.map((stop) => stop()), drawn])
    // So that another process goes on at once.
    await leases.release(SCHEDULER, holder).catch(warn(desk, 'a lease could not be given back'))
  }
}

/** One lane looks whether there is anything; the others come only then. As long as there is more, without a pause. */
async function inLanes(lanes: number, one: () => Promise<number>): Promise<void> {
  if ((await one()) === 0) return
  const lane = async () => {
    while ((await one()) > 0);
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Work again and again, with a pause between; the first time after `firstMs`. */
function every(desk: Desk, pauseMs: number, work: () => Promise<unknown>, firstMs = pauseMs): () => Promise<void> {
  let stopped = false
  let running: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout>
  const run = () => {
    running = work()
      .catch(warn(desk, 'background work failed; it is tried again'))
      .finally(() => {
        if (!stopped) plan(pauseMs)
      })
  }
  const plan = (afterMs: number) => {
    timer = setTimeout(run, afterMs)
    timer.unref?.()
  }
  plan(firstMs)
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
