/**
 * A card as a message of its own, with its photo or file. Bytes go to Telegram once: what it calls them is remembered, so that
 * the next of thousands of recipients costs no upload.
 */
import { formattedOf, lengthOf, richOf, shortened } from '../../app/formatted.js'
import type { Card, Media } from '../../app/speech.js'
import { isGone, TelegramFault, type TelegramFile } from './driver.js'
import type { Call } from './patient-call.js'
import { cardPayload, LONGEST_CAPTION, mediaPayload } from './payload.js'

/**
 * Reads a stored upload by its reference `file:<sha256>`; undefined where it is no longer kept. What Telegram calls its files
 * is remembered with this very function, so hand over the same one every time, and one to each bot.
 */
export type FileOf = (ref: string) => Promise<{ readonly bytes: Uint8Array; readonly mime: string } | undefined>

type Method = keyof typeof FIELD
/** A file that is at Telegram, and the method that takes it: an id is good for its own kind of file only. */
type Known = { readonly method: Method; readonly id: string }

const FIELD = { sendPhoto: 'photo', sendDocument: 'document', sendVideo: 'video', sendAnimation: 'animation' } as const
const METHODS = Object.keys(FIELD) as Method[]
/** Far more than the notices that are under way at once. */
const MOST_KNOWN = 200
const knownTo = new WeakMap<FileOf, Map<string, Known>>()

/**
 * Sends a card; `extra`: more fields of the call, such as `disable_notification`. Rejects with a `TelegramFault`, which has the
 * code 400 also where the file is no longer kept; with a plain error where the text is longer than Telegram takes.
 */
export async function sendCard(
  call: Call,
  chat: number,
  card: Card,
  fileOf: FileOf | undefined,
  extra: object = {},
): Promise<{ readonly message_id: number }> {
  const { media } = card
  const sent = media
    ? await sendMedia(call, { chat_id: chat, ...mediaPayload(card), ...extra }, media, fileOf ?? nothingKept)
    : await call('sendMessage', { chat_id: chat, ...cardPayload(card), ...extra })
  return { message_id: (sent as { message_id: number }).message_id }
}

/**
 * Replaces the text and the buttons of a message that shows this card's media, or none. A caption that has become too long,
 * by a line above it, is cut. Rejects with a `TelegramFault`, but not where the message shows all this already.
 */
export async function editCardText(call: Call, chat: number, message: number | string, card: Card): Promise<void> {
  const target = { chat_id: chat, message_id: Number(message) }
  try {
    if (!card.media) await call('editMessageText', { ...target, ...cardPayload(card) })
    else await call('editMessageCaption', { ...target, ...mediaPayload(withShortText(card)) })
  } catch (error) {
    if (!(error instanceof TelegramFault) || error.code !== 400) throw error
    // Sent without its media, because Telegram did not take that.
    if (card.media && /no caption in the message/i.test(error.description)) {
      const { media, ...words } = card
      return editCardText(call, chat, message, words)
    }
    if (!isUnchanged(error)) throw error
  }
}

/** Telegram says so where a message shows what it is asked to show: that is what was wanted. */
export const isUnchanged = ({ description }: TelegramFault): boolean => /message is not modified/i.test(description)

function withShortText(card: Card): Card {
  const formatted = formattedOf(card.text)
  if (lengthOf(formatted) <= LONGEST_CAPTION) return card
  return { ...card, text: richOf(shortened(formatted, LONGEST_CAPTION)) }
}

async function sendMedia(call: Call, payload: object, media: Media, fileOf: FileOf): Promise<unknown> {
  const known = knownFiles(fileOf)
  const there = known.get(media.ref)
  if (there) {
    try {
      return await call(there.method, { ...payload, [FIELD[there.method]]: there.id })
    } catch (error) {
      if (!isRefused(error)) throw error
      known.delete(media.ref)
    }
  }
  const { source, methods } = await sourceOf(media, fileOf)
  const { method, sent } = await firstTaken(methods, (one) => {
    const field = FIELD[one]
    return 'id' in source
      ? call(one, { ...payload, [field]: source.id })
      : call(one, payload, { field, ...source.upload })
  })
  const file = 'id' in source ? { method, id: source.id } : fileOn(sent, method)
  if (file) remember(known, media.ref, file)
  return sent
}

type Source = { readonly id: string } | { readonly upload: Omit<TelegramFile, 'field'> }

/** Where the content is, and the methods that may take it, the most likely first. */
async function sourceOf(media: Media, fileOf: FileOf): Promise<{ source: Source; methods: readonly Method[] }> {
  const { kind, ref, name, mime } = media
  if (ref.startsWith('telegram:')) {
    // A video or a GIF comes as a file, but its id is none of a document.
    const moving: Method[] = mime?.startsWith('video/') ? ['sendVideo', 'sendAnimation'] : []
    const methods: Method[] = kind === 'photo' ? ['sendPhoto'] : ['sendDocument', ...moving]
    return { source: { id: ref.slice('telegram:'.length) }, methods }
  }
  const file = await fileOf(ref)
  // As if Telegram had said it: nobody can be sent this message, and it must hold up no other one.
  if (!file) throw new TelegramFault(400, 'the file of the message is no longer kept')
  const upload = { name: name ?? `file.${file.mime.split('/')[1] ?? 'bin'}`, ...file }
  return { source: { upload }, methods: kind === 'photo' ? ['sendPhoto', 'sendDocument'] : ['sendDocument'] }
}

/** Tries one method after the other while Telegram refuses: a photo that is none for it is taken as a file. */
async function firstTaken(methods: readonly Method[], send: (method: Method) => Promise<unknown>) {
  for (const [index, method] of methods.entries()) {
    try {
      return { method, sent: await send(method) }
    } catch (error) {
      if (!isRefused(error) || index === methods.length - 1) throw error
    }
  }
  throw new Error('Expected a method to send a file with, got none')
}

/** Whether Telegram does not take what a call brings: it is not the chat that is at fault, and nothing that may pass. */
export const isRefused = (error: unknown): error is TelegramFault =>
  error instanceof TelegramFault && !isGone(error) && (error.code === 400 || error.code === 413)

const nothingKept: FileOf = async () => undefined

function knownFiles(fileOf: FileOf): Map<string, Known> {
  const there = knownTo.get(fileOf) ?? new Map<string, Known>()
  knownTo.set(fileOf, there)
  return there
}

/** The oldest goes where there are too many. */
function remember(known: Map<string, Known>, ref: string, file: Known): void {
  known.set(ref, file)
  const [oldest] = known.keys()
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
}

/** The file on a message that was sent. Telegram may have made a video of a document, whose id is then one of a video. */
function fileOn(message: unknown, asked: Method): Known | undefined {
  const there = message as { readonly [field: string]: unknown }
  const method = [asked, ...METHODS].find((one) => there[FIELD[one]] !== undefined)
  if (!method) return undefined
  const value = there[FIELD[method]]
  // Of a photo the largest size.
  const file = (Array.isArray(value) ? value.at(-1) : value) as { readonly file_id?: unknown } | undefined
  return typeof file?.file_id === 'string' ? { method, id: file.file_id } : undefined
}
