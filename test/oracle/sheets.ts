/** Random tables and random sheets, the same ones for the same seed. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Answer } from '../../src/core/answer.js'
import type { Replies, Reply, Row, Table } from './oracle.js'

/** A fresh copy of the draft table's plain data. */
export function readDraft(): Table {
  const name = readFileSync('rubric/current', 'utf8').trim()
  return load(readFileSync(`rubric/${name}.yaml`, 'utf8')) as Table
}

export type Dice = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number
  pick<T>(from: readonly T[]): T
}

/** mulberry32: small, fast, and the same everywhere. */
export function createDice(seed: number): Dice {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (count: number) => Math.floor(next() * count)
  return { next, below, pick: (from) => from[below(from.length)]! }
}

export const rowsOf = (table: Table): Row[] =>
  table.first_level.flatMap((first) => first.second_level.flatMap((second) => second.indicators))

/** How a sheet is filled: each a share from 0 to 1. */
export type Mood = { open: number; away: number; veto: number; good: number }

/** Fills a sheet at random: options, decimals at, near and beyond the thresholds, vetoes, extras, gaps. */
export function fillSheet(table: Table, dice: Dice, mood: Mood): Map<string, Reply> {
  const replies = new Map<string, Reply>()
  const give = (id: string, reply: () => Reply) => {
    if (dice.next() >= mood.open) replies.set(id, reply())
  }
  for (const row of rowsOf(table)) {
    give(row.id, () =>
      row.not_applicable && dice.next() < mood.away
        ? { reason: '本社区没有这类情况' }
        : { value: randomValue(table, row, dice, mood) },
    )
    if (table.scoring.veto.enabled)
      for (const id of row.vetoes ?? []) give(id, () => ({ value: dice.next() < mood.veto ? 'yes' : 'no' }))
  }
  for (const side of ['bonus', 'penalty'] as const)
    if (table.scoring[side].enabled)
      for (const { id } of table.scoring[side].items ?? []) give(id, () => ({ value: dice.pick(['yes', 'no']) }))
  return replies
}

function randomValue(table: Table, { answer, points }: Row, dice: Dice, mood: Mood): string {
  if (answer.type === 'level4' || answer.type === 'yesno') {
    const { [answer.type]: options } = table.options
    return dice.next() < mood.good ? options[0]!.key : dice.pick(options).key
  }
  if (answer.type === 'deduct') {
    const worst = (answer.free ?? 0) + Math.ceil(points / answer.per!)
    return String(dice.next() < mood.good ? 0 : dice.pick([dice.below(worst + 2), worst - 1, worst, 100_000]))
  }
  const { target = 0, floor = 0, decimals = 0 } = answer
  const largest = answer.type === 'percent' ? 100 : 100_000
  const step = 1 / 10 ** decimals
  const near = () => floor + (target - floor) * dice.next()
  const edges = [target, floor, ...(answer.bands ?? []).map(({ from }) => from)].flatMap((at) => [
    at - step,
    at,
    at + step,
  ])
  const wild = dice.next()
  const value =
    dice.next() < mood.good ? target : wild < 0.7 ? near() : wild < 0.9 ? dice.pick(edges) : dice.next() * largest
  const text = Math.min(largest, Math.max(0, value)).toFixed(decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

/** The same replies as the ledger would hold them. */
export function asAnswers(replies: Replies): Map<string, Answer> {
  return new Map(
    [...replies].map(([question, reply]) => [
      question,
      {
        question,
        revision: 1,
        value: 'value' in reply ? reply.value : null,
        notApplicable: 'reason' in reply ? reply.reason : null,
        note: null,
        evidence: [],
        raw: null,
      },
    ]),
  )
}

/** A small table with awkward points, ranges and ratios; valid in every respect but size. */
export function smallTable(dice: Dice, most: { rows: number; firsts: number }): Table {
  const firsts = 1 + dice.below(most.firsts)
  const count = Math.max(firsts, 1 + dice.below(most.rows))
  const rows = Array.from({ length: count }, (_, i): Row => {
    const points = dice.pick([1, 2, 3, 5, 7, 7.5, 8, 9, 10, 10, 12, 13, 25])
    const answer = randomAnswer(dice, points)
    return {
      id: `R${i}`,
      points,
      answer,
      not_applicable: dice.next() < 0.2,
      ...(dice.next() < 0.1 ? { vetoes: [`R${i}.v1`, ...(dice.next() < 0.3 ? [`R${i}.v2`] : [])] } : {}),
    }
  })
  const scale = rows.reduce((sum, { points }) => sum + points, 0)
  const cut = () => Math.round(scale * (0.3 + dice.next() * 0.7) * 100) / 100
  const [aaa, aa, a] = distinct(cut)
  const on = (share: number) => dice.next() < share
  const rate = () => Math.round((0.2 + dice.next() * 0.75) * 1000) / 1000
  return {
    scale,
    options: {
      level4: [
        { key: 'full', ratio: 1 },
        { key: 'mostly', ratio: dice.pick([0.8, 0.77]) },
        { key: 'partly', ratio: dice.pick([0.5, 0.333]) },
        { key: 'none', ratio: 0 },
      ],
      yesno: [
        { key: 'yes', ratio: 1 },
        { key: 'no', ratio: 0 },
      ],
    },
    scoring: {
      not_applicable: { max_share: 1 },
      veto: { enabled: on(0.8) },
      first_level_minimum: { enabled: on(0.5), rates: { AAA: rate(), AA: rate(), A: rate() } },
      bonus: {
        enabled: on(0.2),
        counts_for_grade: on(0.5),
        cap: 3,
        items: [
          { id: 'B1', points: 2 },
          { id: 'B2', points: 2.5 },
        ],
      },
      penalty: { enabled: on(0.2), counts_for_grade: on(0.5), items: [{ id: 'D1', points: 1.25 }] },
    },
    grades: [{ code: 'AAA' }, { code: 'AA' }, { code: 'A' }],
    cutoffs: { use: 'random', sets: { random: { AAA: aaa, AA: aa, A: a } } },
    first_level: Array.from({ length: firsts }, (_, f) => ({
      id: `F${f}`,
      second_level: [{ id: `S${f}`, indicators: rows.filter((_, i) => i % firsts === f) }],
    })),
  }
}

function randomAnswer(dice: Dice, points: number): Row['answer'] {
  const decimals = dice.below(3)
  const pairs = [
    [100, 50],
    [98, 80],
    [15, 3],
    [85, 50],
    [10, 3],
    [0, 7],
    [5, 40],
  ] as const
  const [target, floor] = dice.pick(pairs)
  switch (dice.below(6)) {
    case 0:
      return { type: 'level4' }
    case 1:
      return { type: 'yesno' }
    case 2:
      return { type: 'percent', target, floor, decimals }
    case 3:
      return { type: 'threshold', target, floor, decimals }
    case 4:
      return { type: 'deduct', per: dice.pick([1, 0.3, 2.5]), free: dice.below(3) }
    default:
      return {
        type: 'percent',
        target: 80,
        floor: 60,
        decimals,
        bands: [
          { from: 80, lose: 0 },
          { from: 60, lose: points * 0.5 },
          { from: 0, lose: points },
        ],
      }
  }
}

function distinct(cut: () => number): [number, number, number] {
  for (;;) {
    const [a, b, c] = [cut(), cut(), cut()].sort((x, y) => y - x) as [number, number, number]
    if (a > b && b > c) return [a, b, c]
  }
}

/** A whole rubric file around a small table, so that the core's own check has to accept it. */
export function asFile(table: Table): unknown {
  return {
    schema: 1,
    id: 'small-table',
    version: '1.0.0',
    title: '小表',
    status: 'draft',
    standard: { name: '试' },
    ...table,
    counts: {
      first_level: table.first_level.length,
      second_level: table.first_level.length,
      indicators: rowsOf(table).length,
    },
    scoring: { ...table.scoring, weak: { rate_below: 0.6 } },
    first_level: table.first_level.map((first) => ({
      ...first,
      name: first.id,
      second_level: first.second_level.map((second) => ({
        ...second,
        name: second.id,
        indicators: second.indicators.map((row) => ({
          ...row,
          title: row.id,
          requirement: row.id,
          post: '综合岗',
          answer: { ...row.answer, ...(['threshold', 'deduct'].includes(row.answer.type) ? { unit: '次' } : {}) },
        })),
      })),
    })),
  }
}
