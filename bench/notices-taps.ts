/** Workers who answer at a steady rate, whether the bot keeps up or not (an open loop), and how long that took. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeenCard } from './bot-api.js'
import { percentile, rounded } from './figures.js'
import type { Bots } from './notices-bots.js'
import { clockNow } from './notices-clock.js'
import { choiceOf, QUESTION_IDS, tapOf } from './script.js'

export type Worker = { readonly chat: number; readonly sheet: string; readonly card: SeenCard; next: number }
/** Times on the bench's clock. */
export type Tap = {
  readonly chat: number
  readonly sheet: string
  readonly question: string
  readonly value: string
  readonly at: number
  readonly answered: number
  readonly tries: number
  /** What was wrong with the response. */
  readonly fault: string | undefined
}

/** Above the updates that the fake delivers itself. */
let updates = 500_000_000

/** Taps until `isOver`, so many a second, each by the next worker in turn; resolves when all are answered. */
export async function tapSteadily(
  bots: Bots,
  workers: readonly Worker[],
  perSecond: number,
  isOver: () => boolean,
): Promise<Tap[]> {
  const began = performance.now()
  const running: Promise<Tap>[] = []
  for (let n = 0; !isOver(); n += 1) {
    await sleep(Math.max(0, began + (n * 1000) / perSecond - performance.now()))
    const worker = workers[n % workers.length]!
    if (worker.next >= QUESTION_IDS.length)
      throw new Error('Expected questions for all taps; there are too few workers')
    running.push(tap(bots, worker, worker.next++))
  }
  return Promise.all(running)
}

async function tap(bots: Bots, { chat, sheet, card }: Worker, index: number): Promise<Tap> {
  updates += 1
  const update = updates
  const query = `${chat}0${update}`
  const user = { id: chat, first_name: `Person ${chat}` }
  const { id: message_id, text, entities, buttons } = card
  const message = { message_id, chat: { ...user, type: 'private' }, date: 1_795_305_600, text, entities }
  const callback_query = {
    id: query,
    from: { ...user, is_bot: false, language_code: 'zh-hans' },
    message: { ...message, reply_markup: { inline_keyboard: buttons } },
    chat_instance: `${chat}77`,
    data: tapOf(chat, index, sheet),
  }
  const at = clockNow()
  const { tries, text: answer } = await bots.post(JSON.stringify({ update_id: update, callback_query }))
  const { method, callback_query_id } = (answer === '' ? {} : JSON.parse(answer)) as Record<string, unknown>
  const sound = method === 'answerCallbackQuery' && callback_query_id === query
  const fault = sound ? undefined : `a press was not acknowledged, got ${answer.slice(0, 200)}`
  const question = QUESTION_IDS[index]!
  return { chat, sheet, question, value: choiceOf(chat, index), at, answered: clockNow(), tries, fault }
}

export type TapFigures = {
  readonly taps: number
  readonly redelivered: number
  /** Update → 200, and update → the edit's arrival at the Bot API; milliseconds. */
  readonly to_200: { readonly p50: number; readonly p95: number; readonly max: number }
  readonly to_edit: { readonly p50: number; readonly p95: number; readonly max: number }
  readonly without_edit: number
}

/** `edits`: arrivals of edits by chat, in order. A worker's taps never overlap, so the first edit after a tap is its own. */
export function tapFigures(taps: readonly Tap[], edits: ReadonlyMap<number, readonly number[]>): TapFigures {
  const toEdit = taps.flatMap(({ chat, at }) => {
    const edit = edits.get(chat)?.find((arrived) => arrived >= at)
    return edit === undefined ? [] : [edit - at]
  })
  return {
    taps: taps.length,
    redelivered: taps.filter(({ tries }) => tries > 1).length,
    to_200: spread(taps.map(({ at, answered }) => answered - at)),
    to_edit: spread(toEdit),
    without_edit: taps.length - toEdit.length,
  }
}

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => (sorted.length === 0 ? 0 : rounded(percentile(sorted, share), 1))
  return { p50: at(0.5), p95: at(0.95), max: at(1) }
}
