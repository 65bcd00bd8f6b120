/** The lease of a person as one input holds it: kept alive while the input is handled, and taken anew where Redis has lost it. */
import type { Session } from '../core/session.js'
import type { Desk } from './desk.js'
import { type Held, StoreFault } from './ports.js'
import type { Inbound } from './speech.js'

/** How long after it came an input still waits for another process that serves the same person; longer than one lease lives. */
const LEASE_PATIENCE_MS = 20_000
/**
 * After which pauses it asks again. They grow, since every question costs both processes and Redis time: with many people who wait, the
 * questions alone would keep those busy who are waited for.
 */
const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 250
const PAUSES_GROW = 1.5
/** A quarter of a lease's life: speaking may have to wait as long as Telegram tells it to. */
export const RENEW_EVERY_MS = 1_000
/** Longer than any channel is patient. What takes longer will never end, and other processes must not wait for it for ever. */
const LONGEST_HOLD_MS = 10 * 60_000

/** Another process has served the person since; the lease is held again. `theirs`: the session as it left it, null where there is none. */
export class Overtaken extends Error {
  readonly theirs: string | null
  constructor(theirs: string | null) {
    super('Another process has served the person meanwhile')
    this.theirs = theirs
  }
}

export type Holding = {
  /** As it was when the input came; null where there was none. */
  readonly session: string | null
  readonly repeated: boolean
  /** The session is older than another input, of which the ledger may know. */
  readonly unfinished: boolean
  /** The lease was that of a process that is gone, and that may still show something. */
  readonly inherited: boolean
  /** Writes the session and claims inputs, before anything was said. Rejects with a `StoreFault` where somebody else has come first. */
  save(session: string, inputs: readonly string[]): Promise<void>
  /** Resolves where nobody else has served the person so far, and sees to it that nobody will; rejects with `Overtaken`. */
  stillOurs(): Promise<void>
  /** Whether that could not be known for a while, since the store was away: perhaps only from here. */
  readonly blind: boolean
  /** Writes the session, claims inputs and gives the lease back. Rejects with `Overtaken`, and writes nothing then. */
  finish(session: string, inputs: readonly string[]): Promise<void>
  /** Same, but the lease goes on to the input behind this one. Undefined where it was lost meanwhile: that one has to take it by itself. */
  pass(known: Session, session: string, inputs: readonly string[], next: Inbound): Promise<Passed | undefined>
  /** Gives the lease back, unless that is done. `unfinished`: what came of the input may be written, and not saved or not shown. */
  end(unfinished: boolean): void
}

/** A lease that was passed on from one input of a person to the one behind it, with the session that it has left. */
export type Passed = Held & { readonly known: Session }

/** `begun`: the lease that was taken, or that the input before this one has passed on. */
export function hold(desk: Desk, inbound: Inbound, begun: Held): Holding {
  const { sessions, records } = desk
  const { address } = inbound
  let { lease } = begun
  let ended = false
  let blind = false
  let gone = false
  let renews = false
  /** What nobody else can have written: the session as it came, as we saved it, or as we tried to. */
  const ours = [null, begun.session]
  const began = desk.now()
  const renewing = setInterval(() => {
    if (desk.now() - began > LONGEST_HOLD_MS) return clearInterval(renewing)
    // A cluster that is away holds commands back without an end.
    if (renews) return
    renews = true
    const renewed = () => {
      renews = false
    }
    sessions.renew(address, lease).then(renewed, () => {
      blind = true
      renewed()
    })
  }, RENEW_EVERY_MS)

  /** Whoever serves a person leaves a session that tells of it. Where there is none, Redis has lost it and nobody has come since. */
  async function takeAgain(): Promise<void> {
    const again = await takeLease(desk, inbound, desk.now())
    lease = again.lease
    if (again.session !== null && (again.unfinished || !ours.includes(again.session))) {
      ours.push(again.session)
      throw new Overtaken(again.session)
    }
    // Nor is there one of somebody who had themselves erased.
    gone = again.session === null && (await records.person(address)) === undefined
    if (gone) throw new Overtaken(null)
  }

  async function finish(session: string, inputs: readonly string[]): Promise<void> {
    ours.push(session)
    if (!(await sessions.finish(address, lease, session, inputs))) {
      await takeAgain()
      if (!(await sessions.finish(address, lease, session, inputs))) throw leaseLost()
    }
    ended = true
  }

  return {
    session: begun.session,
    repeated: begun.repeated,
    unfinished: begun.unfinished,
    inherited: begun.inherited,
    async save(session, inputs) {
      ours.push(session)
      if (await sessions.save(address, lease, session, inputs)) return
      // Thrown away, the input would take as long when it comes again, and lose its lease again where the machine is too full.
      await takeAgain().catch((fault: unknown) => {
        throw fault instanceof Overtaken ? leaseLost(fault) : fault
      })
      if (!(await sessions.save(address, lease, session, inputs))) throw leaseLost()
    },
    async stillOurs() {
      // While Redis is away nobody can take it.
      const renewed = await sessions.renew(address, lease).catch(() => {
        blind = true
        return true
      })
      if (!renewed) await takeAgain()
    },
    get blind() {
      return blind
    },
    finish,
    async pass(known, session, inputs, next) {
      const begun = await sessions.pass(address, lease, session, inputs, next.id)
      if (begun.state === 'lost') return void (await finish(session, inputs))
      ended = true
      return { ...begun, known }
    },
    end(unfinished) {
      clearInterval(renewing)
      // Not awaited: nobody depends on it, and a lease that is not given back runs out by itself. One that was a dead process's is to, so that
      // whoever comes next does not come before what that one still draws, and knows nothing of it.
      if (!ended && !begun.inherited) sessions.release(address, lease, unfinished && !gone).catch(() => {})
    },
  }
}

const leaseLost = (cause?: unknown) =>
  new StoreFault('The lease of a person ran out while their input was handled', true, cause)

/**
 * The lease of a person for an input that came then. Many of one person may stand in line behind another process's work, and would each wait
 * as long again, though whoever brought them has given them up by then and brings them anew. Rejects with a `StoreFault`.
 */
export async function takeLease(
  { sessions, now, wait }: Desk,
  { address, id, content }: Inbound,
  came: number,
): Promise<Held> {
  const until = came + LEASE_PATIENCE_MS
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * PAUSES_GROW, LONGEST_PAUSE_MS)) {
    const begun = await sessions.begin(address, content.kind === 'look' ? null : id)
    if (begun.state === 'held') return begun
    if (now() > until) throw new StoreFault('Expected the lease of a person within 20 s', true, undefined)
    await wait(pause)
  }
}
