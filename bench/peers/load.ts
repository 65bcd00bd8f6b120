/** People before one contestant: rounds of taps, and how long each took to its 200 and to its edit. */
import type { SeenCard } from '../bot-api.js'
import { asSent, type Crowd, createCrowd, type Someone } from '../crowd.js'
import { nextCard } from '../next-card.js'
import { type Card, choiceIndex, QUESTION_IDS } from '../script.js'
import type { Noted } from './bot-api.js'
import { now } from './clock.js'
import { SECRET, webhookOf } from './contestants.js'
import { sheetOf } from './look.js'

/** Asks the process that plays the Bot API. */
export type Ask = <T>(command: string) => Promise<T>

export type Timed = {
  readonly seconds: number
  /** Milliseconds from the tap to its 200 and to its edit, each sorted. */
  readonly latencies: readonly number[]
  readonly toEdit: readonly number[]
  /** What failed: a status, a press that nobody acknowledged, an edit that was not made. */
  readonly faults: readonly string[]
}

export type Load = {
  /** People who have answered, and how many questions each. */
  readonly walked: ReadonlyMap<number, number>
  /** New people who have all just written /start and see their first question. */
  gather(count: number): Promise<Someone[]>
  /** One person answers everything; resolves with all cards, which updates will show from then on. */
  record(): Promise<Card[]>
  /** Everybody answers everything, so many people at once, each as fast as they are answered. */
  closed(people: readonly Someone[], atOnce: number): Promise<Timed>
  /** Taps come at a fixed rate, whether or not those before are answered; timed from when they were due. */
  open(people: readonly Someone[], perSecond: number, seconds: number): Promise<Timed>
  close(): Promise<void>
}

type Acted = Omit<Timed, 'toEdit'> & {
  /** When taps were due, by chat, where that is not when they were posted. */
  readonly due?: ReadonlyMap<number, readonly number[]>
}

/** Edits that are made after the 200 have this long to arrive. */
const EDITS_ARRIVE_MS = 250
const FAULTS_TOLD = 3
let nextChat = 6_100_000_001

export function createLoad(port: number, ask: Ask): Load {
  const walked = new Map<number, number>()
  let drawnFor = ''
  let options: (readonly string[])[] = []
  let taps = new Map<number, number[]>()
  let unanswered = new Set<string>()

  const crowd: Crowd = createCrowd(webhookOf({ port }), SECRET, {
    dataOf: ({ chat, sheet }, index) => options[index]![choiceIndex(chat, index)]!.replace(drawnFor, sheet),
    judge({ method, callback_query_id }) {
      if (method === 'answerCallbackQuery') unanswered.delete(String(callback_query_id))
      return undefined
    },
    onTap(chat, query) {
      const times = taps.get(chat) ?? []
      times.push(now())
      taps.set(chat, times)
      unanswered.add(query)
    },
  })

  /** Everything about the taps that `act` makes. */
  async function timed(act: () => Promise<Acted>): Promise<Timed> {
    taps = new Map()
    unanswered = new Set()
    await ask('noted')
    const { seconds, latencies, faults, due = taps } = await act()
    await new Promise((resolve) => setTimeout(resolve, EDITS_ARRIVE_MS))
    const { edits, acknowledged } = await ask<Noted>('noted')
    for (const query of acknowledged) unanswered.delete(query)
    const toEdit: number[] = []
    let wrong = 0
    for (const [chat, times] of taps) {
      const arrived = edits[chat] ?? []
      walked.set(chat, times.length)
      wrong += Math.abs(arrived.length - times.length)
      // Somebody's taps follow each other, so their edits do.
      for (const [i, from] of due.get(chat)!.entries()) if (i < arrived.length) toEdit.push(arrived[i]! - from)
    }
    return {
      seconds,
      latencies,
      toEdit: toEdit.sort((a, b) => a - b),
      faults: [
        ...(faults.length > 0 ? [`${faults.length} taps failed: ${faults.slice(0, FAULTS_TOLD).join(', ')}`] : []),
        ...(unanswered.size > 0 ? [`${unanswered.size} presses were not acknowledged`] : []),
        ...(wrong > 0 ? [`${wrong} edits too few or too many`] : []),
      ],
    }
  }

  async function gather(count: number): Promise<Someone[]> {
    const first = nextChat
    nextChat += count
    await ask(`meet ${first} ${count}`)
    const gathered: Someone[] = []
    for (let chat = first; chat < first + count; chat += 1) {
      await crowd.start(chat)
      const card = await ask<SeenCard | null>(`card ${chat}`)
      if (!card) throw new Error('Expected a question after /start, got nothing')
      gathered.push({ chat, sheet: sheetOf(card.buttons), card: card.id })
    }
    return gathered
  }

  return {
    walked,
    gather,
    async record() {
      const [someone] = await gather(1)
      const { chat, sheet } = someone!
      drawnFor = sheet
      const cards: Card[] = []
      const look = () => ask<SeenCard>(`card ${chat}`)
      const keep = (card: SeenCard) => {
        cards.push(asSent(card))
        options = [...options, card.buttons.flat().map(({ callback_data }) => callback_data ?? '')]
        return card
      }
      let seen = keep(await look())
      for (let index = 0; index < QUESTION_IDS.length; index += 1) {
        const fault = await crowd.tap(someone!, index)
        if (fault) throw new Error(`Expected a tap to be taken, got ${fault}`)
        seen = keep(await nextCard(look, seen))
      }
      walked.set(chat, QUESTION_IDS.length)
      crowd.show(cards, sheet)
      return cards
    },
    closed: (people, atOnce) => timed(() => crowd.answerAll(people, atOnce)),
    open: (people, perSecond, seconds) => timed(() => answerAtRate(crowd, people, perSecond, seconds)),
    close: () => crowd.close(),
  }
}

async function answerAtRate(
  crowd: Crowd,
  people: readonly Someone[],
  perSecond: number,
  seconds: number,
): Promise<Acted> {
  const latencies: number[] = []
  const faults: string[] = []
  const dues = new Map(people.map(({ chat }) => [chat, [] as number[]]))
  const lines: Promise<void>[] = people.map(() => Promise.resolve())
  const began = now()
  for (let tap = 0; tap < perSecond * seconds; tap += 1) {
    const due = began + (tap * 1000) / perSecond
    if (due > now()) await new Promise((resolve) => setTimeout(resolve, due - now()))
    const who = tap % people.length
    dues.get(people[who]!.chat)!.push(due)
    // Nobody taps a question that they have not been asked yet, so whoever is not answered in time falls behind.
    lines[who] = lines[who]!.then(async () => {
      const fault = await crowd.tap(people[who]!, Math.floor(tap / people.length))
      latencies.push(now() - due)
      if (fault) faults.push(fault)
    })
  }
  await Promise.all(lines)
  return { seconds: (now() - began) / 1000, latencies: latencies.sort((a, b) => a - b), faults, due: dues }
}
