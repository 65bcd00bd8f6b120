/**
 * Looks for inputs that reach parts of src/ that no kept input reaches, by V8's own precise coverage, and keeps them in
 * corpus/; an input that makes a target throw is kept as a fault and ends the run with exit 1.
 *
 *     npm run fuzz -- [target …] [--seconds 20] [--seed 1] [--dry]
 */
import { Session } from 'node:inspector/promises'
import { parseArgs } from 'node:util'
import { createDice } from '../oracle/sheets.js'
import { corpusOf, keep, mutate } from './corpus.js'
import { TARGETS, type Target } from './targets.js'

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string' }, dry: { type: 'boolean' } },
})
const secondsEach = Number(options.seconds ?? '20')
const seed = Number(options.seed ?? Date.now() % 2 ** 31)
/** Reading the coverage costs as much as thousands of runs, so many are looked at together, and by halves where they found something. */
const TOGETHER = 3_000
const SHORTENING_TRIES = 60

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/** For each file of src/ which of its characters were reached. V8's ranges come and go with how often they ran; characters stay. */
type Reached = Map<string, Uint8Array>
type Place = readonly [file: string, at: number]

/** What was reached since the last look. */
async function look(): Promise<Reached> {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const files: Reached = new Map()
  for (const { url, functions } of result) {
    if (!/\/src\/(?!generated)/.test(url)) continue
    const ranges = functions.flatMap((one) => one.ranges)
    const marks = new Uint8Array(Math.max(...ranges.map(({ endOffset }) => endOffset)))
    // What is within stands behind what it is in.
    for (const { startOffset, endOffset, count } of ranges) marks.fill(count > 0 ? 1 : 0, startOffset, endOffset)
    files.set(url.slice(url.lastIndexOf('/src/')), marks)
  }
  return files
}

/** Where that begins which is not known yet. */
function beyond(known: Reached, reached: Reached): Place[] {
  const places: Place[] = []
  for (const [file, marks] of reached) {
    const before = known.get(file)
    let within = false
    marks.forEach((mark, at) => {
      const fresh = mark === 1 && before?.[at] !== 1
      if (fresh && !within) places.push([file, at])
      within = fresh
    })
  }
  return places
}

function learn(known: Reached, reached: Reached): void {
  for (const [file, marks] of reached) {
    const before = known.get(file) ?? new Uint8Array(0)
    const both = new Uint8Array(Math.max(before.length, marks.length))
    both.forEach((_, at) => {
      both[at] = (before[at] ?? 0) | (marks[at] ?? 0)
    })
    known.set(file, both)
  }
}

let faults = 0
async function isSound(target: Target, bytes: Buffer): Promise<boolean> {
  try {
    await target.run(bytes)
    return true
  } catch (error) {
    faults += 1
    const place = options.dry ? bytes.toString('base64') : keep(target.name, bytes, 'fault')
    process.stdout.write(`${target.name}: ${error instanceof Error ? error.stack : String(error)}\n  ${place}\n`)
    return false
  }
}

async function reachedBy(target: Target, batch: readonly Buffer[]): Promise<Reached> {
  for (const bytes of batch) if (!(await isSound(target, bytes))) return new Map()
  return look()
}

/** The same find in fewer bytes. */
async function shortened(target: Target, bytes: Buffer, found: readonly Place[]): Promise<Buffer> {
  let best = bytes
  for (let piece = Math.ceil(bytes.length / 2), tries = 0; piece > 0 && tries < SHORTENING_TRIES; piece = piece >> 1)
    for (let at = 0; at < best.length && tries < SHORTENING_TRIES; tries += 1) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + piece)])
      const reached = await reachedBy(target, [shorter])
      if (found.every(([file, place]) => reached.get(file)?.[place] === 1)) best = shorter
      else at += piece
    }
  return best
}

async function fuzz(target: Target): Promise<void> {
  const dice = createDice(seed)
  const inputs = corpusOf(target.name).map(({ bytes }) => bytes)
  const together = Math.ceil(TOGETHER / (target.weight ?? 1))
  const known: Reached = new Map()
  await look()
  learn(known, await reachedBy(target, inputs))
  const keptBefore = inputs.length
  const until = performance.now() + secondsEach * 1000
  let runs = 0

  async function search(batch: readonly Buffer[]): Promise<void> {
    const reached = await reachedBy(target, batch)
    const found = beyond(known, reached)
    if (found.length === 0 || faults > 0) return
    if (batch.length > 1) {
      const middle = batch.length >> 1
      await search(batch.slice(0, middle))
      await search(batch.slice(middle))
    } else {
      const kept = await shortened(target, batch[0]!, found)
      inputs.push(kept)
      if (!options.dry) keep(target.name, kept, 'found')
    }
    // Also what only all of them together reach, such as a memory that is full: it is not looked for again.
    learn(known, reached)
  }

  for (; performance.now() < until && faults === 0; runs += together)
    await search(Array.from({ length: together }, () => mutate(dice, inputs, target.words)))
  process.stdout.write(`${target.name}: ${runs} runs, ${inputs.length - keptBefore} inputs kept of ${inputs.length}\n`)
}

process.stdout.write(`seed ${seed}\n`)
for (const target of TARGETS) {
  if (wanted.length > 0 && !wanted.includes(target.name)) continue
  await fuzz(target)
  if (faults > 0) break
}
process.exit(faults > 0 ? 1 : 0)
