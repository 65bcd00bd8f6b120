/**
 * Sends the messages in line to people whom a channel can reach by itself. Any number of processes may do so at once, and one
 * process in several lanes; a lane has one message in the air, so that a process that is killed between a message and the
 * note that it was sent makes at most one duplicate a lane. While it is in the air, the next one is made ready.
 */
import { conclude, type End, failed, type Lane, type Patience, settle } from './conclude.js'
import type { Desk } from './desk.js'
import type { Claimed, Settled } from './district.js'
import { type Hand, takeHand } from './hand.js'
import { type Errand, FREE_PER_SECOND, type Push, type Pushed } from './push.js'
import { errandOf } from './telling-card.js'

/** A place in line that is older is not used: after a stall of the process all of them would be used at once. */
const STALE_MS = 20
/** For so long a look at the database is believed while another place is waited for; far less than a lease. */
const BELIEVED_MS = 5_000
/** As many in a row, and it is the channel that is away, not one message that is at fault. */
const AWAY_AFTER = 3

/** Messages a second that one lane manages over a slow line. */
const LANE_PER_SECOND = 25
const MOST_LANES = 32

/** Lanes that a process sends in: one, unless more is asked of it than one can do. */
export const lanesFor = (perSecond: number): number =>
  perSecond > FREE_PER_SECOND ? Math.min(MOST_LANES, Math.ceil(perSecond / LANE_PER_SECOND)) : 1

/**
 * Sends, in one lane, messages that are due to addresses with a prefix (`telegram:`), until there are no more just now. Resolves
 * with how many came to something; 0 where it is time to rest. `stopping`: asked between two messages. `patience`: one for all
 * lanes of a process.
 */
export async function deliver(
  desk: Desk,
  prefix: string,
  push: Push,
  holder: string,
  how: { readonly stopping?: () => boolean; readonly patience?: Patience } = {},
): Promise<number> {
  const { stopping = () => false, patience = { until: Number.NEGATIVE_INFINITY } } = how
  if (desk.now() < patience.until) return 0
  const hand = await takeHand(desk, prefix, holder)
  try {
    return await work({ desk, prefix, push, holder, stopping, patience }, hand)
  } finally {
    await hand.putDown()
  }
}

/** A message with what is to be done for it, or how it ended where that is nothing. */
type Ready = { readonly message: Claimed } & ({ readonly errand: Errand } | { readonly end: End })

async function work(lane: Lane, hand: Hand): Promise<number> {
  let count = 0
  let away = 0
  const goesOn = (end: End): boolean => {
    away = end === 'later' ? away + 1 : 0
    if (end !== 'left') count += 1
    return end !== 'rest' && away < AWAY_AFTER
  }
  let before: Promise<End> | undefined
  let next = makeReady(lane, hand)
  for (;;) {
    const ready = await next
    // It comes to its place while the one before is settled; it starts only then.
    const place = ready && 'errand' in ready ? comeToPlace(lane.desk, ready.message.address) : undefined
    // A fault is met where the place is needed.
    place?.catch(() => {})
    if (before && !goesOn(await before)) return 0
    if (!ready) return count
    if (lane.stopping()) return 0
    const { message } = ready
    const end = 'end' in ready ? ready.end : await hindrance(lane, message, place!)
    if ('errand' in ready && end === undefined) {
      const flight = lane.push(message.address, ready.errand)
      next = makeReady(lane, hand)
      before = land(lane, message, flight).finally(() => hand.finish(message.id))
      await Promise.allSettled([flight])
    } else {
      hand.finish(message.id)
      before = end && Promise.resolve(end)
      next = makeReady(lane, hand)
    }
  }
}

/** Makes the next message ready, where there is one; what no longer matters is settled at once. Never rejects. */
async function makeReady(lane: Lane, hand: Hand): Promise<Ready | undefined> {
  const message = await hand.next()
  if (!message) return undefined
  try {
    const errand = await errandOf(lane.desk, message)
    if (typeof errand !== 'string') return { message, errand }
    const how: Settled = { status: 'skipped', at: new Date(lane.desk.now()), reason: errand }
    return { message, end: await settle(lane, message.id, how) }
  } catch (fault) {
    return { message, end: await failed(lane, message, fault) }
  }
}

/** The instant of a place in the line of all processes, waited for; or how long (milliseconds) this chat takes nothing. */
type Place = { readonly at: number } | { readonly busyMs: number }

/** `again`: the place before was not used. */
async function comeToPlace({ gate, now, wait }: Desk, address: string, again = false): Promise<Place> {
  const place = await gate.reserve(address, again)
  if ('busyMs' in place) return place
  const at = now() + place.waitMs
  if (place.waitMs > 0) await wait(place.waitMs)
  return { at }
}

/** How a message ends that may not start now; undefined: it may, at this instant. Never rejects. */
async function hindrance(lane: Lane, message: Claimed, first: Promise<Place>): Promise<End | undefined> {
  const { desk, prefix, holder, stopping, patience } = lane
  const { outbox, now } = desk
  const { id, address } = message
  try {
    let looked = Number.NEGATIVE_INFINITY
    for (let place = await first; ; place = await comeToPlace(desk, address, true)) {
      if ('busyMs' in place) {
        await outbox.postpone(id, holder, new Date(now() + Math.max(1, place.busyMs)), false)
        return 'done'
      }
      // Looked at last, so that a pause or a cancellation works at once; given back, it is free when the pause ends. Where
      // the look takes longer than the place lasts, it is not repeated at the next one: that would never end.
      if (now() - looked > BELIEVED_MS) {
        if (!(await outbox.holds(id, holder, prefix, new Date(now())))) return await leave(lane, id, 'left')
        looked = now()
      }
      if (stopping() || now() < patience.until) return await leave(lane, id, 'rest')
      if (now() - place.at <= STALE_MS) return undefined
    }
  } catch (fault) {
    return failed(lane, message, fault)
  }
}

async function leave<Left extends End>({ desk, holder }: Lane, id: string, end: Left): Promise<Left> {
  await desk.outbox.giveBack([id], holder)
  return end
}

/** What came of a message that is in the air. Never rejects. */
async function land(lane: Lane, message: Claimed, flight: Promise<Pushed>): Promise<End> {
  try {
    return await conclude(lane, message, await flight)
  } catch (fault) {
    return failed(lane, message, fault)
  }
}
