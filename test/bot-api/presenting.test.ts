// Commands, descriptions, names and the menu button.
import { describe, expect, it } from 'vitest'
import { openBench } from './harness.js'

const command = (name: string, description = 'Does it') => ({ command: name, description })

describe('commands', () => {
  it('are kept by scope and language', async () => {
    const { call } = await openBench()
    const scope = { type: 'chat', chat_id: 7 }
    await call('setMyCommands', { commands: [command('start')] })
    await call('setMyCommands', { commands: [command('help')], language_code: 'zh' })
    await call('setMyCommands', { commands: [command('admin')], scope })
    const get = async (params: object) => (await call('getMyCommands', { ...params })).result
    expect(await get({})).toMatchObject([{ command: 'start' }])
    expect(await get({ language_code: 'zh' })).toMatchObject([{ command: 'help' }])
    expect(await get({ scope })).toMatchObject([{ command: 'admin' }])
    await call('deleteMyCommands', { scope })
    expect(await get({ scope })).toEqual([])
  })

  it.each([
    ['no list', {}, 'parameter "commands" is required'],
    ['101 commands', { commands: Array.from({ length: 101 }, (_, n) => command(`c${n}`)) }, 'BOT_COMMANDS_TOO_MUCH'],
    ['an empty name', { commands: [command('')] }, 'command must be non-empty'],
    ['capitals', { commands: [command('Start')] }, 'BOT_COMMAND_INVALID'],
    ['a slash', { commands: [command('/start')] }, 'BOT_COMMAND_INVALID'],
    ['hanzi', { commands: [command('评定')] }, 'BOT_COMMAND_INVALID'],
    ['33 characters', { commands: [command('x'.repeat(33))] }, 'BOT_COMMAND_INVALID'],
    ['no description', { commands: [command('a', '')] }, 'command description must be non-empty'],
    [
      'a long description',
      { commands: [command('a', 'x'.repeat(257))] },
      'command description length must not exceed 256',
    ],
    ['a long language code', { commands: [command('a')], language_code: 'zh-hans' }, 'invalid language code specified'],
    [
      'an unknown scope',
      { commands: [command('a')], scope: { type: 'world' } },
      "can't parse BotCommandScope: Unsupported type specified",
    ],
    [
      'a scope named like a method',
      { commands: [command('a')], scope: { type: 'constructor' } },
      "can't parse BotCommandScope: Unsupported type specified",
    ],
    [
      'a scope without its chat',
      { commands: [command('a')], scope: { type: 'chat' } },
      `can't parse BotCommandScope: Can't find field "chat_id"`,
    ],
    ['a scope of an unknown chat', { commands: [command('a')], scope: { type: 'chat', chat_id: 8 } }, 'chat not found'],
  ])('are refused for %s', async (_, params, reason) => {
    const { call } = await openBench()
    expect(await call('setMyCommands', params)).toMatchObject({ status: 400, description: `Bad Request: ${reason}` })
  })

  it('may have names of 32 characters and descriptions of 256', async () => {
    const { call } = await openBench()
    expect(await call('setMyCommands', { commands: [command('x'.repeat(32), '中'.repeat(256))] })).toMatchObject({
      status: 200,
    })
  })
})

describe('descriptions and names', () => {
  it.each([
    ['Description', 'description', 512],
    ['ShortDescription', 'short_description', 120],
    ['Name', 'name', 64],
  ])('%s has a language and a limit', async (name, parameter, limit) => {
    const { call } = await openBench()
    expect(await call(`setMy${name}`, { [parameter]: '中'.repeat(limit), language_code: 'zh' })).toMatchObject({
      result: true,
    })
    expect(await call(`setMy${name}`, { [parameter]: '中'.repeat(limit + 1) })).toMatchObject({ status: 400 })
    expect(await call(`setMy${name}`, { [parameter]: 'x', language_code: 'zho' })).toMatchObject({ status: 400 })
    expect((await call(`getMy${name}`, { language_code: 'zh' })).result).toEqual({ [parameter]: '中'.repeat(limit) })
    await call(`setMy${name}`, { [parameter]: 'General' })
    expect((await call(`getMy${name}`, { language_code: 'fr' })).result).toEqual({ [parameter]: 'General' })
  })
})

describe('the menu button', () => {
  it('must be of a known kind', async () => {
    const { call } = await openBench()
    const set = (menu_button: object) => call('setChatMenuButton', { chat_id: 7, menu_button })
    expect(await set({ type: 'commands' })).toMatchObject({ result: true })
    expect(await call('getChatMenuButton', { chat_id: 7 })).toMatchObject({ result: { type: 'commands' } })
    expect(await set({ type: 'star' })).toMatchObject({ status: 400 })
    expect(await set({ type: 'web_app', text: 'x', web_app: { url: 'http://a.b' } })).toMatchObject({ status: 400 })
    expect(await set({ type: 'web_app', text: 'x', web_app: { url: 'https://a.b' } })).toMatchObject({ result: true })
    expect(await call('setChatMenuButton', { chat_id: 8 })).toMatchObject({
      description: 'Bad Request: chat not found',
    })
  })
})
