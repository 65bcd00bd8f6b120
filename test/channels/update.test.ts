/** Raw updates of Telegram → what the person did. */
import { describe, expect, it } from 'vitest'
import { chatOf, readUpdate } from '../../src/channels/telegram/update.js'

const ADA = { id: 7, is_bot: false, first_name: 'Ada' }
const CHAT = { id: 7, type: 'private', first_name: 'Ada' }

function contentOf(message: object) {
  const read = readUpdate({ update_id: 1, message: { message_id: 3, from: ADA, chat: CHAT, date: 1, ...message } })
  if (read.kind !== 'inbound') throw new Error(`Expected an input, got ${read.kind}`)
  return read.inbound.content
}

describe('a command', () => {
  const code = 'aZ09_-'.repeat(11).slice(0, 64)
  it.each([
    ['alone', '/start', 'start', ''],
    ['with a blank behind it', '/start ', 'start', ''],
    ['with the code of a deep link', `/start ${code}`, 'start', code],
    ['named with the bot', '/START@test_bot x1', 'start', 'x1'],
    ['with blanks around what it is told', '/result   of last year\t', 'result', 'of last year'],
    ['with more lines, of which the first counts', '/start abc\ndef', 'start', 'abc'],
    ['with nothing in its first line', '/start\nabc', 'start', ''],
    ['with more than fits', `/start ${'x'.repeat(70)}`, 'start', 'x'.repeat(64)],
    ['cut between characters, never within one', `/start ${'x'.repeat(63)}😀😀`, 'start', `${'x'.repeat(63)}😀`],
  ])('%s', (_, text, name, argument) => {
    expect(contentOf({ text })).toEqual({ kind: 'command', name, argument })
  })

  it.each(['start', ' /start', '/', '/开始', '/start,', `/${'x'.repeat(33)}`])('is not `%s`', (text) => {
    expect(contentOf({ text })).toEqual({ kind: 'text', text })
  })
})

it('keeps names of files whole characters, so that they can be stored', () => {
  const content = contentOf({ document: { file_id: 'f', file_name: `${'x'.repeat(119)}😀.pdf` } })
  expect(content).toMatchObject({ evidence: { name: `${'x'.repeat(119)}😀` } })
})

describe('formatting', () => {
  const BOLD = { type: 'bold', offset: 0, length: 2 }
  const entitiesOf = (entities: unknown, text = '今晚停水😀') => {
    const content = contentOf({ text, entities })
    return content.kind === 'text' ? content.entities : content
  }

  it('keeps what a bot may send back', () => {
    const types = [
      'bold',
      'italic',
      'underline',
      'strikethrough',
      'spoiler',
      'blockquote',
      'expandable_blockquote',
      'code',
      'pre',
    ].map((type) => ({ ...BOLD, type }))
    const kept = [
      ...types,
      { ...BOLD, type: 'pre', language: 'c++' },
      ...['https://a.example/x?y', 'http://a.example', 'tg://resolve?domain=x', 'mailto:a@a.example'].map((url) => ({
        ...BOLD,
        type: 'text_link',
        url,
      })),
    ]
    expect(entitiesOf(kept)).toEqual(kept)
  })

  it.each([
    ['mention'],
    ['hashtag'],
    ['url'],
    ['email'],
    ['bot_command'],
    ['phone_number'],
    ['cashtag'],
    ['text_mention', { user: { id: 7 } }],
    ['custom_emoji', { custom_emoji_id: '5' }],
    ['date_time', { unix_time: 1 }],
    ['no_such_type'],
    [undefined],
    ['text_link'],
    ['text_link', { url: 7 }],
    ['text_link', { url: 'javascript:alert(1)' }],
    ['text_link', { url: 'data:text/html,x' }],
    ['text_link', { url: 'a.example' }],
    ['text_link', { url: `https://a.example/${'x'.repeat(2_048)}` }],
    ['bold', { offset: -1 }],
    ['bold', { offset: 0.5 }],
    ['bold', { offset: '0' }],
    ['bold', { offset: 6 }],
    ['bold', { length: 0 }],
    ['bold', { length: -2 }],
    ['bold', { length: Number.NaN }],
    ['bold', { offset: Number.MAX_SAFE_INTEGER, length: Number.MAX_SAFE_INTEGER }],
    ['bold', { offset: 5, length: 1 }],
    ['bold', { offset: 0, length: 5 }],
  ])('leaves out %s %j', (type, more: object = {}) => {
    expect(entitiesOf([{ ...BOLD, type, ...more }])).toBeUndefined()
    expect(entitiesOf([{ ...BOLD, type, ...more }, BOLD])).toEqual([BOLD])
  })

  it.each([[null], ['x'], [{}], [[]], [[null, 7, 'bold', [BOLD]]]])('takes %j for none', (entities) => {
    expect(entitiesOf(entities)).toBeUndefined()
  })

  it('takes no more fields, no strange language, nothing beyond the text and nothing behind the hundredth', () => {
    expect(entitiesOf([{ ...BOLD, url: 'https://a.example', extra: 1 }])).toEqual([BOLD])
    expect(entitiesOf([{ ...BOLD, type: 'pre', language: 'a b' }])).toEqual([{ ...BOLD, type: 'pre' }])
    expect(entitiesOf([{ ...BOLD, offset: 2, length: 99 }])).toEqual([{ ...BOLD, offset: 2, length: 4 }])
    expect(entitiesOf(Array.from({ length: 150 }, () => BOLD))).toHaveLength(100)
  })

  it('is kept under a photo, a file and a place, and never with a command', () => {
    const captioned = { caption: '今晚停水', caption_entities: [BOLD] }
    for (const media of [
      { photo: [{ file_id: 'a' }] },
      { document: { file_id: 'a' } },
      { location: { latitude: 1, longitude: 2 } },
    ])
      expect(contentOf({ ...media, ...captioned })).toMatchObject({ caption: '今晚停水', entities: [BOLD] })
    expect(contentOf({ photo: [{ file_id: 'a' }], caption_entities: [BOLD] })).not.toHaveProperty('entities')
    expect(contentOf({ text: '/start', entities: [BOLD] })).not.toHaveProperty('entities')
  })
})

it('takes nobody for a guest', () => {
  const press = { id: '9', from: ADA, message: { message_id: 3, chat: CHAT, date: 1 }, chat_instance: '1', data: 'b' }
  expect(readUpdate({ update_id: 1, callback_query: press })).toMatchObject({ inbound: { guest: false } })
})

it.each([
  ['telegram:48201', 48201],
  ['telegram:', undefined],
  ['telegram:x', undefined],
  ['web:w-AAAAAAAAAAAAAAAAAAAAAA', undefined],
])('finds the chat behind the address %s', (address, chat) => {
  expect(chatOf(address)).toBe(chat)
})
