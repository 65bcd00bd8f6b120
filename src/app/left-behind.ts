/**
 * Puts right the cards of those whom a process that died had in hand. A press is answered before its card is drawn (decision 17), and what was answered
 * is brought again by nobody: until they press again, their card would be older than the ledger.
 */
import { decodeSession, encodeSession } from '../core/session-text.js'
import type { Desk } from './desk.js'
import { lookAgain, refreshSheet } from './enter.js'
import { type Holding, hold, Overtaken } from './holding.js'
import { mayPass } from './in-order.js'
import type { Address } from './ports.js'
import type { EditCard, Edited, Outlet } from './push.js'
import { catchUp, unsettled } from './rebuild.js'
import { speechOf } from './say-it.js'
import { movedOn, spokenSession } from './shown.js'
import { type Inbound, lookFrom } from './speech.js'
import { warn } from './warn.js'

/** Drawn side by side: few, since after an outage there may be very many, and those who press just now come first. */
const AT_ONCE = 3
/** So many that cannot be drawn now are a channel that is away, and not just chats that have to wait. */
const MOST_WAITING = 10

/**
 * Draws what was left in hand, on every channel that can be reached. Where a store or a channel is away it ends, and the rest is found again
 * the next time. Rejects with a `StoreFault`.
 */
export async function drawLeftBehind(
  desk: Desk,
  outlets: Readonly<Record<string, Outlet>>,
  stopping: () => boolean = () => false,
): Promise<void> {
  for (const [prefix, { ready, editCard }] of Object.entries(outlets)) {
    if (!ready()) continue
    const left = shuffled(await desk.sessions.leftInHand(prefix))
    let waiting = 0
    let away = false
    const one = async () => {
      for (let address = left.pop(); address !== undefined && !away && !stopping(); address = left.pop())
        try {
          if ((await draw(desk, address, editCard)) === 'later') waiting += 1
          away ||= waiting >= MOST_WAITING
        } catch (fault) {
          away ||= mayPass(fault)
          warn(desk, 'a card that was left behind could not be drawn')(fault)
        }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
  }
}

/** So that whoever cannot be drawn does not always stand before the same others. */
const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one)

/** Under the person's lease: what they do meanwhile waits for a moment, so that it is never drawn over. Whoever has it draws by themselves. */
async function draw(desk: Desk, address: Address, editCard: EditCard): Promise<Edited | 'left'> {
  const look = lookFrom(address)
  const begun = await desk.sessions.begin(address, null)
  if (begun.state === 'busy') return 'left'
  const held = hold(desk, look, begun)
  try {
    if (!begun.unfinished || begun.session === null) return 'left'
    return await drawn(desk, look, { held, text: begun.session, anyway: false }, editCard)
  } catch (error) {
    if (!(error instanceof Overtaken) || error.theirs === null) throw error
    // Somebody else has come, and what was drawn here may lie over theirs.
    return await drawn(desk, look, { held, text: error.theirs, anyway: true }, editCard)
  } finally {
    held.end(true)
  }
}

/** `text`: the session. `anyway`: the card may be wrong, whatever the session says. */
type Doubtful = { readonly held: Holding; readonly text: string; readonly anyway: boolean }

/** `left`: nothing is to be drawn, or what was in hand still comes again by itself. */
async function drawn(
  desk: Desk,
  look: Inbound,
  { held, text, anyway }: Doubtful,
  editCard: EditCard,
): Promise<Edited | 'left'> {
  const { address } = look
  const session = decodeSession(text)
  if (!session) return 'left'
  if ((await desk.records.person(address)) === undefined) {
    // They have had themselves erased, and whoever did it has died over this.
    await desk.sessions.forget(address)
    return 'left'
  }
  const { session: before, inputs } = await catchUp(desk, session, address)
  const moved = before.unseen === true || anyway
  // Words and photos that could not be kept, or that lead nowhere, were not answered: they are brought again, and are meant for what stands there.
  if (!moved && before !== session) return 'left'
  if (!moved && before.view.at !== 'page') {
    await held.finish(text, [])
    return 'left'
  }
  const looked = await lookAgain(desk, (await refreshSheet(desk, before)).session)
  const { card } = await speechOf(desk, before, looked.session, { ...looked, events: [] }, look, [])
  await held.stillOurs()
  // Nobody has pressed where there was no card yet.
  const edited = held.blind ? 'later' : before.card === null ? 'refused' : await editCard(address, before.card, card)
  if (edited === 'later') return edited
  const spoken = { card: before.card, shown: edited === 'shown' }
  const now = desk.now()
  const on = moved ? movedOn({ ...before, unseen: true }, looked.session, look, spoken, now) : null
  const shown = spokenSession(looked.session, spoken, on)
  // Nobody has done anything: they may be typing just now, for what stood there until now.
  await held.finish(encodeSession(moved ? unsettled(shown, now) : shown), inputs)
  return edited
}
