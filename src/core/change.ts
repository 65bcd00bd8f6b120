/** What has changed since the round before: only where both were measured with the same yardstick, else it says so. */
import { exact, subtract, toNumber } from './exact.js'
import type { Questionnaire } from './questionnaire.js'
import type { Result } from './result.js'
import { indicatorsOf, type Rubric, type SecondLevel } from './rubric.js'

export type Round = { readonly questionnaire: Questionnaire; readonly result: Result }

/** `new`: the rubric before had no such second level; `altered`: it had it with other indicators, points or answers. */
export type Incomparable = { readonly kind: 'incomparable'; readonly reason: 'new' | 'altered' }

export type LevelChange =
  /** Percentage points, for example `{"kind":"changed","by":-12.5}`; 0 where it is as before. */
  { readonly kind: 'changed'; readonly by: number } | { readonly kind: 'unrated'; readonly when: When } | Incomparable

/** Nothing was scored there in this round, in the one before, or in both. */
export type When = 'now' | 'before' | 'both'

export type Change = {
  /** In the order of the rubric of now. */
  readonly second: readonly ({ readonly id: string } & LevelChange)[]
  /** Points on the rubric's scale. Where one of the results is still open, so is the change. */
  readonly total:
    | { readonly kind: 'changed'; readonly by: number }
    | { readonly kind: 'unrated'; readonly when: When }
    | { readonly kind: 'incomparable' }
}

/** Rates are kept to six decimals; so many are sound in a difference of percentages. */
const DECIMALS = 1e4

/** The change of every second-level indicator and of the total. */
export function changeSince(now: Round, before: Round): Change {
  const rubrics = [now.questionnaire.rubric, before.questionnaire.rubric] as const
  const second = secondLevels(rubrics[0]).map(({ id }) => {
    const difference = yardstick(...rubrics, id)
    return { id, ...(difference ?? rateChange(now.result.second[id], before.result.second[id])) }
  })
  return { second, total: totalChange(now, before, second) }
}

/** Null where a second level is measured in the same way in both rubrics. */
function yardstick(now: Rubric, before: Rubric, id: string): Incomparable | null {
  const [here, there] = [now, before].map((rubric) => secondLevels(rubric).find((one) => one.id === id))
  if (!here || !there) return { kind: 'incomparable', reason: 'new' }
  return isSame(measure(now, here), measure(before, there)) ? null : { kind: 'incomparable', reason: 'altered' }
}

/** All that moves the rate of a second level: its indicators, what each asks and earns, and its vetoes where they count. */
function measure(rubric: Rubric, second: SecondLevel): unknown {
  return Object.fromEntries(
    second.indicators.map(({ id, points, answer, vetoes }) => {
      const options = answer.type === 'level4' || answer.type === 'yesno' ? rubric.options[answer.type] : null
      return [id, { points, answer, options, vetoes: rubric.scoring.veto.enabled ? [...vetoes].sort() : [] }]
    }),
  )
}

function rateChange(now: number | null | undefined, before: number | null | undefined): LevelChange {
  if (now == null || before == null) return unrated(now == null, before == null)
  return { kind: 'changed', by: Math.round((now - before) * 100 * DECIMALS) / DECIMALS }
}

function totalChange(now: Round, before: Round, second: Change['second']): Change['total'] {
  const rubrics = [now.questionnaire.rubric, before.questionnaire.rubric] as const
  const [here, there] = rubrics.map((rubric) => ({
    scale: rubric.scale,
    options: rubric.options,
    extras: [gradingExtras(rubric.scoring.bonus), gradingExtras(rubric.scoring.penalty)],
  }))
  const whole = secondLevels(rubrics[1]).length === second.length
  if (!whole || second.some(({ kind }) => kind === 'incomparable') || !isSame(here, there))
    return { kind: 'incomparable' }
  const empty = ({ result }: Round) => indicatorsOf(rubrics[0]).every(({ id }) => result.indicators[id] == null)
  if (empty(now) || empty(before)) return unrated(empty(now), empty(before))
  return { kind: 'changed', by: toNumber(subtract(exact(now.result.total), exact(before.result.total))) }
}

/** Bonus or penalty as far as it moves the total. */
function gradingExtras({ enabled, counts_for_grade, cap, items }: Rubric['scoring']['bonus']): unknown {
  return enabled && counts_for_grade ? { cap: cap ?? null, items } : null
}

const unrated = (now: boolean, before: boolean): { kind: 'unrated'; when: When } => ({
  kind: 'unrated',
  when: now && before ? 'both' : now ? 'now' : 'before',
})

const secondLevels = (rubric: Rubric): SecondLevel[] => rubric.first_level.flatMap((first) => first.second_level)

/** Whether two pieces of plain data are the same, whatever the order of their keys; a missing key is an undefined one. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]))
}
