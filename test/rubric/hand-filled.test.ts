import { describe, expect, it } from 'vitest'
import { indicatorsOf } from '../../src/core/rubric.js'
import { draftBook, format, type Hand, plain, soundAfter } from './support/workbooks.js'

const draft = draftBook()
const indicator = (book: { rubric: typeof draft.rubric }, id: string) =>
  indicatorsOf(book.rubric).find((one) => one.id === id)!

/** Copies a whole sheet into another order of columns, with a title above and a column of the official's own. */
function shuffle(hand: Hand, name: string): void {
  const old = hand.sheet(name)
  const rows: unknown[][] = []
  old.eachRow({ includeEmpty: true }, (row, number) => {
    const values: unknown[] = []
    for (let column = 1; column <= old.columnCount; column += 1) values.push(row.getCell(column).value)
    rows[number - 1] = values
  })
  hand.workbook.removeWorksheet(old.id)
  const sheet = hand.workbook.addWorksheet(name)
  sheet.addRow(['某某区和谐社区评分表'])
  for (const values of rows) sheet.addRow([values[0] === '级别 *' ? '经办人' : '', ...values.reverse()] as never[])
}

describe('a workbook that was filled by hand', () => {
  it('reads full-width digits, blanks, numbers as text, rich text, links and saved formula results', async () => {
    const book = await soundAfter((hand) => {
      hand.at('指标', 'P1-01', '分值').value = '\uff11\uff12\u3000'
      hand.at('指标', 'P1-02', '分值').value = { formula: '10+5', result: 15 }
      hand.at('指标', 'P1-02', '题型').value = '四档 '
      hand.at('指标', 'P1-03', '指标名称').value = {
        richText: [{ text: '班子' }, { text: '健全 ', font: { bold: true } }],
      }
      hand.at('指标', 'P1-03', '岗位').value = { text: '党务岗', hyperlink: 'http://example.invalid' }
      hand.at('指标', 'P1-04', '可不适用').value = '×'
      hand.at('指标', 'P2-02', '可不适用').value = true
      hand.at('指标', 'P1-03', '佐证材料').value = '班子成员名册 \r\n\r\n分工文件或公示牌\r\n补选材料(有空缺时)\r\n'
      hand.at('设置', 'scale', '值').value = '1,000'
      hand.at('指标', 'P1-01', '编号').value = ' \uff30\uff11\uff0d\uff10\uff11 '
    })
    expect(plain(book.rubric)).toEqual(plain(draft.rubric))
    expect(plain(book.prompts)).toEqual(plain(draft.prompts))
    expect(book.warnings).toEqual([])
  })

  it('takes a blank or merged level for the one above', async () => {
    const book = await soundAfter((hand) => {
      const sheet = hand.sheet('指标')
      for (const header of ['一级编号', '一级名称', '二级编号', '二级名称']) {
        const column = hand.column('指标', header)
        const first = hand.row('指标', 'P1-01')
        const last = hand.row('指标', 'P1-07')
        for (let row = first + 1; row <= last; row += 1) sheet.getCell(row, column).value = null
        if (header.endsWith('名称')) sheet.mergeCells(first, column, last, column)
      }
      const second = hand.row('指标', 'P2-02')
      for (const header of ['一级编号', '二级编号']) sheet.getCell(second, hand.column('指标', header)).value = null
      for (const row of [hand.row('一二级指标', 'P1'), hand.row('一二级指标', 'C6')])
        hand.sheet('一二级指标').getCell(row, hand.column('一二级指标', '上级编号')).value = null
    })
    expect(plain(book.rubric)).toEqual(plain(draft.rubric))
  })

  it('reads percent cells as ratios and as percentages', async () => {
    const book = await soundAfter((hand) => {
      const target = hand.at('指标', 'P1-04', '满分值')
      target.value = 0.57
      format(target, '0%')
      hand.at('指标', 'P1-04', '零分值').value = '50%'
      hand.at('指标', 'P1-04', '单位').value = '%'
      hand.at('设置', 'option.level4.mostly', '值').value = '85%'
      const cap = hand.at('设置', 'na.max_share', '值')
      cap.value = 0.15
      format(cap, '0.0%')
    })
    expect(indicator(book, 'P1-04').answer).toMatchObject({ target: 57, floor: 50 })
    expect(book.rubric.options.level4[1]).toEqual({ key: 'mostly', ratio: 0.85 })
    expect(book.rubric.scoring.not_applicable.max_share).toBe(0.15)
  })

  it('finds columns in any order below a title, and reports those of the official', async () => {
    const book = await soundAfter((hand) => {
      shuffle(hand, '一二级指标')
      shuffle(hand, '指标')
      hand.workbook.addWorksheet('我的草稿').getCell('A1').value = '随便写写'
    })
    expect(plain(book.rubric)).toEqual(plain(draft.rubric))
    expect(plain(book.prompts)).toEqual(plain(draft.prompts))
    expect(book.warnings).toEqual([
      '《我的草稿》:不认识这张表,没有读取',
      expect.stringMatching(/^《一二级指标》第 2 行 A 列“经办人”:不认识这一列,没有读取$/),
    ])
  })

  it('copies the Chinese where the English is empty, with a warning for each cell', async () => {
    const book = await soundAfter((hand) => {
      for (const header of ['英文问题', '英文佐证材料', '英文名称', '英文要求'])
        hand.at('指标', 'P1-03', header).value = null
      hand.at('一二级指标', 'P', '英文名称').value = ' '
      hand.at('设置', 'title', '英文文字').value = null
      hand.at('词语', '党务岗', '英文').value = null
    })
    const { en, 'zh-CN': zh } = book.prompts
    const [own, chinese] = [en.indicators['P1-03']!, zh.indicators['P1-03']!]
    expect(own).toMatchObject({ question: chinese.question, evidence: chinese.evidence, title: chinese.title })
    expect(own.requirement).toBeUndefined()
    expect(en.levels.P).toBe('党建引领')
    expect(en.title).toBe(book.rubric.title)
    expect(en.terms.党务岗).toBeUndefined()
    expect(book.warnings).toHaveLength(7)
    expect(book.warnings.join('\n')).toMatch(/《指标》第 5 行 \w+ 列“英文问题”:英文没有填,照抄了中文/)
  })

  it('skips a line of totals, empty rows and notes below, and warns of figures that look wrong', async () => {
    const book = await soundAfter((hand) => {
      const sheet = hand.sheet('指标')
      const below = sheet.rowCount + 1
      sheet.getCell(below, hand.column('指标', '指标名称')).value = '合计'
      sheet.getCell(below, hand.column('指标', '分值')).value = 1000
      hand.at('指标', 'P1-04', '满分值').value = 1
      hand.at('指标', 'P1-04', '零分值').value = 0.5
      const clause = hand.at('指标', 'P1-04', '条款号')
      clause.value = 5.1
    })
    expect(book.warnings.join('\n')).toContain('看作合计行')
    expect(book.warnings.join('\n')).toContain('百分比按 0 至 100 填')
    expect(book.warnings.join('\n')).toContain('条款号是数字格式')
    expect(indicator(book, 'P1-04').clause).toBe('5.1')
  })
})
