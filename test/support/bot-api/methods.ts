// The table of all methods this fake knows; any other name is answered with 404, as Telegram does.
import { close, getFile, getMe, logOut } from './methods/administering.js'
import {
  deleteMessage,
  deleteMessages,
  editMessageCaption,
  editMessageReplyMarkup,
  editMessageText,
} from './methods/editing.js'
import {
  deleteMyCommands,
  getChatMenuButton,
  getMyCommands,
  setChatMenuButton,
  setMyCommands,
  textMethods,
} from './methods/presenting.js'
import { answerCallbackQuery, deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './methods/receiving.js'
import { sendChatAction, sendDocument, sendMessage, sendPhoto } from './methods/sending.js'
import type { Method } from './world.js'

const ALL: readonly Method[] = [
  getMe,
  getUpdates,
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  sendMessage,
  sendDocument,
  sendPhoto,
  sendChatAction,
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
  answerCallbackQuery,
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  setChatMenuButton,
  getChatMenuButton,
  getFile,
  close,
  logOut,
  ...textMethods,
]

const BY_NAME: ReadonlyMap<string, Method> = new Map(ALL.map((method) => [method.name.toLowerCase(), method]))

/** Finds a method by its name in any case. */
export function findMethod(name: string): Method | undefined {
  return BY_NAME.get(name.toLowerCase())
}

/** Methods that put something before a person, and so count against the rate limits. */
export function isLimited(method: Method): boolean {
  return /^(send(?!ChatAction)|editMessage)/.test(method.name)
}

/** Methods that put something new before a person; a chat that was told to wait takes none of them. */
export function isSending(method: Method): boolean {
  return /^send(?!ChatAction)/.test(method.name)
}
