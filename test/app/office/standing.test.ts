/** A round's sheet is shown as it stands: to those who left, after the deadline, after others, and after what was sent back. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { remind } from '../../../src/app/reminders.js'
import { DAY_MS, openDesk, type TestDesk, type Visitor } from '../../support/desk.js'

let office: TestDesk
beforeEach(async () => {
  office = await openDesk()
})
afterEach(() => office.close())

async function community(mode: 'shared' | 'individual' = 'shared') {
  const id = await office.community('渝康社区')
  const head = await office.member('head', id, { name: '李书记' })
  const wang = await office.member('worker', id, { name: '王芳', posts: ['网格员'] })
  const zhao = await office.member('worker', id, { name: '赵强', posts: ['综合岗'] })
  const { assessments } = await office.round([id], { mode })
  return { id, head, wang, zhao, assessment: assessments[id]! }
}

async function begin(visitor: Visitor): Promise<string[]> {
  await visitor.command('start')
  if (visitor.labels().some((label) => label.startsWith('继续答我的'))) await visitor.press('继续答我的')
  return visitor.card().rows[0]![0]!.data.split(':')
}

const answer = (visitor: Visitor, at = 0) =>
  visitor.pressData(
    visitor
      .card()
      .rows.flat()
      .filter(({ data }) => data.startsWith('a:'))[at]!.data,
  )

async function remove(visitor: Visitor): Promise<void> {
  const [membership] = await office.desk.members.memberships(visitor.person)
  const change = { id: `x${visitor.person}`, at: new Date(office.clock.now), person: null, action: 'member_removed' }
  await office.desk.members.end(
    membership!.id,
    { anonymous: false },
    { ...change, subject: `person:${visitor.person}`, community: null, before: null, after: null },
  )
}

it('shows nothing of the sheet any more to somebody who was removed, whatever they send', async () => {
  const { wang, zhao } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  await wang.pressData(`q:${sheet}:${question}`)
  await remove(wang)
  await zhao.command('start')
  await zhao.pressData(`q:${sheet}:${question}`)
  await answer(zhao, 1)
  for (const say of ['summary', 'manage', 'cancel', 'language', 'help'] as const) {
    await wang.command(say)
    expect(wang.text()).not.toContain('赵强')
    expect(wang.text()).not.toContain('渝康')
  }
  expect(await wang.look()).not.toContain('赵强')
})

it('carries out a command of somebody who was removed', async () => {
  const { wang } = await community()
  await begin(wang)
  await remove(wang)
  expect(await wang.command('help')).toContain('怎么用')
})

it('keeps a sent back answer open until it is answered anew, whatever notes come', async () => {
  const { wang, head, assessment } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  await head.command('summary')
  await head.pressData(`P:detail:${assessment}:${question}`)
  await head.press('退回重答')
  expect(await head.type('请核对')).toContain('已退回')
  await wang.pressData(`q:${sheet}:${question}`)
  expect(wang.text()).toContain('退回意见：请核对')
  await wang.press('备注')
  await wang.type('见台账')
  expect(await office.desk.work.sentBack(assessment)).toHaveLength(1)
  await wang.command('start')
  expect(wang.text()).toContain('退回 1 题')
  await wang.pressData(`q:${sheet}:${question}`)
  await answer(wang)
  expect(await office.desk.work.sentBack(assessment)).toEqual([])
  await wang.press('我的指标')
  expect(wang.text()).not.toContain('退回 1 题')
})

it('keeps the name of who answered when somebody else adds a note', async () => {
  const { wang, zhao } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  await zhao.command('start')
  await zhao.pressData(`q:${sheet}:${question}`)
  await zhao.press('备注')
  await zhao.type('见台账')
  await wang.pressData(`q:${sheet}:${question}`)
  expect(wang.text()).not.toContain('赵强')
  await zhao.pressData(`q:${sheet}:${question}`)
  expect(zhao.text()).toContain('王芳')
})

it('takes photos that two people send for one question at the same time', async () => {
  const { wang, zhao } = await community()
  const [, sheet, question] = await begin(wang)
  await zhao.command('start')
  await zhao.pressData(`q:${sheet}:${question}`)
  const photo = (ref: string) =>
    ({ kind: 'media', evidence: { kind: 'photo', ref: `telegram:${ref}` }, caption: null }) as const
  await Promise.all([wang.send(photo('one')), zhao.send(photo('two'))])
  const saved = await office.desk.ledger.answer(sheet!, question!)
  expect(saved!.evidence.map(({ ref }) => ref).sort()).toEqual(['telegram:one', 'telegram:two'])
})

it('notes no clash where the other’s answer was before their eyes', async () => {
  const { wang, zhao } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  await zhao.command('start')
  await zhao.pressData(`q:${sheet}:${question}`)
  const other = zhao
    .card()
    .rows.flat()
    .filter(({ data }) => data.startsWith('a:'))[1]!
  await zhao.type(other.label)
  expect(await office.count('clash')).toBe(0)
})

it('goes on through the others’ questions when one is skipped', async () => {
  const { wang } = await community()
  await begin(wang)
  while (wang.card().rows[0]![0]!.data.startsWith('a:')) await answer(wang)
  await wang.press('帮忙答其他未答的')
  const first = wang.card().rows[0]![0]!.data.split(':')[2]
  await wang.press('跳过')
  expect(wang.card().rows[0]![0]!.data.split(':')[2]).not.toBe(first)
})

it('can be leafed through after the deadline, without a button that answers', async () => {
  const { wang } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  office.clock.now += 10 * DAY_MS
  expect(await wang.command('start')).not.toContain('已答：')
  await wang.pressData(`q:${sheet}:${question}`)
  expect(wang.labels()).toEqual(expect.arrayContaining(['我的指标', '目录']))
  expect(
    wang
      .card()
      .rows.flat()
      .some(({ data }) => data.startsWith('a:')),
  ).toBe(false)
  await wang.press('我的指标')
  expect(wang.text()).toContain('本批次已截止')
})

it('says of an own sheet that was not submitted in time that it was not, and reminds before', async () => {
  const { wang } = await community('individual')
  await begin(wang)
  while (wang.card().rows[0]![0]!.data.startsWith('a:')) await answer(wang)
  expect(wang.text()).toContain('预览，未提交')
  office.clock.now += 5 * DAY_MS
  await remind(office.desk)
  expect(await office.count(`delivery WHERE person_id = $1`, wang.person)).toBe(1)
  office.clock.now += 5 * DAY_MS
  await wang.command('result')
  expect(wang.text()).toContain('没有提交')
  expect(wang.text()).not.toContain('已提交 ')
})

it('asks for a confirming tap where a page has only looked at what the other answered', async () => {
  const { id, wang } = await community()
  const page = await office.member('worker', id, { name: '孙丽', posts: ['网格员'], channel: 'web' })
  const [, sheet, question] = await begin(page)
  await wang.command('start')
  await wang.pressData(`q:${sheet}:${question}`)
  await answer(wang)
  const other = page
    .card()
    .rows.flat()
    .filter(({ data }) => data.startsWith('a:'))[1]!
  await page.look()
  expect(await page.type(other.label)).toContain('要把这一题改为')
  expect(await office.count('answer')).toBe(1)
  expect(await office.count('clash')).toBe(1)
})

it('opens no practice sheet behind the switch to somebody whose own sheet is gone', async () => {
  const { wang } = await community('individual')
  await begin(wang)
  await answer(wang)
  await remove(wang)
  const change = { id: 'x-practice', at: new Date(office.clock.now), person: null, action: 'practice_set' }
  await office.desk.members.setOption('practice', 'off', {
    ...change,
    subject: 'x',
    community: null,
    before: null,
    after: null,
  })
  expect(await wang.command('start')).toContain('凭邀请使用')
  expect(await office.count('sheet WHERE assessment_id IS NULL')).toBe(0)
})

it('keeps an answer given anew when whoever wrote the note beside it has themselves erased', async () => {
  const { wang, zhao, head, assessment } = await community()
  const [, sheet, question] = await begin(wang)
  await answer(wang)
  await wang.pressData(`q:${sheet}:${question}`)
  await wang.press('备注')
  await wang.type('见台账')
  await head.command('summary')
  await head.pressData(`P:detail:${assessment}:${question}`)
  await head.press('退回重答')
  await head.type('请核对')
  await zhao.command('start')
  await zhao.pressData(`q:${sheet}:${question}`)
  await answer(zhao)
  expect(await office.desk.work.sentBack(assessment)).toEqual([])
  await office.desk.records.erase(wang.person)
  expect(await office.desk.work.sentBack(assessment)).toEqual([])
  const [shared] = await office.desk.work.sheets(assessment)
  expect(shared!.answers.get(question!)).toMatchObject({ person: zhao.person, note: null })
})
