/** `export FILE.xlsx`: a rubric with its words becomes a workbook. */
import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { compareBooks } from '../rubric-sheet/compare.js'
import { readWorkbook } from '../rubric-sheet/read-workbook.js'
import { LANGUAGES } from '../rubric-sheet/sheet-spec.js'
import { writeWorkbook } from '../rubric-sheet/write-workbook.js'
import { printDifferences } from './diff.js'
import { FileFault } from './file-fault.js'
import { plain } from './import.js'
import { currentName, knownName, readFiles, writeWhole } from './library.js'
import { unpackXlsx } from './open-xlsx.js'
import { EXIT, type Exit, type Output } from './output.js'
import { printSummary } from './summary.js'
import { printFileFaults } from './validate.js'

export type ExportOptions = { readonly root: string; readonly rubric?: string; readonly force: boolean }

/** Reads the workbook back before it is written: what a sheet cannot hold is refused, not lost. */
export async function exportSheet(file: string, options: ExportOptions, output: Output): Promise<Exit> {
  const { root, force } = options
  if (!/\.xlsx$/i.test(file)) throw new FileFault('文件名应以 .xlsx 结尾', 'expected a file name that ends with .xlsx')
  if (existsSync(file) && !force)
    throw new FileFault(`${file} 已存在;要覆盖请加 --force`, `${file} exists; add --force to overwrite it`)
  const name = knownName(root, options.rubric ?? currentName(root))
  const read = readFiles(root, name, LANGUAGES)
  if (!('book' in read)) {
    printFileFaults(read.faults, output)
    return EXIT.faults
  }
  const { rubric, prompts } = read.book
  const own = { rubric, zh: prompts['zh-CN']!, en: prompts.en! }
  const bytes = await writeWorkbook(rubric, own)
  const back = await readWorkbook(unpackXlsx(Buffer.from(bytes)))
  const same =
    back.ok && isDeepStrictEqual(plain(back.book), plain({ rubric, prompts: { 'zh-CN': own.zh, en: own.en } }))
  if (!same) {
    output.complain(
      '这份评分表有表格存不下的内容,没有导出:',
      'this rubric holds what a sheet cannot keep; not exported:',
    )
    if (back.ok) {
      const { rubric: kept, prompts: words } = back.book
      printDifferences(compareBooks(own, { rubric: kept, zh: words['zh-CN'], en: words.en }), output, output.complain)
    }
    return EXIT.faults
  }
  writeWhole(file, bytes)
  printSummary(rubric, output)
  output.say(
    `已导出 ${file}(${Math.ceil(bytes.length / 1024)} KB)`,
    `wrote ${file} (${Math.ceil(bytes.length / 1024)} KB)`,
  )
  return EXIT.done
}
