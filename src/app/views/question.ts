/** The card that asks: where we are, the question, the options best first, and the ways around it. */
import type { Answer } from '../../core/answer.js'
import { bold, italic, lines } from '../rich.js'
import type { Button, Card } from '../speech.js'
import { askingWords, promptsOf, quantity, wordsOf } from '../words.js'
import { bar } from './bar.js'
import { answerWords, questionChoices, unitOf, valueWords } from './choices.js'
import { readyCard } from './ready.js'
import { button, pageLink, type SheetScene } from './view.js'

/** Width (a Chinese character counts two) up to which all options of a question share one row on a phone. */
const WIDEST_ROW = 26
/** Notes are shown shortened beside the question; the whole note is in the ledger. */
const NOTE_SHOWN = 60

export function questionCard(scene: SheetScene): Card {
  return readyCard(scene, drawQuestion) ?? drawQuestion(scene)
}

/** The same, drawn anew. */
export function drawQuestion(scene: SheetScene): Card {
  const { session, book, say, language, sheet, question, loaded } = scene
  const prompts = promptsOf(book, language)
  const { saved, standing } = loaded
  const sentBack = standing?.sentBack.get(question.id)
  const done = sheet.marks.filter(({ state }) => state !== 'open').length
  const text = lines(
    scene.notice === null ? undefined : [bold(scene.notice), '\n'],
    'first' in question
      ? say('card.place', { first: prompts.levels[question.first]!, second: prompts.levels[question.second]! })
      : say('card.extra_place'),
    [bold(heading(scene)), `  ${bar(done / sheet.marks.length)}`],
    '',
    bold(askingWords(prompts, question)),
    ...hints(scene),
    ...(saved ? ['', ...savedLines(scene, saved)] : []),
    ...(sentBack ? [bold(say('card.sent_back', { comment: sentBack.comment }))] : []),
    session.view.at === 'typed'
      ? ['\n', bold(say(confirming(saved), { value: valueWords(book, question, session.view.value, language) }))]
      : undefined,
  )
  if (sheet.status !== 'open') return { text, rows: leafRows(scene) }
  return { text, rows: session.view.at === 'typed' ? confirmRows(scene) : [...answerRows(scene), ...wayRows(scene)] }

  function hints({ question: asked }: SheetScene) {
    const words = wordsOf(prompts, asked)
    if (asked.kind === 'veto') return [italic(say('card.veto_hint'))]
    if (!words || asked.kind !== 'indicator') return []
    const unit = unitOf(asked)
    const best = questionChoices(book, asked)[0]!.value
    const typed = unit === '' ? undefined : italic(say('card.type_hint', { example: quantity(prompts, best, unit) }))
    return [italic(words.hint), ...(typed ? [typed] : [])]
  }
}

/** `第 12/92 题`, or `一票否决` for a veto question. */
export function heading({ book, say, question }: SheetScene): string {
  switch (question.kind) {
    case 'indicator':
      return say('card.number', { number: question.ordinal, count: book.questionnaire.indicators })
    case 'veto': {
      const { vetoes } = question.indicator
      return say('card.veto', { number: vetoes.indexOf(question.id) + 1, count: vetoes.length })
    }
    case 'bonus':
      return say('card.bonus')
    case 'penalty':
      return say('card.penalty')
  }
}

function savedLines({ book, say, language, question, loaded }: SheetScene, saved: Answer) {
  const { note, evidence } = saved
  const answer = answerWords(book, question, saved, language, say)
  return [
    loaded.author ? say('card.saved_by', { answer, ...loaded.author }) : say('card.saved', { answer }),
    ...(note === null
      ? []
      : [say('card.note', { note: note.length > NOTE_SHOWN ? `${note.slice(0, NOTE_SHOWN)}…` : note })]),
    ...(evidence.length === 0 ? [] : [say('card.evidence', { count: evidence.length })]),
  ]
}

function answerRows(scene: SheetScene): Button[][] {
  const { book, language, sheet, question, loaded } = scene
  const { revision } = sheet.marks[question.index]!
  const options = questionChoices(book, question).map(({ value, kind }) => {
    const words = valueWords(book, question, value, language)
    const chosen = loaded.saved?.value === value && loaded.saved.notApplicable === null
    // Numbers are shown without their unit where they share a row: the question names the unit.
    const label =
      kind === 'number' && question.kind === 'indicator' && question.indicator.answer.type !== 'percent' ? value : words
    return button(chosen ? `✓ ${label}` : label, {
      do: 'answer',
      sheet: sheet.id,
      question: question.id,
      revision,
      value,
    })
  })
  const numbers = questionChoices(book, question).every(({ kind }) => kind === 'number')
  const width = options.reduce((sum, { label }) => sum + widthOf(label) + 2, 0)
  // Numbers are short and always share a row, so that no button moves under the thumb when one is marked.
  return numbers || width <= WIDEST_ROW ? [options] : options.map((one) => [one])
}

/** Everything below the options. What cannot be done here is not offered. */
function wayRows({ session, say, sheet, question, loaded }: SheetScene): Button[][] {
  const here = { sheet: sheet.id, question: question.id }
  const { state, revision } = sheet.marks[question.index]!
  const move = [
    ...(question.index > 0 ? [button(say('button.previous'), { do: 'previous', ...here })] : []),
    state === 'open'
      ? button(say('button.skip'), { do: 'skip', ...here })
      : button(say('button.forward'), { do: 'forward', ...here }),
  ]
  const away =
    question.kind === 'indicator' && question.indicator.not_applicable
      ? [[button(say('button.not_applicable'), { do: 'not_applicable', ...here, revision })]]
      : []
  const about = [
    ...('indicator' in question ? [button(say('button.explain'), { do: 'explain', ...here })] : []),
    button(say('button.note'), { do: 'note', ...here }),
    button(say('button.evidence'), { do: 'evidence', ...here }),
  ]
  const allDone = sheet.marks.every((mark) => mark.state !== 'open')
  const whole = [
    ...(sheet.mine ? [button(say('button.mine'), { do: 'mine', sheet: sheet.id })] : []),
    button(say('button.contents'), { do: 'contents', sheet: sheet.id }),
    button(say('button.pause'), { do: 'pause', sheet: sheet.id }),
    ...(allDone && !sheet.mine ? [button(say('button.result'), { do: 'result', sheet: sheet.id, page: 'total' })] : []),
  ]
  return [...away, move, about, ...dutyRow(), whole]

  /** On a shared sheet: 转交 what is mine, 领取 what is nobody's or another's and still open. */
  function dutyRow(): Button[][] {
    const { standing } = loaded
    if (!sheet.mine || !standing || question.kind !== 'indicator') return []
    const { id } = standing.assessment
    const hands = sheet.mine[question.index] ? [pageLink(say('button.hand_over'), 'hand', id, question.id)] : []
    // Mine by post only: a colleague of the same post may take it first.
    const named = standing.assigned.get(question.id) === session.person
    const take = { do: 'deed', name: 'take', args: [id, question.id] } as const
    const takes = state === 'open' && !named ? [button(say('button.take'), take)] : []
    return hands.length + takes.length > 0 ? [[...takes, ...hands]] : []
  }
}

/** A shared sheet that takes no answers any more: to be looked at, before and after. */
function leafRows({ say, sheet, question, book }: SheetScene): Button[][] {
  const here = { sheet: sheet.id, question: question.id }
  const last = question.index + 1 >= book.questionnaire.questions.length
  return [
    [
      ...(question.index > 0 ? [button(say('button.previous'), { do: 'previous', ...here })] : []),
      ...(last ? [] : [button(say('button.forward'), { do: 'forward', ...here })]),
    ],
    [
      button(say('button.mine'), { do: 'mine', sheet: sheet.id }),
      button(say('button.contents'), { do: 'contents', sheet: sheet.id }),
    ],
  ]
}

/** Where there is an answer already it would be changed; else it is in doubt which question the words were meant for. */
const confirming = (saved: Answer | undefined) => (saved ? 'card.confirm_typed' : 'card.confirm_meant')

function confirmRows({ session, say, sheet, question, loaded }: SheetScene): Button[][] {
  if (session.view.at !== 'typed') return []
  const changes = loaded.saved !== undefined
  const { revision } = sheet.marks[question.index]!
  const { value } = session.view
  const here = { sheet: sheet.id, question: question.id }
  return [
    [
      button(say(changes ? 'button.confirm_change' : 'button.confirm_answer'), {
        do: 'answer_typed',
        ...here,
        revision,
        value,
      }),
    ],
    [button(say(changes ? 'button.keep' : 'button.not_this'), { do: 'open', ...here })],
  ]
}

const widthOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (one.codePointAt(0)! > 0x2e7f ? 2 : 1), 0)
