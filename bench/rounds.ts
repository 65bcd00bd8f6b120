/** Rounds of both sides in turns, and what they say together. */
import { median, percentile, rounded } from './figures.js'

/** Milliseconds an answer. */
export type Cpu = { readonly self: number; readonly postgres: number; readonly redis: number; readonly bot_api: number }
export type Who = 'bot' | 'bare'
/** One round of one side. */
export type Measured = {
  /** Sorted. */
  readonly latencies: readonly number[]
  readonly answersPerSecond: number
  readonly cpuMs: Cpu
}

/** Pairs of rounds; who begins alternates, so that a machine that grows slower favours nobody. */
export async function alternate(pairs: number, round: (who: Who) => Promise<Measured>) {
  if (pairs === 0) return undefined
  const of = { bot: [] as Measured[], bare: [] as Measured[] }
  for (let pair = 0; pair < pairs; pair += 1)
    for (const who of pair % 2 === 0 ? (['bot', 'bare'] as const) : (['bare', 'bot'] as const))
      of[who].push(await round(who))
  const ratios = of.bot.map(({ answersPerSecond }, pair) => answersPerSecond / of.bare[pair]!.answersPerSecond)
  const cpu = of.bot.map(({ cpuMs }, pair) => cpuMs.self / of.bare[pair]!.cpuMs.self)
  return {
    ratio: rounded(median(ratios)),
    ratios: ratios.map((one) => rounded(one)),
    cpu_ratio: rounded(median(cpu)),
    bot: summary(of.bot),
    bare: summary(of.bare),
  }
}

/** Medians over the rounds of one side. */
export function summary(rounds: readonly Measured[]) {
  const cpuOf = (process: keyof Cpu) => rounded(median(rounds.map(({ cpuMs }) => cpuMs[process])), 3)
  const at = (share: number) => rounded(median(rounds.map(({ latencies }) => percentile(latencies, share))), 1)
  return {
    answers_per_second: rounded(median(rounds.map(({ answersPerSecond }) => answersPerSecond)), 0),
    rounds: rounds.map(({ answersPerSecond }) => rounded(answersPerSecond, 0)),
    cpu_ms_per_answer: cpuOf('self'),
    cpu_ms_elsewhere: { postgres: cpuOf('postgres'), redis: cpuOf('redis'), bot_api: cpuOf('bot_api') },
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
  }
}

/** CPU between two readings, by answer. */
export function perAnswer(before: Cpu, after: Cpu, answers: number): Cpu {
  const of = (process: keyof Cpu) => (after[process] - before[process]) / answers
  return { self: of('self'), postgres: of('postgres'), redis: of('redis'), bot_api: of('bot_api') }
}
