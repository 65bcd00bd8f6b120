/** The admin’s first page, the audit log, who is refused where, and inputs that come twice; on a real database. */
import { describe, expect, it } from 'vitest'
import { DEEDS, PAGES } from '../../../src/app/office/pages.js'
import { plain } from '../../../src/app/rich.js'
import { DAY_MS, type TestDesk, withDesk } from '../../support/desk.js'

const admin = (office: TestDesk) => office.member('admin', null, { name: '周敏' })

describe('the office', () => {
  it('has names that fit on a button', () => {
    const names = [...Object.keys(PAGES), ...Object.keys(DEEDS)]
    expect(names.filter((name) => !/^[a-z_]{1,16}$/.test(name))).toEqual([])
  })

  it('offers each deed on pages that there are', () => {
    const offered = Object.values(DEEDS).flatMap(({ from }) => (from === 'anywhere' ? [] : from))
    expect(offered.filter((page) => page !== 'sheet' && !Object.hasOwn(PAGES, page))).toEqual([])
  })
})

describe('管理', () => {
  it('leads to everything, and shows the newest round and whether practice is open', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      expect(await who.go('manage')).toBe(
        [
          '管理',
          '还没有批次；点“批次”新建一个。',
          '试评：已开放，没有加入社区的人也可以试',
          '[批次] [社区]',
          '[通知]',
          '[邀请管理员]',
          '[管理员名单]',
          '[审计记录] [关闭试评]',
          '[首页]',
        ].join('\n'),
      )
      await office.round([await office.community('渝康社区')])
      expect(await who.go('manage')).toContain('最近的批次：2026年第4季度评定（进行中）')
      expect(who.labels()).toContain('总览：2026年第4季度评定')
    }))

  it('switches practice off and on, each with a line in the log', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      expect(await who.go('manage', '关闭试评')).toMatch(/^已关闭试评[\s\S]*试评：已关闭/)
      expect(await office.desk.members.option('practice')).toBe('off')
      expect(await who.press('开放试评')).toContain('试评：已开放')
      expect(await office.actions()).toEqual(['practice_set', 'practice_set'])
    }))
})

describe('the audit log', () => {
  it('says who did what to what, from before to after', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await office.round([await office.community('渝康社区')])
      await who.go('manage', '批次', '2026年第4季度评定', '改截止时间')
      await who.type('12月15日')
      const page = await who.go('manage', '审计记录')
      expect(page).toContain(
        '2026-11-23（周一）10:00 周敏：改截止时间（2026年第4季度评定）\n截止时间：2026-11-30（周一）10:00 → 2026-12-15（周二）18:00',
      )
      // What this version has no words for is shown as it is.
      expect(page).toContain('已删除的用户：seeded')
    }))

  it('comes as a file, all of it and each line once', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('manage', '关闭试评')
      const insert = `INSERT INTO audit (id, at, action, subject, after)
        SELECT 'n' || n, $1::timestamptz - n * interval '1 minute', 'imported', 'test:1', '{"name":"=1+1"}'
        FROM generate_series(1, 1100) n`
      await office.pool.query(insert, [new Date(office.clock.now - DAY_MS).toISOString()])
      expect(await who.go('manage', '审计记录')).toContain('第 1/138 页')
      expect(await who.press('导出 CSV')).toContain('审计记录已作为文件发出，共 1103 条。')
      const { file } = who.said.at(-1)!
      const rows = new TextDecoder().decode(file!.bytes).split('\r\n')
      expect([file!.name, file!.mime, rows.length]).toEqual(['审计记录-2026-11-23.csv', 'text/csv', 1105])
      expect(rows.slice(0, 2)).toEqual([
        '时间,操作人,操作,对象,社区,改前,改后',
        '2026-11-23T02:00:03.000Z,周敏,practice_set,option:practice,,"{""practice"":""on""}","{""practice"":""off""}"',
      ])
      expect(new Set(rows).size).toBe(rows.length)
    }))
})

describe('English', () => {
  it('has words for every page', () =>
    withDesk(async (office) => {
      const id = await office.community('渝康社区')
      const who = await office.member('admin', null, { name: 'Ann', language: 'en' })
      await who.go('manage', 'Rounds', 'New round')
      expect(who.text()).toContain('deadline: Mon 7 Dec 2026, 18:00 (Asia/Shanghai)')
      const round = (await office.desk.rounds.list({ offset: 0, limit: 1 })).items[0]!.id
      const pages = [
        'manage',
        'communities',
        'community_new',
        `community:${id}`,
        `community_end:${id}`,
        'rounds',
        'audit',
      ]
      for (const field of ['name', 'street', 'households', 'grids', 'zone']) pages.push(`community_edit:${id}:${field}`)
      for (const field of ['name', 'opens', 'deadline', 'zone']) pages.push(`round_edit:${round}:${field}`)
      for (const page of ['round', 'round_parts', 'round_publish']) pages.push(`${page}:${round}`)
      for (const page of ['invites', 'members', 'invite_worker']) pages.push(`${page}:${id}`)
      for (const page of pages) {
        await who.pressData(`P:${page}`)
        // Neither a key without words nor a variable without a value, nor the page of somewhere else.
        expect([page, who.page()]).toEqual([page, expect.not.stringMatching(/\b[a-z]+\.[a-z_]+\b|\{\{|out of date/)])
      }
    }))
})

describe('other roles', () => {
  it('are refused at every door of the admin, in one sentence, and nothing changes', () =>
    withDesk(async (office) => {
      const [own, other] = [await office.community('渝康社区'), await office.community('金渝社区')]
      const { id } = await office.round([own], { draft: true })
      const head = await office.member('head', own)
      const before = await office.count('audit')
      await head.command('start')
      const doors = [
        'P:manage',
        'P:communities',
        'P:community_new',
        `P:community:${own}`,
        `P:community_edit:${own}:name`,
      ]
      doors.push(`P:community_end:${own}`, `D:community_end:${own}`, 'P:rounds', `P:round:${id}`, 'D:round_new')
      doors.push(`P:round_edit:${id}:name`, `P:round_parts:${id}`, `D:round_community:${id}:${other}:in`)
      doors.push(`D:round_publish:${id}`, `D:round_mode:${id}:individual`, `D:round_due:${id}:7`, `D:round_all:${id}`)
      doors.push('P:audit', 'D:audit_export', 'D:set_practice:off', 'P:invites:district', 'P:members:district')
      doors.push(`P:members:${other}`, `P:invites:${other}`, `P:invite_worker:${other}`, `D:invite_worker:${other}:1:1`)
      doors.push(
        `P:invite_head:${own}`,
        `D:invite_head:${own}:1:1`,
        `D:invite_assessor:${own}`,
        'D:invite_admin:district',
      )
      for (const door of doors)
        expect([door, await head.pressData(door)]).toEqual([door, expect.stringMatching(/^您没有这项权限/)])
      expect(await head.command('manage')).toMatch(/^您没有这项权限/)
      expect(await office.count('audit')).toBe(before)
      expect(office.warnings.length).toBeGreaterThan(0)
    }))
})

describe('an input that is delivered twice', () => {
  it('does a deed once and is told the same', () =>
    withDesk(async (office) => {
      await office.community('渝康社区')
      const who = await admin(office)
      await who.go('manage', '社区', '新建社区')
      expect(await who.crashing(() => who.type('金渝社区，礼嘉街道'))).toMatch(/^已新建：金渝社区。/)
      await who.go('manage', '批次')
      expect(await who.crashing(() => who.press('新建批次'))).toMatch(/^已新建草稿，2 个社区都在内/)
      expect(await who.crashing(() => who.press('改为每人各填一份'))).toContain('方式：每人各填一份')
      await who.press('参加社区')
      expect(await who.crashing(() => who.press('✓ 渝康社区'))).toMatch(/^已去掉渝康社区。/)
      await who.press('返回')
      await who.press('发布')
      expect(await who.crashing(() => who.press('确认发布'))).toMatch(/^已发布；/)
      await who.go('manage')
      expect(await who.crashing(() => who.press('关闭试评'))).toMatch(/^已关闭试评/)
      expect((await office.actions()).sort()).toEqual(
        [
          'community_created',
          'invitation_created',
          'invitation_created',
          'practice_set',
          'round_communities_changed',
          'round_communities_changed',
          'round_created',
          'round_mode_changed',
          'round_published',
        ].sort(),
      )
    }))

  it('does nothing where the place was lost meanwhile', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('manage', '批次')
      const button = who.card().rows[0]![0]!.data
      await office.desk.sessions.forget(who.address)
      expect(await who.pressData(button)).toContain('这个按钮已经过期')
      expect(await office.count('round')).toBe(0)
    }))
})

describe('a message to pass on', () => {
  it('carries the links, and the log does not carry the code', () =>
    withDesk(async (office) => {
      const who = await admin(office)
      await who.go('manage', '邀请管理员', '管理员链接', '生成链接')
      const passed = plain(who.said.at(-1)!.before![0]!.text)
      const [, code] = /start=(\w+)/.exec(passed)!
      const { rows } = await office.pool.query('SELECT * FROM audit')
      expect(JSON.stringify(rows)).not.toContain(code)
      expect(await office.count('invitation WHERE code_hash = $1', office.desk.hash(code!))).toBe(1)
    }))
})
