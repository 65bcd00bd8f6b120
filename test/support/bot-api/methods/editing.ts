// editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessage and deleteMessages.
import { isDeepStrictEqual } from 'node:util'
import type { ChatRoom } from '../chat.js'
import { readInlineMarkup } from '../keyboard.js'
import { readArray, readText } from '../params.js'
import { badRequest } from '../refusal.js'
import { readCaption, readMessageText } from '../text.js'
import type { Content, Message } from '../types.js'
import type { Method, World } from '../world.js'
import { readPreview, toCaption } from './sending.js'
import { readChatId, readMessageId } from './targets.js'

const TARGET = ['business_connection_id', 'chat_id', 'message_id', 'inline_message_id']

/** https://core.telegram.org/bots/api#deletemessage */
const MAX_AGE_TO_DELETE_MS = 48 * 3600 * 1000
/** https://core.telegram.org/bots/api#deletemessages */
const MAX_IDS = 100

export const editMessageText: Method = {
  name: 'editMessageText',
  parameters: [...TARGET, 'text', 'parse_mode', 'entities', 'link_preview_options', 'rich_message', 'reply_markup'],
  run(world, invocation) {
    const { params, report } = invocation
    if (readText(params, 'inline_message_id') !== undefined) throw badRequest('MESSAGE_ID_INVALID')
    const { text, entities } = readMessageText(params, report)
    const keyboard = readInlineMarkup(params, report)
    const preview = readPreview(invocation)
    const messageId = readMessageId(params)
    const room = world.rooms.reach(readChatId(params))
    const message = findEditable(world, room, messageId)
    if (message.text === undefined) throw badRequest('there is no text in the message to edit')
    const content: Content = {
      text,
      ...(entities.length > 0 ? { entities } : {}),
      ...preview,
      ...(message.reply_to_message === undefined ? {} : { reply_to_message: message.reply_to_message }),
      // An edit without a keyboard takes the old one away.
      ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
    }
    return { result: applyEdit(room, message, content) }
  },
}

export const editMessageCaption: Method = {
  name: 'editMessageCaption',
  parameters: [...TARGET, 'caption', 'parse_mode', 'caption_entities', 'show_caption_above_media', 'reply_markup'],
  run(world, { params, report }) {
    if (readText(params, 'inline_message_id') !== undefined) throw badRequest('MESSAGE_ID_INVALID')
    const caption = toCaption(readCaption(params, report))
    const keyboard = readInlineMarkup(params, report)
    const messageId = readMessageId(params)
    const room = world.rooms.reach(readChatId(params))
    const message = findEditable(world, room, messageId)
    const { photo, document, reply_to_message } = message
    if (photo === undefined && document === undefined) throw badRequest('there is no caption in the message to edit')
    const content: Content = {
      ...(photo === undefined ? {} : { photo }),
      ...(document === undefined ? {} : { document }),
      ...caption,
      ...(reply_to_message === undefined ? {} : { reply_to_message }),
      ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
    }
    return { result: applyEdit(room, message, content) }
  },
}

export const editMessageReplyMarkup: Method = {
  name: 'editMessageReplyMarkup',
  parameters: [...TARGET, 'reply_markup'],
  run(world, { params, report }) {
    if (readText(params, 'inline_message_id') !== undefined) throw badRequest('MESSAGE_ID_INVALID')
    const keyboard = readInlineMarkup(params, report)
    const messageId = readMessageId(params)
    const room = world.rooms.reach(readChatId(params))
    const message = findEditable(world, room, messageId)
    const { message_id, from, chat, date, edit_date, reply_markup, ...content } = message
    return {
      result: applyEdit(room, message, keyboard === undefined ? content : { ...content, reply_markup: keyboard }),
    }
  },
}

export const deleteMessage: Method = {
  name: 'deleteMessage',
  parameters: ['chat_id', 'message_id'],
  run(world, { params }) {
    const chatId = readChatId(params)
    const messageId = readMessageId(params)
    const room = world.rooms.reach(chatId)
    const message = room.find(messageId)
    if (message === undefined) throw badRequest('message to delete not found')
    if (isTooOld(world, message)) throw badRequest("message can't be deleted")
    room.remove(message)
    return { result: true }
  },
}

export const deleteMessages: Method = {
  name: 'deleteMessages',
  parameters: ['chat_id', 'message_ids'],
  run(world, { params }) {
    const chatId = readChatId(params)
    const ids = readArray(params, 'message_ids', 'message identifiers') ?? []
    if (ids.length === 0) throw badRequest('message identifiers are not specified')
    if (ids.length > MAX_IDS) throw badRequest('too many message identifiers specified')
    if (!ids.every((id) => Number.isSafeInteger(id))) throw badRequest('message identifier must be a Number')
    const room = world.rooms.reach(chatId)
    const found = ids.flatMap((id) => room.find(id as number) ?? [])
    if (found.some((message) => isTooOld(world, message))) throw badRequest("message can't be deleted")
    for (const message of found) room.remove(message)
    return { result: true }
  },
}

function findEditable(world: World, room: ChatRoom, messageId: number): Message {
  const message = room.find(messageId)
  if (message === undefined) throw badRequest('message to edit not found')
  if (message.from.id !== world.bot.id || room.isFixed(messageId)) throw badRequest("message can't be edited")
  return message
}

function applyEdit(room: ChatRoom, message: Message, content: Content): Message {
  const visible = ({ text, entities, caption, caption_entities, reply_markup, link_preview_options }: Content) => ({
    text,
    entities,
    caption,
    caption_entities,
    reply_markup,
    link_preview_options,
  })
  if (isDeepStrictEqual(visible(message), visible(content))) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  }
  return room.edit(message, content)
}

function isTooOld(world: World, message: Message): boolean {
  return world.clock.now() - message.date * 1000 > MAX_AGE_TO_DELETE_MS
}
