/** 目录: the sections with what is answered in each, and the questions of one section. */
import type { Question } from '../../core/questionnaire.js'
import { bold, lines } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { promptsOf, wordsOf } from '../words.js'
import { bar } from './bar.js'
import { button, type SheetScene } from './view.js'

const MARKS = { open: '○', answered: '✓', not_applicable: '—' } as const

export function contentsCard(scene: SheetScene): Card {
  const { book, say, sheet, language, question } = scene
  const prompts = promptsOf(book, language)
  const { questions } = book.questionnaire
  const inSection = (id: string) => questions.filter((one) => 'second' in one && one.second === id)
  const counts = (some: readonly Question[]) => {
    const done = some.filter(({ index }) => sheet.marks[index]!.state !== 'open').length
    return { done, count: some.length }
  }
  const all = counts(questions)
  const text = lines(
    scene.notice === null ? undefined : [bold(scene.notice), '\n'],
    bold(say('contents.title')),
    `${bar(all.done / all.count)} ${say('contents.done', all)}`,
    '',
    ...book.rubric.first_level.map((first) => {
      const own = counts(questions.filter((one) => 'first' in one && one.first === first.id))
      return `${prompts.levels[first.id]} ${own.done}/${own.count}`
    }),
    '',
    say('contents.hint'),
  )
  const sections = book.rubric.first_level.flatMap((first) =>
    pairs(
      first.second_level.map(({ id }) => {
        const { done, count } = counts(inSection(id))
        const mark = done === count ? '✓' : `${done}/${count}`
        return button(`${prompts.levels[id]} ${mark}`, { do: 'section', sheet: sheet.id, section: id })
      }),
    ),
  )
  const extras = questions.filter((one) => !('second' in one)).map((one) => questionButton(scene, one))
  const back = button(say('button.back_to_question'), { do: 'open', sheet: sheet.id, question: question.id })
  const result = sheet.mine
    ? button(say('button.mine'), { do: 'mine', sheet: sheet.id })
    : button(say('button.result'), { do: 'result', sheet: sheet.id, page: 'total' })
  return { text, rows: [...sections, ...extras.map((one) => [one]), [back, result]] }
}

export function sectionCard(scene: SheetScene, section: string): Card {
  const { book, say, sheet, language } = scene
  const questions = book.questionnaire.questions.filter((one) => 'second' in one && one.second === section)
  if (questions.length === 0) return contentsCard(scene)
  const open = questions.filter(({ index }) => sheet.marks[index]!.state === 'open').length
  const text = lines(
    scene.notice === null ? undefined : [bold(scene.notice), '\n'],
    bold(promptsOf(book, language).levels[section]!),
    say('contents.section', { done: questions.length - open, count: questions.length }),
    say('contents.legend'),
  )
  return {
    text,
    rows: [
      ...questions.map((one) => [questionButton(scene, one)]),
      [button(say('button.contents'), { do: 'contents', sheet: sheet.id })],
    ],
  }
}

function questionButton({ book, say, sheet, language }: SheetScene, question: Question): Button {
  const prompts = promptsOf(book, language)
  const mark = MARKS[sheet.marks[question.index]!.state]
  const title = wordsOf(prompts, question)?.title ?? prompts.extras[question.id]!
  const label =
    question.kind === 'veto'
      ? say('contents.veto', { number: question.indicator.vetoes.indexOf(question.id) + 1, title })
      : `${'ordinal' in question ? `${question.ordinal} ` : ''}${title}`
  return button(`${mark} ${label}`, { do: 'open', sheet: sheet.id, question: question.id })
}

function pairs(buttons: readonly Button[]): Button[][] {
  const rows: Button[][] = []
  for (let i = 0; i < buttons.length; i += 2) rows.push(buttons.slice(i, i + 2))
  return rows
}
