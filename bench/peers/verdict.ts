/** What stands in a contestant's table, against what people meant. */
import { choiceOf, QUESTION_IDS } from '../script.js'

export type Row = { readonly chat: string; readonly question: string; readonly value: string | null }

/** What one person did. */
export type Meant = {
  readonly chat: number
  /** Questions that they were to answer, from the first on. */
  readonly questions: number
  /** The question of every press by its index, and whether the update was answered by 200. */
  readonly presses: readonly { readonly index: number; readonly acknowledged: boolean }[]
  /** They have seen no end of it. */
  readonly stuck: boolean
}

export type Verdict = {
  /** Answers that were acknowledged and have no row. */
  readonly lost: number
  /** Rows beyond the first of a person and question. */
  readonly double: number
  /** Rows of a question that the person never answered, or with a value that they did not choose. */
  readonly wrong: number
  /** Questions that a person was led past. */
  readonly skipped: number
  /** People who could not go on, however often they tapped. */
  readonly stuck: number
}

export const isSound = (verdict: Verdict): boolean => Object.values(verdict).every((count) => count === 0)

export function judge(rows: readonly Row[], people: readonly Meant[]): Verdict {
  const valuesOf = new Map<string, (string | null)[]>()
  for (const { chat, question, value } of rows) {
    const key = `${chat} ${question}`
    valuesOf.set(key, [...(valuesOf.get(key) ?? []), value])
  }
  const count = { lost: 0, double: 0, wrong: 0, skipped: 0, stuck: 0 }
  for (const { chat, questions, presses, stuck } of people) {
    const pressed = new Set(presses.map(({ index }) => index))
    const acknowledged = new Set(presses.flatMap((press) => (press.acknowledged ? [press.index] : [])))
    const reached = stuck ? Math.max(-1, ...pressed) + 1 : questions
    if (stuck) count.stuck += 1
    QUESTION_IDS.forEach((question, index) => {
      const values = valuesOf.get(`${chat} ${question}`) ?? []
      count.double += Math.max(0, values.length - 1)
      count.wrong += values.filter((value) => !pressed.has(index) || value !== choiceOf(chat, index)).length
      if (values.length > 0) return
      if (acknowledged.has(index)) count.lost += 1
      else if (index < reached) count.skipped += 1
    })
  }
  return count
}
