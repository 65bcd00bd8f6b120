// Waiting without sleeping: a condition is looked at again after every change in the fake, and gives up with a reason.

export type WaitOptions = {
  /** Gives up after so long; 10 s unless told otherwise. */
  readonly timeoutMs?: number
  /** The condition must have held for so long; for bots that work on after they have acknowledged. */
  readonly quietMs?: number
  /** Same, for so many turns of the event loop: whatever had reached this process's sockets when it held first is seen by then. */
  readonly turns?: number
}

export type Waiters = {
  /** To be called after every change. */
  changed(): void
  /** Resolves once `condition` holds; `describe` says what was waited for when it never does. */
  until(condition: () => boolean, describe: () => string, options?: WaitOptions): Promise<void>
  stop(): void
}

const DEFAULT_TIMEOUT_MS = 10_000

type Waiter = { readonly look: () => void; readonly fail: (reason: string) => void }

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>()
  let scheduled = false

  const changed = (): void => {
    if (waiting.size === 0 || scheduled) return
    scheduled = true
    // One turn later, so that what follows from the change in the same turn is seen too.
    setImmediate(() => {
      scheduled = false
      for (const waiter of waiting) waiter.look()
    })
  }

  return {
    changed,
    until(condition, describe, options = {}) {
      const { timeoutMs = DEFAULT_TIMEOUT_MS, quietMs = 0, turns = 0 } = options
      return new Promise((resolve, reject) => {
        let quiet: NodeJS.Timeout | undefined
        let turning: NodeJS.Immediate | undefined
        const finish = (settle: () => void): void => {
          clearTimeout(deadline)
          clearTimeout(quiet)
          clearImmediate(turning)
          waiting.delete(waiter)
          settle()
        }
        const look = (): void => {
          clearTimeout(quiet)
          // What happens between two turns in other chats does not hold this one up.
          if (turning === undefined) turn(turns)
        }
        const turn = (left: number): void => {
          turning = undefined
          if (!condition()) return
          if (left > 0) turning = setImmediate(turn, left - 1)
          else if (quietMs > 0) quiet = setTimeout(() => finish(resolve), quietMs)
          else finish(resolve)
        }
        const fail = (reason: string): void => finish(() => reject(new Error(`${reason}: ${describe()}`)))
        const deadline = setTimeout(() => fail(`Gave up after ${timeoutMs} ms`), timeoutMs)
        const waiter: Waiter = { look, fail }
        waiting.add(waiter)
        changed()
      })
    },
    stop() {
      for (const waiter of waiting) waiter.fail('The fake was stopped')
    },
  }
}
