/** The result on one card: within the channel's limit whatever the answers, with the draft sentence always there. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { plain } from '../../src/app/rich.js'
import { questionChoices } from '../../src/app/views/choices.js'
import { resultCard } from '../../src/app/views/result.js'
import type { SheetScene } from '../../src/app/views/view.js'
import { cardPayload } from '../../src/channels/telegram/payload.js'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES, loadLocales } from '../../src/content/locales.js'
import type { Answer } from '../../src/core/answer.js'
import { marksOf, RESULT_PAGES } from '../../src/core/session.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const book = loadLibrary(root, LANGUAGES).current
const locales = loadLocales(root, 'zh-CN')
const { questionnaire } = book

type Pick = (choices: readonly string[], id: string) => Partial<Answer>

function sceneOf(language: string, pick: Pick, status: 'open' | 'submitted' = 'open'): SheetScene {
  const answers = new Map<string, Answer>()
  for (const question of questionnaire.questions) {
    const change = pick(
      questionChoices(book, question).map(({ value }) => value),
      question.id,
    )
    const empty = {
      question: question.id,
      revision: 1,
      value: null,
      notApplicable: null,
      note: null,
      evidence: [],
      raw: null,
    }
    answers.set(question.id, { ...empty, ...change })
  }
  const sheet = {
    id: 's000000000',
    rubric: book.hash,
    status,
    cursor: 'P1-01',
    reach: 0,
    last: null,
    marks: marksOf(questionnaire, answers),
  } as const
  const session = {
    person: 'p',
    language,
    sheet,
    view: { at: 'result', page: 'total' },
    card: null,
    seen: { order: 0, at: 0 },
  } as const
  const question = questionnaire.questions[0]!
  return {
    session,
    sheet,
    question,
    book,
    say: locales.in(language),
    language,
    languages: LANGUAGES,
    loaded: { answers },
    notice: null,
  }
}

const worst: Pick = (choices) => ({ value: choices.at(-1)! })
const best: Pick = (choices) => ({ value: choices[0]! })
const excused: Pick = (choices, id) =>
  'indicator' in questionnaire.byId.get(id)! &&
  questionnaire.rubric.first_level
    .flatMap((first) => first.second_level.flatMap((second) => second.indicators))
    .find((one) => one.id === id)?.not_applicable
    ? { value: null, notApplicable: '这'.repeat(200) }
    : worst(choices, id)

describe.each(LANGUAGES)('the result in %s', (language) => {
  it.each([
    ['the worst of everything', worst],
    ['the best of everything', best],
    ['everything that may be not applicable, with the longest reasons', excused],
  ])('fits one message on every page: %s', (_name, pick) => {
    for (const page of RESULT_PAGES) {
      const payload = cardPayload(resultCard(sceneOf(language, pick), page))
      expect(payload.text.length).toBeLessThanOrEqual(4096)
      expect(payload.text.length).toBeGreaterThan(0)
    }
  })

  it('always says that the table is a draft, and names rubric, version and hash', () => {
    for (const pick of [worst, best, excused]) {
      const text = plain(resultCard(sceneOf(language, pick, 'submitted'), 'total').text)
      expect(text).toContain(locales.in(language)('result.draft'))
      expect(text).toContain(`${book.rubric.id} ${book.rubric.version}`)
      expect(text).toContain(book.hash.slice(0, 12))
    }
  })
})
