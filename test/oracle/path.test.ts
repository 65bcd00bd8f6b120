/** The shortest path against trying every set on small tables, and against independent arguments on the full draft. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkRubric } from '../../src/core/check-rubric.js'
import { type Exact, toNumber } from '../../src/core/exact.js'
import { shortestPath } from '../../src/core/path.js'
import { questionnaireOf } from '../../src/core/questionnaire.js'
import type { Rubric } from '../../src/core/rubric.js'
import { scoreSheet } from '../../src/core/score.js'
import { bruteForce } from './brute-force.js'
import { createOracle, MILLION, micro, type Replies, type Table } from './oracle.js'
import { asAnswers, asFile, createDice, type Dice, fillSheet, type Mood, readDraft, smallTable } from './sheets.js'

const SEED = 20_211_125
/** Wide, for busy machines: the figure that is printed is the one to watch. A person waits for it on the result page. */
const LONGEST_MS = 5000

test('4,000 small tables: the path of the core is one that trying every set finds', { timeout: 120_000 }, () => {
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const dice = createDice(seed)
      const table = smallTable(dice, { rows: 10, firsts: 3 })
      const mood = { open: dice.next() < 0.05 ? 0.1 : 0, away: 0.3, veto: 0.3, good: dice.pick([0, 0.3, 0.6]) }
      const replies = fillSheet(table, dice, mood)
      const path = pathOf(readTable(table), replies)
      const brute = bruteForce(table, replies)
      kinds.set(path.kind, (kinds.get(path.kind) ?? 0) + 1)
      expect(path.kind).toBe(brute.kind)
      if (path.kind !== 'path' || brute.kind !== 'path') return
      expect(path.to).toBe(brute.to)
      expect(path.steps).toHaveLength(brute.size)
      expect(path.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(brute.forced))
      expect(path.steps.filter(({ vetoed }) => vetoed).map(({ id }) => id)).toHaveLength(brute.forced.length)
      const raised = createRaise(table, replies).raise(path.steps)
      expect(raised.meets(path.to), `${path.to} after ${path.steps.map(({ id }) => id)}`).toBe(true)
      // Least overshoot: the same score as the best of all sets of that size.
      expect(raised.got).toBe(brute.got)
    }),
    { seed: SEED, numRuns: 4000 },
  )
  for (const kind of ['path', 'top', 'none']) expect(kinds.get(kind), kind).toBeGreaterThan(100)
})

describe('full sheets of the draft', () => {
  // biome-ignore format: a table
  const cases: { name: string; sheets: number; change: (table: Table) => void; mood: Mood }[] = [
    { name: 'anything typed', sheets: 500, change: () => {}, mood: { open: 0, away: 0.2, veto: 0, good: 0 } },
    { name: 'half of it full', sheets: 500, change: () => {}, mood: { open: 0, away: 0.2, veto: 0, good: 0.5 } },
    { name: 'most of it full', sheets: 300, change: () => {}, mood: { open: 0, away: 0.2, veto: 0.05, good: 0.75 } },
    { name: 'strict cut-offs', sheets: 300, change: ({ cutoffs }) => { cutoffs.use = 'strict' }, mood: { open: 0, away: 0.2, veto: 0, good: 0.6 } },
    { name: 'first-level minimum', sheets: 400, change: ({ scoring }) => { scoring.first_level_minimum.enabled = true }, mood: { open: 0, away: 0.2, veto: 0.05, good: 0.4 } },
  ]
  const times: { ms: number; name: string; seed: number }[] = []
  for (const { name, sheets, change, mood } of cases)
    test(`${sheets} sheets, ${name}: the path lifts, fewer cannot, swapping does not come closer`, {
      timeout: 240_000,
    }, () => {
      const table = readDraft()
      change(table)
      const rubric = readTable(table, table)
      for (let seed = 1; seed <= sheets; seed += 1) {
        const dice = createDice(SEED + seed)
        const replies = fillSheet(table, dice, mood)
        const score = scoreSheet(questionnaireOf(rubric), asAnswers(replies))
        const from = performance.now()
        const path = shortestPath(rubric, score)
        times.push({ ms: performance.now() - from, name, seed })
        if (path.kind !== 'path') continue
        const sheet = createRaise(table, replies)
        const raised = sheet.raise(path.steps)
        expect(raised.meets(path.to), `seed ${seed}`).toBe(true)
        expect(equal(path.total, raised.total), `seed ${seed}`).toBe(true)
        expect(fewerSuffice(table, sheet, path), `seed ${seed}`).toBe(false)
        expect(closerBySwapping(table, sheet, path, dice), `seed ${seed}`).toBeUndefined()
      }
    })

  test('none of these paths takes long to find', () => {
    times.sort((a, b) => b.ms - a.ms)
    const worst = times[0]!
    const p99 = times[Math.floor(times.length / 100)]!
    console.info(
      `shortestPath: ${times.length} sheets, max ${worst.ms.toFixed(1)} ms (${worst.name}, seed ${worst.seed}), p99 ${p99.ms.toFixed(1)} ms`,
    )
    expect(worst.ms).toBeLessThan(LONGEST_MS)
  })
})

type Steps = readonly { readonly id: string; readonly vetoed: boolean }[]
type Found = { to: string; steps: Steps; total: Exact }

function readTable(table: Table, file: unknown = asFile(table)): Rubric {
  const checked = checkRubric(file)
  if (!checked.ok) throw new Error(`Expected a sound table, got ${JSON.stringify(checked.faults)}`)
  return checked.rubric
}

const pathOf = (rubric: Rubric, replies: Replies) =>
  shortestPath(rubric, scoreSheet(questionnaireOf(rubric), asAnswers(replies)))

/** What the oracle says of a sheet once some rows have full marks. */
function createRaise(table: Table, replies: Replies) {
  const oracle = createOracle(table)
  const { rows, extraForGrade } = oracle.judge(replies)
  const scored = [...rows].filter(([, { state }]) => state === 'scored')
  const raise = (steps: Steps) => {
    const full = new Set(steps.map(({ id }) => id))
    const levels = new Map(table.first_level.map(({ id }) => [id, { full: 0n, got: 0n }]))
    for (const [id, row] of scored) {
      levels.get(row.first)!.full += row.full
      levels.get(row.first)!.got += full.has(id) ? row.full : row.got
    }
    const points = sum([...levels.values()].map((one) => one.full))
    const got = sum([...levels.values()].map((one) => one.got))
    return {
      got,
      total: {
        num: got * micro(table.scale) * extraForGrade.den + extraForGrade.num * points * MILLION,
        den: points * extraForGrade.den * MILLION,
      },
      meets: (code: string) => oracle.meets(points, got, levels.values(), code, extraForGrade),
    }
  }
  return { rows, scored, raise }
}

type Raise = ReturnType<typeof createRaise>

const equal = ({ n, d }: Exact, { num, den }: { num: bigint; den: bigint }) => n * den === num * d

/**
 * Whether one row fewer could do. Of all sets with so many rows from each first level, the one with the largest gains has
 * the largest total and the largest first-level scores at once; so it is enough to try these, one for every way to split.
 */
function fewerSuffice(table: Table, { rows, raise }: Raise, { to, steps }: Found): boolean {
  const forced = steps.filter(({ vetoed }) => vetoed)
  const size = steps.length - forced.length - 1
  if (size < 0) return false
  const byFirst = table.first_level.map(({ id }) =>
    [...rows]
      .filter(([, row]) => row.first === id && row.state === 'scored' && !row.vetoed)
      .sort(([, a], [, b]) => Number(b.full - b.got - (a.full - a.got)))
      .map(([row]) => ({ id: row, vetoed: false })),
  )
  if (!table.scoring.first_level_minimum.enabled) {
    const gain = ({ id }: { id: string }) => Number(rows.get(id)!.full - rows.get(id)!.got)
    const largest = byFirst.flat().sort((a, b) => gain(b) - gain(a))
    return raise([...forced, ...largest.slice(0, size)]).meets(to)
  }
  for (let a = 0; a <= size; a += 1)
    for (let b = 0; a + b <= size; b += 1) {
      const [first, second, third] = byFirst as unknown as [Steps, Steps, Steps]
      const chosen = [...first.slice(0, a), ...second.slice(0, b), ...third.slice(0, size - a - b)]
      if (raise([...forced, ...chosen]).meets(to)) return true
    }
  return false
}

/** Exchanges up to three chosen rows for others, at random; returns a set that still lifts and overshoots less. */
function closerBySwapping(
  table: Table,
  { rows, scored, raise }: Raise,
  { to, steps }: Found,
  dice: Dice,
): Steps | undefined {
  const { got, total } = raise(steps)
  const gain = ({ id }: { id: string }) => rows.get(id)!.full - rows.get(id)!.got
  const inside = steps.filter(({ vetoed }) => !vetoed)
  const ids = new Set(steps.map(({ id }) => id))
  const outside = scored
    .filter(([id, row]) => row.got < row.full && !ids.has(id))
    .map(([id]) => ({ id, vetoed: false }))
  if (inside.length === 0 || outside.length === 0) return undefined
  const cutoff = micro(table.cutoffs.sets[table.cutoffs.use]![to]!)
  const points = sum(scored.map(([, row]) => row.full))
  // Grains that may be lost before the total falls below the cut-off.
  const spare = ((total.num * MILLION - cutoff * total.den) * points) / (total.den * micro(table.scale))
  for (let i = 0; i < 1000; i += 1) {
    const count = 1 + dice.below(Math.min(3, inside.length, outside.length))
    const out = draw(dice, inside, count)
    const into = draw(dice, outside, count)
    const loss = sum(out.map(gain)) - sum(into.map(gain))
    if (loss <= 0n || loss > spare) continue
    const swapped = [...steps.filter((one) => !out.some(({ id }) => id === one.id)), ...into]
    const raised = raise(swapped)
    if (raised.meets(to) && raised.got < got) return swapped
  }
  return undefined
}

function draw<T>(dice: Dice, from: readonly T[], count: number): T[] {
  const chosen = new Set<T>()
  while (chosen.size < count) chosen.add(dice.pick(from))
  return [...chosen]
}

const sum = (values: readonly bigint[]) => values.reduce((total, one) => total + one, 0n)

test('the total of a path reads as a number close to the cut-off', () => {
  const table = readDraft()
  const replies = fillSheet(table, createDice(SEED), { open: 0, away: 0, veto: 0, good: 0.5 })
  const path = pathOf(readTable(table, table), replies)
  expect(path.kind).toBe('path')
  if (path.kind === 'path') expect(toNumber(path.total) - table.cutoffs.sets.draft![path.to]!).toBeGreaterThanOrEqual(0)
})
