/** Calls of one turn of the event loop that go out together at its end. */

/** Sends calls in one command, and returns a result for each, in their order. */
type Send<Call, Result> = (calls: readonly Call[]) => Promise<readonly Result[]>

type Waiting<Call, Result> = {
  readonly call: Call
  readonly resolve: (result: Result) => void
  readonly reject: (fault: unknown) => void
}

/** So that no command holds a server up: nobody else is served meanwhile. */
export const MOST_TOGETHER = 100

/**
 * Makes of what sends many calls what takes one, and rejects where sending does. `apart` tells of a fault whether it may lie in one of the
 * calls: then each is sent again by itself, so that it takes nobody else down. A call may so be sent twice.
 */
export function createGather<Call, Result>(
  send: Send<Call, Result>,
  apart: (fault: unknown) => boolean = () => false,
): (call: Call) => Promise<Result> {
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

  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject })
      if (waiting.length === 1) setImmediate(flush)
    })
}
