/**
 * A second way to score a sheet, written apart from src/core so that the two can be held against each other.
 * It reads the plain data of a rubric file and counts in whole numbers: every score is a multiple of 1 ÷ `grain` point,
 * where the grain is fixed once per rubric so that no answer can leave a remainder.
 */

/** The parts of a rubric file that scoring needs, as YAML gives them (nothing filled in). */
export type Table = {
  scale: number
  options: Record<'level4' | 'yesno', { key: string; ratio: number }[]>
  scoring: {
    not_applicable: { max_share: number }
    veto: { enabled: boolean }
    first_level_minimum: { enabled: boolean; rates?: Record<string, number> }
    bonus: Findings
    penalty: Findings
  }
  grades: { code: string }[]
  cutoffs: { use: string; sets: Record<string, Record<string, number>> }
  first_level: { id: string; second_level: { id: string; indicators: Row[] }[] }[]
}
type Findings = {
  enabled: boolean
  counts_for_grade?: boolean
  cap?: number
  items?: { id: string; points: number }[]
}
export type Row = {
  id: string
  points: number
  vetoes?: string[]
  not_applicable?: boolean
  answer: {
    type: string
    target?: number
    floor?: number
    decimals?: number
    per?: number
    free?: number
    bands?: { from: number; lose: number }[]
  }
}

/** What was answered to one question: a value, or that it does not apply. A question that is missing here is open. */
export type Reply = { value: string } | { reason: string }
export type Replies = ReadonlyMap<string, Reply>

/** A plain quotient, not reduced. */
export type Ratio = { num: bigint; den: bigint }

export type Verdict = {
  /** One whole point, in grains. */
  grain: bigint
  rows: Map<
    string,
    { first: string; full: bigint; got: bigint; state: 'scored' | 'not_applicable' | 'open'; vetoed: boolean }
  >
  /** Points and score of the first and second levels, in grains. */
  levels: Map<string, { full: bigint; got: bigint }>
  answered: number
  asked: number
  total: Ratio
  least: Ratio
  most: Ratio
  vetoes: string[]
  extra: Ratio
  extraForGrade: Ratio
  grade: string
}

export const MILLION = 1_000_000n

/** The grade rules need only sums, so brute force can ask them again for any set of raised rows. */
export type Judge = (
  full: bigint,
  got: bigint,
  levels: Iterable<{ full: bigint; got: bigint }>,
  code: string,
  extra: Ratio,
) => boolean

export function createOracle(table: Table) {
  const rows = table.first_level.flatMap((first) =>
    first.second_level.flatMap((second) =>
      second.indicators.map((row) => ({ row, first: first.id, second: second.id })),
    ),
  )
  let grain = MILLION * MILLION
  for (const { row } of rows) {
    const span = micro(row.answer.target ?? 1) - micro(row.answer.floor ?? 0)
    grain = leastMultiple(grain, MILLION * MILLION * (span < 0n ? -span : span))
  }
  const grains = (value: number) => (micro(value) * grain) / MILLION
  const findings = (['bonus', 'penalty'] as const).filter((side) => table.scoring[side].enabled)

  const meets: Judge = (full, got, levels, code, extra) => {
    const cutoff = micro(table.cutoffs.sets[table.cutoffs.use]![code]!)
    // got ÷ full × scale + extra ≥ cut-off, cleared of denominators.
    const left = full === 0n ? 0n : got * micro(table.scale) * extra.den
    const whole = full === 0n ? 1n : full
    if (left + extra.num * MILLION * whole < cutoff * whole * extra.den) return false
    const { enabled, rates = {} } = table.scoring.first_level_minimum
    if (!enabled) return true
    for (const level of levels)
      if (level.full > 0n && level.got * MILLION < micro(rates[code]!) * level.full) return false
    return true
  }

  function judge(replies: Replies): Verdict {
    const isYes = (id: string) => {
      const reply = replies.get(id)
      return reply !== undefined && 'value' in reply && reply.value === 'yes'
    }
    const vetoes: string[] = []
    const verdictRows: Verdict['rows'] = new Map()
    const levels: Verdict['levels'] = new Map()
    for (const first of table.first_level) {
      levels.set(first.id, { full: 0n, got: 0n })
      for (const second of first.second_level) levels.set(second.id, { full: 0n, got: 0n })
    }
    let asked = 0
    let answered = 0
    let full = 0n
    let got = 0n
    let open = 0n
    let lowFull = 0n
    let lowGot = 0n
    for (const { row, first, second } of rows) {
      const questions = table.scoring.veto.enabled ? (row.vetoes ?? []) : []
      const hit = questions.filter(isYes)
      vetoes.push(...hit)
      asked += 1 + questions.length
      answered += [row.id, ...questions].filter((id) => replies.has(id)).length
      const reply = replies.get(row.id)
      const points = grains(row.points)
      const vetoed = hit.length > 0
      const away = !vetoed && reply !== undefined && 'reason' in reply
      const state = away ? 'not_applicable' : vetoed || reply !== undefined ? 'scored' : 'open'
      const earned = !vetoed && reply !== undefined && 'value' in reply ? earn(row, reply.value) : 0n
      verdictRows.set(row.id, { first, full: away ? 0n : points, got: earned, state, vetoed })
      // The worst that can still come: open rows at nothing, and open veto questions answered with yes.
      const safe = questions.every((id) => replies.has(id))
      if (!(away && safe)) lowFull += points
      if (safe) lowGot += earned
      if (state === 'open') open += points
      if (state !== 'scored') continue
      full += points
      got += earned
      for (const id of [first, second]) {
        levels.get(id)!.full += points
        levels.get(id)!.got += earned
      }
    }
    const sums = { bonus: 0n, penalty: 0n }
    for (const side of findings) {
      const { items = [], cap } = table.scoring[side]
      asked += items.length
      answered += items.filter(({ id }) => replies.has(id)).length
      for (const { id, points } of items) if (isYes(id)) sums[side] += micro(points)
      if (cap !== undefined && sums[side] > micro(cap)) sums[side] = micro(cap)
    }
    const counted = (side: 'bonus' | 'penalty') => (table.scoring[side].counts_for_grade ? sums[side] : 0n)
    const onScale = (part: bigint, whole: bigint): Ratio =>
      whole === 0n ? { num: 0n, den: 1n } : { num: part * micro(table.scale), den: whole * MILLION }
    const extraForGrade = { num: counted('bonus') - counted('penalty'), den: MILLION }
    const firsts = table.first_level.map(({ id }) => levels.get(id)!)
    const code = table.grades.map((one) => one.code).find((one) => meets(full, got, firsts, one, extraForGrade))
    return {
      grain,
      rows: verdictRows,
      levels,
      answered,
      asked,
      total: onScale(got, full),
      least: onScale(lowGot, lowFull),
      most: onScale(got + open, full + open),
      vetoes,
      extra: { num: sums.bonus - sums.penalty, den: MILLION },
      extraForGrade,
      grade: answered < asked ? 'open' : vetoes.length > 0 ? 'withheld' : (code ?? 'below'),
    }
  }

  /** Grains that a value earns. */
  function earn({ points, answer }: Row, value: string): bigint {
    const all = grains(points)
    switch (answer.type) {
      case 'level4':
      case 'yesno': {
        const option = table.options[answer.type].find(({ key }) => key === value)!
        return (all * micro(option.ratio)) / MILLION
      }
      case 'deduct': {
        const times = BigInt(value) - BigInt(answer.free ?? 0)
        const lost = times <= 0n ? 0n : times * grains(answer.per!)
        return lost >= all ? 0n : all - lost
      }
      default: {
        const at = micro(value)
        if (answer.bands) {
          // From the lowest band upwards; the last one whose start is reached holds.
          let lost = answer.bands.at(-1)!.lose
          for (const band of [...answer.bands].reverse()) if (at >= micro(band.from)) lost = band.lose
          return all - grains(lost)
        }
        const [target, floor] = [micro(answer.target!), micro(answer.floor!)]
        const upward = target > floor
        const done = upward ? at - floor : floor - at
        const span = upward ? target - floor : floor - target
        return done <= 0n ? 0n : done >= span ? all : (all / span) * done
      }
    }
  }

  return { judge, meets }
}

/** Millionths of a plain decimal. */
export function micro(value: number | string): bigint {
  const [whole = '', decimals = ''] = String(value).split('.')
  if (decimals.length > 6) throw new Error(`Expected at most six decimals, got \`${value}\``)
  return BigInt(whole + decimals.padEnd(6, '0'))
}

function leastMultiple(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b]
  while (y > 0n) [x, y] = [y, x % y]
  return (a / x) * b
}
