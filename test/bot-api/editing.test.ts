// Changing and taking away what was sent, and people who have blocked the bot.
import { describe, expect, it } from 'vitest'
import type { Message } from '../support/bot-api/index.js'
import { keyboard, messageOf, openBench } from './harness.js'

const NOT_MODIFIED =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'
const NOT_FOUND = 'Bad Request: message to edit not found'

describe('editMessageText', () => {
  it('changes text and keyboard; without a keyboard it takes the old one away', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('One', { reply_markup: keyboard('a') })
    await call('editMessageText', { chat_id: 7, message_id, text: 'Two', reply_markup: keyboard('b') })
    expect(ada.lastMessage()).toMatchObject({
      message_id,
      text: 'Two',
      edited: true,
      buttons: [[{ callback_data: 'b' }]],
    })
    await call('editMessageText', { chat_id: 7, message_id, text: 'Two' })
    expect(ada.lastMessage().buttons).toEqual([])
    expect(ada.history().map((entry) => entry.event)).toEqual(['message_sent', 'message_edited', 'message_edited'])
  })

  it('refuses what changes nothing', async () => {
    const { call, say } = await openBench()
    const bold = [{ type: 'bold', offset: 0, length: 1 }]
    const { message_id } = await say('One', { entities: bold, reply_markup: keyboard('a') })
    const edit = (params: object) => call('editMessageText', { chat_id: 7, message_id, ...params })
    const same = { text: ' One ', entities: [{ type: 'bold', offset: 1, length: 1 }], reply_markup: keyboard('a') }
    expect(await edit(same)).toMatchObject({ status: 400, description: NOT_MODIFIED })
    expect(await edit({ ...same, reply_markup: keyboard('b') })).toMatchObject({ status: 200 })
    expect(await edit({ text: 'One', entities: bold, reply_markup: keyboard('b') })).toMatchObject({
      description: NOT_MODIFIED,
    })
    expect(await edit({ text: 'One', reply_markup: keyboard('b') })).toMatchObject({ status: 200 })
  })

  it.each([
    ['a message that never was', { message_id: 99, text: 'x' }, NOT_FOUND],
    ['no message', { text: 'x' }, 'Bad Request: message identifier is not specified'],
    ['empty text', { message_id: 2, text: '' }, 'Bad Request: message text is empty'],
    ['the message of a person', { message_id: 1, text: 'x' }, "Bad Request: message can't be edited"],
    [
      'a reply keyboard',
      { message_id: 2, text: 'x', reply_markup: { keyboard: [['x']] } },
      'Bad Request: inline keyboard expected',
    ],
    ['another chat', { chat_id: 8, message_id: 2, text: 'x' }, 'Bad Request: chat not found'],
  ])('refuses %s', async (_, params, description) => {
    const { ada, call, say } = await openBench()
    ada.send('Hello')
    await say('One')
    expect(await call('editMessageText', { chat_id: 7, ...params })).toMatchObject({ status: 400, description })
  })

  it('refuses a deleted message and one that came with a reply keyboard', async () => {
    const { call, say } = await openBench()
    const gone = await say('One')
    await call('deleteMessage', { chat_id: 7, message_id: gone.message_id })
    const edit = (message_id: number) => call('editMessageText', { chat_id: 7, message_id, text: 'x' })
    expect(await edit(gone.message_id)).toMatchObject({ status: 400, description: NOT_FOUND })
    const fixed = await say('Two', { reply_markup: { remove_keyboard: true } })
    expect(await edit(fixed.message_id)).toMatchObject({
      status: 400,
      description: "Bad Request: message can't be edited",
    })
  })
})

describe('editMessageCaption', () => {
  it('changes caption, its formatting and keyboard, and leaves the file', async () => {
    const { ada, call, poll } = await openBench()
    ada.sendPhoto()
    const [photo] = messageOf((await poll())[0]).photo ?? []
    const sent = await call('sendPhoto', {
      chat_id: 7,
      photo: photo?.file_id,
      caption: 'One',
      reply_markup: keyboard('a'),
    })
    const { message_id } = sent.result as Message
    const edit = (params: object) => call('editMessageCaption', { chat_id: 7, message_id, ...params })
    const bold = [{ type: 'bold', offset: 0, length: 3 }]
    expect(await edit({ caption: 'One', reply_markup: keyboard('a') })).toMatchObject({ description: NOT_MODIFIED })
    expect(await edit({ caption: 'One', caption_entities: bold, reply_markup: keyboard('a') })).toMatchObject({
      status: 200,
      result: { photo: [{ file_id: photo?.file_id }] },
    })
    expect(ada.lastMessage()).toMatchObject({ kind: 'photo', text: 'One', entities: bold, edited: true })
    expect(await edit({ caption: 'x'.repeat(1025) })).toMatchObject({
      description: 'Bad Request: message caption is too long',
    })
    expect(await edit({})).toMatchObject({ status: 200 })
    expect(ada.lastMessage()).toMatchObject({ text: '', buttons: [] })
    expect(await call('editMessageText', { chat_id: 7, message_id, text: 'Two' })).toMatchObject({
      description: 'Bad Request: there is no text in the message to edit',
    })
  })

  it('refuses a message without a file, one that is gone and one of a person', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('One')
    ada.sendPhoto(undefined, 'mine')
    const edit = (id: number) => call('editMessageCaption', { chat_id: 7, message_id: id, caption: 'x' })
    expect(await edit(message_id)).toMatchObject({
      status: 400,
      description: 'Bad Request: there is no caption in the message to edit',
    })
    expect(await edit(99)).toMatchObject({ status: 400, description: NOT_FOUND })
    expect(await edit(2)).toMatchObject({ status: 400, description: "Bad Request: message can't be edited" })
  })
})

describe('editMessageReplyMarkup', () => {
  it('changes the keyboard alone and refuses the same one again', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('One', { reply_markup: keyboard('a') })
    const edit = (params: object) => call('editMessageReplyMarkup', { chat_id: 7, message_id, ...params })
    expect(await edit({ reply_markup: keyboard('b') })).toMatchObject({ status: 200, result: { text: 'One' } })
    expect(await edit({ reply_markup: keyboard('b') })).toMatchObject({ status: 400, description: NOT_MODIFIED })
    expect(await edit({})).toMatchObject({ status: 200 })
    expect(await edit({})).toMatchObject({ status: 400, description: NOT_MODIFIED })
    expect(ada.lastMessage()).toMatchObject({ text: 'One', buttons: [] })
  })
})

describe('deleting', () => {
  it('takes a message away once', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('One')
    const drop = () => call('deleteMessage', { chat_id: 7, message_id })
    expect(await drop()).toMatchObject({ status: 200, result: true })
    expect(await drop()).toMatchObject({ status: 400, description: 'Bad Request: message to delete not found' })
    expect(ada.messages()).toEqual([])
    expect(() => ada.lastMessage()).toThrow('Expected a message from the bot')
  })

  it('is refused after 48 hours, though editing is not', async () => {
    const { api, call, say } = await openBench()
    const { message_id } = await say('One')
    api.clock.advance(48 * 3600 * 1000 + 1000)
    expect(await call('deleteMessage', { chat_id: 7, message_id })).toMatchObject({
      status: 400,
      description: "Bad Request: message can't be deleted",
    })
    expect(await call('editMessageText', { chat_id: 7, message_id, text: 'Two' })).toMatchObject({ status: 200 })
  })

  it('takes away what the person wrote as well, as bots may in private chats', async () => {
    const { ada, call } = await openBench()
    const { messageId } = ada.send('mine')
    expect(await call('deleteMessage', { chat_id: 7, message_id: messageId })).toMatchObject({ status: 200 })
  })

  it('takes many away and skips what is not there', async () => {
    const { ada, call, say } = await openBench()
    await say('One')
    await say('Two')
    await say('Three')
    expect(await call('deleteMessages', { chat_id: 7, message_ids: [1, 3, 99] })).toMatchObject({
      status: 200,
      result: true,
    })
    expect(ada.messages().map((message) => message.text)).toEqual(['Two'])
    expect(await call('deleteMessages', { chat_id: 7, message_ids: [] })).toMatchObject({ status: 400 })
    expect(
      await call('deleteMessages', { chat_id: 7, message_ids: Array.from({ length: 101 }, (_, id) => id) }),
    ).toMatchObject({ status: 400 })
  })
})

describe('a person who has blocked the bot', () => {
  it('is out of reach until she unblocks it', async () => {
    const { ada, call, say } = await openBench()
    const { message_id } = await say('One')
    ada.block()
    const description = 'Forbidden: bot was blocked by the user'
    for (const method of ['sendMessage', 'editMessageText', 'editMessageReplyMarkup', 'deleteMessage']) {
      expect(await call(method, { chat_id: 7, message_id, text: 'x' })).toMatchObject({ status: 403, description })
    }
    expect(await call('sendChatAction', { chat_id: 7, action: 'typing' })).toMatchObject({ status: 403, description })
    expect(() => ada.send('x')).toThrow('to unblock the bot')
    ada.unblock()
    expect(await call('sendMessage', { chat_id: 7, text: 'x' })).toMatchObject({ status: 200 })
  })
})

describe('a person who had blocked the bot before', () => {
  it('is out of reach without the bot having been told', async () => {
    const { api, call, poll } = await openBench()
    const bob = api.person(8, { blocked: true })
    expect(await call('sendMessage', { chat_id: 8, text: 'x' })).toMatchObject({ status: 403 })
    expect(await poll()).toEqual([])
    bob.unblock()
    expect(await call('sendMessage', { chat_id: 8, text: 'x' })).toMatchObject({ status: 200 })
  })
})

describe('sendChatAction', () => {
  it('takes known actions only', async () => {
    const { call } = await openBench()
    expect(await call('sendChatAction', { chat_id: 7, action: 'typing' })).toMatchObject({ result: true })
    expect(await call('sendChatAction', { chat_id: 7, action: 'thinking' })).toMatchObject({ status: 400 })
    expect(await call('sendChatAction', { chat_id: 7 })).toMatchObject({
      description: 'Bad Request: parameter "action" is required',
    })
  })
})
