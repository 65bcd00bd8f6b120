/** Speeches on the strict Bot API: what stands before the card, in which order, and what a picture that is refused costs. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Card, Speak, Speech } from '../../src/app/speech.js'
import { createGrammyDriver } from '../../src/channels/grammy.js'
import { createTelegrafDriver } from '../../src/channels/telegraf.js'
import type { FileOf } from '../../src/channels/telegram/message.js'
import { speakTo } from '../../src/channels/telegram/speak.js'
import { createBotApi } from '../support/bot-api/index.js'
import { TOKEN } from '../support/program.js'
import { drawPng } from './png.js'

const cardOf = (text: string): Card => ({ text: [{ text }], rows: [[{ label: '好', data: 'b' }]] })
const speech = (more: Partial<Speech> = {}): Speech => ({ card: cardOf('card'), move: false, toast: null, ...more })
/** Nobody else serves the person meanwhile. */
const alone = (speak: Speak) => (speech: Speech, card: string | null) => speak(speech, card, async () => {})
const PICTURE = { name: 'radar.png', bytes: drawPng(40, 20), alt: '八类得分率：组织建设 80%' }
const FILE = { name: '数据.json', mime: 'application/json', bytes: new TextEncoder().encode('{}') }

describe.each([
  ['grammY', createGrammyDriver],
  ['Telegraf', createTelegrafDriver],
])('speaking through %s', (_, create) => {
  async function open() {
    const api = await createBotApi({ token: TOKEN })
    onTestFinished(() => api.stop())
    const ada = api.person(7, { started: true })
    const driver = await create({ token: TOKEN, apiRoot: api.url })
    onTestFinished(() => driver.close())
    const logged: string[] = []
    const note = (_: object, message: string) => void logged.push(message)
    const log = { debug: note, info: note, warn: note, error: note }
    const gone: true[] = []
    const to = (fileOf?: FileOf): Speak => {
      const unreachable = async () => void gone.push(true)
      return speakTo(7, { call: driver.call, wait: async () => {}, log, unreachable, ...(fileOf ? { fileOf } : {}) })
    }
    const speak = alone(to())
    const seen = () => ada.messages().map(({ kind, text }) => [kind, text])
    return { api, ada, speak, seen, logged, gone, to }
  }

  it('leaves out an edit that another press will make, and nothing else', async () => {
    const { api, ada, speak } = await open()
    const { card } = await speak(speech({ overtaken: () => true }), null)
    const calls = api.calls.length
    expect(await speak(speech({ overtaken: () => true, card: cardOf('new') }), card)).toEqual({
      card,
      shown: false,
      left: true,
    })
    expect(api.calls).toHaveLength(calls)
    await speak(speech({ overtaken: () => true, move: true, card: cardOf('moved') }), card)
    expect(ada.messages().map(({ text }) => text)).toEqual(['moved'])
  })

  it('says everything before the card, in order, and moves the card below it', async () => {
    const { api, ada, speak, seen } = await open()
    const { card } = await speak(speech(), null)
    const said = await speak(
      speech({ before: [cardOf('one'), cardOf('two')], picture: PICTURE, file: FILE, card: cardOf('new card') }),
      card,
    )
    expect(seen()).toEqual([
      ['text', 'one'],
      ['text', 'two'],
      ['photo', PICTURE.alt],
      ['document', ''],
      ['text', 'new card'],
    ])
    const [one, , photo, document, last] = ada.messages()
    expect(one!.buttons).toEqual([[{ text: '好', callback_data: 'b' }]])
    expect(photo!.file).toMatchObject({ name: 'radar.png', bytes: PICTURE.bytes })
    expect(document!.file).toMatchObject({ name: '数据.json', bytes: Buffer.from(FILE.bytes) })
    expect(said).toEqual({ card: String(last!.message_id), shown: true, at: expect.any(Number) })
    expect(api.violations).toEqual([])
  })

  it('edits the card in place where nothing stands before it, also by an empty list', async () => {
    const { speak, seen, ada } = await open()
    const { card } = await speak(speech(), null)
    expect(await speak(speech({ before: [], card: cardOf('edited') }), card)).toEqual({
      card,
      shown: true,
      at: expect.any(Number),
    })
    expect(seen()).toEqual([['text', 'edited']])
    expect(ada.lastMessage().edited).toBe(true)
  })

  it.each([
    ['is none', { bytes: new TextEncoder().encode('no picture') }],
    ['is too wide for its height', { bytes: drawPng(210, 10) }],
    ['is too large', { bytes: Buffer.concat([PICTURE.bytes, Buffer.alloc(10 * 1024 * 1024)]) }],
  ])('shows the card below nothing where the picture %s', async (_, wrong) => {
    const { speak, seen, logged, gone } = await open()
    const { card } = await speak(speech(), null)
    const { shown } = await speak(speech({ picture: { ...PICTURE, ...wrong }, card: cardOf('new') }), card)
    expect(shown).toBe(true)
    expect(seen()).toEqual([['text', 'new']])
    expect(logged).toEqual(['could not show a picture'])
    expect(gone).toEqual([])
  })

  it('shows the photo of a message, and where it cannot, its words and buttons', async () => {
    const { ada, api, seen, logged, to } = await open()
    const photo = (hash: string): Card => ({ ...cardOf('通知'), media: { kind: 'photo', ref: `file:${hash}` } })
    const fileOf = async (ref: string) => (ref === 'file:a' ? { bytes: PICTURE.bytes, mime: 'image/png' } : undefined)
    const speak = alone(to(fileOf))
    await speak(speech({ before: [photo('a'), photo('b')] }), null)
    expect(seen()).toEqual([
      ['photo', '通知'],
      ['text', '通知'],
      ['text', 'card'],
    ])
    expect(ada.messages().every(({ buttons }) => buttons.length === 1)).toBe(true)
    expect([logged, api.violations]).toEqual([['could not show a file'], []])
  })

  it('says above the words that the photo could not be shown, to whom that matters', async () => {
    const { seen, to } = await open()
    const fileOf = async (ref: string) => (ref === 'file:a' ? { bytes: PICTURE.bytes, mime: 'image/png' } : undefined)
    const speak = alone(to(fileOf))
    const preview = (hash: string): Card => ({
      ...cardOf('通知'),
      media: { kind: 'photo', ref: `file:${hash}` },
      unshown: '附件发不出去',
    })
    await speak(speech({ before: [preview('a'), preview('b')] }), null)
    expect(seen().slice(0, 2)).toEqual([
      ['photo', '通知'],
      ['text', '附件发不出去\n\n通知'],
    ])
  })

  it('repeats nothing once another process may serve the person', async () => {
    const { api, speak, seen, to } = await open()
    const { card } = await speak(speech(), null)
    const asked: string[] = []
    const lost = new Error('not ours any more')
    const stillOurs = (what: string, ours: boolean) => async () => {
      asked.push(what)
      if (!ours) throw lost
    }
    api.failNext({ method: 'editMessageText', status: 502 })
    await to()(speech({ card: cardOf('repeated') }), card, stillOurs('ours', true))
    expect([seen(), asked]).toEqual([[['text', 'repeated']], ['ours']])
    api.failNext({ method: 'editMessageText', status: 429, retryAfter: 1 })
    await expect(to()(speech({ card: cardOf('older') }), card, stillOurs('limited', false))).rejects.toBe(lost)
    await speak(speech({ move: true, card: cardOf('newer, elsewhere') }), card)
    await expect(to()(speech({ card: cardOf('older') }), card, stillOurs('removed', false))).rejects.toBe(lost)
    expect([seen(), asked]).toEqual([[['text', 'newer, elsewhere']], ['ours', 'limited', 'removed']])
  })

  it('knows its new card whatever becomes of the old one', async () => {
    const { api, speak, to, ada } = await open()
    const { card } = await speak(speech(), null)
    api.failNext({ method: 'deleteMessage', status: 429, retryAfter: 1 })
    const notOurs = async () => {
      throw new Error('not ours any more')
    }
    const moved = await to()(speech({ move: true, card: cardOf('moved') }), card, notOurs)
    expect(ada.messages().map(({ text, message_id }) => [text, String(message_id)])).toEqual([['moved', moved.card]])
    api.failNext({ method: 'deleteMessage', status: 403 })
    const again = await speak(speech({ move: true, card: cardOf('again') }), moved.card)
    expect(again).toEqual({ card: String(ada.lastMessage().message_id), shown: true, at: expect.any(Number) })
  })

  it('brings a file to its end, and then asks whether the card below it is still the newest', async () => {
    const { api, speak, to, seen } = await open()
    const { card } = await speak(speech(), null)
    const lost = new Error('not ours any more')
    api.failNext({ method: 'sendDocument', status: 502 })
    const notOurs = async () => {
      throw lost
    }
    await expect(to()(speech({ file: FILE }), card, notOurs)).rejects.toBe(lost)
    const theirs = String((await speak(speech({ move: true, card: cardOf('theirs') }), null)).card)
    await speak(speech({ move: true, card: cardOf('truth'), gone: card! }), theirs)
    expect(seen()).toEqual([
      ['document', ''],
      ['text', 'truth'],
    ])
  })

  it('notes who is gone when a picture is shown to them', async () => {
    const { ada, speak, gone, logged } = await open()
    ada.block()
    expect(await speak(speech({ picture: PICTURE }), null)).toEqual({ card: null, shown: false })
    expect([gone, logged]).toEqual([[true], []])
  })

  it.each([
    ['fits', '图'.repeat(1024), '图'.repeat(1024)],
    ['is one too long', '图'.repeat(1025), `${'图'.repeat(1023)}…`],
    ['would be cut within a character', `${'图'.repeat(1022)}😀😀`, `${'图'.repeat(1022)}…`],
    ['is empty', ' ', ''],
  ])('puts words under a picture where the text %s', async (_, alt, caption) => {
    const { speak, ada } = await open()
    await speak(speech({ picture: { ...PICTURE, alt } }), null)
    const [photo] = ada.messages()
    expect([photo!.kind, photo!.text]).toEqual(['photo', caption])
  })
})
