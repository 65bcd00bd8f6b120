/** Cards with a photo or a file as messages of their own, on the strict Bot API: what is uploaded, and how often. */
import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Card, Media } from '../../src/app/speech.js'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { createTelegrafDriver } from '../../src/channels/telegraf.js'
import { editCardText, type FileOf, sendCard } from '../../src/channels/telegram/message.js'
import { createBotApi } from '../support/bot-api/index.js'
import { TOKEN } from '../support/program.js'
import { drawPng } from './png.js'

const PNG = drawPng(40, 20)
const PDF = Buffer.from('%PDF-1.7 …')
const refOf = (bytes: Uint8Array) => `file:${createHash('sha256').update(bytes).digest('hex')}`
const photo = (bytes: Uint8Array = PNG): Media => ({ kind: 'photo', ref: refOf(bytes) })
const notice = (media?: Media, text = '今晚停水'): Card => ({
  text: [
    { text: '通知：', style: 'bold' },
    { text, marks: [{ type: 'spoiler' }] },
  ],
  rows: [[{ label: '已阅', data: 'A:n0000000001' }]],
  ...(media ? { media } : {}),
})
const ENTITIES = [
  { type: 'bold', offset: 0, length: 3 },
  { type: 'spoiler', offset: 3, length: 4 },
]

describe.each([
  ['grammY', createGrammyDriver],
  ['Telegraf', createTelegrafDriver],
])('a message through %s', (_, create) => {
  async function open(files: readonly (readonly [Uint8Array, string])[] = [[PNG, 'image/png']]) {
    const api = await createBotApi({ token: TOKEN })
    onTestFinished(() => api.stop())
    const [ada, bob] = [api.person(7, { started: true }), api.person(8, { started: true })]
    const driver = await create({ token: TOKEN, apiRoot: api.url })
    onTestFinished(() => driver.close())
    const read: string[] = []
    const fileOf: FileOf = async (ref) => {
      read.push(ref)
      const found = files.find(([bytes]) => refOf(bytes) === ref)
      return found && { bytes: found[0], mime: found[1] }
    }
    const methods = () => api.calls.map(({ method }) => method).filter((method) => method !== 'getMe')
    return { api, ada, bob, call: driver.call, fileOf, read, methods }
  }

  it('is a text where it shows nothing', async () => {
    const { api, ada, call, fileOf } = await open()
    const { message_id } = await sendCard(call, 7, notice(), fileOf, { disable_notification: true })
    expect(ada.lastMessage()).toMatchObject({ message_id, kind: 'text', text: '通知：今晚停水', entities: ENTITIES })
    expect(api.callsOf('sendMessage')[0]!.payload.disable_notification).toBe(true)
    expect(api.violations).toEqual([])
  })

  it('uploads a photo once for everybody, with words, formatting and buttons under it', async () => {
    const { api, ada, bob, call, fileOf, read, methods } = await open()
    const { message_id } = await sendCard(call, 7, notice(photo()), fileOf)
    await sendCard(call, 8, notice(photo()), fileOf)
    for (const person of [ada, bob])
      expect(person.lastMessage()).toMatchObject({
        kind: 'photo',
        text: '通知：今晚停水',
        entities: ENTITIES,
        buttons: [[{ text: '已阅', callback_data: 'A:n0000000001' }]],
        file: { bytes: Buffer.from(PNG) },
      })
    expect(ada.lastMessage().message_id).toBe(message_id)
    expect([read, methods()]).toEqual([[refOf(PNG)], ['sendPhoto', 'sendPhoto']])
    expect(bob.lastMessage().file!.file_id).toBe(ada.lastMessage().file!.file_id)
    expect(api.violations).toEqual([])
  })

  it('shows what somebody sent to the bot by its id alone', async () => {
    const { api, ada, bob, call, read } = await open()
    ada.sendPhoto(PNG)
    ada.sendDocument('名单.pdf', 'application/pdf', PDF)
    const [sent, document] = ada.history().map(({ message }) => message)
    await sendCard(call, 8, notice({ kind: 'photo', ref: `telegram:${sent!.photo!.at(-1)!.file_id}` }), undefined)
    await sendCard(call, 8, notice({ kind: 'file', ref: `telegram:${document!.document!.file_id}` }), undefined)
    expect(bob.messages().map(({ kind, file }) => [kind, file!.bytes])).toEqual([
      ['photo', Buffer.from(PNG)],
      ['document', PDF],
    ])
    expect([read, api.violations]).toEqual([[], []])
  })

  it('sends as a file what Telegram takes for no photo, and knows it from then on', async () => {
    const wide = drawPng(210, 10)
    const { ada, bob, call, fileOf, methods } = await open([[wide, 'image/png']])
    await sendCard(call, 7, notice({ ...photo(wide), name: '横幅.png' }), fileOf)
    await sendCard(call, 8, notice({ ...photo(wide), name: '横幅.png' }), fileOf)
    expect([ada, bob].map((one) => one.lastMessage().kind)).toEqual(['document', 'document'])
    expect(ada.lastMessage().file).toMatchObject({ name: '横幅.png', bytes: Buffer.from(wide) })
    expect(methods()).toEqual(['sendPhoto', 'sendDocument', 'sendDocument'])
  })

  it('uploads anew where Telegram no longer knows what it called a file', async () => {
    const { api, ada, call, fileOf, read } = await open()
    await sendCard(call, 8, notice(photo()), fileOf)
    api.failNext({
      method: 'sendPhoto',
      status: 400,
      description: 'Bad Request: wrong file identifier/HTTP URL specified',
    })
    await sendCard(call, 7, notice(photo()), fileOf)
    expect(ada.lastMessage()).toMatchObject({ kind: 'photo', file: { bytes: Buffer.from(PNG) } })
    expect(read.length).toBe(2)
  })

  it('forgets the oldest of very many files', async () => {
    const many = Array.from({ length: 202 }, (_, index) => [drawPng(1 + index, 100), 'image/png'] as const)
    const { call, fileOf, read } = await open(many)
    for (const [bytes] of many) await sendCard(call, 7, notice(photo(bytes)), fileOf)
    await sendCard(call, 7, notice(photo(many[201]![0])), fileOf)
    expect(read.length).toBe(202)
    await sendCard(call, 7, notice(photo(many[0]![0])), fileOf)
    expect(read.length).toBe(203)
  })

  it('is refused for good where the file is gone, and where the words are too long for a caption', async () => {
    const { ada, call, fileOf, methods } = await open([])
    await expect(sendCard(call, 7, notice(photo()), fileOf)).rejects.toMatchObject({ code: 400 })
    await expect(sendCard(call, 7, notice(photo()), undefined)).rejects.toMatchObject({ code: 400 })
    await expect(sendCard(call, 7, notice(photo(), '水'.repeat(1022)), fileOf)).rejects.toThrow(
      'Expected a card of at most 1024 characters, got 1025',
    )
    expect([ada.messages(), methods()]).toEqual([[], []])
  })

  it('leaves it to the caller what a blocked bot, a flood and a lost line mean, and tries nothing else', async () => {
    const { api, ada, call, fileOf, methods } = await open()
    api.failNext({ drop: 'before' })
    await expect(sendCard(call, 7, notice(photo()), fileOf)).rejects.toMatchObject({ code: 0 })
    ada.block()
    await expect(sendCard(call, 7, notice(photo()), fileOf)).rejects.toMatchObject({ code: 403 })
    await expect(sendCard(call, 9, notice(photo()), fileOf)).rejects.toMatchObject({ code: 400 })
    api.failNext({ status: 429, retryAfter: 9 })
    await expect(sendCard(call, 8, notice(photo()), fileOf)).rejects.toMatchObject({ code: 429, retryAfter: 9 })
    expect(methods().every((method) => method === 'sendPhoto')).toBe(true)
    expect(methods().length).toBe(4)
  })

  it('gets other words and buttons, under a photo too, and takes it well to have them already', async () => {
    const { api, ada, call, fileOf, methods } = await open()
    const one = await sendCard(call, 7, notice(photo()), fileOf)
    const two = await sendCard(call, 7, notice(), fileOf)
    for (let times = 0; times < 2; times++) {
      await editCardText(call, 7, one.message_id, { ...notice(photo(), '已撤回'), rows: [] })
      await editCardText(call, 7, String(two.message_id), { ...notice(undefined, '已撤回'), rows: [] })
    }
    expect(ada.messages().map(({ kind, text, buttons }) => [kind, text, buttons])).toEqual([
      ['photo', '通知：已撤回', []],
      ['text', '通知：已撤回', []],
    ])
    expect(methods().filter((method) => method === 'editMessageCaption').length).toBe(2)
    // A line above a long caption must not keep it from being withdrawn.
    await editCardText(call, 7, one.message_id, notice(photo(), '水'.repeat(1024)))
    expect(ada.messages()[0]!.text).toBe(`通知：${'水'.repeat(1020)}…`)
    // One that had to go without its photo.
    await editCardText(call, 7, two.message_id, notice(photo(), '新的'))
    expect(ada.messages()[1]!.text).toBe('通知：新的')
    await expect(editCardText(call, 7, 999, notice())).rejects.toMatchObject({ code: 400 })
    expect(api.violations).toEqual([])
  })
})

it.each([
  ['video/mp4', ['sendDocument', 'sendVideo'], 'sendVideo'],
  ['application/pdf', ['sendDocument'], undefined],
])('tries a refused %s in the ways that may take it', async (mime, methods, taken) => {
  const { TelegramFault } = await import('../../src/channels/telegram/driver.js')
  const called: string[] = []
  const call = async (method: string) => {
    called.push(method)
    if (method !== taken) throw new TelegramFault(400, "Bad Request: can't use file of type Video as Document")
    return { message_id: 5 }
  }
  const fileOf: FileOf = async () => undefined
  const card = notice({ kind: 'file', ref: 'telegram:BAADvideo', mime })
  const sent = sendCard(call, 7, card, fileOf)
  await (taken ? expect(sent).resolves.toEqual({ message_id: 5 }) : expect(sent).rejects.toThrow())
  expect(called).toEqual(methods)
  if (!taken) return
  await sendCard(call, 8, card, fileOf)
  expect(called).toEqual([...methods, taken])
})
