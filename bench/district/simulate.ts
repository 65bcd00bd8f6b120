/** A district from its first tap to its last submitted sheet, in shifts of people, and what became of everything they meant. */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { rounded } from '../figures.js'
import { type Bots, startBots } from './bots.js'
import { finish } from './finish.js'
import { ledgersOf } from './ledgers.js'
import { createNetwork } from './network.js'
import { createPerson, type Person } from './person.js'
import { startPhones } from './phones.js'
import {
  CALAMITY_KINDS,
  type Calamity,
  type CalamityKind,
  calamitiesOf,
  hashInto,
  planOf,
  type Step,
  startHash,
} from './plan.js'
import { type Stores, startStores } from './stores.js'
import { lieOf } from './truth.js'
import { judge, type Span } from './verdict.js'

/** `slips`: people type while they wait for a card, and send what they typed twice. */
export const FAULT_KINDS = ['network', 'api', 'slips', ...CALAMITY_KINDS] as const
export type FaultKind = (typeof FAULT_KINDS)[number]
export type Options = {
  readonly taps: number
  /** At once; when a shift has submitted everything, the next people come. */
  readonly people: number
  readonly processes: number
  readonly seed: number
  readonly faults: readonly FaultKind[]
  /** Taps between two calamities. */
  readonly every?: number
  readonly progress?: (line: string) => void
}

const TOKEN = '700100:BENCH-token'
const SECRET = 'a-secret-of-the-bench'
const FIRST_CHAT = 6_100_000_001
/** More than a sheet has questions, so that some get to its end and correct. */
const TAPS_A_PERSON = 150
const TAPS_BETWEEN_CALAMITIES = 1_000
/** Longer than the bot's own pauses between two tries of a call, and than it leaves a dead process's cards as they are. */
const QUIET_MS = 8_000
const LONGEST_WAIT_MS = 180_000
const TOLD = 10

type Found = Record<'lost' | 'duplicated' | 'misplaced' | 'stuck' | 'wrong_cards', string[]>

export async function simulate(options: Options) {
  const { taps, people, processes, seed, faults, every = TAPS_BETWEEN_CALAMITIES, progress = () => {} } = options
  const closers: (() => Promise<unknown>)[] = []
  const found: Found = { lost: [], duplicated: [], misplaced: [], stuck: [], wrong_cards: [] }
  const broken: string[] = []
  /** Told at once, since a long run ends long after. */
  const note = (what: keyof Found, one: string) => {
    found[what].push(one)
    progress(`${what}: ${one}`)
  }
  try {
    const stores = await startStores()
    closers.push(() => stores.stop())
    const phones = await startPhones(TOKEN, seed)
    closers.push(() => phones.stop())
    const bots = await startBots(processes, SECRET, {
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: phones.url,
      ...stores.env,
      LOG_LEVEL: 'warn',
    })
    let exits: (number | null)[] = []
    const stopBots = async () => {
      exits = await bots.stop()
    }
    closers.push(stopBots)
    const network = createNetwork(bots, phones, seed)
    const kinds = CALAMITY_KINDS.filter((kind) => faults.includes(kind))
    const calamities = calamitiesOf(seed, taps, every, kinds)
    const hash = startHash(calamities)
    const befall = calamityOf(bots, stores)
    const done = { taps: 0, people: 0, finishing: 0, calamities: {} as Record<string, number>, rows: 0 }
    const began = performance.now()
    let storming = 0
    let next = 0

    const everybody = Math.ceil(taps / TAPS_A_PERSON)
    // As many in each shift, so that the last one is no lonely few.
    const together = Math.ceil(everybody / Math.ceil(everybody / people))
    for (let n = 0; n < everybody; ) {
      const here: { person: Person; plan: Step[] }[] = []
      for (; n < everybody && here.length < together; n += 1) {
        const plan = planOf(seed, n, Math.min(TAPS_A_PERSON, taps - n * TAPS_A_PERSON))
        hashInto(hash, seed, n, plan)
        here.push({ person: createPerson(FIRST_CHAT + n, phones, network, faults.includes('slips')), plan })
      }
      done.people += here.length
      await shift(here)
    }
    const tally = await phones.tally()
    const memory = bots.memoryMb()
    await stopBots()
    closers.splice(closers.indexOf(stopBots), 1)
    if (exits.some((code) => code !== 0)) broken.push(`a bot ended with ${exits.join(', ')}: ${bots.log()}`)
    broken.push(...network.broken, ...tally.violations.map((one) => `Telegram would have ignored ${one}`))
    for (const [what, cases] of Object.entries(found)) if (cases.length > 0) broken.push(`${what}: ${cases.length}`)
    return {
      bench: 'district',
      node: process.version,
      cores: availableParallelism(),
      seed,
      processes,
      taps: done.taps,
      finishing_taps: done.finishing,
      people: done.people,
      rows: done.rows,
      seconds: rounded((performance.now() - began) / 1000, 1),
      taps_per_second: rounded(done.taps / storming, 0),
      faults: { ...network.faults, ...tally.faults, ...done.calamities },
      lost: found.lost.length,
      duplicated: found.duplicated.length,
      misplaced: found.misplaced.length,
      stuck: found.stuck.length,
      wrong_cards: found.wrong_cards.length,
      input_hash: hash.digest('hex').slice(0, 16),
      peak_rss_mb: memory,
      cases: Object.fromEntries(Object.entries(found).map(([what, cases]) => [what, cases.slice(0, TOLD)])),
      broken,
      ok: broken.length === 0,
    }

    async function shift(here: readonly { person: Person; plan: Step[] }[]): Promise<void> {
      const spans: Span[] = []
      let falling: Promise<unknown> = Promise.resolve()
      const from = performance.now()
      network.smooth = !faults.includes('network')
      await phones.storm(faults.includes('api'))
      const telling = setInterval(() => progress(`${done.taps} taps by ${done.people} people`), 10_000)
      await Promise.all(
        here.map(async ({ person, plan }) => {
          await person.write('/start', { kind: 'none' })
          for (const step of plan) {
            const before = person.taps()
            await person.live(step)
            done.taps += person.taps() - before
            for (; next < calamities.length && calamities[next]!.at <= done.taps; next += 1) {
              const calamity = calamities[next]!
              falling = falling.then(() => befallen(calamity, spans))
            }
          }
        }),
      )
      clearInterval(telling)
      await falling
      network.smooth = true
      await phones.storm(false)
      await quiet(here.map(({ person }) => person))
      storming += (performance.now() - from) / 1000
      const ledgers = await ledgersOf(
        stores.db,
        here.map(({ person }) => person.chat),
      )
      await Promise.all(
        here.map(async ({ person }) => {
          const lie = lieOf(await person.card(), ledgers.get(person.chat)?.rows ?? [])
          if (lie) note('wrong_cards', `${person.chat}: ${lie}`)
        }),
      )
      progress('the storm is over; everybody finishes')
      await Promise.all(
        here.map(async ({ person }) => {
          const before = person.taps()
          if (!(await finish(person, seed))) note('stuck', `${person.chat}: ${JSON.stringify(await person.card())}`)
          done.finishing += person.taps() - before
        }),
      )
      await settle(
        here.map(({ person }) => person),
        spans,
      )
    }

    async function befallen({ kind, process }: Calamity, spans: Span[]): Promise<void> {
      const span = { from: performance.now(), to: Number.POSITIVE_INFINITY }
      spans.push(span)
      progress(`${kind} at ${done.taps} taps`)
      await befall[kind](process)
      // What was held by the dead is said when its lease is over.
      span.to = performance.now()
      done.calamities[kind] = (done.calamities[kind] ?? 0) + 1
    }

    /** Until everything is acknowledged, late ones too, and the bot has said all that it had to say. */
    async function quiet(everybody: readonly Person[]): Promise<void> {
      const end = performance.now() + LONGEST_WAIT_MS
      const busy = () => everybody.some(({ underWay }) => underWay.size > 0)
      while (performance.now() < end && (busy() || (await phones.rest()) < QUIET_MS)) await sleep(100)
    }

    /** Everybody has submitted: their ledgers are final. */
    async function settle(everybody: readonly Person[], spans: readonly Span[]): Promise<void> {
      const ledgers = await ledgersOf(
        stores.db,
        everybody.map(({ chat }) => chat),
      )
      for (const { chat, inputs, card } of everybody) {
        const { rows = [], sheets = [] } = ledgers.get(chat) ?? {}
        done.rows += rows.length
        const verdict = judge(rows, inputs, spans)
        for (const what of ['lost', 'duplicated', 'misplaced'] as const)
          for (const one of verdict[what]) note(what, `${chat}: ${one}`)
        for (const one of verdict.unacknowledged) note('stuck', `${chat}: ${one}`)
        if (sheets.length !== 1 || sheets[0] !== 'submitted') note('stuck', `${chat}: sheets ${sheets.join(', ')}`)
        const lie = lieOf(await card(), rows)
        if (lie) note('wrong_cards', `${chat}: ${lie}`)
        await phones.forget(chat)
      }
    }
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

function calamityOf(bots: Bots, stores: Stores): Record<CalamityKind, (process: number) => Promise<void>> {
  return {
    kill: bots.kill,
    flush: stores.flushRedis,
    redis: stores.restartRedis,
    postgres: stores.restartPostgres,
    cut_postgres: stores.cutPostgres,
    cut_redis: stores.cutRedis,
  }
}
