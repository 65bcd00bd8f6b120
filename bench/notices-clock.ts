/** One clock for several processes: the system's monotonic one, moved so that it reads as milliseconds since 1970. */
export const CLOCK = Date.now() - Number(process.hrtime.bigint()) / 1e6

export const clockNow = (): number => Number(process.hrtime.bigint()) / 1e6 + CLOCK

/** Numbers from 0 to 1, the same ones for a seed: https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
