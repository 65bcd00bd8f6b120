/** Chance from a seed and a place, never from time: what happens at a place is the same in every run, whatever came before. */

/** A number from 0 to 1 for a seed and a place; murmur3's mixing (https://en.wikipedia.org/wiki/MurmurHash). */
export function draw(seed: number, ...place: readonly number[]): number {
  let state = seed | 0
  for (const one of place) {
    state ^= Math.imul(rotated(Math.imul(one | 0, 0xcc9e2d51), 15), 0x1b873593)
    state = (Math.imul(rotated(state, 13), 5) + 0xe6546b64) | 0
  }
  state ^= place.length
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32
}

const rotated = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

export const between = (least: number, most: number, chance: number): number =>
  Math.floor(least + (most - least + 1) * chance)

export const oneOf = <T>(list: readonly T[], chance: number): T | undefined => list[Math.floor(list.length * chance)]

/** The entry of a table of weights that a chance falls on. */
export function weighted<T extends string>(table: Readonly<Record<T, number>>, chance: number): T {
  const entries = Object.entries(table) as [T, number][]
  let left = chance * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries.at(-1)![0]
}
