/** From the arguments of `npm run admin` to its exit code. */
import { parseArgs } from 'node:util'
import { isCount, isPlaced, MOST_DAYS, MOST_USES } from '../app/admin-command.js'
import { StoreFault } from '../app/ports.js'
import type { Say } from '../app/words.js'
import { type Config, ConfigFault, readConfig } from '../config.js'
import { loadLocales } from '../content/locales.js'
import { ROLES } from '../core/access.js'
import { importCommunities } from './admin-import.js'
import { invite } from './admin-invite.js'
import { writeTemplate } from './admin-template.js'
import { FileFault } from './file-fault.js'
import { EXIT, type Exit } from './output.js'

export type AdminSurroundings = {
  /** The folder that holds locales/ and prisma/. */
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly err: (line: string) => void
}
/** What every command needs; `out` and `err` take one line. */
export type AdminDesk = Omit<AdminSurroundings, 'environment'> & { readonly config: Config; readonly say: Say }

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  role: { type: 'string' },
  community: { type: 'string' },
  uses: { type: 'string' },
  days: { type: 'string' },
  links: { type: 'string' },
  check: { type: 'boolean' },
} as const

type Values = ReturnType<typeof parse>['values']
/** A sentence below `admin_cli.wrong` about how the command was called. */
type Wrong = { readonly wrong: string; readonly variables?: Readonly<Record<string, string | number>> }
type Command = {
  readonly arguments: number
  readonly options: readonly (keyof typeof OPTIONS)[]
  readonly run: (desk: AdminDesk, given: readonly string[], values: Values) => Promise<Exit | Wrong>
}

/** Invitations of the command line: the first admin comes in by one, once, within a week. */
const USUAL = { role: 'admin', uses: '1', days: '7' } as const

const COMMANDS: Readonly<Record<string, Command>> = {
  invite: {
    arguments: 0,
    options: ['role', 'community', 'uses', 'days'],
    run: async (desk, _, values) => {
      const { role: wanted, uses, days } = { ...USUAL, ...values }
      const role = ROLES.find((one) => one === wanted)
      if (!role) return { wrong: 'role', variables: { role: wanted, roles: ROLES.join(' | ') } }
      const community = values.community?.trim() || null
      if (!isPlaced(role, community)) return { wrong: community === null ? 'needs_community' : 'no_community' }
      const [most, long] = [numberOf(uses), numberOf(days)]
      if (!isCount(most, MOST_USES, 1)) return { wrong: 'number', variables: { option: 'uses', most: MOST_USES } }
      if (!isCount(long, MOST_DAYS, 1)) return { wrong: 'number', variables: { option: 'days', most: MOST_DAYS } }
      return invite(desk, { command: 'invite', role, community, uses: most, days: long })
    },
  },
  import: {
    arguments: 1,
    options: ['links', 'check'],
    run: async (desk, [file], { links, check }) => {
      if (links !== undefined && !/\.(?:xlsx|csv)$/i.test(links)) return { wrong: 'links' }
      return importCommunities(desk, file!, { links, check: check === true })
    },
  },
  template: { arguments: 1, options: [], run: (desk, [file]) => writeTemplate(desk, file!) },
}

/** Runs one command: 0 done, 1 faults in the content or outside, 2 wrong usage, files or settings. Never throws for these. */
export async function runAdmin(argv: readonly string[], surroundings: AdminSurroundings): Promise<Exit> {
  const { root, environment, out, err } = surroundings
  let config: Config
  try {
    config = readConfig(environment)
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error
    err(error.message)
    return EXIT.trouble
  }
  const say = loadLocales(root, config.defaultLanguage).in(config.defaultLanguage)
  const outcome = await runCommand(argv, { root, out, err, config, say })
  if (typeof outcome === 'number') return outcome
  err(say(`admin_cli.wrong.${outcome.wrong}`, outcome.variables))
  err('')
  err(say('admin_cli.usage'))
  return EXIT.trouble
}

async function runCommand(argv: readonly string[], desk: AdminDesk): Promise<Exit | Wrong> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    return { wrong: 'arguments', variables: { message: (error as Error).message.split('\n')[0]! } }
  }
  const { values, positionals } = parsed
  const [name, ...given] = positionals
  if (values.help || name === 'help') {
    desk.out(desk.say('admin_cli.usage'))
    return EXIT.done
  }
  if (name === undefined) return { wrong: 'nothing' }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) return { wrong: 'command', variables: { name } }
  const stray = Object.keys(values).find((key) => !command.options.includes(key as keyof typeof OPTIONS))
  if (stray !== undefined) return { wrong: 'option', variables: { name, option: stray } }
  if (given.length !== command.arguments)
    return { wrong: 'count', variables: { name, wanted: command.arguments, got: given.length } }
  try {
    return await command.run(desk, given, values)
  } catch (error) {
    if (error instanceof FileFault) {
      desk.err(desk.config.defaultLanguage === 'en' ? error.words.en : error.words.zh)
      return EXIT.trouble
    }
    if (!(error instanceof StoreFault)) throw error
    desk.err(desk.say('admin_cli.store_fault', { message: error.message }))
    return EXIT.faults
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true })
}

const numberOf = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN)
