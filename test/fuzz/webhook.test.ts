/**
 * The webhook of the whole program, with real stores, before bytes that nobody has meant: each is answered, none with a fault
 * of ours, none leaves an answer in the ledger, and the people are served as before.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDice, type Dice } from '../oracle/sheets.js'
import { type Bot, ledgerRows, startBot } from '../support/bot.js'
import { SECRET } from '../support/program.js'
import { cardOf, optionsOf } from '../support/walker.js'
import { corpusOf, mutate } from './corpus.js'

const SEED = 20_261_203
const RANDOM = 150
const MUTATED = 600
const WORDS = [
  '{',
  '}',
  '"',
  ',',
  ':',
  'null',
  '[]',
  '-1',
  '1e99',
  '"text"',
  '"data"',
  '"\\ud800"',
  '"\\u0000"',
  '\xff',
  '"😀"',
]
/** What stands in the place of something else. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  '',
  '0',
  '😀\ud800',
  '\0',
  -1,
  0,
  2 ** 53,
  1e300,
  0.5,
  [],
  [[]],
  {},
  { id: 7 },
  'a'.repeat(5_000),
]

let bot: Bot
beforeAll(async () => {
  bot = await startBot('servers')
}, 60_000)
afterAll(() => bot.stop())

const post = async (body: Buffer): Promise<number> => {
  const response = await fetch(`${bot.env.PUBLIC_URL}/telegram`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET },
    body,
  })
  await response.arrayBuffer()
  return response.status
}

it('answers random bytes with 400', { timeout: 60_000 }, async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => Buffer.from(text)),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (one) => {
      expect(await post(Buffer.from(one))).toBe(400)
    }),
    { seed: SEED, numRuns: RANDOM },
  )
})

it('takes or refuses mutated updates, and writes nothing for them', { timeout: 120_000 }, async () => {
  const person = bot.api.person(7)
  person.send('/start')
  await bot.api.settled()
  const inputs = corpusOf('update').map(({ bytes }) => bytes)
  const dice = createDice(SEED)
  const seen: Record<number, number> = {}
  for (let i = 0; i < MUTATED; i += 1) {
    const body =
      i % 2 === 0 ? mutate(dice, inputs, WORDS) : Buffer.from(JSON.stringify(bent(dice, parse(dice.pick(inputs)))))
    const status = await post(body)
    seen[status] = (seen[status] ?? 0) + 1
    expect([200, 400], body.toString('base64')).toContain(status)
  }
  expect(seen[200]).toBeGreaterThan(MUTATED / 10)
  expect(seen[400]).toBeGreaterThan(MUTATED / 10)
  // What was typed may well answer the question that is open; a press that nobody made may not.
  expect((await ledgerRows(bot.env)).filter(({ input_id }) => !input_id.startsWith('-'))).toEqual([])
})

const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString())

/** The same with one thing in it replaced, wherever it lies. */
function bent(dice: Dice, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || dice.below(4) === 0) return dice.pick(STRANGE)
  const keys = Object.keys(value)
  if (keys.length === 0) return dice.pick(STRANGE)
  const key = dice.pick(keys)
  const changed = bent(dice, (value as Record<string, unknown>)[key])
  return Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }
}

it('serves on', { timeout: 60_000 }, async () => {
  const person = bot.api.person(8)
  person.send('/start')
  await bot.api.settled()
  person.press(cardOf(person).message_id, optionsOf(cardOf(person))[0]!.callback_data!)
  await bot.api.settled()
  expect(cardOf(person).text).toContain('第 2/92 题')
})
