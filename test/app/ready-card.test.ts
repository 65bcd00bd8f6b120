/** Cards that are kept ready: the same as drawn anew, for every question in both languages, and for nothing else. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { drawQuestion, questionCard } from '../../src/app/views/question.js'
import { readyCard } from '../../src/app/views/ready.js'
import type { SheetScene } from '../../src/app/views/view.js'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES, loadLocales } from '../../src/content/locales.js'
import type { Question } from '../../src/core/questionnaire.js'
import type { Mark } from '../../src/core/session.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const book = loadLibrary(root, LANGUAGES).current
const locales = loadLocales(root, 'zh-CN')
const { questions } = book.questionnaire
const OPEN: Mark = { state: 'open', revision: 0 }

/** `done` of the other questions are answered. */
function sceneOf(question: Question, done: number, { language = 'zh-CN', id = 's81k2m9qx4t' } = {}): SheetScene {
  const others = questions.filter((one) => one !== question).slice(0, done)
  const marks = questions.map((one): Mark => (others.includes(one) ? { state: 'answered', revision: 1 } : OPEN))
  const sheet = { id, rubric: book.hash, status: 'open', cursor: question.id, reach: 0, last: null, marks } as const
  const session = {
    person: 'p',
    language,
    sheet,
    view: { at: 'question' },
    card: '1',
    seen: { order: 0, at: 0 },
  } as const
  const say = locales.in(language)
  return { session, sheet, question, book, say, language, languages: LANGUAGES, loaded: {}, notice: null }
}

describe('a card that is kept ready', () => {
  it.each(LANGUAGES)('is the one that would be drawn, whosever sheet it is (%s)', (language) => {
    for (const question of questions)
      for (const done of [0, question.index, questions.length - 1])
        for (const id of ['s81k2m9qx4t', 'sabcdefghijklmn']) {
          const scene = sceneOf(question, done, { language, id })
          expect(readyCard(scene, drawQuestion)).toEqual(drawQuestion(scene))
          expect(questionCard(scene)).toEqual(drawQuestion(scene))
        }
  })

  it('is drawn once', () => {
    let drawn = 0
    const draw = (scene: SheetScene) => {
      drawn += 1
      return drawQuestion(scene)
    }
    const say = (key: string) => key
    for (const id of ['s11111111', 's22222222']) readyCard({ ...sceneOf(questions[3]!, 3, { id }), say }, draw)
    expect(drawn).toBe(1)
  })

  const plain = sceneOf(questions[5]!, 5)
  const { session, sheet } = plain
  const withMark = (mark: Mark) => ({ ...sheet, marks: sheet.marks.map((one, i) => (i === 5 ? mark : one)) })
  it.each<[what: string, scene: SheetScene]>([
    ['tells something', { ...plain, notice: '好' }],
    ['shows what is saved', { ...plain, loaded: { saved: {} as never } }],
    ['stands in a round', { ...plain, loaded: { standing: {} as never } }],
    ['was answered', { ...plain, sheet: withMark({ state: 'answered', revision: 1 }) }],
    ['was opened again', { ...plain, sheet: withMark({ state: 'open', revision: 2 }) }],
    ['is closed', { ...plain, sheet: { ...sheet, status: 'submitted' } }],
    ['is shared', { ...plain, sheet: { ...sheet, mine: questions.map(() => true) } }],
    ['asks for a confirmation', { ...plain, session: { ...session, view: { at: 'typed', value: '1', raw: '1' } } }],
  ])('is none where the question %s', (_, scene) => {
    expect(readyCard(scene, drawQuestion)).toBeUndefined()
  })
})
