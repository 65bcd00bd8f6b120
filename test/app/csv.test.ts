import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Workbook } from '@cj-tech-master/excelts'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { csv } from '../../src/app/csv.js'

/** Without the byte order mark. */
const textOf = (rows: Parameters<typeof csv>[0]) => new TextDecoder().decode(csv(rows))

test('begins with the byte order mark and ends every line with CRLF', () => {
  expect([...csv([['社区']]).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(
    textOf([
      ['社区', 1, null],
      ['和谐', -2.5, ''],
    ]),
  ).toBe('社区,1,\r\n和谐,-2.5,\r\n')
  expect(textOf([])).toBe('')
})

describe('cells', () => {
  test.each<[rule: string, cell: string | number | null, written: string]>([
    ['plain text stays', '和谐社区', '和谐社区'],
    ['a comma is quoted', 'a,b', '"a,b"'],
    ['the full-width comma needs nothing', '一，二', '一，二'],
    ['quotes are doubled', '他说"好"', '"他说""好"""'],
    ['line breaks are quoted', '一\n二\r\n三', '"一\n二\r\n三"'],
    ['blanks at the ends are kept', ' a ', '" a "'],
    ['a number', 0.5, '0.5'],
    ['a negative number', -3, '-3'],
    ['a negative number as text', '-12.50', '-12.50'],
    ['nothing', null, ''],
    ['a formula', '=1+1', "'=1+1"],
    ['a formula with quotes', '=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['plus', '+1+1', "'+1+1"],
    ['a telephone number with plus would lose its sign', '+8613800000000', "'+8613800000000"],
    ['minus', '-1+cmd|x', "'-1+cmd|x"],
    ['a dash of a list', '- 一项', "'- 一项"],
    ['at', '@SUM(A1)', "'@SUM(A1)"],
    ['tab', '\t=1', "'\t=1"],
    ['carriage return', '\r=1', `"'\r=1"`],
    ['line feed', '\n=1', `"'\n=1"`],
    ['blanks before a formula', '  =1+1', "'  =1+1"],
    ['a full-width formula', '＝1+1', "'＝1+1"],
    ['a minus that is no number', '-1e5', "'-1e5"],
    ['signs further in are harmless', 'a=b', 'a=b'],
  ])('%s', (_rule, cell, written) => {
    expect(textOf([[cell]])).toBe(`${written}\r\n`)
  })
})

test('whatever the cells hold, a reader of RFC 4180 gets the same table back, and no cell begins like a formula', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",\' a1社') }),
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { maxLength: 5 }), (rows) => {
      const read = parse(textOf(rows))
      expect(read.map((row) => row.length)).toEqual(rows.map((row) => row.length))
      for (const [y, row] of rows.entries())
        for (const [x, value] of row.entries()) {
          const got = read[y]![x]!
          expect(got.startsWith("'") && got.slice(1) === value ? got.slice(1) : got).toBe(String(value ?? ''))
          if (/^[=+\-@\t\r]/.test(got)) expect(got).toMatch(/^-\d+(?:\.\d+)?$/)
        }
    }),
    { numRuns: 500 },
  )
})

const there = spawnSync('soffice', ['--version']).status === 0
it.skipIf(!there && !process.env.CI)(
  `is opened by LibreOffice as the text that it is${there ? '' : ' (skipped: soffice is not installed)'}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'office-'))
    const rows = [
      ['社区', '喆赟堃', '得分', '备注'],
      ['=1+1', '@SUM(1,2)', -12.5, '第一行\n第二行，"引号"'],
      ['+8613800000000', '=HYPERLINK("http://x.invalid","点我")', 757.3, null],
    ]
    writeFileSync(join(folder, 'hostile.csv'), csv(rows))
    // As a person would open it who lets LibreOffice evaluate formulas: the most that can go wrong.
    writeFileSync(join(folder, 'naked.csv'), '=1+1\r\n')
    const options = '44,34,76,1,,0,false,true,false,false,false,-1,true'
    for (const name of ['hostile', 'naked'])
      execFileSync(
        'soffice',
        [
          '--headless',
          `-env:UserInstallation=file://${folder}/profile`,
          `--infilter=Text - txt - csv (StarCalc):${options}`,
          '--convert-to',
          'xlsx',
          '--outdir',
          folder,
          join(folder, `${name}.csv`),
        ],
        { stdio: 'pipe', timeout: 60_000 },
      )
    const cellsOf = async (name: string) => {
      const book = new Workbook()
      await book.xlsx.load(readFileSync(join(folder, `${name}.xlsx`)))
      const found: unknown[][] = []
      book.worksheets[0]!.eachRow((row) => {
        found.push(Array.from({ length: row.cellCount }, (_, i) => plain(row.getCell(i + 1).value)))
      })
      return found
    }
    expect(await cellsOf('hostile')).toEqual([
      ['社区', '喆赟堃', '得分', '备注'],
      ["'=1+1", "'@SUM(1,2)", -12.5, '第一行\n第二行，"引号"'],
      ["'+8613800000000", `'=HYPERLINK("http://x.invalid","点我")`, 757.3],
    ])
    // So that this test is known to see a formula where there is one.
    expect(await cellsOf('naked')).toEqual([[{ formula: '1+1', result: 2 }]])
  },
  120_000,
)

/** LibreOffice writes a text in two scripts as runs with a font each. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('richText' in value)) return value
  return (value.richText as { text: string }[]).map(({ text }) => text).join('')
}

/** A plain reader of RFC 4180, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const one = text[i]!
    if (quoted) {
      if (one !== '"') cell += one
      else if (text[i + 1] === '"') cell += text[++i]
      else quoted = false
    } else if (one === '"') quoted = true
    else if (one === ',' || one === '\r') {
      row.push(cell)
      cell = ''
      if (one === '\r') {
        rows.push(row)
        row = []
        i++
      }
    } else cell += one
  }
  return rows
}
