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
