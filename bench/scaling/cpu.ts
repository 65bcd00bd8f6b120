/** Whose CPU an answer costs, and how much of the machine was left for it. */
import { readFileSync } from 'node:fs'
import { rounded } from '../figures.js'
import { cpuMsOf } from '../proc.js'
import type { Bots } from './bots.js'
import type { Site } from './site.js'

/** Milliseconds an answer; `bots` of all processes of the program together, `load` of this process, which plays the people. */
export type CpuMs = { readonly [who in (typeof WHO)[number]]: number }

export type Spent = {
  readonly cpu_ms: CpuMs
  /** How many cores all of them together kept busy, and how many whatever else runs on the machine or its host did. */
  readonly cores_busy: number
  readonly cores_busy_by_others: number
}

const WHO = ['bots', 'postgres', 'redis', 'bot_api', 'load'] as const
const MS_A_TICK = 10

/** Reads now; what it returns tells what was spent since then on so many answers. */
export function watchCpu(site: Site, bots: Bots): (answers: number) => Spent {
  const from = { own: ownMs(site, bots), machine: machineMs(), at: performance.now() }
  return (answers) => {
    const to = ownMs(site, bots)
    const took = performance.now() - from.at
    const of = (who: (typeof WHO)[number]) => to[who] - from.own[who]
    const all = WHO.reduce((sum, who) => sum + of(who), 0)
    const an = (who: (typeof WHO)[number]) => rounded(of(who) / answers, 3)
    return {
      cpu_ms: {
        bots: an('bots'),
        postgres: an('postgres'),
        redis: an('redis'),
        bot_api: an('bot_api'),
        load: an('load'),
      },
      cores_busy: rounded(all / took),
      cores_busy_by_others: rounded(Math.max(0, machineMs() - from.machine - all) / took),
    }
  }
}

function ownMs({ postgres, redis, api }: Site, { children }: Bots): CpuMs {
  const { user, system } = process.cpuUsage()
  return {
    bots: children.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0),
    postgres: cpuMsOf(postgres.pid),
    redis: cpuMsOf(redis.pid),
    bot_api: cpuMsOf(api.pid),
    load: (user + system) / 1000,
  }
}

/** CPU time of everything on this machine, and what its host gave to other machines; not idle, not waiting for disks. */
function machineMs(): number {
  const [user, nice, system, , , irq, softirq, stolen] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]!
    .match(/\d+/g)!
    .map(Number)
  return (user! + nice! + system! + irq! + softirq! + stolen!) * MS_A_TICK
}
