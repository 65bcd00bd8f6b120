/** The inputs that are kept: those that reach something new, and those that were once faults. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Dice } from '../oracle/sheets.js'

const DIRECTORY = fileURLToPath(new URL('corpus', import.meta.url))
const LONGEST_INPUT = 8 * 1024
const MOST_CHANGES = 4

export type Kept = { readonly file: string; readonly bytes: Buffer }

export function corpusOf(target: string): Kept[] {
  const directory = join(DIRECTORY, target)
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .sort()
    .map((file) => ({ file, bytes: readFileSync(join(directory, file)) }))
}

/** Named by content, so that the same input is kept once; `fault-…` runs first. */
export function keep(target: string, bytes: Buffer, what: 'fault' | 'found'): string {
  mkdirSync(join(DIRECTORY, target), { recursive: true })
  const file = join(DIRECTORY, target, `${what}-${createHash('sha1').update(bytes).digest('hex').slice(0, 8)}`)
  writeFileSync(file, bytes)
  return file
}

/** One input made out of others: bytes flipped, cut, doubled and crossed, and words put in. */
export function mutate(dice: Dice, inputs: readonly Buffer[], words: readonly string[]): Buffer {
  let bytes: Buffer = Buffer.from(inputs.length > 0 ? dice.pick(inputs) : Buffer.alloc(0))
  for (let changes = 1 + dice.below(MOST_CHANGES); changes > 0; changes -= 1) {
    const at = dice.below(bytes.length + 1)
    const to = Math.min(bytes.length, at + 1 + dice.below(16))
    const other = inputs.length > 0 ? dice.pick(inputs) : bytes
    const put = (middle: Buffer, end = at) => Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)])
    switch (dice.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << dice.below(8))
        break
      case 1:
        bytes = put(Buffer.from([dice.below(256)]))
        break
      case 2:
        bytes = put(Buffer.alloc(0), to)
        break
      case 3:
        bytes = put(bytes.subarray(at, to))
        break
      case 4:
        bytes = put(other.subarray(dice.below(other.length + 1)), bytes.length)
        break
      case 5:
        bytes = put(Buffer.from(dice.pick(words)), to)
        break
      default:
        bytes = put(Buffer.from(dice.pick(words)))
    }
  }
  return bytes.subarray(0, LONGEST_INPUT)
}
