/** What networks, apps and crashes do to taps must change nothing: the ledger holds what the person meant, once. */
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { type Bot, ledgerRows, startBot } from '../support/bot.js'
import { startProgram } from '../support/program.js'
import { answerAll, best, cardOf, optionsOf, pressLabel } from '../support/walker.js'

describe.skipIf(inject('redisUrl') === '')('lossless (needs redis-server)', () => {
  let bot: Bot
  beforeEach(async () => {
    bot = await startBot('servers')
  })
  afterEach(() => bot.stop())

  const start = async (id: number) => {
    const person = bot.api.person(id)
    person.send('/start')
    await bot.api.settled()
    return person
  }
  const data = (person: Awaited<ReturnType<typeof start>>, option: number) =>
    optionsOf(cardOf(person))[option]!.callback_data!
  /** A press is answered as soon as its card is on the way, so that one that Telegram refuses at first comes later. */
  const shows = (person: Awaited<ReturnType<typeof start>>, text: string) =>
    bot.api.until(() => cardOf(person).text.includes(text), `${text} to be shown`)

  it('takes a double tap as one answer and stands at the next question', async () => {
    const person = await start(1)
    const [message, tap] = [cardOf(person).message_id, data(person, 0)]
    person.pressOld(message, tap)
    person.pressOld(message, tap)
    await bot.api.settled()
    await shows(person, '第 2/92 题')
    expect((await ledgerRows(bot.env)).map(({ question_id }) => question_id)).toEqual(['P1-01'])
  })

  it('keeps the first of two different taps, and shows it', async () => {
    const person = await start(2)
    const [message, yes, no] = [cardOf(person).message_id, data(person, 0), data(person, 1)]
    person.pressOld(message, yes)
    await bot.api.settled()
    person.pressOld(message, no)
    await bot.api.settled()
    expect(cardOf(person).text).toContain('第 1/92 题')
    expect(cardOf(person).text).toContain('已答：是')
    expect((await ledgerRows(bot.env)).map(({ value }) => value)).toEqual(['yes'])
  })

  it('changes nothing on redelivery, and on the same press under a new update id', async () => {
    const person = await start(3)
    const pressed = person.press(cardOf(person).message_id, data(person, 0))
    await bot.api.settled()
    for (let i = 0; i < 3; i += 1) {
      person.redeliver(pressed.updateId)
      person.resend(pressed.updateId)
      await bot.api.settled()
    }
    expect(cardOf(person).text).toContain('第 2/92 题')
    expect(await ledgerRows(bot.env)).toHaveLength(1)
  })

  it('opens an old question with its saved answer when an old button is tapped', async () => {
    const person = await start(4)
    const old = data(person, 1)
    for (let i = 0; i < 5; i += 1) {
      person.press(cardOf(person).message_id, data(person, 0))
      await bot.api.settled()
    }
    person.pressOld(cardOf(person).message_id, old)
    await bot.api.settled()
    expect(cardOf(person).text).toContain('第 1/92 题')
    expect(cardOf(person).text).toContain('已记为「是」')
    expect(await ledgerRows(bot.env)).toHaveLength(5)
    // Typed now, it may have been meant for question 6, which stood there a moment ago: it is asked first.
    person.send('否')
    await bot.api.settled()
    expect(cardOf(person).text).toContain('要把这一题改为「否」吗')
    await pressLabel(bot.api, person, '改成这个')
    expect((await ledgerRows(bot.env)).at(-1)).toMatchObject({ question_id: 'P1-01', revision: 2, value: 'no' })
    expect(cardOf(person).text).toContain('第 6/92 题')
  })

  it('never takes a typed answer for a question that was not shown when it was typed', async () => {
    const person = await start(5)
    for (let i = 0; i < 3; i += 1) {
      person.press(cardOf(person).message_id, data(person, 0))
      await bot.api.settled()
    }
    expect(cardOf(person).text).toContain('第 4/92 题') // a percentage
    person.send('95')
    person.send('95') // the finger slipped: the second one must not answer question 5
    await bot.api.settled()
    const rows = await ledgerRows(bot.env)
    expect(rows.map(({ question_id }) => question_id)).toEqual(['P1-01', 'P1-02', 'P1-03', 'P1-04'])
    expect(cardOf(person).text).toContain('第 5/92 题')
    expect(cardOf(person).text).toContain('没有保存')
  })

  it('asks to confirm what may have been typed for the question before, and takes at once what may not', async () => {
    const person = await start(12)
    const press = async () => {
      person.press(cardOf(person).message_id, data(person, 0))
      await bot.api.settled()
    }
    for (let i = 0; i < 3; i += 1) await press()
    expect(cardOf(person).text).toContain('第 4/92 题') // a percentage, after one that takes words
    person.send('95')
    await bot.api.settled()
    person.send('95') // once more, when the next card was there already, but before anybody can have read it
    await bot.api.settled()
    const answered = async () => (await ledgerRows(bot.env)).map(({ question_id }) => question_id)
    expect(await answered()).toEqual(['P1-01', 'P1-02', 'P1-03', 'P1-04'])
    const firstOption = () => cardOf(person).buttons[0]![0]!.text
    /** Presses on until a card stands there whose best option has, or has not, the words of the one before. */
    const pressUntil = async (same: boolean) => {
      for (let before = ''; (before === firstOption()) !== same || /\d/.test(firstOption()); await press())
        before = firstOption()
    }
    await pressUntil(false)
    const before = (await answered()).length
    person.send(firstOption())
    await bot.api.settled()
    expect(await answered()).toHaveLength(before + 1)
    await pressUntil(true)
    const then = (await answered()).length
    person.send(firstOption())
    await bot.api.settled()
    expect(cardOf(person).text).toContain('是答这一题的吗')
    expect(await answered()).toHaveLength(then)
    await pressLabel(bot.api, person, '是，答这一题')
    expect(await answered()).toHaveLength(then + 1)
  })

  it('loses nothing when Redis loses everything, in the middle of a sheet', async () => {
    const person = await start(6)
    const first = cardOf(person).message_id
    for (let i = 0; i < 20; i += 1) {
      person.press(cardOf(person).message_id, data(person, 0))
      await bot.api.settled()
      if (i % 7 === 3) {
        const redis = new Redis(bot.env.REDIS_URL!)
        await redis.flushdb()
        redis.disconnect()
      }
    }
    expect(await ledgerRows(bot.env)).toHaveLength(20)
    // Each time the card came anew, and the old one went.
    expect(cardOf(person).message_id).toBeGreaterThan(first)
    expect(person.messages().some(({ message_id }) => message_id === first)).toBe(false)
    const redis = new Redis(bot.env.REDIS_URL!)
    await redis.flushdb()
    redis.disconnect()
    person.send('12') // nobody can know which question this was meant for
    await bot.api.settled()
    expect(await ledgerRows(bot.env)).toHaveLength(20)
    expect(cardOf(person).text).toContain('已答 20/98 题')
    await pressLabel(bot.api, person, '继续')
    expect(await answerAll(bot.api, person, best)).toBe(78)
  })

  it('serves one person on two processes in order, with every tap delivered to both', async () => {
    const second = await startProgram({ ...bot.env, PORT: '0', BOT_TOKEN: '' })
    const person = await start(7)
    const inbound = (id: number, tap: string) => ({
      id: String(id),
      address: 'telegram:7',
      order: id,
      position: null,
      guest: false,
      content: { kind: 'press', data: tap, card: String(cardOf(person).message_id) } as const,
    })
    const silent = async (_speech: unknown, card: string | null) => ({ card, shown: true })
    const taps: string[] = []
    for (let i = 0; i < 10; i += 1) {
      taps.push(data(person, 0))
      await Promise.all([
        bot.program.dispatch.handle(inbound(9_000_000 + i, taps[i]!), silent),
        second.dispatch.handle(inbound(9_000_000 + i, taps[i]!), silent),
        second.dispatch.handle(inbound(9_100_000 + i, taps[i]!), silent),
      ])
      person.send('/assess')
      await bot.api.settled()
    }
    await second.stop()
    const rows = await ledgerRows(bot.env)
    expect(rows).toHaveLength(10)
    expect(rows.every(({ revision }) => revision === 1)).toBe(true)
    expect(cardOf(person).text).toContain('第 11/92 题')
  })

  it('goes on after 429, 502, lost connections, a blocked bot and an expired press', async () => {
    const person = await start(8)
    bot.api.failNext({
      method: 'editMessageText',
      status: 429,
      description: 'Too Many Requests: retry after 1',
      retryAfter: 1,
    })
    person.press(cardOf(person).message_id, data(person, 0))
    await shows(person, '第 2/92 题')
    bot.api.failNext({ method: 'editMessageText', status: 502, description: 'Bad Gateway' })
    person.press(cardOf(person).message_id, data(person, 0))
    await shows(person, '第 3/92 题')
    bot.api.failNext({ method: 'editMessageText', drop: 'after' })
    person.press(cardOf(person).message_id, data(person, 0))
    await shows(person, '第 4/92 题')
    bot.api.failNext({
      method: 'answerCallbackQuery',
      status: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    })
    person.press(cardOf(person).message_id, data(person, 0))
    await shows(person, '第 5/92 题')
    person.block()
    await bot.api.settled()
    person.unblock()
    person.send('/start')
    await bot.api.settled()
    expect(cardOf(person).text).toContain('没答完')
    expect(await ledgerRows(bot.env)).toHaveLength(4)
  })

  it('answers presses at once while Telegram has the chat wait, draws nothing meanwhile, and then the last of them', async () => {
    const person = await start(13)
    const [message, tap] = [cardOf(person).message_id, data(person, 0)]
    const edits = () => bot.api.callsOf('editMessageText').filter(({ chatId }) => chatId === person.id)
    const answers = () => bot.api.callsOf('answerCallbackQuery').length
    bot.api.failNext({ method: 'editMessageText', status: 429, retryAfter: 3 })
    const before = answers()
    const began = performance.now()
    for (let i = 1; i <= 3; i += 1) {
      person.pressOld(message, tap)
      await bot.api.until(() => answers() === before + i, 'the press to be answered', { timeoutMs: 1_500 })
    }
    // None of these says that something is not saved yet.
    expect(bot.api.callsOf('answerCallbackQuery').map(({ payload }) => payload.text)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(edits()).toHaveLength(1)
    await shows(person, '第 2/92 题')
    expect(performance.now() - began).toBeGreaterThan(2_900)
    expect(edits()).toHaveLength(2)
    expect(bot.api.callsOf('sendMessage').map(({ payload }) => String(payload.text))).not.toContainEqual(
      expect.stringContaining('还没有保存'),
    )
    expect(await ledgerRows(bot.env)).toHaveLength(1)
  })

  it('asks to confirm what is typed while nobody knows whether its question was ever shown', async () => {
    const person = await start(11)
    for (let i = 0; i < 3; i += 1) {
      person.press(cardOf(person).message_id, data(person, 0))
      await bot.api.settled()
    }
    // Question 4 is answered, and question 5 never reaches the person: Telegram refuses the card.
    bot.api.failNext({ method: 'sendMessage', status: 400, description: 'Bad Request: out of order', times: 1 })
    person.send('95')
    await bot.api.settled()
    expect(cardOf(person).text).toContain('第 4/92 题')
    // So the person writes again what they meant for question 4; question 5 takes words, question 8 would take it.
    person.send('基本符合')
    await bot.api.settled()
    expect(cardOf(person).text).toContain('收到「基本符合」，是答这一题的吗')
    expect((await ledgerRows(bot.env)).map(({ question_id }) => question_id)).toEqual([
      'P1-01',
      'P1-02',
      'P1-03',
      'P1-04',
    ])
  })

  it('keeps every photo of an album that arrives faster than the card moves', async () => {
    const person = await start(12)
    await pressLabel(bot.api, person, '佐证')
    for (let i = 0; i < 4; i += 1) person.sendDocument(`${i}.pdf`, 'application/pdf', Buffer.from(`%PDF-1.4 ${i}`))
    await bot.api.settled()
    expect(cardOf(person).text).toContain('佐证：4 件')
    expect((await ledgerRows(bot.env)).at(-1)!.evidence).toHaveLength(4)
  })

  it('sends a new card when the person has deleted the old one', async () => {
    const person = await start(9)
    const [message, tap] = [cardOf(person).message_id, data(person, 0)]
    bot.api.failNext({ method: 'editMessageText', status: 400, description: 'Bad Request: message to edit not found' })
    person.pressOld(message, tap)
    await shows(person, '第 2/92 题')
  })
})
