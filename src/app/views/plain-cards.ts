/** The cards without a question: welcome, resume, pause, confirmations, help, language, privacy. */
import { bold, lines } from '../rich.js'
import type { Card } from '../speech.js'
import { button, pageLink, type Scene, type SheetScene } from './view.js'

const top = ({ notice }: Scene) => (notice === null ? undefined : [bold(notice), '\n'])

export function welcomeCard(scene: Scene): Card {
  const { say, book } = scene
  const { name } = book.rubric.standard
  return {
    text: lines(
      top(scene),
      bold(say('welcome.title')),
      say('welcome.text', { standard: name, count: book.questionnaire.indicators }),
      ...(book.rubric.status === 'draft' ? ['', say('welcome.draft')] : []),
    ),
    rows: [[button(say('button.begin'), { do: 'begin' })]],
  }
}

export function resumeCard(scene: SheetScene): Card {
  const { say, sheet } = scene
  const done = sheet.marks.filter(({ state }) => state !== 'open').length
  const restart = [button(say('button.restart'), { do: 'restart', sheet: sheet.id })]
  const view = [button(say('button.view'), { do: 'result', sheet: sheet.id, page: 'total' })]
  if (sheet.status !== 'open')
    return {
      text: lines(
        top(scene),
        bold(say(`resume.${sheet.status}`)),
        say(sheet.assessment ? 'resume.round_text' : 'resume.submitted_text'),
      ),
      rows: [view, ...(sheet.assessment ? [] : [restart])],
    }
  return {
    text: lines(top(scene), bold(say('resume.title')), say('resume.text', { done, count: sheet.marks.length })),
    rows: [
      [button(say('button.continue'), { do: 'resume', sheet: sheet.id })],
      view,
      ...(sheet.assessment ? [] : [restart]),
    ],
  }
}

export function pausedCard(scene: SheetScene): Card {
  const { say, sheet } = scene
  const done = sheet.marks.filter(({ state }) => state !== 'open').length
  return {
    text: lines(top(scene), bold(say('paused.title')), say('paused.text', { done, count: sheet.marks.length })),
    rows: [
      [button(say('button.continue'), { do: 'resume', sheet: sheet.id })],
      [button(say('button.result'), { do: 'result', sheet: sheet.id, page: 'total' })],
    ],
  }
}

export function restartCard(scene: SheetScene): Card {
  const { say, sheet } = scene
  const submitted = sheet.status === 'submitted'
  const done = sheet.marks.filter(({ state }) => state !== 'open').length
  return {
    text: lines(
      top(scene),
      bold(say('restart.title')),
      submitted ? say('restart.after_submission') : say('restart.text', { done }),
    ),
    rows: [
      [button(say('button.restart_confirm'), { do: 'restart_confirmed', sheet: sheet.id })],
      [button(say('button.do_not'), { do: 'back' })],
    ],
  }
}

export function submitCard(scene: SheetScene): Card {
  const { say, sheet } = scene
  return {
    text: lines(top(scene), bold(say('submit.title')), say('submit.text')),
    rows: [
      // The harmless one first: the second half of a double tap on 提交 lands there.
      [button(say('button.look_again'), { do: 'result', sheet: sheet.id, page: 'total' })],
      [button(say('button.submit_confirm'), { do: 'submit_confirmed', sheet: sheet.id })],
    ],
  }
}

/** Asks for a reason, a note or evidence; what is typed or sent next is taken for it. */
export function awaitingCard(scene: SheetScene, what: 'reason' | 'note' | 'evidence'): Card {
  const { say, sheet, question, book, language, loaded } = scene
  const words = 'indicator' in question ? book.prompts[language]?.indicators[question.indicator.id] : undefined
  const back = button(say('button.back_to_question'), { do: 'open', sheet: sheet.id, question: question.id })
  const { revision } = sheet.marks[question.index]!
  const condition = what === 'reason' ? words?.not_applicable : undefined
  return {
    text: lines(
      top(scene),
      bold(words ? `${question.id} ${words.title}` : question.id),
      say(`awaiting.${what}`),
      ...(condition ? [say('awaiting.condition', { condition })] : []),
      ...(what === 'note' && loaded.saved?.note ? ['', say('card.note', { note: loaded.saved.note })] : []),
      ...(what === 'evidence' && loaded.saved && loaded.saved.evidence.length > 0
        ? ['', say('card.evidence', { count: loaded.saved.evidence.length })]
        : []),
      ...(what === 'evidence' && words ? ['', say('awaiting.usual'), ...words.evidence.map((one) => `· ${one}`)] : []),
    ),
    rows: [
      ...(condition
        ? [
            [
              button(condition.length > 30 ? say('button.use_condition') : condition, {
                do: 'use_condition',
                sheet: sheet.id,
                question: question.id,
                revision,
              }),
            ],
          ]
        : []),
      [back],
    ],
  }
}

export function helpCard(scene: Scene): Card {
  const { say } = scene
  return {
    text: lines(top(scene), bold(say('help.title')), say('help.text'), '', say('help.commands')),
    rows: [[button(say('button.back'), { do: 'back' })]],
  }
}

export function languageCard(scene: Scene): Card {
  const { say, languages, language } = scene
  return {
    text: lines(top(scene), bold(say('language.title'))),
    rows: [
      ...languages.map((one) => [
        button(`${one === language ? '✓ ' : ''}${say(`language.${one}`)}`, { do: 'language', language: one }),
      ]),
      [button(say('button.back'), { do: 'back' })],
    ],
  }
}

export function privacyCard(scene: Scene): Card {
  const { say } = scene
  return {
    text: lines(top(scene), bold(say('privacy.title')), say('privacy.text')),
    rows: [
      [button(say('button.export_data'), { do: 'export_data' })],
      [button(say('button.erase'), { do: 'erase' })],
      ...(scene.loaded.member ? [[pageLink(say('leave.title'), 'leave')]] : []),
      [button(say('button.back'), { do: 'back' })],
    ],
  }
}

export function eraseCard(scene: Scene): Card {
  const { say } = scene
  return {
    text: lines(top(scene), bold(say('erase.title')), say('erase.text')),
    rows: [
      [button(say('button.erase_confirm'), { do: 'erase_confirmed' })],
      [button(say('button.do_not'), { do: 'privacy' })],
    ],
  }
}
