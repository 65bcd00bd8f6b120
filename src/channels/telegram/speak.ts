/** Speech → Bot API calls: one living card is edited in place; it is sent anew only when it must move down. */
import type { Log } from '../../app/desk.js'
import { bold } from '../../app/rich.js'
import type { Card, Picture, Speak, Speech, Spoken } from '../../app/speech.js'
import { isGone, TelegramFault } from './driver.js'
import { type FileOf, isRefused, isUnchanged, sendCard } from './message.js'
import { type Call, isPassing, patientCall } from './patient-call.js'
import { captionPayload, cardPayload } from './payload.js'

export type Speaker = {
  call: Call
  wait: (milliseconds: number) => Promise<void>
  log: Log
  /** Called when the person has blocked the bot or is gone. */
  unreachable: () => Promise<void>
  /** Called when the living card is on its way to its place, where the library tells so, or has to wait; perhaps more than once. */
  onWay?: () => void
  /** Reads the uploads that messages show; without it those that only the bot's own store has are left out. */
  fileOf?: FileOf | undefined
}

/** Speaks to one chat. Refusals of Telegram end here: what was written stays, and the next tap shows the truth. */
export function speakTo(chat: number, { call, wait, log, unreachable, onWay, fileOf }: Speaker): Speak {
  return async (speech, card, stillOurs) => {
    try {
      const patient = patientCall(call, wait, stillOurs)
      const untilDone = patientCall(call, wait)
      const untilOvertaken = patientCall(call, wait, stillOurs, speech.overtaken)
      return await speak(
        { chat, call: patient, untilDone, untilOvertaken, log, onWay, fileOf, stillOurs },
        speech,
        card,
      )
    } catch (error) {
      if (!(error instanceof TelegramFault)) throw error
      if (isGone(error)) await unreachable()
      else log.warn({ code: error.code, description: error.description }, 'could not speak')
      return { card, shown: false }
    }
  }
}

type Chat = {
  readonly chat: number
  readonly call: Call
  /** For what is never out of date. */
  readonly untilDone: Call
  /** For what the next press draws as well. */
  readonly untilOvertaken: Call
  readonly log: Log
  readonly onWay: (() => void) | undefined
  readonly fileOf: FileOf | undefined
  readonly stillOurs: () => Promise<void>
}

async function speak(to: Chat, speech: Speech, card: string | null): Promise<Spoken> {
  const { chat, call } = to
  const { before = [], picture, file, move, overtaken, gone } = speech
  for (const one of before) await tell(to, one)
  if (picture) await show(to, picture)
  if (file) await to.untilDone('sendDocument', { chat_id: chat }, { field: 'document', ...file })
  const isBelow = before.length > 0 || picture !== undefined || file !== undefined
  if (isBelow) await to.stillOurs()
  if (card !== null && !move && !isBelow) {
    // Telegram takes only so many edits of one message; whoever taps faster sees where they have got to.
    if (overtaken?.()) return { card, shown: false, left: true }
    const edited = await edit(to, card, speech)
    if (edited === 'left') return { card, shown: false, left: true }
    if (edited) {
      if (gone) await remove(to, gone)
      return { card, shown: true, ...edited }
    }
    // Whoever serves the person by now has removed it, and their card is the newer one.
    await to.stillOurs()
  }
  const sent = (await call('sendMessage', { chat_id: chat, ...cardPayload(speech.card) })) as Sent
  for (const old of [card, gone]) if (old) await remove(to, old)
  return { card: String(sent.message_id), shown: true, ...shownAt(sent.date) }
}

/** Where Telegram does not take its photo or file, a message comes without it: its words and buttons count more. */
async function tell({ chat, untilDone, log, fileOf }: Chat, card: Card): Promise<void> {
  try {
    await sendCard(untilDone, chat, card, fileOf)
  } catch (error) {
    if (!card.media || !isRefused(error)) throw error
    log.warn({ code: error.code, description: error.description }, 'could not show a file')
    const said = card.unshown === undefined ? card.text : [bold(card.unshown), { text: '\n\n' }, ...card.text]
    await untilDone('sendMessage', { chat_id: chat, ...cardPayload({ ...card, text: said }) })
  }
}

/** A picture that Telegram does not take is left out: the card says the same in words. */
async function show({ chat, untilDone, log }: Chat, { name, bytes, alt }: Picture): Promise<void> {
  const photo = { field: 'photo', name, mime: 'image/png', bytes }
  try {
    await untilDone('sendPhoto', { chat_id: chat, ...captionPayload(alt) }, photo)
  } catch (error) {
    if (!isRefused(error)) throw error
    log.warn({ code: error.code, description: error.description }, 'could not show a picture')
  }
}

/** What we read of the message that a call brings back; Telegram counts seconds since 1970. */
type Sent = { readonly message_id: number; readonly date?: unknown }

const shownAt = (seconds: unknown): { readonly at?: number } => (typeof seconds === 'number' ? { at: seconds } : {})

/** When it was edited; `left` to the next press; undefined where there is no card to edit any more, so that a new one must be sent. */
async function edit(
  { chat, untilOvertaken, onWay }: Chat,
  card: string,
  speech: Speech,
): Promise<{ readonly at?: number } | 'left' | undefined> {
  try {
    const payload = { chat_id: chat, message_id: Number(card), ...cardPayload(speech.card) }
    const edited = await untilOvertaken('editMessageText', payload, undefined, onWay)
    return shownAt((edited as { readonly edit_date?: unknown }).edit_date)
  } catch (error) {
    if (!(error instanceof TelegramFault)) throw error
    if (isPassing(error) && speech.overtaken?.()) return 'left'
    if (error.code !== 400) throw error
    if (isUnchanged(error)) return {}
    if (/message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(error.description))
      return undefined
    throw error
  }
}

/** Removes the old card; one older than 48 h cannot be deleted, so its buttons are taken away instead. The new one stands either way. */
async function remove({ chat, untilDone, log }: Chat, card: string): Promise<void> {
  const message = { chat_id: chat, message_id: Number(card) }
  const refused = (error: unknown) => {
    if (!(error instanceof TelegramFault)) throw error
    if (error.code !== 400)
      log.warn({ code: error.code, description: error.description }, 'could not remove an old card')
    return 'refused' as const
  }
  const deleted = await untilDone('deleteMessage', message).catch(refused)
  if (deleted === 'refused') await untilDone('editMessageReplyMarkup', message).catch(refused)
}
