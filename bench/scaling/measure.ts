/** One load on the program: how fast, at whose CPU, and whether each tap became one edit and one row. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { percentile, rounded } from '../figures.js'
import { createBooks, faultsOf } from './books.js'
import type { Bots } from './bots.js'
import { type Spent, watchCpu } from './cpu.js'
import type { Tapped } from './load.js'
import type { Site } from './site.js'
import type { Tapper } from './tapper.js'

export type Figures = Spent & {
  readonly taps: number
  readonly answers_per_second: number
  /** From the tap to its 200. */
  readonly p50_ms: number
  readonly p95_ms: number
  readonly p99_ms: number
}

export type Meter = {
  /** Figures of one load. What is wrong with it is noted as broken. */
  measure(what: string, people: readonly Tapper[], load: () => Promise<Tapped>): Promise<Figures>
  /** Whether the ledger holds just what was there before, and what was acknowledged since; to be called at the end. */
  check(what: string): Promise<void>
}

/** Edits that are made after the 200 have this long to arrive. */
const EDITS_ARRIVE_MS = 250
const TOLD = 3

/** For one set of processes on one database, whose rows are counted from now on. */
export async function createMeter(site: Site, bots: Bots, db: pg.Pool): Promise<Meter> {
  const books = await createBooks(db)
  const callsNow = () => site.ask<Record<string, number>>('tally')
  return {
    async measure(what, people, load) {
      const told = (fault: string) => void site.broken.push(`${what}: ${fault}`)
      const tapped = new Map(people.map(({ chat, taps }) => [chat, taps]))
      const calls = await callsNow()
      await site.ask('edits')
      const spent = watchCpu(site, bots)
      const { seconds, latencies, rows, faults } = await load()
      await sleep(EDITS_ARRIVE_MS)
      const cpu = spent(latencies.length)
      books.note(rows)
      if (faults.length > 0) told(`${faults.length} taps failed: ${faults.slice(0, TOLD).join(', ')}`)
      const edits = await site.ask<Record<string, number>>('edits')
      const odd = people.filter(({ chat, taps }) => (edits[chat] ?? 0) !== taps - tapped.get(chat)!)
      if (odd.length > 0) told(`Expected one edit a tap, got others in ${odd.length} chats, the first ${odd[0]!.chat}`)
      const others = Object.entries(await callsNow()).filter(
        ([call, n]) => call !== 'editMessageText ok' && n !== calls[call],
      )
      if (others.length > 0) told(`Expected only edits, got ${JSON.stringify(Object.fromEntries(others))}`)
      for (const child of bots.children) if (!child.alive()) told(`${child.name} has ended\n${child.log()}`)
      const at = (share: number) => rounded(percentile(latencies, share), 1)
      return {
        taps: latencies.length,
        answers_per_second: rounded(latencies.length / seconds, 0),
        p50_ms: at(0.5),
        p95_ms: at(0.95),
        p99_ms: at(0.99),
        ...cpu,
      }
    },
    async check(what) {
      for (const fault of faultsOf(await books.judge())) site.broken.push(`${what}: ${fault}`)
    },
  }
}
