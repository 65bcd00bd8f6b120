/** All figures as one table, as the README holds it. */
import type { Figures } from './promises.js'
import type { Percentiles } from './speed.js'
import type { Verdict } from './verdict.js'

const HEAD = [
  '',
  'answers/s, 20 at once',
  '× bare',
  'to the edit, p50 / p95 / p99 ms',
  'CPU ms an answer',
  '100 at once',
  '× bare',
  '200 a second: p50 / p95 / p99 ms',
  'peak MB',
  'double tap',
  'redelivery',
  'kill -9',
]

export function tableOf(all: readonly Figures[]): string {
  const ours = all.findIndex(({ role }) => role === 'ours')
  const bare = all.findIndex(({ role }) => role === 'yardstick')
  const peers = all.filter(({ role }) => role === 'peer')
  const rows = [all[ours]!, all[bare]!, ...peers].map((one) => [
    `${one.title}${one.passes ? '' : ' †'}`,
    one.at_20.answers_per_second,
    one.at_20.to_bare,
    percentiles(one.at_20.edit),
    one.at_20.cpu_ms_per_answer,
    one.at_100.answers_per_second,
    one.at_100.to_bare,
    one.at_rate ? percentiles(one.at_rate.to_edit) : 'falls behind',
    one.peak_rss_mb,
    words(one.faults.double_tap),
    words(one.faults.redelivery),
    `${words(one.faults.kill)}; ${one.faults.kill.tapped_again} taps again`,
  ])
  const lines = [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  const unsound = all.filter(({ under_load }) => words(under_load) !== 'safe')
  return [
    ...lines,
    ...unsound.map(({ title, under_load }) => `\n${title}, without any fault: ${words(under_load)}`),
  ].join('\n')
}

const percentiles = ({ p50_ms, p95_ms, p99_ms }: Percentiles): string =>
  [p50_ms, p95_ms, p99_ms].map((ms) => ms.toFixed(0)).join(' / ')

function words({ lost, double, wrong, skipped, stuck }: Verdict): string {
  const counts = { lost, double, wrong, skipped, stuck }
  const told = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []))
  return told.length === 0 ? 'safe' : told.join(', ')
}
