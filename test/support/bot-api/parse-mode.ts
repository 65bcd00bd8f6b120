// What the parsers of HTML and both kinds of Markdown share: faults, places, and links.
import { badRequest, type Refusal } from './refusal.js'
import type { Entity } from './types.js'

/** A link, or a mention when it is `tg://user?id=…`. */
export function toLink(url: string, span: { readonly offset: number; readonly length: number }): Entity {
  const id = /^tg:\/\/user\?id=(\d+)$/.exec(url)?.[1]
  if (id === undefined) return { type: 'text_link', ...span, url }
  return { type: 'text_mention', ...span, user: { id: Number(id), is_bot: false, first_name: '' } }
}

/** Telegram counts places in UTF-8 bytes. */
export function bytesTo(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at))
}

export function fault(reason: string): Refusal {
  return badRequest(`can't parse entities: ${reason}`)
}
