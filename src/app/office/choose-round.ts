/** Which round a command means that names none: the one that people work in, else the one that they worked in last. */
import { type Phase, phaseOf } from '../../core/round.js'
import type { Desk } from '../desk.js'
import type { Round } from '../rounds.js'

const IN_THIS_ORDER: readonly Phase[] = ['open', 'over', 'closed', 'waiting', 'archived', 'draft']
/** Newest first, archived ones last; more rounds than this that are neither nobody has. */
const MOST_ROUNDS = 100

/** The best of a list, of several in the same phase the first; undefined where there is none. */
export function bestBy<T>(all: readonly T[], roundOf: (one: T) => Round, now: number): T | undefined {
  const rank = (one: T) => IN_THIS_ORDER.indexOf(phaseOf(roundOf(one), now))
  return [...all].sort((a, b) => rank(a) - rank(b))[0]
}

/** The district's round; a draft only where there is nothing else. */
export async function currentRound({ rounds, now }: Desk): Promise<Round | undefined> {
  const { items } = await rounds.list({ offset: 0, limit: MOST_ROUNDS })
  return bestBy(items, (one) => one, now())
}
