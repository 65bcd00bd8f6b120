/** A small district, with every fault of bench/district/: what people meant stands in their ledgers, and everybody gets to the end. */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ShownCard } from '../../bench/district/bot-api.js'
import type { Input, Meaning } from '../../bench/district/inputs.js'
import { calamitiesOf, hashInto, planOf, startHash, tapsOf } from '../../bench/district/plan.js'
import { QUESTIONS } from '../../bench/district/questions.js'
import { FAULT_KINDS, simulate } from '../../bench/district/simulate.js'
import { lieOf } from '../../bench/district/truth.js'
import { judge, type Row } from '../../bench/district/verdict.js'

const SEED = 7
const hasServers = process.platform === 'linux' && spawnSync('redis-server', ['--version']).status === 0

describe('the plan of a district', () => {
  it('is the same for a seed, and another for another; its steps are just so many taps', () => {
    const hashOf = (seed: number) => {
      const hash = startHash(calamitiesOf(seed, 5000, 1000, ['kill', 'flush']))
      hashInto(hash, seed, 3, planOf(seed, 3, 150))
      return hash.digest('hex')
    }
    expect(hashOf(SEED)).toBe(hashOf(SEED))
    expect(hashOf(SEED)).not.toBe(hashOf(SEED + 1))
    for (const taps of [1, 2, 150]) {
      const plan = planOf(SEED, 0, taps)
      expect(plan.reduce((sum, step) => sum + tapsOf(step), 0)).toBe(taps)
    }
    expect(createHash('sha256').update(hashOf(SEED)).digest('hex')).toHaveLength(64)
  })
})

describe('the verdict on a ledger', () => {
  const tap = (question: string, revision: number, value: string): Meaning => ({
    kind: 'tap',
    question,
    revision,
    value,
  })
  const input = (id: string, meaning: Meaning, sent: number, gesture = Number(id)): Input => ({
    id,
    gesture,
    meaning,
    sent,
    acknowledged: sent + 5,
    told: false,
    calm: false,
  })
  const row = (question: string, revision: number, value: string, by: string): Row => ({
    question,
    revision,
    value,
    not_applicable: null,
    note: null,
    input: by,
  })
  const found = (rows: readonly Row[], inputs: readonly Input[]) => {
    const { lost, duplicated, misplaced } = judge(rows, new Map(inputs.map((one) => [one.id, one])), [])
    return [lost.length, duplicated.length, misplaced.length]
  }
  const first = input('1', tap('P1-01', 0, 'yes'), 10)

  it('takes what was meant, a double tap, a change, and an old tap that was refused', () => {
    const twice = input('2', tap('P1-01', 0, 'yes'), 12, 1)
    const change = input('3', tap('P1-01', 1, 'no'), 30)
    const old = input('4', tap('P1-01', 0, 'no'), 40)
    expect(found([row('P1-01', 1, 'yes', '1'), row('P1-01', 2, 'no', '3')], [first, twice, change, old])).toEqual([
      0, 0, 0,
    ])
  })

  it('finds a tap that was acknowledged and is not there, even where the person tapped once more', () => {
    expect(found([], [first])).toEqual([1, 0, 0])
    const later = input('2', tap('P1-01', 0, 'yes'), 30)
    expect(found([row('P1-01', 1, 'yes', '2')], [first, later])).toEqual([1, 0, 0])
    expect(found([row('P1-01', 1, 'yes', '1')], [first, input('2', tap('P1-01', 1, 'no'), 30)])).toEqual([1, 0, 0])
  })

  it('finds both halves of a double tap in the ledger', () => {
    const twice = input('2', tap('P1-01', 1, 'no'), 12, 1)
    expect(found([row('P1-01', 1, 'yes', '1'), row('P1-01', 2, 'no', '2')], [first, twice])).toEqual([0, 1, 0])
  })

  it('finds a row that nobody meant, one with another value, and one at another question', () => {
    expect(found([row('P1-01', 1, 'yes', '9')], [])).toEqual([0, 0, 1])
    expect(found([row('P1-01', 1, 'no', '1')], [first])).toEqual([0, 0, 1])
    expect(
      found([row('P1-01', 1, 'yes', '1'), row('P1-02', 1, 'yes', '2')], [first, input('2', { kind: 'none' }, 20)]),
    ).toEqual([0, 0, 1])
  })

  it('finds what was typed and passed over in silence', () => {
    const typed = input('-5', { kind: 'typed', question: 'P1-04', revision: 0, value: '95' }, 10)
    expect(found([], [typed])).toEqual([1, 0, 0])
    expect(found([], [{ ...typed, told: true }])).toEqual([0, 0, 0])
    expect(found([], [{ ...typed, told: true, calm: true }])).toEqual([1, 0, 0])
  })
})

describe('the truth of a card', () => {
  const { id } = QUESTIONS[0]!
  const card = (revision: number, label: string, text: string): ShownCard => ({
    id: 4,
    turn: 1,
    text,
    buttons: [[label, `a:s7k2m9qx4t:${id}:${revision}:yes`]],
  })
  const rows: Row[] = [{ question: id, revision: 1, value: 'yes', not_applicable: null, note: null, input: '1' }]

  it('is the newest revision, the mark on its answer, and how much is done', () => {
    expect(lieOf(card(1, '✓ 是', '█░░░░░░░░░ 已答：是'), rows)).toBeUndefined()
    expect(lieOf(card(0, '是', '░░░░░░░░░░'), rows)).toContain('revision 1')
    expect(lieOf(card(1, '是', '█░░░░░░░░░ 已答：是'), rows)).toContain('marked')
    expect(lieOf(card(1, '✓ 是', '░░░░░░░░░░ 已答：是'), rows)).toContain('done')
    expect(lieOf(null, rows)).toBeDefined()
  })
})

describe.skipIf(!hasServers)('a small district (needs redis-server)', () => {
  it('keeps what everybody meant, with all faults', { timeout: 170_000 }, async () => {
    const result = await simulate({ taps: 720, people: 5, processes: 2, seed: SEED, faults: FAULT_KINDS, every: 115 })
    expect(result.cases).toEqual({ lost: [], duplicated: [], misplaced: [], stuck: [], wrong_cards: [] })
    expect(result.broken).toEqual([])
    expect(result.taps).toBe(720)
    for (const kind of ['kill', 'flush', 'redis', 'postgres', 'cut_postgres', 'cut_redis'])
      expect(result.faults[kind], kind).toBe(1)
  })
})
