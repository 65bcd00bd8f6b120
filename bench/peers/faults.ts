/** The three fault tests, by the same people for every contestant: double taps, redelivered updates, kill -9. */
import type pg from 'pg'
import { type BotApi, createBotApi, type Person } from '../../test/support/bot-api/index.js'
import type { Child } from '../child.js'
import { type Contestant, type Place, SECRET, TOKEN, webhookOf } from './contestants.js'
import type { createLook } from './look.js'
import { judge, type Row, type Verdict } from './verdict.js'
import { pause, type Walk, type Walking, walk } from './walker.js'

export type Sizes = {
  /** People who tap twice, and as many whose updates come again. */
  readonly faultPeople: number
  readonly questions: number
  readonly killedPeople: number
  readonly killedQuestions: number
}

export type FaultResult = {
  readonly double_tap: Verdict
  readonly redelivery: Verdict
  readonly kill: Verdict & { readonly kills: number; readonly tapped_again: number; readonly seconds: number }
  /** Calls with something in them that Telegram would ignore without a word. */
  readonly violations: number
}

const WALKS_WITHIN_MS = 60_000
const KILLED_WALKS_WITHIN_MS = 120_000
const SETTLED_WITHIN_MS = 25_000
/** A second tap of the same finger. */
const DOUBLE_TAP_MS = 300
/** A kill comes when this share of all answers is given, or after so long where they come slowly. */
const KILL_AT = [0.2, 0.45, 0.7]
const KILL_AFTER_MS = 20_000
let nextChat = 7_100_000_001

export async function testFaults(options: {
  readonly contestant: Contestant
  readonly placeFor: (api: string) => Promise<Place>
  readonly db: (place: Place) => pg.Pool
  readonly look: ReturnType<typeof createLook>
  readonly sizes: Sizes
  readonly keep: (child: Child) => Child
}): Promise<FaultResult> {
  const { contestant, sizes, look, keep } = options
  const api = await createBotApi({ token: TOKEN })
  const place = await options.placeFor(api.url)
  const db = options.db(place)
  const launch = async (): Promise<Child> => {
    const child = keep(contestant.start(place))
    await child.line()
    return child
  }
  let child = await launch()
  if (contestant.role !== 'ours') await setWebhook(api, webhookOf(place))

  const taken = new Set<number>()
  let read = 0
  const isTaken = (update: number): boolean => {
    const { deliveries } = api.webhook
    for (; read < deliveries.length; read += 1)
      if (deliveries[read]!.answer === 200) taken.add(deliveries[read]!.updateId)
    return taken.has(update)
  }
  const gather = (count: number): Person[] => {
    const first = nextChat
    nextChat += count
    return Array.from({ length: count }, (_, i) => api.person(first + i))
  }
  const walkAll = (people: readonly Person[], how: Omit<Walking, 'look' | 'isTaken'>): Promise<Walk[]> =>
    Promise.all(people.map((person) => walk(person, { look, isTaken, ...how })))
  const verdictOn = async (walks: readonly Walk[], questions: number): Promise<Verdict> => {
    await api.settled({ timeoutMs: SETTLED_WITHIN_MS, quietMs: 300 }).catch(() => {})
    const { rows } = await db.query<Row>(contestant.rows)
    return judge(
      rows,
      walks.map(({ chat, stuck, presses }) => ({
        chat,
        questions,
        stuck,
        presses: presses.map(({ index, update }) => ({ index, acknowledged: isTaken(update) })),
      })),
    )
  }

  try {
    const { faultPeople, questions, killedPeople, killedQuestions } = sizes
    const soon = () => ({ questions, deadline: performance.now() + WALKS_WITHIN_MS })
    const double = await walkAll(gather(faultPeople), { ...soon(), beside: tapTwice })
    const doubleVerdict = await verdictOn(double, questions)
    const redelivered = await walkAll(gather(faultPeople), { ...soon(), beside: deliverAgain })
    const redeliveredVerdict = await verdictOn(redelivered, questions)

    let answered = 0
    const began = performance.now()
    const walking = walkAll(gather(killedPeople), {
      questions: killedQuestions,
      deadline: began + KILLED_WALKS_WITHIN_MS,
      beside: async () => {
        answered += 1
      },
    })
    let over = false
    void walking.finally(() => {
      over = true
    })
    let kills = 0
    for (const share of KILL_AT) {
      const latest = performance.now() + KILL_AFTER_MS
      while (!over && answered < share * killedPeople * killedQuestions && performance.now() < latest) await pause(5)
      await kill(child)
      kills += 1
      child = await launch()
    }
    const killed = await walking
    const seconds = (performance.now() - began) / 1000
    const verdict = await verdictOn(killed, killedQuestions)
    const tapped_again = killed.reduce((sum, { again }) => sum + again, 0)
    return {
      double_tap: doubleVerdict,
      redelivery: redeliveredVerdict,
      kill: { ...verdict, kills, tapped_again, seconds: Number(seconds.toFixed(1)) },
      violations: api.violations.length,
    }
  } finally {
    await kill(child)
    await db.end()
    await api.stop()
  }
}

/** The same press under a new update, as a nervous finger makes it. */
async function tapTwice(person: Person, update: number): Promise<void> {
  await pause(spread(update) * DOUBLE_TAP_MS)
  person.resend(update)
}

/** The same update once more, as when the 200 is lost on its way; of every second one again when the person is further on. */
async function deliverAgain(person: Person, update: number, presses: Walk['presses']): Promise<void> {
  await pause(spread(update) * 20)
  person.redeliver(update)
  const earlier = presses.at(-3)
  if (earlier && presses.length % 2 === 0) person.redeliver(earlier.update)
}

/** From 0 to 1, spread evenly over consecutive numbers, and the same in every run. */
const spread = (seed: number): number => (seed * 0.618_033_988_75) % 1

async function kill(child: Child): Promise<void> {
  if (!child.alive()) return
  process.kill(child.pid, 'SIGKILL')
  while (child.alive()) await pause(2)
}

async function setWebhook(api: BotApi, url: string): Promise<void> {
  const response = await fetch(`${api.url}/bot${TOKEN}/setWebhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, secret_token: SECRET }),
  })
  if (!response.ok) throw new Error(`Expected the webhook to be set, got ${response.status}`)
}
