/** Work of one person in the order in which it came, work of different people side by side, and not more of it than can be borne. */
import { StoreFault } from './ports.js'

/** Inputs of one person that may wait; more than a person can produce, few enough that a flood stays small. */
export const LONGEST_LINE = 50

/**
 * Inputs of all people together. Telegram delivers 100 at once at most; the rest is room for those that are answered, or told of and given
 * back, while their work goes on, and for the web. More would only wait until it is too late for them.
 */
export const MOST_IN_HAND = 2_000

export class LineTooLong extends Error {
  constructor() {
    super(`Expected at most ${LONGEST_LINE} waiting inputs of one person`)
    this.name = 'LineTooLong'
  }
}

export class TooMuchInHand extends Error {
  constructor() {
    super(`Expected at most ${MOST_IN_HAND} inputs in hand`)
    this.name = 'TooMuchInHand'
  }
}

/** Whether an input that failed so is worth bringing again. */
export const mayPass = (fault: unknown): boolean =>
  fault instanceof LineTooLong || fault instanceof TooMuchInHand || (fault instanceof StoreFault && fault.retry)

export type Lines<Item> = {
  /**
   * Runs jobs of the same key one after another. A job's failure is its own; the next one runs all the same. `waiting` tells a job what
   * stands behind it just now.
   */
  inOrder<T>(key: string, item: Item, job: (waiting: () => readonly Item[]) => Promise<T>): Promise<T>
  /** Resolves when no job is in hand. */
  idle(): Promise<void>
}

export function createLines<Item>(): Lines<Item> {
  /** The one in hand stands first. */
  const lines = new Map<string, { tail: Promise<unknown>; readonly items: Item[] }>()
  let inHand = 0
  let whoWaits: (() => void)[] = []

  async function inOrder<T>(key: string, item: Item, job: (waiting: () => readonly Item[]) => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? { tail: Promise.resolve(), items: [] }
    if (line.items.length >= LONGEST_LINE) throw new LineTooLong()
    if (inHand >= MOST_IN_HAND) throw new TooMuchInHand()
    lines.set(key, line)
    line.items.push(item)
    inHand += 1
    const begin = () => job(() => line.items.slice(1))
    const mine = line.tail.then(begin, begin)
    line.tail = mine.catch(() => {})
    try {
      return await mine
    } finally {
      inHand -= 1
      line.items.shift()
      if (line.items.length === 0) lines.delete(key)
      if (inHand === 0) tellIdle()
    }
  }

  function tellIdle(): void {
    for (const tell of whoWaits) tell()
    whoWaits = []
  }

  return {
    inOrder,
    idle: () => (inHand === 0 ? Promise.resolve() : new Promise((resolve) => whoWaits.push(resolve))),
  }
}
