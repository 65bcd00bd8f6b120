/** What people type and send: numbers in every spelling, what is no answer, reasons, notes, evidence, languages, their own data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bot, startBot } from '../support/bot.js'
import { answerAll, best, cardOf, optionsOf, pressLabel } from '../support/walker.js'

let bot: Bot
let next = 100
beforeAll(async () => {
  bot = await startBot('embedded')
})
afterAll(() => bot.stop())

const start = async () => {
  next += 1
  const person = bot.api.person(next)
  person.send('/start')
  await bot.api.settled()
  return person
}
type Who = Awaited<ReturnType<typeof start>>
const say = async (person: Who, text: string) => {
  person.send(text)
  await bot.api.settled()
  return cardOf(person).text
}
/** Opens the n-th question by the contents, as a person would. */
const open = async (person: Who, section: string, title: string) => {
  await pressLabel(bot.api, person, '目录')
  await pressLabel(bot.api, person, section)
  const card = cardOf(person)
  person.press(card.message_id, ({ text }) => text.includes(title))
  await bot.api.settled()
}

describe('typed numbers', () => {
  it.each([
    ['12', '12 项'],
    ['12项', '12 项'],
    ['\uff11\uff12', '12 项'],
    ['十二', '12 项'],
    [' 12 个 ', '12 项'],
    ['0', '0 项'],
  ])('takes %s as a count', async (typed, read) => {
    const person = await start()
    await open(person, '服务完善', '公益服务和办实事')
    const before = cardOf(person).message_id
    await say(person, typed)
    expect(cardOf(person).message_id).toBeGreaterThan(before)
    await pressLabel(bot.api, person, '上一题')
    expect(cardOf(person).text).toContain(`已答：${read}`)
  })

  it.each([
    ['95', '95%'],
    ['95%', '95%'],
    ['95\uff05', '95%'],
    ['百分之九十五', '95%'],
    ['九成五', '95%'],
    ['95.5', '95.5%'],
  ])('takes %s as a percentage', async (typed, read) => {
    const person = await start()
    await open(person, '组织体系', '网格和小区党组织覆盖')
    await say(person, typed)
    await pressLabel(bot.api, person, '上一题')
    expect(cardOf(person).text).toContain(`已答：${read}`)
  })

  it.each(['3/4', '2.5', '-3', '10-12', '很多', '五十到六十', 'x'.repeat(4000), '😀', '1e3', '99999999999999999999'])(
    'answers %s with one sentence and an example, and asks the same question again',
    async (typed) => {
      const person = await start()
      await open(person, '服务完善', '公益服务和办实事')
      const shown = cardOf(person).text
      const text = await say(person, typed)
      expect(text).toMatch(/^没有记录：.*例如 10 项。\n/)
      expect(text).toContain(shown)
      expect(person.messages().length).toBe(2)
    },
  )

  it('answers a sticker with one sentence, and keeps the question', async () => {
    const person = await start()
    person.sendSticker()
    await bot.api.settled()
    expect(cardOf(person).text).toMatch(/^没有记录：.*例如 是。/)
    expect(cardOf(person).text).toContain('第 1/92 题')
  })

  it('takes the words of an option', async () => {
    const person = await start()
    expect(await say(person, '是')).toContain('第 2/92 题')
    expect(await say(person, '基本符合')).toContain('第 3/92 题')
    expect(await say(person, '差不多')).toContain('没有记录：请点下面的选项')
  })
})

describe('around the question', () => {
  it('asks a reason for not applicable, and shows it in the result', async () => {
    const person = await start()
    await open(person, '党员管理', '流动党员管理')
    await pressLabel(bot.api, person, '不适用')
    expect(cardOf(person).text).toContain('为什么不适用')
    expect(await say(person, '本社区没有流动党员')).toContain('已记为不适用')
    expect(await say(person, '/result')).toContain('不适用 1 项')
    expect(cardOf(person).text).toContain('P2-02 流动党员管理：本社区没有流动党员')
  })

  it('offers not applicable only where the rubric allows it', async () => {
    const person = await start()
    expect(
      cardOf(person)
        .buttons.flat()
        .map(({ text }) => text),
    ).not.toContain('不适用')
  })

  it('keeps note and evidence beside the answer, whatever comes first', async () => {
    const person = await start()
    await pressLabel(bot.api, person, '备注')
    await say(person, '台账在二楼')
    expect(cardOf(person).text).toContain('备注：台账在二楼')
    await pressLabel(bot.api, person, '佐证')
    person.sendPhoto()
    await bot.api.settled()
    person.sendDocument('批复.pdf', 'application/pdf', Buffer.from('%PDF-1.4'))
    await bot.api.settled()
    person.sendLocation(29.6, 106.5)
    await bot.api.settled()
    expect(cardOf(person).text).toContain('佐证：3 件')
    await pressLabel(bot.api, person, '返回题目')
    await pressLabel(bot.api, person, '是')
    await pressLabel(bot.api, person, '上一题')
    expect(cardOf(person).text).toContain('已答：是')
    expect(cardOf(person).text).toContain('备注：台账在二楼')
    expect(cardOf(person).text).toContain('佐证：3 件')
  })

  it('explains the requirement, and says whose words they are', async () => {
    const person = await start()
    await pressLabel(bot.api, person, '说明')
    expect(cardOf(person).text).toContain('要求 〔标准原文〕\n社区党组织按期换届,按上级规定开展换届选举')
    expect(cardOf(person).text).toContain('怎么计分 〔项目草案〕')
    await pressLabel(bot.api, person, '返回题目')
    await pressLabel(bot.api, person, '跳过')
    await pressLabel(bot.api, person, '跳过')
    await pressLabel(bot.api, person, '说明')
    expect(cardOf(person).text).toContain('要求 〔项目草案〕')
  })

  it('brings skipped questions back at the end', async () => {
    const person = await start()
    await pressLabel(bot.api, person, '跳过')
    expect(cardOf(person).text).toContain('第 2/92 题')
    let seen = 0
    while (!cardOf(person).text.includes('第 1/92 题')) {
      person.press(
        cardOf(person).message_id,
        (button) => button.callback_data === optionsOf(cardOf(person))[0]!.callback_data,
      )
      await bot.api.settled()
      seen += 1
    }
    expect(seen).toBe(97)
  })

  it('pauses, resumes after a restart, and starts over only when told twice', async () => {
    const person = await start()
    await pressLabel(bot.api, person, '是')
    await pressLabel(bot.api, person, '暂停')
    expect(cardOf(person).text).toContain('已暂停')
    await bot.restart()
    expect(await say(person, '随便说一句')).toContain('没有改动任何答案')
    expect(await say(person, '/start')).toContain('已答 1/98 题')
    await pressLabel(bot.api, person, '继续')
    expect(cardOf(person).text).toContain('第 2/92 题')
    await say(person, '/start')
    await pressLabel(bot.api, person, '重新开始')
    await pressLabel(bot.api, person, '不，返回')
    expect(cardOf(person).text).toContain('第 2/92 题')
    await say(person, '/start')
    await pressLabel(bot.api, person, '重新开始')
    await pressLabel(bot.api, person, '确认重新开始')
    expect(cardOf(person).text).toContain('第 1/92 题')
    expect(cardOf(person).text).not.toContain('已答')
  })

  it('submits once, and takes nothing afterwards', async () => {
    const person = await start()
    const first = optionsOf(cardOf(person))[1]!.callback_data!
    await answerAll(bot.api, person, best)
    expect(cardOf(person).text).toContain('总分：1000.0 分')
    await pressLabel(bot.api, person, '提交')
    await pressLabel(bot.api, person, '再看看')
    await pressLabel(bot.api, person, '提交')
    await pressLabel(bot.api, person, '确认提交')
    expect(cardOf(person).text).toContain('已提交')
    person.pressOld(cardOf(person).message_id, first)
    await bot.api.settled()
    expect(cardOf(person).text).toContain('不能再改')
    expect(cardOf(person).text).toContain('总分：1000.0 分')
  })
})

describe('the person', () => {
  it('switches the language and back; every card follows', async () => {
    const person = await start()
    await say(person, '/language')
    await pressLabel(bot.api, person, 'English')
    expect(cardOf(person).text).toContain('Question 1/92')
    await pressLabel(bot.api, person, 'Explain')
    expect(cardOf(person).text).toContain('the standard’s own words')
    await say(person, '/language')
    await pressLabel(bot.api, person, '简体中文')
    expect(cardOf(person).text).toContain('第 1/92 题')
  })

  it('gets their own data as a file, and can have themselves erased', async () => {
    const person = await start()
    await pressLabel(bot.api, person, '是')
    await say(person, '/privacy')
    await pressLabel(bot.api, person, '下载我的数据')
    const file = person.messages().find(({ kind }) => kind === 'document')!.file!
    expect(JSON.parse(Buffer.from(file.bytes).toString('utf8')).sheets[0].answers).toHaveLength(1)
    await pressLabel(bot.api, person, '删除我的数据')
    await pressLabel(bot.api, person, '确认删除')
    expect(cardOf(person).text).toContain('您的数据已删除')
    await say(person, '/start')
    expect(cardOf(person).text).toContain('第 1/92 题')
    expect(cardOf(person).text).not.toContain('已答')
  })

  it('hears what commands there are when one is unknown, and sees no harm done', async () => {
    const person = await start()
    expect(await say(person, '/foo')).toContain('没有这个命令')
    expect(await say(person, '/cancel')).toContain('没有要取消的操作')
    expect(await say(person, '/help')).toContain('/result')
    expect(await say(person, '/assess')).toContain('第 1/92 题')
  })
})
