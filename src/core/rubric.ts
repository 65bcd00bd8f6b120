/**
 * The scoring table as data: what a rubric file holds, and the rules that such a file must keep.
 * Nothing here knows how many indicators there are; the numbers stand in the data.
 */
import { z } from 'zod'

/** Ids are permanent, appear in button data (at most 64 bytes in all) and never contain the separators used there. */
const id = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,11}$/, 'Expected an id of 1 to 12 letters, digits and hyphens')
const vetoId = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,11}\.v[1-9]$/, 'Expected a veto id like `C5-01.v1`')
/** Scores are exact, so a number must be one that can be written out: six decimals, no 1e-7. */
const decimal = z
  .number()
  .refine(
    (value) => /^-?\d{1,9}(?:\.\d{1,6})?$/.test(String(value)),
    'Expected a plain decimal of at most six decimals',
  )
const points = decimal.min(0).max(10_000)
const share = decimal.min(0).max(1)

/** Where a piece of the table comes from: the standard's own words, or this project's draft. */
const source = z.enum(['verbatim', 'draft']).default('draft')

const band = z.strictObject({
  /** The band holds from this value (included) up to the next higher band. */
  from: decimal,
  /** Points lost in this band, at most the indicator's points. */
  lose: points,
})

const measured = {
  /** Value that earns full points; `floor` and anything beyond it earns none; linear in between. */
  target: decimal,
  floor: decimal,
  /** How many decimals a typed value may have. */
  decimals: z.number().int().min(0).max(2).default(0),
  /** Steps instead of the line between `floor` and `target`, highest first. */
  bands: z.array(band).min(2).optional(),
}

const answer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('level4') }),
  z.strictObject({ type: z.literal('yesno') }),
  z.strictObject({ type: z.literal('percent'), ...measured }),
  z.strictObject({ type: z.literal('threshold'), unit: z.string().min(1).max(12), ...measured }),
  z.strictObject({
    type: z.literal('deduct'),
    unit: z.string().min(1).max(12),
    /** Points lost for each occurrence beyond the first `free` ones. */
    per: decimal.positive(),
    free: z.number().int().min(0).default(0),
  }),
])

const indicator = z.strictObject({
  id,
  title: z.string().min(1).max(40),
  /** The requirement in the standard's own words, or the draft of it: see `provenance.requirement`. */
  requirement: z.string().min(1).max(600),
  points: points.positive(),
  answer,
  /** Ids of the veto questions asked right after this indicator; their words stand in prompts/. */
  vetoes: z.array(vetoId).default([]),
  not_applicable: z.boolean().default(false),
  methods: z.array(z.string().min(1)).default([]),
  /** The post (岗位) that usually knows the answer. */
  post: z.string().min(1).max(20),
  /** Number of the clause in the official table, once there is one. */
  clause: z.string().max(40).optional(),
  provenance: z
    .strictObject({
      requirement: source,
      placement: source,
      points: source,
      scoring: source,
      target: source,
      guidance: source,
      section: z.string().max(60).optional(),
      note: z.string().max(300).optional(),
      refs: z.array(z.string()).default([]),
    })
    .prefault({}),
})

const level = {
  id,
  name: z.string().min(1).max(40),
  clause: z.string().max(40).optional(),
  provenance: z
    .strictObject({ name: source, placement: source, points: source, note: z.string().max(300).optional() })
    .prefault({}),
}

const option = z.strictObject({ key: z.string().regex(/^[a-z0-9_]{1,12}$/), ratio: share })
const gradeCode = z.string().regex(/^[A-Z]{1,4}$/)

/** A finding worth extra points (bonus) or costing some (penalty); asked at the end where it is switched on. */
const extra = z.strictObject({ id, points: points.positive() })
const extras = z.strictObject({
  enabled: z.boolean(),
  /** Whether the sum moves the score that the grade is read from, or only the order among communities. */
  counts_for_grade: z.boolean().default(false),
  cap: points.optional(),
  items: z.array(extra).default([]),
})

const shape = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^[a-z][a-z0-9-]{2,39}$/),
  version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'Expected a version like `1.0.0`'),
  title: z.string().min(1).max(80),
  status: z.enum(['draft', 'official']),
  disclaimer: z.string().max(600).optional(),
  standard: z.strictObject({ name: z.string(), number: z.string().optional(), approved_by: z.string().optional() }),
  /** The total that full marks everywhere give; scores are shown on this scale. */
  scale: points.positive(),
  /** What the file promises to hold, so that a lost row is noticed. */
  counts: z.strictObject({
    first_level: z.number().int(),
    second_level: z.number().int(),
    indicators: z.number().int(),
  }),
  /** Options from best to worst, with the share of the points that each earns. */
  options: z.strictObject({ level4: z.array(option).min(2).max(8), yesno: z.array(option).length(2) }),
  scoring: z.strictObject({
    /** Not applicable leaves the denominator; all of it together may be at most this share of the points. */
    not_applicable: z.strictObject({ max_share: share }),
    /** An indicator whose rate is below this is weak. */
    weak: z.strictObject({ rate_below: share }),
    veto: z.strictObject({ enabled: z.boolean() }),
    first_level_minimum: z.strictObject({ enabled: z.boolean(), rates: z.record(gradeCode, share).default({}) }),
    bonus: extras,
    penalty: extras,
    /** Findings of the assessors that rule out any grade. */
    disqualifiers: z.array(z.strictObject({ id })).default([]),
  }),
  /** Grades from best to worst. */
  grades: z.array(z.strictObject({ code: gradeCode, provenance: source })).min(1),
  /** Named sets of cut-offs on the scale; `use` names the one in force. */
  cutoffs: z.strictObject({
    use: z.string(),
    sets: z.record(z.string(), z.record(gradeCode, points)),
    provenance: source,
  }),
  first_level: z
    .array(
      z.strictObject({
        ...level,
        second_level: z.array(z.strictObject({ ...level, indicators: z.array(indicator).min(1) })).min(1),
      }),
    )
    .min(1),
})

export type Rubric = z.infer<typeof shape>
export type FirstLevel = Rubric['first_level'][number]
export type SecondLevel = FirstLevel['second_level'][number]
export type Indicator = SecondLevel['indicators'][number]
export type AnswerSpec = Indicator['answer']
export type Option = Rubric['options']['level4'][number]

/** A fault in a rubric: where it stands (path through the data) and what is wrong with it, in English. */
export type Fault = { readonly path: readonly (string | number)[]; readonly message: string }
export type Checked =
  | { ok: true; rubric: Rubric }
  /** `rubric` is there where the shape is sound and only rules are broken, so that its words can still be checked. */
  | { ok: false; faults: Fault[]; rubric?: Rubric }

/** Checks outside data against the shape and the rules of a rubric; reports every fault at once. */
export function checkRubric(data: unknown): Checked {
  const parsed = shape.safeParse(data)
  if (!parsed.success)
    return {
      ok: false,
      faults: parsed.error.issues.map((issue) => ({
        path: issue.path.filter((part) => typeof part !== 'symbol'),
        message: issue.message,
      })),
    }
  const faults = [...rules(parsed.data)]
  return faults.length === 0 ? { ok: true, rubric: parsed.data } : { ok: false, faults, rubric: parsed.data }
}

/** All indicators in order. */
export function indicatorsOf(rubric: Rubric): Indicator[] {
  return rubric.first_level.flatMap((first) => first.second_level.flatMap((second) => second.indicators))
}

/** Sum of points over some indicators; exact for the few decimals that rubrics use. */
export function sumPoints(indicators: readonly Indicator[]): number {
  return Math.round(indicators.reduce((sum, one) => sum + one.points, 0) * 1e6) / 1e6
}

function* rules(rubric: Rubric): Generator<Fault> {
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
