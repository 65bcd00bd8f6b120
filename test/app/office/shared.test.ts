/** A community's people on one shared sheet, and their head: mine first, taking, handing over, clashes, sending back, submitting. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from '../../../src/app/deliver.js'
import type { Push } from '../../../src/app/push.js'
import { remind } from '../../../src/app/reminders.js'
import { plain } from '../../../src/app/rich.js'
import type { Card } from '../../../src/app/speech.js'
import { DAY_MS, openDesk, type TestDesk, type Visitor } from '../../support/desk.js'

let office: TestDesk
beforeEach(async () => {
  office = await openDesk()
})
afterEach(() => office.close())

async function district() {
  const community = await office.community('渝康社区')
  const head = await office.member('head', community, { name: '李书记' })
  const wang = await office.member('worker', community, { name: '王芳', posts: ['网格员'] })
  const zhao = await office.member('worker', community, { name: '赵强', posts: ['综合岗'] })
  const { id: round, assessments } = await office.round([community])
  return { community, head, wang, zhao, round, assessment: assessments[community]! }
}

/** Answers the question on the card with its best option. */
async function answerBest(visitor: Visitor): Promise<string> {
  const option = visitor.card().rows[0]![0]!
  return visitor.pressData(option.data)
}

/** Answers until nothing is asked any more. */
async function answerAll(visitor: Visitor): Promise<number> {
  let count = 0
  for (; visitor.card().rows[0]?.[0]?.data.startsWith('a:'); count += 1) await answerBest(visitor)
  return count
}

async function pushed(): Promise<{ address: string; card: Card }[]> {
  const sent: { address: string; card: Card }[] = []
  const push: Push = async (address, { card }) => {
    sent.push({ address, card })
    return { kind: 'sent', message: null }
  }
  // A chat takes one message a second.
  for (let seconds = 0; seconds < 4; seconds += 1) {
    while ((await deliver(office.desk, 'telegram:', push, 'process')) > 0);
    office.clock.now += 1_200
  }
  return sent
}

describe('a shared sheet', () => {
  it('shows a worker of one community what is theirs, and asks only that', async () => {
    const { wang } = await district()
    expect(await wang.command('start')).toContain('我的指标 · 渝康社区')
    expect(wang.text()).toContain('我的 0/')
    await wang.press('继续答我的')
    expect(wang.text()).toContain('题')
    const count = await answerAll(wang)
    expect(wang.text()).toContain('您的题都答完了')
    expect(wang.text()).toContain(`我的 ${count}/${count} 题已答`)
    expect(count).toBeGreaterThanOrEqual(24)
    expect(wang.labels()).toContain(`帮忙答其他未答的（${98 - count} 题）`)
  })

  it('shows the other’s answer with name and time before it can be changed', async () => {
    const { wang, zhao } = await district()
    await wang.command('start')
    await wang.press('继续答我的')
    const asked = wang.card().rows[0]![0]!.data
    const question = asked.split(':')[2]!
    const sheet = asked.split(':')[1]!
    await answerBest(wang)
    await zhao.command('start')
    expect(await zhao.pressData(`q:${sheet}:${question}`)).toMatch(/王芳 \d\d:\d\d 已答：/)
  })

  it('notes a clash of two at once, shows it to the later one, and tells the first and the head', async () => {
    const { wang, zhao, head, assessment } = await district()
    await wang.command('start')
    await wang.press('继续答我的')
    const [best, second] = wang.card().rows.flat()
    const [, sheet, question] = best!.data.split(':')
    await zhao.command('start')
    await zhao.pressData(`q:${sheet}:${question}`)
    await wang.pressData(best!.data)
    // The other still sees the card of before.
    expect(await zhao.pressData(second!.data)).toContain('没有改动')
    expect(zhao.text()).toContain('王芳')
    const told = await pushed()
    expect(told.map(({ address }) => address).sort()).toEqual([wang.address, head.address].sort())
    expect(plain(told[0]!.card.text)).toContain('赵强后来选')
    expect(await office.count('clash')).toBe(1)
    await head.command('summary')
    expect(head.text()).toContain('答案有分歧 1 处')
    await head.press('分歧')
    expect(head.text()).toContain('王芳')
    await head.press(question!)
    await head.press('就以现在的答案为准')
    expect(head.text()).toContain('已按现在的答案了结')
    expect(await office.desk.work.clashes(assessment)).toEqual([])
  })

  it('takes what is typed for a question that was answered meanwhile only after a confirming tap', async () => {
    const { wang, zhao } = await district()
    await wang.command('start')
    await wang.press('继续答我的')
    const [best, second] = wang.card().rows.flat()
    const [, sheet, question] = best!.data.split(':')
    await zhao.command('start')
    await zhao.pressData(`q:${sheet}:${question}`)
    await wang.pressData(best!.data)
    await zhao.type(second!.label)
    expect(zhao.text()).toContain('要把这一题改为')
    expect(await office.count('answer')).toBe(1)
    await zhao.press('改成这个')
    expect(await office.count('answer')).toBe(2)
  })

  it('lets a worker take and hand over, and tells the new one', async () => {
    const { wang, zhao } = await district()
    await wang.command('start')
    await wang.press('继续答我的')
    const question = wang.card().rows[0]![0]!.data.split(':')[2]!
    await wang.press('转交')
    await wang.press('赵强')
    expect(wang.text()).toContain('请用一句话写明原因')
    expect(await wang.type('')).toContain('例如')
    expect(await wang.type('这项归综合岗管')).toContain('已转交给赵强')
    const told = await pushed()
    expect(told).toHaveLength(1)
    expect(plain(told[0]!.card.text)).toContain('分给您 1 项指标')
    expect(plain(told[0]!.card.text)).toContain('这项归综合岗管')
    await zhao.pressData(told[0]!.card.rows[0]![0]!.data)
    expect(zhao.text()).toContain('我的指标')
    await zhao.press('继续答我的')
    expect(await office.count(`assignment WHERE indicator_id = $1`, question)).toBe(1)
    await wang.press('目录')
    await wang.pressData(zhao.card().rows[0]![0]!.data.replace(/^a:(.*?):(.*?):.*$/, 'q:$1:$2'))
    await wang.press('领取这一题')
    expect(wang.text()).toContain('已领取')
  })

  it('lets only the head submit, sends back with a comment, and closes the sheet for all', async () => {
    const { wang, zhao, head, assessment } = await district()
    for (const one of [wang, zhao, head]) {
      await one.command('start')
      if (one === head) await one.press('进入')
      for (let i = 0; i < 3 && !one.labels().some((label) => label.startsWith('目录')); i += 1)
        await one.command('start')
    }
    const post = ['党务岗', '社区书记', '民政岗', '社保岗']
    await head.command('summary')
    await head.press('未完成的人')
    for (const name of post) {
      await head.press(`分配：${name}`)
      await head.press('王芳')
      expect(head.text()).toContain('分给王芳')
    }
    for (const one of [wang, zhao]) {
      await one.command('start')
      await one.press('继续答我的')
      await answerAll(one)
      expect(one.text()).toContain('您的题都答完了')
    }
    await head.command('summary')
    expect(head.text()).toContain('等级：')
    await head.press('各题明细')
    await head.pressData(head.card().rows[0]![0]!.data)
    await head.pressData(head.card().rows[0]![0]!.data)
    await head.press('退回重答')
    await head.type('台账里只有 8 户，请核对')
    expect(head.text()).toContain('已退回')
    const told = await pushed()
    const back = told.find(({ card }) => plain(card.text).includes('被退回'))!
    expect(plain(back.card.text)).toContain('台账里只有 8 户')
    const author = [wang, zhao].find(({ address }) => address === back.address)!
    await author.pressData(back.card.rows[0]![0]!.data)
    expect(author.text()).toContain('退回意见')
    await answerBest(author)
    expect(author.text()).toContain('您的题都答完了')
    await head.command('summary')
    expect(head.text()).not.toContain('退回待重答')
    await head.press('提交')
    await head.press('确认提交')
    expect(head.text()).toContain('已提交')
    expect((await office.desk.rounds.assessment(assessment))!.status).toBe('submitted')
    await wang.command('start')
    expect(wang.text()).toContain('不能再改')
    expect(await office.count('audit WHERE action = $1', 'assessment_submitted')).toBe(1)
    await head.press('导出 CSV')
    const file = head.said.at(-1)!.file!
    expect(file.name).toBe('渝康社区-2026年第4季度评定.csv')
    expect(new TextDecoder().decode(file.bytes).split('\r\n')).toHaveLength(98 + 1 + 1)
  })

  it('forgets a worker who was removed: no more answers, no more sight', async () => {
    const { wang, head } = await district()
    await wang.command('start')
    await wang.press('继续答我的')
    const option = wang.card().rows[0]![0]!.data
    const [, sheet, question] = option.split(':')
    await office.desk.members.end(
      (await office.desk.members.memberships(wang.person))[0]!.id,
      { anonymous: false },
      {
        id: 'x1',
        at: new Date(office.clock.now),
        person: head.person,
        action: 'member_removed',
        subject: 'x',
        community: null,
        before: null,
        after: null,
      },
    )
    await wang.pressData(option)
    expect(await office.count('answer')).toBe(0)
    expect(wang.text()).not.toContain('渝康社区')
    await wang.pressData(`q:${sheet}:${question}`)
    expect(wang.labels().some((label) => label.includes('领取'))).toBe(false)
    expect(office.warnings.some(({ message }) => message === 'a press was refused')).toBe(true)
  })
})

describe('reminders', () => {
  it('come once for each step, at a decent hour, to those who have something open', async () => {
    const { wang, zhao } = await district()
    office.clock.now += 5 * DAY_MS
    expect(await remind(office.desk)).toBe(2)
    expect(await remind(office.desk)).toBe(0)
    expect((await pushed()).map(({ address }) => address).sort()).toEqual([wang.address, zhao.address].sort())
    // 03:00 in Shanghai, a day before the deadline: it waits for nine.
    office.clock.now += 1.3 * DAY_MS
    expect(await remind(office.desk)).toBe(2)
    const early = await pushed()
    office.clock.now += DAY_MS / 3
    const late = await pushed()
    expect(early.length + late.length).toBe(2)
  })

  it('are sent by the head to one person, once a day', async () => {
    const { head, wang } = await district()
    await head.command('summary')
    await head.press('未完成的人')
    await head.press('王芳')
    await head.press('提醒一下')
    expect(head.text()).toContain('已提醒王芳')
    await head.press('提醒一下')
    expect(head.text()).toContain('今天已提醒过')
    const told = await pushed()
    expect(told.map(({ address }) => address)).toEqual([wang.address])
    expect(plain(told[0]!.card.text)).toContain('还有')
  })
})
