/**
 * Who does what a command of the administrator says: the running program where that holds the embedded database, else this
 * process, with the same use cases on the same stores.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AdminCommand } from '../app/admin-command.js'
import { type Administration, type AdminReply, administer } from '../app/administration.js'
import { createLinks } from '../app/links.js'
import { type Config, webAddress } from '../config.js'
import { createCommunities } from '../store/communities.js'
import { DataDirLocked } from '../store/data-dir-lock.js'
import { createInvitations } from '../store/invitations.js'
import { createMembers } from '../store/members.js'
import { openDatabase } from '../store/open.js'
import { FileFault } from './file-fault.js'

export type Administrator = {
  /** Rejects with a `StoreFault` or a `FileFault`. */
  readonly run: (command: AdminCommand) => Promise<AdminReply>
  close(): Promise<void>
}

/** 18 bytes are 24 characters of base64url. */
const CODE_BYTES = 18
const ID_DIGITS = 10
/** Long enough for 5,000 communities on a slow machine. */
const ANSWER_WITHIN_MS = 120_000

/** `root` is the folder that holds prisma/. Rejects with a `StoreFault`, or a `FileFault` where another process is in the way. */
export async function openAdministrator(config: Config, root: string): Promise<Administrator> {
  const { database } = config
  const running = database.kind === 'embedded' ? await findServer(database.directory) : undefined
  if (running) return { run: (command) => ask(running, command), close: async () => {} }
  try {
    const { pool, close } = await openDatabase(database, { root, onFault: () => {} })
    const members = createMembers(pool)
    const office: Administration = {
      communities: createCommunities(pool),
      invitations: createInvitations(pool),
      links: createLinks(webAddress(config), () => members.option('bot_username')),
      now: Date.now,
      newId: (letter) => letter + randomBytes(ID_DIGITS / 2).toString('hex'),
      newCode: () => randomBytes(CODE_BYTES).toString('base64url'),
      hash: (text) => createHash('sha256').update(text).digest('hex'),
    }
    return { run: (command) => administer(office, command), close }
  } catch (error) {
    if (!(error instanceof DataDirLocked)) throw error
    throw new FileFault(
      `另一个程序正在使用 ${error.directory}（例如 npm run chat）；请先退出它，再试一次。`,
      `Another program is using ${error.directory} (for example npm run chat); stop it and try again.`,
      error,
    )
  }
}

type Running = { readonly url: string; readonly key: string }

/** The program that left its address and key beside the data and still answers to them. */
async function findServer(directory: string): Promise<Running | undefined> {
  const note = await readFile(join(directory, 'server.json'), 'utf8').catch(() => '{}')
  const { url, key } = noteOf(note)
  if (typeof url !== 'string' || typeof key !== 'string' || !URL.canParse(url)) return undefined
  const here = new URL(url)
  // A program that listens everywhere may have told its address in a way that cannot be asked.
  if (['0.0.0.0', '[::]'].includes(here.hostname)) here.hostname = here.hostname === '[::]' ? '[::1]' : '127.0.0.1'
  const running = { url: here.origin, key }
  // An empty command is refused, but only after the key: 400 says that this is the one.
  return (await post(running, {}).catch(() => undefined))?.status === 400 ? running : undefined
}

function noteOf(text: string): { url?: unknown; key?: unknown } {
  try {
    return Object(JSON.parse(text)) as object
  } catch {
    return {}
  }
}

async function ask(running: Running, command: AdminCommand): Promise<AdminReply> {
  const response = await post(running, command).catch((error: unknown) => {
    throw notDone(error)
  })
  if (response.status !== 200) throw notDone(response.status)
  return (await response.json()) as AdminReply
}

const notDone = (cause: unknown) =>
  new FileFault(
    '正在运行的程序没有完成这个命令；请看它的日志，再试一次。',
    'The running program did not do it; see its log and try again.',
    cause,
  )

function post({ url, key }: Running, body: object): Promise<Response> {
  return fetch(`${url}/admin/command`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
}
