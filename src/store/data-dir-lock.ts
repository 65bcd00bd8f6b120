/** Keeps a second process away from the directory of the embedded database: both would lose rows without a word. */
import { realpath, stat } from 'node:fs/promises'
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
  let renewed: number | undefined
  for (;;) {
    try {
      const unlock = await lockfile.lock(directory, {
        stale: STALE_MS,
        update: RENEW_MS,
        onCompromised: (cause) => onLost(storeFault(`The lock on ${directory} was lost`, cause)),
      })
      // Fails only where the lock was lost before, and then there is nothing to give back.
      return () => unlock().catch(() => {})
    } catch (cause) {
      if (!isHeld(cause)) throw storeFault(`The lock on ${directory} could not be taken`, cause)
      const time = await timeOf(path)
      renewed ??= time
      // Somebody renews it, so somebody is alive.
      if (time !== undefined && time !== renewed) throw new DataDirLocked(directory, cause)
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }
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
