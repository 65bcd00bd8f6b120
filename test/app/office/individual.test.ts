/** Everybody fills a sheet of their own: the community's score is the mean, the head sees where they differ, and submits. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Exact, exact, fraction } from '../../../src/core/exact.js'
import { mergeScores } from '../../../src/core/merge.js'
import { resultOf } from '../../../src/core/result.js'
import { scoreSheet } from '../../../src/core/score.js'
import { openDesk, type TestDesk, type Visitor } from '../../support/desk.js'

const NOT_APPLICABLE = 'n/a'

/** What each of the three says where it is not the best; and, by hand, the mean and whether they are two levels apart. */
// biome-ignore format: a table
const JUDGED: Record<string, { said: [string, string, string]; points: number; mean: Exact; apart: boolean }> = {
  // 12 + 12 + 0, over 3
  'P1-01': { said: ['yes', 'yes', 'no'], points: 12, mean: exact('8'), apart: true },
  // 15 + 12 + 7.5, over 3
  'P1-02': { said: ['full', 'mostly', 'partly'], points: 15, mean: exact('11.5'), apart: true },
  // 10 + 8 + 8, over 3
  'P1-03': { said: ['full', 'mostly', 'mostly'], points: 10, mean: fraction(26n, 3n), apart: false },
  // 12 + 7.8 + 4.2, over 3: nothing below 80 percent, all of it at 100
  'P2-01': { said: ['100', '93', '87'], points: 12, mean: exact('8'), apart: true },
  // 10 + 10 + 0, over 3
  'P2-02': { said: ['full', 'full', 'none'], points: 10, mean: fraction(20n, 3n), apart: true },
  // 8 + 6.4, over the two who found it applicable
  'P2-03': { said: ['full', NOT_APPLICABLE, 'mostly'], points: 8, mean: exact('7.2'), apart: true },
  // 10 + 10 + 8, over 3
  'P2-05': { said: ['full', 'full', 'mostly'], points: 10, mean: fraction(28n, 3n), apart: false },
}
/** 1000 less 4, 3.5, 4/3, 4, 10/3, 0.8 and 2/3. */
const TOTAL = '982.366666'

let office: TestDesk
let head: Visitor
let workers: Visitor[]
let late: Visitor
let assessment: string
beforeAll(async () => {
  office = await openDesk()
  const community = await office.community('渝康社区')
  head = await office.member('head', community, { name: '李书记' })
  workers = []
  for (const name of ['王芳', '赵强', '孙丽']) workers.push(await office.member('worker', community, { name }))
  late = await office.member('worker', community, { name: '周迟' })
  const round = await office.round([community], { mode: 'individual' })
  assessment = round.assessments[community]!
}, 60_000)
afterAll(() => office.close())

const questionOf = (visitor: Visitor): string | undefined => {
  const data = visitor.card().rows[0]?.[0]?.data
  return data?.startsWith('a:') ? data.split(':')[2] : undefined
}

async function answer(visitor: Visitor, value: string | undefined): Promise<void> {
  const buttons = visitor.card().rows.flat()
  if (value === NOT_APPLICABLE) {
    await visitor.press('不适用')
    await visitor.pressData(visitor.card().rows[0]![0]!.data)
    return
  }
  const option = buttons.find(({ data }) => value === undefined || data.split(':')[4] === value)
  if (option) await visitor.pressData(option.data)
  else await visitor.type(value!)
}

it('gives everybody a sheet of their own, of which the others see nothing', async () => {
  for (const [who, visitor] of workers.entries()) {
    expect(await visitor.command('start')).toContain('第 1/92 题')
    for (let question = questionOf(visitor); question; question = questionOf(visitor)) {
      expect(visitor.text()).not.toContain('已答')
      await answer(visitor, JUDGED[question]?.said[who])
    }
  }
  await late.command('start')
  for (let i = 0; i < 5; i += 1) await answer(late, undefined)
  expect(await office.count('sheet WHERE assessment_id = $1 AND person_id IS NOT NULL', assessment)).toBe(4)
  expect(await office.count('answer')).toBe(3 * 98 + 5)
})

it('does not let the head submit before anybody has', async () => {
  await head.command('summary')
  await head.press('提交')
  expect(head.text()).toContain('还没有人交个人评分表')
  expect(head.labels()).not.toContain('确认提交')
  await head.pressData(`D:submit:${assessment}`)
  expect((await office.desk.rounds.assessment(assessment))!.status).toBe('open')
})

it('comes to the exact mean of those who have submitted theirs', async () => {
  for (const visitor of workers) {
    await visitor.press('提交')
    expect(await visitor.press('确认提交')).toContain('已提交')
  }
  const { questionnaire } = office.desk.books.current
  const sheets = (await office.desk.work.sheets(assessment)).filter(({ status }) => status === 'submitted')
  expect(sheets).toHaveLength(3)
  const merged = mergeScores(
    questionnaire,
    sheets.map(({ answers }) => scoreSheet(questionnaire, answers)),
  )
  for (const [id, { mean, points }] of Object.entries(JUDGED)) {
    const one = merged.indicators.find((indicator) => indicator.id === id)!
    expect([one.score, one.points, one.state], id).toEqual([mean, exact(points), 'scored'])
  }
  expect(resultOf(questionnaire, merged)).toMatchObject({ total: TOTAL, answered: 98, asked: 98 })
})

it('shows the head the score, who is not through, and where people are two levels apart', async () => {
  await head.command('summary')
  expect(head.text()).toContain('总分：982.4 分')
  expect(head.text()).toContain('已交 3/')
  const apart = Object.keys(JUDGED).filter((id) => JUDGED[id]!.apart)
  expect(head.text()).toContain(`各人判断相差两级以上 ${apart.length} 项`)
  await head.press('分歧')
  const listed = head.labels().map((label) => label.split(' ')[0]!)
  for (const id of Object.keys(JUDGED)) expect(listed.includes(id), id).toBe(JUDGED[id]!.apart)
  expect(listed).toHaveLength(apart.length + 1)
  expect(head.text()).toContain('王芳 100.0%、赵强 80.0%、孙丽 50.0%')
  expect(head.text()).toContain('王芳 100.0%、赵强 不适用、孙丽 80.0%')
  expect(head.text()).toContain('王芳 100.0%、赵强 65.0%、孙丽 35.0%')
  expect(head.text()).not.toContain('周迟')
})

it('is submitted by the head alone, and what is open then counts for nothing', async () => {
  await workers[0]!.pressData(`D:submit:${assessment}`)
  expect(workers[0]!.text()).toContain('您没有这项权限')
  await head.command('summary')
  await head.press('提交')
  expect(head.text()).toContain('人还没交')
  expect(await head.press('确认提交')).toContain('已提交')
  const kept = (await office.desk.work.result(assessment))!
  expect(kept.result.total).toBe(TOTAL)
  expect(kept.rows).toBe(3 * 98)
  expect(await office.count(`sheet WHERE status = 'submitted' AND person_id IS NOT NULL`)).toBe(3)
  expect(await office.count(`sheet WHERE status = 'submitted' AND person_id = $1`, late.person)).toBe(0)
})

it('takes no more answers of whoever was not through, and asks them nothing more', async () => {
  const rows = await office.count('answer')
  await answer(late, undefined)
  expect(questionOf(late)).toBeUndefined()
  await late.pressData(`D:enter:${assessment}`)
  expect(questionOf(late)).toBeUndefined()
  expect(await office.count('answer')).toBe(rows)
})
