/** How much of everything a run does. */
import { parseArgs } from 'node:util'

export type Sizes = {
  readonly quick: boolean
  /** Open sheets, growing: each adds to the one before. */
  readonly sheets: readonly number[]
  readonly communities: readonly number[]
  /** In this order; the first once more at the end shows how far the machine itself has drifted. */
  readonly processes: readonly number[]
  /** People who answer before each process, where there are so many; before them others warm it up. */
  readonly people: number
  readonly warmUpPeople: number
  /** Taps of all these people before one process, at the most; nobody has more than half a sheet to answer. */
  readonly taps: number
  readonly atOnce: number
  /** People who all tap in one process, how often each, and how many taps come a second. */
  readonly active: number
  readonly activeTaps: number
  readonly perSecond: number
  /** Sheets that stand beside those of the people who answer while processes are added. */
  readonly sheetsBeside: number
  /** Communities of which everybody answers, and how often they leaf before that, all together. */
  readonly answeringCommunities: number
  readonly leafing: number
  /** How often a summary and an overview are asked for. */
  readonly office: number
  /** Between the last answer and the last look at the memory. */
  readonly restSeconds: number
}

const FULL = {
  people: 500,
  warmUpPeople: 40,
  taps: 6_000,
  atOnce: 100,
  active: 10_000,
  activeTaps: 3,
  perSecond: 500,
  sheetsBeside: 2_000,
  answeringCommunities: 50,
  leafing: 3_000,
  office: 20,
  restSeconds: 15,
}
const QUICK = {
  people: 40,
  warmUpPeople: 10,
  taps: 400,
  atOnce: 20,
  active: 100,
  activeTaps: 3,
  perSecond: 100,
  sheetsBeside: 100,
  answeringCommunities: 3,
  leafing: 60,
  office: 3,
  restSeconds: 1,
}

/** From the command line. */
export function readSizes(): Sizes {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      sheets: { type: 'string' },
      communities: { type: 'string' },
      processes: { type: 'string' },
      active: { type: 'string' },
      rate: { type: 'string' },
    },
  })
  const { quick } = values
  const base = quick ? QUICK : FULL
  return {
    ...base,
    quick,
    sheets: numbers(values.sheets ?? (quick ? '100,300' : '100,1000,10000,50000')).sort((a, b) => a - b),
    communities: numbers(values.communities ?? (quick ? '3,10' : '10,100,1000')),
    processes: numbers(values.processes ?? (quick ? '1,2' : '1,2,3,4,1')),
    active: Number(values.active ?? base.active),
    perSecond: Number(values.rate ?? base.perSecond),
  }
}

/** `0` leaves that part out. */
function numbers(list: string): number[] {
  const all = list.split(',').map(Number)
  if (!all.every((one) => Number.isInteger(one) && one >= 0))
    throw new Error(`Expected numbers such as 100,1000, got \`${list}\``)
  return all.filter((one) => one > 0)
}
