/** Card → the fields of a Bot API call. Emphasis goes as entities, so no character of a text ever needs escaping. */
import type { Rich } from '../../app/rich.js'
import type { Card } from '../../app/speech.js'

/** https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after entities parsing. */
export const LONGEST_TEXT = 4096
/** https://core.telegram.org/bots/api#sendphoto: 0 to 1024 characters; counted like texts, in UTF-16 units. */
export const LONGEST_CAPTION = 1024
const ENTITY = { bold: 'bold', italic: 'italic', quote: 'blockquote' } as const

/** Text, entities and inline keyboard of a card. Offsets are UTF-16 units, as JavaScript counts. */
export function cardPayload({ text, rows }: Card) {
  return {
    ...textPayload(text),
    link_preview_options: { is_disabled: true },
    reply_markup: {
      inline_keyboard: rows.map((row) => row.map(({ label, data }) => ({ text: label, callback_data: data }))),
    },
  }
}

/** The words under a picture; what is too long ends with `…`. */
export function captionPayload(words: string): { caption?: string } {
  if (words.trim() === '') return {}
  if (words.length <= LONGEST_CAPTION) return { caption: words }
  // Never between the halves of a character.
  const kept = words.slice(0, LONGEST_CAPTION - 1).replace(/[\uD800-\uDBFF]$/, '')
  return { caption: `${kept}…` }
}

function textPayload(rich: Rich) {
  let text = ''
  const entities: { type: string; offset: number; length: number }[] = []
  for (const { text: piece, style } of rich) {
    if (style && piece.trim() !== '') entities.push({ type: ENTITY[style], offset: text.length, length: piece.length })
    text += piece
  }
  if (text.length > LONGEST_TEXT)
    throw new Error(`Expected a card of at most ${LONGEST_TEXT} characters, got ${text.length}`)
  return { text, entities }
}
