/** The card as the ledger has it, for somebody whose card may show something older. */
import { decodeSession, encodeSession } from '../core/session-text.js'
import type { Desk } from './desk.js'
import { lookAgain, refreshSheet } from './enter.js'
import { type Holding, Overtaken } from './holding.js'
import { StoreFault } from './ports.js'
import { catchUp } from './rebuild.js'
import { mustBeDrawn, speechOf } from './say-it.js'
import { adoptCard, cardPressed, movedOn, spokenSession } from './shown.js'
import type { Inbound, Speak, Speech } from './speech.js'

/** What was to be said, and the card that it came on; undefined where nobody knows. `asked`: words were to be confirmed by a tap. */
export type Missed = {
  readonly theirs: string | null
  readonly card: string | null | undefined
  readonly speech: Speech
  readonly asked: boolean
}

/**
 * Another process has served the person while this one drew, and their cards may have come in any order: what stands there now goes on
 * the lowest, beside the sentence that was said here. The input is done, whoever it was handled for.
 */
export async function showTruth(
  desk: Desk,
  held: Holding,
  inbound: Inbound,
  { theirs, card, speech, asked }: Missed,
  speak: Speak,
): Promise<void> {
  const session = theirs === null ? undefined : decodeSession(theirs)
  // Who had themselves erased meanwhile was told so.
  if (!session) return
  const caught = await catchUp(desk, session, inbound.address)
  const before = adoptCard(adoptCard(caught.session, cardPressed(inbound)), card ?? null)
  const gone = [session.card, card].find((one) => one && one !== before.card)
  const looked = await lookAgain(desk, (await refreshSheet(desk, before)).session)
  const notice = speech.told ?? (asked ? desk.locales.in(session.language)('notice.input_late') : undefined)
  const taken = { ...looked, events: [], ...(notice === undefined ? {} : { notice }) }
  const truth = await speechOf(desk, before, looked.session, taken, inbound, [])
  const { toast, before: told = [], picture, file } = speech
  const beside = told.length > 0 || picture !== undefined || file !== undefined
  // A card that was sent and never heard of may lie below theirs.
  const move = truth.move || beside || (speech.move && card === undefined)
  const said = { ...truth, toast, move, overtaken: mustBeDrawn, ...(gone ? { gone } : {}) }
  try {
    const spoken = await speak(said, before.card, held.stillOurs)
    const on = movedOn({ ...before, unseen: true }, looked.session, inbound, spoken, desk.now())
    await held.finish(encodeSession(spokenSession(looked.session, spoken, on)), [...caught.inputs, inbound.id])
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
    throw new StoreFault('A person is served by other processes all the time', true, error)
  }
}
