/**
 * Choose as few items as possible whose gains reach a need, and among the smallest choices one with the least surplus.
 * Whole numbers only, so the answer is exact. The smallest number of items is found directly; which ones they are, depth
 * first with bounds. Two things keep it short: once anything reaches the least total that could be, nothing else is looked
 * at, and the last two items of a choice are found in one sweep.
 */
/**
 * Big integers, or floating point numbers where nothing comes near 2^53: the same signs add and compare both, and with these the
 * search takes half as long or less. Never both in one problem: where a number is needed, it is one of the problem's or its `Range`.
 */
type Whole = bigint
type Range = {
  readonly zero: Whole
  /** Below any sum that there can be. */
  readonly never: Whole
}
const BIG: Range = { zero: 0n, never: -(1n << 256n) }
const SMALL = { zero: 0, never: Number.NEGATIVE_INFINITY } as unknown as Range
const small = (value: bigint): Whole => Number(value) as unknown as Whole

type Item = { readonly gain: Whole; readonly group: number }

export type Problem = {
  readonly items: readonly Item[]
  /** What the chosen gains must reach in all. */
  readonly need: Whole
  /** What the chosen gains of each group must reach; zero or less where a group needs nothing. */
  readonly groupNeeds: readonly Whole[]
}

/** Items that have to reach something together, by index, largest gain first. */
type Part = { readonly least: Whole; readonly members: readonly number[] }

/** Indices of the chosen items; undefined where even all of them do not suffice. */
export function fewestTightest(problem: Problem): number[] | undefined {
  const { items, need, groupNeeds } = problem
  const size = [need, ...groupNeeds, ...items.map(({ gain }) => gain)].reduce(
    (sum, one) => sum + (one < 0n ? -one : one),
    0n,
  )
  // The search adds up twice as much at most.
  if (2n * size > BigInt(Number.MAX_SAFE_INTEGER)) return choose(problem, BIG)
  const inNumbers = {
    items: items.map(({ gain, group }) => ({ gain: small(gain), group })),
    need: small(need),
    groupNeeds: groupNeeds.map(small),
  }
  return choose(inNumbers, SMALL)
}

function choose({ items, need, groupNeeds }: Problem, range: Range): number[] | undefined {
  const { zero } = range
  const order = items
    .map((_, i) => i)
    .sort((a, b) => (items[a]!.gain < items[b]!.gain ? 1 : items[a]!.gain > items[b]!.gain ? -1 : a - b))
  const watched = groupNeeds.flatMap((least, group) => (least > zero ? [{ group, least }] : []))
  const parts: Part[] = watched.map(({ group, least }) => ({
    least,
    members: order.filter((i) => items[i]!.group === group),
  }))
  // The part with the most to choose comes last, where two items at a time are found in one sweep.
  const effort = (part: Part) => fewestIn(part, (i) => items[i]!.gain, zero) ?? 0
  parts.sort((a, b) => effort(a) - effort(b))
  const others = order.filter((i) => watched.every(({ group }) => group !== items[i]!.group))
  if (others.length > 0 || parts.length === 0) parts.push({ least: zero, members: others })
  const gainOf = (i: number) => items[i]!.gain
  const fewestOf = parts.map((part) => fewestIn(part, gainOf, zero))
  if (fewestOf.some((count) => count === undefined)) return undefined
  const counts = fewestOf as number[]
  const size = fewest(parts, counts, order, need, gainOf, zero)
  if (size === undefined) return undefined
  // Where the parts' own needs take every item there is to choose, each part is a problem by itself, unless more is needed.
  if (parts.length > 1 && size === counts.reduce((sum, count) => sum + count, 0)) {
    const alone = parts.map((part, p) => tightest([part], [counts[p]!], counts[p]!, part.least, gainOf, range)!)
    const sums = alone.map((picked) => picked.reduce((sum, i) => sum + gainOf(i), zero))
    if (sums.reduce((a, b) => a + b, zero) >= need) return alone.flat()
    return tightest(
      parts.map((part, p) => ({ ...part, least: sums[p]! })),
      counts,
      size,
      need,
      gainOf,
      range,
    )
  }
  return tightest(parts, counts, size, need, gainOf, range)
}

type GainOf = (item: number) => Whole

/** How many items a part needs at least: its largest ones. */
function fewestIn({ least, members }: Part, gainOf: GainOf, zero: Whole): number | undefined {
  let got = zero
  for (const [count, i] of members.entries()) {
    if (got >= least) return count
    got += gainOf(i)
  }
  return got >= least ? members.length : undefined
}

/** How many items are needed at least: first what each part needs, then the largest of the rest. */
function fewest(
  parts: readonly Part[],
  fewestOf: readonly number[],
  order: readonly number[],
  need: Whole,
  gainOf: GainOf,
  zero: Whole,
): number | undefined {
  const taken = new Set(parts.flatMap(({ members }, p) => members.slice(0, fewestOf[p])))
  let total = [...taken].reduce((sum, i) => sum + gainOf(i), zero)
  for (const i of order) {
    if (total >= need) break
    if (taken.has(i)) continue
    taken.add(i)
    total += gainOf(i)
  }
  return total < need ? undefined : taken.size
}

/** Of all choices of `size` items that reach everything, one with the least total. */
function tightest(
  parts: readonly Part[],
  fewestOf: readonly number[],
  size: number,
  need: Whole,
  gainOf: GainOf,
  range: Range,
): number[] | undefined {
  const { zero, never } = range
  const items = parts.flatMap(({ members }) => members)
  const gains = items.map(gainOf)
  const ends = parts.map((_, p) => parts.slice(0, p + 1).reduce((sum, { members }) => sum + members.length, 0))
  const last = parts.length - 1
  // What the parts behind a part still need.
  const owed = parts.map((_, p) => parts.slice(p + 1).reduce((sum, { least }) => sum + least, zero))
  const before = runningSums(gains, zero)
  const smallest = smallestSums(gains, zero)
  const behind = parts.map((_, p) => mostBehind(parts.slice(p + 1), fewestOf.slice(p + 1), gainOf, range))
  const goal = largerOf(need, parts[0]!.least + owed[0]!)
  let best: { total: Whole; picked: number[] } | undefined
  const picked: number[] = []
  const seen = new Set<string>()
  const keep = (total: Whole, ...more: number[]) => {
    if (!best || total < best.total) best = { total, picked: [...picked, ...more] }
  }

  /** The most that `left` more items can bring so that no part is left short; far below nothing where none can. */
  const most = (part: number, at: number, left: number, unmet: Whole): Whole => {
    let sum = never
    for (let here = Math.min(left, ends[part]! - at); here >= 0; here -= 1) {
      const own = before[at + here]! - before[at]!
      if (own < unmet) break
      sum = largerOf(sum, own + (behind[part]![left - here] ?? never))
    }
    return sum
  }

  const visit = (part: number, at: number, left: number, total: Whole, got: Whole): void => {
    const unmet = largerOf(parts[part]!.least - got, zero)
    const lowest = largerOf(need, total + largerOf(smallest[at]![left] ?? zero, unmet + owed[part]!))
    if (best && (best.total <= goal || lowest >= best.total)) return
    const end = ends[part]!
    if (total + most(part, at, left, unmet) < need) return
    if (left === 0) {
      keep(total)
      return
    }
    if (part === last && left <= 2) {
      const wanted = largerOf(need - total, unmet)
      const pair = left === 1 ? smallestReaching(gains, at, wanted) : smallestPair(gains, at, wanted)
      if (pair) keep(total + pair.reduce((sum, i) => sum + gains[i]!, zero), ...pair)
      return
    }
    const key = `${part} ${at} ${left} ${total} ${unmet}`
    if (seen.has(key)) return
    seen.add(key)
    if (part < last && unmet === zero) visit(part + 1, end, left, total, zero)
    // From the smallest gain up: what just suffices is found before what overshoots.
    for (let i = end - 1; i >= at; i -= 1) {
      if (i > at && gains[i] === gains[i - 1]) continue // an equal one stands before it
      picked.push(i)
      visit(part, i + 1, left - 1, total + gains[i]!, got + gains[i]!)
      picked.pop()
    }
  }
  visit(0, 0, size, zero, zero)
  return best?.picked.map((at) => items[at]!)
}

/** The last item from `at` on, the gains falling, that alone reaches what is wanted. */
function smallestReaching(gains: readonly Whole[], at: number, wanted: Whole): number[] | undefined {
  for (let i = gains.length - 1; i >= at; i -= 1) if (gains[i]! >= wanted) return [i]
  return undefined
}

/** Two items from `at` on, the gains falling, that reach what is wanted with the least sum: one sweep from both ends. */
function smallestPair(gains: readonly Whole[], at: number, wanted: Whole): number[] | undefined {
  let best: { sum: Whole; pair: number[] } | undefined
  let [large, small] = [at, gains.length - 1]
  while (large < small) {
    const sum = gains[large]! + gains[small]!
    if (sum < wanted) {
      small -= 1
      continue
    }
    if (!best || sum < best.sum) best = { sum, pair: [large, small] }
    large += 1
  }
  return best?.pair
}

/** sums[i]: the first i gains together. */
function runningSums(gains: readonly Whole[], zero: Whole): Whole[] {
  const sums = [zero]
  for (const gain of gains) sums.push(sums.at(-1)! + gain)
  return sums
}

/** sums[at][n]: the n smallest gains from `at` on together. */
function smallestSums(gains: readonly Whole[], zero: Whole): Whole[][] {
  return [...gains, zero].map((_, at) =>
    runningSums(
      gains.slice(at).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      zero,
    ),
  )
}

/** sums[n]: the most that n items of some parts bring so that each part has what it needs. */
function mostBehind(
  parts: readonly Part[],
  fewestOf: readonly number[],
  gainOf: GainOf,
  { zero, never }: Range,
): Whole[] {
  const needed = parts.flatMap(({ members }, p) => members.slice(0, fewestOf[p])).map(gainOf)
  const rest = parts.flatMap(({ members }, p) => members.slice(fewestOf[p])).map(gainOf)
  const sums = runningSums([...needed, ...rest.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0))], zero)
  return sums.map((sum, n) => (n < needed.length ? never : sum))
}

const largerOf = (a: Whole, b: Whole): Whole => (a > b ? a : b)
