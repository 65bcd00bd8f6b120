/**
 * Puts right the cards of those whom a process that died had in hand. A press is answered before its card is drawn (decision 17), and what was answered
 * is brought again by nobody: until they press again, their card would be older than the ledger.
 */
import { decodeSession, encodeSession } from '../core/session-text.js'
import type { Desk } from './desk.js'
import { lookAgain, refreshSheet } from './enter.js'
import { type Holding, hold, Overtaken } from './holding.js'
import { mayPass } from './in-order.js'
import { type Address, StoreFault } from './ports.js'
import type { EditCard, Outlet } from './push.js'
import { catchUp, unsettled } from './rebuild.js'
import { speechOf } from './say-it.js'
import { movedOn, spokenSession } from './shown.js'
import { type Inbound, lookFrom } from './speech.js'
import { warn } from './warn.js'

/** Drawn side by side: few, since after an outage there may be very many, and those who press just now come first. */
const AT_ONCE = 3

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
    const left = await desk.sessions.leftInHand(prefix)
    let away = false
    const one = async () => {
      for (let address = left.pop(); address !== undefined && !away && !stopping(); address = left.pop())
        try {
          await draw(desk, address, editCard)
        } catch (fault) {
          away ||= mayPass(fault)
          warn(desk, 'a card that was left behind could not be drawn')(fault)
        }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
  }
}

/** Under the person's lease: what they do meanwhile waits for a moment, so that it is never drawn over. Whoever has it draws by themselves. */
async function draw(desk: Desk, address: Address, editCard: EditCard): Promise<void> {
  const look = lookFrom(address, `left ${desk.now()}`)
  const begun = await desk.sessions.begin(address, look.id)
  if (begun.state === 'busy') return
  const held = hold(desk, look, begun)
  const drawn = (text: string | null, anyway: boolean) => isDrawn(desk, look, { held, text, anyway }, editCard)
  let unfinished = true
  try {
    unfinished = held.unfinished && !(await drawn(held.session, false))
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
    // Somebody else has come, and what was drawn here may lie over theirs.
    unfinished = !(await drawn(error.theirs, true))
  } finally {
    held.end(unfinished)
  }
}

/** `text`: the session. `anyway`: the card may be wrong, whatever the session says. */
type Doubtful = { readonly held: Holding; readonly text: string | null; readonly anyway: boolean }

/** False where it is left in doubt, as it was: what was in hand is still to come again by itself, or is put right with the next input. */
async function isDrawn(
  desk: Desk,
  look: Inbound,
  { held, text, anyway }: Doubtful,
  editCard: EditCard,
): Promise<boolean> {
  const { address } = look
  const session = text === null ? undefined : decodeSession(text)
  if (!session) return false
  if ((await desk.records.person(address)) === undefined) {
    // They have had themselves erased, and whoever did it has died over this.
    await desk.sessions.forget(address)
    return true
  }
  const { session: before, inputs } = await catchUp(desk, session, address)
  // Words and photos that could not be kept, or that lead nowhere: they were not answered, so they are brought again, and are meant for what stands there.
  if (!before.unseen && !anyway) return false
  const looked = await lookAgain(desk, (await refreshSheet(desk, before)).session)
  const { card } = await speechOf(desk, before, looked.session, { ...looked, events: [] }, look, [])
  await held.stillOurs()
  if (held.blind) throw notDrawn()
  // Nobody has pressed where there was no card yet.
  const edited = before.card === null ? 'refused' : await editCard(address, before.card, card)
  if (edited === 'later') throw notDrawn()
  const spoken = { card: before.card, shown: edited === 'shown' }
  const on = movedOn({ ...before, unseen: true }, looked.session, look, spoken, desk.now())
  // Nobody has done anything: they may be typing just now, for what stood there until now.
  await held.finish(encodeSession(unsettled(spokenSession(looked.session, spoken, on), desk.now())), inputs)
  return true
}

const notDrawn = () => new StoreFault('Expected a card to be drawn', true, undefined)
