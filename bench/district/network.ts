/** Telegram's side of the webhook, over a bad network: brings every update until it is taken, twice, late, or out of order. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bots } from './bots.js'
import { draw } from './dice.js'
import type { Phones } from './phones.js'
import { type Fate, fateOf, SMOOTH } from './plan.js'

export type Brought = {
  readonly update: number
  readonly sent: number
  /** Resolves with the time of the first 200; undefined where it was given up. */
  readonly taken: Promise<number | undefined>
}
/** Makes the body of an update; called once more where it is sent anew. */
export type Letter = (update: number) => { readonly body: string; readonly query: string | undefined }

export type Network = {
  smooth: boolean
  /** How often each thing befell an update. */
  readonly faults: Record<string, number>
  /** What was wrong with the answers to updates. */
  readonly broken: string[]
  /** `sentAnew` hears of a press or message that comes under another id. */
  bring(chat: number, nth: number, letter: Letter, sentAnew: (brought: Brought) => void): Brought
}

const FIRST_PAUSE_MS = 30
const LONGEST_PAUSE_MS = 1_000
const GIVEN_UP_AFTER_MS = 150_000
const FAULTS_KEPT = 5

export function createNetwork(bots: Bots, phones: Pick<Phones, 'answered'>, seed: number): Network {
  // Above all that the Bot API may have given out itself.
  let updates = 500_000_000

  const network: Network = {
    smooth: false,
    faults: {},
    broken: [],
    bring(chat, nth, letter, sentAnew) {
      const fate = network.smooth ? SMOOTH : fateOf(seed, chat, nth)
      for (const kind of ['again', 'resent', 'cut'] as const) if (fate[kind] !== undefined) count(kind)
      if (fate.delay > 10) count('late')
      const brought = post(letter, fate)
      const { resent } = fate
      if (resent !== undefined)
        // Its number is given out when it is sent: it is a new update.
        void sleep(resent).then(() => sentAnew(post(letter, SMOOTH)))
      return brought
    },
  }
  return network

  function post(letter: Letter, fate: Fate): Brought {
    updates += 1
    const update = updates
    const { body, query } = letter(update)
    const taken = keepTrying(update, body, query, fate)
    if (fate.again !== undefined) {
      const { again } = fate
      void sleep(fate.delay + again).then(() => bots.deliver(body, draw(seed, update, 41)))
    }
    return { update, sent: performance.now(), taken }
  }

  async function keepTrying(update: number, body: string, query: string | undefined, fate: Fate) {
    if (fate.delay > 0) await sleep(fate.delay)
    const end = performance.now() + GIVEN_UP_AFTER_MS
    for (let tries = 0; performance.now() < end; tries += 1) {
      if (tries > 0) {
        count('redelivered')
        await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS))
      }
      if (tries === 0 && fate.cut === 'before') continue
      const cut = tries === 0 && typeof fate.cut === 'number' ? AbortSignal.timeout(fate.cut) : undefined
      const text = await bots.deliver(body, draw(seed, update, tries, 42), cut)
      if (text === undefined) continue
      const at = performance.now()
      await judge(query, text)
      return at
    }
    return undefined
  }

  /** A press must be acknowledged, by a call or in the answer, or the person's button would go on turning. */
  async function judge(query: string | undefined, text: string): Promise<void> {
    const reply = (text === '' ? {} : JSON.parse(text)) as { method?: string; callback_query_id?: string }
    const sound =
      query === undefined || reply.method === undefined
        ? reply.method === undefined && (query === undefined || (await phones.answered(query)))
        : reply.method === 'answerCallbackQuery' && reply.callback_query_id === query
    if (!sound && network.broken.length < FAULTS_KEPT)
      network.broken.push(`an update was answered with ${text.slice(0, 120)}`)
  }

  function count(kind: string): void {
    network.faults[kind] = (network.faults[kind] ?? 0) + 1
  }
}
