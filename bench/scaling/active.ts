/** Ten thousand people who all answer in one process: what it needs for them while they do, and when they have gone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { rounded } from '../figures.js'
import { progress } from '../peers/progress.js'
import { peakMbOf } from '../proc.js'
import { startBots } from './bots.js'
import { type Cards, dealCards } from './cards.js'
import { tapAtRate } from './load.js'
import { createMeter } from './measure.js'
import { heapMbOf, residentMbOf, watchMemory } from './memory.js'
import type { Population } from './population.js'
import type { Site } from './site.js'
import type { Sizes } from './sizes.js'

/** What a process may take, and for how many people that is promised. */
export const MOST_MB = 300
const PROMISED_FOR = 10_000

export async function measureActive(site: Site, cards: Cards, sizes: Sizes, population: Population) {
  const { active, activeTaps, perSecond } = sizes
  progress(`${active} active people: seeding`)
  await population.grow(population.tapped() + active)
  const people = population.take(active)
  await dealCards(
    site,
    people.map(({ chat }) => chat),
    cards,
  )
  const bots = await startBots(site, 1, population.url)
  bots.show(cards.cards, cards.sheet)
  const bot = bots.children[0]!
  const ready = rounded(residentMbOf(bot.pid), 0)
  const what = `${active} active people`
  progress(`${what}: answering`)
  const meter = await createMeter(site, bots, population.db)
  const watched = watchMemory(bot.pid)
  const figures = await meter.measure(what, people, () => tapAtRate(bots, people, activeTaps, perSecond))
  const during = watched()
  await sleep(sizes.restSeconds * 1000)
  const peak = rounded(peakMbOf(bot.pid), 0)
  const after = rounded(residentMbOf(bot.pid), 0)
  // Last, because it collects the garbage.
  const heap_mb = await heapMbOf(bot)
  await meter.check(what)
  await bots.stop()
  if (active >= PROMISED_FOR && peak > MOST_MB)
    site.broken.push(
      `${what}: Expected a process of at most ${MOST_MB} MB, got ${peak} MB at its peak, ${after} MB after`,
    )
  return {
    people: active,
    taps_each: activeTaps,
    open_sheets: population.size(),
    asked_per_second: perSecond,
    ...figures,
    /** `after`: when nobody has tapped for a while; nothing makes V8 give its heap back. */
    rss_mb: { ready, mean: during.mean, peak, after },
    heap_mb,
    bot_api_peak_mb: rounded(peakMbOf(site.api.pid), 0),
    promised_mb: MOST_MB,
  }
}
