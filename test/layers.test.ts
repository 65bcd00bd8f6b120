/** The import table of docs/architecture.md, and the other rules of the house that a program can check. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What a folder (or a top-level file) of src/ may import: other folders, only the types of others, packages, node's modules. */
type Row = {
  readonly from?: readonly string[]
  readonly typesFrom?: readonly string[]
  readonly packages?: readonly string[]
  readonly node?: readonly string[] | 'any'
}

/** `folder`, or `folder/file` where only that file may be imported. */
const TABLE: Readonly<Record<string, Row>> = {
  core: { packages: ['zod'] },
  content: { from: ['core'], packages: ['js-yaml', 'zod', 'i18next'], node: ['fs', 'crypto', 'path'] },
  app: { from: ['core'], typesFrom: ['content'] },
  channels: { from: ['core', 'app/ports', 'app/in-order', 'app/rich', 'app/formatted'], typesFrom: ['app'] },
  store: {
    // StoreFault is the error that the ports promise, so it is a value of app/ports.
    from: ['core', 'app/ports', 'generated'],
    typesFrom: ['app'],
    packages: ['ioredis', 'pg', 'proper-lockfile', '@electric-sql/pglite', '@prisma/'],
    node: 'any',
  },
  // The web channel is plain translation without any library; what speaks HTTP for it stands here.
  http: { from: ['app', 'channels/web'], packages: ['fastify', '@fastify/', 'file-type'], node: 'any' },
  'rubric-sheet': { from: ['core', 'content'], packages: ['@cj-tech-master/excelts'] },
  reports: { from: ['core'], typesFrom: ['app'], packages: ['echarts/', 'sharp', '@expo-google-fonts/'], node: 'any' },
  cli: {
    // The administrator's commands run in their own process on the same use cases and stores as the program.
    from: ['config.ts', 'core', 'content', 'app', 'rubric-sheet', 'store'],
    packages: ['js-yaml', '@cj-tech-master/excelts'],
    node: 'any',
  },
  'config.ts': { from: ['content/locales'] },
  'compose.ts': {
    from: ['config.ts', 'core', 'content', 'app', 'channels', 'store', 'http', 'reports'],
    packages: ['fastify', 'pg'],
    node: 'any',
  },
  'main.ts': { from: ['compose.ts', 'config.ts', 'content', 'store'], packages: ['pino'], node: 'any' },
  'chat.ts': { from: ['compose.ts', 'config.ts', 'content', 'channels'], packages: ['pino'], node: 'any' },
}

/** Channels do not know each other; what all of Telegram shares is channels/telegram, and each library has its one file. */
const CHANNELS: Readonly<Record<string, { readonly packages: readonly string[]; readonly beside: readonly string[] }>> =
  {
    'grammy.ts': { packages: ['grammy', 'undici'], beside: ['telegram'] },
    'telegraf.ts': { packages: ['telegraf'], beside: ['telegram'] },
    telegram: { packages: [], beside: ['telegram'] },
    'web.ts': { packages: ['zod'], beside: [] },
    'console.ts': { packages: [], beside: ['web.ts'] },
  }

const LONGEST_FILE = 250
const DEEPEST_PATH = 'src/core/answers/x.ts'.split('/').length
/** Folders and files that anything could be put into. */
const MEANINGLESS = /(?:^|[-/])(?:utils?|helpers?|common|misc|manager|service)(?:\.|\/|$)/

type File = { readonly path: string; readonly text: string; readonly lines: number }
type Import = { readonly file: string; readonly what: string; readonly typeOnly: boolean }

const files: readonly File[] = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(?:ts|js)$/.test(path) && !path.startsWith('generated/'))
  .sort()
  .map((path) => {
    const text = readFileSync(join(ROOT, 'src', path), 'utf8')
    return { path, text, lines: text.trimEnd().split('\n').length }
  })
const programs = files.filter(({ path }) => !path.startsWith('http/page/'))
const imports: readonly Import[] = programs.flatMap(importsOf)

describe('who imports whom', () => {
  it('has a row for every folder and top-level file of src/, and none for what is not there', () => {
    expect([...new Set(programs.map(({ path }) => partOf(path)))].sort()).toEqual(Object.keys(TABLE).sort())
  })

  it('finds the imports that it judges', () => {
    const found = (file: string) => imports.filter((one) => one.file === file)
    expect(found('main.ts')).toContainEqual({ file: 'main.ts', what: 'compose.ts', typeOnly: false })
    expect(found('app/desk.ts').every(({ typeOnly }) => typeOnly)).toBe(true)
    expect(imports.length).toBeGreaterThan(2 * programs.length)
    const samples = `import type { A } from './a.js'\nimport { type B, type C } from './b.js'\nimport {\n  type D,\n  e,\n} from './e.js'
import './f.js'\nexport { g } from './g.js'\nexport * from './h.js'\nconst i = await import('./i.js')\nimport j, { type K } from 'j'\n`
    expect(importsOf({ path: 'core/x.ts', text: samples }).map(({ what, typeOnly }) => [what, typeOnly])).toEqual([
      ['core/a.ts', true],
      ['core/b.ts', true],
      ['core/e.ts', false],
      ['core/f.ts', false],
      ['core/g.ts', false],
      ['core/h.ts', false],
      ['j', false],
      ['core/i.ts', false],
    ])
  })

  it.each(Object.entries(TABLE))('%s', (part, row) => {
    const breaches = imports.filter((one) => partOf(one.file) === part && !isAllowed(one, part, row))
    expect(breaches.map(({ file, what, typeOnly }) => `${file} → ${typeOnly ? 'type of ' : ''}${what}`)).toEqual([])
  })

  it('keeps the files of the web page to themselves: no packages, no modules of the program', () => {
    const page = files.filter(({ path }) => path.startsWith('http/page/'))
    const breaches = page.flatMap(importsOf).filter(({ what }) => !what.startsWith('http/page/'))
    expect(breaches).toEqual([])
  })
})

describe('the environment', () => {
  it('is handed over by main.ts, chat.ts and cli/admin.ts, and read nowhere else', () => {
    // A library that is told by the environment alone may be told: `process.env.NAME = …` reads nothing.
    const readers = programs.filter(({ text }) =>
      /\bprocess\s*\.\s*env\b(?!\.[A-Z_]+ = )|\benv\b.*from 'node:process'/.test(code(text)),
    )
    const may = ['main.ts', 'chat.ts', 'cli/admin.ts', 'config.ts']
    expect(readers.map(({ path }) => path).filter((path) => !may.includes(path))).toEqual([])
  })
})

describe('the core', () => {
  const core = files.filter(({ path }) => path.startsWith('core/'))

  it('has no clock, no randomness, no output', () => {
    const impure =
      /\b(?:Date\.now|new Date\(\)|Math\.random|crypto|setTimeout|setInterval|performance|process|console|fetch)\b/
    expect(linesWith(core, impure)).toEqual([])
  })

  it('does not know how many indicators there are, nor the total', () => {
    const known = linesWith(core, /(?<![\d.])(?:92|18|1_?000)(?![\d._])/)
    // 千 is a thousand in whatever table, and a second has a thousand milliseconds.
    const meant = known.filter(
      ({ at, line }) => !at.startsWith('core/number-words.ts') && !/_MS = .*\* 1000$/.test(line),
    )
    expect(meant).toEqual([])
  })
})

describe('files', () => {
  it(`have at most ${LONGEST_FILE} lines`, () => {
    const long = files.filter(({ lines }) => lines > LONGEST_FILE)
    expect(long.map(({ path, lines }) => `src/${path}: ${lines}`)).toEqual([])
  })

  it(`lie at most ${DEEPEST_PATH} names deep`, () => {
    expect(files.map(({ path }) => `src/${path}`).filter((path) => path.split('/').length > DEEPEST_PATH)).toEqual([])
  })

  it('are named in kebab-case, by what they hold', () => {
    const odd = files.filter(({ path }) => !/^[a-z0-9/-]+\.(?:ts|js)$/.test(path) || MEANINGLESS.test(path))
    expect(odd.map(({ path }) => path)).toEqual([])
  })

  it('open with a sentence that says what they are for', () => {
    const silent = files.filter(({ text }) => !/^(?:#!.*\n|\/\/ @ts-check\n)?\/\*\*/.test(text))
    expect(silent.map(({ path }) => path)).toEqual([])
  })
})

function isAllowed({ file, what, typeOnly }: Import, part: string, row: Row): boolean {
  if (part === 'channels') {
    const channel = CHANNELS[partOf(file.slice('channels/'.length))]
    if (!channel) return false
    if (what.startsWith('channels/')) return channel.beside.includes(partOf(what.slice('channels/'.length)))
    if (isPackage(what) && channel.packages.includes(what)) return true
  }
  if (what.startsWith('node:'))
    return row.node === 'any' || (row.node ?? []).includes(what.slice('node:'.length).split('/')[0]!)
  if (isPackage(what))
    return (row.packages ?? []).some((name) => (name.endsWith('/') ? what.startsWith(name) : what === name))
  if (partOf(what) === part) return true
  const within = (allowed: readonly string[] = []) =>
    allowed.some((one) => one === partOf(what) || `${one}.ts` === what)
  return within(row.from) || (typeOnly && within(row.typesFrom))
}

const isPackage = (what: string): boolean => !what.endsWith('.ts') && !what.endsWith('.js') && !what.startsWith('node:')

/** The folder of src/ that a file lies in, or its own name where it lies at the top. */
function partOf(path: string): string {
  return path.split('/')[0]!
}

/** Imports and re-exports, static and dynamic; those of files are given from src/ on, with the ending that the file has. */
function importsOf({ path, text }: Pick<File, 'path' | 'text'>): Import[] {
  const statement = /^(?:import|export)\s+(?:([\w*$\s{},]+?)\s+from\s+)?['"]([^'"\n]+)['"]/gm
  const fixed = [...text.matchAll(statement)].map(([, names = '', what]) => ({
    what: what!,
    typeOnly: isTypeOnly(names),
  }))
  const late = [...code(text).matchAll(/\b(?:import|require)\(\s*['"]([^'"\n]+)['"]/g)]
  const dynamic = late.map(([, what]) => ({ what: what!, typeOnly: false }))
  return [...fixed, ...dynamic].map(({ what, typeOnly }) => ({ file: path, what: place(path, what), typeOnly }))
}

function isTypeOnly(names: string): boolean {
  if (/^type\s/.test(names)) return true
  const [, named] = /^\{([^}]*)\}$/.exec(names.trim()) ?? []
  const list = named?.split(',').filter((one) => one.trim() !== '') ?? []
  return list.length > 0 && list.every((one) => /^\s*type\s/.test(one))
}

function place(from: string, what: string): string {
  if (!what.startsWith('.')) return what
  const path = relative(ROOT, resolve(ROOT, dirname(from), what)).replaceAll('\\', '/')
  return from.endsWith('.ts') ? path.replace(/\.js$/, '.ts') : path
}

/** Without comments; strings stay. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).replace(/(^|\s)\/\/.*$/gm, '$1')
}

function linesWith(some: readonly File[], pattern: RegExp): { at: string; line: string }[] {
  return some.flatMap(({ path, text }) =>
    code(text)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [{ at: `${path}:${i + 1}`, line: line.trim() }] : [])),
  )
}
