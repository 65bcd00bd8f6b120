/** Calls of one turn of the event loop that go out together at its end. */

/** Sends calls, in one command where it can, and returns a result for each, in their order. */
type Send<Call, Result> = (calls: readonly Call[]) => Promise<readonly Result[]>

/** Makes of what sends many calls what takes one, and rejects where sending does. */
export type Gather = <Call, Result>(send: Send<Call, Result>) => (call: Call) => Promise<Result>

type Waiting<Call, Result> = {
  readonly call: Call
  readonly resolve: (result: Result) => void
  readonly reject: (fault: unknown) => void
}

/** So that no command holds a server up: nobody else is served meanwhile. */
export const MOST_TOGETHER = 100

/**
 * Everything that is gathered in one turn, by all that this makes, goes out in one go. `apart` tells of a fault whether it may lie in one
 * of the calls: then each is sent again by itself, so that it takes nobody else down. A call may so be sent twice.
 */
export function createGather(apart: (fault: unknown) => boolean = () => false): Gather {
  let due: (() => void)[] = []

  function atItsEnd(flush: () => void): void {
    due.push(flush)
    if (due.length > 1) return
    setImmediate(() => {
      const flushes = due
      due = []
      for (const one of flushes) one()
    })
  }

  return function gather<Call, Result>(send: Send<Call, Result>) {
    let waiting: Waiting<Call, Result>[] = []

    async function sendSome(some: readonly Waiting<Call, Result>[]): Promise<void> {
      try {
        const results = await send(some.map(({ call }) => call))
        some.forEach(({ resolve }, index) => {
          resolve(results[index]!)
        })
      } catch (fault) {
        if (some.length > 1 && apart(fault)) for (const one of some) void sendSome([one])
        else for (const { reject } of some) reject(fault)
      }
    }

    function flush(): void {
      const all = waiting
      waiting = []
      for (let from = 0; from < all.length; from += MOST_TOGETHER) void sendSome(all.slice(from, from + MOST_TOGETHER))
    }

    return (call: Call) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ call, resolve, reject })
        if (waiting.length === 1) atItsEnd(flush)
      })
  }
}

/** Where calls have no place in one command. */
export const oneByOne: Gather = (send) => async (call) => (await send([call]))[0]!
