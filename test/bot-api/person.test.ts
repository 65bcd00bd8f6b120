// Scripted people: what their acts send to the bot, and what they see of its answers.
import { describe, expect, it } from 'vitest'
import { keyboard, messageOf, openBench } from './harness.js'

const TOO_OLD = 'Bad Request: query is too old and response timeout expired or query ID is invalid'

describe('a person', () => {
  it('is out of the bot’s reach until she writes', async () => {
    const { api, call } = await openBench()
    const bob = api.person(8, { firstName: 'Bob' })
    const send = () => call('sendMessage', { chat_id: 8, text: 'x' })
    expect(await send()).toMatchObject({ status: 400, description: 'Bad Request: chat not found' })
    bob.send('/start')
    expect(await send()).toMatchObject({ status: 200, result: { message_id: 2, chat: { id: 8, first_name: 'Bob' } } })
    expect(api.person(8)).toBe(bob)
  })

  it('writes messages with commands marked', async () => {
    const { ada, poll } = await openBench({ now: () => 1_700_000_000_999 })
    ada.send('/start now')
    ada.send('see /help@test_bot, not a/b')
    ada.send('plain')
    const [start, help, plain] = (await poll()).map(messageOf)
    expect(start).toEqual({
      message_id: 1,
      from: { id: 7, is_bot: false, first_name: 'Ada', language_code: 'zh' },
      chat: { id: 7, type: 'private', first_name: 'Ada' },
      date: 1_700_000_000,
      text: '/start now',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    })
    expect(help?.entities).toEqual([{ type: 'bot_command', offset: 4, length: 14 }])
    expect(plain?.entities).toBeUndefined()
  })

  it('formats what she writes, under pictures and files too', async () => {
    const { ada, poll } = await openBench()
    const entities = [
      { type: 'bold', offset: 0, length: 2 },
      { type: 'text_link', offset: 3, length: 2, url: 'https://example.org/' },
    ]
    ada.send('通知 链接 /help', { entities })
    ada.sendPhoto(undefined, '通知 链接', { entities })
    ada.sendDocument('a.txt', 'text/plain', Buffer.from('x'), '通知 链接', { entities })
    const [text, photo, file] = (await poll()).map(messageOf)
    expect(text?.entities).toEqual([...entities, { type: 'bot_command', offset: 6, length: 5 }])
    expect(photo?.caption_entities).toEqual(entities)
    expect(file?.caption_entities).toEqual(entities)
    expect(() => ada.send('ab', { entities: [{ type: 'bold', offset: 1, length: 2 }] })).toThrow('inside the text')
  })

  it('sends places and stickers, and joins and leaves', async () => {
    const { ada, poll } = await openBench()
    ada.sendLocation(30.5, 114.3)
    ada.sendSticker()
    ada.block()
    ada.unblock()
    expect(await poll()).toMatchObject([
      { message: { location: { latitude: 30.5, longitude: 114.3 } } },
      { message: { sticker: { type: 'regular' } } },
      { my_chat_member: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'kicked' } } },
      { my_chat_member: { old_chat_member: { status: 'kicked' }, new_chat_member: { status: 'member' } } },
    ])
  })

  it('presses only what is there', async () => {
    const { ada, call, poll, say } = await openBench()
    const { message_id } = await say('Choose', { reply_markup: keyboard('a', 'b') })
    ada.press(message_id, (button) => button.text === 'b')
    expect(await poll()).toMatchObject([
      { callback_query: { data: 'b', from: { id: 7 }, message: { message_id, text: 'Choose' } } },
    ])
    expect(() => ada.press(message_id, 'c')).toThrow(
      'Expected a button with data "c" on message 1, got "a" (a), "b" (b)',
    )
    await call('editMessageText', { chat_id: 7, message_id, text: 'Done' })
    expect(() => ada.press(message_id, 'a')).toThrow('Expected a button with data "a" on message 1, got no buttons')
    await call('deleteMessage', { chat_id: 7, message_id })
    expect(() => ada.press(message_id, 'a')).toThrow('Expected message 1 in the chat of person 7')
  })

  it('may press what an old copy of the message shows', async () => {
    const { ada, call, poll, say } = await openBench()
    const { message_id } = await say('Choose', { reply_markup: keyboard('a') })
    await call('editMessageText', { chat_id: 7, message_id, text: 'Done' })
    ada.pressOld(message_id, 'a')
    await call('deleteMessage', { chat_id: 7, message_id })
    ada.pressOld(message_id, 'a')
    expect(await poll()).toMatchObject([
      { callback_query: { data: 'a', message: { message_id, text: 'Done' } } },
      { callback_query: { data: 'a', message: { message_id, date: 0 } } },
    ])
  })
})

describe('answerCallbackQuery', () => {
  it('shows the answer to the person, once', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('Choose', { reply_markup: keyboard('a') })
    const { queryId } = ada.press(message_id, 'a')
    const answer = { callback_query_id: queryId, text: 'Saved', show_alert: true }
    expect(await call('answerCallbackQuery', answer)).toMatchObject({ result: true })
    expect(await call('answerCallbackQuery', answer)).toMatchObject({ status: 400, description: TOO_OLD })
    expect(ada.clientQueryAnswers).toMatchObject([{ queryId, text: 'Saved', showAlert: true }])
  })

  it('refuses unknown and old queries and long texts', async () => {
    const { api, ada, call, say } = await openBench()
    const { message_id } = await say('Choose', { reply_markup: keyboard('a') })
    const { queryId } = ada.press(message_id, 'a')
    const answer = (params: object) => call('answerCallbackQuery', { callback_query_id: queryId, ...params })
    expect(await answer({ callback_query_id: '1' })).toMatchObject({ status: 400, description: TOO_OLD })
    expect(await answer({ callback_query_id: undefined })).toMatchObject({ status: 400, description: TOO_OLD })
    expect(await answer({ text: '中'.repeat(201) })).toMatchObject({
      status: 400,
      description: 'Bad Request: MESSAGE_TOO_LONG',
    })
    expect(await answer({ url: 'https://example.org' })).toMatchObject({
      status: 400,
      description: 'Bad Request: URL_INVALID',
    })
    api.clock.advance(16 * 60 * 1000)
    expect(await answer({ text: '中'.repeat(200) })).toMatchObject({ status: 400, description: TOO_OLD })
  })
})
