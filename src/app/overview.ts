/** All communities of a round at one look: brought up to date as far as time allows, put in order, summed up. */
import type { Book } from '../content/book.js'
import { type Result, resultOf } from '../core/result.js'
import { indicatorsOf, type Rubric } from '../core/rubric.js'
import { scoreSheet } from '../core/score.js'
import type { Desk } from './desk.js'
import { renewResult } from './results.js'
import type { OverviewRow, Round } from './rounds.js'

/** A community with what it has come to. `stale`: beside the completion all is from before its newest answers. */
export type Line = Omit<OverviewRow, 'result'> & { readonly result: Result; readonly stale: boolean }

/** Computed beside each other: while one waits for the database another is scored. More would only wait for connections. */
const LANES = 4

/**
 * The communities of a round by street and name. Kept results that are behind the ledger are made anew, those most behind
 * first, for `budgetMs`; the rest are left to the background and say so, with their completion counted right all the same.
 */
export async function overviewOf(desk: Desk, round: Round, book: Book, budgetMs: number): Promise<Line[]> {
  const rows = await desk.work.overview(round.id)
  const behind = rows.filter((row) => row.rows > row.resultRows).sort((a, b) => lag(b) - lag(a))
  // Counted meanwhile rather than afterwards: the database does the one and this process most of the other.
  const [renewed, answered] = await Promise.all([
    renewWithin(desk, behind, budgetMs),
    behind.length > 0 ? desk.work.answered(behind.map(({ assessment }) => assessment)) : new Map<string, number>(),
  ])
  for (const { assessment } of behind) if (!renewed.has(assessment)) desk.renewal.touched(assessment)
  const nothing = resultOf(book.questionnaire, scoreSheet(book.questionnaire, new Map()))
  return rows.map((row) => {
    const now = renewed.get(row.assessment)
    const counted = now ? undefined : answered.get(row.assessment)
    const result = now ?? row.result ?? nothing
    return counted === undefined
      ? { ...row, result, stale: false }
      : { ...row, result: { ...result, answered: counted }, stale: true }
  })
}

const lag = ({ rows, resultRows }: OverviewRow): number => rows - resultRows

async function renewWithin(desk: Desk, behind: readonly OverviewRow[], budgetMs: number): Promise<Map<string, Result>> {
  const renewed = new Map<string, Result>()
  const until = desk.now() + budgetMs
  const waiting = behind.values()
  const lane = async () => {
    for (const { assessment } of waiting) {
      if (desk.now() > until) return
      const result = await renewResult(desk, assessment)
      if (result) renewed.set(assessment, result)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return renewed
}

export const ORDERS = ['total', 'done', 'name', 'grade'] as const
export type Order = (typeof ORDERS)[number]

/**
 * `total`: best first, unfinished ones after the finished ones by completion. `done`: least first. `grade`: best first,
 * by total within a grade. Those that are equal stay by street and name.
 */
export function inOrder(all: readonly Line[], order: Order, rubric: Rubric, language: string): Line[] {
  switch (order) {
    case 'total':
      return all.toSorted((a, b) => Number(isOpen(a)) - Number(isOpen(b)) || byMerit(a, b))
    case 'done':
      return all.toSorted((a, b) => completionOf(a) - completionOf(b))
    case 'name': {
      const { compare } = new Intl.Collator(language, { numeric: true })
      return all.toSorted((a, b) => compare(a.name, b.name))
    }
    case 'grade':
      return all.toSorted((a, b) => rankOf(a, rubric) - rankOf(b, rubric) || byMerit(a, b))
  }
}

const isOpen = ({ result }: Line): boolean => result.grade.kind === 'open'

/** By total among the finished, by completion among the unfinished. */
const byMerit = (a: Line, b: Line): number =>
  isOpen(a) ? completionOf(b) - completionOf(a) : Number(b.result.total) - Number(a.result.total)

/** Share of the questions that are answered. */
export const completionOf = ({ result }: Line): number => result.answered / Math.max(1, result.asked)

function rankOf({ result: { grade } }: Line, { grades }: Rubric): number {
  switch (grade.kind) {
    case 'graded':
      return grades.findIndex(({ code }) => code === grade.code)
    case 'below':
      return grades.length
    case 'withheld':
      return grades.length + 1
    case 'open':
      return grades.length + 2
  }
}

/** The second-level indicator with the lowest rate, the first of them where several have it; none where nothing was lost. */
export function weakestOf(
  { second }: Result,
  rubric: Rubric,
): { readonly id: string; readonly rate: number } | undefined {
  let least: { id: string; rate: number } | undefined
  for (const { id } of rubric.first_level.flatMap((first) => first.second_level)) {
    const rate = second[id]
    if (rate != null && rate < (least?.rate ?? 1)) least = { id, rate }
  }
  return least
}

/** `mean`: of the rates (0 to 1) of those communities that have one; `weak`: how many of them are weak there. */
export type DistrictRate = {
  readonly id: string
  readonly mean: number
  readonly communities: number
  readonly weak: number
}

/** Indicators by their mean rate over the communities, the lowest first; those without any rate are left out. */
export function districtRates(all: readonly Line[], rubric: Rubric): DistrictRate[] {
  const weak = new Map<string, number>()
  for (const { result } of all) for (const id of result.weak) weak.set(id, (weak.get(id) ?? 0) + 1)
  return indicatorsOf(rubric)
    .flatMap(({ id }) => {
      const rates = all.flatMap(({ result }) => result.indicators[id] ?? [])
      if (rates.length === 0) return []
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
      return [{ id, mean, communities: rates.length, weak: weak.get(id) ?? 0 }]
    })
    .sort((a, b) => a.mean - b.mean)
}

/** Names that several communities of the list have: there the street is needed to tell them apart. */
export function sharedNames(all: readonly Line[]): ReadonlySet<string> {
  const count = new Map<string, number>()
  for (const { name } of all) count.set(name, (count.get(name) ?? 0) + 1)
  return new Set([...count].flatMap(([name, times]) => (times > 1 ? [name] : [])))
}
