/** People who tap, each at a place of their own: what they press next, and what row of the ledger that must become. */
import { encodeAction } from '../../src/core/action.js'
import type { Someone } from '../crowd.js'
import { choiceOf, QUESTION_IDS } from '../script.js'

export type Press = {
  /** Which card it stands on. */
  readonly index: number
  /** The button's. */
  readonly data: string
  /** Undefined where it only looks. */
  readonly row: Row | undefined
}

/** The row that an acknowledged tap must be. */
export type Row = {
  readonly sheet: string
  readonly question: string
  readonly revision: number
  readonly value: string
  readonly person: string
}

export type Tapper = Someone & {
  readonly person: string
  /** What they press as their nth tap; undefined when they are through. */
  readonly plan: (n: number) => Press | undefined
  /** How often they have tapped. */
  taps: number
}

type Who = Omit<Tapper, 'plan' | 'taps'>

/** Somebody who gives the first answer to these questions, by their indexes, one after the other. */
export function answering(who: Who, questions: readonly number[]): Tapper {
  const { chat, sheet, person } = who
  const plan = (n: number): Press | undefined => {
    const index = questions[n]
    if (index === undefined) return undefined
    const question = QUESTION_IDS[index]!
    const value = choiceOf(chat, index)
    const data = encodeAction({ do: 'answer', sheet, question, revision: 0, value })
    return { index, data, row: { sheet, question, revision: 1, value, person } }
  }
  return { ...who, plan, taps: 0 }
}

/** Somebody who opens questions in turn and answers none, however long. */
export function leafing(who: Who): Tapper {
  const plan = (n: number): Press => {
    const index = n % QUESTION_IDS.length
    return {
      index,
      data: encodeAction({ do: 'open', sheet: who.sheet, question: QUESTION_IDS[index]! }),
      row: undefined,
    }
  }
  return { ...who, plan, taps: 0 }
}
