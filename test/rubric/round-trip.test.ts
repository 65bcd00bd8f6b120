import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Workbook } from '@cj-tech-master/excelts'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { promptsYaml, rubricYaml } from '../../src/cli/write-yaml.js'
import { hashRubric } from '../../src/content/book.js'
import { checkPrompts, type Prompts } from '../../src/content/prompts.js'
import { checkRubric } from '../../src/core/check-rubric.js'
import type { Indicator, Rubric } from '../../src/core/rubric.js'
import { compareBooks } from '../../src/rubric-sheet/compare.js'
import { writeWorkbook } from '../../src/rubric-sheet/write-workbook.js'
import { DRAFT, draftBook, draftBytes, Hand, plain, ROOT, readBytes } from './support/workbooks.js'

async function roundTrip(rubric: Rubric, zh: Prompts, en: Prompts) {
  const read = await readBytes(await writeWorkbook(rubric, { zh, en }))
  if (!read.ok) throw new Error(JSON.stringify(read.faults, null, 1))
  return read.book
}

describe('a rubric through a workbook and back', () => {
  it('keeps the draft and its words whole, and its hash', async () => {
    const { rubric, prompts, hash } = draftBook()
    const read = await readBytes(await draftBytes())
    expect(read.ok && plain(read.book.rubric)).toEqual(plain(rubric))
    expect(read.ok && plain(read.book.prompts)).toEqual(plain(prompts))
    expect(read.ok && hashRubric(read.book.rubric)).toBe(hash)
    expect(read.warnings).toEqual([])
  })

  it('gives the bytes of the present files', () => {
    const { rubric, prompts } = draftBook()
    const text = (path: string) => readFileSync(join(ROOT, path, `${DRAFT}.yaml`), 'utf8')
    expect(rubricYaml(rubric)).toBe(text('rubric'))
    expect(promptsYaml(prompts['zh-CN']!)).toBe(text('prompts/zh-CN'))
    expect(promptsYaml(prompts.en!)).toBe(text('prompts/en'))
  })

  it('keeps every optional piece: bands, clauses, odd veto ids, own titles, verbatim marks, missing English', async () => {
    const { rubric, zh, en } = richBook()
    const back = await roundTrip(rubric, zh, en)
    expect(plain(back.rubric)).toEqual(plain(rubric))
    expect(plain(back.prompts)).toEqual(plain({ 'zh-CN': zh, en }))
    const yaml = checkRubric(load(rubricYaml(rubric)))
    expect(yaml.ok && hashRubric(yaml.rubric)).toBe(hashRubric(rubric))
    expect(load(promptsYaml(zh))).toEqual(plain(zh))
  })

  it('keeps text that looks like a formula as text', async () => {
    const { rubric, prompts } = draftBook()
    const evil = ['=HYPERLINK("http://x","y")', '+1+1', '-2', '@SUM(A1)', '=1+1']
    const first = rubric.first_level[0]!.second_level[0]!.indicators[0]!
    const zh = plain(prompts['zh-CN']!)
    zh.indicators[first.id]!.reasons = evil
    zh.indicators[first.id]!.hint = evil[0]!
    const bytes = await writeWorkbook(rubric, { zh, en: prompts.en! })
    const workbook = new Workbook()
    await workbook.xlsx.load(bytes)
    const hint = new Hand(workbook).at('指标', first.id, '提示')
    expect(hint.value).toBe(evil[0])
    expect(hint.formula).toBeFalsy()
    expect(hint.numFmt).toBe('@')
    const read = await readBytes(bytes)
    expect(read.ok && read.book.prompts['zh-CN'].indicators[first.id]).toMatchObject({ reasons: evil, hint: evil[0] })
  })

  it('shows no difference for the same, and each difference by its column', () => {
    const { rubric, prompts } = draftBook()
    const own = { rubric, zh: prompts['zh-CN']!, en: prompts.en! }
    expect(compareBooks(own, own)).toEqual([])
    const { rubric: other, zh, en } = richBook()
    const text = JSON.stringify(compareBooks(own, { rubric: other, zh, en }))
    for (const word of ['分档扣分', '条款号', '否决项编号', '显示名称', '英文计量内容', '出处备注'])
      expect(text).toContain(word)
  })
})

/** The draft with everything that it does not use itself. */
function richBook(): { rubric: Rubric; zh: Prompts; en: Prompts } {
  const { rubric: draft, prompts } = draftBook()
  const rubric = plain(draft)
  const zh = plain(prompts['zh-CN']!)
  const en = plain(prompts.en!)
  const all = rubric.first_level.flatMap((first) => first.second_level.flatMap((second) => second.indicators))
  const percent = all.find(({ answer }) => answer.type === 'percent')! as Indicator & { answer: { bands?: unknown } }
  percent.answer.bands = [
    { from: 80.5, lose: 0 },
    { from: 60, lose: 2.5 },
    { from: 0, lose: percent.points },
  ]
  percent.clause = '5.10'
  percent.provenance = {
    ...percent.provenance,
    points: 'verbatim',
    scoring: 'verbatim',
    guidance: 'verbatim',
    note: '见附录A',
  }
  zh.indicators[percent.id]!.title = '另一个名称'
  zh.indicators[percent.id]!.requirement = '第一行\n第二行'
  delete en.indicators[percent.id]!.measure
  const vetoed = all.find(({ vetoes }) => vetoes.length > 0)!
  vetoed.vetoes = vetoed.vetoes.map((_, i) => `${vetoed.id}.v${i + 3}`)
  rubric.first_level[0]!.clause = '5.1'
  rubric.first_level[0]!.provenance = { ...rubric.first_level[0]!.provenance, points: 'verbatim', note: '备注' }
  zh.levels.P = '党建引领(显示)'
  zh.terms = { 次: '回' }
  en.terms.次 = ''
  delete en.terms.项
  rubric.scoring.penalty.cap = 30
  rubric.scoring.bonus.counts_for_grade = true
  rubric.scoring.first_level_minimum = { enabled: true, rates: { AAA: 0.855, AA: 0.7, A: 0.57 } }
  rubric.cutoffs.sets['正式(2027) 第1版'] = { AAA: 905, AA: 800, A: 700 }
  rubric.standard.number = 'T/LJXQ 001-2027'
  delete rubric.disclaimer
  delete en.disclaimer
  zh.title = '显示的标题'
  const checked = checkRubric(rubric)
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  for (const words of [zh, en]) {
    const own = checkPrompts(checked.rubric, words)
    if (!own.ok) throw new Error(JSON.stringify(own.faults))
  }
  return { rubric: checked.rubric, zh, en }
}
