/**
 * The shortest way to the next grade: the fewest indicators that, brought to full marks, would lift it, and among those
 * sets one that overshoots least. Exact: whole-number arithmetic over the common denominator, no heuristics.
 */
import { add, commonDenominator, compare, divide, type Exact, exact, multiply, subtract, sum, ZERO } from './exact.js'
import { cutoffOf, earnedGrade, gradeOf, minimumRate } from './grade.js'
import type { Rubric } from './rubric.js'
import { type IndicatorScore, type LevelScore, lostPoints, type SheetScore } from './score.js'
import { fewestTightest } from './subset.js'

export type Path =
  | {
      readonly kind: 'path'
      /** Grade that the path leads to. */
      readonly to: string
      /** Indicators to bring to full marks, most gained points first; a vetoed one also needs its veto lifted. */
      readonly steps: readonly { readonly id: string; readonly gain: Exact; readonly vetoed: boolean }[]
      /** The grading total once all steps are done. */
      readonly total: Exact
    }
  /** The best grade is reached already. */
  | { readonly kind: 'top' }
  | { readonly kind: 'none'; readonly why: 'open' | 'disqualified' | 'out_of_reach' }

/** Shortest path from a scored sheet to the next better grade. */
export function shortestPath(rubric: Rubric, score: SheetScore): Path {
  const grade = gradeOf(rubric, score)
  if (grade.kind === 'open') return { kind: 'none', why: 'open' }
  if (score.disqualifiers.length > 0) return { kind: 'none', why: 'disqualified' }
  const vetoed = score.indicators.filter((one) => one.vetoed)
  // A vetoed indicator stands in every path: no grade is given before its veto is gone.
  const lifted = lift(rubric, score, vetoed)
  if (grade.kind === 'withheld') {
    const reached = earnedGrade(rubric, lifted.total, lifted.first)
    if (reached !== null) return toPath(reached, vetoed, lifted.total)
  }
  const codes = rubric.grades.map(({ code }) => code)
  const at = grade.kind === 'graded' ? codes.indexOf(grade.code) : codes.length
  const to = codes[at - 1]
  if (to === undefined) return { kind: 'top' }
  const candidates = score.indicators.filter((one) => one.state === 'scored' && !one.vetoed && lostPoints(one).n > 0n)
  const chosen = choose(rubric, score, to, lifted, candidates)
  if (!chosen) return { kind: 'none', why: 'out_of_reach' }
  const steps = [...vetoed, ...chosen]
  return toPath(to, steps, lift(rubric, score, steps).total)
}

type Lifted = { readonly total: Exact; readonly first: readonly LevelScore[] }

/** Total and first-level scores once some indicators have full marks. */
function lift(rubric: Rubric, score: SheetScore, full: readonly IndicatorScore[]): Lifted {
  const first = score.first.map((level) => {
    const gain = sum(full.filter((one) => one.first === level.id).map(lostPoints))
    const got = add(level.score, gain)
    return { ...level, score: got, rate: level.points.n === 0n ? null : divide(got, level.points) }
  })
  const points = sum(first.map((level) => level.points))
  const got = sum(first.map((level) => level.score))
  const total = points.n === 0n ? ZERO : multiply(divide(got, points), exact(rubric.scale))
  return { total: add(total, score.extraForGrade), first }
}

function choose(
  rubric: Rubric,
  score: SheetScore,
  to: string,
  lifted: Lifted,
  candidates: readonly IndicatorScore[],
): IndicatorScore[] | undefined {
  const points = sum(score.first.map((level) => level.points))
  if (points.n === 0n) return undefined // nothing applies, so nothing can be gained
  const missing = subtract(cutoffOf(rubric, to), lifted.total)
  const need = multiply(divide(missing, exact(rubric.scale)), points)
  const minimum = minimumRate(rubric, to)
  const needs = lifted.first.map((level) =>
    minimum === null || level.points.n === 0n ? ZERO : subtract(multiply(minimum, level.points), level.score),
  )
  const gains = candidates.map(lostPoints)
  const unit = commonDenominator([need, ...needs, ...gains])
  const whole = ({ n, d }: Exact) => n * (unit / d)
  const picked = fewestTightest({
    items: candidates.map((one, i) => ({
      gain: whole(gains[i]!),
      group: score.first.findIndex(({ id }) => id === one.first),
    })),
    need: whole(need),
    groupNeeds: needs.map(whole),
  })
  return picked?.map((i) => candidates[i]!)
}

function toPath(to: string, steps: readonly IndicatorScore[], total: Exact): Path {
  return {
    kind: 'path',
    to,
    steps: steps
      .map((one) => ({ id: one.id, gain: lostPoints(one), vetoed: one.vetoed }))
      .sort((a, b) => Number(b.vetoed) - Number(a.vetoed) || compare(b.gain, a.gain)),
    total,
  }
}
