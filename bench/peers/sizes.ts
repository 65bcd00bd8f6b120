/** How much of everything a run does. */
import type { Sizes as FaultSizes } from './faults.js'

export type Sizes = FaultSizes & {
  /** Of a round. Few, and many cycles: what a machine's host takes away changes within seconds. */
  readonly people: number
  readonly crowdedPeople: number
  /** A slow contestant walks with fewer. */
  readonly slowPeople: number
  readonly crowdedSlowPeople: number
  readonly warmUpPeople: number
  /** Cycles in which each contestant walks one round. */
  readonly cycles: number
  readonly crowdedCycles: number
  readonly atOnce: number
  readonly crowdedAtOnce: number
  readonly openSeconds: number
}

export const FULL: Sizes = {
  people: 40,
  crowdedPeople: 100,
  slowPeople: 20,
  crowdedSlowPeople: 50,
  warmUpPeople: 40,
  cycles: 9,
  crowdedCycles: 3,
  atOnce: 20,
  crowdedAtOnce: 100,
  openSeconds: 15,
  faultPeople: 20,
  questions: 20,
  killedPeople: 200,
  killedQuestions: 20,
}

export const QUICK: Sizes = {
  people: 5,
  crowdedPeople: 5,
  slowPeople: 2,
  crowdedSlowPeople: 2,
  warmUpPeople: 1,
  cycles: 1,
  crowdedCycles: 1,
  atOnce: 5,
  crowdedAtOnce: 5,
  openSeconds: 2,
  faultPeople: 5,
  questions: 10,
  killedPeople: 30,
  killedQuestions: 8,
}
