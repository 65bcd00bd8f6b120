/** The admin’s communities, tapped and typed through in Chinese on a real database. */

import { describe, expect, it } from 'vitest'
import { plain } from '../../../src/app/rich.js'
import { type TestDesk, withDesk } from '../../support/desk.js'

const admin = (office: TestDesk) => office.member('admin', null, { name: '周敏' })

describe('communities', () => {
  it('are made from one line, whatever its commas', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('manage', '社区', '新建社区')
      expect(await who.type('渝康社区，礼嘉街道，3200户,十二')).toBe(
        [
          '已新建：渝康社区。负责人和工作人员的邀请链接在上面，请分别转发。',
          '',
          '渝康社区',
          '街道：礼嘉街道',
          '户数：3200',
          '网格数：12',
          '时区：Asia/Shanghai',
          '成员：0 人，其中社区负责人 0 人',
          '还没有参加过已发布的批次',
        ].join('\n'),
      )
      const links = who.said.at(-1)!.before!.map(({ text }) => plain(text))
      expect(links.map((one) => /身份：(.*)。/.exec(one)?.[1])).toEqual(['社区负责人', '工作人员'])
      expect(new Set(links.map((one) => /start=(\S+)/.exec(one)?.[1])).size).toBe(2)
      await who.go('manage', '社区', '新建社区')
      expect(await who.type('金渝社区,礼嘉街道')).toContain('户数：未填\n网格数：未填')
      expect(await who.go('manage', '社区')).toContain('社区（2 个）\n[礼嘉街道 · 渝康社区]\n[礼嘉街道 · 金渝社区]')
    }))

  it.each([
    '渝康社区',
    '渝康社区，',
    '，礼嘉街道，3200，12',
    '渝康社区，礼嘉街道，很多，12',
    '渝康社区，礼嘉街道，-1，12',
    '渝康社区，礼嘉街道，3200，12，1',
    '渝康社区，礼嘉街道，3,200',
    `${'渝'.repeat(41)}，礼嘉街道`,
  ])('are not made from `%s`', (line) =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('manage', '社区', '新建社区')
      expect(await who.type(line)).toMatch(
        /^没有保存：请写成“名称，街道，户数，网格数”，例如：渝康社区，礼嘉街道，3200，12。/,
      )
      expect(await office.count('community')).toBe(0)
      expect(await office.actions()).toEqual([])
    }),
  )

  it('keep their names apart within a street, archived ones too', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await office.community('渝康社区')
      await office.community('金渝社区')
      await who.go('manage', '社区', '新建社区')
      expect(await who.type('渝康社区，礼嘉街道')).toContain('没有保存：礼嘉街道已有“渝康社区”')
      await who.go('manage', '社区', '礼嘉街道 · 金渝社区', '改名称')
      expect(await who.type('渝康社区')).toContain('没有保存：礼嘉街道已有“渝康社区”')
      expect(await who.type('渝，康')).toContain('没有保存：名称要 1 到 40 个字')
    }))

  it('change field by field, with before and after', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      const id = await office.community('渝康社区')
      await who.go('manage', '社区', '礼嘉街道 · 渝康社区', '改户数')
      expect(await who.type('几百')).toContain('没有保存：户数要一个整数，例如：3200')
      expect(await who.type('3300')).toMatch(/^已保存，户数：3300。/)
      await who.press('改网格数')
      expect(await who.type('无')).toMatch(/^已保存，网格数：未填。/)
      await who.press('改时区')
      expect(await who.type('北京')).toContain('没有保存：没有这个时区')
      expect(await who.type('Asia/Urumqi')).toContain('时区：Asia/Urumqi')
      await who.press('改街道')
      await who.type('天宫殿街道')
      const now = await office.desk.communities.community(id)
      expect(now).toMatchObject({ street: '天宫殿街道', households: 3300, grids: null, timeZone: 'Asia/Urumqi' })
      expect(await who.go('manage', '审计记录')).toContain('周敏：改社区资料（渝康社区）\n户数：3200 → 3300')
    }))

  it('show who belongs and how far the newest round is', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      const id = await office.community('渝康社区')
      await office.member('head', id)
      await office.member('worker', id)
      await office.round([id])
      expect(await who.go('manage', '社区', '礼嘉街道 · 渝康社区')).toContain(
        '成员：2 人，其中社区负责人 1 人\n2026年第4季度评定：进行中，未提交',
      )
    }))

  it('are archived after a second word, and are then closed to their members', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      const head = await office.member('head', await office.community('渝康社区'))
      await who.go('manage', '社区', '礼嘉街道 · 渝康社区')
      const edit = who.card().rows[1]![0]!.data
      await who.press('归档')
      expect(who.text()).toContain('确认归档“渝康社区”？')
      expect(await who.crashing(() => who.press('确认归档'))).toMatch(/^已归档：渝康社区。\n\n社区（0 个）/)
      expect(await who.pressData(edit)).toContain('这个按钮已经过期')
      expect(await head.command('summary')).toContain('您没有这项权限')
      expect(await office.actions()).toEqual(['community_archived'])
    }))

  it('turn pages where there are many', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      for (let i = 10; i < 20; i += 1) await office.community(`第${i}社区`)
      expect(await who.go('manage', '社区')).toContain('第 1/2 页')
      await who.press('下一页')
      expect(who.page()).toBe(
        '社区（10 个）\n第 2/2 页\n[礼嘉街道 · 第18社区]\n[礼嘉街道 · 第19社区]\n[上一页]\n[新建社区]\n[返回]',
      )
      // Beyond the end, as after an archiving: the last part.
      expect(await who.pressData('P:communities:7')).toContain('第 2/2 页')
    }))
})
