/**
 * Sends the messages in line to people whom a channel can reach by itself. Any number of processes may do so at once, and one
 * process in several lanes; a lane has one message in the air, so that a process that is killed between a message and the
 * note that it was sent makes at most one duplicate a lane.
 */
import type { Desk } from './desk.js'
import type { Claimed, Settled } from './district.js'
import { StoreFault } from './ports.js'
import { FREE_PER_SECOND, type Push, type Pushed } from './push.js'
import { errandOf } from './telling-card.js'
import { warn } from './warn.js'

/** Taken at once, and for how long: short, so that another process soon goes on with what a dead one held. */
const BATCH = 10
const LEASE_MS = 15_000
const RENEW_EVERY_MS = 5_000
/** A place in line that is older is not used: after a stall of the process all of them would be used at once. */
const STALE_MS = 20
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
/** Pauses before a message is tried again, by how often it was tried: about four hours in all, then somebody has to look. */
const PAUSES_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  120 * MINUTE_MS,
]
export const MOST_ATTEMPTS = PAUSES_MS.length + 1
/** As many in a row, and it is the channel that is away, not one message that is at fault. */
const AWAY_AFTER = 3
/** What was sent must be noted: tries through a fault of the database, a second apart, while the message is kept. */
const MOST_TRIES = 300

/** Messages a second that one lane manages over a slow line. */
const LANE_PER_SECOND = 25
const MOST_LANES = 32

/** Lanes that a process sends in: one, unless more is asked of it than one can do. */
export const lanesFor = (perSecond: number): number =>
  perSecond > FREE_PER_SECOND ? Math.min(MOST_LANES, Math.ceil(perSecond / LANE_PER_SECOND)) : 1

/**
 * Sends, in one lane, a few of the messages that are due to addresses with a prefix (`telegram:`). Resolves with how many came
 * to something; 0 where there is nothing to do just now: then it is time to rest. `stopping`: asked between two messages.
 */
export async function deliver(
  desk: Desk,
  prefix: string,
  push: Push,
  holder: string,
  stopping: () => boolean = () => false,
): Promise<number> {
  const { outbox, now } = desk
  const batch = await outbox.claim(prefix, BATCH, new Date(now()), new Date(now() + LEASE_MS), holder)
  if (batch.length === 0) return 0
  const lane: Lane = { desk, prefix, push, holder, stopping }
  const inHand = new Set(batch.map(({ id }) => id))
  const heart = setInterval(() => {
    const until = new Date(now() + LEASE_MS)
    outbox.renew([...inHand], holder, until).catch(warn(desk, 'messages in hand could not be kept for longer'))
  }, RENEW_EVERY_MS)
  try {
    return await work(lane, batch, inHand)
  } finally {
    clearInterval(heart)
    if (inHand.size > 0)
      await outbox.giveBack([...inHand], holder).catch(warn(desk, 'messages could not be given back'))
  }
}

type Lane = {
  readonly desk: Desk
  readonly prefix: string
  readonly push: Push
  readonly holder: string
  readonly stopping: () => boolean
}

/**
 * What came of a message. `later`: the channel was away. `left`: it is not to be sent now. `rest`: no other one is either,
 * and this one was left as it is where that was a fault of the database: its lease runs out.
 */
type End = 'done' | 'later' | 'left' | 'rest'

/** Takes what is finished out of `inHand`. */
async function work(lane: Lane, batch: readonly Claimed[], inHand: Set<string>): Promise<number> {
  let count = 0
  let away = 0
  for (const message of batch) {
    if (lane.stopping()) return 0
    const end = await run(lane, message)
    inHand.delete(message.id)
    away = end === 'later' ? away + 1 : 0
    if (end === 'rest' || away === AWAY_AFTER) return 0
    if (end !== 'left') count += 1
  }
  return count
}

async function run(lane: Lane, message: Claimed): Promise<End> {
  const { desk, prefix, push, holder } = lane
  const { outbox, now } = desk
  const { id, address } = message
  try {
    const errand = await errandOf(desk, message)
    if (!errand) return await settle(lane, id, { status: 'skipped', at: new Date(now()) })
    const busyMs = await comeToPlace(desk, address)
    if (busyMs > 0) {
      await outbox.postpone(id, holder, new Date(now() + busyMs), false)
      return 'done'
    }
    // Looked at last, so that a pause or a cancellation works at once; given back, it is free when the pause ends.
    if (lane.stopping() || !(await outbox.holds(id, holder, prefix, new Date(now())))) {
      await outbox.giveBack([id], holder)
      return 'left'
    }
    return await conclude(lane, message, await push(address, errand))
  } catch (fault) {
    return failed(lane, message, fault)
  }
}

/** Waits for a place in the line of all processes; resolves with 0, or how long (milliseconds) this chat takes nothing. */
async function comeToPlace({ gate, now, wait }: Desk, address: string): Promise<number> {
  for (;;) {
    const place = await gate.reserve(address)
    if ('busyMs' in place) return Math.max(1, place.busyMs)
    const at = now() + place.waitMs
    if (place.waitMs > 0) await wait(place.waitMs)
    if (now() - at <= STALE_MS) return 0
  }
}

async function conclude(lane: Lane, { id, address, attempts }: Claimed, pushed: Pushed): Promise<End> {
  const { desk, prefix } = lane
  const { outbox, now, log } = desk
  const at = new Date(now())
  switch (pushed.kind) {
    case 'sent':
      return settle(lane, id, { status: 'sent', at, address, message: pushed.message })
    case 'unreachable':
      await settle(lane, id, { status: 'blocked', at, address })
      // Once more, after the settling: who spoke in between would otherwise be no reason any more to send it again.
      await desk.records.setReachable(address, false, at)
      return 'done'
    case 'refused':
      log.warn({ delivery: id, reason: pushed.reason }, 'a message was refused')
      return settle(lane, id, { status: 'failed', at, address, reason: pushed.reason })
    case 'flood': {
      log.warn({ afterMs: pushed.afterMs }, 'the channel asks for patience')
      await outbox.pause(prefix, new Date(at.getTime() + pushed.afterMs))
      // The pause keeps it back, and this was no try.
      await outbox.giveBack([id], lane.holder)
      return 'rest'
    }
    case 'later': {
      if (attempts >= MOST_ATTEMPTS) {
        log.warn({ delivery: id, attempts }, 'a message could not be sent')
        await settle(lane, id, { status: 'failed', at, address, reason: 'the channel could not be reached' })
        return 'later'
      }
      const pause = PAUSES_MS[attempts - 1] ?? PAUSES_MS[0]!
      await outbox.postpone(id, lane.holder, new Date(at.getTime() + Math.max(pause, pushed.afterMs)), true)
      return 'later'
    }
  }
}

/** Notes the end of a message, through faults of the database that pass: forgotten, it would be sent once more. */
async function settle({ desk, stopping }: Lane, id: string, how: Settled): Promise<'done'> {
  for (let tries = 1; ; tries += 1) {
    try {
      await desk.outbox.settle(id, how)
      return 'done'
    } catch (fault) {
      const passes = fault instanceof StoreFault && fault.retry
      if (!passes || tries === MOST_TRIES || stopping()) throw fault
      await desk.wait(SECOND_MS)
    }
  }
}

async function failed(lane: Lane, { id, address }: Claimed, fault: unknown): Promise<End> {
  warn(lane.desk, 'a message could not be handled')(fault)
  if (fault instanceof StoreFault) return 'rest'
  // A fault of the program in this one message: another try would not help, and it must hold up no other one.
  const how: Settled = { status: 'failed', at: new Date(lane.desk.now()), address, reason: 'a fault of the program' }
  return settle(lane, id, how).catch((again: unknown) => {
    warn(lane.desk, 'a message could not be settled')(again)
    return 'rest' as const
  })
}
