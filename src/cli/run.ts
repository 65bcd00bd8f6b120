/** From the arguments of a command line to its exit code. */
import { parseArgs } from 'node:util'
import { diff } from './diff.js'
import { exportSheet } from './export.js'
import { FileFault } from './file-fault.js'
import { importSheet } from './import.js'
import { knownName, useName } from './library.js'
import { createOutput, EXIT, type Exit, type Language, type Output } from './output.js'
import { show } from './show.js'
import { USAGE } from './usage.js'
import { validate } from './validate.js'

export type Surroundings = {
  /** The folder that holds rubric/ and prompts/. */
  readonly root: string
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}

const OPTIONS = {
  lang: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  indicator: { type: 'string' },
  rubric: { type: 'string' },
  force: { type: 'boolean' },
  out: { type: 'string' },
  'dry-run': { type: 'boolean' },
  use: { type: 'boolean' },
  'exit-code': { type: 'boolean' },
} as const

type Values = ReturnType<typeof parse>['values']
type Command = {
  readonly arguments: readonly [least: number, most: number]
  readonly options: readonly (keyof typeof OPTIONS)[]
  readonly run: (root: string, given: readonly string[], values: Values, output: Output) => Exit | Promise<Exit>
}

const COMMANDS: Record<string, Command> = {
  validate: { arguments: [0, 1], options: [], run: (root, [name], _, output) => validate(root, name, output) },
  show: {
    arguments: [0, 1],
    options: ['indicator'],
    run: (root, [name], { indicator }, output) => show(root, name, indicator, output),
  },
  export: {
    arguments: [1, 1],
    options: ['rubric', 'force'],
    run: (root, [file], { rubric, force }, output) =>
      exportSheet(file!, { root, force: force === true, ...(rubric === undefined ? {} : { rubric }) }, output),
  },
  import: {
    arguments: [1, 1],
    options: ['out', 'dry-run', 'use'],
    run: (root, [file], { out, use, 'dry-run': dryRun }, output) =>
      importSheet(file!, { root: out ?? root, dryRun: dryRun === true, use: use === true }, output),
  },
  use: {
    arguments: [1, 1],
    options: [],
    run: (root, [name], _, output) => {
      const known = knownName(root, name!)
      const sound = validate(root, known, output)
      if (sound !== EXIT.done) return sound
      useName(root, known)
      output.say(`已设为正在使用:${known}(机器人重新启动后生效)`, `in use from the next start on: ${known}`)
      return EXIT.done
    },
  },
  diff: {
    arguments: [2, 2],
    options: ['exit-code'],
    run: (root, [a, b], values, output) => diff(root, a!, b!, values['exit-code'] === true, output),
  },
}

/** Runs one command: 0 done, 1 faults in the content, 2 wrong usage or unreadable files. Never throws for these. */
export async function run(argv: readonly string[], { root, out, err }: Surroundings): Promise<Exit> {
  const language: Language = argv.some((one, i) => one === '--lang=en' || (one === 'en' && argv[i - 1] === '--lang'))
    ? 'en'
    : 'zh'
  const output = createOutput(language, out, err)
  const wrong = (zh: string, en: string): Exit => {
    output.complain(zh, en)
    output.complain('')
    output.complain(USAGE.zh, USAGE.en)
    return EXIT.trouble
  }
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return wrong(`看不懂的参数:${(error as Error).message}`, (error as Error).message)
  }
  const { values, positionals } = parsed
  const [name, ...given] = positionals
  if (values.help || name === 'help') {
    output.say(USAGE.zh, USAGE.en)
    return EXIT.done
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : undefined
  if (!command)
    return wrong(
      name === undefined ? '请写明要做什么' : `没有“${name}”这个命令`,
      name === undefined ? 'no command given' : `no such command: ${name}`,
    )
  const stray = Object.keys(values).find((key) => key !== 'lang' && !command.options.includes(key as 'use'))
  if (stray !== undefined) return wrong(`命令 ${name} 不用 --${stray}`, `${name} takes no --${stray}`)
  if (values.lang !== undefined && values.lang !== 'en' && values.lang !== 'zh')
    return wrong('--lang 只能是 zh 或 en', '--lang is zh or en')
  const [least, most] = command.arguments
  if (given.length < least || given.length > most)
    return wrong(
      `命令 ${name} 需要 ${least === most ? least : `${least} 到 ${most}`} 个参数,写了 ${given.length} 个`,
      `${name} takes ${least === most ? least : `${least} to ${most}`} argument(s), got ${given.length}`,
    )
  try {
    return await command.run(root, given, values, output)
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    output.complain(error.words.zh, error.words.en)
    return EXIT.trouble
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true })
}
