import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { USAGE } from '../../src/cli/usage.js'
import { loadLibrary } from '../../src/content/load.js'
import { indicatorsOf } from '../../src/core/rubric.js'
import {
  DRAFT,
  draftBook,
  draftBytes,
  edited,
  fileOf,
  type Hand,
  projectFolder,
  ROOT,
  tool,
} from './support/workbooks.js'

const OFFICIAL = 'ljxq-hexie-shequ@1.0.0'

/** What an official changes: identity, strict cut-offs, steps instead of a line, clauses, verbatim marks. */
function official(hand: Hand): void {
  const set = (key: string, value: string | number) => {
    hand.at('设置', key, '值').value = value
  }
  set('id', 'ljxq-hexie-shequ')
  set('version', '1.0.0')
  set('status', '正式')
  set('cutoffs.use', 'strict')
  set('cutoffs.provenance', '原文')
  hand.at('指标', 'P1-04', '分档扣分').value = '90:0;70:4;50:8;0:12'
  hand.at('指标', 'P1-04', '条款号').value = '5.1.10'
  hand.at('指标', 'P1-04', '评分出处').value = '原文'
  hand.at('指标', 'P1-05', '题型').value = '数值'
  hand.at('指标', 'P1-05', '单位').value = '次'
  hand.at('指标', 'P1-05', '满分值').value = 4
  hand.at('指标', 'P1-05', '零分值').value = 0
  hand.at('指标', 'P1-05', '计量内容').value = '研究重大事项的次数'
}

describe('import', () => {
  it('takes in an official table with steps and strict cut-offs, puts it in force, and the bot can load it', async () => {
    const root = projectFolder()
    const file = fileOf(await edited(official))
    const dry = await tool(root, 'import', file, '--dry-run', '--use')
    expect(dry.code).toBe(0)
    expect(existsSync(join(root, 'rubric', `${OFFICIAL}.yaml`))).toBe(false)
    const done = await tool(root, 'import', file, '--use')
    expect(done).toMatchObject({ code: 0 })
    expect(done.out).toContain('ljxq-hexie-shequ@1.0.0(正式)')
    const { current } = loadLibrary(root, ['zh-CN', 'en'])
    expect(current.rubric.id).toBe('ljxq-hexie-shequ')
    expect(current.rubric.cutoffs).toMatchObject({ use: 'strict', provenance: 'verbatim' })
    const own = indicatorsOf(current.rubric).find(({ id }) => id === 'P1-04')!
    expect(own.clause).toBe('5.1.10')
    expect(own.answer).toMatchObject({
      bands: [
        { from: 90, lose: 0 },
        { from: 70, lose: 4 },
        { from: 50, lose: 8 },
        { from: 0, lose: 12 },
      ],
    })
    const compared = await tool(root, 'diff', DRAFT, OFFICIAL)
    expect(compared.code).toBe(0)
    for (const line of ['题型:四档 → 数值', '分档扣分:(空) → 90:0; 70:4; 50:8; 0:12', '值:draft → strict'])
      expect(compared.out).toContain(line)
    expect((await tool(root, 'diff', DRAFT, file, '--exit-code')).code).toBe(1)
    expect((await tool(root, 'diff', join(root, 'rubric', `${OFFICIAL}.yaml`), file)).out).toBe('没有差异\n')
  })

  it('says that the same is there, and refuses other content under the same version', async () => {
    const root = projectFolder()
    const same = await tool(root, 'import', fileOf(await draftBytes()))
    expect(same).toMatchObject({ code: 0 })
    expect(same.out).toContain('已经存在,内容相同')
    const before = readFileSync(join(root, 'rubric', `${DRAFT}.yaml`), 'utf8')
    const other = fileOf(
      await edited((hand) => {
        hand.at('指标', 'P1-02', '提示').value = '换一句'
      }),
    )
    const refused = await tool(root, 'import', other)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('版本已存在且内容不同,请把版本号改大')
    expect(readFileSync(join(root, 'rubric', `${DRAFT}.yaml`), 'utf8')).toBe(before)
  })

  it('writes nothing where there is a fault, and says it in English too', async () => {
    const root = projectFolder()
    const file = fileOf(
      await edited((hand) => {
        official(hand)
        hand.at('指标', 'P1-02', '分值').value = '十五'
      }),
    )
    const failed = await tool(root, 'import', file, '--use', '--lang', 'en')
    expect(failed.code).toBe(1)
    expect(failed.err).toMatch(/sheet 指标, row 4, column H, \(分值\): expected a number; found "十五"/)
    expect(existsSync(join(root, 'rubric', `${OFFICIAL}.yaml`))).toBe(false)
    expect(readFileSync(join(root, 'rubric', 'current'), 'utf8').trim()).toBe(DRAFT)
  })

  it('writes below another folder', async () => {
    const out = mkdtempSync(join(tmpdir(), 'rubric-out-'))
    expect((await tool(ROOT, 'import', fileOf(await draftBytes()), '--out', out, '--use')).code).toBe(0)
    expect(loadLibrary(out, ['zh-CN', 'en']).current.hash).toBe(draftBook().hash)
  })
})

describe('the command line', () => {
  it.each([
    [[], '请写明要做什么'],
    [['improt', 'x.xlsx'], '没有“improt”这个命令'],
    [['import'], '需要 1 个参数'],
    [['show', '--force'], '不用 --force'],
    [['show', '--nonsense'], '看不懂的参数'],
    [['diff', 'a'], '需要 2 个参数'],
  ])('shows its usage for %j', async (argv, says) => {
    const { code, out, err } = await tool(ROOT, ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(says)
    expect(err).toContain('用法:npm run rubric')
  })

  it('helps, validates, shows, and refuses unknown names', async () => {
    expect((await tool(ROOT, '--help')).code).toBe(0)
    const sound = await tool(ROOT, 'validate')
    expect(sound.code).toBe(0)
    expect(sound.out).toContain(draftBook().hash)
    const table = await tool(ROOT, 'show')
    for (const { id } of indicatorsOf(draftBook().rubric)) expect(table.out).toContain(id)
    expect((await tool(ROOT, 'show', '--indicator', 'P4-02')).out).toContain('否决项问题')
    expect((await tool(ROOT, 'show', '--lang', 'en')).out).toContain('Party building leads')
    expect((await tool(ROOT, 'show', '--indicator', 'Q9')).code).toBe(2)
    expect((await tool(ROOT, 'use', '../../etc/passwd')).code).toBe(2)
    expect((await tool(ROOT, 'import', '/nowhere.xlsx')).err).toContain('找不到文件')
  })

  it('exports, and does not overwrite unless told', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'sheet-')), '评分表.xlsx')
    expect((await tool(ROOT, 'export', file)).code).toBe(0)
    expect((await tool(ROOT, 'export', file)).code).toBe(2)
    expect((await tool(ROOT, 'export', file, '--force')).code).toBe(0)
    expect((await tool(ROOT, 'diff', DRAFT, file)).out).toBe('没有差异\n')
  })

  it.each([
    [
      'title: 评分表: 草案\n',
      '不是有效的 YAML:bad indentation of a mapping entry (1:11);含有“: ”或以 %、@、` 开头的文字要加引号',
    ],
    ['# 还没有写\n', '不是有效的 YAML:expected a document, but the input is empty\n'],
  ])('says of a file that is no YAML which one, and what it may be: %s', async (text, fault) => {
    const root = projectFolder()
    writeFileSync(join(root, 'prompts', 'en', `${DRAFT}.yaml`), text)
    const { code, err } = await tool(root, 'validate')
    expect(code).toBe(1)
    expect(err).toContain(`prompts/en/${DRAFT}.yaml:${fault}`)
  })

  it('validates faulty files with file and key, all at once', async () => {
    const root = projectFolder()
    const change = (path: string, from: string, to: string) => {
      const file = join(root, path, `${DRAFT}.yaml`)
      writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
    }
    change('rubric', 'scale: 1000', 'scale: 999')
    change('prompts/zh-CN', '\n  P: 党建引领', '')
    change('prompts/en', 'title: Party elections held on time', "title: ''")
    writeFileSync(join(root, 'rubric', 'current'), 'nobody@1.0.0\n')
    const { code, err } = await tool(root, 'validate')
    expect(code).toBe(1)
    expect(err.split('\n')).toEqual([
      `rubric/${DRAFT}.yaml: scale:所有指标的分值合计应等于总分 999,现在合计是 1000`,
      `prompts/en/${DRAFT}.yaml: indicators.P1-01.title:必填,不能为空`,
      `prompts/zh-CN/${DRAFT}.yaml: levels.P:缺少 P 的文字`,
      'rubric/current:没有名为“nobody@1.0.0”的评分表;现有:ljxq-hexie-shequ-draft@0.1.0',
      '共 4 个问题',
      '',
    ])
  })

  it('is described in docs/rubric.md command by command', () => {
    const doc = readFileSync(join(ROOT, 'docs', 'rubric.md'), 'utf8')
    const documented = [...doc.matchAll(/^\| `(\w+)/gm)].map((match) => match[1])
    for (const text of Object.values(USAGE))
      expect([...text.matchAll(/^ {2}(?!npm)([a-z]+) /gm)].map((match) => match[1])).toEqual(documented)
  })

  it('gives its exit code to the shell', () => {
    const call = (...argv: string[]) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/rubric.ts', ...argv], { cwd: ROOT, encoding: 'utf8' })
    expect(call('validate').status).toBe(0)
    expect(call('nonsense').status).toBe(2)
  })
})
