/** What the documents say about the program is what the program does: variables, commands, scripts, files. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readConfig, VARIABLES } from '../src/config.js'
import { LANGUAGES, loadLocales } from '../src/content/locales.js'
import { COMMANDS } from '../src/core/input.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)

/** The READMEs: the word for "no default", and the language that their words come from. */
const READMES = [
  { file: 'README.md', empty: '空', language: 'zh-CN' },
  { file: 'README.en.md', empty: 'empty', language: 'en' },
] as const
const DOCUMENTS = [
  ...READMES.map(({ file }) => file),
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

describe.each(READMES)('$file', ({ file, empty, language }) => {
  const rows = tableRows(read(file))
  const meaning = (name: string): string => rows.find(([first]) => first === `\`${name}\``)!.at(-1)!
  const choices = (name: string): string[] => [...meaning(name).matchAll(/`([^`]+)`/g)].map(([, value]) => value!)

  it('lists every variable with its default, and no other', () => {
    const variables = rows.filter(([first]) => /^`[A-Z][A-Z_]+`$/.test(first!))
    const listed = variables.map(([name, value]) => [bare(name!), value === empty ? '' : bare(value!)])
    expect(listed).toEqual(Object.entries(VARIABLES))
    for (const [, , words] of variables) expect(words).not.toBe('')
  })

  it.each(['LOG_LEVEL', 'TELEGRAM_DRIVER', 'DEMO'])('names values of %s that the program takes', (name) => {
    expect(choices(name).length).toBeGreaterThan(1)
    for (const value of choices(name)) expect(() => readConfig({ [name]: value }), value).not.toThrow()
  })

  it('names every language', () => {
    expect(choices('DEFAULT_LANGUAGE')).toEqual([...LANGUAGES])
  })

  it("lists the bot's commands as its menu does", () => {
    const say = loadLocales(ROOT, 'zh-CN').in(language)
    const commands = rows.filter(([first]) => /^`\/\w+`$/.test(first!)).map(([name, words]) => [bare(name!), words])
    const menu = COMMANDS.map((command) => [`/${command}`, say(`command.${command}`)])
    expect(commands.sort()).toEqual(menu.sort())
  })

  it('gives the two commands', () => {
    expect(read(file)).toContain('\nnpm ci && npm start\n')
    expect(read(file)).toContain('\nnpm ci && npm test\n')
  })

  it('says how many indicators there are, and that the table is a draft, as long as it is one', () => {
    const name = read('rubric/current').trim()
    const rubric = load(read(`rubric/${name}.yaml`)) as {
      status: string
      scale: number
      counts: Record<string, number>
    }
    for (const number of [...Object.values(rubric.counts), rubric.scale])
      expect(read(file)).toMatch(new RegExp(`\\b${number}\\b`))
    expect(/草案|draft/.test(read(file))).toBe(rubric.status === 'draft')
  })
})

describe('both READMEs', () => {
  it('have the same headings, code blocks, tables and links', () => {
    const [zh, en] = READMES.map(({ file }) => read(file))
    const shape = (text: string) => ({
      headings: outsideCode(text).flatMap((line) => /^(#+) /.exec(line)?.[1] ?? []),
      blocks: text.match(/^ *```/gm)?.length,
      rows: tableRows(text).map((cells) => cells.length),
      links: linksOf(text).filter((link) => !link.startsWith('README')),
    })
    expect(shape(en!)).toEqual(shape(zh!))
  })
})

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  it('links only to what is there', () => {
    const files = linksOf(text).filter((link) => !/^(?:https?:|#)/.test(link))
    const missing = files.filter((link) => !existsSync(join(ROOT, dirname(document), link.split('#')[0]!)))
    expect(missing).toEqual([])
  })

  it('names only files and folders that are there', () => {
    const named = [...text.matchAll(/`((?:\.ci|docs|src|test|bench|rubric|prompts|locales|prisma)\/[^\s`]*)`/g)]
    const missing = named
      .map(([, path]) => path!)
      .filter((path) => !/[<*…]|\/x\.ts$/.test(path) && !existsSync(join(ROOT, path)))
    expect(missing).toEqual([])
  })

  it('names only scripts that are there', () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script!)
    expect(named.filter((script) => !scripts.includes(script))).toEqual([])
  })
})

describe('.env.example', () => {
  it('lists every variable with its default, and no other', () => {
    expect(parseEnv(read('.env.example'))).toEqual(VARIABLES)
    expect(read('.env.example').match(/^[A-Z_]+=/gm)).toHaveLength(Object.keys(VARIABLES).length)
  })

  it('says in Chinese and in English what each one means', () => {
    for (const name of Object.keys(VARIABLES))
      expect(read('.env.example')).toMatch(
        new RegExp(`\\n# [^\\n]*[\\u4e00-\\u9fff][^\\n]*\\n# [A-Z][^\\n]*\\n${name}=`),
      )
  })

  it('can be used as it is', () => {
    expect(readConfig(parseEnv(read('.env.example')))).toEqual(readConfig({}))
  })
})

describe('the image', () => {
  const kept = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1))
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
    sources!.split(' '),
  )

  it('copies only what is there and what .dockerignore lets in', () => {
    expect(copied.length).toBeGreaterThan(8)
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    expect(copied.filter((path) => !kept.some((one) => path === one || path.startsWith(`${one}/`)))).toEqual([])
  })

  it('holds the folders that the program reads at start', () => {
    const [, runtime] = read('Dockerfile')
      .split(/^FROM [^\n]+$/m)
      .slice(1)
    for (const folder of ['rubric', 'prompts', 'locales', 'prisma/migrations', 'src/http/page'])
      expect(runtime).toMatch(new RegExp(`^COPY ${folder} ${folder}$`, 'm'))
  })

  it('is composed so that only the program can be reached, from this machine alone', () => {
    const { services } = load(read('compose.yaml')) as {
      services: Record<string, { ports?: string[]; environment: object }>
    }
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))
    expect(ports).toEqual(['app 127.0.0.1:8080:8080'])
    expect(Object.keys(services.app!.environment).filter((name) => !(name in VARIABLES))).toEqual([])
  })
})

/** The cells of every row of every table, without headers. */
function tableRows(text: string): string[][] {
  const rows = outsideCode(text).map((line) => (line.startsWith('|') ? line : ''))
  return rows
    .filter((line, i) => line !== '' && !/^\|[-|: ]+\|$/.test(line) && !/^\|[-|: ]+\|$/.test(rows[i + 1] ?? ''))
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim()),
    )
}

function outsideCode(text: string): string[] {
  let inside = false
  return text.split('\n').filter((line) => {
    if (/^ *```/.test(line)) inside = !inside
    return !inside
  })
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
}

const bare = (cell: string): string => cell.replaceAll('`', '')
