/**
 * A primary and its streaming standby, both durable, behind one address; the standby is copied before the primary has ever
 * started. Both links can be cut: that of the program, and that between the two.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { layPostgres, type Server } from '../servers.js'
import { createProxy } from './proxy.js'

export type Pair = Server & {
  /** The standby hears nothing more. */
  cutReplication(): void
  /** kill -9 of every process of the primary, as if its machine were gone. */
  killPrimary(): void
  /** Makes the standby the primary, and leads the address there. */
  promote(): Promise<void>
}

const STANDBY = 'hexie_standby'
const STREAMING_WITHIN_MS = 20_000

/** `synchronous`: a commit is acknowledged only when the standby has it on its disk as well. */
export async function launchPair(synchronous: boolean): Promise<Pair> {
  const { directory, data, start } = await layPostgres()
  const [address, link] = [await createProxy(), await createProxy()]
  const copy = join(directory, 'standby')
  cpSync(data, copy, { recursive: true, preserveTimestamps: true })
  // Its files belong to whoever runs the server.
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '--reference', data, copy])
  writeFileSync(join(copy, 'standby.signal'), '')
  const primary = await start(data, synchronous ? [`synchronous_standby_names=${STANDBY}`] : [])
  link.leadTo(portOf(primary))
  const standby = await start(copy, [
    `primary_conninfo=host=127.0.0.1 port=${link.port} user=postgres application_name=${STANDBY}`,
  ])
  await untilStreaming(primary.url, synchronous ? 'sync' : 'async')
  address.leadTo(portOf(primary))
  let killed = false
  return {
    url: `postgresql://postgres@127.0.0.1:${address.port}/postgres`,
    pid: primary.pid,
    cutReplication: link.cut,
    killPrimary() {
      killed = true
      const shared = sharedMemoryOf(data)
      for (const pid of [primary.pid, ...childrenOf(primary.pid)]) kill(pid)
      address.cut()
      // Whoever is killed leaves it behind, and the system keeps it for ever.
      if (shared) execFileSync('ipcrm', ['-m', shared], { stdio: 'ignore' })
    },
    async promote() {
      const client = new pg.Client({ connectionString: standby.url })
      await client.connect()
      await client.query('SELECT pg_promote()')
      await client.end()
      address.leadTo(portOf(standby))
    },
    async stop() {
      address.stop()
      link.stop()
      await standby.stop()
      if (!killed) await primary.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const portOf = ({ url }: Server): number => Number(new URL(url).port)

async function untilStreaming(url: string, state: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const end = performance.now() + STREAMING_WITHIN_MS; performance.now() < end; await sleep(100)) {
      const { rows } = await client.query(
        `SELECT 1 FROM pg_stat_replication WHERE application_name = $1 AND state = 'streaming' AND sync_state = $2`,
        [STANDBY, state],
      )
      if (rows.length === 1) return
    }
    throw new Error(`Expected a standby that streams (${state}) within ${STREAMING_WITHIN_MS} ms`)
  } finally {
    await client.end()
  }
}

/** The seventh line of the lock file is the key and the id of a System V segment. */
function sharedMemoryOf(data: string): string | undefined {
  return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/\s+/)[1]
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => {
      try {
        return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]) === pid
      } catch {
        return false
      }
    })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with the others.
  }
}
