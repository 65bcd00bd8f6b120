// All chats the bot may write to, found by the chat_id of a call.
import { type ChatRoom, createChatRoom } from './chat.js'
import type { Clock } from './clock.js'
import { badRequest, forbidden } from './refusal.js'
import type { User } from './types.js'

export type Rooms = {
  open(person: User): ChatRoom
  get(chatId: number): ChatRoom | undefined
  /** The chat a call is about; refuses strangers and people who have blocked the bot. */
  reach(chatId: number | string): ChatRoom
}

export function createRooms(options: {
  readonly clock: Clock
  readonly remember: boolean
  /** Takes every positive chat_id for a person who has started the bot. */
  readonly acceptStrangers: boolean
}): Rooms {
  const rooms = new Map<number, ChatRoom>()
  const { clock, remember } = options

  const open = (person: User): ChatRoom => {
    const room = createChatRoom({ person, clock, remember })
    rooms.set(person.id, room)
    return room
  }

  return {
    open,
    get: (chatId) => rooms.get(chatId),
    reach(chatId) {
      let room = typeof chatId === 'number' ? rooms.get(chatId) : undefined
      if (room === undefined && options.acceptStrangers && typeof chatId === 'number' && chatId > 0) {
        room = open({ id: chatId, is_bot: false, first_name: `Person ${chatId}` })
        room.started = true
      }
      if (room === undefined || !room.started) throw badRequest('chat not found')
      if (room.blocked) throw forbidden('bot was blocked by the user')
      return room
    },
  }
}
