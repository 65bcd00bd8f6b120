/**
 * Choose as few items as possible whose gains reach a need, and among the smallest choices one with the least surplus.
 * Whole numbers only, so the answer is exact. Depth first with bounds: the smallest number of items is found directly, and
 * the window between "just enough" and "the largest items" is so narrow that the search sees few of the sets.
 */
type Item = { readonly gain: bigint; readonly group: number }

export type Problem = {
  readonly items: readonly Item[]
  /** What the chosen gains must reach in all. */
  readonly need: bigint
  /** What the chosen gains of each group must reach; zero or less where a group needs nothing. */
  readonly groupNeeds: readonly bigint[]
}

/** Indices of the chosen items; undefined where even all of them do not suffice. */
export function fewestTightest({ items, need, groupNeeds }: Problem): number[] | undefined {
  const order = items
    .map((_, i) => i)
    .sort((a, b) => (items[a]!.gain < items[b]!.gain ? 1 : items[a]!.gain > items[b]!.gain ? -1 : a - b))
  const gains = order.map((i) => items[i]!.gain)
  const groups = order.map((i) => items[i]!.group)
  const size = fewest(gains, groups, need, groupNeeds)
  if (size === undefined) return undefined
  const watched = groupNeeds.flatMap((least, group) => (least > 0n ? [{ group, least }] : []))
  const picked = tightest(gains, groups, size, need, watched)
  return picked?.map((at) => order[at]!)
}

/** How many items are needed at least: first what each group needs, then the largest of the rest. */
function fewest(gains: bigint[], groups: number[], need: bigint, groupNeeds: readonly bigint[]): number | undefined {
  const taken = new Set<number>()
  let total = 0n
  for (const [group, least] of groupNeeds.entries()) {
    let got = 0n
    for (let i = 0; i < gains.length && got < least; i += 1)
      if (groups[i] === group) {
        taken.add(i)
        got += gains[i]!
        total += gains[i]!
      }
    if (got < least) return undefined
  }
  for (let i = 0; i < gains.length && total < need; i += 1)
    if (!taken.has(i)) {
      taken.add(i)
      total += gains[i]!
    }
  return total < need ? undefined : taken.size
}

function tightest(
  gains: readonly bigint[],
  groups: readonly number[],
  size: number,
  need: bigint,
  watched: readonly { group: number; least: bigint }[],
): number[] | undefined {
  const count = gains.length
  // before[i]: sum of the first i gains, so that any run of largest or smallest ones is one subtraction.
  const before = [0n]
  for (const gain of gains) before.push(before.at(-1)! + gain)
  const run = (from: number, length: number) => before[from + length]! - before[from]!
  const topOfGroup = (from: number, length: number, group: number) => {
    let got = 0n
    let left = length
    for (let i = from; i < count && left > 0; i += 1)
      if (groups[i] === group) {
        got += gains[i]!
        left -= 1
      }
    return got
  }
  let best: { total: bigint; picked: number[] } | undefined
  const seen = new Set<string>()
  const picked: number[] = []
  const got = watched.map(() => 0n)

  const visit = (at: number, total: bigint): void => {
    const left = size - picked.length
    if (left === 0) {
      if (total >= need && watched.every(({ least }, w) => got[w]! >= least) && (!best || total < best.total))
        best = { total, picked: [...picked] }
      return
    }
    if (best?.total === need || count - at < left) return
    if (total + run(at, left) < need) return
    if (best && total + run(count - left, left) >= best.total) return
    if (watched.some(({ group, least }, w) => got[w]! + topOfGroup(at, left, group) < least)) return
    const key = `${at} ${left} ${total} ${got.join(' ')}`
    if (seen.has(key)) return
    seen.add(key)
    picked.push(at)
    for (const [w, { group }] of watched.entries()) if (groups[at] === group) got[w]! += gains[at]!
    visit(at + 1, total + gains[at]!)
    for (const [w, { group }] of watched.entries()) if (groups[at] === group) got[w]! -= gains[at]!
    picked.pop()
    visit(at + 1, total)
  }
  visit(0, 0n)
  return best?.picked
}
