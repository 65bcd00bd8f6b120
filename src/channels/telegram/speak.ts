/** Speech → Bot API calls: one living card is edited in place; it is sent anew only when it must move down. */
import type { Log } from '../../app/desk.js'
import type { Speak, Speech, Spoken } from '../../app/speech.js'
import { TelegramFault } from './driver.js'
import type { Call } from './patient-call.js'
import { cardPayload } from './payload.js'

export type Speaker = {
  call: Call
  log: Log
  /** Called when the person has blocked the bot or is gone. */
  unreachable: () => Promise<void>
}

/** Speaks to one chat. Refusals of Telegram end here: what was written stays, and the next tap shows the truth. */
export function speakTo(chat: number, { call, log, unreachable }: Speaker): Speak {
  return async (speech, card) => {
    try {
      return await speak(chat, call, speech, card)
    } catch (error) {
      if (!(error instanceof TelegramFault)) throw error
      if (isGone(error)) await unreachable()
      else log.warn({ code: error.code, description: error.description }, 'could not speak')
      return { card, shown: false }
    }
  }
}

async function speak(chat: number, call: Call, speech: Speech, card: string | null): Promise<Spoken> {
  for (const card of speech.before ?? []) await call('sendMessage', { chat_id: chat, ...cardPayload(card) })
  if (speech.file) {
    const { name, mime, bytes } = speech.file
    await call('sendDocument', { chat_id: chat }, { field: 'document', name, mime, bytes })
  }
  if (card !== null && !speech.move && !speech.before && !speech.file) {
    const edited = await edit(call, chat, card, speech)
    if (edited) return { card, shown: true }
  }
  const sent = (await call('sendMessage', { chat_id: chat, ...cardPayload(speech.card) })) as { message_id: number }
  if (card !== null) await remove(call, chat, card)
  return { card: String(sent.message_id), shown: true }
}

/** False where there is no card to edit any more, so that a new one must be sent. */
async function edit(call: Call, chat: number, card: string, speech: Speech): Promise<boolean> {
  try {
    await call('editMessageText', { chat_id: chat, message_id: Number(card), ...cardPayload(speech.card) })
    return true
  } catch (error) {
    if (!(error instanceof TelegramFault) || error.code !== 400) throw error
    // Telegram says so when the card shows this already: that is what was wanted.
    if (/message is not modified/i.test(error.description)) return true
    if (/message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(error.description)) return false
    throw error
  }
}

/** Removes the old card; one older than 48 h cannot be deleted, so its buttons are taken away instead. */
async function remove(call: Call, chat: number, card: string): Promise<void> {
  const message = { chat_id: chat, message_id: Number(card) }
  const refused = (error: unknown) => {
    if (!(error instanceof TelegramFault) || error.code !== 400) throw error
    return 'refused' as const
  }
  const deleted = await call('deleteMessage', message).catch(refused)
  if (deleted === 'refused') await call('editMessageReplyMarkup', message).catch(refused)
}

const isGone = ({ code, description }: TelegramFault): boolean =>
  code === 403 || (code === 400 && /chat not found|user is deactivated/i.test(description))
