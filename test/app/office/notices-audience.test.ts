/** Whom a notice goes to, chosen facet by facet, and found out on a real database. */
import { describe, expect, it } from 'vitest'
import { resolveAudience } from '../../../src/app/audience.js'
import type { Change } from '../../../src/app/district.js'
import type { Notice } from '../../../src/app/notices.js'
import { numberIn } from '../../../src/app/office/notice-audience.js'
import { type Audience, EVERYONE } from '../../../src/core/audience.js'
import { postsOf } from '../../../src/core/duty.js'
import { resultOf } from '../../../src/core/result.js'
import { scoreSheet } from '../../../src/core/score.js'
import { START, type TestDesk, withDesk } from '../../support/desk.js'

const newest = async ({ desk }: TestDesk): Promise<Notice> =>
  (await desk.notices.list(null, { offset: 0, limit: 1 })).items[0]!

/** People of an audience, by name. */
async function peopleOf({ desk }: TestDesk, audience: Partial<Audience>, community: string | null = null) {
  const { recipients } = await resolveAudience(desk, { audience: { ...EVERYONE, ...audience }, community })
  const names = await Promise.all(recipients.map(({ person }) => desk.members.nameOf(person)))
  return names.sort()
}

const seeded = (subject: string): Change => ({
  id: `x${subject}`,
  at: new Date(START),
  person: null,
  action: 'seeded',
  subject,
  community: null,
  before: null,
  after: null,
})

/** Two communities in two streets with their people. */
async function district(office: TestDesk) {
  const [post, otherPost] = postsOf(office.desk.books.current.questionnaire) as [string, string]
  const yu = await office.community('渝康社区')
  const tian = await office.community('天宫殿社区', { street: '天宫殿街道' })
  const people = {
    head: await office.member('head', yu, { name: '王芳' }),
    worker: await office.member('worker', yu, { name: '赵强', posts: [post] }),
    all: await office.member('worker', tian, { name: '钱进' }),
    assessor: await office.member('assessor', tian, { name: '孙敏' }),
    admin: await office.member('admin', null, { name: '周敏' }),
  }
  return { yu, tian, post, otherPost, ...people }
}

describe('an audience', () => {
  it('is chosen facet by facet, and counted as it is', () =>
    withDesk(async (office) => {
      const { yu, tian, post, admin } = await district(office)
      const { id: round } = await office.round([yu, tian])
      await admin.go('notice', '写通知', '空白', '返回')
      expect(await admin.press('改对象')).toBe(
        '通知 1 · 对象\n全区所有人\n\n现在是 5 人\n几项都选时，要同时符合；一项里选几个，符合其中一个就算。',
      )
      await admin.press('身份')
      expect(admin.labels()).toEqual(['○ 工作人员', '○ 社区负责人', '○ 评定员', '○ 管理员', '返回'])
      await admin.press('○ 社区负责人')
      const again = admin.card().rows[1]![0]!.data
      expect(await admin.press('○ 工作人员')).toContain('现在是 3 人')
      await admin.press('返回')
      await admin.press('岗位')
      expect(await admin.press('○ ')).toContain('现在是 2 人')
      await admin.press('返回')
      await admin.press('街道')
      expect(await admin.press('○ 天宫殿街道')).toContain('现在是 1 人')
      await admin.press('返回')
      expect(admin.text()).toContain(`身份：工作人员、社区负责人\n岗位：${post}\n街道：天宫殿街道`)
      await admin.press('社区')
      expect(await admin.press('○ 礼嘉街道 · 渝康社区')).toContain('现在是 0 人')
      await admin.press('✓ 礼嘉街道 · 渝康社区')
      await admin.press('返回')
      await admin.press('还有题没答')
      expect(await admin.press('○ 2026年第4季度评定')).toContain('现在是 1 人')
      await admin.press('返回')
      await admin.press('社区等级')
      expect(await admin.press('○ 2026年第4季度评定达到 AA 级及以上')).toContain('现在是 0 人')
      const { audience, revision } = await newest(office)
      expect(audience).toEqual({
        roles: ['worker', 'head'],
        posts: [post],
        communities: [],
        streets: ['天宫殿街道'],
        openIn: round,
        atLeast: { round, grade: 'AA' },
        unread: null,
      })
      // Buttons of a card that has changed since: off is off, and what is gone is outdated.
      await admin.pressData(again)
      expect(await newest(office)).toMatchObject({ revision: revision + 1, audience: { roles: ['worker'] } })
      await admin.pressData(again)
      expect((await newest(office)).revision).toBe(revision + 1)
      const { id } = await newest(office)
      for (const bad of [
        'roles:boss:on',
        'posts:99:on',
        'streets:c0:on',
        'open:r0:on',
        'unread:n0:on',
        'roles:worker:x',
      ])
        expect(await admin.pressData(`D:notice_pick:${id}:${bad}`)).toContain('这个按钮已经过期')
      await admin.press('返回')
      expect(await admin.press('清空，发给所有人')).toContain('现在是 5 人')
      expect((await newest(office)).audience).toEqual(EVERYONE)
    }))

  it('lists communities by pages and stays on the page', () =>
    withDesk(async (office) => {
      for (let i = 10; i < 20; i++) await office.community(`第${i}社区`)
      const admin = await office.member('admin', null)
      await admin.go('notice', '写通知', '空白', '返回', '改对象', '社区', '下一页')
      expect(admin.text()).toContain('第 2/2 页')
      await admin.press('○ 礼嘉街道 · 第19社区')
      expect(admin.labels()).toEqual(['○ 礼嘉街道 · 第18社区', '✓ 礼嘉街道 · 第19社区', '上一页', '返回'])
    }))

  it('may be those who have not read an earlier notice, by its button or its number', () =>
    withDesk(async (office) => {
      const { yu, admin, worker, head } = await district(office)
      for (const [id, community] of [
        ['n0000000001', null],
        ['n0000000002', yu],
      ] as const) {
        const fields = { versions: { 'zh-CN': { text: '旧', entities: [] } }, media: null, audience: EVERYONE }
        const about = { id, community, by: admin.person, sendAt: null, timeZone: 'Asia/Shanghai' }
        await office.desk.notices.create({ ...fields, ...about }, seeded(id))
        const to = [worker.person, head.person]
        await office.desk.notices.confirm(id, 1, to, seeded(`${id} confirmed`))
      }
      await office.pool.query(`UPDATE delivery SET status = 'sent'`)
      await office.desk.notices.acknowledge('n0000000001', head.person, new Date(START))
      await admin.go('notice', '写通知', '空白', '返回', '改对象', '没读某条通知')
      expect(admin.labels()).toEqual(['○ 通知 2', '○ 通知 1', '返回'])
      expect(await admin.press('○ 通知 1')).toContain('现在是 1 人')
      expect(await admin.type('没有')).toMatch(/^没有这条通知/)
      expect(await admin.type('99')).toMatch(/^没有这条通知/)
      // A draft was sent to nobody.
      expect(await admin.type('3')).toMatch(/^没有这条通知/)
      expect(await admin.type('通知 2')).toContain('没读某条通知：通知 2\n\n现在是 2 人')
      // A head knows of the community's notices only.
      await head.go('notice', '写通知', '空白', '返回', '改对象', '没读某条通知')
      expect(head.labels()).toEqual(['○ 通知 2', '返回'])
      expect(await head.type('1')).toMatch(/^没有这条通知/)
      const { id } = await newest(office)
      expect(await head.pressData(`D:notice_pick:${id}:unread:n0000000001:on:0`)).toContain('这个按钮已经过期')
      await head.press('返回')
      await head.press('身份')
      expect(await head.type('通知 2')).toMatch(/^这里不收文字或文件，请点下面的按钮。/)
    }))

  it.each<[string, number | undefined]>([
    ['12', 12],
    ['通知 12', 12],
    ['通知12号', 12],
    ['第１２条', 12],
    ['Notice #12', 12],
    ['12.5', undefined],
    ['通知', undefined],
    ['99999999999', undefined],
  ])('reads %s as the number of a notice: %s', (typed, number) => {
    expect(numberIn(typed)).toBe(number)
  })
})

describe('who that is', () => {
  it('are people with something open in a round, by their posts, and nobody once it is submitted', () =>
    withDesk(async (office) => {
      const { yu, tian } = await district(office)
      const { id, assessments } = await office.round([yu, tian])
      // The head without a post has none of the indicators, but the questions that are beside them.
      const open = await peopleOf(office, { openIn: id })
      expect(open).toContain('赵强')
      expect(open).toContain('钱进')
      expect(open).not.toContain('孙敏')
      expect(await peopleOf(office, { openIn: id, roles: ['worker'], communities: [yu] })).toEqual(['赵强'])
      expect(await peopleOf(office, { openIn: id, roles: ['worker'] }, tian)).toEqual(['钱进'])
      expect(await peopleOf(office, { openIn: id, streets: ['天宫殿街道'] })).toEqual(['钱进'])
      const { questionnaire } = office.desk.books.current
      const nothing = resultOf(questionnaire, scoreSheet(questionnaire, new Map()))
      await office.desk.work.submit(assessments[tian]!, 'p', nothing, 0, seeded('submitted'))
      expect(await peopleOf(office, { openIn: id })).not.toContain('钱进')
      expect(await peopleOf(office, { openIn: 'r0' })).toEqual([])
    }))

  it('are in an individual round those who have not submitted their own sheet', () =>
    withDesk(async (office) => {
      const { yu, tian, worker } = await district(office)
      const { id } = await office.round([yu, tian], { mode: 'individual' })
      await worker.command('start')
      await worker.press('是')
      expect(await peopleOf(office, { openIn: id })).toEqual(['赵强', '钱进'].sort())
      const sheets = await office.pool.query<{ id: string }>('SELECT id FROM sheet WHERE person_id = $1', [
        worker.person,
      ])
      await office.desk.records.submitSheet(sheets.rows[0]!.id, new Date(START))
      expect(await peopleOf(office, { openIn: id })).toEqual(['钱进'])
    }))

  it('are those of communities with a grade or a better one', () =>
    withDesk(async (office) => {
      const { yu, tian } = await district(office)
      const { id, assessments } = await office.round([yu, tian])
      const { questionnaire } = office.desk.books.current
      const nothing = resultOf(questionnaire, scoreSheet(questionnaire, new Map()))
      const graded = (code: string) => ({ ...nothing, grade: { kind: 'graded' as const, code } })
      await office.desk.work.keepResult(assessments[yu]!, graded('AAA'), 1, new Date(START))
      await office.desk.work.keepResult(assessments[tian]!, graded('A'), 1, new Date(START))
      const atLeast = (grade: string) => peopleOf(office, { atLeast: { round: id, grade } })
      expect(await atLeast('AAA')).toEqual(['王芳', '赵强'].sort())
      expect(await atLeast('AA')).toEqual(['王芳', '赵强'].sort())
      expect(await atLeast('A')).toEqual(['王芳', '赵强', '孙敏', '钱进'].sort())
      expect(await atLeast('B')).toEqual([])
      expect(await peopleOf(office, { atLeast: { round: 'r0', grade: 'A' } })).toEqual([])
    }))

  it('says who has left, blocked, or has no channel', () =>
    withDesk(async (office) => {
      const { admin, worker, head, all } = await district(office)
      await office.desk.records.setReachable(head.address, false)
      await office.pool.query('DELETE FROM address WHERE person_id = $1', [all.person])
      const [membership] = await office.desk.members.memberships(worker.person)
      await office.desk.members.end(membership!.id, { anonymous: false }, seeded('ended'))
      await admin.go('notice', '写通知', '空白')
      await admin.type('正文')
      expect(await admin.press('预览')).toContain(
        '收件人：2 人\n不发给：已离开 1 人、已屏蔽本助手 1 人、没有联系渠道 1 人\n',
      )
      await admin.press('确认发送')
      expect(await office.count('notice_recipient')).toBe(2)
    }))
})
