/** What comes of a message that was in the air: it is settled, put off, or given back. */
import type { UnsentReason } from '../core/notice.js'
import type { Desk } from './desk.js'
import type { Claimed, Settled } from './district.js'
import { StoreFault } from './ports.js'
import type { Push, Pushed } from './push.js'
import { warn } from './warn.js'

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
/** What has happened must be noted: tries through a fault of the database, a second apart, while the message is kept. */
const MOST_TRIES = 300

/**
 * Until when a channel asked this process to send nothing. It stands in the database for all processes; here it is known also
 * while that is away. One for all lanes.
 */
export type Patience = { until: number }

export type Lane = {
  readonly desk: Desk
  readonly prefix: string
  readonly push: Push
  readonly holder: string
  readonly stopping: () => boolean
  readonly patience: Patience
}

/**
 * What came of a message. `later`: the channel was away. `left`: it is not to be sent now. `rest`: no other one is either,
 * and this one was left as it is where that was a fault of the database: its lease runs out.
 */
export type End = 'done' | 'later' | 'left' | 'rest'

export async function conclude(lane: Lane, { id, address, attempts }: Claimed, pushed: Pushed): Promise<End> {
  const { desk, prefix, holder, patience } = lane
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
      const until = at.getTime() + pushed.afterMs
      patience.until = Math.max(patience.until, until)
      await throughFaults(lane, () => outbox.pause(prefix, new Date(until)))
      // The pause keeps it back, and this was no try.
      await outbox.giveBack([id], holder)
      return 'rest'
    }
    case 'later': {
      if (attempts >= MOST_ATTEMPTS) {
        log.warn({ delivery: id, attempts }, 'a message could not be sent')
        await settle(lane, id, { status: 'failed', at, address, reason: 'away' satisfies UnsentReason })
        return 'later'
      }
      const pause = PAUSES_MS[attempts - 1] ?? PAUSES_MS[0]!
      await outbox.postpone(id, holder, new Date(at.getTime() + Math.max(pause, pushed.afterMs)), true)
      return 'later'
    }
  }
}

/** Notes the end of a message: forgotten, it would be sent once more. */
export async function settle(lane: Lane, id: string, how: Settled): Promise<'done'> {
  await throughFaults(lane, () => lane.desk.outbox.settle(id, how))
  return 'done'
}

/** Writes through faults of the database that pass. */
async function throughFaults({ desk, stopping }: Lane, write: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write()
    } catch (fault) {
      const passes = fault instanceof StoreFault && fault.retry
      if (!passes || tries === MOST_TRIES || stopping()) throw fault
      await desk.wait(SECOND_MS)
    }
  }
}

/** Ends a message whose handling failed. */
export async function failed(lane: Lane, { id, address }: Claimed, fault: unknown): Promise<End> {
  warn(lane.desk, 'a message could not be handled')(fault)
  if (fault instanceof StoreFault) return 'rest'
  // A fault of the program in this one message: another try would not help, and it must hold up no other one.
  const reason: UnsentReason = 'fault'
  return settle(lane, id, { status: 'failed', at: new Date(lane.desk.now()), address, reason }).catch(
    (again: unknown) => {
      warn(lane.desk, 'a message could not be settled')(again)
      return 'rest' as const
    },
  )
}
