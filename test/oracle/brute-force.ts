/** The shortest path by trying every set of rows; only for tables of a dozen rows. */
import { createOracle, type Replies, type Table } from './oracle.js'

export type BrutePath =
  | { kind: 'top' | 'none' }
  /** The target, how many rows, the ids that must be there, and the least total (as grains got) that such a set gives. */
  | { kind: 'path'; to: string; size: number; forced: string[]; got: bigint; full: bigint }

export function bruteForce(table: Table, replies: Replies): BrutePath {
  const { judge, meets } = createOracle(table)
  const verdict = judge(replies)
  if (verdict.grade === 'open') return { kind: 'none' }
  const codes = table.grades.map(({ code }) => code)
  const scored = [...verdict.rows].filter(([, { state }]) => state === 'scored')
  const forced = scored.filter(([, { vetoed }]) => vetoed).map(([id]) => id)
  const free = scored.filter(([, { vetoed, got, full }]) => !vetoed && got < full).map(([id]) => id)
  const after = (raised: readonly string[]) => {
    const levels = new Map(table.first_level.map(({ id }) => [id, { full: 0n, got: 0n }]))
    let [full, got] = [0n, 0n]
    for (const [id, row] of scored) {
      const now = raised.includes(id) ? row.full : row.got
      full += row.full
      got += now
      levels.get(row.first)!.full += row.full
      levels.get(row.first)!.got += now
    }
    return { full, got, reaches: (code: string) => meets(full, got, levels.values(), code, verdict.extraForGrade) }
  }
  const lifted = after(forced)
  const reached = codes.find((code) => lifted.reaches(code))
  const to =
    forced.length > 0 && reached !== undefined
      ? reached
      : codes[(reached === undefined ? codes.length : codes.indexOf(reached)) - 1]
  if (to === undefined) return { kind: 'top' }
  let best: { size: number; got: bigint; full: bigint } | undefined
  for (let mask = 0; mask < 2 ** free.length; mask += 1) {
    const chosen = free.filter((_, i) => (mask >> i) & 1)
    const { full, got, reaches } = after([...forced, ...chosen])
    const size = forced.length + chosen.length
    if (!reaches(to) || (best && (size > best.size || (size === best.size && got >= best.got)))) continue
    best = { size, got, full }
  }
  return best ? { kind: 'path', to, forced, ...best } : { kind: 'none' }
}
