/** Some of a population answer as fast as they are answered, before so many processes, after others have warmed these up. */
import { rounded } from '../figures.js'
import { peakMbOf } from '../proc.js'
import { startBots } from './bots.js'
import { type Cards, dealCards } from './cards.js'
import { tapAtFullSpeed } from './load.js'
import { createMeter, type Figures } from './measure.js'
import { residentMbOf } from './memory.js'
import type { Population } from './population.js'
import type { Site } from './site.js'
import type { Sizes } from './sizes.js'
import type { Tapper } from './tapper.js'

export type FullSpeed = {
  readonly figures: Figures
  readonly people: readonly Tapper[]
  /** MB of each process: before the first tap, after the last, and at its peak. */
  readonly memory: readonly { readonly ready: number; readonly after: number; readonly peak: number }[]
}

export async function measureFullSpeed(
  site: Site,
  cards: Cards,
  { warmUpPeople, people: most, taps, atOnce }: Sizes,
  population: Population,
  { what, processes }: { readonly what: string; readonly processes: number },
): Promise<FullSpeed> {
  const warmingUp = population.take(warmUpPeople * processes)
  const people = population.take(Math.min(most * processes, population.size() - population.tapped()))
  const chats = [...warmingUp, ...people].map(({ chat }) => chat)
  await dealCards(site, chats, cards)
  const bots = await startBots(site, processes, population.url)
  bots.show(cards.cards, cards.sheet)
  const ready = bots.children.map(({ pid }) => residentMbOf(pid))
  const meter = await createMeter(site, bots, population.db)
  await meter.measure(what, warmingUp, () => tapAtFullSpeed(bots, warmingUp, { atOnce }))
  const each = Math.ceil((taps * processes) / people.length)
  const figures = await meter.measure(what, people, () => tapAtFullSpeed(bots, people, { each, atOnce }))
  const memory = bots.children.map(({ pid }, i) => ({
    ready: rounded(ready[i]!, 0),
    after: rounded(residentMbOf(pid), 0),
    peak: rounded(peakMbOf(pid), 0),
  }))
  await meter.check(what)
  await bots.stop()
  return { figures, people, memory }
}
