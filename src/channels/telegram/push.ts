/** What nobody asked for just now, as a message of its own, or the taking back of one. It waits for nothing: when to try again is said, not done. */
import type { Errand, Push, Pushed } from '../../app/push.js'
import type { Card } from '../../app/speech.js'
import { isGone, type TelegramDriver, TelegramFault } from './driver.js'
import { editCardText, type FileOf, isRefused, sendCard } from './message.js'
import { chatOf } from './update.js'

/** After a lost connection or an error of Telegram's own; these seldom pass within a second. */
const AFTER_FAULT_MS = 10_000
/** The token was revoked or the server is another one: somebody has to see to it. */
const AFTER_REFUSAL_MS = 60_000

/** Pushes through a driver as it is, not through one that waits: whoever pushes to many must not stand still for one. */
export function createPush(
  call: TelegramDriver['call'],
  reach: (address: string, reachable: boolean) => Promise<void>,
  fileOf?: FileOf,
): Push {
  return async (address, errand) => {
    const chat = chatOf(address)
    if (chat === undefined) throw new Error('Expected an address of Telegram, got one of another channel')
    try {
      return { kind: 'sent', message: await run(call, chat, errand, fileOf) }
    } catch (error) {
      if (!(error instanceof TelegramFault)) throw error
      if (isGone(error)) await reach(address, false)
      return outcomeOf(error)
    }
  }
}

function outcomeOf(fault: TelegramFault): Pushed {
  const { code, description, retryAfter = 1 } = fault
  if (isGone(fault)) return { kind: 'unreachable' }
  if (code === 429) return { kind: 'flood', afterMs: retryAfter * 1000 }
  if (code === 0 || code >= 500) return { kind: 'later', afterMs: AFTER_FAULT_MS }
  if (code === 401 || code === 404) return { kind: 'later', afterMs: AFTER_REFUSAL_MS }
  return { kind: 'refused', reason: description }
}

/** Resolves with the id of the message that was sent; null where none was. */
async function run(
  call: TelegramDriver['call'],
  chat: number,
  errand: Errand,
  fileOf: FileOf | undefined,
): Promise<string | null> {
  switch (errand.do) {
    case 'send': {
      const { message_id } = await sendCard(
        call,
        chat,
        errand.card,
        fileOf,
        errand.paid ? { allow_paid_broadcast: true } : {},
      )
      return String(message_id)
    }
    case 'withdraw':
      await withdraw(call, chat, errand.message, errand.card)
      return null
  }
}

/** Of what is older than 48 h Telegram deletes nothing: it is struck out instead. Not being there any more is as good. */
async function withdraw(call: TelegramDriver['call'], chat: number, message: string, card: Card): Promise<void> {
  try {
    await call('deleteMessage', { chat_id: chat, message_id: Number(message) })
  } catch (error) {
    if (!isRefused(error)) throw error
    if (/message to delete not found/i.test(error.description)) return
    await editCardText(call, chat, message, card).catch((refusal: unknown) => {
      if (!isRefused(refusal) || !/message to edit not found/i.test(refusal.description)) throw refusal
    })
  }
}
