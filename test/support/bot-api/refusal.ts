// How the fake says no: one error class with Telegram's status code and description, and a function for each kind of no.

/** Thrown by whatever checks a call; the caller sees it as `{ ok: false, error_code, description }`. */
export class Refusal extends Error {
  readonly status: number
  /** Seconds to wait, for 429 only. */
  readonly retryAfter: number | undefined

  constructor(status: number, description: string, retryAfter?: number) {
    super(description)
    this.name = 'Refusal'
    this.status = status
    this.retryAfter = retryAfter
  }
}

export function badRequest(reason: string): Refusal {
  return new Refusal(400, `Bad Request: ${reason}`)
}

export function forbidden(reason: string): Refusal {
  return new Refusal(403, `Forbidden: ${reason}`)
}

export function conflict(reason: string): Refusal {
  return new Refusal(409, `Conflict: ${reason}`)
}

export function tooManyRequests(seconds: number): Refusal {
  return new Refusal(429, `Too Many Requests: retry after ${seconds}`, seconds)
}
