// sendMessage, sendDocument, sendPhoto and sendChatAction.
import type { ChatRoom } from '../chat.js'
import { guessMime, type StoredFile, toDocument, toPhoto } from '../files.js'
import { readMarkup } from '../keyboard.js'
import { isObject, type Params, readObject, readText, requireText } from '../params.js'
import { readPictureSize } from '../picture.js'
import { badRequest, Refusal } from '../refusal.js'
import { readCaption, readMessageText } from '../text.js'
import type { Content, FormattedText, Message } from '../types.js'
import type { Invocation, Method, World } from '../world.js'
import { readChatId } from './targets.js'

const SENDING = [
  'business_connection_id',
  'chat_id',
  'message_thread_id',
  'direct_messages_topic_id',
  'ephemeral_message_parameters',
  'disable_notification',
  'protect_content',
  'allow_paid_broadcast',
  'message_effect_id',
  'suggested_post_parameters',
  'reply_parameters',
  'reply_markup',
]
const CAPTION = ['caption', 'parse_mode', 'caption_entities']
const PREVIEW_FIELDS: ReadonlySet<string> = new Set([
  'is_disabled',
  'url',
  'prefer_small_media',
  'prefer_large_media',
  'show_above_text',
])

/** https://core.telegram.org/bots/api#senddocument */
const MAX_DOCUMENT_BYTES = 50 * 1024 * 1024
/** https://core.telegram.org/bots/api#sendphoto */
const MAX_PHOTO_BYTES = 10 * 1024 * 1024
const MAX_PHOTO_SIDES = 10_000
const MAX_PHOTO_RATIO = 20

const CHAT_ACTIONS: ReadonlySet<string> = new Set([
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
])

export const sendMessage: Method = {
  name: 'sendMessage',
  parameters: [...SENDING, 'text', 'parse_mode', 'entities', 'link_preview_options'],
  run(world, invocation) {
    const { params, report } = invocation
    const { text, entities } = readMessageText(params, report)
    const preview = readPreview(invocation)
    return send(world, invocation, () => ({ text, ...(entities.length > 0 ? { entities } : {}), ...preview }))
  },
}

export const sendDocument: Method = {
  name: 'sendDocument',
  parameters: [...SENDING, ...CAPTION, 'document', 'thumbnail', 'disable_content_type_detection'],
  run(world, invocation) {
    const caption = toCaption(readCaption(invocation.params, invocation.report))
    return send(world, invocation, () => {
      const file = takeFile(world, invocation.params, 'document', MAX_DOCUMENT_BYTES)
      return { document: toDocument(file), ...caption }
    })
  },
}

export const sendPhoto: Method = {
  name: 'sendPhoto',
  parameters: [...SENDING, ...CAPTION, 'photo', 'show_caption_above_media', 'has_spoiler'],
  run(world, invocation) {
    const caption = toCaption(readCaption(invocation.params, invocation.report))
    return send(world, invocation, () => {
      const file = takeFile(world, invocation.params, 'photo', MAX_PHOTO_BYTES)
      const size = readPictureSize(file.bytes)
      if (size === undefined) throw badRequest('IMAGE_PROCESS_FAILED')
      const { width, height } = size
      const ratio = Math.max(width / height, height / width)
      if (width + height > MAX_PHOTO_SIDES || !(ratio <= MAX_PHOTO_RATIO)) throw badRequest('PHOTO_INVALID_DIMENSIONS')
      return { photo: toPhoto(file), ...caption }
    })
  },
}

export const sendChatAction: Method = {
  name: 'sendChatAction',
  parameters: ['business_connection_id', 'chat_id', 'message_thread_id', 'action'],
  run(world, { params }) {
    const chatId = readChatId(params)
    const action = requireText(params, 'action')
    if (!CHAT_ACTIONS.has(action.toLowerCase())) throw badRequest('wrong parameter action in request')
    world.rooms.reach(chatId)
    return { result: true }
  },
}

/** Reads what all messages share and posts one; `content` runs when the chat is known to be open. */
function send(world: World, { params, report }: Invocation, content: () => Content): { readonly result: Message } {
  const chatId = readChatId(params)
  const markup = readMarkup(params, report)
  const room = world.rooms.reach(chatId)
  const reply = readReply(params, room)
  const keyboard = markup.kind === 'inline' ? { reply_markup: markup.keyboard } : {}
  const message = room.post(world.bot, { ...reply, ...content(), ...keyboard }, { fixed: markup.kind === 'other' })
  return { result: message }
}

function readReply(params: Params, room: ChatRoom): Content {
  const reply = readObject(params, 'reply_parameters', 'reply parameters')
  if (reply === undefined) return {}
  const message = typeof reply.message_id === 'number' ? room.find(reply.message_id) : undefined
  if (message !== undefined) return { reply_to_message: message }
  if (reply.allow_sending_without_reply === true) return {}
  throw badRequest('message to be replied not found')
}

/** Reads link_preview_options for the methods that send or edit text. */
export function readPreview({ params, report }: Invocation): Pick<Content, 'link_preview_options'> {
  const options = readObject(params, 'link_preview_options', 'link preview options')
  if (options === undefined) return {}
  for (const field of Object.keys(options)) {
    if (!PREVIEW_FIELDS.has(field)) report(`link_preview_options.${field}`, 'unknown field')
  }
  return { link_preview_options: options }
}

/** A caption as messages hold it. */
export function toCaption({ text, entities }: FormattedText): Content {
  if (text === '') return {}
  return { caption: text, ...(entities.length > 0 ? { caption_entities: entities } : {}) }
}

/** The file of a call: uploaded under the parameter's name or as `attach://…`, or one Telegram has already. */
function takeFile(world: World, params: Params, name: 'document' | 'photo', maxBytes: number): StoredFile {
  const value = isObject(params.values[name]) ? undefined : readText(params, name)
  const upload = params.files.get(value?.startsWith('attach://') ? value.slice('attach://'.length) : name)
  if (upload === undefined) {
    if (value === undefined || value === '' || value.startsWith('attach://'))
      throw badRequest(`there is no ${name} in the request`)
    const known = world.files.byId(value)
    if (known === undefined) throw badRequest('wrong file identifier/HTTP URL specified')
    // What was sent as a photo stays one, and a file stays a file.
    const kind = /^[a-z]+(?=s\/)/.exec(known.file_path)?.[0] ?? ''
    if (kind !== name) throw badRequest(`can't use file of type ${capital(kind)} as ${capital(name)}`)
    return known
  }
  if (upload.bytes.length === 0) throw badRequest('file must be non-empty')
  if (upload.bytes.length > maxBytes) {
    if (name === 'document') throw new Refusal(413, 'Request Entity Too Large')
    throw badRequest(
      `file of size ${upload.bytes.length} bytes is too big for a photo; the maximum size is ${maxBytes} bytes`,
    )
  }
  return world.files.add({ ...upload, mime: guessMime(upload.name, upload.mime), folder: `${name}s` })
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`
