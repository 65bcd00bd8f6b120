/**
 * A whole district in one command; README.md beside the other benches says what is shown. Options: `--taps 20000`, `--people 300`
 * (at once), `--processes 2`, `--seed 1`, `--faults all` (or `none`, or some of them, separated by commas), `--every 1000` (taps
 * between two calamities), `--quick` (a short run with every kind of fault).
 */
import { parseArgs } from 'node:util'
import { FAULT_KINDS, type FaultKind, simulate } from './simulate.js'

const { values: options } = parseArgs({
  options: {
    taps: { type: 'string' },
    people: { type: 'string', default: '300' },
    processes: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: 'all' },
    every: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const began = performance.now()
const { quick } = options
const result = await simulate({
  taps: Number(options.taps ?? (quick ? 3_000 : 20_000)),
  people: Number(options.people),
  processes: Number(options.processes),
  seed: Number(options.seed),
  faults: faultsNamed(options.faults),
  every: Number(options.every ?? (quick ? 450 : 1_000)),
  progress: (line) => process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0)} s: ${line}\n`),
})
process.stdout.write(`${JSON.stringify(result)}\n`)
if (!result.ok) process.exitCode = 1

function faultsNamed(list: string): FaultKind[] {
  if (list === 'all') return [...FAULT_KINDS]
  const names = list === 'none' ? [] : list.split(',')
  for (const name of names)
    if (!(FAULT_KINDS as readonly string[]).includes(name))
      throw new Error(`Expected some of ${FAULT_KINDS.join(', ')}, got \`${name}\``)
  return names as FaultKind[]
}
