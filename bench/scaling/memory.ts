/** Memory of a process, seen from outside, and on request what V8 says of itself. */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from '../child.js'
import { rounded } from '../figures.js'

/** Resident memory now, in MB. */
export function residentMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}

/** Runs in the process that is looked at: figures as it is, then what is left when all garbage is gone. */
const TELL = `
import { writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
process.on('SIGUSR2', () => {
  const { heapTotal, heapUsed, external } = process.memoryUsage()
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const live = process.memoryUsage().heapUsed
  writeFileSync(process.env.MEMORY_FILE + process.pid, JSON.stringify({ heapTotal, heapUsed, external, live }))
})`

/** Options for Node with which a process writes down its own figures when it gets SIGUSR2. It does nothing until then. */
export const TELLS_MEMORY: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`]
export const MEMORY_FILE = join(tmpdir(), `hexie-bench-memory-${process.pid}-`)

type Told = { readonly [name in 'heapTotal' | 'heapUsed' | 'external' | 'live']: number }

/** MB: what V8 has taken for its heap, what of it is in use, what of that is no garbage, and what lives outside of it. */
export async function heapMbOf({ pid }: Child) {
  const file = MEMORY_FILE + pid
  process.kill(pid, 'SIGUSR2')
  for (let tries = 0; ; tries += 1) {
    await sleep(50)
    try {
      const told = JSON.parse(readFileSync(file, 'utf8')) as Told
      rmSync(file)
      const mb = (bytes: number) => rounded(bytes / 2 ** 20, 0)
      return { taken: mb(told.heapTotal), used: mb(told.heapUsed), live: mb(told.live), outside: mb(told.external) }
    } catch (error) {
      // Not there, or not whole yet.
      if (tries > 100) throw error
    }
  }
}

/** Watches the resident memory of a process until it is told to stop; then resolves with the highest and the mean in MB. */
export function watchMemory(pid: number): () => { highest: number; mean: number } {
  const seen: number[] = [residentMbOf(pid)]
  const timer = setInterval(() => seen.push(residentMbOf(pid)), WATCH_EVERY_MS)
  return () => {
    clearInterval(timer)
    return {
      highest: rounded(Math.max(...seen), 0),
      mean: rounded(seen.reduce((sum, one) => sum + one, 0) / seen.length, 0),
    }
  }
}

const WATCH_EVERY_MS = 250
