/** Messages to people who are not speaking just now: put in line here, sent by deliver.ts, or handed over when a page looks. */
import type { UnsentReason } from '../core/notice.js'
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import type { Delivery, Telling } from './district.js'
import type { Address } from './ports.js'
import type { Card } from './speech.js'
import { tellingCard } from './telling-card.js'

/** What is handed over to a page at once; more come with its next look. */
const MOST_AT_A_LOOK = 5
const LEASE_MS = 60_000

/** Puts messages in line. `dueAt` in milliseconds; now where it is absent. Returns how many were new. */
export function tell(
  desk: Desk,
  messages: readonly { key: string; person: string; telling: Telling; dueAt?: number }[],
): Promise<number> {
  const now = desk.now()
  const deliveries = messages.map(({ key, person, telling, dueAt }) => ({
    id: desk.idFor('d', key),
    key,
    person,
    telling,
    dueAt: new Date(dueAt ?? now),
  }))
  return deliveries.length === 0 ? Promise.resolve(0) : desk.outbox.put(deliveries, new Date(now))
}

export type Waiting = {
  readonly delivery: Delivery
  /** Its card, or why it no longer matters. */
  readonly told: Card | UnsentReason
  /** Where it is handed over. */
  readonly address: Address
}

/** Messages that wait for somebody on a channel that cannot be reached from here (the web page); only for these channels. */
export async function waitingFor(desk: Desk, address: Address, session: Session): Promise<Waiting[]> {
  if (!address.startsWith('web:')) return []
  const now = desk.now()
  // Of one address there is one look at a time, so that its name will do as the holder's.
  const until = new Date(now + LEASE_MS)
  const claimed = await desk.outbox.claimFor(session.person, MOST_AT_A_LOOK, new Date(now), until, address)
  const waiting: Waiting[] = []
  for (const delivery of claimed) {
    const told = await tellingCard(desk, delivery.person, session.language, delivery.telling)
    waiting.push({ delivery, told, address })
  }
  return waiting
}

/** Marks what was handed over; what no longer mattered is skipped. A fault here leads to a second telling, never to none. */
export async function settleTold({ outbox, now, log }: Desk, waiting: readonly Waiting[]): Promise<void> {
  try {
    for (const { delivery, told, address } of waiting) {
      const at = new Date(now())
      await outbox.settle(
        delivery.id,
        typeof told === 'string'
          ? { status: 'skipped', at, reason: told }
          : { status: 'sent', at, address, message: null },
      )
    }
  } catch (fault) {
    log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'a message was handed over but not settled')
  }
}
