/** The admin's overview of a round: order, parts, results that are behind the ledger, the district's weak indicators, the file. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outlookOf, renewResult } from '../../../src/app/results.js'
import { questionChoices } from '../../../src/app/views/choices.js'
import { DAY_MS, openDesk, START, type TestDesk, type Visitor } from '../../support/desk.js'

let office: TestDesk
/** What a look at the clock takes, so that a time budget runs out while a test's clock stands still. */
let slowness = 0
let now = () => 0
beforeEach(async () => {
  slowness = 0
  office = await openDesk({ now: () => now() })
  now = () => (office.clock.now += slowness)
})
afterEach(() => office.close())

const admin = () => office.member('admin', null, { name: '周敏' })

/** Answers questions of a community up to a number, indicators with the option of this rank (0: the best one). */
async function answer(
  assessment: string,
  rank: number,
  { from = 0, count = 98, revision = 1, only = '', veto = 'no' } = {},
): Promise<void> {
  const { desk, clock } = office
  const book = desk.books.current
  const sheet = desk.work.sharedSheetOf(assessment)
  const questions = book.questionnaire.questions.slice(from, count).filter(({ id }) => id.startsWith(only))
  await Promise.all(
    questions.map(async (question) => {
      const values = questionChoices(book, question).map(({ value }) => value)
      const value = question.kind === 'veto' ? veto : values[Math.min(rank, values.length - 1)]!
      const said = { value, notApplicable: null, note: null, evidence: [], raw: null }
      const signed = { person: 'somebody', channel: 'web', input: '1', at: new Date(clock.now) }
      const done = await desk.ledger.append({ sheet, question: question.id, revision, ...said, ...signed })
      expect(done).toBe('written')
    }),
  )
}

/** By way of the store, at the beginning of the tests. */
async function submit(assessment: string): Promise<void> {
  const { desk } = office
  const { result, rows } = (await outlookOf(desk, (await desk.rounds.assessment(assessment))!))!
  const about = { subject: `assessment:${assessment}`, community: null, before: null, after: null }
  const change = {
    id: `submit ${assessment}`,
    at: new Date(START),
    person: null,
    action: 'assessment_submitted',
    ...about,
  }
  expect(await desk.work.submit(assessment, 'somebody', result, rows, change)).toBe('submitted')
}

async function district(names: readonly (string | readonly [name: string, street: string])[]) {
  const ids: string[] = []
  for (const one of names)
    ids.push(typeof one === 'string' ? await office.community(one) : await office.community(one[0], { street: one[1] }))
  const { id, assessments } = await office.round(ids)
  return { round: id, of: ids.map((one) => assessments[one]!) }
}

/** Names of the communities on the card, in the order of the list. */
const listed = (who: Visitor): string[] =>
  who
    .text()
    .split('\n')
    .flatMap((line) => /^\d+\. (\S+)/.exec(line)?.[1] ?? [])

const lineOf = (who: Visitor, name: string): string | undefined =>
  who
    .text()
    .split('\n')
    .find((line) => line.includes(`. ${name}`))

describe('/overview', () => {
  it('is refused to heads, by command and by button', async () => {
    const community = await office.community('渝康社区')
    const { id } = await office.round([community])
    const head = await office.member('head', community)
    expect(await head.command('overview')).toContain('您没有这项权限')
    for (const data of [`P:overview:${id}`, `P:district_weak:${id}`, 'P:round_choose', `D:overview_csv:${id}`]) {
      expect(await head.pressData(data)).toContain('您没有这项权限')
      expect(head.text()).not.toContain('总览')
      expect(head.said.at(-1)!.file).toBeUndefined()
    }
  })

  it('tells of each community how far and how good it is, the best first, unfinished ones last', async () => {
    const { of } = await district(['渝康社区', '金渝社区', '湖彩社区', '未答社区', '星湖社区'])
    await answer(of[0]!, 1)
    await answer(of[1]!, 0)
    await answer(of[2]!, 2, { count: 40 })
    await answer(of[4]!, 0, { count: 9 })
    const who = await admin()
    await who.command('overview')
    expect(who.page()).toBe(
      [
        '总览 · 2026年第4季度评定',
        '进行中，截止时间：2026-11-30（周一）10:00（Asia/Shanghai）',
        '5 个社区，已提交（✓）0 个',
        '排列：总分高的在前，未答完的在后',
        '',
        '1. 金渝社区 ██████████ 100.0% 1000.0 分，AAA',
        '',
        '2. 渝康社区 ██████████ 100.0% 757.3 分，A；最弱：党风党纪 54.0%',
        '',
        '3. 湖彩社区 ████░░░░░░ 40.8% 可得 148.4～755.4 分；最弱：居民自治 20.7%',
        '',
        '4. 星湖社区 █░░░░░░░░░ 9.2% 可得 97.0～1000.0 分',
        '',
        '5. 未答社区 ░░░░░░░░░░ 0.0% 可得 0.0～1000.0 分',
        '[金渝社区] [渝康社区]',
        '[湖彩社区] [星湖社区]',
        '[未答社区]',
        '[按完成度] [按名称] [按等级]',
        '[全区薄弱指标] [导出 CSV]',
        '[换批次] [返回管理]',
      ].join('\n'),
    )
    await who.press('按完成度')
    expect(listed(who)).toEqual(['未答社区', '星湖社区', '湖彩社区', '渝康社区', '金渝社区'])
    await who.press('按名称')
    expect(listed(who)).toEqual(['湖彩社区', '金渝社区', '未答社区', '星湖社区', '渝康社区'])
    await who.press('按等级')
    expect(listed(who)).toEqual(['金渝社区', '渝康社区', '湖彩社区', '星湖社区', '未答社区'])
  })

  it('puts those without a grade after the graded ones, and marks the submitted ones', async () => {
    const { of } = await district(['甲社区', '乙社区', '丙社区'])
    await answer(of[0]!, 0, { veto: 'yes' })
    await answer(of[1]!, 3)
    await answer(of[2]!, 1)
    await submit(of[2]!)
    const who = await admin()
    await who.go('overview', '按等级')
    expect(listed(who)).toEqual(['丙社区', '乙社区', '甲社区'])
    expect(lineOf(who, '丙社区')).toMatch(/丙社区 ✓ █/)
    expect(lineOf(who, '乙社区')).toContain('未达等级')
    expect(lineOf(who, '甲社区')).toContain('不予评级')
    expect(who.text()).toContain('3 个社区，已提交（✓）1 个\n已提交社区的总分中位数：757.3')
  })

  it('shows eight at once, keeps the order while turning, and names the street where a name is there twice', async () => {
    const names = ['一', '二', '三', '四', '五', '六', '七', '八'].map((one) => `第${one}社区`)
    const { of } = await district([...names, ['渝康社区', '礼嘉街道'], ['渝康社区', '鸳鸯街道']])
    await answer(of[9]!, 1)
    const who = await admin()
    await who.command('overview')
    expect(who.text()).toContain('第 1/2 页')
    expect(listed(who)).toHaveLength(8)
    expect(who.text()).toContain('1. 渝康社区（鸳鸯街道） █')
    expect(who.labels()).not.toContain('上一页')
    await who.press('按完成度')
    await who.press('下一页')
    expect(listed(who).at(-1)).toBe('渝康社区（鸳鸯街道）')
    expect(who.text()).toMatch(/10\. 渝康社区（鸳鸯街道）/)
    expect(who.text()).toContain('完成度低的在前')
    expect(who.labels()).not.toContain('下一页')
    await who.press('渝康社区（鸳鸯街道）')
    expect(who.text()).toContain('渝康社区 · 2026年第4季度评定')
    await who.press('返回总览')
    expect(who.text()).toContain('总览 · 2026年第4季度评定')
    await who.pressData(
      who
        .card()
        .rows.flat()
        .find(({ label }) => label === '下一页')!
        .data.replace(/1$/, '99'),
    )
    expect(who.text()).toContain('第 2/2 页')
  })

  it('makes kept results anew that are behind the ledger', async () => {
    const { of } = await district(['渝康社区'])
    await answer(of[0]!, 1)
    await renewResult(office.desk, of[0]!)
    await answer(of[0]!, 0, { revision: 2 })
    const who = await admin()
    await who.command('overview')
    expect(lineOf(who, '渝康社区')).toContain('1000.0 分，AAA')
    expect((await office.desk.work.result(of[0]!))!.result.total).toBe('1000.000000')
  })

  it('computes those most behind as far as time allows, and leaves the rest to the background, each counted right', async () => {
    const names = ['甲社区', '乙社区', '丙社区', '丁社区', '戊社区', '己社区']
    const { of } = await district(names)
    for (const [i, one] of of.entries()) {
      await answer(one, 1, { count: 10 })
      await renewResult(office.desk, one)
      await answer(one, 1, { from: 10, count: 60 + i })
    }
    const who = await admin()
    // Each of the four lanes looks at the clock before it begins with one.
    slowness = 70
    await who.command('overview')
    const behind = names.filter((name) => lineOf(who, name)!.includes('（统计稍后更新）'))
    expect(behind.length).toBeGreaterThan(0)
    expect(behind.length).toBeLessThan(names.length)
    expect(behind).toEqual(names.slice(0, behind.length))
    expect(who.text()).toContain(`${behind.length} 个社区的得分和等级稍后更新`)
    for (const [i, name] of names.entries())
      expect(lineOf(who, name)).toContain(` ${(((60 + i) / 98) * 100).toFixed(1)}% 可得`)
    slowness = 0
    await office.desk.renewal.renew(office.desk)
    await who.command('overview')
    expect(who.text()).not.toContain('稍后更新')
  })

  it('shows of an individual round what the submitted sheets come to', async () => {
    const community = await office.community('渝康社区')
    const worker = await office.member('worker', community)
    await office.round([community], { mode: 'individual' })
    await worker.command('start')
    while (worker.card().rows[0]?.[0]?.data.startsWith('a:')) await worker.pressData(worker.card().rows[0]![0]!.data)
    const who = await admin()
    await who.command('overview')
    expect(lineOf(who, '渝康社区')).toContain('0.0% 可得 0.0～1000.0 分')
    await worker.command('result')
    await worker.press('提交')
    await worker.press('确认提交')
    await who.command('overview')
    expect(lineOf(who, '渝康社区')).toContain('100.0% 1000.0 分，AAA')
  })

  it('opens the overview of another round', async () => {
    const community = await office.community('渝康社区')
    const times = { opensAt: new Date(START - 90 * DAY_MS), deadline: new Date(START - 80 * DAY_MS) }
    await office.round([community], { name: '2026年第3季度评定', ...times })
    await office.round([community], { draft: true, name: '未发布的', opensAt: new Date(START + DAY_MS) })
    await office.round([community])
    const who = await admin()
    await who.command('manage')
    await who.press('总览')
    await who.press('换批次')
    expect(who.page()).toBe(
      [
        '换批次',
        '点一个批次看总览。',
        '[2026年第4季度评定 · 进行中]',
        '[2026年第3季度评定 · 已截止]',
        '[返回管理]',
      ].join('\n'),
    )
    await who.press('2026年第3季度评定')
    expect(who.text()).toContain('总览 · 2026年第3季度评定\n已截止')
  })
})

describe('全区薄弱指标', () => {
  it('lists the indicators by their mean rate, with how many communities are weak there', async () => {
    const { of } = await district(['甲社区', '乙社区', '丙社区'])
    await answer(of[0]!, 0)
    await answer(of[1]!, 0, { only: 'P' })
    await answer(of[1]!, 3, { only: 'P3-02', revision: 2 })
    const who = await admin()
    await who.go('overview', '全区薄弱指标')
    expect(who.text()).toMatch(
      /^全区薄弱指标 · 2026年第4季度评定\n各社区得分率的平均，低的在前；薄弱指得分率低于 60%。\n第 1\/10 页\n1\. P3-02 主题党日：平均 50\.0%，1\/2 个社区薄弱\n2\. P1-01 按期换届：平均 100\.0%，0\/2 个社区薄弱\n/,
    )
    expect(listed(who)).toHaveLength(10)
    for (let page = 2; page <= 10; page += 1) await who.press('下一页')
    expect(who.text()).toContain('92. C6-')
    expect(who.text()).toContain('0/1 个社区薄弱')
    expect(who.labels()).toEqual(['上一页', '返回'])
    expect(await who.press('返回')).toContain('总览')
  })

  it('says so while there are no answers', async () => {
    await district(['甲社区'])
    const who = await admin()
    expect(await who.go('overview', '全区薄弱指标')).toContain('还没有答案。')
  })
})

describe('the file', () => {
  it('has a row for each community with everything that is known', async () => {
    const { of } = await district(['=渝康社区', ['金渝社区', '鸳鸯街道'], '湖彩社区'])
    await answer(of[0]!, 1)
    await answer(of[1]!, 0, { veto: 'yes' })
    await submit(of[1]!)
    const who = await admin()
    await who.go('overview', '导出 CSV')
    expect(who.text()).toContain('总览已作为文件发出，共 3 个社区。')
    const { name, mime, bytes } = who.said.at(-1)!.file!
    expect([name, mime]).toEqual(['总览-2026年第4季度评定.csv', 'text/csv'])
    const [header, ...rows] = new TextDecoder()
      .decode(bytes)
      .trim()
      .split('\r\n')
      .map((row) => row.split(','))
    expect(header).toHaveLength(10 + 3 + 18 + 3)
    const table = rows.map((row) => Object.fromEntries(header!.map((column, i) => [column, row[i]])))
    expect(table.map((row) => row.社区)).toEqual([`'=渝康社区`, '湖彩社区', '金渝社区'])
    const { result } = (await outlookOf(office.desk, (await office.desk.rounds.assessment(of[0]!))!))!
    expect(table[0]).toMatchObject({
      街道: '礼嘉街道',
      状态: '未提交',
      已答题数: '98',
      应答题数: '98',
      完成度: '100.0%',
      总分: result.total,
      最低可得: result.total,
      最高可得: result.total,
      等级: 'A',
      'P 党建引领': '66.5%',
      'P4 党风党纪': '54.0%',
      薄弱指标数: String(result.weak.length),
      一票否决: '',
      '提交时间（UTC）': '',
    })
    expect(table[1]).toMatchObject({ 已答题数: '0', 总分: '', 等级: '', 'P 党建引领': '', 最高可得: '1000.000000' })
    expect(table[2]).toMatchObject({ 街道: '鸳鸯街道', 状态: '已提交', 等级: '不予评级' })
    expect(table[2]!.一票否决).toContain('.v1')
    expect(table[2]!['提交时间（UTC）']).toBe('2026-11-23T02:00:00.000Z')
  })
})
