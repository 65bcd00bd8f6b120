/** News of rounds: begun, and how it ended. Once to everybody whom it concerns, at a decent hour, and only while it is news. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newsCard } from '../../src/app/news-card.js'
import { outlookOf } from '../../src/app/results.js'
import { plain } from '../../src/app/rich.js'
import { type Told, tellRoundNews } from '../../src/app/round-news.js'
import type { Card } from '../../src/app/speech.js'
import { questionChoices } from '../../src/app/views/choices.js'
import { DAY_MS, openDesk, START, type TestDesk, type Visitor } from '../support/desk.js'
import { seededChange, sendAll } from './notice-fixtures.js'

const HOUR_MS = 60 * 60 * 1000

let office: TestDesk
let community: string
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
})
afterEach(() => office.close())

const begun = () => ({ opensAt: new Date(START - HOUR_MS), deadline: new Date(START + 7 * DAY_MS) })
const inLine = async (type: string): Promise<string[]> => {
  const { rows } = await office.pool.query<{ person_id: string }>(
    `SELECT person_id FROM delivery WHERE content ->> 'type' = $1 ORDER BY person_id`,
    [type],
  )
  return rows.map(({ person_id }) => person_id)
}
const dueAt = async () => (await office.pool.query<{ due_at: Date }>('SELECT due_at FROM delivery')).rows[0]?.due_at
const setStatus = (round: string, status: 'published' | 'closed') =>
  office.desk.rounds.setStatus(round, status, seededChange(office, `round:${round}`))
const people = (...some: Visitor[]) => some.map(({ person }) => person).sort()
const page = (card: Card | undefined) =>
  card && [plain(card.text), ...card.rows.map((row) => row.map(({ label }) => `[${label}]`).join(' '))].join('\n')

/** All questions of the shared sheet, with the best option for all but the last few. */
async function answerAll(assessment: string, person: string, count = Number.POSITIVE_INFINITY): Promise<void> {
  const { desk, clock } = office
  const book = desk.books.current
  const sheet = desk.work.sharedSheetOf(assessment)
  for (const [i, question] of book.questionnaire.questions.slice(0, count).entries()) {
    const values = questionChoices(book, question).map(({ value }) => value)
    const value = question.kind === 'indicator' ? (i < 2 ? values.at(-1)! : values[0]!) : 'no'
    const said = { value, notApplicable: null, note: null, evidence: [], raw: null }
    const signed = { person, channel: 'web', input: '1', at: new Date(clock.now) }
    expect(await desk.ledger.append({ sheet, question: question.id, revision: 1, ...said, ...signed })).toBe('written')
  }
}

async function submit(assessment: string): Promise<void> {
  const { desk } = office
  const { result, rows } = (await outlookOf(desk, (await desk.rounds.assessment(assessment))!))!
  const done = await desk.work.submit(
    assessment,
    'somebody',
    result,
    rows,
    seededChange(office, `assessment:${assessment}`),
  )
  expect(done).toBe('submitted')
}

describe('a round has begun', () => {
  it('is told once to everybody who has something to answer in it', async () => {
    const grid = await office.member('worker', community, { posts: ['网格员'] })
    const all = await office.member('worker', community)
    const head = await office.member('head', community, { posts: ['综合岗'] })
    // Has nothing to answer.
    await office.member('head', community)
    await office.member('assessor', community)
    await office.member('worker', await office.community('别的社区'))
    await office.member('admin', null)
    await office.round([community], begun())
    expect(await tellRoundNews(office.desk)).toBe(3)
    expect(await inLine('opened')).toEqual(people(grid, all, head))
    expect(await tellRoundNews(office.desk)).toBe(0)
    const late = await office.member('worker', community)
    expect(await tellRoundNews(office.desk)).toBe(1)
    expect(await inLine('opened')).toContain(late.person)
  })

  it('is told of sheets of one’s own to those who answer one', async () => {
    const worker = await office.member('worker', community)
    const head = await office.member('head', community, { posts: ['综合岗'] })
    await office.member('head', community)
    await office.round([community], { ...begun(), mode: 'individual' })
    await tellRoundNews(office.desk)
    expect(await inLine('opened')).toEqual(people(worker, head))
  })

  it('is no news before it opens, a day after that, in a draft, or where it is over', async () => {
    await office.member('worker', community)
    await office.round([community], { ...begun(), opensAt: new Date(START + HOUR_MS) })
    await office.round([community], { ...begun(), opensAt: new Date(START - DAY_MS) })
    await office.round([community], { ...begun(), draft: true })
    await office.round([community], { ...begun(), deadline: new Date(START - 1) })
    const { id } = await office.round([community], begun())
    await setStatus(id, 'closed')
    expect(await tellRoundNews(office.desk)).toBe(0)
    office.clock.now = START + HOUR_MS
    expect(await tellRoundNews(office.desk)).toBe(1)
  })

  it('comes in the morning where a round opens in the night of the community’s clock', async () => {
    await office.member('worker', community)
    const opensAt = new Date(Date.UTC(2026, 10, 23, 16))
    await office.round([community], { ...begun(), opensAt })
    office.clock.now = opensAt.getTime()
    await tellRoundNews(office.desk)
    expect(await dueAt()).toEqual(new Date(Date.UTC(2026, 10, 24, 1)))
  })

  it('is not told where the round is over by the morning', async () => {
    await office.member('worker', community)
    const opensAt = new Date(Date.UTC(2026, 10, 23, 16))
    await office.round([community], { opensAt, deadline: new Date(Date.UTC(2026, 10, 24, 1)) })
    office.clock.now = opensAt.getTime()
    expect(await tellRoundNews(office.desk)).toBe(0)
  })

  it('costs a process that has just looked one query', async () => {
    await office.member('worker', community)
    await office.round([community], begun())
    let looks = 0
    const rounds: typeof office.desk.rounds = {
      ...office.desk.rounds,
      assessmentsIn: (round) => {
        looks += 1
        return office.desk.rounds.assessmentsIn(round)
      },
    }
    const told: Told = new Map()
    const run = () => tellRoundNews({ ...office.desk, rounds }, told)
    expect(await run()).toBe(1)
    await office.member('worker', community)
    office.clock.now += 10_000
    expect([await run(), looks]).toEqual([0, 1])
    office.clock.now += 60_000
    expect([await run(), looks]).toEqual([0, 2])
    office.clock.now += 30 * 60_000
    expect([await run(), looks]).toEqual([1, 3])
  })

  it('says how many questions are one’s own and until when, and leads to them', async () => {
    const grid = await office.member('worker', community, { posts: ['网格员'] })
    const john = await office.member('worker', community, { language: 'en' })
    const { assessments } = await office.round([community], begun())
    await tellRoundNews(office.desk)
    const sent = await sendAll(office)
    const cards = new Map(sent.map(({ address, errand }) => [address, errand.do === 'send' ? errand.card : undefined]))
    expect(page(cards.get(grid.address))).toMatch(
      /^渝康社区 · 2026年第4季度评定开始了\n您有 \d+ 题要答\n截止时间：2026-11-30（周一）10:00（Asia\/Shanghai）\n\[进入：渝康社区 · 2026年第4季度评定\]$/,
    )
    expect(page(cards.get(john.address))).toBe(
      [
        '渝康社区 · 2026年第4季度评定 has begun',
        `${office.desk.books.current.questionnaire.questions.length} questions are yours`,
        'Deadline: Mon 30 Nov 2026, 10:00 (Asia/Shanghai)',
        '[Enter: 渝康社区 · 2026年第4季度评定]',
      ].join('\n'),
    )
    await grid.pressData(cards.get(grid.address)!.rows[0]![0]!.data)
    expect(grid.page()).toContain('继续答我的')
    expect(Object.keys(assessments)).toEqual([community])
  })

  it('is skipped for those who have begun, have left, or have nothing to answer by then', async () => {
    const { desk } = office
    const worker = await office.member('worker', community)
    const { id: round, assessments } = await office.round([community], begun())
    const assessment = assessments[community]!
    const card = (person: string) => newsCard(desk, person, 'zh-CN', { type: 'opened', assessment })
    expect(await card(worker.person)).toBeDefined()
    expect(await card((await office.member('assessor', community)).person)).toBeUndefined()
    expect(await card((await office.visitor()).person)).toBeUndefined()
    expect(await newsCard(desk, worker.person, 'zh-CN', { type: 'opened', assessment: 'a0000000000' })).toBeUndefined()
    await setStatus(round, 'closed')
    expect(await card(worker.person)).toBeUndefined()
    await setStatus(round, 'published')
    await answerAll(assessment, 'somebody', 1)
    expect(await card(worker.person)).toBeDefined()
    const sheet = desk.work.sharedSheetOf(assessment)
    const second = desk.books.current.questionnaire.questions[1]!
    const value = questionChoices(desk.books.current, second)[0]!.value
    const said = { value, notApplicable: null, note: null, evidence: [], raw: null }
    const signed = { person: worker.person, channel: 'web', input: '2', at: new Date(office.clock.now) }
    await desk.ledger.append({ sheet, question: second.id, revision: 1, ...said, ...signed })
    expect(await card(worker.person)).toBeUndefined()
  })
})

describe('a result is out', () => {
  it('is told to heads and assessors of the community once its round is over', async () => {
    const head = await office.member('head', community)
    const john = await office.member('assessor', community, { language: 'en' })
    await office.member('worker', community)
    await office.member('admin', null)
    const open = await office.community('没交的社区')
    await office.member('head', open)
    const deadline = new Date(START + HOUR_MS)
    const { assessments } = await office.round([community, open], { deadline })
    await answerAll(assessments[community]!, 'somebody')
    await submit(assessments[community]!)
    expect(await tellRoundNews(office.desk)).toBe(0)
    office.clock.now = deadline.getTime()
    expect(await tellRoundNews(office.desk)).toBe(2)
    expect(await tellRoundNews(office.desk)).toBe(0)
    expect(await inLine('result')).toEqual(people(head, john))
    const sent = await sendAll(office)
    const cards = new Map(sent.map(({ address, errand }) => [address, errand.do === 'send' ? errand.card : undefined]))
    expect(page(cards.get(head.address))).toBe(
      [
        '渝康社区 · 2026年第4季度评定：结果出来了',
        '总分：973.0 分（满分 1000）',
        '等级：AAA',
        '薄弱指标 2 项',
        '[查看汇总]',
      ].join('\n'),
    )
    expect(page(cards.get(john.address))).toContain('the result is out\nTotal: 973.0 points')
    await head.pressData(cards.get(head.address)!.rows[0]![0]!.data)
    expect(head.text()).toContain('总分：973.0 分')
  })

  it('is told at once where the round was closed early, and no more where it is open again', async () => {
    const head = await office.member('head', community)
    const { id, assessments } = await office.round([community])
    const assessment = assessments[community]!
    await answerAll(assessment, 'somebody')
    await submit(assessment)
    await setStatus(id, 'closed')
    expect(await tellRoundNews(office.desk)).toBe(1)
    const card = (person: string) => newsCard(office.desk, person, 'zh-CN', { type: 'result', assessment })
    expect(await card(head.person)).toBeDefined()
    expect(await card((await office.member('worker', community)).person)).toBeUndefined()
    await setStatus(id, 'published')
    expect(await card(head.person)).toBeUndefined()
  })

  it('is no news a day after the deadline', async () => {
    await office.member('head', community)
    const { assessments } = await office.round([community], { deadline: new Date(START + HOUR_MS) })
    await answerAll(assessments[community]!, 'somebody')
    await submit(assessments[community]!)
    office.clock.now = START + HOUR_MS + DAY_MS
    expect(await tellRoundNews(office.desk)).toBe(0)
  })
})
