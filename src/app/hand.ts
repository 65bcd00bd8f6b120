/** The messages that a lane has taken: kept for as long as it works on them, and filled up before they run out. */
import type { Desk } from './desk.js'
import type { Claimed } from './district.js'
import { warn } from './warn.js'

/** Taken at once, and for how long: short, so that another process soon goes on with what a dead one held. */
const BATCH = 10
const LEASE_MS = 15_000
const RENEW_EVERY_MS = 5_000
/** With no more than these left, the next batch is taken while one is in the air. */
const FEW_LEFT = 2

export type Hand = {
  /** The next message; undefined where there is none just now. */
  next(): Promise<Claimed | undefined>
  /** This one is finished, however it ended. */
  finish(id: string): void
  /** Gives back what is left. */
  putDown(): Promise<void>
}

/** Takes a first batch. Rejects with a `StoreFault`. */
export async function takeHand(desk: Desk, prefix: string, holder: string): Promise<Hand> {
  const { outbox, now } = desk
  const waiting: Claimed[] = []
  const kept = new Set<string>()
  const until = () => new Date(now() + LEASE_MS)
  let more = true
  let taking: Promise<void> | undefined

  async function take(): Promise<void> {
    const batch = await outbox.claim(prefix, BATCH, new Date(now()), until(), holder)
    // Fewer than were asked for: there are no more just now.
    more = batch.length === BATCH
    waiting.push(...batch)
    for (const { id } of batch) kept.add(id)
  }
  async function takeMore(): Promise<void> {
    try {
      await take()
    } catch (fault) {
      more = false
      warn(desk, 'more messages could not be taken')(fault)
    }
    taking = undefined
  }

  await take()
  const heart = setInterval(() => {
    if (kept.size > 0)
      outbox.renew([...kept], holder, until()).catch(warn(desk, 'messages in hand could not be kept for longer'))
  }, RENEW_EVERY_MS)

  return {
    async next() {
      if (waiting.length === 0) await taking
      const one = waiting.shift()
      if (more && waiting.length <= FEW_LEFT) taking ??= takeMore()
      return one
    },
    finish: (id) => void kept.delete(id),
    async putDown() {
      await taking
      clearInterval(heart)
      if (kept.size > 0) await outbox.giveBack([...kept], holder).catch(warn(desk, 'messages could not be given back'))
    },
  }
}
