// One private chat between a person and the bot: the messages in it now, and everything that has happened to them.
import type { Clock } from './clock.js'
import type { Content, Message, PrivateChat, User } from './types.js'

export type HistoryEntry = {
  readonly event: 'message_sent' | 'message_edited' | 'message_deleted'
  readonly at: number
  /** The message after the event; before it, where it was deleted. */
  readonly message: Message
}

export type ChatRoom = {
  readonly chat: PrivateChat
  readonly person: User
  /** Whether the person has ever written; a bot cannot open a chat. */
  started: boolean
  blocked: boolean
  /** Adds a message. A `fixed` one can never be edited: Telegram allows no edit where a reply keyboard came along. */
  post(author: User, content: Content, options?: { readonly fixed?: boolean }): Message
  find(messageId: number): Message | undefined
  isFixed(messageId: number): boolean
  edit(message: Message, content: Content): Message
  remove(message: Message): void
  visible(): readonly Message[]
  history(): readonly HistoryEntry[]
}

export function createChatRoom(options: {
  readonly person: User
  readonly clock: Clock
  readonly remember: boolean
}): ChatRoom {
  const { person, clock } = options
  const chat: PrivateChat = {
    id: person.id,
    type: 'private',
    first_name: person.first_name,
    ...(person.username === undefined ? {} : { username: person.username }),
  }
  const messages = new Map<number, Message>()
  const fixed = new Set<number>()
  const past: HistoryEntry[] = []
  let lastId = 0

  const note = (event: HistoryEntry['event'], message: Message): void => {
    if (options.remember) past.push({ event, at: clock.now(), message })
  }

  return {
    chat,
    person,
    started: false,
    blocked: false,
    post(author, content, flags) {
      lastId += 1
      const message: Message = { message_id: lastId, from: author, chat, date: clock.seconds(), ...content }
      messages.set(lastId, message)
      if (flags?.fixed === true) fixed.add(lastId)
      note('message_sent', message)
      return message
    },
    find: (messageId) => messages.get(messageId),
    isFixed: (messageId) => fixed.has(messageId),
    edit(message, content) {
      const { message_id, from, date } = message
      const edited: Message = { message_id, from, chat, date, edit_date: clock.seconds(), ...content }
      messages.set(message_id, edited)
      note('message_edited', edited)
      return edited
    },
    remove(message) {
      messages.delete(message.message_id)
      note('message_deleted', message)
    },
    visible: () => [...messages.values()],
    history: () => past,
  }
}
