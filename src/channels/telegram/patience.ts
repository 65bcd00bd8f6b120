/**
 * Tells whoever waits for an input that it is not saved yet, within 3 seconds: each press by its toast, other inputs by one
 * message for an outage, which goes away again when everything of theirs is saved (decision 14). It never fails.
 */
import { LineTooLong, TooMuchInHand } from '../../app/in-order.js'
import { StoreFault } from '../../app/ports.js'
import type { Count } from '../../app/tally.js'
import type { Say } from '../../app/words.js'
import type { TelegramDriver } from './driver.js'

/** Longer than Redis may take (2 s), which then says itself that it is away; with Telegram's own time under 3 s. */
const PATIENCE_MS = 2_300
/** While the stores are known to be away: so that Telegram's connections are free for the next people. */
const PATIENCE_IN_TROUBLE_MS = 300
/** When that is forgotten, where nothing came that could have shown it. */
const TROUBLE_LASTS_MS = 10_000
/** A button that still turns then is answered in the response to its update as well. */
const HANGS_AFTER_MS = 1_000
/**
 * How long it is told that something is not saved, where no more is heard of it: most likely another process has saved it by then.
 * Longer than Telegram pauses before it brings something again.
 */
const TOLD_LASTS_MS = 2 * 60_000
/** How often somebody who sends more than is taken hears of it. */
const HURRY_EVERY_MS = 10_000
/** People who were told, presses that were answered, chats that wait; beyond that the oldest may be told once more. */
const MOST_REMEMBERED = 5_000

/** Who waits, for which update, and in which chat; `query`: the press to be answered. */
export type Waiting = { readonly update: number; readonly chat: number; readonly query: string | null }

export type Patience = {
  /**
   * Does some work for somebody (null: nobody waits for it), and resolves or rejects like it. `spoken`, which the work calls as soon
   * as its outcome is durable and is being shown, ends the patience; `late` is called where that ends by itself.
   */
  watch<T>(waiting: Waiting | null, work: (spoken: () => void) => Promise<T>, late?: () => void): Promise<T>
  /** Tells that there is too much in hand to begin with this; it will be brought again. */
  later(waiting: Waiting): Promise<void>
  /** Tells, now and then, somebody who sends too much that it is not taken at all. */
  turnAway(waiting: Waiting): Promise<void>
  /** Whether the press had its answer by a call, once that is known: false where it failed, or hangs. */
  wasAnswered(query: string): boolean | Promise<boolean>
}

type Told = {
  readonly updates: Set<number>
  readonly message: Promise<number | undefined>
  readonly lasts: NodeJS.Timeout
}

export function createPatience({
  call,
  say,
  count,
  now = () => performance.now(),
}: {
  call: TelegramDriver['call']
  /** In the language that is right where nobody can be looked up. */
  say: Say
  count: Count
  now?: () => number
}): Patience {
  const told = new Map<number, Told>()
  const answered = new Map<string, Promise<boolean>>()
  const hurriedUntil = new Map<number, number>()
  let troubleUntil = Number.NEGATIVE_INFINITY

  async function tell({ update, chat, query }: Waiting, text: string): Promise<void> {
    const before = told.get(chat)
    before?.updates.add(update)
    before?.lasts.refresh()
    if (query !== null) await toast(query, text)
    else if (!before) {
      const message = attempt('sendMessage', { chat_id: chat, text }).then(
        (sent) => (sent as { message_id?: number } | undefined)?.message_id,
      )
      const lasts = setTimeout(() => takeBack(chat, one), TOLD_LASTS_MS).unref()
      const one = { updates: new Set([update]), message, lasts }
      told.set(chat, one)
      drop(told, told.keys())
      await message
    }
  }

  async function toast(query: string, text: string): Promise<void> {
    if (answered.has(query)) return
    const taken = attempt('answerCallbackQuery', { callback_query_id: query, text }).then((done) => done !== undefined)
    const hangs = new Promise<boolean>((resolve) => setTimeout(resolve, HANGS_AFTER_MS, false).unref())
    answered.set(query, Promise.race([taken, hangs]))
    drop(answered, answered.keys())
    await taken
  }

  const notSaved = ({ query }: Waiting) => say(query === null ? 'fault.not_saved' : 'fault.not_saved_press')

  /** Once everything that they were told of is done, the message that says otherwise is taken away. */
  function settle({ update, chat }: Waiting): void {
    const one = told.get(chat)
    if (!one) return
    one.updates.delete(update)
    if (one.updates.size === 0) takeBack(chat, one)
  }

  function takeBack(chat: number, one: Told): void {
    clearTimeout(one.lasts)
    if (told.get(chat) === one) told.delete(chat)
    void one.message.then((id) => id !== undefined && attempt('deleteMessage', { chat_id: chat, message_id: id }))
  }

  const attempt = (method: string, payload: object): Promise<unknown> => call(method, payload).catch(() => undefined)

  const trouble = () => {
    troubleUntil = now() + TROUBLE_LASTS_MS
  }

  /** Nobody waits for what is told: the input may be brought again at once. */
  function failed(waiting: Waiting | null, error: unknown): void {
    if (error instanceof LineTooLong) {
      count('line_too_long')
      if (waiting && isHurried(waiting)) void tell(waiting, say('fault.in_line'))
      return
    }
    if (error instanceof TooMuchInHand) count('too_much_in_hand')
    else if (!(error instanceof StoreFault)) {
      if (waiting) settle(waiting)
      return
    } else if (error.retry) trouble()
    // A fault that does not pass is told of as well: it is tried again all the same, and nothing else answers.
    if (waiting) void tell(waiting, notSaved(waiting))
  }

  /** A flood is told of now and then, or the words about it would be one too. */
  function isHurried({ chat }: Waiting): boolean {
    if (now() < (hurriedUntil.get(chat) ?? Number.NEGATIVE_INFINITY)) return false
    hurriedUntil.delete(chat)
    hurriedUntil.set(chat, now() + HURRY_EVERY_MS)
    drop(hurriedUntil, hurriedUntil.keys())
    return true
  }

  return {
    async watch(waiting, work, late) {
      const began = now()
      const patience = began < troubleUntil ? PATIENCE_IN_TROUBLE_MS : PATIENCE_MS
      const timer = setTimeout(() => {
        count('late')
        trouble()
        if (waiting) void tell(waiting, notSaved(waiting))
        late?.()
      }, patience)
      let isSpoken = false
      const spoken = () => {
        isSpoken = true
        clearTimeout(timer)
      }
      try {
        const result = await work(spoken)
        if (now() - began < PATIENCE_MS) troubleUntil = Number.NEGATIVE_INFINITY
        if (waiting && told.size > 0) settle(waiting)
        return result
      } catch (error) {
        clearTimeout(timer)
        // What is being shown is saved, whatever fails after that.
        failed(isSpoken ? null : waiting, error)
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
    async later(waiting) {
      count('too_much_in_hand')
      await tell(waiting, notSaved(waiting))
    },
    async turnAway(waiting) {
      count('line_too_long')
      if (!isHurried(waiting)) return
      const text = say('fault.not_taken')
      if (waiting.query !== null) await toast(waiting.query, text)
      else await attempt('sendMessage', { chat_id: waiting.chat, text })
    },
    wasAnswered: (query) => answered.get(query) ?? false,
  }
}

/** Keeps a memory small: the oldest goes first. */
export function drop<K>(memory: { readonly size: number; delete(key: K): boolean }, keys: Iterable<K>): void {
  if (memory.size <= MOST_REMEMBERED) return
  for (const oldest of keys) {
    memory.delete(oldest)
    return
  }
}
