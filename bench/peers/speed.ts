/** Rounds of all contestants in turns, then taps at a fixed rate. */
import type { Child } from '../child.js'
import { median, percentile, rounded } from '../figures.js'
import { cpuMsOf } from '../proc.js'
import { type Cpu, type Measured, perAnswer, summary } from '../rounds.js'
import type { Contestant, Place } from './contestants.js'
import type { Ask, Load, Timed } from './load.js'
import { progress } from './progress.js'
import type { Sizes } from './sizes.js'

export type Side = {
  readonly contestant: Contestant
  readonly place: Place
  readonly child: Child
  readonly load: Load
}

export type Percentiles = { readonly p50_ms: number; readonly p95_ms: number; readonly p99_ms: number }
export type Rounds = ReturnType<typeof summary> & {
  /** Milliseconds from the tap to its edit; those beside it are to the 200. */
  readonly edit: Percentiles
  /** Answers a second as a share of the bare route's in the same cycle: the median, and each. */
  readonly to_bare: number
  readonly to_bare_each: readonly number[]
}
export type AtRate = { readonly per_second: number; readonly to_200: Percentiles; readonly to_edit: Percentiles }
export type Speed = {
  readonly at_20: Rounds
  readonly at_100: Rounds
  /** Null where a contestant cannot keep up. */
  readonly at_rate: AtRate | null
}

/** Taps a second in the run at a fixed rate: what is promised is promised for that many. */
export const RATE = 200
/** Whoever answers fewer at full speed than a little more than the rate only piles taps up. */
const LEAST_FOR_RATE = RATE * 1.1
const RATE_PEOPLE = 100

type Tools = {
  readonly ask: Ask
  readonly pids: { readonly postgres: number; readonly redis: number; readonly bot_api: number }
  readonly told: (contestant: Contestant, fault: string) => void
}
type Round = Measured & { readonly toEdit: readonly number[] }

export async function measure(sides: readonly Side[], sizes: Sizes, tools: Tools): Promise<Speed[]> {
  const round = (side: Side, people: number, atOnce: number) => walkRound(side, people, atOnce, tools)
  for (const side of sides) await round(side, side.contestant.slow ? 2 : sizes.warmUpPeople, sizes.atOnce)

  const cycle = async (count: number, people: number, slowPeople: number, atOnce: number): Promise<Rounds[]> => {
    const rounds = sides.map((): (Round | undefined)[] => [])
    for (let turn = 0; turn < count; turn += 1) {
      const order = sides.map((side, i) => ({ side, i }))
      // Every second time from the end, so that a machine that grows slower favours nobody.
      for (const { side, i } of turn % 2 === 0 ? order : order.reverse())
        if (!side.contestant.slow) rounds[i]!.push(await round(side, people, atOnce))
        else if (turn === 0) rounds[i]!.push(await round(side, slowPeople, atOnce))
    }
    const bare = rounds[sides.findIndex(({ contestant }) => contestant.role === 'yardstick')]!
    return rounds.map((own) => told(own as Round[], bare as Round[]))
  }
  const at20 = await cycle(sizes.cycles, sizes.people, sizes.slowPeople, sizes.atOnce)
  const at100 = await cycle(sizes.crowdedCycles, sizes.crowdedPeople, sizes.crowdedSlowPeople, sizes.crowdedAtOnce)

  const speeds: Speed[] = []
  for (const [i, side] of sides.entries()) {
    const keepsUp = at20[i]!.answers_per_second > LEAST_FOR_RATE
    const at_rate = keepsUp ? await atRate(side, sizes.openSeconds, tools) : null
    speeds.push({ at_20: at20[i]!, at_100: at100[i]!, at_rate })
  }
  return speeds
}

async function walkRound(side: Side, count: number, atOnce: number, { ask, pids, told }: Tools): Promise<Round> {
  const { contestant, child, load } = side
  progress(`${contestant.name}: ${count} people, ${atOnce} at once`)
  const people = await load.gather(count).catch((error: unknown) => {
    throw new Error(`${contestant.name}:\n${child.log()}`, { cause: error })
  })
  const cpu = (): Cpu => ({
    self: cpuMsOf(child.pid),
    postgres: cpuMsOf(pids.postgres),
    redis: cpuMsOf(pids.redis),
    bot_api: cpuMsOf(pids.bot_api),
  })
  const calls = await ask<Record<string, number>>('tally')
  const used = cpu()
  const timed = await load.closed(people, atOnce)
  const { latencies, seconds, toEdit } = timed
  const cpuMs = perAnswer(used, cpu(), latencies.length)
  const refused = refusals(calls, await ask<Record<string, number>>('tally'))
  for (const fault of [...timed.faults, ...refused]) told(contestant, fault)
  return { latencies, toEdit, answersPerSecond: latencies.length / seconds, cpuMs }
}

/** Calls that the Bot API has not taken since. */
function refusals(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): string[] {
  return Object.entries(after).flatMap(([call, count]) =>
    call.endsWith(' ok') || count === (before[call] ?? 0) ? [] : [`${count - (before[call] ?? 0)} × ${call}`],
  )
}

async function atRate({ contestant, load }: Side, seconds: number, { told }: Tools): Promise<AtRate> {
  progress(`${contestant.name}: ${RATE} a second`)
  const people = await load.gather(RATE_PEOPLE)
  const timed: Timed = await load.open(people, RATE, seconds)
  for (const fault of timed.faults) told(contestant, fault)
  const { latencies, toEdit } = timed
  return {
    per_second: rounded(latencies.length / timed.seconds, 0),
    to_200: percentilesOf([latencies]),
    to_edit: percentilesOf([toEdit]),
  }
}

function told(own: readonly Round[], bare: readonly Round[]): Rounds {
  const ratios = own.map(({ answersPerSecond }, turn) => answersPerSecond / bare[turn]!.answersPerSecond)
  return {
    ...summary(own),
    edit: percentilesOf(own.map(({ toEdit }) => toEdit)),
    to_bare: rounded(median(ratios)),
    to_bare_each: ratios.map((one) => rounded(one)),
  }
}

/** Medians over rounds whose times are sorted. */
function percentilesOf(rounds: readonly (readonly number[])[]): Percentiles {
  const at = (share: number) => rounded(median(rounds.map((times) => percentile(times, share))), 1)
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) }
}
