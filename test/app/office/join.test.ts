/** Coming in by an invitation and leaving again: links, wrong links, names, posts, and what stays behind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Desk } from '../../../src/app/desk.js'
import { beginIn } from '../../../src/app/office/enter-round.js'
import { plain } from '../../../src/app/rich.js'
import { createDice } from '../../oracle/sheets.js'
import { DAY_MS, openDesk, type TestDesk, type Visitor } from '../../support/desk.js'
import { fingerprint } from '../../support/fingerprint.js'

const HOUR_MS = 60 * 60 * 1000

let office: TestDesk
let community: string
let head: Visitor
let admin: Visitor
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
  head = await office.member('head', community, { name: '李书记' })
  admin = await office.member('admin', null, { name: '周敏' })
})
afterEach(() => office.close())

/** The code of a link that somebody makes for a role in the community. */
async function codeFor(maker: Visitor, role: string): Promise<string> {
  await maker.pressData(`P:invite_${role}:${community}`)
  await maker.press('生成链接')
  const link = maker.said
    .at(-1)!
    .before!.map((card) => plain(card.text))
    .join('\n')
  return /start=([\w-]+)/.exec(link)![1]!
}

const newcomer = async (name?: string): Promise<Visitor> => {
  const visitor = await office.visitor()
  if (name) await office.desk.members.rename(visitor.person, name)
  return visitor
}
const held = async ({ person }: Visitor) =>
  (await office.desk.members.memberships(person)).map(({ role, community: place, posts }) => ({ role, place, posts }))

describe('joining', () => {
  it('makes a worker of whoever opens the link, says their name and chooses posts', async () => {
    const visitor = await newcomer()
    expect(await visitor.command('start', await codeFor(head, 'worker'))).toContain('邀请您加入：渝康社区')
    expect(visitor.text()).toContain('身份：工作人员')
    expect(visitor.labels()).toEqual([])
    expect(await visitor.type('  王  芳 ')).toContain('已记下：王 芳')
    expect(await visitor.type('王芳')).toContain('姓名：王芳（写错了就再发一次）')
    await visitor.press('○ 网格员')
    await visitor.press('○ 综合岗')
    expect(visitor.labels()).toContain('✓ 网格员')
    expect(await held(visitor)).toEqual([])
    expect(await visitor.press('确认加入')).toContain('已加入，欢迎')
    expect(visitor.text()).toContain('渝康社区 · 工作人员')
    expect(await held(visitor)).toEqual([
      { role: 'worker', place: community, posts: expect.arrayContaining(['网格员', '综合岗']) },
    ])
    expect(await office.actions()).toContain('member_joined')
  })

  it('makes a head by the admin’s link, who answers nothing unless they choose so', async () => {
    const visitor = await newcomer('陈书记')
    await visitor.command('start', await codeFor(admin, 'head'))
    expect(visitor.text()).toContain('身份：社区负责人')
    expect(visitor.text()).toContain('不选就只看不答')
    await visitor.press('确认加入')
    expect(await held(visitor)).toEqual([{ role: 'head', place: community, posts: [] }])
    expect(visitor.labels()).toContain('成员')
  })

  it('asks an assessor for no posts', async () => {
    const visitor = await newcomer('评定员甲')
    await visitor.command('start', await codeFor(admin, 'assessor'))
    expect(visitor.labels()).toEqual(['确认加入'])
    await visitor.press('确认加入')
    expect(await held(visitor)).toEqual([{ role: 'assessor', place: community, posts: [] }])
  })

  it('lets a post be chosen and taken back, and takes no post that is none', async () => {
    const visitor = await newcomer('王芳')
    await visitor.command('start', await codeFor(head, 'worker'))
    await visitor.press('○ 网格员')
    await visitor.press('✓ 网格员')
    for (const post of ['99', '31', '-1', 'x', '1.5']) await visitor.pressData(`D:join_post:${post}`)
    await visitor.press('○ 综合岗')
    await visitor.press('确认加入')
    expect(await held(visitor)).toEqual([{ role: 'worker', place: community, posts: ['综合岗'] }])
  })

  it.each([
    '',
    ' ',
    '1',
    '王芳!',
    '<b>王</b>',
    '/王',
    '@王芳',
    'http://a.b',
    '王芳😀',
    '王'.repeat(21),
    '王\u202e芳',
    '-王',
    '王·',
  ])('does not take `%s` for a name', async (name) => {
    const visitor = await newcomer()
    await visitor.command('start', await codeFor(head, 'worker'))
    expect(await visitor.type(name)).toContain('没有保存')
    expect(await office.desk.members.nameOf(visitor.person)).toBeNull()
    expect(visitor.labels()).not.toContain('确认加入')
    await visitor.pressData('D:join_accept')
    expect(await held(visitor)).toEqual([])
  })

  it.each(['王芳', '阿依古丽·买买提', "Anne-Marie O'Neill", '欧阳 娜娜', 'Đặng Thị Hà', '王2'])(
    'takes `%s`',
    async (name) => {
      const visitor = await newcomer()
      await visitor.command('start', await codeFor(head, 'worker'))
      expect(await visitor.type(name)).toContain(`已记下：${name}`)
    },
  )

  it('joins once where the confirmation is tapped twice and delivered twice', async () => {
    const visitor = await newcomer('王芳')
    await visitor.command('start', await codeFor(head, 'worker'))
    await visitor.crashing(() => visitor.press('确认加入'))
    expect(visitor.text()).toContain('已加入，欢迎')
    await visitor.pressData('D:join_accept')
    expect(await office.count('membership WHERE person_id = $1', visitor.person)).toBe(1)
    expect(await office.count('invitation WHERE uses > 1')).toBe(0)
    expect(await office.count(`audit WHERE action = 'member_joined' AND person_id = $1`, visitor.person)).toBe(1)
  })

  it('only renews posts where somebody is there already, and uses nothing up', async () => {
    const visitor = await newcomer('王芳')
    const code = await codeFor(head, 'worker')
    await visitor.command('start', code)
    await visitor.press('确认加入')
    await visitor.command('start', code)
    await visitor.press('○ 网格员')
    expect(await visitor.press('确认加入')).toContain('您已有这个身份')
    expect(await held(visitor)).toEqual([{ role: 'worker', place: community, posts: ['网格员'] }])
    expect(await office.count('invitation WHERE uses = 1 AND code_hash = $1', office.desk.hash(code))).toBe(1)
  })
})

describe('a link that opens nothing', () => {
  const faults = {
    revoked: '这个邀请已被撤销',
    expired: '这个邀请已过期',
    'used up': '这个邀请已被用完',
  }
  const spoil = async (how: keyof typeof faults) => {
    if (how === 'expired') office.clock.now += 8 * DAY_MS
    else if (how === 'revoked') {
      await head.pressData(`P:invites:${community}`)
      await admin.pressData(`P:invites:${community}`)
      await admin.press('撤销')
    } else await office.pool.query('UPDATE invitation SET max_uses = 1, uses = 1 WHERE max_uses IS NOT NULL')
  }

  it.each(Object.entries(faults))('says when it is %s, and nothing is joined', async (how, sentence) => {
    const visitor = await newcomer('王芳')
    const code = await codeFor(admin, 'head')
    await spoil(how as keyof typeof faults)
    expect(await visitor.command('start', code)).toContain(sentence)
    await visitor.pressData('D:join_accept')
    expect(await held(visitor)).toEqual([])
  })

  it.each(Object.entries(faults))('says so also where it was %s while its page was open', async (how, sentence) => {
    const visitor = await newcomer('王芳')
    await visitor.command('start', await codeFor(admin, 'head'))
    await spoil(how as keyof typeof faults)
    expect(await visitor.press('确认加入')).toContain(sentence)
    expect(await held(visitor)).toEqual([])
  })

  it('is any other code: so many wrong ones in an hour, then none at all, also not the right one', async () => {
    const visitor = await office.visitor({ channel: 'web' })
    const other = await newcomer('王芳')
    const code = await codeFor(head, 'worker')
    const dice = createDice(7)
    const random = () =>
      Array.from({ length: 24 }, () => dice.pick([...'abcdefghijkmnpqrstuvwxyzABCDEFGH0123456789-_'])).join('')
    const before = await fingerprint(office.pool)
    const said: string[] = []
    for (let i = 0; i < 100; i += 1)
      said.push(await visitor.command('start', i % 3 === 0 ? code.slice(0, -1) + random()[0] : random()))
    expect(said.filter((text) => text.includes('没有这个邀请'))).toHaveLength(10)
    expect(said.filter((text) => text.includes('输错邀请码的次数太多'))).toHaveLength(90)
    expect(await fingerprint(office.pool)).toEqual(before)
    expect(await visitor.command('start', code)).toContain('输错邀请码的次数太多')
    expect(await other.command('start', code)).toContain('邀请您加入')
    office.clock.now += HOUR_MS
    expect(await visitor.command('start', code)).toContain('邀请您加入')
    // Nothing of a code may ever be logged.
    expect(JSON.stringify(office.warnings)).not.toContain(code.slice(0, 6))
  })
})

describe('leaving', () => {
  async function atWork() {
    const { assessments } = await office.round([community])
    const visitor = await office.member('worker', community, { name: '王芳', posts: ['网格员'] })
    const colleague = await office.member('worker', community, { name: '赵强' })
    await visitor.command('start')
    await visitor.press('继续答我的')
    const option = visitor.card().rows[0]![0]!.data
    const [, sheet, question] = option.split(':')
    await visitor.pressData(option)
    return { visitor, colleague, assessment: assessments[community]!, option, open: `q:${sheet}:${question}` }
  }

  it('leaves the answers to the community under the post, without the name', async () => {
    const { visitor, colleague, open, assessment } = await atWork()
    await colleague.command('start')
    expect(await colleague.pressData(open)).toMatch(/王芳 \d\d:\d\d 已答/)
    await visitor.command('privacy')
    await visitor.press('退出社区')
    expect(visitor.labels()).toContain('退出：渝康社区 · 工作人员')
    await visitor.press('退出：渝康社区')
    expect(visitor.text()).toContain('只显示岗位，不再显示您的姓名')
    expect(await visitor.press('确认退出')).toContain('已退出')
    expect(await held(visitor)).toEqual([])
    expect(await colleague.pressData(open)).toMatch(/网格员 \d\d:\d\d 已答/)
    expect(await office.count('answer WHERE person_id = $1', visitor.person)).toBe(0)
    expect(await office.count('answer')).toBe(1)
    expect(await office.desk.work.assigned(assessment)).toEqual(new Map())
    await head.command('summary')
    await head.press('未完成的人')
    expect(head.text()).not.toContain('王芳')
  })

  it('ends all sight and all answering at once', async () => {
    const { visitor, option, open } = await atWork()
    const [membership] = await office.desk.members.memberships(visitor.person)
    await visitor.pressData(`P:leave_one:${membership!.id}`)
    await visitor.press('确认退出')
    const rows = await office.count('answer')
    for (const data of [option, open, option.replace('a:', 'x:').replace(/:[^:]*$/, '')]) {
      await visitor.pressData(data)
      expect(visitor.text()).not.toContain('渝康社区')
    }
    expect(await visitor.look()).not.toContain('渝康社区')
    expect(await office.count('answer')).toBe(rows)
  })

  it('discards the open sheet of one’s own, and a new invitation begins a new one', async () => {
    const { assessments } = await office.round([community], { mode: 'individual', name: '各填一份' })
    const visitor = await office.member('worker', community, { name: '王芳' })
    await visitor.command('start')
    await visitor.pressData(visitor.card().rows[0]![0]!.data)
    const [membership] = await office.desk.members.memberships(visitor.person)
    await visitor.pressData(`P:leave_one:${membership!.id}`)
    await visitor.press('确认退出')
    expect(await office.desk.work.individualSheet(assessments[community]!, visitor.person)).toBeUndefined()
    await visitor.command('start', await codeFor(head, 'worker'))
    await visitor.press('确认加入')
    await visitor.command('start')
    expect(visitor.text()).toContain('第 1/92 题')
    expect(visitor.text()).not.toContain('已答')
    expect(await office.count(`sheet WHERE status = 'discarded'`)).toBe(1)
    // Left and back once more, in two processes at once: one sheet.
    const [again] = await office.desk.members.memberships(visitor.person)
    await visitor.command('start')
    await visitor.pressData(`P:leave_one:${again!.id}`)
    await visitor.press('确认退出')
    await visitor.command('start', await codeFor(head, 'worker'))
    await visitor.press('确认加入')
    expect(await office.count(`sheet WHERE status = 'open' AND person_id = $1`, visitor.person)).toBe(0)
    const { desk } = office
    const place = {
      person: visitor.person,
      language: 'zh-CN',
      sheet: null,
      view: { at: 'welcome' },
      card: null,
    } as const
    const session = { ...place, seen: { order: 0, at: 0 } }
    const assessment = (await desk.rounds.assessment(assessments[community]!))!
    // The other one has looked before that, and found none.
    const blind = { ...desk.work, individualSheet: async () => undefined }
    const other: Desk = { ...desk, work: blind, now: () => desk.now() + 7 }
    const entered = [await beginIn(desk, session, assessment), await beginIn(other, session, assessment)]
    expect(entered.map((one) => one !== undefined)).toEqual([true, true])
    expect(await office.count(`sheet WHERE status = 'discarded'`)).toBe(2)
    expect(await office.count(`sheet WHERE status = 'open' AND person_id = $1`, visitor.person)).toBe(1)
  })

  it('stands in the file of one’s own data, beside what one belongs to now', async () => {
    const { visitor } = await atWork()
    await office.join(visitor, 'assessor', community)
    const [membership] = await office.desk.members.memberships(visitor.person)
    await visitor.pressData(`P:leave_one:${membership!.id}`)
    await visitor.press('确认退出')
    await visitor.command('privacy')
    await visitor.press('下载我的数据')
    const { memberships, person } = JSON.parse(new TextDecoder().decode(visitor.said.at(-1)!.file!.bytes))
    expect(person.name).toBe('王芳')
    expect(memberships).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          role: 'worker',
          community: '渝康社区',
          posts: ['网格员'],
          endedAt: expect.any(String),
        }),
        expect.objectContaining({ role: 'assessor', community: '渝康社区', posts: [], endedAt: null }),
      ]),
    )
  })
})
