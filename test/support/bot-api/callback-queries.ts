// Presses of buttons that wait for an answer. Each can be answered once and grows too old.
import { randomInt } from 'node:crypto'
import type { Clock } from './clock.js'

export type ClientAnswer = {
  readonly queryId: string
  readonly text: string | undefined
  readonly showAlert: boolean
  readonly url: string | undefined
  readonly at: number
}

export type CallbackQueries = {
  /** Opens a query of a chat and returns its identifier. */
  open(chatId: number): string
  chatOf(queryId: string): number | undefined
  /** False when the query is unknown, answered or too old. */
  answer(queryId: string, answer: Omit<ClientAnswer, 'queryId' | 'at'>): boolean
  /** What the person's app has shown, in order. */
  answersIn(chatId: number): readonly ClientAnswer[]
}

export function createCallbackQueries(options: {
  readonly clock: Clock
  readonly lifetimeMs: number
  /** Takes identifiers this server has never given out, for callers that make up their own updates. */
  readonly acceptUnknown: boolean
}): CallbackQueries {
  const { clock } = options
  const queries = new Map<string, { readonly chatId: number; readonly openedAt: number; answered: boolean }>()
  const answers = new Map<number, ClientAnswer[]>()
  const prefix = String(randomInt(1e8, 1e9))
  let count = 0
  return {
    open(chatId) {
      count += 1
      const id = `${prefix}${String(count).padStart(9, '0')}`
      queries.set(id, { chatId, openedAt: clock.now(), answered: false })
      return id
    },
    chatOf: (queryId) => queries.get(queryId)?.chatId,
    answer(queryId, answer) {
      const query = queries.get(queryId)
      if (query === undefined) return options.acceptUnknown
      if (query.answered || clock.now() - query.openedAt > options.lifetimeMs) return false
      query.answered = true
      const shown = answers.get(query.chatId) ?? []
      shown.push({ queryId, ...answer, at: clock.now() })
      answers.set(query.chatId, shown)
      return true
    },
    answersIn: (chatId) => answers.get(chatId) ?? [],
  }
}
