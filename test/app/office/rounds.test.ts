/** The admin’s rounds from draft to archive, tapped and typed through in Chinese on a real database. */
import { describe, expect, it, vi } from 'vitest'
import { DAY_MS, type TestDesk, type Visitor, withDesk } from '../../support/desk.js'
import { seededChange } from '../notice-fixtures.js'

const admin = (office: TestDesk) => office.member('admin', null, { name: '周敏' })

describe('rounds', () => {
  const draft = [
    '2026年第4季度评定',
    '状态：草稿',
    '方式：社区共填一份',
    '开放时间：2026-11-23（周一）10:00（Asia/Shanghai）',
    '截止时间：2026-12-07（周一）18:00（Asia/Shanghai）',
    '时区：Asia/Shanghai',
    '参加社区：2 个',
  ].join('\n')

  const withDraft = (use: (office: TestDesk, who: Visitor, id: () => Promise<string>) => Promise<void>) =>
    withDesk(async (office) => {
      await office.community('渝康社区')
      await office.community('金渝社区')
      const who = await admin(office)
      await who.go('manage', '批次', '新建批次')
      await use(office, who, async () => (await office.desk.rounds.list({ offset: 0, limit: 1 })).items[0]!.id)
    })

  it('begin as a draft that could be published as it is', () =>
    withDraft(async (office, who) => {
      expect(who.text()).toContain(`已新建草稿，2 个社区都在内；核对后再发布。\n\n${draft}`)
      expect(await who.go('manage', '批次')).toContain('评定批次（1 个）\n[2026年第4季度评定 · 草稿]\n[新建批次]')
      expect((await office.actions()).sort()).toEqual(['round_communities_changed', 'round_created'])
    }))

  it('change in every field while they are drafts, and say what was understood', () =>
    withDraft(async (office, who) => {
      await who.press('改名称')
      expect(await who.type('名'.repeat(41))).toContain('没有保存：名称要 1 到 40 个字')
      expect(await who.type('2026年 终评')).toMatch(/^已保存，名称：2026年 终评。/)
      expect(await who.press('改为每人各填一份')).toContain('方式：每人各填一份')
      await who.press('改截止时间')
      expect(await who.type('嗯')).toContain('没有保存：没看懂这个时间')
      expect(await who.type('2月30日')).toContain('没有保存：没有这一天')
      expect(await who.type('2026-11-01 18:00')).toContain('没有保存：这个时间已经过了')
      expect(await who.type('12月15日下午六点半')).toMatch(
        /^已保存，截止时间：2026-12-15（周二）18:30（Asia\/Shanghai）。/,
      )
      await who.press('改截止时间')
      expect(await who.press('30 天后')).toMatch(/^已保存，截止时间：2026-12-23（周三）18:00（Asia\/Shanghai）。/)
      await who.press('改开放时间')
      expect(await who.type('12月24日')).toContain(
        '没有保存：开放时间要早于截止时间（2026-12-23（周三）18:00（Asia/Shanghai））',
      )
      expect(await who.type('12月1日 9:00')).toMatch(/^已保存，开放时间：2026-12-01（周二）09:00（Asia\/Shanghai）。/)
      await who.press('改截止时间')
      expect(await who.type('11月30日')).toContain('没有保存：截止时间要晚于开放时间（2026-12-01（周二）09:00')
      await who.press('返回')
      await who.press('改时区')
      expect(await who.type('CST')).toContain('没有保存：没有这个时区')
      expect(await who.type('Asia/Tokyo')).toContain('截止时间是 2026-12-23（周三）19:00（Asia/Tokyo）')
      await who.press('改开放时间')
      expect(await who.press('现在就开放')).toContain('已保存，开放时间：2026-11-23（周一）11:00（Asia/Tokyo）')
      expect((await office.actions()).slice(2)).toEqual([
        'round_renamed',
        'round_mode_changed',
        'round_deadline_changed',
        'round_deadline_changed',
        'round_opening_changed',
        'round_zone_changed',
        'round_opening_changed',
      ])
    }))

  it('choose their communities', () =>
    withDraft(async (office, who, id) => {
      await who.press('参加社区')
      expect(await who.press('✓ 渝康社区')).toMatch(/^已去掉渝康社区。\n\n参加社区 · 2026年第4季度评定（1 个）/)
      await who.press('✓ 金渝社区')
      await who.press('返回')
      await who.press('发布')
      expect(await who.press('确认发布')).toMatch(/^没有发布：还没有参加的社区/)
      await who.press('参加社区')
      expect(await who.press('○ 渝康社区')).toMatch(/^已加入渝康社区。/)
      expect(await who.press('全选')).toMatch(/^全部社区都已参加，共 2 个。/)
      expect(who.labels()).toEqual(['✓ 渝康社区', '✓ 金渝社区', '返回'])
      expect(await office.desk.rounds.size(await id())).toBe(2)
    }))

  it('are published, closed, opened again and archived, each time for good only after a second word', () =>
    withDraft(async (office, who, id) => {
      expect(await who.press('发布')).toBe(
        [
          '确认发布“2026年第4季度评定”？',
          '2 个社区的成员马上可以作答；截止时间：2026-12-07（周一）18:00（Asia/Shanghai）。',
          '发布后还能改截止时间、增加社区；名称、方式、时区和评分表不能再改。',
        ].join('\n'),
      )
      const confirm = who.card().rows[1]![0]!.data
      expect(await who.press('确认发布')).toContain('状态：进行中')
      expect(await who.pressData(confirm)).toContain('这个按钮已经过期')
      expect(who.labels()).toEqual(['总览', '改名称', '改截止时间', '参加社区（2）', '关闭', '返回'])
      expect(await who.pressData(`P:round_edit:${await id()}:zone`)).toContain('这个按钮已经过期')
      expect(await who.press('关闭')).toContain('还有 2 个社区没有提交')
      expect(await who.press('确认关闭')).toMatch(/^已关闭，不再收答案。/)
      expect(await who.press('重新开放')).toMatch(/^已重新开放；截止时间：2026-12-07（周一）18:00（Asia\/Shanghai）。/)
      office.clock.now += 30 * DAY_MS
      await who.press('关闭')
      await who.press('确认关闭')
      expect(await who.press('重新开放')).toMatch(/^已重新开放，但截止时间已过/)
      await who.press('改截止时间')
      expect(await who.press('7 天后')).toContain('状态：进行中')
      await who.press('关闭')
      await who.press('确认关闭')
      expect(await who.press('归档')).toContain('归档后不能再开放')
      expect(await who.press('确认归档')).toContain('状态：已归档')
      expect(who.labels()).toEqual(['总览', '返回'])
      const steps = (await office.actions()).filter((one) => /published|closed|reopened|archived/.test(one))
      expect(steps).toEqual([
        'round_published',
        'round_closed',
        'round_reopened',
        'round_closed',
        'round_reopened',
        'round_closed',
        'round_archived',
      ])
    }))

  it('go the way of whoever was first, and tell the other one so', () =>
    withDesk(async (office) => {
      const { id } = await office.round([await office.community('渝康社区')])
      const who = await admin(office)
      await who.go('manage', '批次')
      await who.press('2026')
      await who.press('关闭')
      await who.press('确认关闭')
      await who.press('归档')
      const { rounds } = office.desk
      const step = rounds.setStatus
      // The other admin opens it again between this one's look and step.
      const first = seededChange(office, `round:${id}`)
      vi.spyOn(rounds, 'setStatus').mockImplementationOnce(async (...archive) => {
        expect(await step(id, 'published', first, 'closed')).toBe(true)
        return step(...archive)
      })
      expect(await who.press('确认归档')).toMatch(/^这个按钮已经过期/)
      expect(who.text()).toContain('状态：进行中')
      expect((await rounds.round(id))!.status).toBe('published')
    }))

  it('are not published after their own deadline', () =>
    withDraft(async (office, who, id) => {
      office.clock.now += 15 * DAY_MS
      await who.press('发布')
      expect(await who.press('确认发布')).toMatch(/^没有发布：截止时间已过/)
      expect((await office.desk.rounds.round(await id()))!.status).toBe('draft')
    }))

  it('let a community in after publication, but nobody out who has answered', () =>
    withDesk(async (office) => {
      const [old, fresh] = [await office.community('渝康社区'), await office.community('金渝社区')]
      const { id } = await office.round([old])
      const worker = await office.member('worker', old)
      await worker.command('start')
      await worker.press('继续答')
      await worker.press('是')
      const who = await admin(office)
      await who.go('manage', '批次', '2026年第4季度评定', '参加社区')
      expect(await who.press('○ 金渝社区')).toMatch(/^已加入金渝社区。/)
      expect(await who.press('✓ 渝康社区')).toMatch(/^没有去掉：渝康社区已经有人答题或已提交。/)
      const members = (await office.desk.rounds.assessmentsIn(id)).map(({ community }) => community.id)
      expect(members.sort()).toEqual([old, fresh].sort())
    }))
})
