/**
 * Telegram as a channel: updates in, speeches out, by webhook or by polling, on either driver.
 * What all of Telegram shares stands in this folder, pure where it can be; the libraries stand beside it.
 */
import type { Log } from '../../app/desk.js'
import type { Dispatch } from '../../app/dispatch.js'
import { StoreFault } from '../../app/ports.js'
import type { Push } from '../../app/push.js'
import type { Locales } from '../../app/words.js'
import { COMMANDS } from '../../core/input.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { patientCall } from './patient-call.js'
import { createPush } from './push.js'
import { speakTo } from './speak.js'
import { ALLOWED_UPDATES, addressOf, readUpdate } from './update.js'

/** A method call that goes back as the body of the webhook's response; its result is never known. */
export type WebhookReply = { readonly method: string; readonly [field: string]: unknown }

export type TelegramChannel = {
  /** Handles one update; resolves with the acknowledgement of a press, where the update was one. Rejects like dispatch. */
  take(update: RawUpdate): Promise<WebhookReply | undefined>
  /** Same, and makes the acknowledgement as a call of its own. */
  takeAndAnswer(update: RawUpdate): Promise<void>
  /** Sets the menu and the descriptions in every language; failures are logged and do no harm. */
  introduce(): Promise<void>
  readonly push: Push
  readonly call: TelegramDriver['call']
}

export function createTelegramChannel(options: {
  driver: TelegramDriver
  dispatch: Dispatch
  locales: Locales
  defaultLanguage: string
  log: Log
  wait: (milliseconds: number) => Promise<void>
}): TelegramChannel {
  const { driver, dispatch, locales, defaultLanguage, log, wait } = options
  const call = patientCall(driver.call, wait)

  async function take(update: RawUpdate): Promise<WebhookReply | undefined> {
    let reply: WebhookReply | undefined
    await driver.feed(update, async (raw) => {
      const read = readUpdate(raw)
      if (read.kind === 'reach') await dispatch.reach(read.address, read.reachable)
      if (read.kind !== 'inbound') return
      const { inbound, chat, query } = read
      let toast: string | null = null
      const speak = speakTo(chat, { call, log, unreachable: () => dispatch.reach(addressOf(chat), false) })
      if (inbound.content.kind === 'command' && inbound.content.name === 'start')
        await dispatch.reach(inbound.address, true)
      try {
        await dispatch.handle(inbound, (speech, card) => {
          toast = speech.toast
          return speak(speech, card)
        })
      } catch (error) {
        // Not acknowledged, so Telegram brings it again; meanwhile the person hears that it is not saved yet.
        if (query !== null && error instanceof StoreFault)
          await answer(query, locales.in(defaultLanguage)('fault.not_saved'))
        throw error
      }
      if (query !== null) reply = answerPayload(query, toast)
      // Whoever speaks can be reached again; /start is what the app sends after an unblock.
      if (inbound.content.kind === 'command' && inbound.content.name === 'start')
        await dispatch.reach(inbound.address, true)
    })
    return reply
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
    push: createPush(driver.call, dispatch.reach),
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
