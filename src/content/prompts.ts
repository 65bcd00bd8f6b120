/** The words that ask, for one rubric in one language: their shape, and whether they cover the rubric. */
import { z } from 'zod'
import { type Fault, indicatorsOf, type Rubric, shapeFaults } from '../core/rubric.js'

const words = z.string().trim().min(1).max(300)
const list = z.array(words).min(1).max(8)

const indicator = z.strictObject({
  title: z.string().trim().min(1).max(60),
  /** Working translation of the requirement; only in languages other than the standard's own. */
  requirement: z.string().trim().max(1500).optional(),
  question: words,
  hint: words,
  /** What is counted or measured, for number questions. */
  measure: words.optional(),
  /** The separate points of observation inside the requirement. */
  checks: z.array(words).optional(),
  /** Veto questions in the rubric's order; yes is always the bad answer. */
  vetoes: z.array(words).optional(),
  /** When the indicator does not apply; present exactly where the rubric allows it. */
  not_applicable: words.optional(),
  evidence: list,
  reasons: list,
  suggestions: list,
})

const shape = z.strictObject({
  language: z.string(),
  /** `id@version` of the rubric that these words belong to. */
  rubric: z.string(),
  title: z.string().min(1),
  disclaimer: z.string().max(900).optional(),
  /** Names of the first and second-level indicators, by id. */
  levels: z.record(z.string(), z.string().min(1).max(60)),
  options: z.strictObject({
    level4: z.record(z.string(), z.string().min(1).max(30)),
    yesno: z.record(z.string(), z.string().min(1).max(30)),
  }),
  /** Bonus, penalty and disqualifier findings, by id. */
  extras: z.record(z.string(), words),
  /** Posts, methods and units of the rubric in this language; what is missing is shown as in the rubric. */
  terms: z.record(z.string(), z.string()),
  indicators: z.record(z.string(), indicator),
})

export type Prompts = z.infer<typeof shape>
export type IndicatorPrompts = Prompts['indicators'][string]
export type CheckedPrompts = { ok: true; prompts: Prompts } | { ok: false; faults: Fault[] }

/** Checks the words of one language against their shape and against the rubric; reports every fault at once. */
export function checkPrompts(rubric: Rubric, data: unknown): CheckedPrompts {
  const parsed = shape.safeParse(data)
  if (!parsed.success) return { ok: false, faults: shapeFaults(parsed.error) }
  const faults = [...coverage(rubric, parsed.data)]
  return faults.length === 0 ? { ok: true, prompts: parsed.data } : { ok: false, faults }
}

function* coverage(rubric: Rubric, prompts: Prompts): Generator<Fault> {
  const named = `${rubric.id}@${rubric.version}`
  if (prompts.rubric !== named) yield { path: ['rubric'], message: `Expected \`${named}\`, got \`${prompts.rubric}\`` }
  const levels = rubric.first_level.flatMap((first) => [first.id, ...first.second_level.map(({ id }) => id)])
  yield* sameKeys(levels, Object.keys(prompts.levels), ['levels'])
  for (const type of ['level4', 'yesno'] as const)
    yield* sameKeys(
      rubric.options[type].map(({ key }) => key),
      Object.keys(prompts.options[type]),
      ['options', type],
    )
  const { bonus, penalty, disqualifiers } = rubric.scoring
  yield* sameKeys(
    [...bonus.items, ...penalty.items, ...disqualifiers].map(({ id }) => id),
    Object.keys(prompts.extras),
    ['extras'],
  )
  const indicators = indicatorsOf(rubric)
  yield* sameKeys(
    indicators.map(({ id }) => id),
    Object.keys(prompts.indicators),
    ['indicators'],
  )
  for (const { id, vetoes, not_applicable } of indicators) {
    const own = prompts.indicators[id]
    if (!own) continue
    const path = ['indicators', id]
    if ((own.vetoes ?? []).length !== vetoes.length)
      yield {
        path: [...path, 'vetoes'],
        message: `Expected ${vetoes.length} veto questions, got ${(own.vetoes ?? []).length}`,
      }
    if (not_applicable !== (own.not_applicable !== undefined))
      yield {
        path: [...path, 'not_applicable'],
        message: not_applicable
          ? 'Expected a condition, got none'
          : 'Expected no condition: the rubric does not allow it',
      }
  }
}

function* sameKeys(expected: readonly string[], got: readonly string[], path: string[]): Generator<Fault> {
  for (const key of expected)
    if (!got.includes(key)) yield { path: [...path, key], message: `Expected words for \`${key}\`, got none` }
  for (const key of got)
    if (!expected.includes(key))
      yield { path: [...path, key], message: `Expected only ids of the rubric, got \`${key}\`` }
}
