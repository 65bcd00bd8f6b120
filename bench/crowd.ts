/** People who answer: the load generator. It speaks Telegram's webhook protocol and waits for each 200 before the next tap. */
import { Pool } from 'undici'
import type { SeenCard } from './bot-api.js'
import { type Card, QUESTION_IDS, tapOf } from './script.js'

export type Someone = { readonly chat: number; readonly sheet: string; readonly card: number }

export type Round = {
  readonly seconds: number
  /** Time from tap to 200 of every answer, sorted. */
  readonly latencies: readonly number[]
  /** What was not a 200 with the acknowledgement of just that press. */
  readonly faults: readonly string[]
}

export type Crowd = {
  /** Somebody writes /start; resolves when it is acknowledged. */
  start(chat: number): Promise<void>
  /** One tap, which shows the card it stands on as Telegram does; resolves with what is wrong with the response. */
  tap(someone: Someone, index: number): Promise<string | undefined>
  /** Everybody answers everything, so many people at once. */
  answerAll(people: readonly Someone[], atOnce: number): Promise<Round>
  /** Cards to be shown in the updates, as they were drawn for one sheet. */
  show(cards: readonly Card[], sheet: string): void
  close(): Promise<void>
}

/** How a crowd before another bot than ours differs. */
export type Manners = {
  /** The data of the button that is tapped. */
  readonly dataOf: (someone: Someone, index: number) => string
  /** What is wrong with the response to a tap, if anything. */
  readonly judge: (reply: Readonly<Record<string, unknown>>, query: string) => string | undefined
  /** Called right before a tap is posted. */
  readonly onTap: (chat: number, query: string) => void
}

const OURS: Manners = {
  dataOf: ({ chat, sheet }, index) => tapOf(chat, index, sheet),
  judge: ({ method, callback_query_id }, query) =>
    method === 'answerCallbackQuery' && callback_query_id === query ? undefined : 'the press was not acknowledged',
  onTap: () => {},
}
const SECONDS_2026 = 1_795_305_600

/** A crowd in front of a webhook. The updates of all crowds have ids of their own. */
export function createCrowd(webhook: string, secret: string, { dataOf, judge, onTap }: Manners = OURS): Crowd {
  const { origin, pathname } = new URL(webhook)
  const pool = new Pool(origin, { pipelining: 1, connections: 100 })
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret }
  let shown: { readonly fields: string; readonly sheet: string }[] = []

  async function post(body: string): Promise<{ status: number; text: string }> {
    const response = await pool.request({ path: pathname, method: 'POST', headers, body })
    return { status: response.statusCode, text: await response.body.text() }
  }

  async function tap(someone: Someone, index: number): Promise<string | undefined> {
    const { chat, sheet, card } = someone
    const update = nextUpdate()
    const query = `${chat}0${update}`
    const { fields, sheet: drawnFor } = shown[index] ?? { fields: '', sheet }
    const message = `{"message_id":${card},"chat":${chatJson(chat)},"date":${SECONDS_2026}${fields.replaceAll(drawnFor, sheet)}}`
    onTap(chat, query)
    const { status, text } = await post(
      `{"update_id":${update},"callback_query":{"id":"${query}","from":${userJson(chat)},"message":${message},` +
        `"chat_instance":"${chat}77","data":"${dataOf(someone, index)}"}}`,
    )
    if (status !== 200) return `status ${status}`
    return judge(text === '' ? {} : (JSON.parse(text) as Record<string, unknown>), query)
  }

  return {
    tap,
    async start(chat) {
      const { status } = await post(
        `{"update_id":${nextUpdate()},"message":{"message_id":1,"from":${userJson(chat)},"chat":${chatJson(chat)},` +
          `"date":${SECONDS_2026},"text":"/start","entities":[{"type":"bot_command","offset":0,"length":6}]}}`,
      )
      if (status !== 200) throw new Error(`Expected /start to be taken, got ${status}`)
    },
    async answerAll(people, atOnce) {
      const latencies: number[] = []
      const faults: string[] = []
      const waiting = [...people]
      const began = performance.now()
      const work = async () => {
        for (let someone = waiting.shift(); someone; someone = waiting.shift())
          for (let index = 0; index < QUESTION_IDS.length; index += 1) {
            const from = performance.now()
            const fault = await tap(someone, index)
            latencies.push(performance.now() - from)
            if (fault) faults.push(fault)
          }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
      return { seconds: (performance.now() - began) / 1000, latencies: latencies.sort((a, b) => a - b), faults }
    },
    show(cards, sheet) {
      shown = cards.map(({ text, entities, reply_markup }) => ({
        fields: `,${JSON.stringify({ text, entities, reply_markup }).slice(1, -1)}`,
        sheet,
      }))
    },
    close: () => pool.close(),
  }
}

/** What a card that the Bot API shows looks like in the call that made it. */
export function asSent({ text, entities, buttons }: SeenCard): Card {
  return { text, entities, link_preview_options: { is_disabled: true }, reply_markup: { inline_keyboard: buttons } }
}

let updates = 500_000_000
const nextUpdate = () => (updates += 1)
const userJson = (chat: number) =>
  `{"id":${chat},"is_bot":false,"first_name":"Person ${chat}","language_code":"zh-hans"}`
const chatJson = (chat: number) => `{"id":${chat},"first_name":"Person ${chat}","type":"private"}`
