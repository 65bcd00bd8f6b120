/** Text of a CSV file as rows of cells (RFC 4180), separated by commas, semicolons or tabs, whichever the file uses. */
import { FileFault } from './file-fault.js'

const SEPARATORS = [',', ';', '\t'] as const
/** Where the separator shows itself; a title may stand above the header. */
const LOOKED_AT = 2_000

/** UTF-8 with or without a byte order mark, else GB 18030, in which Excel and WPS save CSV in China. Throws `FileFault`. */
export function decodeText(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // Not in this encoding.
    }
  throw new FileFault(
    '文件不是 UTF-8，也不是 GB18030 编码的文本；请另存为 .xlsx 或“CSV UTF-8”。',
    'The file is text in neither UTF-8 nor GB 18030; save it as .xlsx or as "CSV UTF-8".',
  )
}

/** Every row with every cell as it stands there, quotes taken away. Throws `FileFault` where a quote is never closed. */
export function csvRows(text: string): string[][] {
  const separator = separatorOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = () => {
    rows.push([...row, cell])
    row = []
    cell = ''
  }
  for (let i = 0; i < text.length; i += 1) {
    const one = text[i]!
    if (quoted) {
      if (one !== '"') cell += one
      else if (text[i + 1] === '"') cell += text[++i]!
      else quoted = false
    } else if (one === '"' && cell === '') quoted = true
    else if (one === separator) {
      row.push(cell)
      cell = ''
    } else if (one === '\n') endRow()
    else if (one !== '\r' || text[i + 1] !== '\n') cell += one
  }
  if (quoted)
    throw new FileFault(
      `第 ${rows.length + 1} 行有引号没有成对；请改好再导入。`,
      `Row ${rows.length + 1} has a quote that is never closed.`,
    )
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

function separatorOf(text: string): string {
  const head = text.slice(0, LOOKED_AT)
  const counts = SEPARATORS.map((one) => head.split(one).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!
}
