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

/** The shape alone; `checkRubric` also checks the rules. */
export const rubricShape = z.strictObject({
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

export type Rubric = z.infer<typeof rubricShape>
export type FirstLevel = Rubric['first_level'][number]
export type SecondLevel = FirstLevel['second_level'][number]
export type Indicator = SecondLevel['indicators'][number]
export type AnswerSpec = Indicator['answer']

/** A fault in a rubric: where it stands (path through the data) and what is wrong with it, in English. */
export type Fault = { readonly path: readonly (string | number)[]; readonly message: string }

/** What zod found wrong with outside data, as faults. */
export function shapeFaults(error: z.ZodError): Fault[] {
  return error.issues.map(({ path, message }) => ({ path: path.filter((part) => typeof part !== 'symbol'), message }))
}

/** All indicators in order. */
export function indicatorsOf(rubric: Rubric): Indicator[] {
  return rubric.first_level.flatMap((first) => first.second_level.flatMap((second) => second.indicators))
}

/** Sum of points over some indicators; exact for the few decimals that rubrics use. */
export function sumPoints(indicators: readonly Indicator[]): number {
  return Math.round(indicators.reduce((sum, one) => sum + one.points, 0) * 1e6) / 1e6
}
