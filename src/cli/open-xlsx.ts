/**
 * Unpacks an xlsx file from outside with limits on everything that could make it explode: size, number of parts,
 * unpacked size, entities, and ranges that a reader would spread out cell by cell.
 */
import { readFile, stat } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'
import { FileFault } from './file-fault.js'

/** A workbook of 2,000 indicators with all words takes about 2 MB. */
const MAX_BYTES = 5 * 1024 * 1024
/** The draft unpacks to about 1 MB. */
const MAX_UNPACKED_BYTES = 48 * 1024 * 1024
const MAX_PARTS = 500
/** 2,000 rows of 60 cells with as many texts make about half a million opening tags; parsing time grows with them. */
const MAX_TAGS = 800_000
/** Formatted empty rows count too. */
const MAX_SHEET_ROWS = 200_000
/** Merged cells are spread out one by one when read. */
const MAX_MERGES = 4_000
const MAX_MERGED_CELLS = 200_000
/** Excel's own limits of a sheet. */
const SHEET_ROWS = 1_048_576
const SHEET_COLUMNS = 16_384

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
const [LESS, SLASH, GREATER, BANG, ASK] = [0x3c, 0x2f, 0x3e, 0x21, 0x3f]
/** Sound XML closes what it opens; a little is forgiven for text that looks like tags. */
const MAX_UNCLOSED = 1_000
/** The comment at the end of a zip has at most this length. */
const MAX_COMMENT = 0xffff

const damaged = (cause?: unknown) =>
  new FileFault('文件已损坏,打不开;请用 Excel 或 WPS 重新另存为 .xlsx', 'the file is damaged', cause)
const tooLarge = () =>
  new FileFault(
    '文件解压后过大,不予读取;请删去多余的表和空行后另存',
    'the file unpacks to too much data and was not read',
  )

/** Reads a file and unpacks it. Throws `FileFault`. */
export async function openXlsx(file: string): Promise<Record<string, Uint8Array>> {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
  if (size === undefined) throw new FileFault(`找不到文件 ${file}`, `no such file: ${file}`)
  if (size > MAX_BYTES)
    throw new FileFault(
      `文件太大:${(size / 1024 / 1024).toFixed(1)} MB,最多 ${MAX_BYTES / 1024 / 1024} MB`,
      `the file has ${size} bytes; at most ${MAX_BYTES} are read`,
    )
  return unpackXlsx(await readFile(file))
}

/** Unpacks the bytes of a workbook into its parts by path. Throws `FileFault`. */
export function unpackXlsx(bytes: Buffer): Record<string, Uint8Array> {
  refuseOthers(bytes)
  let parts: Record<string, Uint8Array>
  try {
    parts = unzip(bytes)
  } catch (error) {
    throw error instanceof FileFault ? error : damaged(error)
  }
  if (parts['xl/workbook.bin'])
    throw new FileFault('这是 .xlsb 文件,请另存为 .xlsx', 'this is an .xlsb file; save it as .xlsx')
  if (!parts['xl/workbook.xml'])
    throw new FileFault('这是压缩文件,但不是 Excel 工作簿(.xlsx)', 'this is a zip file but no Excel workbook (.xlsx)')
  let tags = 0
  for (const [path, data] of Object.entries(parts)) {
    if (!/\.(xml|rels)$/i.test(path)) continue
    tags += countTags(data)
    if (tags > MAX_TAGS) throw tooLarge()
    parts[path] = defuse(path, data)
  }
  return parts
}

/** Counts opening tags; refuses heaps that are never closed, because parsing them takes ever longer. */
function countTags(data: Uint8Array): number {
  let opened = 0
  let closed = 0
  for (let i = 1; i < data.length; i += 1) {
    if (data[i - 1] === SLASH && data[i] === GREATER) closed += 1
    if (data[i - 1] !== LESS) continue
    if (data[i] === SLASH) closed += 1
    else if (data[i] !== BANG && data[i] !== ASK) opened += 1
  }
  if (opened - closed > MAX_UNCLOSED) throw damaged()
  return opened
}

/** Says by the first bytes what a file is that is no zip. */
function refuseOthers(bytes: Buffer): void {
  if (bytes.length === 0) throw new FileFault('文件是空的', 'the file is empty')
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL) return
  if (bytes.subarray(0, 8).equals(Buffer.from('d0cf11e0a1b11ae1', 'hex'))) {
    if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')))
      throw new FileFault('文件加了密码,请取消密码后另存', 'the file is encrypted; save it without a password')
    throw new FileFault(
      '这是老式的 .xls 文件,请用 Excel 或 WPS 另存为 .xlsx',
      'this is an old .xls file; save it as .xlsx',
    )
  }
  if (bytes.subarray(0, 4).toString('latin1') === '%PDF')
    throw new FileFault('这是 PDF 文件,不是 Excel 工作簿', 'this is a PDF file, not a workbook')
  if (!bytes.subarray(0, 4096).includes(0))
    throw new FileFault(
      '这是文本文件(如 .csv),不是 Excel 工作簿;请另存为 .xlsx',
      'this is a text file such as .csv; save it as .xlsx',
    )
  throw new FileFault('这不是 Excel 工作簿(.xlsx)', 'this is no Excel workbook (.xlsx)')
}

/** Walks the central directory; sizes are measured while unpacking, because the written ones may lie. */
function unzip(bytes: Buffer): Record<string, Uint8Array> {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  if (count > MAX_PARTS)
    throw new FileFault(`文件里的部件太多(最多 ${MAX_PARTS} 个)`, `the file has more than ${MAX_PARTS} parts`)
  const parts: Record<string, Uint8Array> = Object.create(null) as Record<string, Uint8Array>
  let left = MAX_UNPACKED_BYTES
  let at = bytes.readUInt32LE(end + 16)
  for (let i = 0; i < count; i += 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw damaged()
    if (bytes.readUInt16LE(at + 8) & 1)
      throw new FileFault('文件加了密码,请取消密码后另存', 'the file is encrypted; save it without a password')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))
    const path = bytes.toString('utf8', at + 46, at + 46 + nameLength!).replaceAll('\\', '/')
    const data = unpackOne(bytes, at, left)
    left -= data.length
    if (!path.endsWith('/')) parts[path.replace(/^\/+/, '')] = data
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return parts
}

function unpackOne(bytes: Buffer, entry: number, most: number): Uint8Array {
  const method = bytes.readUInt16LE(entry + 10)
  const packed = bytes.readUInt32LE(entry + 20)
  const local = bytes.readUInt32LE(entry + 42)
  if (bytes.readUInt32LE(local) !== LOCAL) throw damaged()
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  if (start + packed > bytes.length) throw damaged()
  const data = bytes.subarray(start, start + packed)
  if (method === 0 && data.length <= most) return data
  if (method !== 0 && method !== 8) throw damaged()
  if (method === 0 || most <= 0) throw tooLarge()
  try {
    return inflateRawSync(data, { maxOutputLength: most })
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : damaged(error)
  }
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - MAX_COMMENT); at -= 1)
    if (bytes.readUInt32LE(at) === END) return at
  throw damaged()
}

/** Refuses entities and monstrous ranges, and takes out defined names, which are spread out and never needed. */
function defuse(path: string, data: Uint8Array): Uint8Array {
  const text = Buffer.from(data).toString('utf8')
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    throw new FileFault('文件含有不允许的内容(DOCTYPE)', 'the file holds a DOCTYPE, which is not allowed')
  if (path === 'xl/workbook.xml') return Buffer.from(withoutNames(text))
  if (path.startsWith('xl/worksheets/')) checkRanges(text)
  return data
}

function withoutNames(text: string): string {
  const from = text.search(/<(?:\w+:)?definedNames[\s>]/)
  const end = 'definedNames>'
  const to = text.lastIndexOf(end)
  return from >= 0 && to > from ? text.slice(0, from) + text.slice(to + end.length) : text
}

function checkRanges(text: string): void {
  const refuse = (): never => {
    throw new FileFault('表里的合并单元格或行列范围过大,不予读取', 'ranges of a sheet are too large and were not read')
  }
  let merges = 0
  let cells = 0
  for (const [, left, top, right, bottom] of text.matchAll(
    /<(?:\w+:)?mergeCell\s[^<>]{0,400}?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']/g,
  )) {
    merges += 1
    cells += (Math.abs(columnNumber(right!) - columnNumber(left!)) + 1) * (Math.abs(Number(bottom) - Number(top)) + 1)
  }
  if (merges > MAX_MERGES || cells > MAX_MERGED_CELLS) refuse()
  let rows = 0
  for (const [, row] of text.matchAll(/<(?:\w+:)?row\s[^<>]{0,400}?\br=["'](\d+)["']/g)) {
    rows += 1
    if (rows > MAX_SHEET_ROWS || Number(row) > SHEET_ROWS) refuse()
  }
  for (const [, max] of text.matchAll(/<(?:\w+:)?col\s[^<>]{0,400}?\bmax=["'](\d+)["']/g))
    if (Number(max) > SHEET_COLUMNS) refuse()
  for (const [, column, row] of text.matchAll(/<(?:\w+:)?c\s[^<>]{0,400}?\br=["']([A-Z]+)(\d+)["']/g))
    if (columnNumber(column!) > SHEET_COLUMNS || Number(row) > SHEET_ROWS) refuse()
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0)
