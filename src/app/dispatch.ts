/**
 * One input of one person, from the channel to the answer: claim and lease, session, transition, write, save, speak.
 * The input is acknowledged to its channel when this is done, or a press when it is `done` and on its way (decision 17); a crash before leads
 * to a redelivery, which is harmless.
 */
import { LATE_WINDOW_MS } from '../core/input.js'
import { kept } from '../core/left.js'
import type { Session } from '../core/session.js'
import { decodeSession, encodeSession } from '../core/session-text.js'
import { acknowledge, type Receipt } from './acknowledge.js'
import type { Desk } from './desk.js'
import { lookAgain } from './enter.js'
import { type Holding, hold, Overtaken, type Passed, RENEW_EVERY_MS, takeLease } from './holding.js'
import { createLines } from './in-order.js'
import { isPlainTap } from './plain-tap.js'
import type { Address } from './ports.js'
import { pressed } from './pressed.js'
import { catchUp, rebuildSession, unsettled } from './rebuild.js'
import { createRefresh, type Refresh } from './refresh.js'
import { speechOf } from './say-it.js'
import { showTruth } from './show-truth.js'
import { adoptCard, asksTheSame, cardPressed, movedOn, spokenSession } from './shown.js'
import type { Inbound, Speak, Speech, Spoken } from './speech.js'
import { type Taken, take } from './take.js'
import { settleTold, waitingFor } from './tell.js'

export type Dispatch = {
  /**
   * Handles one input and speaks. Rejects with a `StoreFault` where it could not be made durable, and nothing was said then; or where
   * it was, and the lease that was lost meanwhile could not be had again. It is to be brought again, unless it was `done` when it was said.
   */
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
  /** Resolves when nothing is in hand: what a channel has answered already may still be drawn and saved. */
  idle(): Promise<void>
}

export function createDispatch(desk: Desk): Dispatch {
  const { inOrder, idle } = createLines<Inbound>()
  /** What was passed on to the input that comes next in its line. */
  const passed = new Map<Address, Passed>()
  /** Whose last press was left undrawn, because the next one stood behind it already. */
  const undrawn = new Set<Address>()
  return {
    handle(inbound, speak) {
      const came = desk.now()
      const { address } = inbound
      return inOrder(address, inbound, async (waiting) => {
        const place = passed.get(address)
        passed.delete(address)
        const line = { owed: undrawn.delete(address), waiting }
        const next = await handle(desk, inbound, came, place, line, async (speech, card, stillOurs) => {
          const spoken = await speak(speech, card, stillOurs)
          if (spoken.left) undrawn.add(address)
          return spoken
        })
        if (next) passed.set(address, next)
      })
    },
    reach: (address, reachable) => desk.records.setReachable(address, reachable, new Date(desk.now())),
    acknowledge: (inbound) => acknowledge(desk, inbound),
    refresh: createRefresh(desk),
    idle,
  }
}

/** The line in which an input stands. `owed`: the press before it left the drawing to it. `waiting`: what stands behind it just now. */
type Line = { readonly owed: boolean; readonly waiting: () => readonly Inbound[] }

/** `came`: when the input came. Resolves with what is passed on to the one behind it, if anything. */
async function handle(
  desk: Desk,
  inbound: Inbound,
  came: number,
  place: Passed | undefined,
  { owed, waiting: behind }: Line,
  speak: Speak,
): Promise<Passed | undefined> {
  const { sessions } = desk
  const began = desk.now()
  const held = hold(desk, inbound, place ?? (await takeLease(desk, inbound, came)))
  /** What comes of it may be written, and is not saved or not shown. */
  let unfinished = false
  try {
    const known = place?.known ?? (held.session === null ? undefined : decodeSession(held.session))
    if (!known && (await isErasedAgain(desk, inbound))) {
      await speak(await erasedSpeech(desk, inbound), null, nobodyElse)
      return
    }
    const rebuilt = !known
      ? await rebuildSession(desk, inbound)
      : held.unfinished
        ? await catchUp(desk, known, inbound.address)
        : { session: known, inputs: [] }
    const before = adoptCard(rebuilt.session, cardPressed(inbound))
    const looks = inbound.content.kind === 'look'
    const repeated = looks || held.repeated || rebuilt.inputs.includes(inbound.id)
    unfinished = !looks
    const taken: Taken = repeated
      ? { ...(await lookAgain(desk, before)), events: [] }
      : await take(desk, before, inbound)
    const went = seen(taken.session, inbound, desk.now())
    // What comes after this input may be meant for a card of the dead process; this one is the same as ever.
    const now = held.inherited ? unsettled(went, desk.now()) : went
    // A page that looks may not draw what it already has: what others did since counts as unseen until something is said.
    const after = looks && now.sheet ? before : now
    const erased = taken.events.some(({ type }) => type === 'person_erased')
    const moved = !asksTheSame(before, after)
    // Looking claims nothing: it changes nothing, and pages look often.
    const claims = looks ? rebuilt.inputs : [...rebuilt.inputs, inbound.id]
    const once =
      known !== undefined && !repeated && isPlainTap(inbound, taken, moved) && desk.now() - began < RENEW_EVERY_MS
    if (erased) await sessions.forget(inbound.address)
    // Until the card was shown nobody knows what the person sees: a crash right here must not let a typed answer slip.
    else if (!once) await held.save(encodeSession(moved ? { ...after, unseen: true } : after), claims)
    const waiting = looks ? await waitingFor(desk, inbound.address, after) : []
    const speech = await speechOf(desk, before, now, taken, inbound, waiting)
    // Words that wait may be meant for the card that is drawn now.
    const overtaken = () => behind().length > 0 && behind().every(({ content }) => content.kind === 'press')
    // After a crash only the ledger tells of a plain tap, and it is asked only about the sheet that the session knows.
    const done = !once || (sessions.tellsUnfinished && known.sheet?.id === after.sheet?.id)
    const said = { overtaken, done, ...speech }
    // With the session its lease was lost, or its holder died: what that process was about to draw may still land on the card that is there.
    if ((!known || held.inherited) && !looks) said.move = true
    let spoken: Spoken | undefined
    try {
      spoken = await speak(said, after.card, erased ? nobodyElse : held.stillOurs)
      await settleTold(desk, waiting)
      if (erased) return
      // What was left to this one is shown only now. What could not be shown for any other reason stays in doubt.
      const on = moved || (owed && before.unseen) ? movedOn(before, after, inbound, spoken, desk.now()) : null
      const session = spokenSession(after, spoken, on)
      const text = encodeSession(session)
      const [next] = once ? behind() : []
      if (next) return await held.pass(session, text, claims, next)
      if (once) await held.finish(text, claims)
      else await finish(desk, held, text, claims)
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
      const asked = inbound.content.kind === 'text' && after.view.at === 'typed'
      const missed = { theirs: error.theirs, card: spoken?.card, speech: said, asked }
      if (!looks) await showTruth(desk, held, inbound, missed, speak)
    }
  } finally {
    held.end(unfinished)
  }
}

/** Who had themselves erased has no lease any more, and nothing that could be out of date. */
const nobodyElse = async () => {}

/**
 * Saves what is seen. The answer is durable by now: a fault here costs at most one confirming tap, unless another process that has Redis may
 * have drawn meanwhile. Then the input is brought again, and shows the truth.
 */
async function finish({ log }: Desk, held: Holding, session: string, claims: readonly string[]): Promise<void> {
  try {
    await held.finish(session, claims)
  } catch (fault) {
    if (fault instanceof Overtaken || held.blind) throw fault
    log.warn({ fault: fault instanceof Error ? fault.message : 'unknown' }, 'a session was not finished')
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

/** Remembers the newest input. After a quiet while a lower counter is a new beginning: Telegram may restart its update ids. */
function seen(session: Session, { order, content, sent }: Inbound, now: number): Session {
  if (content.kind === 'look') return session
  const fresh = now - session.seen.at >= LATE_WINDOW_MS
  const words = content.kind === 'text' && sent !== undefined ? { text: kept(content.text), sent } : session.seen.words
  const newest = { order: fresh ? order : Math.max(order, session.seen.order), at: now }
  return { ...session, seen: words ? { ...newest, words } : newest }
}
