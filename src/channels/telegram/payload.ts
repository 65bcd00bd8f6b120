/** Card → the fields of a Bot API call. Formatting goes as entities, so no character of a text ever needs escaping. */
import { type Entity, type Formatted, formattedOf, lengthOf } from '../../app/formatted.js'
import type { Rich } from '../../app/rich.js'
import type { Card } from '../../app/speech.js'

/** https://core.telegram.org/bots/api#sendmessage: 1 to 4096 characters after entities parsing. */
export const LONGEST_TEXT = 4096
/** https://core.telegram.org/bots/api#sendphoto: 0 to 1024 characters; counted like texts, in UTF-16 units. */
export const LONGEST_CAPTION = 1024
/** Telegram passes over whatever comes after the hundredth. */
export const MOST_ENTITIES = 100

/** Text, entities and inline keyboard of a card. Offsets are UTF-16 units, as JavaScript counts. Throws where it is too long. */
export function cardPayload(card: Card) {
  const { text, entities, link_preview_options } = textPayload(card.text)
  return { reply_markup: keyboardOf(card), text, entities, link_preview_options }
}

/** What was made of texts that are frozen, because many people are shown them. */
const made = new WeakMap<Rich, ReturnType<typeof makeText>>()

function textPayload(text: Rich) {
  const known = made.get(text)
  if (known) return known
  const payload = makeText(text)
  if (Object.isFrozen(text)) made.set(text, payload)
  return payload
}

function makeText(text: Rich) {
  const formatted = checked(formattedOf(text), LONGEST_TEXT)
  return { text: formatted.text, entities: entitiesOf(formatted), link_preview_options: { is_disabled: true } }
}

/** The same for what stands under a photo or a file. Throws where it is too long for that. */
export function mediaPayload(card: Card) {
  const formatted = checked(formattedOf(card.text), LONGEST_CAPTION)
  return { caption: formatted.text, caption_entities: entitiesOf(formatted), reply_markup: keyboardOf(card) }
}

/** The words under a picture; what is too long ends with `…`. */
export function captionPayload(words: string): { caption?: string } {
  if (words.trim() === '') return {}
  if (words.length <= LONGEST_CAPTION) return { caption: words }
  // Never between the halves of a character.
  const kept = words.slice(0, LONGEST_CAPTION - 1).replace(/[\uD800-\uDBFF]$/, '')
  return { caption: `${kept}…` }
}

const keyboardOf = ({ rows }: Card) => ({
  inline_keyboard: rows.map((row) => row.map(({ label, data }) => ({ text: label, callback_data: data }))),
})

/** What only holds for white space would not be seen. */
const entitiesOf = ({ text, entities }: Formatted): readonly Entity[] =>
  entities.filter(({ offset, length }) => text.slice(offset, offset + length).trim() !== '').slice(0, MOST_ENTITIES)

function checked(formatted: Formatted, most: number): Formatted {
  if (lengthOf(formatted) <= most) return formatted
  throw new Error(`Expected a card of at most ${most} characters, got ${lengthOf(formatted)}`)
}
