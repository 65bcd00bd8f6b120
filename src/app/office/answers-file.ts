/** All answers of an assessment as a CSV file. */
import { isAnswered } from '../../core/answer.js'
import { format } from '../../core/exact.js'
import { rateOf, scoreSheet } from '../../core/score.js'
import { csv } from '../csv.js'
import type { File } from '../speech.js'
import { percentText } from '../views/bar.js'
import { valueWords } from '../views/choices.js'
import { askingWords, promptsOf, term, wordsOf } from '../words.js'
import type { View } from './standings.js'
import type { Visit } from './visit.js'

/** A row a question, and in an individual round a row a question and person. Scores with four decimals, rounded down. */
export async function answersFile({ desk, say, language }: Visit, view: View): Promise<File> {
  const { assessment, book, sheets } = view
  const { community, round } = assessment
  const prompts = promptsOf(book, language)
  const names = await desk.work.names([
    ...new Set(sheets.flatMap(({ answers }) => [...answers.values()].map((one) => one.person))),
  ])
  const columns = ['community', 'street', 'round', 'rubric', 'first', 'second', 'id', 'title', 'question', 'post', 'answer', 'points', 'score', 'rate', 'not_applicable', 'note', 'evidence', 'person', 'at', 'sheet'] // biome-ignore format: a list
  const rows = sheets.flatMap((sheet) => {
    const { indicators } = scoreSheet(book.questionnaire, sheet.answers)
    return book.questionnaire.questions.map((question) => {
      const answer = sheet.answers.get(question.id)
      const scored = question.kind === 'indicator' ? indicators.find(({ id }) => id === question.id) : undefined
      const rate = scored && rateOf(scored)
      const value = answer?.value ?? null
      const post = 'indicator' in question ? term(prompts, question.indicator.post) : ''
      return [
        community.name,
        community.street,
        round.name,
        `${book.rubric.id}@${book.rubric.version}`,
        'first' in question ? prompts.levels[question.first]! : '',
        'second' in question ? prompts.levels[question.second]! : '',
        question.id,
        wordsOf(prompts, question)?.title ?? prompts.extras[question.id] ?? '',
        askingWords(prompts, question),
        post,
        value === null ? '' : valueWords(book, question, value, language),
        scored ? format(scored.points, 2) : '',
        scored && scored.state === 'scored' ? format(scored.score, 4, 'down') : '',
        rate ? percentText(rate) : '',
        answer?.notApplicable ?? '',
        answer?.note ?? '',
        answer?.evidence.length ?? 0,
        answer && isAnswered(answer) ? (names.get(answer.person) ?? (post || say('office.somebody'))) : '',
        answer?.at.toISOString() ?? '',
        say(`csv.sheet_${sheet.status}`),
      ]
    })
  })
  const name = `${community.name}-${round.name}`.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
  return { name: `${name}.csv`, mime: 'text/csv', bytes: csv([columns.map((one) => say(`csv.${one}`)), ...rows]) }
}
