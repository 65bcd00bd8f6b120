/** What was answered to one question, by whom and when; a note and evidence only where they came or changed. */
import type { Book } from '../../content/book.js'
import { type Answer, isAnswered } from '../../core/answer.js'
import type { Question } from '../../core/questionnaire.js'
import { clockText, dayText } from '../moments.js'
import { answerWords } from '../views/choices.js'
import type { Line } from '../views/score-lines.js'
import { promptsOf, term } from '../words.js'
import type { View } from './standings.js'
import type { Visit } from './visit.js'

const REVISIONS_SHOWN = 8
/** Notes and reasons are shown shortened; the whole of them is in the file. */
const WORDS_SHOWN = 60

type Given = {
  readonly answer: Answer
  readonly person: string
  readonly at: Date
  /** The revision before, on the same sheet. */
  readonly before: Answer | undefined
}

/** An answer in few words, however long its reason is. */
export function answerText({ language, say }: Visit, book: Book, question: Question, answer: Answer): string {
  const { notApplicable } = answer
  const short = notApplicable === null ? answer : { ...answer, notApplicable: shortened(notApplicable) }
  return answerWords(book, question, short, language, say)
}

/** Every answer that was given, newest first; in an individual round everybody's present one. */
export async function historyLines(visit: Visit, view: View, question: Question): Promise<Line[]> {
  const { desk, say, language } = visit
  const { timeZone } = view.assessment.community
  const given = await givenTo(visit, view, question)
  if (given.length === 0) return [say('details.none')]
  const shown = given.slice(0, REVISIONS_SHOWN)
  const people = await desk.work.names([...new Set(shown.map(({ person }) => person))])
  const post = 'indicator' in question ? term(promptsOf(view.book, language), question.indicator.post) : ''
  return [
    ...shown.map((one) => {
      const at = one.at.getTime()
      const when = `${dayText(at, timeZone, language)} ${clockText(at, timeZone)}`
      const name = people.get(one.person) ?? (post || say('office.somebody'))
      return givenText(visit, view.book, question, one, { when, name })
    }),
    ...(given.length > shown.length ? [say('details.more', { shown: shown.length, count: given.length })] : []),
  ]
}

async function givenTo({ desk }: Visit, view: View, question: Question): Promise<Given[]> {
  if (view.assessment.round.mode === 'individual')
    return view.sheets.flatMap(({ answers }) => {
      const answer = answers.get(question.id)
      return answer ? [{ answer, person: answer.person, at: answer.at, before: undefined }] : []
    })
  const [sheet] = view.sheets
  const rows = sheet ? (await desk.ledger.history(sheet.id)).filter((row) => row.question === question.id) : []
  return rows
    .sort((a, b) => a.revision - b.revision)
    .map((row, i) => ({ answer: row, person: row.person, at: row.at, before: rows[i - 1] }))
    .reverse()
}

function givenText(
  visit: Visit,
  book: Book,
  question: Question,
  { answer, before }: Given,
  by: { readonly when: string; readonly name: string },
): string {
  const { say } = visit
  const { note, evidence } = answer
  const parts = [
    ...((before?.note ?? null) === note
      ? []
      : [note ? say('card.note', { note: shortened(note) }) : say('details.no_note')]),
    ...(JSON.stringify(before?.evidence ?? []) === JSON.stringify(evidence)
      ? []
      : [say('card.evidence', { count: evidence.length })]),
  ]
  const same = before
    ? before.value === answer.value && before.notApplicable === answer.notApplicable
    : !isAnswered(answer)
  // Whoever only adds a note did not answer. Neither there nor here: the same was answered once more.
  const said =
    same && parts.length > 0
      ? say('details.noted', by)
      : say('details.given', { ...by, answer: answerText(visit, book, question, answer) })
  return [said, ...parts].join('\n')
}

function shortened(text: string): string {
  const letters = [...text]
  return letters.length > WORDS_SHOWN ? `${letters.slice(0, WORDS_SHOWN).join('')}…` : text
}
