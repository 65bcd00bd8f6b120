/** `diff A B`: what differs between two rubrics, in words. */
import type { Prompts } from '../content/prompts.js'
import { type Comparable, compareBooks, type Difference } from '../rubric-sheet/compare.js'
import { shorten } from '../rubric-sheet/faults.js'
import { LANGUAGES } from '../rubric-sheet/sheet-spec.js'
import { FileFault } from './file-fault.js'
import { knownName, placeOfFile, readFiles } from './library.js'
import { EXIT, type Exit, type Output } from './output.js'
import { readSheetFile } from './sheet-file.js'
import { printFileFaults } from './validate.js'

/** Longest piece of an old or new value that is printed. */
const VALUE_MAX = 60

/** Compares two rubrics, each a name, a .yaml or an .xlsx file. 0 either way; with `strict` 1 where they differ. */
export async function diff(root: string, a: string, b: string, strict: boolean, output: Output): Promise<Exit> {
  const sides: Comparable[] = []
  for (const one of [a, b]) {
    const side = await readSide(root, one, output)
    if (!side) return EXIT.trouble
    sides.push(side)
  }
  const differences = compareBooks(sides[0]!, sides[1]!)
  if (differences.length === 0) {
    output.say('没有差异', 'no differences')
    return EXIT.done
  }
  printDifferences(differences, output, output.say)
  const count = (kind: Difference['kind']) => differences.filter((one) => one.kind === kind).length
  output.say(
    `共 ${differences.length} 处:新增 ${count('added')}、删除 ${count('removed')}、修改 ${count('changed')}`,
    `${differences.length} in all: ${count('added')} added, ${count('removed')} removed, ${count('changed')} changed`,
  )
  return strict ? EXIT.faults : EXIT.done
}

/** One block a sheet, one line a row, one indented line a changed cell. */
export function printDifferences(differences: readonly Difference[], output: Output, print: Output['say']): void {
  const mark = { added: '+', removed: '-', changed: '~' }
  let sheet = ''
  for (const { sheet: own, kind, what, changes } of differences) {
    if (own !== sheet) print(`《${own}》`)
    sheet = own
    print(`  ${mark[kind]} ${what}`)
    const none = output.language === 'en' ? '(empty)' : '(空)'
    for (const { name, from, to } of changes) {
      const shown = (value: string | undefined) => (value === undefined ? none : shorten(value, VALUE_MAX))
      print(name === '顺序' ? `      ${name}:${to}` : `      ${name}:${shown(from)} → ${shown(to)}`)
    }
  }
}

async function readSide(root: string, one: string, output: Output): Promise<Comparable | undefined> {
  if (/\.xlsx$/i.test(one)) {
    const book = await readSheetFile(one, output)
    return book && { rubric: book.rubric, zh: book.prompts['zh-CN'], en: book.prompts.en }
  }
  if (/\.(xls|csv)$/i.test(one)) throw new FileFault(`${one}:请另存为 .xlsx`, `${one}: save it as .xlsx`)
  const place = /\.ya?ml$/i.test(one) ? placeOfFile(one) : { root, name: knownName(root, one) }
  const read = readFiles(place.root, place.name, LANGUAGES)
  if (!('book' in read)) {
    printFileFaults(read.faults, output)
    return undefined
  }
  const { rubric, prompts } = read.book
  return { rubric, zh: prompts['zh-CN'] as Prompts, en: prompts.en as Prompts }
}
