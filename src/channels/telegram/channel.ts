/**
 * Telegram as a channel: updates in, speeches out, by webhook or by polling, on either driver.
 * What all of Telegram shares stands in this folder, pure where it can be; the libraries stand beside it.
 */
import type { Log } from '../../app/desk.js'
import type { Dispatch } from '../../app/dispatch.js'
import { StoreFault } from '../../app/ports.js'
import type { Outlet } from '../../app/push.js'
import type { Inbound } from '../../app/speech.js'
import type { Locales } from '../../app/words.js'
import { COMMANDS } from '../../core/input.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { editCardText, type FileOf } from './message.js'
import { patientCall, watchedCall } from './patient-call.js'
import { cardPayload } from './payload.js'
import { createPush } from './push.js'
import { createReachability } from './reachability.js'
import { speakTo } from './speak.js'
import { ALLOWED_UPDATES, addressOf, chatOf, readUpdate } from './update.js'

/** A method call that goes back as the body of the webhook's response; its result is never known. */
export type WebhookReply = { readonly method: string; readonly [field: string]: unknown }

/** How long an answer waits for the button to change. */
const LONGEST_REDRAW_MS = 1000

export type TelegramChannel = {
  /** Handles one update; resolves with the acknowledgement of a press, where the update was one. Rejects like dispatch. */
  take(update: RawUpdate): Promise<WebhookReply | undefined>
  /** Same, and makes the acknowledgement as a call of its own. */
  takeAndAnswer(update: RawUpdate): Promise<void>
  /** Sets the menu and the descriptions in every language; failures are logged and do no harm. */
  introduce(): Promise<void>
  readonly push: Outlet['push']
  readonly editCard: Outlet['editCard']
  readonly call: TelegramDriver['call']
}

export function createTelegramChannel(options: {
  driver: TelegramDriver
  dispatch: Dispatch
  locales: Locales
  defaultLanguage: string
  log: Log
  wait: (milliseconds: number) => Promise<void>
  /** Told of every message that goes out in answer to somebody, and of every time that Telegram asks for patience then. */
  sent?: (address: string) => void
  flooded?: (milliseconds: number) => void
  /** Reads the uploads that messages show; the same one at every call. */
  fileOf?: FileOf
}): TelegramChannel {
  const { driver, dispatch, locales, defaultLanguage, log, wait, sent = () => {}, flooded = () => {}, fileOf } = options
  const once = watchedCall(driver.call, { sent: (chat) => sent(addressOf(chat)), flooded })
  const call = patientCall(once, wait)
  const spoke = createReachability(dispatch.reach, log)

  async function take(update: RawUpdate): Promise<WebhookReply | undefined> {
    let reply: WebhookReply | undefined
    await driver.feed(update, async (raw) => {
      const read = readUpdate(raw)
      if (read.kind === 'reach') await dispatch.reach(read.address, read.reachable)
      if (read.kind !== 'inbound') return
      const { inbound, chat, query } = read
      // /start is what the app sends after an unblock, and perhaps makes the address in the first place.
      const starts = inbound.content.kind === 'command' && inbound.content.name === 'start'
      if (starts) await dispatch.reach(inbound.address, true)
      const noted = starts ? undefined : spoke(inbound)
      let toast: string | null
      try {
        toast = (await takeReceipt(inbound, chat)) ?? (await converse(inbound, chat))
      } catch (error) {
        // Not acknowledged, so Telegram brings it again; meanwhile the person hears that it is not saved yet.
        if (query !== null && error instanceof StoreFault)
          await answer(query, locales.in(defaultLanguage)('fault.not_saved'))
        throw error
      }
      if (query !== null) reply = answerPayload(query, toast)
      if (starts) await dispatch.reach(inbound.address, true)
      await noted
    })
    return reply
  }

  /** Resolves with the toast. */
  async function converse(inbound: Inbound, chat: number): Promise<string | null> {
    let toast: string | null = null
    const unreachable = () => dispatch.reach(addressOf(chat), false)
    const speak = speakTo(chat, { call, log, unreachable, ...(fileOf ? { fileOf } : {}) })
    await dispatch.handle(inbound, (speech, card) => {
      toast = speech.toast
      return speak(speech, card)
    })
    return toast
  }

  /** Where somebody pressed that they have read a notice: notes it, and resolves with the toast. */
  async function takeReceipt(inbound: Inbound, chat: number): Promise<string | undefined> {
    const { content } = inbound
    const receipt = content.kind === 'press' ? await dispatch.acknowledge(inbound) : undefined
    if (!receipt || content.kind !== 'press') return undefined
    const { toast, rows } = receipt
    if (rows) {
      const { reply_markup } = cardPayload({ text: [], rows })
      const drawn = call('editMessageReplyMarkup', {
        chat_id: chat,
        message_id: Number(content.card),
        reply_markup,
      }).catch(refused('could not redraw a receipt'))
      // The answer does not wait for Telegram's patience to come back.
      await Promise.race([drawn, wait(LONGEST_REDRAW_MS)])
    }
    return toast
  }

  const refused = (message: string) => (error: unknown) => {
    const known = error instanceof TelegramFault ? { code: error.code, description: error.description } : {}
    log.debug(known, message)
  }

  /** Edits wait for nobody, but not less than they are told to. */
  let editsFrom = 0
  const editCard: Outlet['editCard'] = async (address, card, show) => {
    const chat = chatOf(address)
    if (chat === undefined) return true
    if (performance.now() < editsFrom) return false
    try {
      await editCardText(once, chat, card, show)
      return true
    } catch (error) {
      refused('could not redraw a card')(error)
      if (!(error instanceof TelegramFault)) return true
      if (error.code === 429) editsFrom = performance.now() + (error.retryAfter ?? 1) * 1000
      return error.code !== 429 && error.code !== 0 && error.code < 500
    }
  }

  /** Best effort: a press that was answered too late needs no answer any more. */
  async function answer(query: string, text: string | null): Promise<void> {
    const { method, ...payload } = answerPayload(query, text)
    await driver.call(method, payload).catch((error: unknown) => {
      if (!(error instanceof TelegramFault)) throw error
    })
  }

  return {
    take,
    async takeAndAnswer(update) {
      const reply = await take(update)
      if (!reply) return
      const { method, ...payload } = reply
      await driver.call(method, payload).catch((error: unknown) => {
        if (!(error instanceof TelegramFault)) throw error
      })
    },
    introduce: () => introduce(call, locales, defaultLanguage, log),
    push: createPush(driver.call, dispatch.reach, fileOf),
    editCard,
    call,
  }
}

function answerPayload(query: string, text: string | null): WebhookReply {
  return { method: 'answerCallbackQuery', callback_query_id: query, ...(text === null ? {} : { text }) }
}

async function introduce(
  call: TelegramDriver['call'],
  locales: Locales,
  defaultLanguage: string,
  log: Log,
): Promise<void> {
  try {
    for (const language of locales.languages) {
      const say = locales.in(language)
      // The default language is set without a code, so that it serves everyone who has none of the others.
      const code = language === defaultLanguage ? {} : { language_code: language.slice(0, 2) }
      const commands = COMMANDS.map((command) => ({ command, description: say(`command.${command}`) }))
      await call('setMyCommands', { commands, ...code })
      await call('setMyDescription', { description: say('bot.description'), ...code })
      await call('setMyShortDescription', { short_description: say('bot.short'), ...code })
    }
  } catch (error) {
    if (!(error instanceof TelegramFault)) throw error
    log.warn({ code: error.code, description: error.description }, 'could not set the bot menu')
  }
}

export const WEBHOOK_PATH = '/telegram'
/** Updates that Telegram may deliver at once; more only queue up at our side. */
const MAX_CONNECTIONS = 40

/** Tells Telegram where to deliver; rejects with a `TelegramFault`. */
export async function setWebhook(call: TelegramDriver['call'], publicUrl: string, secret: string): Promise<void> {
  await call('setWebhook', {
    url: `${publicUrl}${WEBHOOK_PATH}`,
    secret_token: secret,
    max_connections: MAX_CONNECTIONS,
    allowed_updates: ALLOWED_UPDATES,
  })
}
