/** Redraws the progress of notices in place, on the cards of those who look at it just now. */
import type { Session } from '../core/session.js'
import { decodeSession } from '../core/session-text.js'
import type { Desk } from './desk.js'
import { hold } from './holding.js'
import { pageCard } from './office/office.js'
import type { Address } from './ports.js'
import type { Edited, Outlet } from './push.js'
import { type Card, lookFrom } from './speech.js'

/** `elsewhere`: the card shows something else by now. `busy`: they do something just now, or it could not be drawn; try again. */
export type Refreshed = 'shown' | 'same' | 'elsewhere' | 'busy'

/**
 * Redraws the card of an address where it shows this notice's progress, by `edit`. Changes nothing about where the person is, and waits for nobody. Rejects with a `StoreFault`.
 */
export type Refresh = (
  address: Address,
  notice: string,
  edit: (card: string, show: Card) => Promise<Edited>,
) => Promise<Refreshed>

/** Cards whose looks are remembered: far more than look at once. */
const MOST_REMEMBERED = 200

export function createRefresh(desk: Desk): Refresh {
  const { sessions, notices } = desk
  const drawn = new Map<Address, string>()
  const remember = (address: Address, looks: string) => {
    drawn.delete(address)
    drawn.set(address, looks)
    const [oldest] = drawn.keys()
    if (drawn.size > MOST_REMEMBERED && oldest !== undefined) drawn.delete(oldest)
  }
  return async (address, notice, edit) => {
    // Under the person's lease: what they do meanwhile waits a moment, so that it is never drawn over.
    const look = lookFrom(address)
    const begun = await sessions.begin(address, null)
    if (begun.state === 'busy') return 'busy'
    const held = hold(desk, look, begun)
    try {
      // What stands on the card may be newer than the session: the next input finds out.
      if (begun.unfinished) return 'busy'
      const session = begun.session === null ? undefined : decodeSession(begun.session)
      if (!session || session.card === null || !shows(session, notice)) {
        await notices.unwatch(notice, address)
        return 'elsewhere'
      }
      const card = await pageCard(desk, session, look)
      // With what was said last: the card was drawn then, not here.
      const looks = JSON.stringify([session.card, session.seen, card])
      if (drawn.get(address) === looks) return 'same'
      if ((await edit(session.card, card)) === 'later') return 'busy'
      remember(address, looks)
      return 'shown'
    } finally {
      held.end(false)
    }
  }
}

const shows = ({ view }: Session, notice: string): boolean =>
  view.at === 'page' && view.page === 'notice' && view.args[0] === notice

/** Nobody looks at a card for longer without a press. */
const WATCHED_MS = 48 * 60 * 60 * 1000

/**
 * Returns what looks once after all cards that show a notice; where nothing has happened to it, none is touched, and none
 * while its channel asks for patience.
 */
export function createWatch(
  { notices, outbox, now }: Desk,
  refresh: Refresh,
  outlets: Readonly<Record<string, Outlet>>,
): () => Promise<void> {
  let drawn = new Map<string, string>()
  /** Channels that may be used just now, by their prefixes. */
  async function open(): Promise<[prefix: string, outlet: Outlet][]> {
    const ready = Object.entries(outlets).filter(([, outlet]) => outlet.ready())
    const pauses = await Promise.all(ready.map(([prefix]) => outbox.pausedUntil(prefix)))
    return ready.filter((_, i) => (pauses[i]?.getTime() ?? 0) <= now())
  }

  async function stateOf(notice: string): Promise<string> {
    const at = new Date(now())
    const [found, tally] = await Promise.all([notices.notice(notice), notices.tally(notice, at)])
    return JSON.stringify([found?.status, found?.withdrawnAt, tally])
  }

  return async () => {
    const looks = await notices.watched(new Date(now() - WATCHED_MS))
    const channels = looks.length === 0 ? [] : await open()
    const watched = looks.flatMap(({ notice, address }) =>
      channels.flatMap(([prefix, outlet]) => (address.startsWith(prefix) ? [{ notice, address, outlet }] : [])),
    )
    const states = new Map<string, string>()
    for (const { notice } of watched) if (!states.has(notice)) states.set(notice, await stateOf(notice))
    const next = new Map<string, string>()
    await Promise.all(
      watched.map(async ({ notice, address, outlet }) => {
        const key = `${notice} ${address}`
        const state = states.get(notice)!
        const edit = (card: string, show: Card) => outlet.editCard(address, card, show)
        const end = drawn.get(key) === state ? 'same' : await refresh(address, notice, edit)
        if (end === 'shown' || end === 'same') next.set(key, state)
      }),
    )
    drawn = next
  }
}
