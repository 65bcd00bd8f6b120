// Keyboards: shapes, buttons and their limits.
import { describe, expect, it } from 'vitest'
import { openBench } from './harness.js'

const button = (extra: object = { callback_data: 'd' }) => ({ text: 'x', ...extra })
const rows = (count: number, width: number) =>
  Array.from({ length: count }, () => Array.from({ length: width }, () => button()))
const inButton = (reason: string) => `Bad Request: can't parse inline keyboard button: ${reason}`

describe('an inline keyboard is refused with', () => {
  const shape = 'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
  const table: readonly { readonly rule: string; readonly markup: unknown; readonly description: string }[] = [
    { rule: 'no object', markup: [], description: 'Bad Request: object expected as reply markup' },
    { rule: 'broken JSON', markup: '{', description: "Bad Request: can't parse reply keyboard markup JSON object" },
    { rule: 'no rows', markup: { inline_keyboard: button() }, description: shape },
    { rule: 'buttons outside rows', markup: { inline_keyboard: [button()] }, description: shape },
    {
      rule: 'text for a button',
      markup: { inline_keyboard: [['x']] },
      description: inButton('InlineKeyboardButton must be an Object'),
    },
    {
      rule: 'no label',
      markup: { inline_keyboard: [[{ callback_data: 'd' }]] },
      description: inButton(`Can't find field "text"`),
    },
    {
      rule: 'an empty label',
      markup: { inline_keyboard: [[{ text: '', callback_data: 'd' }]] },
      description: 'Bad Request: inline keyboard button text must be non-empty',
    },
    {
      rule: 'no action',
      markup: { inline_keyboard: [[button({})]] },
      description: inButton('Text buttons are unallowed in the inline keyboard'),
    },
    {
      rule: 'empty data',
      markup: { inline_keyboard: [[button({ callback_data: '' })]] },
      description: inButton('Text buttons are unallowed in the inline keyboard'),
    },
    {
      rule: 'two actions',
      markup: { inline_keyboard: [[button({ callback_data: 'd', url: 'https://a.b' })]] },
      description: inButton('exactly one action must be given, got url and callback_data'),
    },
    {
      rule: '65 bytes of data',
      markup: { inline_keyboard: [[button({ callback_data: 'x'.repeat(65) })]] },
      description: 'Bad Request: BUTTON_DATA_INVALID',
    },
    {
      rule: '22 hanzi of data',
      markup: { inline_keyboard: [[button({ callback_data: '中'.repeat(22) })]] },
      description: 'Bad Request: BUTTON_DATA_INVALID',
    },
    {
      rule: 'a link to this machine',
      markup: { inline_keyboard: [[button({ url: 'http://localhost:3000/x' })]] },
      description: "Bad Request: inline keyboard button URL 'http://localhost:3000/x' is invalid: Wrong HTTP URL",
    },
    {
      rule: '9 buttons in a row',
      markup: { inline_keyboard: rows(1, 9) },
      description: 'Bad Request: REPLY_MARKUP_INVALID (9 buttons in a row)',
    },
    {
      rule: '101 buttons',
      markup: { inline_keyboard: [...rows(20, 5), [button()]] },
      description: 'Bad Request: REPLY_MARKUP_TOO_LONG (101 buttons)',
    },
    {
      rule: 'rows of another kind',
      markup: { keyboard: ['x'] },
      description: 'Bad Request: field "keyboard" must be an Array of Arrays',
    },
  ]
  it.each(table)('$rule', async ({ markup, description }) => {
    const { call } = await openBench()
    expect(await call('sendMessage', { chat_id: 7, text: 'x', reply_markup: markup })).toMatchObject({
      status: 400,
      description,
    })
  })
})

describe('an inline keyboard may have', () => {
  it.each([
    ['64 bytes of data', [[button({ callback_data: 'x'.repeat(64) })]]],
    ['21 hanzi of data', [[button({ callback_data: '中'.repeat(21) })]]],
    ['a web or tg link', [[button({ url: 'https://example.org' }), button({ url: 'tg://resolve?domain=x' })]]],
    ['100 buttons', rows(20, 5)],
    ['8 buttons in a row', rows(1, 8)],
  ])('%s', async (_, inline_keyboard) => {
    const { ada, say } = await openBench()
    await say('x', { reply_markup: { inline_keyboard } })
    expect(ada.lastMessage().buttons).toEqual(inline_keyboard)
  })

  it('no rows at all: then the message has none', async () => {
    const { ada, say } = await openBench()
    await say('x', { reply_markup: { inline_keyboard: [] } })
    expect(ada.lastMessage().buttons).toEqual([])
  })
})
