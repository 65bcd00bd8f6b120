/** The administrator's command as a process of its own, its files, and what it left in the database. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type CellValue, Workbook } from '@cj-tech-master/excelts'
import type pg from 'pg'
import { runAdmin } from '../../src/cli/run-admin.js'
import { openPglite } from '../../src/store/pglite.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createDatabase } from '../support/databases.js'
import { freshStores, ROOT } from '../support/program.js'

export type Env = Readonly<Record<string, string>>
export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `npm run admin -- …` without npm. */
export async function admin(env: Env, ...argv: string[]): Promise<Ran> {
  const child = start('src/cli/admin.ts', env, argv)
  const printed = { out: '', err: '' }
  child.stdout?.on('data', (data) => (printed.out += String(data)))
  child.stderr?.on('data', (data) => (printed.err += String(data)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...printed }
}

/** The same in this process: for what needs neither a database nor a shell. */
export async function adminHere(environment: Env, ...argv: string[]): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runAdmin(argv, {
    root: ROOT,
    environment,
    out: (line) => out.push(`${line}\n`),
    err: (line) => err.push(`${line}\n`),
  })
  return { code, out: out.join(''), err: err.join('') }
}

/** The program itself, once it says that it is ready. */
export async function startServer(env: Env): Promise<{ stop(): Promise<void> }> {
  const child = start('src/main.ts', { PORT: '0', LOG_LEVEL: 'silent', ...env }, [])
  let complaint = ''
  child.stderr?.on('data', (data) => (complaint += String(data)))
  const ended = once(child, 'exit')
  const ready = (async () => {
    for await (const line of createInterface({ input: child.stdout! })) if (line.includes('已就绪')) return true
    return false
  })()
  if (!(await ready)) throw new Error(`Expected the program to start, got ${complaint}`)
  child.stdout?.resume()
  return {
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function start(file: string, env: Env, argv: readonly string[]): ChildProcess {
  const own = { PATH: process.env.PATH ?? '', ...env }
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...argv], { cwd: ROOT, env: own })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

export type Home = {
  readonly env: Env
  look<T>(at: (pool: pg.Pool) => Promise<T>): Promise<T>
  remove(): Promise<void>
}

/** Fresh homes of the data, and a look into them while no command runs. */
export const HOMES: readonly { home: string; open(): Promise<Home> }[] = [
  {
    home: 'embedded',
    open: async () => {
      const { env, remove } = await freshStores('embedded')
      const look = async <T>(at: (pool: pg.Pool) => Promise<T>) => {
        const { pool, close } = await openPglite({ directory: join(env.DATA_DIR!, 'pglite') })
        return at(pool).finally(close)
      }
      return { env, look, remove }
    },
  },
  {
    home: 'PostgreSQL',
    open: async () => {
      const { url, drop } = await createDatabase()
      const look = async <T>(at: (pool: pg.Pool) => Promise<T>) => {
        const pool = openPostgres(url)
        return at(pool).finally(() => pool.end())
      }
      return { env: { DATABASE_URL: url }, look, remove: drop }
    },
  },
]

export const folder = (): string => mkdtempSync(join(tmpdir(), 'hexie-admin-'))

/** A new file with this content. */
export function fileOf(data: Uint8Array | string, name: string): string {
  const file = join(folder(), name)
  writeFileSync(file, data)
  return file
}

export const HEADER = ['社区名称', '街道', '户数', '网格数', '时区']

/** A workbook of one sheet. */
export async function workbookOf(rows: readonly (readonly CellValue[])[]): Promise<string> {
  const workbook = new Workbook()
  const sheet = workbook.addWorksheet('社区')
  for (const [r, row] of rows.entries())
    for (const [c, value] of row.entries()) if (value !== null) sheet.getCell(r + 1, c + 1).value = value
  return fileOf(new Uint8Array(await workbook.xlsx.writeBuffer()), 'communities.xlsx')
}

/** Texts of the first sheet of a workbook. */
export async function textsOf(file: string): Promise<string[][]> {
  const workbook = new Workbook()
  await workbook.xlsx.load(new Uint8Array(readFileSync(file)))
  const rows: string[][] = []
  workbook.worksheets[0]!.eachRow((row) => {
    const texts: string[] = []
    row.eachCell((cell, column) => {
      texts[column - 1] = String(cell.value)
    })
    rows.push(texts)
  })
  return rows
}
