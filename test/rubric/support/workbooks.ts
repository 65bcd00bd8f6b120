/** The draft as a workbook, and hands that fill it in like an official would. */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cell, Workbook, type Worksheet } from '@cj-tech-master/excelts'
import { unpackXlsx } from '../../../src/cli/open-xlsx.js'
import { run } from '../../../src/cli/run.js'
import type { Book } from '../../../src/content/book.js'
import { readBook } from '../../../src/content/load.js'
import { faultText } from '../../../src/rubric-sheet/faults.js'
import { type ReadBook, readWorkbook } from '../../../src/rubric-sheet/read-workbook.js'
import { plainHeader } from '../../../src/rubric-sheet/sheet-spec.js'
import { writeWorkbook } from '../../../src/rubric-sheet/write-workbook.js'

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
export const DRAFT = 'ljxq-hexie-shequ-draft@0.1.0'

export function draftBook(): Book {
  const read = readBook(ROOT, DRAFT, ['zh-CN', 'en'])
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  return read.book
}

let bytes: Promise<Uint8Array> | undefined
export function draftBytes(): Promise<Uint8Array> {
  const { rubric, prompts } = draftBook()
  bytes ??= writeWorkbook(rubric, { zh: prompts['zh-CN']!, en: prompts.en! })
  return bytes
}

/** The draft's workbook after some edits. */
export async function edited(edit: (hand: Hand) => void): Promise<Uint8Array> {
  const hand = await draftHand()
  edit(hand)
  return new Uint8Array(await hand.workbook.xlsx.writeBuffer())
}

/** The draft's workbook, open. */
export async function draftHand(): Promise<Hand> {
  const workbook = new Workbook()
  await workbook.xlsx.load(await draftBytes())
  return new Hand(workbook)
}

/** Finds cells by sheet, header and the id (or key) of their row. */
export class Hand {
  readonly workbook: Workbook
  constructor(workbook: Workbook) {
    this.workbook = workbook
  }
  sheet(name: string): Worksheet {
    return this.workbook.getWorksheet(name)!
  }
  column(name: string, header: string): number {
    const sheet = this.sheet(name)
    for (const row of [1, 2])
      for (let column = 1; column <= sheet.columnCount; column += 1)
        if (plainHeader(String(sheet.getCell(row, column).value ?? '')) === plainHeader(header)) return column
    throw new Error(`Expected a column ${header} on ${name}`)
  }
  row(name: string, id: string): number {
    const column = this.column(name, name === '设置' ? '键' : name === '词语' ? '中文' : '编号')
    for (let row = 1; row <= this.sheet(name).rowCount; row += 1)
      if (this.sheet(name).getCell(row, column).value === id) return row
    throw new Error(`Expected a row ${id} on ${name}`)
  }
  at(name: string, id: string, header: string): Cell {
    return this.sheet(name).getCell(this.row(name, id), this.column(name, header))
  }
}

export function readBytes(data: Uint8Array): Promise<ReadBook> {
  return readWorkbook(unpackXlsx(Buffer.from(data)))
}

/** The fault lines of the draft's workbook after some edits. */
export async function faultsAfter(edit: (hand: Hand) => void): Promise<string[]> {
  const read = await readBytes(await edited(edit))
  return read.ok ? [] : read.faults.map((fault) => faultText(fault, 'zh'))
}

export async function soundAfter(edit: (hand: Hand) => void) {
  const read = await readBytes(await edited(edit))
  if (!read.ok) throw new Error(read.faults.map((fault) => faultText(fault, 'zh')).join('\n'))
  return { ...read.book, warnings: read.warnings.map((fault) => faultText(fault, 'zh')) }
}

/** Formats one cell alone; cells that were read share their style objects. */
export function format(cell: Cell, numFmt: string): void {
  cell.style = { ...cell.style, numFmt }
}

/** A project folder with the draft in it. */
export function projectFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'rubric-'))
  for (const folder of ['rubric', 'prompts']) cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
  return root
}

/** Runs the tool and gives its exit code and what it printed. */
export async function tool(root: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const printed = { out: '', err: '' }
  const code = await run(argv, {
    root,
    out: (line) => {
      printed.out += `${line}\n`
    },
    err: (line) => {
      printed.err += `${line}\n`
    },
  })
  return { code, ...printed }
}

/** Writes bytes to a new file. */
export function fileOf(data: Uint8Array | string, name = 'table.xlsx'): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sheet-')), name)
  writeFileSync(file, data)
  return file
}

/** Data as it is stored, without members that are undefined. */
export const plain = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T
