/** What Telegram is told once at every start: what the bot is, what it can do, and where updates go. */
import type { Log } from '../../app/desk.js'
import type { Locales } from '../../app/words.js'
import { COMMANDS } from '../../core/input.js'
import { type TelegramDriver, TelegramFault } from './driver.js'
import { ALLOWED_UPDATES } from './update.js'

/** Sets the menu and the descriptions in every language; failures are logged and do no harm. */
export async function introduce(
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
/** Updates that Telegram may deliver at once, the most that it takes: while the stores are away each person is heard that much sooner. */
const MAX_CONNECTIONS = 100

/** Tells Telegram where to deliver; rejects with a `TelegramFault`. */
export async function setWebhook(call: TelegramDriver['call'], publicUrl: string, secret: string): Promise<void> {
  await call('setWebhook', {
    url: `${publicUrl}${WEBHOOK_PATH}`,
    secret_token: secret,
    max_connections: MAX_CONNECTIONS,
    allowed_updates: ALLOWED_UPDATES,
  })
}
