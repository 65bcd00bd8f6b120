/** `import FILE.xlsx`: a filled workbook becomes files of rubric/ and prompts/. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ImportedBook } from '../rubric-sheet/read-workbook.js'
import { LANGUAGES } from '../rubric-sheet/sheet-spec.js'
import { FileFault } from './file-fault.js'
import { promptsFile, readFiles, rubricFile, useName, writeWhole } from './library.js'
import { EXIT, type Exit, type Output } from './output.js'
import { readSheetFile } from './sheet-file.js'
import { printSummary } from './summary.js'
import { promptsYaml, rubricYaml } from './write-yaml.js'

export type ImportOptions = { readonly root: string; readonly dryRun: boolean; readonly use: boolean }

/** Writes nothing where there is any fault, or where the same id and version stand for other content. */
export async function importSheet(file: string, options: ImportOptions, output: Output): Promise<Exit> {
  const { root, dryRun, use } = options
  const book = await readSheetFile(file, output)
  if (!book) return EXIT.faults
  const name = `${book.rubric.id}@${book.rubric.version}`
  const there = existing(root, name, book)
  if (there === 'other') {
    output.complain(
      `${name}:版本已存在且内容不同,请把版本号改大(《设置》里的“版本”);没有写入任何文件`,
      `${name}: this version exists with other content; raise the version on the sheet 设置. Nothing was written`,
    )
    return EXIT.faults
  }
  printSummary(book.rubric, output)
  if (there === 'same')
    output.say(`${name} 已经存在,内容相同,没有改动`, `${name} exists with the same content; nothing to do`)
  else if (dryRun) output.say('检查通过;只检查,没有写入文件', 'sound; dry run, nothing was written')
  else writeBook(root, name, book, output)
  if (use && !dryRun) {
    useName(root, name)
    output.say(`已设为正在使用:${name}(机器人重新启动后生效)`, `in use from the next start on: ${name}`)
  }
  return EXIT.done
}

function writeBook(root: string, name: string, book: ImportedBook, output: Output): void {
  const files = [
    // The rubric comes last: a rubric without its words would keep the bot from starting.
    ...LANGUAGES.map((language) => [promptsFile(root, language, name), promptsYaml(book.prompts[language])] as const),
    [rubricFile(root, name), rubricYaml(book.rubric)] as const,
  ]
  for (const [path, text] of files) {
    writeWhole(path, text)
    output.say(`已写入 ${relative(root, path)}`, `wrote ${relative(root, path)}`)
  }
}

function existing(root: string, name: string, book: ImportedBook): 'none' | 'same' | 'other' {
  const files = [rubricFile(root, name), ...LANGUAGES.map((language) => promptsFile(root, language, name))]
  if (!files.some((file) => existsSync(file))) return 'none'
  if (!files.every((file) => existsSync(file))) return existsSync(rubricFile(root, name)) ? 'other' : 'none'
  const read = readFiles(root, name, LANGUAGES)
  if (!('book' in read))
    throw new FileFault(
      `${name} 已存在但有问题;请先运行 validate ${name}`,
      `${name} exists but is faulty; run validate ${name} first`,
    )
  const { rubric, prompts } = read.book
  return isDeepStrictEqual(plain({ rubric, prompts }), plain(book)) ? 'same' : 'other'
}

/** Data as it is stored, without members that are undefined. */
export function plain<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T
}
