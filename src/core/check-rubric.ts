/** Outside data → a rubric, or every fault that it has. */
import { type Fault, type Indicator, indicatorsOf, type Rubric, rubricShape, shapeFaults, sumPoints } from './rubric.js'

export type Checked =
  | { ok: true; rubric: Rubric }
  /** `rubric` is there where the shape is sound and only rules are broken, so that its words can still be checked. */
  | { ok: false; faults: Fault[]; rubric?: Rubric }

/** Checks outside data against the shape and the rules of a rubric; reports every fault at once. */
export function checkRubric(data: unknown): Checked {
  const parsed = rubricShape.safeParse(data)
  if (!parsed.success) return { ok: false, faults: shapeFaults(parsed.error) }
  const faults = [...rubricRules(parsed.data)]
  return faults.length === 0 ? { ok: true, rubric: parsed.data } : { ok: false, faults, rubric: parsed.data }
}

/** What a rubric of the right shape must keep besides: unique ids, points that add up, options and cut-offs in order. */
function* rubricRules(rubric: Rubric): Generator<Fault> {
  const seen = new Map<string, string>()
  const unique = function* (one: string, path: (string | number)[]): Generator<Fault> {
    if (seen.has(one))
      yield { path, message: `Expected ids to be unique, got \`${one}\` twice (also at ${seen.get(one)})` }
    seen.set(one, path.join('.'))
  }
  let seconds = 0
  for (const [f, first] of rubric.first_level.entries()) {
    yield* unique(first.id, ['first_level', f, 'id'])
    for (const [s, second] of first.second_level.entries()) {
      seconds += 1
      yield* unique(second.id, ['first_level', f, 'second_level', s, 'id'])
      for (const [i, one] of second.indicators.entries()) {
        const path = ['first_level', f, 'second_level', s, 'indicators', i]
        yield* unique(one.id, [...path, 'id'])
        for (const [v, veto] of one.vetoes.entries()) {
          yield* unique(veto, [...path, 'vetoes', v])
          if (!veto.startsWith(`${one.id}.`))
            yield {
              path: [...path, 'vetoes', v],
              message: `Expected the veto id to begin with \`${one.id}.\`, got \`${veto}\``,
            }
        }
        yield* answerRules(one, [...path, 'answer'])
      }
    }
  }
  for (const kind of ['bonus', 'penalty', 'disqualifiers'] as const) {
    const items = kind === 'disqualifiers' ? rubric.scoring.disqualifiers : rubric.scoring[kind].items
    for (const [i, item] of items.entries()) yield* unique(item.id, ['scoring', kind, i, 'id'])
  }
  const all = indicatorsOf(rubric)
  const counted = { first_level: rubric.first_level.length, second_level: seconds, indicators: all.length }
  for (const key of ['first_level', 'second_level', 'indicators'] as const)
    if (counted[key] !== rubric.counts[key])
      yield { path: ['counts', key], message: `Expected ${rubric.counts[key]}, got ${counted[key]}` }
  if (sumPoints(all) !== rubric.scale)
    yield {
      path: ['scale'],
      message: `Expected the points of all indicators to add up to ${rubric.scale}, got ${sumPoints(all)}`,
    }
  for (const [name, options] of Object.entries(rubric.options)) {
    const ratios = options.map((one) => one.ratio)
    if (ratios.some((ratio, i) => i > 0 && ratio >= ratios[i - 1]!))
      yield {
        path: ['options', name],
        message: 'Expected the options from best to worst, each ratio below the one before',
      }
    if (ratios[0] !== 1 || ratios.at(-1) !== 0)
      yield { path: ['options', name], message: 'Expected the best option to have ratio 1 and the worst 0' }
  }
  yield* cutoffRules(rubric)
}

function* answerRules(one: Indicator, path: (string | number)[]): Generator<Fault> {
  const { answer } = one
  if (answer.type !== 'percent' && answer.type !== 'threshold') return
  if (answer.target === answer.floor)
    yield { path: [...path, 'target'], message: `Expected target and floor to differ, got ${answer.target} for both` }
  if (answer.type === 'percent' && [answer.target, answer.floor].some((value) => value < 0 || value > 100))
    yield { path: [...path, 'target'], message: 'Expected percentages from 0 to 100' }
  if (Math.min(answer.target, answer.floor) < 0)
    yield { path: [...path, 'floor'], message: 'Expected target and floor of 0 or more' }
  const bands = answer.bands ?? []
  for (const [i, band] of bands.entries()) {
    if (i > 0 && band.from >= bands[i - 1]!.from)
      yield { path: [...path, 'bands', i, 'from'], message: 'Expected the bands from highest to lowest' }
    if (band.lose > one.points)
      yield {
        path: [...path, 'bands', i, 'lose'],
        message: `Expected at most the ${one.points} points of the indicator, got ${band.lose}`,
      }
  }
  if (bands.length > 0 && !bands.some((band) => band.lose === 0))
    yield {
      path: [...path, 'bands'],
      message: 'Expected one band that loses 0 points, or full marks could never be reached',
    }
  if (bands.length > 0 && bands.at(-1)!.from !== 0)
    yield { path: [...path, 'bands', bands.length - 1, 'from'], message: 'Expected the lowest band to start from 0' }
}

function* cutoffRules(rubric: Rubric): Generator<Fault> {
  if (!rubric.cutoffs.sets[rubric.cutoffs.use])
    yield { path: ['cutoffs', 'use'], message: `Expected the name of a set of cut-offs, got \`${rubric.cutoffs.use}\`` }
  for (const [name, set] of Object.entries(rubric.cutoffs.sets)) {
    const values = rubric.grades.map(({ code }) => set[code])
    for (const [i, { code }] of rubric.grades.entries()) {
      const value = values[i]
      if (value === undefined)
        yield { path: ['cutoffs', 'sets', name, code], message: `Expected a cut-off for grade ${code}` }
      else if (value > rubric.scale)
        yield { path: ['cutoffs', 'sets', name, code], message: `Expected at most ${rubric.scale}, got ${value}` }
      else if (i > 0 && value >= (values[i - 1] ?? Number.POSITIVE_INFINITY))
        yield {
          path: ['cutoffs', 'sets', name, code],
          message: 'Expected the cut-offs to fall from the best grade to the worst',
        }
    }
  }
  const minimum = rubric.scoring.first_level_minimum
  if (minimum.enabled)
    for (const { code } of rubric.grades)
      if (minimum.rates[code] === undefined)
        yield {
          path: ['scoring', 'first_level_minimum', 'rates', code],
          message: `Expected a minimum rate for grade ${code}`,
        }
}
