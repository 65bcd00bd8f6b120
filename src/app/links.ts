/** Where an invitation's code is opened: in the bot, once its name is known, and on the web page. */
import type { Links } from './desk.js'

/** `base`: address of the web chat without a trailing slash. `username` gives the bot's name without `@`; '' or null: not known. */
export function createLinks(base: string, username: () => Promise<string | null>): Links {
  return {
    telegram: async (code) => {
      const name = await username()
      return name ? `https://t.me/${name}?start=${code}` : null
    },
    web: (code) => `${base}/i/${code}`,
  }
}
