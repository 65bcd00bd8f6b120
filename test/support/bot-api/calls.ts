// The record of what the bot has called, and of what it said that Telegram silently ignores.
import type { Clock } from './clock.js'
import type { Params } from './params.js'

export type Outcome =
  | { readonly kind: 'ok'; readonly result: unknown; readonly description?: string }
  | {
      readonly kind: 'error'
      readonly status: number
      readonly description: string
      readonly retryAfter?: number
      /** A page of the proxy in front of Telegram instead of JSON. */
      readonly html?: true
    }
  /** The connection was reset; `after` says that the effect took place all the same. */
  | { readonly kind: 'dropped'; readonly when: 'before' | 'after' }

export type Call = {
  /** In Telegram's spelling, such as `sendMessage`, however the bot wrote it. */
  readonly method: string
  readonly payload: Readonly<Record<string, unknown>>
  /** The chat the call is about; for answers to presses the chat of the press. */
  readonly chatId: number | undefined
  /** Milliseconds on the fake's clock at arrival. */
  readonly at: number
  /** Undefined while the call is under way. */
  readonly result: Outcome | undefined
  readonly via: 'http' | 'webhook'
}

/** Something the bot sent that Telegram would ignore without a word. */
export type Violation = { readonly method: string; readonly parameter: string; readonly note: string }

export type CallBook = {
  readonly calls: readonly Call[]
  readonly violations: readonly Violation[]
  begin(method: string, params: Params, chatId: number | undefined, via: Call['via']): (outcome: Outcome) => void
  report(violation: Violation): void
  /** Calls under way (long polls aside), of one chat or of all. */
  underWay(chatId?: number): number
  /** Calls done so far by method and outcome, such as `{ 'sendMessage ok': 12 }`. */
  tally(): Readonly<Record<string, number>>
}

export function createCallBook(options: {
  readonly clock: Clock
  readonly remember: boolean
  readonly onChange: () => void
  readonly onCall?: ((call: Call) => void) | undefined
}): CallBook {
  const calls: Call[] = []
  const violations: Violation[] = []
  const done: Record<string, number> = {}
  const open = new Map<number | undefined, number>()
  let openCount = 0

  const shift = (chatId: number | undefined, by: 1 | -1): void => {
    const count = (open.get(chatId) ?? 0) + by
    if (count === 0) open.delete(chatId)
    else open.set(chatId, count)
    openCount += by
  }

  return {
    calls,
    violations,
    begin(method, params, chatId, via) {
      const files = [...params.files].map(([name, file]) => [name, `${file.name} (${file.bytes.length} bytes)`])
      const payload = files.length === 0 ? params.values : { ...params.values, ...Object.fromEntries(files) }
      const call = { method, payload, chatId, at: options.clock.now(), result: undefined as Outcome | undefined, via }
      if (options.remember) calls.push(call)
      const counted = method !== 'getUpdates'
      if (counted) shift(chatId, 1)
      options.onChange()
      return (outcome) => {
        call.result = outcome
        options.onCall?.(call)
        const key = `${method} ${outcome.kind === 'error' ? outcome.status : outcome.kind}`
        done[key] = (done[key] ?? 0) + 1
        if (counted) shift(chatId, -1)
        options.onChange()
      }
    },
    report: (violation) => {
      if (options.remember) violations.push(violation)
    },
    underWay: (chatId) => (chatId === undefined ? openCount : (open.get(chatId) ?? 0)),
    tally: () => ({ ...done }),
  }
}
