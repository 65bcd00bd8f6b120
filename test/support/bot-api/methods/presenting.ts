// The bot's commands, descriptions, name and menu button.
import { isObject, type Params, readArray, readInteger, readObject, readText } from '../params.js'
import { type Command, scopeKey, type Texts } from '../profile.js'
import { badRequest } from '../refusal.js'
import type { Method, World } from '../world.js'

/** https://core.telegram.org/bots/api#setmycommands and #botcommand */
const MAX_COMMANDS = 100
const MAX_COMMAND_DESCRIPTION = 256

const SCOPE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  default: [],
  all_private_chats: [],
  all_group_chats: [],
  all_chat_administrators: [],
  chat: ['chat_id'],
  chat_administrators: ['chat_id'],
  chat_member: ['chat_id', 'user_id'],
}

export const setMyCommands: Method = {
  name: 'setMyCommands',
  parameters: ['commands', 'scope', 'language_code'],
  run(world, { params, report }) {
    const list = readArray(params, 'commands', 'commands')
    if (list === undefined) throw badRequest('parameter "commands" is required')
    if (list.length > MAX_COMMANDS) throw badRequest('BOT_COMMANDS_TOO_MUCH')
    if (list.length === 0) report('commands', 'an empty list only deletes; deleteMyCommands says so')
    const commands = list.map(checkCommand)
    world.profile.commands.set(readScope(world, params), commands)
    return { result: true }
  },
}

export const getMyCommands: Method = {
  name: 'getMyCommands',
  parameters: ['scope', 'language_code'],
  run: (world, { params }) => ({ result: world.profile.commands.get(readScope(world, params)) ?? [] }),
}

export const deleteMyCommands: Method = {
  name: 'deleteMyCommands',
  parameters: ['scope', 'language_code'],
  run(world, { params }) {
    world.profile.commands.delete(readScope(world, params))
    return { result: true }
  },
}

/** The pairs of setMy… and getMy… that keep one text a language. */
export const textMethods: readonly Method[] = [
  ...createTextMethods('Description', 'description', 512, (world) => world.profile.descriptions),
  ...createTextMethods('ShortDescription', 'short_description', 120, (world) => world.profile.shortDescriptions),
  ...createTextMethods('Name', 'name', 64, (world) => world.profile.names),
]

export const setChatMenuButton: Method = {
  name: 'setChatMenuButton',
  parameters: ['chat_id', 'menu_button'],
  run(world, { params }) {
    const button = readObject(params, 'menu_button', 'menu button') ?? { type: 'default' }
    checkMenuButton(button)
    const chatId = readInteger(params, 'chat_id')
    if (chatId !== undefined) world.rooms.reach(chatId)
    world.profile.menuButtons.set(chatId, button)
    return { result: true }
  },
}

export const getChatMenuButton: Method = {
  name: 'getChatMenuButton',
  parameters: ['chat_id'],
  run(world, { params }) {
    const { menuButtons } = world.profile
    const chatId = readInteger(params, 'chat_id')
    return { result: menuButtons.get(chatId) ?? menuButtons.get(undefined) ?? { type: 'default' } }
  },
}

function createTextMethods(
  name: string,
  parameter: string,
  maxLength: number,
  textsOf: (world: World) => Texts,
): readonly Method[] {
  return [
    {
      name: `setMy${name}`,
      parameters: [parameter, 'language_code'],
      run(world, { params }) {
        const text = readText(params, parameter) ?? ''
        const length = [...text].length
        if (length > maxLength) {
          throw badRequest(`${parameter} must have at most ${maxLength} characters, got ${length}`)
        }
        textsOf(world).set(readLanguage(params), text)
        return { result: true }
      },
    },
    {
      name: `getMy${name}`,
      parameters: ['language_code'],
      run: (world, { params }) => ({ result: { [parameter]: textsOf(world).get(readLanguage(params)) } }),
    },
  ]
}

function checkCommand(value: unknown): Command {
  if (!isObject(value)) throw badRequest("can't parse BotCommand: expected an Object")
  const { command, description } = value
  if (typeof command !== 'string') throw badRequest(`can't parse BotCommand: Field "command" must be of type String`)
  if (typeof description !== 'string') {
    throw badRequest(`can't parse BotCommand: Field "description" must be of type String`)
  }
  if (command === '') throw badRequest('command must be non-empty')
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID')
  if (description.trim() === '') throw badRequest('command description must be non-empty')
  if ([...description].length > MAX_COMMAND_DESCRIPTION) {
    throw badRequest(`command description length must not exceed ${MAX_COMMAND_DESCRIPTION}`)
  }
  return { command, description }
}

function readScope(world: World, params: Params): string {
  const language = readLanguage(params)
  const scope = readObject(params, 'scope', 'BotCommandScope') ?? { type: 'default' }
  const { type, chat_id, user_id } = scope
  const fields = typeof type === 'string' && Object.hasOwn(SCOPE_FIELDS, type) ? SCOPE_FIELDS[type] : undefined
  if (typeof type !== 'string' || fields === undefined)
    throw badRequest("can't parse BotCommandScope: Unsupported type specified")
  for (const field of fields) {
    if (scope[field] === undefined) throw badRequest(`can't parse BotCommandScope: Can't find field "${field}"`)
  }
  if (fields.includes('chat_id')) {
    if (typeof chat_id !== 'number' && typeof chat_id !== 'string') {
      throw badRequest(`can't parse BotCommandScope: Field "chat_id" must be of type Number or String`)
    }
    world.rooms.reach(/^-?\d+$/.test(String(chat_id)) ? Number(chat_id) : chat_id)
  }
  return scopeKey(
    { type, ...(fields.includes('chat_id') ? { chat_id } : {}), ...(fields.includes('user_id') ? { user_id } : {}) },
    language,
  )
}

function readLanguage(params: Params): string {
  const code = readText(params, 'language_code') ?? ''
  if (code !== '' && !/^[a-z]{2}$/.test(code)) throw badRequest('invalid language code specified')
  return code
}

function checkMenuButton(button: Record<string, unknown>): void {
  switch (button.type) {
    case 'default':
    case 'commands':
      return
    case 'web_app': {
      const url = isObject(button.web_app) ? button.web_app.url : undefined
      if (typeof button.text !== 'string' || button.text === '')
        throw badRequest("can't parse menu button: text must be non-empty")
      if (typeof url !== 'string' || !url.startsWith('https://')) {
        throw badRequest(`menu button Web App URL '${String(url)}' is invalid: Only HTTPS links are allowed`)
      }
      return
    }
  }
  throw badRequest("can't parse menu button: MenuButton has unsupported type")
}
