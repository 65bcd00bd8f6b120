// Which chat and which messages a call is about.
import { type Params, readInteger, readText } from '../params.js'
import { badRequest } from '../refusal.js'

/** The chat_id of a call: a number, or a name such as `@channel`, which this fake knows none of. */
export function readChatId(params: Params): number | string {
  const text = readText(params, 'chat_id')
  if (text === undefined || text === '') throw badRequest('chat_id is empty')
  return /^-?\d{1,16}$/.test(text) ? Number(text) : text
}

export function readMessageId(params: Params): number {
  const id = readInteger(params, 'message_id')
  if (id === undefined || id === 0) throw badRequest('message identifier is not specified')
  return id
}
