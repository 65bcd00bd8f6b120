// Everything the methods act on, in one record.
import type { CallbackQueries } from './callback-queries.js'
import type { Clock } from './clock.js'
import type { FileStore } from './files.js'
import type { Params } from './params.js'
import type { Polling } from './polling.js'
import type { Profile } from './profile.js'
import type { Rooms } from './rooms.js'
import type { Report } from './text.js'
import type { User } from './types.js'
import type { UpdateQueue } from './updates.js'
import type { Webhook } from './webhook.js'

export type World = {
  readonly bot: User
  readonly clock: Clock
  readonly rooms: Rooms
  readonly queries: CallbackQueries
  readonly files: FileStore
  readonly profile: Profile
  readonly queue: UpdateQueue
  readonly polling: Polling
  readonly webhook: Webhook
  /** Milliseconds at which the server started. */
  readonly startedAt: number
  loggedOut: boolean
}

export type Invocation = {
  readonly params: Params
  /** Notes what Telegram would ignore in silence. */
  readonly report: Report
  /** Called with a listener for the moment the bot hangs up. */
  readonly onClose: (listener: () => void) => void
}

export type Answer = { readonly result: unknown; readonly description?: string }

export type Method = {
  /** In Telegram's spelling. */
  readonly name: string
  /** Every documented parameter, also those without any effect here. */
  readonly parameters: readonly string[]
  /** Returns the answer or throws a `Refusal`. */
  readonly run: (world: World, invocation: Invocation) => Answer | Promise<Answer>
}
