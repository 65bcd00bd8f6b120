/** The cards that people have before them: what updates show, and a message in each chat that can be edited. */
import { Pool } from 'undici'
import { decodeAction } from '../../src/core/action.js'
import type { SeenCard } from '../bot-api.js'
import { asSent } from '../crowd.js'
import { nextCard } from '../next-card.js'
import { type Card, QUESTION_IDS } from '../script.js'
import { startBots } from './bots.js'
import { type Site, TOKEN } from './site.js'
import { answering } from './tapper.js'

const WALKER = 6_299_999_999
const CALLS_AT_ONCE = 50

export type Cards = { readonly cards: readonly Card[]; readonly sheet: string }

/** One person answers everything before the program, and every card is kept. */
export async function recordCards(site: Site): Promise<Cards> {
  const { url } = await site.database('walk')
  const bots = await startBots(site, 1, url)
  await site.ask(`meet ${WALKER}`)
  await bots.start(WALKER)
  const shown = () => site.ask<SeenCard | null>(`card ${WALKER}`)
  const first = await shown()
  const action = decodeAction(first?.buttons[0]?.[0]?.callback_data ?? '')
  if (!first || action?.do !== 'answer')
    throw new Error(`Expected a question after /start, got ${JSON.stringify(first)}`)
  let seen = first
  const cards = [asSent(seen)]
  const walker = answering({ chat: WALKER, sheet: action.sheet, card: first.id, person: '' }, [...QUESTION_IDS.keys()])
  for (let press = walker.plan(0); press; press = walker.plan(walker.taps)) {
    const fault = await bots.tap(walker, press)
    if (fault) throw new Error(`Expected the bot to take a tap, got ${fault}\n${bots.children[0]!.log()}`)
    seen = await nextCard(shown, seen)
    cards.push(asSent(seen))
  }
  await bots.stop()
  return { cards, sheet: action.sheet }
}

/** The bot sends a card to each of these chats; resolves with its id in each, which is 1 where it is the first message. */
export async function dealCards(
  { apiUrl }: Site,
  chats: readonly number[],
  { cards }: Cards,
): Promise<ReadonlyMap<number, number>> {
  const pool = new Pool(apiUrl, { connections: CALLS_AT_ONCE })
  const { text, entities, reply_markup } = cards[0]!
  const headers = { 'content-type': 'application/json' }
  const ids = new Map<number, number>()
  const waiting = chats.values()
  const lane = async () => {
    for (const chat_id of waiting) {
      const body = JSON.stringify({ chat_id, text, entities, reply_markup })
      const response = await pool.request({ method: 'POST', path: `/bot${TOKEN}/sendMessage`, headers, body })
      const { result } = (await response.body.json()) as { result: { message_id: number } }
      ids.set(chat_id, result.message_id)
    }
  }
  try {
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, lane))
    return ids
  } finally {
    await pool.close()
  }
}
