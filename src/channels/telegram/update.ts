/** Raw update → what the person did. Pure; trusts nothing in the update. */
import type { Entity } from '../../app/formatted.js'
import type { Inbound } from '../../app/speech.js'
import type { RawUpdate } from './driver.js'
import { readEntities } from './entities.js'

export type Read =
  | {
      readonly kind: 'inbound'
      readonly inbound: Inbound
      readonly chat: number /** To be answered. */
      readonly query: string | null
    }
  | { readonly kind: 'reach'; readonly address: string; readonly reachable: boolean }
  /** Groups, channels, edited messages, other bots: nothing for us. */
  | { readonly kind: 'ignored' }

/** The kinds of update that are asked for; everything else Telegram keeps to itself. */
export const ALLOWED_UPDATES = ['message', 'callback_query', 'my_chat_member'] as const

/** https://core.telegram.org/bots/features#deep-linking: up to 64 characters of A-Z a-z 0-9 _ -; more was typed by hand. */
const LONGEST_ARGUMENT = 64
const LONGEST_NAME = 120
const IGNORED: Read = { kind: 'ignored' }
type Fields = { readonly [key: string]: unknown }

export const addressOf = (chat: number): string => `telegram:${chat}`
/** The chat behind an address; undefined for one of another channel. */
export const chatOf = (address: string): number | undefined =>
  /^telegram:-?\d{1,16}$/.test(address) ? Number(address.slice('telegram:'.length)) : undefined

/** Reads one update. */
export function readUpdate(update: RawUpdate): Read {
  const { update_id: id } = update
  const message = fields(update.message)
  if (message) return readMessage(id, message)
  const query = fields(update.callback_query)
  if (query) return readQuery(id, query)
  const member = fields(update.my_chat_member)
  return member ? readMember(member) : IGNORED
}

function readMessage(order: number, message: Fields): Read {
  const chat = privateChat(message.chat)
  const position = integer(message.message_id)
  if (chat === undefined || position === undefined || fields(message.from)?.is_bot === true) return IGNORED
  const content = contentOf(message)
  if (!content) return IGNORED
  // The message's own id, not the update's: a message that is sent again under a new update id is still the same one.
  // Negative, so that it never meets the update id of a press.
  const sent = integer(message.date)
  const when = { order, position, ...(sent === undefined ? {} : { sent }) }
  const inbound = { id: String(-position), address: addressOf(chat), ...when, guest: false, content }
  return { kind: 'inbound', inbound, chat, query: null }
}

function readQuery(order: number, query: Fields): Read {
  const message = fields(query.message)
  const chat = privateChat(message?.chat)
  const card = integer(message?.message_id)
  if (chat === undefined || card === undefined || typeof query.id !== 'string') return IGNORED
  const data = typeof query.data === 'string' ? query.data : ''
  const content = { kind: 'press', data, card: String(card) } as const
  const inbound = { id: String(order), address: addressOf(chat), order, position: null, guest: false, content }
  return { kind: 'inbound', inbound, chat, query: query.id }
}

function readMember(member: Fields): Read {
  const chat = privateChat(member.chat)
  const status = fields(member.new_chat_member)?.status
  if (chat === undefined || typeof status !== 'string') return IGNORED
  return { kind: 'reach', address: addressOf(chat), reachable: status !== 'kicked' && status !== 'left' }
}

function contentOf(message: Fields): Inbound['content'] | undefined {
  const caption = typeof message.caption === 'string' ? message.caption : null
  const captioned = { caption, ...withEntities(message.caption_entities, caption ?? '') }
  if (typeof message.text === 'string') {
    const [, name, rest = ''] = /^\/([A-Za-z0-9_]{1,32})(?:@\w+)?(?=\s|$)(.*)/.exec(message.text) ?? []
    return name === undefined
      ? { kind: 'text', text: message.text, ...withEntities(message.entities, message.text) }
      : { kind: 'command', name: name.toLowerCase(), argument: cut(rest.trim(), LONGEST_ARGUMENT) }
  }
  if (Array.isArray(message.photo)) {
    const largest = fields(message.photo.at(-1))
    if (typeof largest?.file_id === 'string')
      return {
        kind: 'media',
        evidence: { kind: 'photo', ref: `telegram:${largest.file_id}`, ...sizeOf(largest) },
        ...captioned,
      }
  }
  const file = fields(message.document) ?? fields(message.video)
  if (typeof file?.file_id === 'string') {
    const mime = typeof file.mime_type === 'string' ? { mime: file.mime_type } : {}
    const name = typeof file.file_name === 'string' ? { name: cut(file.file_name, LONGEST_NAME) } : {}
    const evidence = { kind: 'file', ref: `telegram:${file.file_id}`, ...mime, ...sizeOf(file), ...name } as const
    return { kind: 'media', evidence, ...captioned }
  }
  const location = fields(message.location)
  if (typeof location?.latitude === 'number' && typeof location.longitude === 'number') {
    const ref = `${location.latitude.toFixed(5)},${location.longitude.toFixed(5)}`
    return { kind: 'media', evidence: { kind: 'location', ref }, ...captioned }
  }
  const SPOKEN = [
    'sticker',
    'voice',
    'video_note',
    'audio',
    'animation',
    'contact',
    'poll',
    'dice',
    'story',
    'photo',
    'document',
  ]
  return SPOKEN.some((kind) => kind in message) ? { kind: 'unsupported' } : undefined // service messages are not spoken
}

function withEntities(value: unknown, text: string): { readonly entities?: readonly Entity[] } {
  const entities = readEntities(value, text)
  return entities.length > 0 ? { entities } : {}
}

/** By whole characters, since half of one cannot be stored. */
const cut = (text: string, most: number): string => [...text].slice(0, most).join('')

const sizeOf = (file: Fields) => (typeof file.file_size === 'number' ? { size: file.file_size } : {})

function privateChat(chat: unknown): number | undefined {
  const one = fields(chat)
  return one?.type === 'private' ? integer(one.id) : undefined
}

const integer = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined)
const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
