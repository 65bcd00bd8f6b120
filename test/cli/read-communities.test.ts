/** What a list of communities may look like, and what is said about one that is not sound. */
import { Workbook } from '@cj-tech-master/excelts'
import { describe, expect, it } from 'vitest'
import { MOST_ROWS } from '../../src/app/admin-command.js'
import { FileFault } from '../../src/cli/file-fault.js'
import { readCommunities } from '../../src/cli/read-communities.js'
import { loadLocales } from '../../src/content/locales.js'
import { ROOT } from '../support/program.js'
import { fileOf, HEADER, workbookOf } from './support.js'

const say = loadLocales(ROOT, 'zh-CN').in('zh-CN')
const row = (name: string, more: object = {}) => ({
  name,
  street: '礼嘉街道',
  households: null,
  grids: null,
  timeZone: null,
  ...more,
})

async function read(file: string) {
  const { rows, faults, notes } = await readCommunities(file)
  const told = (all: typeof faults) => all.map(({ cell, says: [key] }) => `${cell} ${key}`)
  return { rows, faults: told(faults), notes: told(notes) }
}
const csv = (text: string) => fileOf(text, 'communities.csv')

describe('a sound list', () => {
  it('has its columns in any order, below a title, in full width, with extra ones that are noted', async () => {
    const file = await workbookOf([
      ['礼嘉街道社区名单'],
      ['备注', ' 网格 数', '街道*', '社区名称', '时区', '户数'],
      ['x', '\uff11\uff12', '礼嘉街道', ' 渝康  社区 ', 'Asia/Urumqi', '3,200'],
      [],
      ['只有备注'],
      [null, 12, '礼嘉街道', { richText: [{ text: '嘉' }, { text: '和社区' }] }, null, { formula: '1+1', result: 2 }],
    ])
    expect(await read(file)).toEqual({
      rows: [
        row('渝康 社区', { households: 3200, grids: 12, timeZone: 'Asia/Urumqi' }),
        row('嘉和社区', { households: 2, grids: 12 }),
      ],
      faults: [],
      notes: ['A2 unknown_column'],
    })
  })

  it('has English headers as well', async () => {
    const text = 'Time Zone;GRIDS;street;community;households\nUTC;3;River Street;Maple Court;\n'
    const maple = { name: 'Maple Court', street: 'River Street', households: null, grids: 3, timeZone: 'UTC' }
    expect(await read(csv(text))).toEqual({ rows: [maple], faults: [], notes: [] })
  })

  it('stands on whichever sheet has its header', async () => {
    const workbook = new Workbook()
    workbook.addWorksheet('封面').getCell(1, 1).value = '社区'
    workbook.addWorksheet('名单').addRows([HEADER, ['渝康社区', '礼嘉街道']])
    const file = fileOf(new Uint8Array(await workbook.xlsx.writeBuffer()), 'x.csv')
    expect(await read(file)).toEqual({ rows: [row('渝康社区')], faults: [], notes: [] })
  })

  it.each([
    ['UTF-8', (text: string) => Buffer.from(text)],
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['GB 18030', () => Buffer.from('c9e7c7f8c3fbb3c62cbdd6b5c00d0ad3e5bfb5c9e7c7f82cc0f1bcced6b5b5c00d0a', 'hex')],
  ])('may be CSV in %s', async (_, encode) => {
    const bytes = encode('社区名称,街道\r\n渝康社区,"礼嘉街道"\r\n')
    const { rows, faults } = await read(fileOf(bytes, 'x.xlsx'))
    expect({ faults, names: rows.map(({ name }) => name) }).toEqual({ faults: [], names: ['渝康社区'] })
  })

  it(`has up to ${MOST_ROWS} rows`, async () => {
    const lines = (count: number) =>
      `社区名称,街道\n${Array.from({ length: count }, (_, i) => `第${i}社区,礼嘉街道`).join('\n')}`
    expect((await read(csv(lines(MOST_ROWS)))).rows).toHaveLength(MOST_ROWS)
    expect((await read(csv(lines(MOST_ROWS + 1)))).faults).toEqual([`A${MOST_ROWS + 2} too_many`])
  })
})

describe('faults', () => {
  it('all come at once, each with its cell', async () => {
    const date = new Date(Date.UTC(2026, 0, 2))
    const file = await workbookOf([
      [...HEADER, '街道'],
      ['渝康社区', '礼嘉街道', -1, 1.5, 'Asia/Nowhere'],
      [null, '礼嘉街道', 'abc', 20_000, 8],
      ['渝康社区', '礼嘉街道', '50%', true, '+08:00'],
      [date, { error: '#REF!' }, { formula: 'A1' }],
      [12, '街'.repeat(41), 2_000_000],
    ])
    expect((await read(file)).faults).toEqual([
      'F1 double_column',
      'C2 not_a_count',
      'D2 not_a_count',
      'E2 not_a_zone',
      'A3 required',
      'C3 not_a_count',
      'D3 not_a_count',
      'E3 not_a_zone',
      'C4 not_a_count',
      'D4 not_a_count',
      'E4 not_a_zone',
      'A5 unreadable',
      'B5 unreadable',
      'C5 unreadable',
      'A6 not_a_name',
      'B6 too_long',
      'C6 not_a_count',
    ])
  })

  it.each([
    ['=HYPERLINK("http://x";"社区")', 'a formula'],
    ['+社区', 'a sign'],
    ['\uff1d社区', 'a full-width sign'],
    ['@社区', 'an at'],
    ['社区\u001b[2J', 'an escape for the terminal'],
    ['社\u202e区', 'a mark that turns the text around'],
    ['社\n区', 'two lines'],
    ['社区\u0000', 'a zero'],
    ['渝康,社区', 'a comma'],
    ['——', 'no letter'],
  ])('%j is no name: %s', async (name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`
    const { rows, faults } = await readCommunities(csv(`社区名称,街道${' '.repeat(5000)}\n${quoted},礼嘉街道\n`))
    expect(rows).toEqual([])
    expect(faults.map(({ cell, says }) => [cell, says[0]])).toEqual([['A2', 'not_a_name']])
    const words = say(`admin_cli.cell.${faults[0]!.says[0]}`, faults[0]!.says[1])
    expect(words).not.toMatch(/\p{C}/u)
  })

  it('tells a row that stands there twice where the first one is, and columns that are missing', async () => {
    expect((await read(csv('街道,社区名称\n礼嘉街道,渝康社区\n礼嘉街道, 渝康社区 \n'))).faults).toEqual(['B3 double'])
    expect((await read(csv('街道,户数\n礼嘉街道,x\n'))).faults).toEqual(['A1 no_column', 'B2 not_a_count'])
    expect((await read(csv('a,b\nc,d\n'))).faults).toEqual(['A1 no_column', 'A1 no_column'])
    expect((await read(csv('社区名称,街道\n,,\n'))).faults).toEqual(['A1 none'])
  })

  it('leaves the example out as long as it is one', async () => {
    const example = ['（示例）幸福社区', '（示例）和平街道', 3200, 12, 'Asia/Shanghai']
    const untouched = await workbookOf([HEADER, example, ['渝康社区', '礼嘉街道']])
    expect(await read(untouched)).toEqual({ rows: [row('渝康社区')], faults: [], notes: ['A2 example'] })
    const touched = await workbookOf([HEADER, example.with(2, 1)])
    expect((await read(touched)).faults).toEqual(['A2 still_example', 'B2 still_example'])
    const taken = await workbookOf([HEADER, example.with(0, '渝康社区').with(1, '礼嘉街道')])
    expect((await read(taken)).rows).toHaveLength(1)
  })

  it.each([
    ['nothing at all', new Uint8Array(), '空的'],
    ['more than 5 MB', new Uint8Array(5 * 1024 * 1024 + 1).fill(32), '最多 5 MB'],
    ['a PDF', new TextEncoder().encode('%PDF-1.7'), 'PDF'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae100', 'hex'), '.xls'],
    ['a broken zip', Buffer.from('PK\x03\x04 nothing', 'latin1'), '已损坏'],
    ['text in no encoding', Buffer.from('ffffff', 'hex'), 'GB18030'],
    ['a quote without an end', new TextEncoder().encode('社区名称,街道\n"渝康'), '引号'],
  ])('refuses a file with %s', async (_, bytes, words) => {
    const refused = await readCommunities(fileOf(bytes, 'x.csv')).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(FileFault)
    expect((refused as FileFault).words.zh).toContain(words)
  })
})
