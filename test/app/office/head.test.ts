/** What a head and an admin see and may do: large communities, long texts, things that have changed since they were seen. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliver } from '../../../src/app/deliver.js'
import type { Push } from '../../../src/app/push.js'
import { plain } from '../../../src/app/rich.js'
import type { Card } from '../../../src/app/speech.js'
import { LONGEST_CARD } from '../../../src/app/speech.js'
import { DAY_MS, openDesk, type TestDesk, type Visitor } from '../../support/desk.js'

let office: TestDesk
let community: string
let head: Visitor
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
  head = await office.member('head', community, { name: '李书记' })
})
afterEach(() => office.close())

const worker = (name: string, ...posts: string[]) => office.member('worker', community, { name, posts })

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

/** Somebody before the first question that is theirs; its id, and the buttons of its options. */
async function atFirst(visitor: Visitor): Promise<{ sheet: string; question: string; options: string[] }> {
  await visitor.command('start')
  await visitor.press('继续答我的')
  const options = visitor
    .card()
    .rows.flat()
    .map(({ data }) => data)
    .filter((data) => data.startsWith('a:'))
  const [, sheet, question] = options[0]!.split(':')
  return { sheet: sheet!, question: question!, options }
}

describe('handing over and taking', () => {
  const handed = () => office.count('assignment')

  it('hands over only what is the visitor’s own now', async () => {
    const wang = await worker('王芳', '网格员')
    const zhao = await worker('赵强', '综合岗')
    const { assessments } = await office.round([community])
    const id = assessments[community]!
    const { question } = await atFirst(wang)
    const [to] = await office.desk.members.memberships(wang.person)
    await zhao.command('start')
    expect(await zhao.pressData(`P:hand:${id}:${question}`)).toContain('现在不归您')
    await zhao.pressData(`P:hand_why:${id}:${question}:${to!.id}`)
    expect(await zhao.type('这项归网格员管')).toContain('已经过期')
    expect(await zhao.pressData(`P:hand_why:${id}:G1:${to!.id}`)).toContain('现在不归您')
    expect(await handed()).toBe(0)
    expect(await pushed()).toEqual([])
  })

  it('says that it is handed over also where the message comes twice, and tells once', async () => {
    const wang = await worker('王芳', '网格员')
    const zhao = await worker('赵强', '综合岗')
    await office.round([community])
    await atFirst(wang)
    await wang.press('转交')
    await wang.press('赵强')
    expect(await wang.crashing(() => wang.type('这项归综合岗管'))).toContain('已转交给赵强')
    expect([await handed(), await office.count(`audit WHERE action = 'indicator_handed_over'`)]).toEqual([1, 1])
    expect((await pushed()).map(({ address }) => address)).toEqual([zhao.address])
  })

  it('is settled before a round opens, and not after it has closed', async () => {
    const wang = await worker('王芳', '网格员')
    const opensAt = new Date(office.clock.now + DAY_MS)
    const { id: round, assessments } = await office.round([community], { opensAt })
    const id = assessments[community]!
    await head.pressData(`P:assign:${id}:G1-01`)
    expect(await head.press('王芳')).toContain('已把 1 项分给王芳')
    await head.pressData(`P:assign:${id}:G1-01`)
    const [to] = await office.desk.members.memberships(wang.person)
    office.clock.now += 8 * DAY_MS
    expect(await head.pressData(`D:assign_to:${id}:G1-01:${to!.id}`)).toContain('没有可答的评分表')
    expect(await head.pressData(`P:assign:${id}:G1-02`)).toContain('没有可答的评分表')
    await head.pressData(`P:people:${id}`)
    expect(head.labels().filter((label) => label.startsWith('分配'))).toEqual([])
    expect(await office.count(`audit WHERE action = 'indicators_assigned'`)).toBe(1)
    expect((await office.desk.rounds.round(round))!.status).toBe('published')
  })

  it('takes by name what was one’s own by post, so that it stays with them', async () => {
    const wang = await worker('王芳', '网格员')
    const { assessments } = await office.round([community])
    const { question } = await atFirst(wang)
    expect(await wang.pressData(`D:take:${assessments[community]}:${question}`)).toContain('已领取')
    expect(await office.desk.work.assigned(assessments[community]!)).toEqual(new Map([[question, wang.person]]))
    office.clock.now += 8 * DAY_MS
    await wang.pressData(`D:take:${assessments[community]}:G1-02`)
    expect(await handed()).toBe(1)
  })
})

describe('an invitation that is opened again', () => {
  it('keeps the posts where nothing is changed', async () => {
    await head.pressData(`P:invite_worker:${community}`)
    await head.press('生成链接')
    const link = head.said.at(-1)!.before!.map((card) => plain(card.text))
    const code = /start=([\w-]+)/.exec(link.join('\n'))![1]!
    const wang = await worker('王芳', '网格员', '综合岗')
    expect(await wang.command('start', code)).toContain('您已有这个身份，可以改岗位')
    expect(wang.labels()).toEqual(expect.arrayContaining(['✓ 网格员', '✓ 综合岗']))
    await wang.press('确认加入')
    const [held] = await office.desk.members.memberships(wang.person)
    expect([...held!.posts].sort()).toEqual(['网格员', '综合岗'].sort())
    await wang.command('start', code)
    await wang.press('✓ 综合岗')
    await wang.press('确认加入')
    expect((await office.desk.members.memberships(wang.person))[0]!.posts).toEqual(['网格员'])
  })
})

describe('a large community', () => {
  it('is shown whole, twenty people a page, also where one is chosen', async () => {
    const { assessments } = await office.round([community])
    const id = assessments[community]!
    for (let i = 1; i <= 60; i += 1) await worker(`工作人员${String(i).padStart(2, '0')}`)
    const seen = async (page: string, args: string) => {
      const names: string[] = []
      await head.pressData(`P:${page}:${args}`)
      for (;;) {
        expect(head.text().length).toBeLessThan(LONGEST_CARD)
        names.push(...head.labels().flatMap((label) => /^工作人员\d\d/.exec(label)?.[0] ?? []))
        if (!head.labels().includes('下一页')) return [...new Set(names)]
        await head.press('下一页')
      }
    }
    expect(await seen('people', id)).toHaveLength(60)
    expect(await seen('assign', `${id}:G1-01`)).toHaveLength(60)
  })

  it('shows one history of long notes, and each note once', async () => {
    const wang = await worker('王芳')
    const zhao = await worker('赵强')
    const { assessments } = await office.round([community])
    const { sheet, question, options } = await atFirst(wang)
    await wang.pressData(options[0]!)
    const note = '台'.repeat(200)
    await zhao.command('start')
    for (let i = 0; i < 6; i += 1) {
      await zhao.pressData(`t:${sheet}:${question}`)
      expect(await zhao.type(`${i}${note}`)).toContain('备注已保存')
    }
    await wang.pressData(`q:${sheet}:${question}`)
    const again = wang
      .card()
      .rows.flat()
      .find(({ data }) => data.startsWith('a:') && data.endsWith(options[1]!.split(':').at(-1)!))!
    await wang.pressData(again.data)
    await head.pressData(`P:detail:${assessments[community]}:${question}`)
    const text = head.text()
    expect(text.length).toBeLessThan(LONGEST_CARD)
    expect(text.match(/王芳：/g)).toHaveLength(2)
    expect(text.match(/赵强：备注或佐证/g)).toHaveLength(6)
    expect(text.match(/台{59}…/g)).toHaveLength(6)
    await head.pressData(`P:details:${assessments[community]}:${question.split('-')[0]}`)
    expect(head.text().length).toBeLessThan(LONGEST_CARD)
  })

  it('shows clashes on every question, page by page, and what stands by now', async () => {
    const wang = await worker('王芳')
    const zhao = await worker('赵强')
    const { assessments } = await office.round([community])
    const id = assessments[community]!
    const { sheet, question, options } = await atFirst(wang)
    await wang.pressData(options[0]!)
    const value = (data: string) => data.split(':').at(-1)!
    const { questionnaire } = office.desk.books.current
    for (const one of questionnaire.questions)
      await office.desk.work.noteClash({
        sheet,
        question: one.id,
        revision: 1,
        person: zhao.person,
        value: one.id === question ? value(options[1]!) : 'n/a',
        standsPerson: wang.person,
        standsValue: one.id === question ? value(options[0]!) : 'n/a',
        // The newest stands first.
        at: new Date(office.clock.now + (one.id === question ? 1 : 0)),
      })
    await head.pressData(`P:clashes:${id}`)
    const named = new Set<string>()
    for (;;) {
      expect(head.text().length).toBeLessThan(LONGEST_CARD)
      for (const row of head.card().rows) if (row[0]!.data.startsWith('P:detail:')) named.add(row[0]!.label)
      if (!head.labels().includes('下一页')) break
      await head.press('下一页')
    }
    expect(named.size).toBe(questionnaire.questions.length)

    await head.pressData(`P:clashes:${id}`)
    expect(head.text()).toMatch(/现在记的：王芳 .*；后来有人选：赵强/)
    await zhao.command('start')
    await zhao.pressData(`q:${sheet}:${question}`)
    const changed = zhao
      .card()
      .rows.flat()
      .filter(({ data }) => data.startsWith('a:'))
    await zhao.pressData(changed[1]!.data)
    await head.pressData(`P:clashes:${id}`)
    expect(head.text()).toMatch(/当时记的：王芳 .*；后来有人选：赵强 .*；现在记的：赵强/)
  })
})

describe('/summary and /overview', () => {
  it('choose the round that is open before one that is over, closed or to come, and a draft last', async () => {
    const admin = await office.member('admin', null, { name: '周敏' })
    const on = (days: number) => new Date(office.clock.now + days * DAY_MS)
    const named = (name: string, from: number, to: number, draft = false) =>
      office.round([community], { name, opensAt: on(from), deadline: on(to), draft })
    const both = async () => {
      const texts = [await head.command('summary'), await admin.command('overview')]
      return texts.map((text) => /[草将关截进]\S*批/.exec(text)?.[0])
    }
    await named('草案批', 40, 50, true)
    expect((await both())[1]).toBe('草案批')
    expect(head.text()).toContain('还没有发布过评定批次')
    await named('将来批', 20, 30)
    expect(await both()).toEqual(['将来批', '将来批'])
    const { id: closed } = await named('关闭批', -40, -30)
    const change = { at: on(0), person: null, subject: 'x', community: null, before: null, after: null }
    await office.desk.rounds.setStatus(closed, 'closed', { ...change, id: 'x9', action: 'seeded' })
    expect(await both()).toEqual(['关闭批', '关闭批'])
    await named('截止批', -60, -50)
    expect(await both()).toEqual(['截止批', '截止批'])
    await named('进行批', -70, 5)
    expect(await both()).toEqual(['进行批', '进行批'])
    expect(await admin.command('manage')).toContain('进行批')
  })
})

describe('sending back', () => {
  it('is of what the head saw: an answer that came meanwhile is shown instead', async () => {
    const wang = await worker('王芳')
    const { assessments } = await office.round([community])
    const id = assessments[community]!
    const { sheet, question, options } = await atFirst(wang)
    await wang.pressData(options[0]!)
    await head.pressData(`P:detail:${id}:${question}`)
    await head.press('退回重答')
    await wang.pressData(`q:${sheet}:${question}`)
    const again = wang
      .card()
      .rows.flat()
      .filter(({ data }) => data.startsWith('a:'))
    await wang.pressData(again[1]!.data)
    expect(await head.type('请核对')).toContain('没有退回：这一题刚有了新的答案')
    expect(head.text()).toContain('王芳：')
    expect(await office.count('returned')).toBe(0)
    expect(await pushed()).toEqual([])

    await head.press('退回重答')
    expect(await head.crashing(() => head.type('请核对'))).toContain('已退回，并已通知')
    expect(head.labels()).not.toContain('退回重答')
    expect((await pushed()).map(({ address }) => address)).toEqual([wang.address])
    await head.pressData(`P:send_back:${id}:${question}:2`)
    expect(await head.type('再核对一次')).toContain('没有再退回')
    expect(await pushed()).toEqual([])
  })
})

describe('an individual round', () => {
  it('waits for workers, for heads with posts, and for whoever has begun', async () => {
    const wang = await worker('王芳')
    await office.member('head', community, { name: '陈主任', posts: ['网格员'] })
    const { assessments } = await office.round([community], { mode: 'individual' })
    const id = assessments[community]!
    await head.command('summary')
    expect(head.text()).toContain('已交 0/2 份')
    await head.press('未完成的人')
    expect(head.text()).not.toContain('李书记')
    await head.pressData(`D:enter:${id}`)
    await head.pressData(head.card().rows[0]![0]!.data)
    expect(await head.pressData(`P:people:${id}`)).toContain('李书记')

    await wang.command('start')
    for (let i = 0; i < 200 && wang.card().rows[0]?.[0]?.data.startsWith('a:'); i += 1)
      await wang.pressData(wang.card().rows[0]![0]!.data)
    expect(await head.pressData(`P:people:${id}`)).toContain('王芳 已答完，未提交')
    await head.press('王芳')
    expect(await head.press('提醒一下')).toContain('已提醒王芳')
    expect((await pushed()).map(({ address }) => address)).toEqual([wang.address])
  })
})

describe('nobody is left without a way on', () => {
  it('keeps the last admin', async () => {
    const admin = await office.member('admin', null, { name: '周敏' })
    await admin.command('privacy')
    await admin.press('退出社区')
    await admin.press('退出：')
    expect(await admin.press('确认退出')).toContain('您是最后一位管理员')
    expect(await office.desk.members.memberships(admin.person)).toHaveLength(1)
    await office.member('admin', null, { name: '吴刚' })
    await admin.press('退出：')
    expect(await admin.press('确认退出')).toContain('已退出')
  })

  it('leads a member home where practice is off, and somebody else to their data', async () => {
    const wang = await worker('王芳')
    const guest = await office.visitor()
    await wang.pressData('D:practise')
    const sheet = wang
      .card()
      .rows.flat()
      .find(({ data }) => data.startsWith('a:'))!
      .data.split(':')[1]!
    await office.desk.records.submitSheet(sheet, new Date(office.clock.now))
    const change = { at: new Date(office.clock.now), person: null, community: null, before: null, after: null }
    await office.desk.members.setOption('practice', 'off', { ...change, id: 'x8', action: 'seeded', subject: 'x' })
    await wang.pressData(`K:${sheet}`)
    expect(wang.text()).toContain('您好，王芳')
    expect(await guest.command('start')).toContain('凭邀请使用')
    expect(await guest.press('我的数据')).toContain('我的数据')
  })
})

describe('what is said of those who are gone', () => {
  it('is the post in the file, with the state of the sheet in words, and an erased person in the log', async () => {
    const admin = await office.member('admin', null, { name: '周敏' })
    const wang = await worker('王芳', '网格员')
    const { assessments } = await office.round([community])
    const { question, options } = await atFirst(wang)
    await wang.pressData(options[0]!)
    await wang.pressData(`D:take:${assessments[community]}:${question}`)
    await wang.command('privacy')
    await wang.press('删除我的数据')
    await wang.press('确认删除')
    await head.command('summary')
    await head.press('导出 CSV')
    const file = new TextDecoder().decode(head.said.at(-1)!.file!.bytes)
    const row = file.split('\r\n').find((one) => one.includes(`,${question},`) && one.includes('未提交'))!
    expect(row).toMatch(/网格员,[^,]*Z,未提交$/)
    await admin.pressData('P:audit')
    expect(admin.text()).toContain('已删除的用户：领取指标')
  })
})
