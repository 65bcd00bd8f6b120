/**
 * What is going to happen, drawn from the seed before anything does: what each person intends step by step, what the network
 * does to each of their inputs, and when processes and servers die. Which card a step meets depends on time; the step does not.
 */
import { createHash, type Hash } from 'node:crypto'
import { between, draw, weighted } from './dice.js'

/** How often people do what, of a thousand steps. */
const DEEDS = {
  /** Taps an option, and waits for the next card before the next step. */
  answer: 560,
  /** The same button twice, 0 to 300 ms apart, on whatever card. */
  double: 110,
  /** Types the answer. */
  type: 75,
  /** Types the same answer twice, because the finger slipped. */
  type_twice: 15,
  /** Two different options of one card, before it changed. */
  contradict: 15,
  /** A button that an app with an old copy of the card still shows. */
  old: 60,
  back: 45,
  skip: 30,
  contents: 25,
  explain: 10,
  pause: 20,
  note: 25,
  /** Writes something that is no answer. */
  chatter: 8,
  /** Away, and back with /start or /assess. */
  return: 15,
  /** Blocks the bot for a moment. */
  block: 4,
} as const
export type Deed = keyof typeof DEEDS

export type Step = {
  readonly deed: Deed
  /** Milliseconds before it. */
  readonly pause: number
  /** How long the person waits for what they did last to show; then they go on all the same. */
  readonly patience: number
  /** Which of the options, and between the halves of a double tap. */
  readonly pick: number
  readonly gap: number
}

const PAUSES = { burst: 25, short: 55, long: 17, away: 3 }
const TWOFOLD: ReadonlySet<Deed> = new Set(['double', 'type_twice', 'contradict'])

export const tapsOf = ({ deed }: Pick<Step, 'deed'>): number => (TWOFOLD.has(deed) ? 2 : 1)

/** One person's steps; together they are just so many taps (a typed message counts as one). */
export function planOf(seed: number, person: number, taps: number): Step[] {
  const steps: Step[] = []
  for (let left = taps; left > 0; ) {
    const chance = (about: number) => draw(seed, person, steps.length, about)
    const drawn = weighted(DEEDS, chance(1))
    const deed = left === 1 && TWOFOLD.has(drawn) ? 'answer' : drawn
    left -= tapsOf({ deed })
    const hasty = chance(2) < 0.15
    steps.push({
      deed,
      pause: pauseOf(weighted(PAUSES, chance(3)), chance(4)),
      patience: hasty ? between(0, 300, chance(5)) : between(1000, 5000, chance(5)),
      pick: chance(6),
      gap: between(0, 300, chance(7)),
    })
  }
  return steps
}

function pauseOf(kind: keyof typeof PAUSES, chance: number): number {
  if (kind === 'burst') return between(0, 5, chance)
  if (kind === 'short') return between(10, 60, chance)
  return kind === 'long' ? between(60, 250, chance) : between(300, 1500, chance)
}

/** What the network does to one input; milliseconds. */
export type Fate = {
  readonly delay: number
  /** Delivered once more under the same update id, so much later. */
  readonly again: number | undefined
  /** Brought as a new update with the same press or message, so much later. */
  readonly resent: number | undefined
  /** The first delivery breaks off: before it arrives, or so long after it was sent. */
  readonly cut: 'before' | number | undefined
}
const FATES = { plain: 78, late: 6, again: 5, resent: 5, cut_before: 3, cut_after: 3 }
export const SMOOTH: Fate = { delay: 0, again: undefined, resent: undefined, cut: undefined }

export function fateOf(seed: number, person: number, input: number): Fate {
  const chance = (about: number) => draw(seed, person, input, about)
  const fate = { ...SMOOTH, delay: between(0, 10, chance(11)) }
  switch (weighted(FATES, chance(12))) {
    case 'late':
      return { ...fate, delay: between(50, 1500, chance(13)) }
    case 'again':
      return { ...fate, again: between(0, 400, chance(13)) }
    case 'resent':
      return { ...fate, resent: between(0, 1500, chance(13)) }
    case 'cut_before':
      return { ...fate, cut: 'before' }
    case 'cut_after':
      return { ...fate, cut: between(1, 30, chance(13)) }
    default:
      return fate
  }
}

/** What befalls processes and servers. */
const CALAMITIES = { kill: 40, flush: 15, redis: 10, postgres: 10, cut_postgres: 12, cut_redis: 13 } as const
export type CalamityKind = keyof typeof CALAMITIES
export type Calamity = { readonly kind: CalamityKind; readonly at: number; readonly process: number }
export const CALAMITY_KINDS = Object.keys(CALAMITIES) as CalamityKind[]

/** Counted in taps; about one in so many. The first of them are one of each kind, so that a short run has all of them. */
export function calamitiesOf(seed: number, taps: number, every: number, kinds: readonly CalamityKind[]): Calamity[] {
  if (kinds.length === 0) return []
  const table = Object.fromEntries(kinds.map((kind) => [kind, CALAMITIES[kind]])) as Record<CalamityKind, number>
  return Array.from({ length: Math.floor(taps / every) }, (_, n) => ({
    kind: kinds[n] ?? weighted(table, draw(seed, n, 21)),
    at: Math.floor((n + 0.1 + 0.8 * draw(seed, n, 22)) * every),
    process: between(0, 1_000_000, draw(seed, n, 23)),
  }))
}

/** A hash of everything planned: equal where the seed and the options are. */
export function hashInto(hash: Hash, seed: number, person: number, plan: readonly Step[]): void {
  const taps = plan.reduce((sum, step) => sum + tapsOf(step), 0)
  hash.update(JSON.stringify([person, plan, Array.from({ length: taps }, (_, n) => fateOf(seed, person, n))]))
}

export const startHash = (calamities: readonly Calamity[]): Hash =>
  createHash('sha256').update(JSON.stringify(calamities))
