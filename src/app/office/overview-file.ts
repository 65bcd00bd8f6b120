/** All communities of a round as a CSV file. */
import type { Book } from '../../content/book.js'
import { csv } from '../csv.js'
import { completionOf, type Line } from '../overview.js'
import type { Assessment, Round } from '../rounds.js'
import type { File } from '../speech.js'
import { promptsOf } from '../words.js'
import { gradeWords, share } from './overview-words.js'
import type { Visit } from './visit.js'

type District = {
  readonly round: Round
  readonly book: Book
  readonly all: readonly Line[]
  readonly assessments: readonly Assessment[]
}

/** A row a community, by street and name. Totals with six decimals, rounded down; the grade is empty while it is open. */
export function overviewFile({ say, language }: Visit, { round, book, all, assessments }: District): File {
  const prompts = promptsOf(book, language)
  const first = book.rubric.first_level.map(({ id }) => id)
  const second = book.rubric.first_level.flatMap(({ second_level }) => second_level.map(({ id }) => id))
  const submittedAt = new Map(assessments.map((one) => [one.id, one.submittedAt]))
  const column = (name: string) => say(`overview.columns.${name}`)
  const rate = (value: number | null | undefined) => (value == null ? null : share(value))
  const header = [
    ...['community', 'street', 'status', 'answered', 'asked', 'completion', 'total', 'least', 'most', 'grade'].map(
      column,
    ),
    ...[...first, ...second].map((id) => `${id} ${prompts.levels[id] ?? ''}`.trim()),
    ...['weak', 'vetoes', 'submitted_at'].map(column),
  ]
  const rows = all.map((one) => {
    const { result, stale } = one
    const status = say(`overview.status.${one.status}`)
    return [
      one.name,
      one.street,
      stale ? status + say('overview.stale') : status,
      result.answered,
      result.asked,
      share(completionOf(one)),
      result.grade.kind === 'open' ? null : result.total,
      result.least,
      result.most,
      gradeWords(say, result.grade),
      ...first.map((id) => rate(result.first[id])),
      ...second.map((id) => rate(result.second[id])),
      result.weak.length,
      result.vetoes.join(' '),
      submittedAt.get(one.assessment)?.toISOString() ?? null,
    ]
  })
  const name = say('overview.file', { round: round.name }).replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
  return { name, mime: 'text/csv', bytes: csv([header, ...rows]) }
}
