/** A throw-away Redis Cluster on 127.0.0.1: masters, and where wanted a replica of each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { endWithUs } from './end-with-us.js'
import { freePort } from './launch-postgres.js'

export type ClusterNode = { readonly url: string; readonly pid: number; readonly port: number }
export type RedisCluster = {
  readonly masters: readonly ClusterNode[]
  /** The nth is of the nth master. */
  readonly replicas: readonly ClusterNode[]
  /** Addresses as REDIS_URL takes them. */
  readonly urls: readonly string[]
  stop(): Promise<void>
}

const USUAL_MASTERS = 3
const SLOTS = 16_384
/** After this long without an answer a node counts as dead, and its replica takes its place. */
const NODE_TIMEOUT_MS = 2_000
const READY_WITHIN_MS = 20_000

export async function launchRedisCluster({
  binary = 'redis-server',
  masters: count = USUAL_MASTERS,
  replicas = false,
} = {}): Promise<RedisCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'hexie-cluster-'))
  const servers: ChildProcess[] = []
  const clients: Redis[] = []
  const stop = async () => {
    for (const client of clients) client.disconnect()
    await Promise.all(servers.map(end))
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    const nodes = await Promise.all(Array.from({ length: replicas ? 2 * count : count }, launch))
    const [first] = nodes
    await Promise.all(
      nodes.map(async ({ client }, i) => {
        if (i > 0) await client.cluster('MEET', '127.0.0.1', first!.port, first!.bus)
        if (i >= count) return
        const slots = [Math.floor((i * SLOTS) / count), Math.floor(((i + 1) * SLOTS) / count) - 1]
        await client.call('CLUSTER', 'ADDSLOTSRANGE', ...slots)
      }),
    )
    const all = nodes.map(({ client }) => client)
    await until(async () => (await Promise.all(all.map((one) => knows(one, nodes.length)))).every(Boolean))
    for (const [i, { client }] of nodes.slice(count).entries())
      await client.cluster('REPLICATE', String(await nodes[i]!.client.cluster('MYID')))
    await until(async () => (await Promise.all(nodes.slice(count).map(({ client }) => follows(client)))).every(Boolean))
    const told = nodes.map(({ url, pid, port }) => ({ url, pid, port }))
    const masters = told.slice(0, count)
    return { masters, replicas: told.slice(count), urls: masters.map(({ url }) => url), stop }
  } catch (error) {
    await stop()
    throw error
  }

  async function launch() {
    const [port, bus] = [await freePort(), await freePort()]
    const settings = {
      port,
      bind: '127.0.0.1',
      save: '',
      appendonly: 'no',
      dir: directory,
      'cluster-enabled': 'yes',
      'cluster-port': bus,
      'cluster-config-file': `${port}.conf`,
      'cluster-node-timeout': NODE_TIMEOUT_MS,
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    const server = spawn(binary, args, { stdio: 'ignore' })
    servers.push(server)
    endWithUs(server)
    const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: 100, retryStrategy: () => 50 })
    client.on('error', () => {})
    clients.push(client)
    await client.ping()
    return { url: `redis://127.0.0.1:${port}`, pid: server.pid!, port, bus, client }
  }
}

/** Whether a node knows as many as there are, and all slots are somebody's. */
async function knows(client: Redis, nodes: number): Promise<boolean> {
  const info = String(await client.cluster('INFO'))
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes}\r`)
}

const follows = async (client: Redis): Promise<boolean> =>
  (await client.info('replication')).includes('master_link_status:up')

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + READY_WITHIN_MS; !(await holds()); await sleep(50))
    if (performance.now() > end) throw new Error(`Expected a Redis Cluster within ${READY_WITHIN_MS} ms`)
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
}
