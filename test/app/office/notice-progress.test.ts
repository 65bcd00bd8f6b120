/** The card of a notice on its way, what can be done about it, and the list of its people. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Pushed } from '../../../src/app/push.js'
import { LONGEST_CARD } from '../../../src/app/speech.js'
import { EVERYONE } from '../../../src/core/audience.js'
import { openDesk, START, type TestDesk, type Visitor } from '../../support/desk.js'
import { aNotice, seededChange, sendAll, words } from '../notice-fixtures.js'

let office: TestDesk
let community: string
let head: Visitor
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
  head = await office.member('head', community, { name: '李书记' })
})
afterEach(() => office.close())

const BLOCKED: Pushed = { kind: 'unreachable' }
const REFUSED: Pushed = { kind: 'refused', reason: 'Bad Request: chat not found' }

const worker = (name: string, channel: 'telegram' | 'web' = 'telegram') =>
  office.member('worker', community, { name, channel })
const someWorkers = async (...names: string[]) => {
  const all: Visitor[] = []
  for (const name of names) all.push(await worker(name))
  return all
}
const open = async (who: Visitor, notice: string) => {
  await who.pressData(`P:notice:${notice}`)
  return who.page()
}
const read = (notice: string, { person }: Visitor) =>
  office.desk.notices.acknowledge(notice, person, new Date(office.clock.now))
const statusOf = async (notice: string) => (await office.desk.notices.notice(notice))!.status
/** From now on the clock begins at a full minute, so that the card's times are known. */
const at = (hour: number, minute: number, day = 23) => {
  office.clock.now = Date.UTC(2026, 10, day, hour - 8, minute)
}

describe('the card', () => {
  it('tells of a finished notice who got it, who has read it, and what can be done', async () => {
    const [wang, zhao, sun, zhou] = await someWorkers('王芳', '赵强', '孙丽', '周敏')
    const web = await worker('吴刚', 'web')
    at(10, 0)
    const notice = await aNotice(office, community, [wang!, zhao!, sun!, zhou!, web])
    await sendAll(office, { [sun!.address]: BLOCKED, [zhou!.address]: REFUSED })
    await read(notice, wang!)
    expect(await open(head, notice)).toBe(
      [
        '通知 1 · 已发完',
        '周六停水',
        '',
        '收件人：5 人',
        '已收到：████░░░░░░ 2 人（40.0%）',
        '已阅：██░░░░░░░░ 1 人（20.0%）',
        '发送失败：1 人',
        '屏蔽了机器人：1 人，解除后会补发',
        '等本人打开网页：1 人',
        '',
        '确认：2026-11-23（周一）10:00（Asia/Shanghai）',
        '开始发送：2026-11-23（周一）10:00（Asia/Shanghai）',
        '最后一条：2026-11-23（周一）10:00（Asia/Shanghai）',
        '[只重发失败的（1）] [提醒未读的（1）]',
        '[撤回] [照这条再写一条]',
        '[名单] [导出 CSV]',
        '[刷新] [返回]',
      ].join('\n'),
    )
  })

  it('says the same in English, of a notice in its languages', async () => {
    const john = await office.member('head', community, { name: 'John', language: 'en' })
    at(10, 0)
    const notice = await aNotice(office, community, [john], { timeZone: 'Europe/London' })
    await sendAll(office)
    expect(await open(john, notice)).toBe(
      [
        'Notice 1 · sent',
        'No water on Saturday',
        '',
        'Recipients: 1',
        'Received: ██████████ 1 (100.0%)',
        'Read: ░░░░░░░░░░ 0 (0.0%)',
        '',
        'Confirmed: Mon 23 Nov 2026, 02:00 (Europe/London)',
        'First sent: Mon 23 Nov 2026, 02:00 (Europe/London)',
        'Last sent: Mon 23 Nov 2026, 02:00 (Europe/London)',
        '[Remind unread (1)] [Withdraw]',
        '[Write one like it]',
        '[People] [Export CSV]',
        '[Refresh] [Back]',
      ].join('\n'),
    )
  })

  it('tells of one that is being sent how fast it goes and how long it takes', async () => {
    const people = await someWorkers('甲', '乙', '丙', '丁')
    at(10, 0)
    const notice = await aNotice(office, community, people)
    const now = new Date(office.clock.now)
    const taken = await office.desk.outbox.claim('telegram:', 2, now, new Date(office.clock.now + 1000), 'test')
    for (const { id, address } of taken)
      await office.desk.outbox.settle(id, { status: 'sent', at: now, address, message: '7' })
    office.clock.now += 3000
    expect(await open(head, notice)).toBe(
      [
        '通知 1 · 发送中',
        '周六停水',
        '',
        '收件人：4 人',
        '已收到：█████░░░░░ 2 人（50.0%）',
        '已阅：░░░░░░░░░░ 0 人（0.0%）',
        '还要发 2 条',
        '速度：每秒 0.5 条',
        '大约还需 4 秒',
        '',
        '确认：2026-11-23（周一）10:00（Asia/Shanghai）',
        '开始发送：2026-11-23（周一）10:00（Asia/Shanghai）',
        '[暂停] [取消发送]',
        '[撤回]',
        '[名单] [导出 CSV]',
        '[刷新] [返回]',
      ].join('\n'),
    )
    office.clock.now += 60_000
    await head.press('刷新')
    expect(head.text()).toContain('还要发 2 条\n最近 10 秒没有发出\n')
  })

  it('does not wonder that nothing went out before anything can have', async () => {
    const notice = await aNotice(office, community, await someWorkers('甲'))
    expect(await open(head, notice)).toContain('还要发 1 条\n\n确认：')
    office.clock.now += 10_000
    expect(await open(head, notice)).toContain('还要发 1 条\n最近 10 秒没有发出\n')
  })

  it('tells of a scheduled one when it goes out, with weekday and zone', async () => {
    const people = await someWorkers('甲')
    const notice = await aNotice(office, community, people, { sendAt: new Date(Date.UTC(2026, 10, 24, 1)) })
    const page = await open(head, notice)
    expect(page).toContain('通知 1 · 等待定时发送')
    expect(page).toContain('还要发 1 条\n\n定时：2026-11-24（周二）09:00（Asia/Shanghai）\n[取消发送]\n[名单]')
  })

  it('shortens a long first line, and is not shown for drafts', async () => {
    const versions = { 'zh-CN': words(`${'停'.repeat(61)}\n二`) }
    const notice = await aNotice(office, community, [head], { versions })
    expect(await open(head, notice)).toContain(`\n${'停'.repeat(60)}…\n`)
    const draft = await aNotice(office, community, null)
    for (const data of [`P:notice:${draft}`, `P:notice_people:${draft}:all:0`, `P:notice_ask:${draft}:cancel`])
      expect(await head.pressData(data)).toContain('这个按钮已经过期')
  })

  it('is watched from where it was opened, and not for being drawn anew', async () => {
    const notice = await aNotice(office, community, [head])
    await open(head, notice)
    const { address } = head
    expect(await office.desk.notices.watched(new Date(START))).toEqual([{ notice, address }])
    await office.desk.notices.unwatch(notice, address)
    await head.look()
    expect(await office.desk.notices.watched(new Date(START))).toEqual([])
  })

  it('is the head’s for the own community alone, the admin’s for all', async () => {
    const other = await office.community('天宫殿社区')
    const there = await office.member('worker', other)
    const foreign = await aNotice(office, other, [there])
    const district = await aNotice(office, null, [there])
    const admin = await office.member('admin', null)
    for (const id of [foreign, district]) {
      for (const data of [`P:notice:${id}`, `P:notice_ask:${id}:cancel`, `P:notice_people:${id}:all:0`])
        expect(await head.pressData(data)).toContain('您没有这项权限')
      expect(await open(admin, id)).toContain('收件人：1 人')
    }
    // Also from a page of an own notice.
    const own = await aNotice(office, community, [head])
    await open(head, own)
    for (const deed of ['pause', 'resume', 'retry', 'export'])
      expect(await head.pressData(`D:notice_${deed}:${foreign}`)).toContain('您没有这项权限')
    expect(await head.pressData(`D:notice_remind:${foreign}:1`)).toContain('您没有这项权限')
    await head.pressData(`P:notice_ask:${own}:cancel`)
    for (const deed of ['cancel', 'withdraw'])
      expect(await head.pressData(`D:notice_${deed}:${foreign}`)).toContain('您没有这项权限')
    expect(await statusOf(foreign)).toBe('confirmed')
    expect(await office.actions()).toEqual([])
  })
})

describe('steps', () => {
  it('pauses and goes on, each once though its input came twice', async () => {
    const people = await someWorkers('甲', '乙')
    const notice = await aNotice(office, community, people)
    await open(head, notice)
    expect(await head.crashing(() => head.press('暂停'))).toContain('已暂停，没发出的先不发。\n\n通知 1 · 已暂停')
    expect(head.labels().slice(0, 2)).toEqual(['继续', '取消发送'])
    expect(head.text()).toContain('还要发 2 条')
    expect(await sendAll(office)).toEqual([])
    expect(await head.crashing(() => head.press('继续'))).toContain('已继续。\n\n通知 1 · 发送中')
    expect(await sendAll(office)).toHaveLength(2)
    expect(await office.actions()).toEqual(['notice_paused', 'notice_resumed'])
  })

  it('cancels after asking, and says what will happen', async () => {
    const people = await someWorkers('甲', '乙', '丙')
    const notice = await aNotice(office, community, people)
    await open(head, notice)
    await head.press('取消发送')
    expect(head.page()).toBe(
      ['确认取消通知 1？', '还没发出的 3 人不会再收到。', '确认后不能恢复。', '[不，返回]', '[确认取消]'].join('\n'),
    )
    await head.press('不，返回')
    expect(await statusOf(notice)).toBe('confirmed')
    await head.press('取消发送')
    expect(await head.crashing(() => head.press('确认取消'))).toContain(
      '已取消，没发出的不再发。\n\n通知 1 · 已取消\n周六停水\n\n收件人：3 人',
    )
    expect(head.text()).toContain('已取消，没有发：3 人')
    expect(head.labels()).toEqual(['照这条再写一条', '名单', '导出 CSV', '刷新', '返回'])
    expect(await sendAll(office)).toEqual([])
    expect(await office.actions()).toEqual(['notice_cancelled'])
  })

  it('retries what failed, once', async () => {
    const [wang, zhao] = await someWorkers('王芳', '赵强')
    const notice = await aNotice(office, community, [wang!, zhao!])
    await sendAll(office, { [zhao!.address]: REFUSED })
    await open(head, notice)
    expect(await head.crashing(() => head.press('只重发失败的（1）'))).toContain(
      '正在重发失败的消息。\n\n通知 1 · 发送中',
    )
    const again = await sendAll(office)
    expect(again.map(({ address }) => address)).toEqual([zhao!.address])
    expect(await head.pressData(`D:notice_retry:${notice}`)).toContain('没有要重发的消息')
    expect(head.text()).toContain('已收到：██████████ 2 人')
  })

  it('reminds those who have not read it, however often the button is tapped', async () => {
    const [wang, zhao] = await someWorkers('王芳', '赵强')
    const notice = await aNotice(office, community, [wang!, zhao!])
    await sendAll(office)
    await read(notice, wang!)
    await open(head, notice)
    const data = `D:notice_remind:${notice}:1`
    expect(await head.crashing(() => head.press('提醒未读的（1）'))).toContain('正在提醒还没点“已阅”的人。')
    expect(head.text()).toContain('已提醒未读的人 1 次\n还要发 1 条')
    expect(await head.pressData(data)).toContain('正在提醒')
    const reminders = await sendAll(office)
    expect(reminders.map(({ address }) => address)).toEqual([zhao!.address])
    expect(await head.pressData(data)).toMatch(/^已经提醒过了，没有再提醒一次/)
    expect(await sendAll(office)).toEqual([])
    expect(await office.actions()).toEqual(['notice_reminded'])
    await read(notice, zhao!)
    expect(await head.pressData(`D:notice_remind:${notice}:2`)).toContain('没有要提醒的人')
    expect(await head.pressData(`D:notice_remind:${notice}:7`)).toContain('这个按钮已经过期')
  })

  it('withdraws what was sent, and shows how far that is', async () => {
    const [wang, zhao, sun] = await someWorkers('王芳', '赵强', '孙丽')
    const web = await worker('吴刚', 'web')
    at(10, 0)
    const notice = await aNotice(office, community, [wang!, zhao!, sun!, web])
    await sendAll(office)
    await open(head, notice)
    await head.press('撤回')
    expect(head.page()).toBe(
      [
        '确认撤回通知 1？',
        '还没发出的 1 人不会再收到。',
        '3 人已经收到，发给他们的消息会撤回。',
        'Telegram 只能删除 48 小时以内的消息；更早的会划掉，并注明已撤回。网页上显示过的撤不回。',
        '确认后不能恢复。',
        '[不，返回]',
        '[确认撤回]',
      ].join('\n'),
    )
    at(10, 5)
    expect(await head.crashing(() => head.press('确认撤回'))).toContain(
      '已撤回；已发出的消息正在逐条收回。\n\n通知 1 · 撤回中',
    )
    expect(head.text()).toContain('已撤回 0 条，还要撤回 3 条')
    await sendAll(office, { [sun!.address]: REFUSED })
    await head.press('刷新')
    expect(head.page()).toBe(
      [
        '通知 1 · 已撤回',
        '周六停水',
        '',
        '收件人：4 人',
        '已收到：████████░░ 3 人（75.0%）',
        '已阅：░░░░░░░░░░ 0 人（0.0%）',
        '已取消，没有发：1 人',
        '已撤回 2 条，还要撤回 0 条',
        '撤不回 1 条，收件人仍能看到',
        '',
        '确认：2026-11-23（周一）10:00（Asia/Shanghai）',
        '开始发送：2026-11-23（周一）10:00（Asia/Shanghai）',
        '最后一条：2026-11-23（周一）10:00（Asia/Shanghai）',
        '撤回：2026-11-23（周一）10:05（Asia/Shanghai）',
        '[照这条再写一条]',
        '[名单] [导出 CSV]',
        '[刷新] [返回]',
      ].join('\n'),
    )
    expect(await office.actions()).toEqual(['notice_withdrawn'])
  })

  it('does nothing in a wrong phase, and says which one it is', async () => {
    const people = await someWorkers('甲')
    const notice = await aNotice(office, community, people)
    await sendAll(office)
    await open(head, notice)
    for (const deed of ['pause', 'resume'])
      expect(await head.pressData(`D:notice_${deed}:${notice}`)).toContain('没有改动：这条通知现在是“已发完”。')
    expect(await head.pressData(`P:notice_ask:${notice}:cancel`)).toBe('没有改动：这条通知现在是“已发完”。')
    expect(await head.pressData(`D:notice_cancel:${notice}`)).toContain('没有改动')
    await office.desk.notices.withdraw(notice, seededChange(office, `notice:${notice}`))
    await open(head, notice)
    for (const deed of [`pause:${notice}`, `resume:${notice}`, `retry:${notice}`, `remind:${notice}:1`])
      expect(await head.pressData(`D:notice_${deed}`)).toContain('没有改动：这条通知现在是“撤回中”。')
    const scheduled = await aNotice(office, community, people, { sendAt: new Date(START + 86_400_000) })
    await open(head, scheduled)
    for (const deed of [`pause:${scheduled}`, `retry:${scheduled}`, `remind:${scheduled}:1`])
      expect(await head.pressData(`D:notice_${deed}`)).toContain('没有改动：这条通知现在是“等待定时发送”。')
    expect(await head.pressData(`P:notice_ask:${scheduled}:withdraw`)).toContain('没有改动')
    expect(await head.pressData(`P:notice_ask:${scheduled}:discard`)).toContain('这个按钮已经过期')
    expect(await statusOf(notice)).toBe('confirmed')
    expect(await statusOf(scheduled)).toBe('confirmed')
    expect(await office.actions()).toEqual([])
  })

  it('goes on once, and says how it stands where all of it is out by then', async () => {
    const notice = await aNotice(office, community, await someWorkers('甲'))
    await open(head, notice)
    await head.press('暂停')
    const resume = `D:notice_resume:${notice}`
    await head.press('继续')
    expect(await head.pressData(resume)).toContain('已继续。')
    await sendAll(office)
    expect(await head.pressData(resume)).toMatch(/^没有改动：这条通知现在是“已发完”。/)
    // A redelivered tap whose message was out at once is still told what it did.
    await office.desk.notices.setStatus(notice, 'paused', seededChange(office, `notice:${notice}`))
    await head.press('刷新')
    expect(await head.crashing(() => head.press('继续'))).toMatch(/^已继续。\n\n通知 1 · 已发完/)
  })

  it('withdraws and retries while it is being sent, and withdraws while it is paused', async () => {
    const [wang, zhao, sun] = await someWorkers('王芳', '赵强', '孙丽')
    const first = await aNotice(office, community, [wang!, zhao!, sun!])
    const { outbox } = office.desk
    const at = new Date(office.clock.now)
    const [one, two] = await outbox.claim('telegram:', 2, at, new Date(office.clock.now + 1000), 'test')
    await outbox.settle(one!.id, { status: 'failed', at, address: one!.address, reason: 'Bad Request' })
    await outbox.settle(two!.id, { status: 'sent', at, address: two!.address, message: '7' })
    await open(head, first)
    expect(head.labels().slice(0, 4)).toEqual(['暂停', '取消发送', '只重发失败的（1）', '撤回'])
    expect(await head.press('只重发失败的（1）')).toMatch(/^正在重发失败的消息。\n\n通知 1 · 发送中/)
    await head.press('暂停')
    expect(head.labels().slice(0, 3)).toEqual(['继续', '取消发送', '撤回'])
    await head.press('取消发送')
    expect(head.text()).toContain('1 人已经收到，不会收回；要收回，请改点“撤回”。')
    await head.press('不，返回')
    await head.press('撤回')
    expect(head.text()).toContain('还没发出的 2 人不会再收到。\n1 人已经收到，发给他们的消息会撤回。')
    expect(await head.press('确认撤回')).toMatch(/^已撤回/)
    const errands = await sendAll(office)
    expect(errands.map(({ errand }) => errand.do)).toEqual(['withdraw'])
    const second = await aNotice(office, community, [wang!, zhao!])
    await open(head, second)
    await head.press('撤回')
    await head.press('确认撤回')
    expect(await sendAll(office)).toEqual([])
    expect(await office.actions()).toEqual(['notice_retried', 'notice_paused', 'notice_withdrawn', 'notice_withdrawn'])
  })

  it('asks before it reminds anybody at night', async () => {
    const [wang, zhao] = await someWorkers('王芳', '赵强')
    // On a clock of another zone it would be day.
    const notice = await aNotice(office, community, [wang!, zhao!], { timeZone: 'Europe/London' })
    await sendAll(office)
    at(23, 5)
    await open(head, notice)
    await head.crashing(() => head.press('提醒未读的（2）'))
    expect(head.page()).toBe(
      [
        '现在就提醒通知 1 的 2 个未读的人？',
        '发送会落在 22:00 到次日 7:00（Asia/Shanghai），打扰休息；可以照发，也可以换个时间。',
        '[不，返回]',
        '[现在就提醒]',
      ].join('\n'),
    )
    expect(await sendAll(office)).toEqual([])
    await head.press('不，返回')
    await head.press('提醒未读的（2）')
    const meant = head.card().rows[1]![0]!.data
    expect(await head.crashing(() => head.press('现在就提醒'))).toMatch(/^正在提醒/)
    expect(await sendAll(office)).toHaveLength(2)
    expect(await head.pressData(`P:notice_ask:${notice}:remind:1`)).toContain('现在就提醒通知 1')
    expect(await head.pressData(meant)).toMatch(/^已经提醒过了/)
    await office.desk.notices.withdraw(notice, seededChange(office, `notice:${notice}`))
    expect(await head.pressData(`P:notice_ask:${notice}:remind:1`)).toContain('没有改动：这条通知现在是“撤回中”。')
    expect(await office.actions()).toEqual(['notice_reminded'])
  })

  it('writes one more like it, once, for those who are there now', async () => {
    const audience = { ...EVERYONE, roles: ['worker' as const] }
    const media = { kind: 'photo', ref: 'telegram:p' } as const
    const over = { media, audience, sendAt: new Date(START + 86_400_000) }
    const notice = await aNotice(office, community, await someWorkers('甲'), over)
    await open(head, notice)
    expect(head.labels()).not.toContain('照这条再写一条')
    expect(await head.pressData(`D:notice_copy:${notice}`)).toContain('没有改动：这条通知现在是“等待定时发送”。')
    await head.press('取消发送')
    await head.press('确认取消')
    expect(await head.crashing(() => head.press('照这条再写一条'))).toMatch(
      /^已新建草稿.*\n\n通知 2 · 渝康社区（草稿）/,
    )
    expect(head.text()).toContain('附件：照片\n对象：工作人员（1 人）\n发送时间：确认后马上发送')
    const { versions } = (await office.desk.notices.notice(notice))!
    const copy = (await office.desk.notices.byNumber(2))!
    expect(copy).toMatchObject({ versions, media, audience, sendAt: null, community, by: head.person, status: 'draft' })
    expect(await office.desk.notices.byNumber(3)).toBeUndefined()
    expect(await office.actions()).toEqual(['notice_cancelled', 'notice_created'])
    const admin = await office.member('admin', null)
    expect(await admin.go('manage', '审计记录')).toContain('新建通知草稿（通知 2、渝康社区）\n照着哪一条：1')
  })

  it('runs from the page that offers it only', async () => {
    const notice = await aNotice(office, community, await someWorkers('甲'))
    await head.command('start')
    for (const deed of ['pause', 'cancel', 'withdraw', 'export'])
      expect(await head.pressData(`D:notice_${deed}:${notice}`)).toContain('这个按钮已经过期')
    await open(head, notice)
    for (const deed of ['cancel', 'withdraw'])
      expect(await head.pressData(`D:notice_${deed}:${notice}`)).toContain('这个按钮已经过期')
    expect(await office.actions()).toEqual([])
  })

  it('stands in the audit log with the number of the notice', async () => {
    const notice = await aNotice(office, community, await someWorkers('甲'))
    await open(head, notice)
    await head.press('暂停')
    const admin = await office.member('admin', null)
    expect(await admin.go('manage', '审计记录')).toMatch(/李书记：暂停通知（通知 1、渝康社区）/)
  })
})

describe('the people', () => {
  it('who have left are shown as such, those of the district are not', async () => {
    const [wang, zhao] = await someWorkers('王芳', '赵强')
    const admin = await office.member('admin', null, { name: '周敏' })
    const notice = await aNotice(office, null, [wang!, zhao!, admin])
    const [membership] = await office.desk.members.memberships(wang!.person)
    await office.desk.members.end(membership!.id, { anonymous: false }, seededChange(office, `person:${wang!.person}`))
    await open(admin, notice)
    await admin.press('名单')
    expect(admin.text().split('\n').slice(3).sort()).toEqual([
      '周敏（全区）：待发送',
      '王芳（已离开）：待发送',
      '赵强（渝康社区）：待发送',
    ])
    await admin.press('导出 CSV')
    const rows = new TextDecoder().decode(admin.said.at(-1)!.file!.bytes).split('\r\n')
    expect(
      rows
        .slice(1, 4)
        .map((row) => row.slice(2))
        .sort(),
    ).toEqual(['周敏,,待发送,,,', '王芳,已离开,待发送,,,', '赵强,渝康社区,待发送,,,'])
  })

  it('are listed by state, with times and reasons', async () => {
    const [wang, zhao, sun, zhou] = await someWorkers('王芳', '赵强', '孙丽', '周敏')
    const second = await office.community('天宫殿社区')
    await office.join(wang!, 'worker', second)
    at(10, 0)
    const notice = await aNotice(office, community, [wang!, zhao!, sun!, zhou!])
    await sendAll(office, { [sun!.address]: BLOCKED, [zhou!.address]: REFUSED })
    at(10, 7)
    await read(notice, wang!)
    await open(head, notice)
    await head.press('名单')
    const page = head.page().split('\n')
    expect(page.slice(0, 3)).toEqual(['通知 1 · 全部（4 人）', '时间按 Asia/Shanghai。', ''])
    expect(page.slice(3, 7).sort()).toEqual([
      '周敏（渝康社区）：发送失败；Bad Request: chat not found',
      '孙丽（渝康社区）：屏蔽了机器人',
      '王芳（天宫殿社区、渝康社区）：已阅；2026-11-23（周一）10:07',
      '赵强（渝康社区）：已收到未阅；2026-11-23（周一）10:00',
    ])
    expect(page.slice(7)).toEqual([
      '[已阅（1）] [已收到未阅（1）]',
      '[屏蔽了机器人（1）] [发送失败（1）]',
      '[导出 CSV] [返回]',
    ])
    await head.press('发送失败（1）')
    expect(head.page()).toBe(
      [
        '通知 1 · 发送失败（1 人）',
        '时间按 Asia/Shanghai。',
        '',
        '周敏（渝康社区）：发送失败；Bad Request: chat not found',
        '[全部（4）] [已阅（1）]',
        '[已收到未阅（1）] [屏蔽了机器人（1）]',
        '[导出 CSV] [返回]',
      ].join('\n'),
    )
    expect(await head.pressData(`P:notice_people:${notice}:pending:9`)).toContain(
      '待发送（0 人）\n时间按 Asia/Shanghai。\n\n没有人。',
    )
    expect(await head.pressData(`P:notice_people:${notice}:nothing`)).toContain('全部（4 人）')
  })

  it('come twenty a page, and a page of the longest names fits on a card', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `${String(i + 10)}${'长'.repeat(38)}`)
    const people = await someWorkers(...names)
    const notice = await aNotice(office, community, people)
    const ends = Object.fromEntries(
      people.map(({ address }) => [address, { kind: 'refused', reason: 'x'.repeat(900) } as const]),
    )
    await sendAll(office, ends)
    await head.pressData(`P:notice_people:${notice}:all:0`)
    expect(head.text()).toContain('（23 人）\n时间按 Asia/Shanghai。\n第 1/2 页')
    expect(head.text().length).toBeLessThanOrEqual(LONGEST_CARD)
    expect(head.text().split('\n')).toHaveLength(24)
    await head.press('下一页')
    expect(head.text().split('\n').slice(4)).toHaveLength(3)
    await head.press('上一页')
    expect(head.text()).toContain('第 1/2 页')
  })

  it('go into a file that opens as what it is', async () => {
    const [wang, evil] = await someWorkers('王芳', '=HYPERLINK("http://x","点我")')
    const second = await office.community('天宫殿社区')
    await office.join(wang!, 'worker', second)
    const gone = await worker('走了')
    at(10, 0)
    const notice = await aNotice(office, community, [wang!, evil!, gone])
    await sendAll(office, { [evil!.address]: REFUSED })
    at(10, 7)
    await read(notice, wang!)
    await office.desk.records.erase(gone.person)
    await open(head, notice)
    expect(await head.press('导出 CSV')).toContain('名单已作为文件发出，共 2 人。\n\n通知 1 · 已发完')
    const { file } = head.said.at(-1)!
    expect(file).toMatchObject({ name: '通知1-名单.csv', mime: 'text/csv' })
    const rows = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file!.bytes).split('\r\n')
    expect(rows[0]).toBe('\uFEFF序号,姓名,社区,状态,收到时间（UTC）,已阅时间（UTC）,原因')
    expect(
      rows
        .slice(1, 3)
        .map((row) => row.replace(/^\d/, ''))
        .sort(),
    ).toEqual([
      `,"'=HYPERLINK(""http://x"",""点我"")",渝康社区,发送失败,,,Bad Request: chat not found`,
      ',王芳,天宫殿社区、渝康社区,已阅,2026-11-23T02:00:00.000Z,2026-11-23T02:07:00.000Z,',
    ])
    expect(rows.slice(3)).toEqual([''])
    await head.press('名单')
    expect(await head.press('导出 CSV')).toContain('共 2 人')
    expect(head.said.at(-1)!.file?.name).toBe('通知1-名单.csv')
  })

  it('are all in the file where there are more than are read at once', async () => {
    await office.pool.query(
      `INSERT INTO person (id, language, name) SELECT 'many' || i, 'zh-CN', '人' || i FROM generate_series(1, 1203) AS i`,
    )
    const people = Array.from({ length: 1203 }, (_, i) => ({ person: `many${i + 1}` }) as Visitor)
    const notice = await aNotice(office, community, people)
    await open(head, notice)
    expect(await head.press('导出 CSV')).toContain('共 1203 人')
    const text = new TextDecoder().decode(head.said.at(-1)!.file!.bytes)
    expect(
      new Set(
        text
          .trim()
          .split('\r\n')
          .slice(1)
          .map((row) => row.split(',')[1]),
      ).size,
    ).toBe(1203)
  })
})
