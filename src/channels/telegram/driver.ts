/**
 * What Telegram needs from a bot library: raw updates in, raw method calls out. Two libraries stand behind this type, and
 * one contract suite runs on both, so nothing else in the program can come to know either of them.
 */
export type TelegramFile = {
  readonly field: string
  readonly name: string
  readonly mime: string
  readonly bytes: Uint8Array
}

/** An update as the Bot API sends it; read by update.ts, which trusts none of it. */
export type RawUpdate = { readonly update_id: number; readonly [key: string]: unknown }

export type TelegramDriver = {
  /** The bot's name without `@`, as Telegram told it when the driver was made. */
  readonly username: string
  /**
   * One Bot API call; resolves with its `result`, of edits perhaps just with `edit_date`, of these and of deletions perhaps with
   * `true`. Rejects with a `TelegramFault`. `onWay` is called when the whole call is with the operating system, so that it will be made
   * even if this process ends; a library that does not tell never calls it.
   */
  call(method: string, payload: object, file?: TelegramFile, onWay?: () => void): Promise<unknown>
  /** Passes an update through the library to `take`; rejects where `take` rejects. */
  feed(update: RawUpdate, take: (update: RawUpdate) => Promise<void>): Promise<void>
  /** Lets go of open connections. */
  close(): Promise<void>
}

/**
 * How long an answer may be missing; a dead connection must not hold a person's line for the libraries' 500 s. Telegram
 * holds a getUpdates open for 25 s by itself, and looks into an uploaded file before it answers.
 */
export const TIMEOUTS_MS = { call: 15_000, getUpdates: 45_000, upload: 60_000 }

/** Why a call failed: Telegram said no (with its code and words), or it could not be asked. Never holds the token. */
export class TelegramFault extends Error {
  /** HTTP-like code of the refusal; 0 where no answer came at all. */
  readonly code: number
  readonly description: string
  /** Seconds that Telegram asks to wait; present on 429. */
  readonly retryAfter: number | undefined
  constructor(code: number, description: string, retryAfter?: number) {
    super(`Telegram answered ${code}: ${description}`)
    this.name = 'TelegramFault'
    this.code = code
    this.description = description
    this.retryAfter = retryAfter
  }
}

/** The person has blocked the bot, or their account or chat is no more. */
export const isGone = ({ code, description }: TelegramFault): boolean =>
  code === 403 || (code === 400 && /chat not found|user is deactivated/i.test(description))

/**
 * An update on its way through a library carries whoever fed it. A map of them would cost more than the update: what a busy map
 * held when it grew, V8 keeps alive until its next full sweep, and with it all that was at hand when the update came.
 */
const TAKER = Symbol('taker')
type Fed = RawUpdate & { [TAKER]?: () => Promise<void> }

/** Lets a middleware hand each update to the caller that fed it; failures pass by the library untouched. */
export const handover = {
  middleware: async (update: object): Promise<void> => (update as Fed)[TAKER]?.(),
  async feed(update: RawUpdate, take: (update: RawUpdate) => Promise<void>, library: () => Promise<unknown>) {
    let outcome: Promise<void> | undefined
    const fed: Fed = update
    fed[TAKER] = () => {
      outcome = take(update)
      return outcome.catch(() => {}) // the library need not know: the caller hears of it below
    }
    await library()
    if (!outcome) throw new Error('Expected the bot library to pass the update on')
    await outcome
  },
}
