/** Reads a workbook file into a rubric with its words, or prints everything that is wrong with it. */
import { faultText, type SheetFault } from '../rubric-sheet/faults.js'
import { type ImportedBook, readWorkbook } from '../rubric-sheet/read-workbook.js'
import { FileFault } from './file-fault.js'
import { openXlsx } from './open-xlsx.js'
import type { Output } from './output.js'

/** More warnings of one kind than this are counted instead of listed. */
const MAX_SAME_WARNINGS = 100

/** The rubric, or nothing after its faults have been printed. Throws `FileFault` for files that are no workbook. */
export async function readSheetFile(file: string, output: Output): Promise<ImportedBook | undefined> {
  const parts = await openXlsx(file)
  const read = await readWorkbook(parts).catch((error: unknown) => {
    throw new FileFault(
      '文件已损坏,打不开;请用 Excel 或 WPS 重新另存为 .xlsx',
      'the workbook is damaged and could not be read',
      error,
    )
  })
  printWarnings(read.warnings, output)
  if (read.ok) return read.book
  for (const fault of read.faults) output.complain(faultText(fault, 'zh'), faultText(fault, 'en'))
  output.complain(
    `共 ${read.faults.length} 个问题,没有写入任何文件;改好后再导入`,
    `${read.faults.length} fault(s); nothing was written`,
  )
  return undefined
}

function printWarnings(warnings: readonly SheetFault[], output: Output): void {
  const counts = new Map<string, number>()
  for (const warning of warnings) {
    const count = (counts.get(warning.words.en) ?? 0) + 1
    counts.set(warning.words.en, count)
    if (count <= MAX_SAME_WARNINGS)
      output.complain(`提醒:${faultText(warning, 'zh')}`, `warning: ${faultText(warning, 'en')}`)
  }
  for (const [en, count] of counts) {
    const more = count - MAX_SAME_WARNINGS
    const zh = warnings.find(({ words }) => words.en === en)!.words.zh
    if (more > 0) output.complain(`提醒:还有 ${more} 处:${zh}`, `warning: ${more} more: ${en}`)
  }
}
