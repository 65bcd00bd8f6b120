// Checks of reply_markup: inline keyboards in full, the other kinds of keyboard by their shape.
import { isObject, type Params, readStructure } from './params.js'
import { badRequest } from './refusal.js'
import type { Report } from './text.js'
import type { Button, InlineKeyboard } from './types.js'

const MAX_ROW_BUTTONS = 8
const MAX_BUTTONS = 100
/** UTF-8 bytes. https://core.telegram.org/bots/api#inlinekeyboardbutton */
const MAX_CALLBACK_DATA_BYTES = 64

const ACTIONS = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
]
const BUTTON_FIELDS: ReadonlySet<string> = new Set(['text', 'icon_custom_emoji_id', 'style', ...ACTIONS])
const MARKUP_FIELDS: ReadonlySet<string> = new Set([
  'inline_keyboard',
  'keyboard',
  'is_persistent',
  'resize_keyboard',
  'one_time_keyboard',
  'input_field_placeholder',
  'selective',
  'remove_keyboard',
  'force_reply',
])

/** `other` stands for keyboards that belong to the chat, not to the message; such messages cannot be edited. */
export type Markup =
  | { readonly kind: 'none' }
  | { readonly kind: 'inline'; readonly keyboard: InlineKeyboard }
  | { readonly kind: 'other' }

/** Reads any reply_markup. */
export function readMarkup(params: Params, report: Report): Markup {
  const value = readStructure(params, 'reply_markup', 'reply keyboard markup')
  if (value === undefined) return { kind: 'none' }
  if (!isObject(value)) throw badRequest('object expected as reply markup')
  for (const field of Object.keys(value)) {
    if (!MARKUP_FIELDS.has(field)) report(`reply_markup.${field}`, 'unknown field')
  }
  if (value.keyboard !== undefined) {
    checkKeyboard(value.keyboard)
    return { kind: 'other' }
  }
  if (value.inline_keyboard !== undefined) {
    const rows = checkInlineKeyboard(value.inline_keyboard, report)
    return rows.length === 0 ? { kind: 'none' } : { kind: 'inline', keyboard: { inline_keyboard: rows } }
  }
  if (value.remove_keyboard === true || value.force_reply === true) return { kind: 'other' }
  report('reply_markup', 'ignored because it is no known kind of keyboard')
  return { kind: 'none' }
}

/** Reads the reply_markup of an edit, where only an inline keyboard may stand. */
export function readInlineMarkup(params: Params, report: Report): InlineKeyboard | undefined {
  const markup = readMarkup(params, report)
  if (markup.kind === 'other') throw badRequest('inline keyboard expected')
  return markup.kind === 'inline' ? markup.keyboard : undefined
}

function checkInlineKeyboard(value: unknown, report: Report): readonly (readonly Button[])[] {
  const shape = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
  if (!Array.isArray(value)) throw badRequest(shape)
  const rows = value.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest(shape)
    if (row.length > MAX_ROW_BUTTONS) throw badRequest(`REPLY_MARKUP_INVALID (${row.length} buttons in a row)`)
    return row.map((button: unknown) => checkButton(button, report))
  })
  const count = rows.reduce((sum, row) => sum + row.length, 0)
  if (count > MAX_BUTTONS) throw badRequest(`REPLY_MARKUP_TOO_LONG (${count} buttons)`)
  return rows.filter((row) => row.length > 0)
}

function checkButton(button: unknown, report: Report): Button {
  const refuse = (reason: string) => badRequest(`can't parse inline keyboard button: ${reason}`)
  if (!isObject(button)) throw refuse('InlineKeyboardButton must be an Object')
  const { text } = button
  if (text === undefined) throw refuse(`Can't find field "text"`)
  if (typeof text !== 'string') throw refuse('Field "text" must be of type String')
  if (text.trim() === '') throw badRequest('inline keyboard button text must be non-empty')
  for (const field of Object.keys(button)) {
    if (!BUTTON_FIELDS.has(field)) report(`reply_markup.button.${field}`, 'unknown field')
  }
  const actions = ACTIONS.filter((action) => button[action] !== undefined && button[action] !== null)
  if (actions.length > 1) throw refuse(`exactly one action must be given, got ${actions.join(' and ')}`)
  if (actions.length === 0 || button.callback_data === '')
    throw refuse('Text buttons are unallowed in the inline keyboard')
  if (button.callback_data !== undefined) checkCallbackData(button.callback_data)
  if (button.url !== undefined) checkUrl(button.url)
  return { ...button, text } as Button
}

function checkCallbackData(data: unknown): void {
  if (typeof data !== 'string') throw badRequest('field "callback_data" must be of type String')
  if (Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) throw badRequest('BUTTON_DATA_INVALID')
}

/** Telegram takes no address without a dot in its host: links to localhost never reach anybody. */
function checkUrl(url: unknown): void {
  if (typeof url !== 'string') throw badRequest('field "url" must be of type String')
  const wrong = badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
  if (/^(tg|ton):\/\/\S/i.test(url)) return
  if (!URL.canParse(/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`)) throw wrong
  const parsed = new URL(/^[a-z]+:\/\//i.test(url) ? url : `http://${url}`)
  if (!/^https?:$/.test(parsed.protocol) || !parsed.hostname.includes('.')) throw wrong
}

function checkKeyboard(value: unknown): void {
  if (!Array.isArray(value) || !value.every((row) => Array.isArray(row))) {
    throw badRequest('field "keyboard" must be an Array of Arrays')
  }
  for (const button of value.flat() as unknown[]) {
    const text = isObject(button) ? button.text : button
    if (typeof text !== 'string')
      throw badRequest("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if (text.trim() === '') throw badRequest('keyboard button text must be non-empty')
  }
}
