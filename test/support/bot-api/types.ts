// The part of the Bot API's objects that this fake sends and keeps: people, chats, messages and updates, in Telegram's own snake_case.

export type User = {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly username?: string
  readonly language_code?: string
}

export type PrivateChat = {
  readonly id: number
  readonly type: 'private'
  readonly first_name: string
  readonly username?: string
}

/** A span of a text; offset and length count UTF-16 units, as everywhere in the Bot API. */
export type Entity = {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly language?: string
  readonly [field: string]: unknown
}

export type FormattedText = { readonly text: string; readonly entities: readonly Entity[] }

/** One button of an inline keyboard, such as `{ text: 'Yes', callback_data: 'a:1' }`. */
export type Button = {
  readonly text: string
  readonly callback_data?: string
  readonly url?: string
  readonly [field: string]: unknown
}

export type InlineKeyboard = { readonly inline_keyboard: readonly (readonly Button[])[] }

export type PhotoSize = {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_size: number
  readonly width: number
  readonly height: number
}

export type DocumentFile = {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_size: number
  readonly file_name: string
  readonly mime_type: string
}

/** What a message says, without who said it where and when. */
export type Content = {
  readonly text?: string
  readonly entities?: readonly Entity[]
  readonly caption?: string
  readonly caption_entities?: readonly Entity[]
  readonly photo?: readonly PhotoSize[]
  readonly document?: DocumentFile
  readonly location?: { readonly latitude: number; readonly longitude: number }
  readonly sticker?: { readonly file_id: string; readonly [field: string]: unknown }
  readonly reply_markup?: InlineKeyboard
  readonly reply_to_message?: Message
  readonly link_preview_options?: Readonly<Record<string, unknown>>
}

export type Message = Content & {
  readonly message_id: number
  readonly from: User
  readonly chat: PrivateChat
  readonly date: number
  readonly edit_date?: number
}

/** What Telegram shows of a message that is gone; `date` is always 0. */
export type InaccessibleMessage = { readonly message_id: number; readonly chat: PrivateChat; readonly date: 0 }

export type CallbackQuery = {
  readonly id: string
  readonly from: User
  readonly message: Message | InaccessibleMessage
  readonly chat_instance: string
  readonly data: string
}

export type ChatMemberUpdated = {
  readonly chat: PrivateChat
  readonly from: User
  readonly date: number
  readonly old_chat_member: { readonly user: User; readonly status: string }
  readonly new_chat_member: { readonly user: User; readonly status: string; readonly until_date?: number }
}

export type UpdateBody =
  | { readonly message: Message }
  | { readonly callback_query: CallbackQuery }
  | { readonly my_chat_member: ChatMemberUpdated }

export type Update = UpdateBody & { readonly update_id: number }
