/** Sends the messages in line to people whom a channel can reach by itself. Any number of processes may do so at once. */
import type { Desk } from './desk.js'
import { StoreFault } from './ports.js'
import type { Push } from './push.js'
import { tellingCard } from './telling-card.js'

/** Taken at once, and for how long: longer than they take, so that no other process sends them as well. */
const BATCH = 20
const LEASE_MS = 60_000
/** Pause between two messages: Telegram takes about 30 a second from a bot, and replies to people come first. */
const PAUSE_MS = 50
const UNREACHABLE_PAUSE_MS = 24 * 60 * 60 * 1000

/** Sends what is due to addresses with a prefix (`telegram:`); returns how many messages were handled. */
export async function deliver(desk: Desk, prefix: string, push: Push): Promise<number> {
  const { outbox, records, log, now, wait } = desk
  const due = await outbox.claim(prefix, BATCH, new Date(now()), LEASE_MS)
  for (const { id, address, person, telling } of due) {
    // After a fault of the database the lease runs out, and the message is taken again.
    try {
      const language = (await records.person(address))?.language ?? desk.defaultLanguage
      const card = await tellingCard(desk, person, language, telling)
      if (!card) {
        await outbox.settle(id, 'skipped', new Date(now()))
        continue
      }
      const pushed = await push(address, card)
      if (pushed === 'sent') await outbox.settle(id, 'sent', new Date(now()))
      // They may come back, or have another address; the outbox leaves out whom it knows to be gone.
      else if (pushed === 'unreachable') await outbox.postpone(id, new Date(now() + UNREACHABLE_PAUSE_MS))
      else await outbox.postpone(id, new Date(now() + pushed.retryAfterMs))
      await wait(PAUSE_MS)
    } catch (fault) {
      log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'a message could not be sent')
      // Refused for itself, so that another try would not help; a fault of the database passes.
      if (!(fault instanceof StoreFault)) await outbox.settle(id, 'failed', new Date(now()))
    }
  }
  return due.length
}
