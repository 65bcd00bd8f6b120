// A scripted person with the app in hand: writes, presses, uploads, blocks, and sees what the bot has put into the chat.
import type { CallbackQueries, ClientAnswer } from './callback-queries.js'
import type { ChatRoom, HistoryEntry } from './chat.js'
import type { Clock } from './clock.js'
import { byPosition, checkEntities } from './entities.js'
import { type FileStore, toDocument, toPhoto } from './files.js'
import { readPictureSize } from './picture.js'
import { type SeenMessage, seeMessage } from './seen-message.js'
import type { Button, CallbackQuery, Content, Entity, Message, UpdateBody, User } from './types.js'
import type { UpdateQueue } from './updates.js'
import type { WaitOptions } from './waiters.js'

export type Sent = { readonly updateId: number; readonly messageId: number }
/** What the person's app has formatted: entities as Telegram sends them. */
export type Formatting = { readonly entities?: readonly Entity[] }
export type Pressed = { readonly updateId: number; readonly queryId: string }

export type Person = {
  readonly id: number
  readonly user: User
  /** Writes a message; `/words` become bot_command entities, beside the formatting given. */
  send(text: string, how?: Formatting): Sent
  /** A picture; a one-pixel PNG unless given. */
  sendPhoto(bytes?: Buffer, caption?: string, how?: Formatting): Sent
  sendDocument(name: string, mime: string, bytes: Buffer, caption?: string, how?: Formatting): Sent
  sendLocation(latitude: number, longitude: number): Sent
  sendSticker(): Sent
  /** Presses a button that is on the message now, found by its data or by a predicate; throws when there is none. */
  press(messageId: number, wanted: string | ((button: Button) => boolean)): Pressed
  /** Presses what an app with an old copy of the message still shows, though the message may have changed or gone. */
  pressOld(messageId: number, data: string): Pressed
  block(): number
  unblock(): number
  /** The same update once more, under the same identifier. */
  redeliver(updateId: number): void
  /** The same message or press under a new update identifier; a press also gets a new query identifier. */
  resend(updateId: number): number
  /** The bot's messages in the chat now, oldest first. */
  messages(): readonly SeenMessage[]
  lastMessage(): SeenMessage
  /** Everything ever sent, edited and deleted in the chat, by both sides. */
  history(): readonly HistoryEntry[]
  /** What the app has shown in answer to presses. */
  readonly clientQueryAnswers: readonly ClientAnswer[]
  /** Resolves when the bot has acknowledged this chat's updates and no call about the chat is under way. */
  settled(options?: WaitOptions): Promise<void>
}

const ONE_PIXEL_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export function createPerson(options: {
  readonly room: ChatRoom
  readonly bot: User
  readonly clock: Clock
  readonly files: FileStore
  readonly queries: CallbackQueries
  readonly queue: UpdateQueue
  readonly settled: (chatId: number, options?: WaitOptions) => Promise<void>
}): Person {
  const { room, bot, clock, files, queries, queue } = options
  const user = room.person

  const post = (content: Content): Sent => {
    if (room.blocked) throw new Error(`Expected person ${user.id} to unblock the bot before writing to it`)
    room.started = true
    const message = room.post(user, content)
    return { updateId: queue.add({ message }, user.id), messageId: message.message_id }
  }

  const query = (message: CallbackQuery['message'], data: string): Pressed => {
    const id = queries.open(user.id)
    const callback_query: CallbackQuery = { id, from: user, message, chat_instance: `-${user.id}0071`, data }
    return { updateId: queue.add({ callback_query }, user.id), queryId: id }
  }

  const changeMembership = (blocked: boolean): number => {
    room.blocked = blocked
    room.started = true
    const [member, kicked] = [
      { user: bot, status: 'member' },
      { user: bot, status: 'kicked', until_date: 0 },
    ]
    const [before, after] = blocked ? [member, kicked] : [kicked, member]
    const my_chat_member = {
      chat: room.chat,
      from: user,
      date: clock.seconds(),
      old_chat_member: before,
      new_chat_member: after,
    }
    return queue.add({ my_chat_member }, user.id)
  }

  const messages = (): readonly SeenMessage[] =>
    room.visible().flatMap((message) => (message.from.id === bot.id ? [seeMessage(message, files)] : []))

  return {
    id: user.id,
    user,
    send: (text, how) => post({ text, ...withEntities(text, how) }),
    sendPhoto(bytes = ONE_PIXEL_PNG, caption, how) {
      if (readPictureSize(bytes) === undefined)
        throw new Error('Expected the bytes of a PNG, JPEG, GIF or WebP picture')
      const file = files.add({ name: 'photo.jpg', mime: 'image/jpeg', bytes, folder: 'photos' })
      return post({ photo: toPhoto(file), ...captioned(caption, how) })
    },
    sendDocument(name, mime, bytes, caption, how) {
      const file = files.add({ name, mime, bytes, folder: 'documents' })
      return post({ document: toDocument(file), ...captioned(caption, how) })
    },
    sendLocation: (latitude, longitude) => post({ location: { latitude, longitude } }),
    sendSticker() {
      const file = files.add({
        name: 'sticker.webp',
        mime: 'image/webp',
        bytes: Buffer.from('RIFF'),
        folder: 'stickers',
      })
      const { file_id, file_unique_id, file_size } = file
      const kind = { type: 'regular', width: 512, height: 512, is_animated: false, is_video: false, emoji: '👍' }
      return post({ sticker: { file_id, file_unique_id, file_size, ...kind } })
    },
    press(messageId, wanted) {
      const message = room.find(messageId)
      if (message === undefined)
        throw new Error(`Expected message ${messageId} in the chat of person ${user.id}, it is not there`)
      return query(message, findButton(message, wanted))
    },
    pressOld: (messageId, data) =>
      query(room.find(messageId) ?? { message_id: messageId, chat: room.chat, date: 0 }, data),
    block: () => changeMembership(true),
    unblock: () => changeMembership(false),
    redeliver: (updateId) => queue.addAgain(updateId),
    resend(updateId) {
      const { update } = queue.past(updateId)
      const { update_id: _, ...body } = update
      return queue.add(
        'callback_query' in body ? withNewQuery(body, queries.open(user.id)) : (body as UpdateBody),
        user.id,
      )
    },
    messages,
    lastMessage() {
      const last = messages().at(-1)
      if (last === undefined)
        throw new Error(`Expected a message from the bot in the chat of person ${user.id}, there is none`)
      return last
    },
    history: () => room.history(),
    get clientQueryAnswers() {
      return queries.answersIn(user.id)
    },
    settled: (wait) => options.settled(user.id, wait),
  }
}

function withNewQuery(body: { readonly callback_query: CallbackQuery }, id: string): UpdateBody {
  return { callback_query: { ...body.callback_query, id } }
}

/** The data of the wanted button. */
function findButton(message: Message, wanted: string | ((button: Button) => boolean)): string {
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? []
  const button = buttons.find((each) => (typeof wanted === 'string' ? each.callback_data === wanted : wanted(each)))
  if (button?.callback_data !== undefined) return button.callback_data
  const there = buttons.map((each) => `"${each.text}" (${each.callback_data ?? 'no data'})`).join(', ')
  const what = typeof wanted === 'string' ? `a button with data "${wanted}"` : 'a button that fits and has data'
  throw new Error(`Expected ${what} on message ${message.message_id}, got ${there === '' ? 'no buttons' : there}`)
}

/** Telegram marks commands wherever they stand, as long as a blank or the start is before them. */
function withEntities(text: string, { entities = [] }: Formatting = {}): Pick<Content, 'entities'> {
  const found = [...text.matchAll(/(?<=^|\s)\/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_/])/g)]
  const commands = found.map((match) => ({ type: 'bot_command', offset: match.index, length: match[0].length }))
  const all = [...commands, ...checkEntities(entities, text)].sort(byPosition)
  return all.length === 0 ? {} : { entities: all }
}

function captioned(caption: string | undefined, how: Formatting | undefined): Content {
  if (caption === undefined) return {}
  const { entities } = withEntities(caption, how)
  return { caption, ...(entities === undefined ? {} : { caption_entities: entities }) }
}
