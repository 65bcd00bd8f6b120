// A message of the bot as the person sees it: text or caption, rows of buttons, and the bytes of a file.
import type { FileStore, StoredFile } from './files.js'
import type { Button, Entity, Message } from './types.js'

export type SeenMessage = {
  readonly message_id: number
  /** The text, or the caption under a file; empty when there is neither. */
  readonly text: string
  readonly entities: readonly Entity[]
  readonly buttons: readonly (readonly Button[])[]
  readonly kind: 'text' | 'document' | 'photo'
  /** What hangs on the message, with its bytes; of a photo, the largest size. */
  readonly file: StoredFile | undefined
  readonly edited: boolean
}

export function seeMessage(message: Message, files: FileStore): SeenMessage {
  const fileId = message.document?.file_id ?? message.photo?.at(-1)?.file_id
  return {
    message_id: message.message_id,
    text: message.text ?? message.caption ?? '',
    entities: message.entities ?? message.caption_entities ?? [],
    buttons: message.reply_markup?.inline_keyboard ?? [],
    kind: message.document !== undefined ? 'document' : message.photo !== undefined ? 'photo' : 'text',
    file: fileId === undefined ? undefined : files.byId(fileId),
    edited: message.edit_date !== undefined,
  }
}
