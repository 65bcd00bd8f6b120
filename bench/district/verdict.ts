/** Whether a ledger equals what its person meant, exactly; see inputs.ts for what that is. */
import type { Input } from './inputs.js'

export type Row = {
  readonly question: string
  readonly revision: number
  readonly value: string | null
  readonly not_applicable: string | null
  readonly note: string | null
  readonly input: string
}
export type Verdict = {
  /** Acknowledged, but its effect was not there. */
  readonly lost: readonly string[]
  /** Two rows for one thing that was meant, or a row that says nothing new. */
  readonly duplicated: readonly string[]
  /** A row that nobody meant, or meant for something else. */
  readonly misplaced: readonly string[]
  readonly unacknowledged: readonly string[]
}
/** When something died: what was being said then may have been cut off. */
export type Span = { readonly from: number; to: number }

/** `rows` of one sheet by question and revision. */
export function judge(rows: readonly Row[], inputs: ReadonlyMap<string, Input>, calamities: readonly Span[]): Verdict {
  const verdict = {
    lost: [] as string[],
    duplicated: [] as string[],
    misplaced: [] as string[],
    unacknowledged: [] as string[],
  }
  const chains = new Map<string, Row[]>()
  for (const row of rows) chains.set(row.question, [...(chains.get(row.question) ?? []), row])
  const gestures = new Map<number, Row>()
  for (const chain of chains.values()) for (const [i, row] of chain.entries()) judgeRow(row, chain[i - 1], i + 1)
  const written = new Set(rows.map(({ input }) => input))
  for (const input of inputs.values()) judgeInput(input)
  return verdict

  function judgeRow(row: Row, before: Row | undefined, place: number): void {
    const input = inputs.get(row.input)
    const about = `${row.question} ${row.revision} = ${row.value ?? row.note} by ${JSON.stringify(input) ?? row.input}`
    if (row.revision !== place) verdict.lost.push(`${about}: the revision before it is not there`)
    if (!input || !isMeant(row, before, input)) {
      verdict.misplaced.push(about)
      return
    }
    const first = gestures.get(input.gesture)
    if (first) verdict.duplicated.push(`${about}, beside ${first.question} ${first.revision}`)
    gestures.set(input.gesture, row)
    if (before && before.value === row.value && before.note === row.note)
      verdict.duplicated.push(`${about}: nothing new`)
  }

  function judgeInput(input: Input): void {
    const { meaning, acknowledged, sent } = input
    if (acknowledged === undefined) verdict.unacknowledged.push(JSON.stringify(input))
    if (meaning.kind === 'none' || acknowledged === undefined) return
    const chain = chains.get(meaning.question) ?? []
    if (meaning.kind === 'tap') {
      const shown = chain[meaning.revision - 1]
      const next = chain[meaning.revision]
      if (meaning.revision > 0 && !shown)
        verdict.lost.push(`a card showed a row that is not there: ${JSON.stringify(input)}`)
      else if (shown?.value === meaning.value) return
      else if (!next) verdict.lost.push(JSON.stringify(input))
      // Whatever stands there must have been on its way when this tap was acknowledged.
      else if ((inputs.get(next.input)?.sent ?? 0) > acknowledged)
        verdict.lost.push(`${JSON.stringify(input)}, and later ${JSON.stringify(inputs.get(next.input))}`)
      return
    }
    if (written.has(input.id)) return
    const stands =
      meaning.kind === 'typed'
        ? chain.some(({ value }) => value === meaning.value)
        : chain.some(({ note }) => note === meaning.text)
    if (input.calm ? !stands : !stands && !input.told && !cutOff(sent, acknowledged))
      verdict.lost.push(`${input.calm ? 'calmly' : 'in silence'}: ${JSON.stringify(input)}`)
  }

  function cutOff(from: number, to: number): boolean {
    return calamities.some((one) => one.from <= to && one.to >= from)
  }
}

/** Whether a row follows from its input and the row before. */
function isMeant(row: Row, before: Row | undefined, { meaning }: Input): boolean {
  if (meaning.kind === 'none' || meaning.question !== row.question || row.not_applicable !== null) return false
  if (meaning.kind === 'note') return row.note === meaning.text && row.value === (before?.value ?? null)
  if (row.value !== meaning.value || row.note !== (before?.note ?? null)) return false
  return meaning.kind === 'tap' ? row.revision === meaning.revision + 1 : row.revision > meaning.revision
}
