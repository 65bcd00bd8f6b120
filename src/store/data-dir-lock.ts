/** Keeps a second process away from the directory of the embedded database: both would lose rows without a word. */
import { readlinkSync } from 'node:fs'
import { readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import lockfile from 'proper-lockfile'
import { StoreFault } from '../app/ports.js'
import { storeFault } from './fault.js'

/** Another process works on this directory. */
export class DataDirLocked extends StoreFault {
  readonly directory: string
  constructor(directory: string, cause: unknown) {
    super(`Expected ${directory} to be used by one process, got it locked by another that is running`, true, cause)
    this.name = 'DataDirLocked'
    this.directory = directory
  }
}

/** Takes the lock and returns how to give it back. `onLost` hears when it was lost while it was held (a process put to sleep). */
export async function lockDataDir(
  directory: string,
  onLost: (fault: StoreFault) => void,
): Promise<() => Promise<void>> {
  const path = `${await realpath(directory)}.lock`
  const owner = `${path}-owner`
  let renewed: number | undefined
  for (;;) {
    try {
      const unlock = await lockfile.lock(directory, {
        stale: STALE_MS,
        update: RENEW_MS,
        onCompromised: (cause) => onLost(storeFault(`The lock on ${directory} was lost`, cause)),
      })
      await writeFile(owner, JSON.stringify({ home: processHome(), pid: process.pid }))
      // Fails only where the lock was lost before, and then there is nothing to give back.
      return () => unlock().catch(() => {})
    } catch (cause) {
      if (!isHeld(cause)) throw storeFault(`The lock on ${directory} could not be taken`, cause)
      if (await isDead(owner)) {
        await rm(path, { recursive: true, force: true })
        continue
      }
      const time = await timeOf(path)
      renewed ??= time
      // Somebody renews it, so somebody is alive.
      if (time !== undefined && time !== renewed) throw new DataDirLocked(directory, cause)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
}

/**
 * Whether the lock's owner was a process of this very machine (or container) and boot, and is gone: after kill -9 the next
 * start then need not wait until the lock is stale. In doubt nobody is declared dead.
 */
async function isDead(owner: string): Promise<boolean> {
  try {
    const { home, pid } = JSON.parse(await readFile(owner, 'utf8')) as { home: string; pid: number }
    if (home !== processHome() || pid === process.pid) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

/** Where process numbers mean the same: one host, one boot and, on Linux, one namespace; containers differ in the last. */
function processHome(): string {
  const boot = Math.round(Date.now() / 1000 - uptime())
  let namespace = ''
  try {
    namespace = readlinkSync('/proc/self/ns/pid')
  } catch {
    // Only Linux has namespaces.
  }
  return `${hostname()} ${Math.round(boot / 60)} ${namespace}`
}

/**
 * The lock is a directory whose time its holder renews; it names no process, because in containers everybody is process 1.
 * After kill -9 nobody renews it, and once it is this old the next start takes it over.
 */
const STALE_MS = 10_000
const RENEW_MS = 2_000
const LOOK_EVERY_MS = 250

const timeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  )

const isHeld = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED'
