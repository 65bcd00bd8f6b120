/** Work of one person in the order in which it came, work of different people side by side. */

/** Inputs of one person that may wait; more than a person can produce, few enough that a flood stays small. */
export const LONGEST_LINE = 50

export class LineTooLong extends Error {
  constructor() {
    super(`Expected at most ${LONGEST_LINE} waiting inputs of one person`)
    this.name = 'LineTooLong'
  }
}

/** Runs jobs of the same key one after another. A job's failure is its own; the next one runs all the same. */
export function createLines(): <T>(key: string, job: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { tail: Promise<unknown>; length: number }>()
  return async (key, job) => {
    const line = lines.get(key) ?? { tail: Promise.resolve(), length: 0 }
    if (line.length >= LONGEST_LINE) throw new LineTooLong()
    lines.set(key, line)
    line.length += 1
    const mine = line.tail.then(job, job)
    line.tail = mine.catch(() => {})
    try {
      return await mine
    } finally {
      line.length -= 1
      if (line.length === 0) lines.delete(key)
    }
  }
}
