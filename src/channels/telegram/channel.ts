/**
 * Telegram as a channel: updates in, speeches out, by webhook or by polling, on either driver.
 * What all of Telegram shares stands in this folder, pure where it can be; the libraries stand beside it.
 */
import type { Log } from '../../app/desk.js'
import type { Dispatch } from '../../app/dispatch.js'
import { TooMuchInHand } from '../../app/in-order.js'
import type { Outlet } from '../../app/push.js'
import type { Inbound, Speech } from '../../app/speech.js'
import type { Count } from '../../app/tally.js'
import type { Locales } from '../../app/words.js'
import { looksLikeAction } from '../../core/action.js'
import { type RawUpdate, type TelegramDriver, TelegramFault } from './driver.js'
import { createInHand } from './in-hand.js'
import { introduce } from './introduce.js'
import { editCardText, type FileOf } from './message.js'
import { createPatience, type Waiting } from './patience.js'
import { isPassing, patientCall, watchedCall } from './patient-call.js'
import { cardPayload } from './payload.js'
import { createPush } from './push.js'
import { createReachability } from './reachability.js'
import { speakTo } from './speak.js'
import { tillFinished } from './till-finished.js'
import { addressOf, chatOf, type Read, readUpdate } from './update.js'

/** A method call that goes back as the body of the webhook's response; its result is never known. */
export type WebhookReply = { readonly method: string; readonly [field: string]: unknown }

/** How long an answer waits for the button to change. */
const LONGEST_REDRAW_MS = 1000

export type TelegramChannel = {
  /**
   * Handles one update; resolves with the acknowledgement of a press, where the update was one. Rejects like dispatch, and
   * with a `StoreFault` that may pass where it takes too long: then its work goes on, and it is to be brought again.
   */
  take(update: RawUpdate): Promise<WebhookReply | undefined>
  /** Same, makes the acknowledgement as a call of its own, and waits for its moment however long that takes. */
  takeAndAnswer(update: RawUpdate): Promise<void>
  /** Tells whose update it is that it is not taken, because it is one of too many. */
  turnAway(update: RawUpdate): Promise<void>
  /** Sets the menu and the descriptions in every language; failures are logged and do no harm. */
  introduce(): Promise<void>
  readonly push: Outlet['push']
  readonly editCard: Outlet['editCard']
  readonly call: TelegramDriver['call']
}

export function createTelegramChannel(options: {
  driver: TelegramDriver
  dispatch: Dispatch
  locales: Locales
  defaultLanguage: string
  log: Log
  wait: (milliseconds: number) => Promise<void>
  /** Told of every message that goes out in answer to somebody, and of every time that Telegram asks for patience then. */
  sent?: (address: string) => void
  flooded?: (milliseconds: number) => void
  /** Reads the uploads that messages show; the same one at every call. */
  fileOf?: FileOf
  /** Hears of what is refused. */
  count?: Count
}): TelegramChannel {
  const { driver, dispatch, locales, defaultLanguage, log, wait, fileOf } = options
  const { sent = () => {}, flooded = () => {}, count = () => {} } = options
  const once = watchedCall(driver.call, { sent: (chat) => sent(addressOf(chat)), flooded })
  const call = patientCall(once, wait)
  const spoke = createReachability(dispatch.reach, log)
  const say = locales.in(defaultLanguage)
  const patience = createPatience({ call: once, say, count })
  const inHand = createInHand<WebhookReply | undefined>()

  async function take(update: RawUpdate): Promise<WebhookReply | undefined> {
    const read = readUpdate(update)
    if (read.kind === 'ignored') return void count('not_for_us')
    if (read.kind === 'inbound' && isUnreadable(read)) return refuseButton(read)
    try {
      const reply = await inHand(update.update_id, (late) => begin(update, read, late))
      return reply ?? (read.kind === 'inbound' ? await answerOnce(read, null) : undefined)
    } catch (error) {
      if (error instanceof TooMuchInHand && read.kind === 'inbound') await patience.later(waiting(update, read))
      throw error
    }
  }

  async function takeToTheEnd(update: RawUpdate): Promise<WebhookReply | undefined> {
    const read = readUpdate(update)
    if (read.kind === 'ignored') return void count('not_for_us')
    return read.kind === 'inbound' && isUnreadable(read) ? refuseButton(read) : begin(update, read)
  }

  /** Something that was never a button of ours costs no more than this; what is an old one is shown the card as it is now. */
  function refuseButton({ query }: ReadInput): WebhookReply | undefined {
    count('unreadable_button')
    return query === null ? undefined : answerPayload(query, say('notice.button_outdated'))
  }

  function begin(update: RawUpdate, read: ReadInput | ReadReach, late?: () => void): Promise<WebhookReply | undefined> {
    const work = async (spoken: () => void) => {
      let reply: WebhookReply | undefined
      await driver.feed(update, async () => {
        if (read.kind === 'reach') await dispatch.reach(read.address, read.reachable)
        else reply = await answer(read, spoken)
      })
      return reply
    }
    return patience.watch(read.kind === 'inbound' ? waiting(update, read) : null, work, late)
  }

  async function answer({ inbound, chat, query }: ReadInput, spoken: () => void): Promise<WebhookReply | undefined> {
    // /start is what the app sends after an unblock, and perhaps makes the address in the first place.
    const starts = inbound.content.kind === 'command' && inbound.content.name === 'start'
    if (starts) await dispatch.reach(inbound.address, true)
    const noted = starts ? undefined : spoke(inbound)
    const toast = (await takeReceipt(inbound, chat, spoken)) ?? (await untilTold(inbound, chat, spoken))
    if (starts) await dispatch.reach(inbound.address, true)
    await noted
    return answerOnce({ query }, toast)
  }

  /** Telegram takes one answer to a press only: nothing where it was told of something meanwhile. */
  async function answerOnce({ query }: Pick<ReadInput, 'query'>, toast: string | null) {
    return query === null || (await patience.wasAnswered(query)) ? undefined : answerPayload(query, toast)
  }

  /**
   * Resolves with the toast: of a press whose answer is kept, as soon as its card is on the way to its place; of anything else, when
   * all is done (decision 17).
   */
  function untilTold(inbound: Inbound, chat: number, spoken: () => void): Promise<string | null> {
    return new Promise((resolve, reject) => {
      let told = false
      const tell = (toast: string | null) => {
        told = true
        resolve(toast)
      }
      converse(inbound, chat, spoken, tell).then(resolve, (fault: unknown) => {
        if (!told) return reject(fault)
        // Telegram does not bring it again, and its card may not be drawn.
        tillFinished(fault, () => converse(inbound, chat, spoken, tell), wait).catch(unfinished)
      })
    })
  }

  const unfinished = (fault: unknown) =>
    log.warn({ fault: fault instanceof Error ? fault.name : 'unknown' }, 'a press was answered and not finished')

  /** Resolves with the toast when all is done; `tell` may be called with it before. */
  async function converse(
    inbound: Inbound,
    chat: number,
    spoken: () => void,
    tell: (toast: string | null) => void,
  ): Promise<string | null> {
    let said: Speech | undefined
    const unreachable = () => dispatch.reach(addressOf(chat), false)
    const onWay = () => {
      if (said?.done && inbound.content.kind === 'press') tell(said.toast)
    }
    const speak = speakTo(chat, { call: once, wait, log, unreachable, onWay, ...(fileOf ? { fileOf } : {}) })
    await dispatch.handle(inbound, (speech, card, stillOurs) => {
      spoken()
      said = speech
      return speak(speech, card, stillOurs)
    })
    return said?.toast ?? null
  }

  /** Where somebody pressed that they have read a notice: notes it, and resolves with the toast. */
  async function takeReceipt(inbound: Inbound, chat: number, spoken: () => void): Promise<string | undefined> {
    const { content } = inbound
    const receipt = content.kind === 'press' ? await dispatch.acknowledge(inbound) : undefined
    if (!receipt || content.kind !== 'press') return undefined
    spoken()
    const { toast, rows } = receipt
    if (rows) {
      const { reply_markup } = cardPayload({ text: [], rows })
      const drawn = call('editMessageReplyMarkup', {
        chat_id: chat,
        message_id: Number(content.card),
        reply_markup,
      }).catch(refused('could not redraw a receipt'))
      // The answer does not wait for Telegram's patience to come back.
      await Promise.race([drawn, wait(LONGEST_REDRAW_MS)])
    }
    return toast
  }

  const refused = (message: string) => (error: unknown) => {
    const known = error instanceof TelegramFault ? { code: error.code, description: error.description } : {}
    log.debug(known, message)
  }

  /** Edits wait for nobody, but not less than they are told to. */
  let editsFrom = 0
  const editCard: Outlet['editCard'] = async (address, card, show) => {
    const chat = chatOf(address)
    if (chat === undefined) return 'refused'
    if (performance.now() < editsFrom) return 'later'
    try {
      await editCardText(once, chat, card, show)
      return 'shown'
    } catch (error) {
      refused('could not redraw a card')(error)
      if (!(error instanceof TelegramFault)) return 'refused'
      if (error.code === 429) editsFrom = performance.now() + (error.retryAfter ?? 1) * 1000
      return isPassing(error) ? 'later' : 'refused'
    }
  }

  return {
    take,
    async takeAndAnswer(update) {
      const reply = await takeToTheEnd(update)
      if (!reply) return
      const { method, ...payload } = reply
      await driver.call(method, payload).catch((error: unknown) => {
        if (!(error instanceof TelegramFault)) throw error
      })
    },
    async turnAway(update) {
      const read = readUpdate(update)
      if (read.kind === 'inbound') await patience.turnAway(waiting(update, read))
    },
    introduce: () => introduce(call, locales, defaultLanguage, log),
    push: createPush(driver.call, dispatch.reach, fileOf),
    editCard,
    call,
  }
}

type ReadInput = Extract<Read, { kind: 'inbound' }>
type ReadReach = Extract<Read, { kind: 'reach' }>

const waiting = ({ update_id: update }: RawUpdate, { chat, query }: ReadInput): Waiting => ({ update, chat, query })

const isUnreadable = ({ inbound: { content } }: ReadInput): boolean =>
  content.kind === 'press' && !looksLikeAction(content.data)

function answerPayload(query: string, text: string | null): WebhookReply {
  return { method: 'answerCallbackQuery', callback_query_id: query, ...(text === null ? {} : { text }) }
}
