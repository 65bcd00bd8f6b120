/** What is promised about speed, and how far it is kept; a busy machine can break it, so it is told and does not fail a run. */
import { median, rounded } from '../figures.js'
import type { Contestant } from './contestants.js'
import type { FaultResult } from './faults.js'
import { RATE, type Rounds, type Speed } from './speed.js'
import type { Verdict } from './verdict.js'

export type Figures = Speed & {
  readonly name: string
  readonly title: string
  readonly role: Contestant['role']
  readonly peak_rss_mb: number
  readonly passes: boolean
  readonly under_load: Verdict
  readonly faults: FaultResult
}

type Promised = { readonly kept: boolean; readonly told?: string }

const TIMES_THE_SAFE = 2
const SHARE_OF_BARE = 0.9
const P99_AT_RATE_MS = 50

export function promisesOf(all: readonly Figures[]) {
  const ours = all.find(({ role }) => role === 'ours')!
  const peers = all.filter(({ role }) => role === 'peer')
  const fastest = (some: readonly Figures[], at: 'at_20' | 'at_100') =>
    [...some].sort((a, b) => b[at].answers_per_second - a[at].answers_per_second)[0]
  const safe = fastest(
    peers.filter(({ passes }) => passes),
    'at_20',
  )
  const unsafe = peers.filter(({ passes }) => !passes)
  const over = (one: Figures | undefined, at: 'at_20' | 'at_100') => (one ? rounded(ratioOf(ours[at], one[at])) : null)
  const beside = (one: (at: 'at_20' | 'at_100') => Figures | undefined, group: readonly Figures[]) => ({
    at_20: over(one('at_20'), 'at_20'),
    at_100: over(one('at_100'), 'at_100'),
    at_best: atBest(ours, group),
  })

  const safely = beside(() => safe, safe ? [safe] : [])
  const ahead = beside((at) => fastest(unsafe, at), unsafe)
  const yardstick = all.filter(({ role }) => role === 'yardstick')
  const bare = { at_20: ours.at_20.to_bare, at_100: ours.at_100.to_bare, at_best: atBest(ours, yardstick) }
  const p99 = ours.at_rate && Math.max(ours.at_rate.to_200.p99_ms, ours.at_rate.to_edit.p99_ms)
  return {
    twice_fastest_safe_peer: {
      peer: safe?.name ?? null,
      ...safely,
      ...told(isAtLeast(safely, TIMES_THE_SAFE), `${TIMES_THE_SAFE} times the fastest safe peer`, safely),
    },
    ahead_of_every_peer: {
      ...ahead,
      ...told(isAtLeast(ahead, 1), 'to be ahead of every peer that fails its fault tests', ahead),
    },
    ratio_to_bare_0_9: {
      ...bare,
      ...told(isAtLeast(bare, SHARE_OF_BARE), `${SHARE_OF_BARE} of the bare route`, bare),
    },
    p99_at_200: {
      p99_ms: p99,
      ...told(p99 !== null && p99 <= P99_AT_RATE_MS, `a p99 of ${P99_AT_RATE_MS} ms at ${RATE} a second`, p99),
    },
  }
}

/** Cycle by cycle, and the median of that; a slow one has walked in the first alone. */
const ratioOf = (one: Rounds, other: Rounds): number =>
  median(other.rounds.map((rate, turn) => one.rounds[turn]! / rate))

/** The most that each reaches, with as many people at once as suit it best; null where there is nobody to be compared with. */
function atBest(ours: Figures, others: readonly Figures[]): number | null {
  const best = (one: Figures) => Math.max(one.at_20.answers_per_second, one.at_100.answers_per_second)
  return others.length === 0 ? null : rounded(best(ours) / Math.max(...others.map(best)))
}

/** Where there is nobody to be compared with, nothing is broken. */
const isAtLeast = (ratios: { at_20: number | null; at_100: number | null }, least: number): boolean =>
  [ratios.at_20, ratios.at_100].every((ratio) => ratio === null || ratio >= least)

function told(kept: boolean, expected: string, got: unknown): Promised {
  return kept ? { kept } : { kept, told: `Slower than promised: Expected ${expected}, got ${JSON.stringify(got)}` }
}
