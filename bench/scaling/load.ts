/** People tap: as fast as they are answered, or so many a second. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bots } from './bots.js'
import type { Row, Tapper } from './tapper.js'

export type Tapped = {
  readonly seconds: number
  /** Milliseconds from tap to 200. */
  readonly latencies: readonly number[]
  /** What the acknowledged taps must be in the ledger. */
  readonly rows: readonly Row[]
  readonly faults: readonly string[]
}

/** Everybody taps so often, or until they are through; so many people at once, each waiting for an answer before the next tap. */
export function tapAtFullSpeed(
  bots: Bots,
  people: readonly Tapper[],
  { each = Number.POSITIVE_INFINITY, atOnce }: { each?: number; atOnce: number },
): Promise<Tapped> {
  const waiting = people.values()
  return timed(bots, atOnce, async (tap) => {
    for (const person of waiting) for (let n = 0; n < each && (await tap(person)); n += 1);
  })
}

/**
 * Everybody taps so often, in turn, so many taps a second. Where the bot falls behind, taps come later, so that nobody taps twice
 * at a time and the machine is not buried.
 */
export function tapAtRate(bots: Bots, people: readonly Tapper[], each: number, perSecond: number): Promise<Tapped> {
  const began = performance.now()
  let taken = 0
  return timed(bots, Math.min(MOST_UNDER_WAY, people.length), async (tap) => {
    for (let n = taken++; n < people.length * each; n = taken++) {
      await sleep(Math.max(0, began + (n * 1000) / perSecond - performance.now()))
      await tap(people[n % people.length]!)
    }
  })
}

const MOST_UNDER_WAY = 100

async function timed(
  bots: Bots,
  atOnce: number,
  lane: (tap: (person: Tapper) => Promise<boolean>) => Promise<void>,
): Promise<Tapped> {
  const latencies: number[] = []
  const rows: Row[] = []
  const faults: string[] = []
  const tap = async (person: Tapper) => {
    const press = person.plan(person.taps)
    if (!press) return false
    const from = performance.now()
    const fault = await bots.tap(person, press)
    latencies.push(performance.now() - from)
    if (fault) faults.push(fault)
    else if (press.row) rows.push(press.row)
    return true
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: atOnce }, () => lane(tap)))
  const seconds = (performance.now() - began) / 1000
  return { seconds, latencies: latencies.sort((a, b) => a - b), rows, faults }
}
