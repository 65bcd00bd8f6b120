// The way of every call, over HTTP or in a webhook's answer: recorded, delayed, struck by faults and limits, then carried out.
import type { CallBook, Outcome } from './calls.js'
import type { Delays } from './delays.js'
import { type Fault, type Faults, faultOutcome } from './faults.js'
import type { FloodControl } from './flood.js'
import type { RateLimiter } from './limits.js'
import { findMethod, isLimited, isSending } from './methods.js'
import type { Params } from './params.js'
import { Refusal, tooManyRequests } from './refusal.js'
import type { Method, World } from './world.js'

export type Execute = (
  methodName: string,
  params: Params,
  via: 'http' | 'webhook',
  onClose: (listener: () => void) => void,
) => Promise<Outcome>

/** Every call may repeat its method as a parameter; Telegraf does so in uploads. */
const METHOD_PARAMETER = 'method'

const NOT_FOUND: Outcome = { kind: 'error', status: 404, description: 'Not Found' }

export function createExecute(options: {
  readonly world: World
  readonly book: CallBook
  readonly faults: Faults
  readonly limiter: RateLimiter | undefined
  readonly flood: FloodControl
  readonly delays: Delays
  readonly latencyMs: number
}): Execute {
  const { world, book, faults, limiter, flood, delays, latencyMs } = options

  return async (methodName, params, via, onClose) => {
    const method = findMethod(methodName)
    const chatId = chatOf(world, params)
    const finish = book.begin(method?.name ?? methodName, params, chatId, via)
    let outcome: Outcome = { kind: 'error', status: 500, description: 'Fault of the fake' }
    try {
      outcome = method === undefined ? NOT_FOUND : await pass(method, params, chatId, onClose)
      return outcome
    } finally {
      finish(outcome)
    }
  }

  async function pass(
    method: Method,
    params: Params,
    chatId: number | undefined,
    onClose: (listener: () => void) => void,
  ): Promise<Outcome> {
    const fault = faults.take(method.name, chatId)
    const delay = latencyMs + (fault?.delayMs ?? 0)
    const isStopped = delay > 0 && !(await delays.wait(delay))
    if (isStopped || fault?.drop === 'before') return { kind: 'dropped', when: 'before' }
    const struck = fault?.drop === undefined ? struckBy(fault) : undefined
    if (struck !== undefined) {
      if (struck.kind === 'error') impose(method, chatId, struck.retryAfter)
      return struck
    }
    if (world.loggedOut) return { kind: 'error', status: 400, description: 'Logged out' }
    const outcome = await carryOut(method, params, chatId, onClose)
    return fault?.drop === 'after' ? { kind: 'dropped', when: 'after' } : outcome
  }

  function impose(method: Method, chatId: number | undefined, seconds: number | undefined): void {
    if (seconds !== undefined && chatId !== undefined && isSending(method)) flood.impose(chatId, seconds)
  }

  /** Seconds that a call comes too early. */
  function waitOf(method: Method, chatId: number): number | undefined {
    const imposed = isSending(method) ? flood.left(chatId) : undefined
    if (imposed !== undefined) return imposed
    const wait = isLimited(method) ? limiter?.admit(chatId) : undefined
    impose(method, chatId, wait)
    return wait
  }

  async function carryOut(
    method: Method,
    params: Params,
    chatId: number | undefined,
    onClose: (listener: () => void) => void,
  ): Promise<Outcome> {
    const report = (parameter: string, note: string): void => book.report({ method: method.name, parameter, note })
    for (const name of [...Object.keys(params.values), ...params.files.keys()]) {
      const known = method.parameters.includes(name) || name === METHOD_PARAMETER || isAttached(params, name)
      if (!known) report(name, 'unknown parameter')
    }
    try {
      const wait = chatId === undefined ? undefined : waitOf(method, chatId)
      if (wait !== undefined) throw tooManyRequests(wait)
      const answer = await method.run(world, { params, report, onClose })
      return { kind: 'ok', ...answer }
    } catch (error) {
      if (error instanceof Refusal) return toOutcome(error)
      throw error
    }
  }
}

export function toOutcome(refusal: Refusal): Outcome {
  const { status, message: description, retryAfter } = refusal
  return { kind: 'error', status, description, ...(retryAfter === undefined ? {} : { retryAfter }) }
}

function struckBy(fault: Fault | undefined): Outcome | undefined {
  return fault === undefined ? undefined : faultOutcome(fault)
}

/** Before any check: faults and the record want the chat even of a call that will be refused. */
function chatOf(world: World, params: Params): number | undefined {
  const { chat_id, callback_query_id } = params.values
  if (typeof callback_query_id === 'string') return world.queries.chatOf(callback_query_id)
  const id = typeof chat_id === 'string' && chat_id !== '' ? Number(chat_id) : chat_id
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined
}

/** A file part under a name of its own is no parameter when another points at it with `attach://`. */
function isAttached(params: Params, name: string): boolean {
  return params.files.has(name) && Object.values(params.values).includes(`attach://${name}`)
}
