/**
 * Group commit: what concurrent callers want to write goes into one statement, so that many share one commit. One batch
 * is in flight at a time; the next collects meanwhile. Under light load a caller waits for nobody.
 */
import { StoreFault } from '../app/ports.js'
import { isAboutData, isAboutOthers, storeFault } from './fault.js'

export type GroupCommit<Row, Result> = {
  /** Resolves with the row's own result once its batch is durable; rejects with a `StoreFault`. */
  add(row: Row): Promise<Result>
}

/** Beyond a few hundred rows a statement gets no cheaper per row, but everybody in it waits longer. */
export const MAX_BATCH = 200

/** Some seconds of a slow database. More waiting callers would only time out: better to refuse them at once. */
export const MAX_WAITING = 5_000

type Waiting<Row, Result> = {
  readonly row: Row
  readonly resolve: (result: Result) => void
  readonly reject: (fault: StoreFault) => void
}

/** Inputs that came together reach this point one turn of the event loop after the other; so many turns are waited for. */
const MOST_TURNS = 3

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** `write` writes rows in one commit and returns a result for each, in their order. */
export function createGroupCommit<Row, Result>(
  what: string,
  write: (rows: readonly Row[]) => Promise<readonly Result[]>,
): GroupCommit<Row, Result> {
  let waiting: Waiting<Row, Result>[] = []
  let running = false

  return {
    add: (row) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= MAX_WAITING)
          return reject(new StoreFault(`${what}: ${MAX_WAITING} rows wait already`, true, undefined))
        waiting.push({ row, resolve, reject })
        if (running) return
        running = true
        void run()
      }),
  }

  async function run() {
    while (waiting.length > 0) {
      await gather()
      const batch = waiting.length > MAX_BATCH ? waiting.splice(0, MAX_BATCH) : waiting
      if (batch === waiting) waiting = []
      await commit(batch)
    }
    running = false
  }

  /** Goes on as long as each turn brings more: whoever is alone waits for one. */
  async function gather() {
    let had = 0
    for (let turns = 0; turns < MOST_TURNS && waiting.length > had; turns += 1) {
      had = waiting.length
      await turn()
    }
  }

  async function commit(batch: readonly Waiting<Row, Result>[], again = true): Promise<void> {
    try {
      const results = await write(batch.map(({ row }) => row))
      batch.forEach(({ resolve }, index) => {
        resolve(results[index]!)
      })
    } catch (cause) {
      if (again && isAboutOthers(cause)) return commit(batch, false)
      // One bad row must not take the others down with it: each gets a statement of its own.
      if (batch.length > 1 && isAboutData(cause)) {
        for (const one of batch) await commit([one])
        return
      }
      for (const { reject } of batch) reject(storeFault(what, cause))
    }
  }
}
