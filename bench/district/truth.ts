/** Whether the card that somebody has before their eyes, once all is quiet, says what stands in the ledger. */
import { bar } from '../../src/app/views/bar.js'
import { decodeAction } from '../../src/core/action.js'
import { type Answer, isAnswered } from '../../src/core/answer.js'
import { format } from '../../src/core/exact.js'
import { scoreSheet } from '../../src/core/score.js'
import type { ShownCard } from './bot-api.js'
import { read } from './cards.js'
import { BOOK, QUESTIONS } from './questions.js'
import type { Row } from './verdict.js'

/** What is wrong with a card; undefined where it is true. */
export function lieOf(card: ShownCard | null, rows: readonly Row[]): string | undefined {
  if (!card) return 'there is no card'
  const newest = new Map(rows.map((row) => [row.question, row]))
  const isDone = (id: string) => {
    const row = newest.get(id)
    return row !== undefined && (row.value !== null || row.not_applicable !== null)
  }
  const done = QUESTIONS.filter(({ id }) => isDone(id)).length
  const lie = (what: string) => `${what}, got ${JSON.stringify(card)}`
  const seen = read(card)
  switch (seen.at) {
    case 'question':
    case 'confirm': {
      const row = newest.get(seen.question)
      if (seen.revision !== (row?.revision ?? 0)) return lie(`Expected revision ${row?.revision ?? 0}`)
      if (seen.at === 'confirm') return undefined
      const chosen = seen.options.find(({ value }) => value === row?.value)?.value
      if (seen.chosen !== chosen) return lie(`Expected ${chosen} to be marked`)
      if (card.text.includes('已答：') !== isDone(seen.question) && !row?.note)
        return lie(`Expected the answer ${row?.value}`)
      return card.text.includes(bar(done / QUESTIONS.length)) ? undefined : lie(`Expected ${done} to be done`)
    }
    case 'submitted':
      return card.text.includes(`总分：${totalOf(rows)} 分`) ? undefined : lie(`Expected a total of ${totalOf(rows)}`)
    case 'end':
      return done === QUESTIONS.length ? undefined : lie(`Expected ${done} to be done`)
    default: {
      if (card.text.includes('○ 未答')) {
        const wrong = card.buttons.find(([label, data]) => {
          const action = decodeAction(data)
          return action?.do === 'open' && label.startsWith('✓') !== isDone(action.question)
        })
        return wrong && lie(`Expected another mark than ${wrong[0]}`)
      }
      const told = /已答 (\d+)\/\d+ 题/.exec(card.text)?.[1]
      return told === undefined || Number(told) === done ? undefined : lie(`Expected ${done} to be done`)
    }
  }
}

function totalOf(rows: readonly Row[]): string {
  const answers = new Map<string, Answer>()
  for (const row of rows) {
    const { question, revision, value, not_applicable: notApplicable, note } = row
    const answer = { question, revision, value, notApplicable, note, evidence: [], raw: null }
    if (isAnswered(answer)) answers.set(question, answer)
  }
  return format(scoreSheet(BOOK.questionnaire, answers).total, 1)
}
