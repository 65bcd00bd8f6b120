/**
 * Time from `node dist/main.js` to its ready line on the embedded default, in a data directory of its own: the first start,
 * which makes the database, and three later ones. Exits 1 beyond the promise, and where a start or a stop goes wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadLocales } from '../src/content/locales.js'
import { freePort } from '../test/support/launch-postgres.js'
import { ROOT, startNode } from './child.js'
import { median, rounded } from './figures.js'
import { peakMbOf } from './proc.js'

const FIRST_START_S = 15
const LATER_START_S = 5
const LATER_STARTS = 3

const ready = loadLocales(ROOT, 'zh-CN').in('zh-CN')('start.ready')
const directory = mkdtempSync(join(tmpdir(), 'hexie-bench-start-'))
const broken: string[] = []
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  const first = await startOnce()
  const later = []
  for (let i = 0; i < LATER_STARTS; i += 1) later.push(await startOnce())
  const laterSeconds = median(later.map(({ seconds }) => seconds))
  if (first.seconds > FIRST_START_S) broken.push(`the first start took longer than ${FIRST_START_S} s`)
  if (laterSeconds > LATER_START_S) broken.push(`later starts took longer than ${LATER_START_S} s`)
  const result = {
    bench: 'start',
    node: process.version,
    cores: availableParallelism(),
    first_start_s: rounded(first.seconds),
    later_start_s: rounded(laterSeconds),
    later_starts_s: later.map(({ seconds }) => rounded(seconds)),
    stop_s: rounded(median(later.map(({ stopSeconds }) => stopSeconds))),
    first_start_peak_rss_mb: rounded(first.peakMb, 0),
    later_start_peak_rss_mb: rounded(median(later.map(({ peakMb }) => peakMb)), 0),
    broken,
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}
if (broken.length > 0) process.exitCode = 1

async function startOnce() {
  const port = String(await freePort())
  const from = performance.now()
  const child = startNode('program', ['dist/main.js'], { DATA_DIR: join(directory, 'data'), PORT: port })
  try {
    const line = await child.line()
    const seconds = (performance.now() - from) / 1000
    if (line !== ready) broken.push(`Expected the line "${ready}", got "${line}"`)
    const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
    if (status !== 200) broken.push(`Expected /readyz to answer 200 after the ready line, got ${status}`)
    const peakMb = peakMbOf(child.pid)
    const stopping = performance.now()
    const code = await child.stop()
    if (code !== 0) broken.push(`Expected a stop with exit code 0, got ${code}`)
    return { seconds, peakMb, stopSeconds: (performance.now() - stopping) / 1000 }
  } finally {
    await child.stop()
  }
}
