/** Invitations and members, as admins and heads see them, in Chinese, on a real database. */
import { describe, expect, it } from 'vitest'
import { plain } from '../../../src/app/rich.js'
import { DAY_MS, type TestDesk, type Visitor, withDesk } from '../../support/desk.js'

/** A community with its head and one worker, and an admin. */
const withPeople = (
  use: (people: {
    office: TestDesk
    community: string
    admin: Visitor
    head: Visitor
    worker: Visitor
  }) => Promise<void>,
) =>
  withDesk(async (office) => {
    const community = await office.community('渝康社区')
    const admin = await office.member('admin', null, { name: '周敏' })
    const head = await office.member('head', community, { name: '李强' })
    const worker = await office.member('worker', community, { name: '王芳' })
    await office.pool.query('UPDATE invitation SET revoked_at = now()') // those that seeded them
    await use({ office, community, admin, head, worker })
  })

const passedOn = (who: Visitor): string => plain(who.said.at(-1)!.before![0]!.text)
const membership = async (office: TestDesk, who: Visitor): Promise<string> =>
  (await office.desk.members.memberships(who.person))[0]!.id

describe('invitations', () => {
  it('are made by the head for workers, for any number of people in 30 days', () =>
    withPeople(async ({ office, head }) => {
      await head.command('start')
      await head.press('成员')
      await head.press('邀请')
      expect(head.page()).toBe(
        [
          '邀请 · 渝康社区',
          '没有有效的邀请链接。',
          '',
          '点下面的身份做一个链接，再把它转发给对方；谁拿到链接都能用，不要发到公开的群里。',
          '[工作人员链接]',
          '[返回]',
        ].join('\n'),
      )
      await head.press('工作人员链接')
      expect(head.labels()).toEqual(['可用次数：不限', '有效天数：30', '生成链接', '返回'])
      const made = await head.press('生成链接')
      expect(made).toContain('1. 工作人员，已用 0/不限，2026-12-23（周三）10:00（Asia/Shanghai）到期')
      expect(passedOn(head)).toMatch(
        /^邀请您加入“渝康社区”和谐社区评定，身份：工作人员。\n在 Telegram 打开：https:\/\/t\.me\/\S+\n在浏览器打开：https:\/\/\S+\n有效期到：2026-12-23（周三）10:00（Asia\/Shanghai）。$/,
      )
      expect(head.said.at(-1)!.move).toBe(true)
      const [, code] = /start=(\w+)/.exec(passedOn(head))!
      const newcomer = await office.visitor()
      expect(await newcomer.command('start', code)).toContain('邀请您加入：渝康社区')
    }))

  it('have their uses and days cycled before they are made', () =>
    withPeople(async ({ office, community, admin }) => {
      await admin.command('manage')
      for (const label of ['社区', '礼嘉街道 · 渝康社区', '邀请', '社区负责人链接']) await admin.press(label)
      expect(admin.labels().slice(0, 2)).toEqual(['可用次数：1', '有效天数：7'])
      await admin.press('可用次数')
      expect(admin.labels().slice(0, 2)).toEqual(['可用次数：10', '有效天数：7'])
      await admin.press('有效天数')
      await admin.press('有效天数')
      expect(admin.labels().slice(0, 2)).toEqual(['可用次数：10', '有效天数：不限'])
      await admin.press('生成链接')
      expect(passedOn(admin)).toMatch(/身份：社区负责人。[\s\S]*这个链接最多 10 人使用。$/)
      expect(passedOn(admin)).not.toContain('有效期')
      const [made] = await office.desk.invitations.open(community, new Date(office.clock.now))
      expect(made).toMatchObject({ role: 'head', community, maxUses: 10, expiresAt: null })
      expect(await office.actions()).toEqual(['invitation_created'])
    }))

  it('are one link for an input that is delivered twice, and for a double tap', () =>
    withPeople(async ({ office, community, head }) => {
      await head.pressData(`P:invite_worker:${community}`)
      const make = head.card().rows[2]![0]!.data
      await head.crashing(() => head.press('生成链接'))
      const first = passedOn(head)
      expect(first).toContain('start=')
      expect(await head.pressData(make)).toContain('这个按钮已经过期')
      expect(await office.desk.invitations.open(community, new Date(office.clock.now))).toHaveLength(1)
      expect(await office.actions()).toEqual(['invitation_created'])
    }))

  it('are revoked, but by a head only those for workers', () =>
    withPeople(async ({ office, community, admin, head }) => {
      await admin.command('manage')
      for (const role of ['worker', 'head', 'assessor']) {
        await admin.pressData(`P:invite_${role}:${community}`)
        await admin.press('生成链接')
      }
      const revokeHead = admin
        .card()
        .rows.flat()
        .find(({ data }) => data.startsWith('D:revoke_head'))!.data
      await head.pressData(`P:invites:${community}`)
      expect(head.labels()).toEqual(['工作人员链接', '撤销第 3 条', '返回'])
      expect(await head.pressData(revokeHead)).toMatch(/^您没有这项权限/)
      // The same invitation under a deed that is theirs.
      expect(await head.pressData(revokeHead.replace('revoke_head', 'revoke_worker'))).toContain('这个按钮已经过期')
      expect(await head.crashing(() => head.press('撤销第 3 条'))).toMatch(/^已撤销/)
      const open = await office.desk.invitations.open(community, new Date(office.clock.now))
      expect(open.map(({ role }) => role)).toEqual(['assessor', 'head'])
      expect((await office.actions()).filter((one) => one === 'invitation_revoked')).toHaveLength(1)
    }))

  it('of the district are for admins, of a community never', () =>
    withPeople(async ({ community, admin }) => {
      await admin.command('manage')
      await admin.press('邀请管理员')
      expect(admin.labels()).toEqual(['管理员链接', '返回'])
      expect(await admin.pressData(`D:invite_admin:${community}:1:7`)).toContain('这个按钮已经过期')
      expect(await admin.pressData('D:invite_worker:district:1:7')).toContain('这个按钮已经过期')
    }))

  it('leave the list when they have run out', () =>
    withPeople(async ({ office, community, head }) => {
      await head.pressData(`P:invite_worker:${community}`)
      await head.press('生成链接')
      office.clock.now += 31 * DAY_MS
      expect(await head.pressData(`P:invites:${community}`)).toContain('没有有效的邀请链接。')
    }))
})

describe('members', () => {
  it('are listed with roles and posts, heads first', () =>
    withPeople(async ({ office, community, head }) => {
      await office.member('worker', community, { name: '赵云', posts: ['民政岗', '社保岗'] })
      await head.command('start')
      await head.press('成员')
      expect(head.page()).toBe(
        [
          '成员 · 渝康社区（3 人）',
          '李强（社区负责人）：不答题',
          '王芳（工作人员）：全部指标',
          '赵云（工作人员）：民政岗、社保岗',
          '[李强（社区负责人）]',
          '[王芳（工作人员）]',
          '[赵云（工作人员）]',
          '[邀请]',
          '[返回]',
        ].join('\n'),
      )
      await head.press('赵云')
      expect(head.text()).toContain(
        '赵云\n身份：工作人员\n所在：渝康社区\n岗位：民政岗、社保岗\n加入时间：2026-11-23（周一）10:00',
      )
      await head.press('返回')
      await head.press('李强')
      expect(head.labels()).toEqual(['返回'])
    }))

  it('get other posts from the head; a second tap on the same button changes nothing', () =>
    withPeople(async ({ office, head, worker }) => {
      await head.command('start')
      for (const label of ['成员', '王芳', '改岗位']) await head.press(label)
      const on = head
        .card()
        .rows.flat()
        .find(({ label }) => label === '○ 民政岗')!.data
      expect(await head.pressData(on)).toMatch(/^已保存岗位：民政岗。/)
      await head.pressData(on)
      await head.crashing(() => head.press('○ 网格员'))
      expect((await office.desk.members.memberships(worker.person))[0]!.posts).toEqual(['网格员', '民政岗'])
      await head.press('✓ 网格员')
      expect(await head.press('✓ 民政岗')).toMatch(/^已保存岗位：全部指标。/)
      expect(await office.actions()).toEqual(Array(4).fill('member_posts_changed'))
    }))

  it('are removed after a second word, once, and find out by themselves', () =>
    withPeople(async ({ office, head, worker }) => {
      await office.round([(await office.desk.members.memberships(head.person))[0]!.community!])
      await worker.command('start')
      await head.command('start')
      for (const label of ['成员', '王芳', '移除']) await head.press(label)
      expect(head.text()).toContain('确认移除王芳（工作人员，渝康社区）？')
      expect(await head.crashing(() => head.press('确认移除'))).toMatch(/^已移除王芳。\n\n成员 · 渝康社区（1 人）/)
      expect(await worker.press('继续答')).not.toContain('第 1/92 题')
      expect(await office.actions()).toEqual(['member_removed'])
    }))

  it('are safe from a head who has no right to remove them', () =>
    withPeople(async ({ office, community, admin, head }) => {
      const second = await office.member('head', community, { name: '陈静' })
      const stranger = await office.member('worker', await office.community('金渝社区'))
      const [id, far] = [await membership(office, second), await membership(office, stranger)]
      await head.command('start')
      await head.pressData(`P:member_remove:${id}`)
      expect(head.labels()).toEqual(['不，返回'])
      expect(await head.pressData(`D:remove_head:${id}`)).toMatch(/^您没有这项权限/)
      // A deed that is theirs with a membership that is not of its role.
      expect(await head.pressData(`D:remove_worker:${id}`)).toContain('这个按钮已经过期')
      expect(await head.pressData(`D:posts_worker:${id}:0:on`)).toContain('这个按钮已经过期')
      expect(await head.pressData(`D:posts_head:${id}:0:on`)).toMatch(/^您没有这项权限/)
      expect(await head.pressData(`D:remove_worker:${far}`)).toMatch(/^您没有这项权限/)
      expect(await head.pressData(`P:member:${far}`)).toMatch(/^您没有这项权限/)
      expect(await head.pressData(`D:remove_admin:${await membership(office, admin)}`)).toMatch(/^您没有这项权限/)
      expect(await office.actions()).toEqual([])
    }))

  it('of the district are admins and assessors, and the last admin stays', () =>
    withPeople(async ({ office, admin }) => {
      const other = await office.member('admin', null, { name: '孙丽' })
      await office.member('assessor', null, { name: '吴刚' })
      await admin.command('manage')
      await admin.press('管理员名单')
      expect(admin.text()).toBe('成员 · 全区（3 人）\n周敏（管理员）\n孙丽（管理员）\n吴刚（评定员）')
      await admin.press('孙丽')
      await admin.press('移除')
      expect(await admin.crashing(() => admin.press('确认移除'))).toMatch(/^已移除孙丽。/)
      await admin.press('周敏')
      await admin.press('移除')
      expect(await admin.press('确认移除')).toMatch(/^没有移除：这是最后一位管理员；请先邀请另一位管理员。/)
      expect(await other.command('manage')).toMatch(/^您没有这项权限/)
      expect(await office.actions()).toEqual(['member_removed'])
    }))
})
