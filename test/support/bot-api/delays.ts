// Pauses that end early when the fake stops, so that a long one never keeps a test alive.

export type Delays = {
  /** Resolves to true when the time is up, to false when the fake was stopped before. */
  wait(milliseconds: number): Promise<boolean>
  stop(): void
}

export function createDelays(): Delays {
  const waiting = new Map<NodeJS.Timeout, (isOver: boolean) => void>()
  return {
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(timer)
          resolve(true)
        }, milliseconds)
        waiting.set(timer, resolve)
      }),
    stop() {
      for (const [timer, resolve] of waiting) {
        clearTimeout(timer)
        resolve(false)
      }
      waiting.clear()
    },
  }
}
