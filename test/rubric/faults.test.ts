import { describe, expect, it } from 'vitest'
import { explain } from '../../src/rubric-sheet/explain.js'
import { columnLetter } from '../../src/rubric-sheet/faults.js'
import { draftHand, edited, faultsAfter, format, type Hand, readBytes } from './support/workbooks.js'

const untouched = draftHand()

/** `《指标》第 5 行 H 列“分值”` of a cell. */
async function spot(name: string, id: string, header: string): Promise<string> {
  const hand = await untouched
  return `《${name}》第 ${hand.row(name, id)} 行 ${columnLetter(hand.column(name, header))} 列“${header}”:`
}

type Case = [what: string, sheet: string, id: string, header: string, value: unknown, says: string]
const CASES: Case[] = [
  ['words instead of points', '指标', 'P1-02', '分值', '十二', '应为数字;现在是“十二”'],
  ['no points', '指标', 'P1-02', '分值', null, '必填,不能为空'],
  ['negative points', '指标', 'P1-02', '分值', -3, '应为 0 或更大;现在是“-3”'],
  ['points as a percentage', '指标', 'P1-02', '分值', '15%', '应为数字,不是百分比'],
  ['an unknown type', '指标', 'P1-02', '题型', '五档', '应为“四档”“是否”“百分比”“数值”“扣分”之一'],
  ['no type', '指标', 'P1-02', '题型', null, '必填,应为“四档”'],
  ['no target', '指标', 'P1-04', '满分值', null, '必填,不能为空'],
  ['a target that the type does not use', '指标', 'P1-02', '满分值', 90, '题型“四档”不用这一列'],
  ['target and floor alike', '指标', 'P1-04', '满分值', 50, '满分值和零分值不能相同'],
  ['more than 100 per cent', '指标', 'P1-04', '满分值', 120, '都应在 0 至 100 之间'],
  ['bands that cannot be read', '指标', 'P1-04', '分档扣分', '80分以上不扣', '应写成“起点:扣几分”'],
  ['bands that rise', '指标', 'P1-04', '分档扣分', '0:0; 80:4', '分档应从高到低'],
  ['a band that loses too much', '指标', 'P1-04', '分档扣分', '80:0; 0:99', '扣分不能超过这一项的分值 12'],
  ['only one band', '指标', 'P1-04', '分档扣分', '0:0', '至少要有 2 条'],
  ['too many decimals', '指标', 'P1-04', '小数位', 5, '应不超过 2'],
  ['a bad id', '指标', 'P1-02', '编号', '1-02号', '编号应以字母开头'],
  ['an id used twice', '指标', 'P1-02', '编号', 'P1-01', '编号 P1-01 重复'],
  ['an unknown second level', '指标', 'P1-02', '二级编号', 'P9', '《一二级指标》里没有二级指标“P9”'],
  ['a name of another level', '指标', 'P1-02', '二级名称', '党员管理', '与《一二级指标》里 P1 的名称“组织体系”不一致'],
  ['a second level below another first', '指标', 'P1-02', '一级编号', 'G', '属于 P,与这里的 G 不一致'],
  ['no question', '指标', 'P1-02', '问题', null, '必填,不能为空'],
  ['a question too long', '指标', 'P1-02', '问题', '问'.repeat(301), '最多 300 个字'],
  ['too many reasons', '指标', 'P1-02', '低分原因', Array(9).fill('因').join('\n'), '最多 8 条'],
  ['a reason too long', '指标', 'P1-02', '低分原因', `短\n${'长'.repeat(301)}`, '第 2 条最多 300 个字'],
  ['no condition though it may not apply', '指标', 'P2-02', '不适用条件', null, '必须写明什么情况不适用'],
  ['a condition though it always applies', '指标', 'P1-02', '不适用条件', '没有时', '这里应留空'],
  ['English vetoes that miss one', '指标', 'P4-02', '英文否决项问题', 'a\nb\nc\nd\ne', '条否决项问题(与指标一致)'],
  ['an unknown source', '指标', 'P1-02', '分值出处', '官方', '应为“原文”“草案”之一'],
  ['a formula with an error', '指标', 'P1-02', '分值', { formula: 'A1+B1', result: { error: '#REF!' } }, '公式出错'],
  ['a formula without a result', '指标', 'P1-02', '分值', { formula: 'A1+B1' }, '公式没有保存计算结果'],
  ['a date as a clause', '指标', 'P1-02', '条款号', new Date(Date.UTC(2027, 4, 1)), '日期格式'],
  ['no name of a level', '一二级指标', 'P1', '名称', null, '必填,不能为空'],
  ['an unknown parent', '一二级指标', 'P1', '上级编号', 'Q', '上面没有编号为 Q 的一级指标'],
  ['a level used twice', '一二级指标', 'P2', '编号', 'P1', '编号 P1 重复'],
  ['a bad version', '设置', 'version', '值', '1.0', '版本应写成“1.0.0”的样子'],
  ['an unknown status', '设置', 'status', '值', '最终', '应为“草案”“正式”之一'],
  ['a sum that does not match', '设置', 'scale', '值', 990, '所有指标的分值合计应等于总分 990,现在合计是 1000'],
  ['a count that does not match', '设置', 'counts.indicators', '值', 93, '这里写 93 个,表里实际有 92 个'],
  ['a ratio over one', '设置', 'option.level4.mostly', '值', 80, '应不超过 1'],
  ['no word for an option', '设置', 'option.level4.mostly', '中文文字', null, '缺少 mostly 的文字'],
  ['an unknown set of cut-offs', '设置', 'cutoffs.use', '值', 'best', '应为下面某一套分数线的名字'],
  ['no words for a bonus', '设置', 'bonus.item.B1', '中文文字', null, '缺少 B1 的文字'],
]

describe('one fault in a workbook', () => {
  it.each(CASES)('%s', async (_, sheet, id, header, value, says) => {
    const where = await spot(sheet, id, header)
    const faults = await faultsAfter((hand) => {
      const cell = hand.at(sheet, id, header)
      cell.value = value as never
      if (value instanceof Date) format(cell, 'yyyy-mm-dd')
    })
    const own = faults.filter((line) => line.startsWith(where))
    expect(faults.join('\n')).toContain(says)
    expect(own.join('\n')).toContain(says)
  })

  it('says cut-offs that rise at the cell that is too high', async () => {
    const faults = await faultsAfter((hand) => {
      hand.at('设置', 'cutoff.draft.AA', '值').value = 950
    })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toContain('分数线应从高等级到低等级依次降低;现在是')
  })

  it('names a missing sheet, a missing column and an unknown key', async () => {
    const faults = await faultsAfter((hand) => {
      hand.workbook.removeWorksheet(hand.sheet('一二级指标').id)
    })
    expect(faults.join()).toContain('《一二级指标》:缺少这张表')
    const columns = await faultsAfter((hand) => {
      hand.sheet('指标').getCell(2, hand.column('指标', '岗位')).value = '谁负责'
      hand.sheet('设置').getCell(hand.row('设置', 'weak.rate_below'), 2).value = 'weak.rate'
    })
    expect(columns.join('\n')).toContain('《指标》第 2 行“岗位”:缺少这一列')
    expect(columns.join('\n')).toContain('不认识的键“weak.rate”')
    expect(columns.join('\n')).toContain('缺少键为“weak.rate_below”')
  })

  it('never reaches into the language by a key', async () => {
    const faults = await faultsAfter((hand) => {
      hand.at('设置', 'cutoff.strict.A', '键').value = 'cutoff.__proto__.A'
    })
    expect(faults.join()).toContain('不认识的键“cutoff.__proto__.A”')
    expect(({} as Record<string, unknown>).A).toBeUndefined()
  })
})

describe('many faults at once', () => {
  const sow = (hand: Hand): void => {
    hand.at('指标', 'P1-02', '分值').value = '十五'
    hand.at('指标', 'P1-04', '满分值').value = 50
    hand.at('指标', 'G1-01', '问题').value = null
    hand.at('指标', 'C1-01', '岗位').value = '这个岗位的名称实在是太长太长了超过了二十个字的上限'
    hand.at('一二级指标', 'G2', '名称').value = null
    hand.at('设置', 'version', '值').value = 'v1'
    hand.at('设置', 'cutoff.strict.AA', '值').value = 990
    hand.at('指标', 'P3-01', '每次扣分').value = 0
  }

  it('names each at its cell and invents none that only follow', async () => {
    const faults = await faultsAfter(sow)
    const expected = [
      [await spot('指标', 'P1-02', '分值'), '应为数字'],
      [await spot('指标', 'P1-04', '满分值'), '不能相同'],
      [await spot('指标', 'G1-01', '问题'), '必填'],
      [await spot('指标', 'C1-01', '岗位'), '最多 20 个字'],
      [await spot('一二级指标', 'G2', '名称'), '必填'],
      [await spot('设置', 'version', '值'), '1.0.0'],
      [await spot('设置', 'cutoff.strict.AA', '值'), '依次降低'],
      [await spot('指标', 'P3-01', '每次扣分'), '应大于 0'],
    ]
    for (const [where, says] of expected)
      expect(
        faults.some((line) => line.startsWith(where!) && line.includes(says!)),
        `${where}${says}`,
      ).toBe(true)
    expect(faults).toHaveLength(expected.length)
  })

  it('repeats the same faults on the same file', async () => {
    const bytes = await edited(sow)
    expect(await readBytes(bytes)).toEqual(await readBytes(bytes))
  })
})

describe('the messages of the schema', () => {
  it('stay English where they are new, and are never empty', () => {
    expect(explain('Something new')).toEqual({ zh: 'Something new', en: 'Something new', own: true })
  })
})
