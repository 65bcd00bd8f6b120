/** PostgreSQL and Redis of a test's own that can hang, be cut off and be slow, and then are back as if nothing had been. */
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import pg from 'pg'
import { launchRedis } from './global-setup.js'
import { launchPostgres } from './launch-postgres.js'

export type Stoppable = {
  /** Address through which it can be cut off and slowed down. */
  readonly url: string
  /** Address that always works while it does not hang. */
  readonly direct: string
  /** Every process of it stops where it stands, and takes connections without a word. */
  hang(): void
  /** Connections are broken, and new ones refused. */
  cut(): void
  /** Everything that is sent to it comes so much later. */
  slow(milliseconds: number): void
  /** Whatever was done to it is over. */
  restore(): void
  stop(): Promise<void>
}

export async function stoppablePostgres(): Promise<Stoppable> {
  const server = await launchPostgres()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const postmaster = parentOf(String(rows[0]!.pid))!
  await client.end()
  return stoppable(server, () => [postmaster, ...childrenOf(postmaster)])
}

export async function stoppableRedis(): Promise<Stoppable> {
  const server = await launchRedis('redis-server')
  const redis = new Redis(server.url)
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))![1])
  redis.disconnect()
  return stoppable(server, () => [pid])
}

async function stoppable(
  server: { readonly url: string; stop(): Promise<void> },
  processes: () => readonly number[],
): Promise<Stoppable> {
  const { hostname, port } = new URL(server.url)
  const between = await createProxy(hostname, Number(port))
  const url = new URL(server.url)
  url.port = String(between.port)
  let stopped: readonly number[] = []
  const restore = () => {
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    stopped = []
    between.restore()
  }
  return {
    url: url.href,
    direct: server.url,
    hang() {
      // The parent first, so that it starts no others meanwhile.
      stopped = processes()
      for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    },
    cut: between.cut,
    slow: between.slow,
    restore,
    async stop() {
      restore()
      await between.stop()
      await server.stop()
    },
  }
}

async function createProxy(host: string, port: number) {
  const open = new Set<Socket>()
  let isCut = false
  let delayMs = 0
  const server = createServer((client) => {
    if (isCut) return client.resetAndDestroy()
    const upstream = connect(port, host)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.on('data', (data) => {
        if (delayMs > 0 && one === client) setTimeout(() => other.writable && other.write(data), delayMs)
        else if (other.writable) other.write(data)
      })
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    isCut = true
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    cut,
    slow(milliseconds: number) {
      delayMs = milliseconds
    },
    restore() {
      isCut = false
      delayMs = 0
    },
    stop: () =>
      new Promise<void>((resolve) => {
        cut()
        server.close(() => resolve())
      }),
  }
}

const parentOf = (pid: string): number | undefined => {
  try {
    // Behind the command, which may hold blanks: state, parent.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1])
  } catch {
    return undefined
  }
}
const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .map(Number)
