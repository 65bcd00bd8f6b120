/**
 * One input of one person, from the channel to the answer: claim and lease, session, transition, write, save, speak.
 * The input is acknowledged to its channel only when this is done; a crash at any point leads to a redelivery, and a
 * redelivery is harmless.
 */
import { LATE_WINDOW_MS } from '../core/input.js'
import { kept } from '../core/left.js'
import { decodeSession, encodeSession, type Session } from '../core/session.js'
import { acknowledge, type Receipt } from './acknowledge.js'
import type { Desk } from './desk.js'
import { lookAgain } from './enter.js'
import { createLines } from './in-order.js'
import { type Address, type Begun, type Lease, StoreFault } from './ports.js'
import { pressed } from './pressed.js'
import { rebuildSession } from './rebuild.js'
import { createRefresh, type Refresh } from './refresh.js'
import { speechOf } from './say-it.js'
import { asksTheSame, movedOn, spokenSession } from './shown.js'
import type { Inbound, Speak, Speech } from './speech.js'
import { type Taken, take } from './take.js'
import { settleTold, waitingFor } from './tell.js'

/** How long an input waits for another process that serves the same person; longer than one lease lives. */
const LEASE_PATIENCE_MS = 20_000
const LEASE_RETRY_MS = 20
/** A quarter of a lease's life: speaking may have to wait as long as Telegram tells it to. */
const RENEW_EVERY_MS = 1_000

export type Dispatch = {
  /** Handles one input and speaks. Rejects with a `StoreFault` where it could not be made durable; nothing was said then. */
  handle(inbound: Inbound, speak: Speak): Promise<void>
  /** Notes that an address can be reached or not (blocked, unblocked). */
  reach(address: Address, reachable: boolean): Promise<void>
  /**
   * Notes that somebody has read a notice, where the input is the button for it (undefined: it is not, and is to be handled).
   * Needs no place in the conversation, so it waits for nothing. Rejects with a `StoreFault` where it could not be noted.
   */
  acknowledge(inbound: Inbound): Promise<Receipt | undefined>
  /** Redraws the progress of a notice on the card of somebody who looks at it. */
  readonly refresh: Refresh
}

export function createDispatch(desk: Desk): Dispatch {
  const inOrder = createLines<Inbound['content']['kind']>()
  /** Whose last press was left undrawn, because the next one stood behind it already. */
  const undrawn = new Set<Address>()
  return {
    handle: (inbound, speak) =>
      inOrder(inbound.address, inbound.content.kind, (waiting) => {
        // Words that wait may be meant for the card that is drawn now.
        const overtaken = () => waiting().length > 0 && waiting().every((kind) => kind === 'press')
        const owed = undrawn.delete(inbound.address)
        const speaking: Speak = async (speech, card, stillOurs) => {
          const said = { overtaken: overtaken(), ...speech }
          const spoken = await speak(said, card, stillOurs)
          if (said.overtaken && !spoken.shown) undrawn.add(inbound.address)
          return spoken
        }
        return handle(desk, inbound, owed, speaking).catch((fault) => {
          // As if it had been brought again: what is there by now is shown on whichever card is the lowest.
          if (fault instanceof LeaseLost) return handle(desk, inbound, owed, speaking, fault.drawn)
          throw fault
        })
      }),
    reach: (address, reachable) => desk.records.setReachable(address, reachable, new Date(desk.now())),
    acknowledge: (inbound) => acknowledge(desk, inbound),
    refresh: createRefresh(desk),
  }
}

type Held = Extract<Begun, { state: 'held' }>

/** `owed`: the press before this one left the drawing to it. `drawn`: a card that was sent by an attempt before. */
async function handle(
  desk: Desk,
  inbound: Inbound,
  owed: boolean,
  speak: Speak,
  drawn: string | null = null,
): Promise<void> {
  const { sessions } = desk
  const began = desk.now()
  const held = await takeLease(desk, inbound)
  let finished = false
  const renewing = setInterval(() => sessions.renew(inbound.address, held.lease).catch(() => {}), RENEW_EVERY_MS)
  try {
    const known = held.session === null ? undefined : decodeSession(held.session)
    if (!known && (await isErasedAgain(desk, inbound)))
      return void (await speak(await erasedSpeech(desk, inbound), null, nobodyElse))
    const rebuilt = known ? { session: known, inputs: [] } : await rebuildSession(desk, inbound)
    const before = adoptCard(rebuilt.session, inbound, drawn)
    const looks = inbound.content.kind === 'look'
    const repeated = looks || held.repeated || rebuilt.inputs.includes(inbound.id)
    const taken: Taken = repeated
      ? { ...(await lookAgain(desk, before)), events: [] }
      : await take(desk, before, inbound)
    const now = seen(taken.session, inbound, desk.now())
    // A page that looks may not draw what it already has: what others did since counts as unseen until something is said.
    const after = looks && now.sheet ? before : now
    const erased = taken.events.some(({ type }) => type === 'person_erased')
    const moved = !asksTheSame(before, after)
    // Looking claims nothing: it changes nothing, and pages look often.
    const claims = looks ? rebuilt.inputs : [...rebuilt.inputs, inbound.id]
    const once =
      known !== undefined && !repeated && isPlainTap(inbound, taken, moved) && desk.now() - began < RENEW_EVERY_MS
    if (erased) await sessions.forget(inbound.address)
    else if (!once) {
      // Until the card was shown nobody knows what the person sees: a crash right here must not let a typed answer slip.
      const kept = moved ? { ...after, unseen: true as const } : after
      if (!(await sessions.save(inbound.address, held.lease, encodeSession(kept), claims))) throw new LeaseLost(drawn)
    }
    const waiting = looks ? await waitingFor(desk, inbound.address, after) : []
    const speech = await speechOf(desk, before, now, taken, inbound, waiting)
    // With the session its lease was lost: what another process was about to draw then may still land on the card that is there.
    const said = known || looks ? speech : Object.assign({}, speech, { move: true })
    const stillOurs = async () => {
      if (!(await sessions.renew(inbound.address, held.lease))) throw new LeaseLost(drawn)
    }
    const spoken = await speak(said, after.card, erased ? nobodyElse : stillOurs)
    await settleTold(desk, waiting)
    if (erased) return
    // What was left to this one is shown only now. What could not be shown for any other reason stays in doubt.
    const on = moved || (owed && before.unseen) ? movedOn(before, after, inbound, spoken, desk.now()) : null
    const text = encodeSession(spokenSession(after, spoken, on))
    finished = once
      ? await sessions.finish(inbound.address, held.lease, text, claims)
      : await finish(desk, inbound.address, held.lease, text)
    // Somebody else may have shown something newer, which the card that was drawn here now stands over.
    if (!finished) throw new LeaseLost(spoken.card)
  } finally {
    clearInterval(renewing)
    // Not awaited: nobody depends on it, and a lease that is not given back runs out by itself.
    if (!finished) sessions.release(inbound.address, held.lease).catch(() => {})
  }
}

/** Who had themselves erased has no lease any more, and nothing that could be out of date. */
const nobodyElse = async () => {}

/** `drawn`: the card that was drawn all the same. */
class LeaseLost extends StoreFault {
  readonly drawn: string | null
  constructor(drawn: string | null) {
    super('The lease of a person ran out while their input was handled', true, undefined)
    this.drawn = drawn
  }
}

/**
 * A tap on a card of a sheet that answers or leads nowhere. Its session is saved once, after the card was drawn, rather than before
 * and after: the tap names its question and revision and its answer is durable, so a redelivery after a crash in between comes to
 * the same, even where other inputs came first. What only leads somewhere leaves no trace in the ledger: after a crash a text
 * would be taken for the question that was there before.
 */
function isPlainTap({ content }: Inbound, { before, picture, file, events }: Taken, moved: boolean): boolean {
  if (content.kind !== 'press' || before || picture || file) return false
  if (moved && !events.some(({ type }) => type === 'answer_recorded')) return false
  const action = pressed(content)
  return action !== undefined && 'sheet' in action && !CLOSING.has(action.do)
}

/** What begins or ends a sheet is kept in the session before anything is said. */
const CLOSING: ReadonlySet<string> = new Set(['submit_confirmed', 'restart_confirmed'])

/**
 * Saves what is seen and gives the lease back; false where it ran out. The answer is durable by now: a fault here costs at most one
 * confirming tap.
 */
async function finish({ sessions, log }: Desk, address: Address, lease: Lease, session: string): Promise<boolean> {
  try {
    return await sessions.finish(address, lease, session, [])
  } catch (fault) {
    log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'a session was not finished')
    sessions.release(address, lease).catch(() => {})
    return true
  }
}

/** The confirmation of an erasure that is done, delivered once more: it must not enrol the person again. */
async function isErasedAgain({ records }: Desk, { address, content }: Inbound): Promise<boolean> {
  return pressed(content)?.do === 'erase_confirmed' && (await records.person(address)) === undefined
}

function erasedSpeech(desk: Desk, inbound: Inbound): Promise<Speech> {
  const language = desk.defaultLanguage
  const nobody: Session = {
    person: '',
    language,
    sheet: null,
    view: { at: 'welcome' },
    card: null,
    seen: { order: 0, at: 0 },
  }
  return speechOf(desk, nobody, nobody, { session: nobody, events: [{ type: 'person_erased' }] }, inbound, [])
}

async function takeLease({ sessions, now, wait }: Desk, { address, id }: Inbound): Promise<Held> {
  const until = now() + LEASE_PATIENCE_MS
  for (;;) {
    const begun = await sessions.begin(address, id)
    if (begun.state === 'held') return begun
    if (now() > until) throw new StoreFault('Expected the lease of a person within 20 s', true, undefined)
    await wait(LEASE_RETRY_MS)
  }
}

/** A press tells which card is there: one newer than ours was sent just before a crash, and is the living one. So does `drawn`. */
function adoptCard(session: Session, { content }: Inbound, drawn: string | null): Session {
  const pressedOn = content.kind === 'press' ? content.card : null
  const there = Number(drawn ?? 0) > Number(pressedOn ?? 0) ? drawn : pressedOn
  if (there === null) return session
  const newer = session.card === null || Number(there) > Number(session.card)
  return newer ? { ...session, card: there } : session
}

/** Remembers the newest input. After a quiet while a lower counter is a new beginning: Telegram may restart its update ids. */
function seen(session: Session, { order, content, sent }: Inbound, now: number): Session {
  if (content.kind === 'look') return session
  const fresh = now - session.seen.at >= LATE_WINDOW_MS
  const words = content.kind === 'text' && sent !== undefined ? { text: kept(content.text), sent } : session.seen.words
  const newest = { order: fresh ? order : Math.max(order, session.seen.order), at: now }
  return { ...session, seen: words ? { ...newest, words } : newest }
}
