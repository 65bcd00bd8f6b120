/** Every parser on the corpus, then on what fast-check and mutations of the corpus come up with: the same inputs at every run. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDice } from '../oracle/sheets.js'
import { corpusOf, mutate } from './corpus.js'
import { TARGETS } from './targets.js'

const SEED = 20_261_201
/** Of each kind; slower targets get fewer. */
const RUNS = 1_500

describe.each(TARGETS)('$name', ({ name, run, words, weight = 1 }) => {
  const kept = corpusOf(name)
  const numRuns = Math.ceil(RUNS / weight)

  it('takes everything that is kept', async () => {
    expect(kept.length).toBeGreaterThan(0)
    for (const { file, bytes } of kept)
      await expect(Promise.resolve(run(bytes)), `corpus/${name}/${file}`).resolves.toBeUndefined()
  })

  it('takes whatever else comes', { timeout: 60_000 }, async () => {
    const piece = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 4 }), fc.string())
    const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join('')))
    const values = fc.json({ noUnicodeString: false }).map((text) => Buffer.from(text))
    const raw = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
    await fc.assert(
      fc.asyncProperty(fc.oneof(texts, values, raw), async (bytes) => run(bytes)),
      { seed: SEED, numRuns },
    )
  })

  it('takes what is nearly right', { timeout: 60_000 }, async () => {
    const dice = createDice(SEED)
    const inputs = kept.map(({ bytes }) => bytes)
    for (let i = 0; i < numRuns; i += 1) {
      const bytes = mutate(dice, inputs, words)
      await expect(Promise.resolve(run(bytes)), bytes.toString('base64')).resolves.toBeUndefined()
    }
  })
})
