// Faults on order: the next calls that match fail, are answered late or lose their connection.
import type { Outcome } from './calls.js'

export type Fault = {
  /** Any method but getUpdates when left out. */
  readonly method?: string
  readonly chatId?: number
  /** 429, 403, 400, 500 … as JSON; 502, 503 and 504 as the page of the proxy in front of Telegram. */
  readonly status?: number
  readonly description?: string
  /** Seconds, for 429; 1 when left out. */
  readonly retryAfter?: number
  /** How many calls it strikes; 1 when left out. */
  readonly times?: number
  /** Resets the connection, before or after the call has taken effect. */
  readonly drop?: 'before' | 'after'
  /** Holds the call so long before anything else happens. */
  readonly delayMs?: number
}

export type FaultHandle = {
  /** How many calls it has struck so far. */
  struck(): number
  cancel(): void
}

export type Faults = {
  add(fault: Fault): FaultHandle
  /** The oldest fault that matches; each answer uses it up once. */
  take(method: string, chatId: number | undefined): Fault | undefined
}

export function createFaults(): Faults {
  const pending = new Set<{ readonly fault: Fault; left: number }>()
  return {
    add(fault) {
      const times = fault.times ?? 1
      const entry = { fault, left: times }
      pending.add(entry)
      return {
        struck: () => times - entry.left,
        cancel: () => {
          pending.delete(entry)
        },
      }
    },
    take(method, chatId) {
      if (pending.size === 0) return undefined
      for (const entry of pending) {
        if (!matches(entry.fault, method, chatId)) continue
        entry.left -= 1
        if (entry.left === 0) pending.delete(entry)
        return entry.fault
      }
      return undefined
    },
  }
}

/** What the bot gets instead of an answer, or undefined when the fault only delays or drops. */
export function faultOutcome(fault: Fault): Outcome | undefined {
  const { status, description } = fault
  if (status === undefined) return undefined
  if (status === 429) {
    const retryAfter = fault.retryAfter ?? 1
    return {
      kind: 'error',
      status,
      description: description ?? `Too Many Requests: retry after ${retryAfter}`,
      retryAfter,
    }
  }
  if (status >= 502 && status <= 504) {
    return { kind: 'error', status, description: description ?? PROXY_TITLES[status] ?? '', html: true }
  }
  return { kind: 'error', status, description: description ?? DEFAULT_DESCRIPTIONS[status] ?? `Error ${status}` }
}

const PROXY_TITLES: Readonly<Record<number, string>> = {
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
}

const DEFAULT_DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  409: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  500: 'Internal Server Error',
}

function matches(fault: Fault, method: string, chatId: number | undefined): boolean {
  if (fault.chatId !== undefined && fault.chatId !== chatId) return false
  if (fault.method === undefined) return method !== 'getUpdates'
  return fault.method.toLowerCase() === method.toLowerCase()
}
