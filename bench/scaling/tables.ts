/** All figures as tables, as docs/scaling.md holds them. */
import type { measureActive } from './active.js'
import type { CommunitiesRow } from './communities.js'
import type { Figures } from './measure.js'
import type { ProcessesRow } from './processes.js'
import type { SheetsRow } from './sheets.js'

type Result = {
  readonly date: string
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly sheets: readonly SheetsRow[]
  readonly active: Awaited<ReturnType<typeof measureActive>> | null
  readonly communities: readonly CommunitiesRow[]
  readonly processes: readonly ProcessesRow[]
}
type Cells = readonly (string | number)[]

export function tablesOf(result: Result): string {
  const { date, node, cpu, cores, sheets, active, communities, processes } = result
  return [
    `${date}, Node ${node}, ${cpu}, ${cores} cores. In brackets: cores that other programs kept busy meanwhile.`,
    tableOf(
      [
        'open sheets',
        ...SPEED,
        'Redis bytes a session: half-way; all in all; most',
        'bytes a half-answered sheet',
        'process MB',
      ],
      sheets.map(({ sheets: count, redis, ledger, rss_mb, ...figures }) => [
        thousands(count),
        ...speed(figures),
        `${redis.mean}; ${redis.used_a_session}; ${redis.most}`,
        `${ledger.rows} rows: ${ledger.table} + ${ledger.index} keys; ${ledger.beside} beside`,
        `${rss_mb.after}, peak ${rss_mb.peak}`,
      ]),
    ),
    tableOf(
      ['active people in one process', ...SPEED, 'process MB', 'heap MB: taken, used, without garbage; outside of it'],
      active
        ? [
            [
              thousands(active.people),
              ...speed(active),
              `ready ${active.rss_mb.ready}, mean ${active.rss_mb.mean}, peak ${active.rss_mb.peak}, after ${active.rss_mb.after}`,
              `${active.heap_mb.taken}, ${active.heap_mb.used}, ${active.heap_mb.live}; ${active.heap_mb.outside}`,
            ],
          ]
        : [],
    ),
    tableOf(
      ['communities', ...SPEED, 'ledger rows', '`/summary`; `/overview` ms'],
      communities.map(({ communities: count, ledger_rows, summary_p50_ms, overview_p50_ms, ...figures }) => [
        thousands(count),
        ...speed(figures),
        thousands(ledger_rows),
        `${summary_p50_ms.toFixed(0)}; ${overview_p50_ms.toFixed(0)}`,
      ]),
    ),
    tableOf(
      ['processes', ...SPEED, '× one', 'cores busy: the program; all', 'peak MB each'],
      processes.map(({ processes: count, times, peak_rss_mb, ...figures }) => [
        count,
        ...speed(figures),
        times,
        `${((figures.cpu_ms.bots * figures.answers_per_second) / 1000).toFixed(2)}; ${figures.cores_busy}`,
        peak_rss_mb.join(', '),
      ]),
    ),
  ]
    .filter((table) => table !== '')
    .join('\n\n')
}

const SPEED = ['answers/s', 'p50 / p95 / p99 ms', 'CPU ms an answer: bot + PostgreSQL + Redis']

function speed(figures: Figures): Cells {
  const { answers_per_second, p50_ms, p95_ms, p99_ms, cpu_ms, cores_busy_by_others } = figures
  return [
    `${thousands(answers_per_second)} (${cores_busy_by_others})`,
    [p50_ms, p95_ms, p99_ms].map((one) => one.toFixed(0)).join(' / '),
    [cpu_ms.bots, cpu_ms.postgres, cpu_ms.redis].map((one) => one.toFixed(2)).join(' + '),
  ]
}

/** Nothing where there are no rows. */
function tableOf(head: Cells, rows: readonly Cells[]): string {
  if (rows.length === 0) return ''
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const thousands = (value: number): string => value.toLocaleString('en')
