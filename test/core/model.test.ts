/** Random conversations against a simple model of the ledger: what each question holds, by the rules a person would expect. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Action } from '../../src/core/action.js'
import type { Answer } from '../../src/core/answer.js'
import { acceptsValue, choicesOf, parseAnswer } from '../../src/core/answers/registry.js'
import { checkRubric } from '../../src/core/check-rubric.js'
import { COMMANDS, type Command, type Input, OFFICE_COMMANDS } from '../../src/core/input.js'
import { type Question, type Questionnaire, questionnaireOf } from '../../src/core/questionnaire.js'
import { RESULT_PAGES, type Session } from '../../src/core/session.js'
import { encodeSession } from '../../src/core/session-text.js'
import { asFile, createDice, rowsOf, smallTable } from '../oracle/sheets.js'
import { CONDITION, type Conversation, createConversation } from './conversation.js'

/** The office's commands never come to the core. */
const TALKED = COMMANDS.filter((one): one is Command => !(OFFICE_COMMANDS as readonly string[]).includes(one))

const SEED = 20_211_125
const ON_QUESTION = ['open', 'skip', 'previous', 'forward', 'explain', 'note', 'evidence'] as const
const ON_SHEET = ['contents', 'pause', 'resume', 'submit', 'submit_confirmed', 'restart', 'restart_confirmed'] as const
const BARE = ['begin', 'back', 'privacy', 'export_data', 'erase', 'erase_confirmed'] as const
const WORDS = [
  '12',
  '12项',
  '１２',
  '十二',
  '95%',
  '九成五',
  '0',
  '100',
  '1/2',
  '-1',
  '3-5',
  '',
  '很多',
  'FULL',
  'partly',
  'YES',
  'no',
  '长'.repeat(5000),
]
const OLD_SHEETS = ['sheet000', 'sheet001']

/** Numbers from which an input is made once the state is known; small ones shrink to plain ones. */
type Draw = readonly [kind: number, question: number, pick: number, old: number]

test('1,500 random conversations of 60 inputs keep the ledger whole', { timeout: 120_000 }, () => {
  const met = { rows: 0, submitted: 0, discarded: 0, stale: 0, away: 0, corrected: 0 }
  fc.assert(
    fc.property(
      fc.integer(),
      fc.array(fc.tuple(fc.nat(99), fc.nat(999), fc.nat(999), fc.nat(9)), { minLength: 60, maxLength: 60 }),
      (seed, draws) => {
        const questionnaire = smallQuestionnaire(seed)
        const talk = createConversation(questionnaire)
        const expected = new Map<string, Content>()
        for (const draw of draws) {
          const before = talk.session
          const input = inputOf(draw, before, talk, questionnaire)
          const count = talk.rows.length
          const should = expectedRow(questionnaire, talk, expected, input)
          talk.take(input)
          const what = `${JSON.stringify(input).slice(0, 200)} at ${JSON.stringify(before.view)} ${before.sheet?.cursor}`
          const fresh = talk.rows.slice(count)
          if (should === undefined) expect(fresh, what).toEqual([])
          else {
            expect(fresh, what).toHaveLength(1)
            const { sheet, answer } = fresh[0]!
            expect({ sheet, question: answer.question }, what).toEqual({
              sheet: before.sheet!.id,
              question: should.question,
            })
            expect(contentOf(answer), what).toEqual(should.content)
            expected.set(`${sheet} ${answer.question}`, should.content)
            met.rows += 1
            if (answer.revision > 1) met.corrected += 1
            if (answer.notApplicable !== null) met.away += 1
          }
          checkSession(questionnaire, talk.session, what)
          for (const { type } of talk.events) {
            if (type === 'sheet_submitted') met.submitted += 1
            if (type === 'sheet_discarded') met.discarded += 1
            if (type === 'answer_stale') met.stale += 1
          }
        }
        checkLedger(talk, expected)
      },
    ),
    { seed: SEED, numRuns: 1500 },
  )
  // The rules were put to the test, not only passed by.
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(100)
})

type Content = Pick<Answer, 'value' | 'notApplicable' | 'note' | 'raw'> & { evidence: readonly string[] }

const contentOf = ({ value, notApplicable, note, raw, evidence }: Answer): Content => ({
  value,
  notApplicable,
  note,
  raw,
  evidence: evidence.map(({ ref }) => ref),
})
const NOTHING: Content = { value: null, notApplicable: null, note: null, raw: null, evidence: [] }

function smallQuestionnaire(seed: number): Questionnaire {
  const table = smallTable(createDice(seed), { rows: 6, firsts: 2 })
  table.scoring.not_applicable.max_share = 0.5
  for (const row of rowsOf(table)) row.not_applicable = row.id !== 'R0'
  const checked = checkRubric(asFile(table))
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults))
  return questionnaireOf(checked.rubric)
}

function inputOf(
  [kind, at, pick, old]: Draw,
  { sheet, view }: Session,
  talk: Conversation,
  { questions, rubric }: Questionnaire,
): Input {
  const cursor = sheet && questions.find(({ id }) => id === sheet.cursor)
  // Mostly the question on the card, sometimes any other one, sometimes none at all.
  const question = old < 7 && cursor ? cursor : questions[at % questions.length]!
  const id = at === 998 ? 'Z9' : question.id
  const newest = talk.saved(id)?.revision ?? 0
  // Mostly the newest revision, sometimes an old one, rarely one that nobody has seen.
  const revision = pick % 10 < 7 ? newest : pick % 10 < 9 ? Math.max(0, newest - 1) : newest + 1
  const own = pick === 997 || !sheet ? OLD_SHEETS[at % 2]! : sheet.id
  const press = (action: Action): Input => ({ kind: 'press', action })
  // Confirmed now and then, or what comes after would never be tried.
  const done = sheet?.status === 'open' && sheet.marks.every(({ state }) => state !== 'open')
  if (kind < 50 && view.at === 'restart') return press({ do: 'restart_confirmed', sheet: own })
  if (done && kind < 50 && view.at === 'submit') return press({ do: 'submit_confirmed', sheet: own })
  if (done && kind < 40 && view.at === 'result') return press({ do: 'submit', sheet: own })
  if (kind < 45) {
    const values =
      question.kind === 'indicator' ? choicesOf(question.indicator, rubric).map(({ value }) => value) : ['no', 'yes']
    const value = pick === 996 ? 'nonsense' : values[pick % values.length]!
    return press({ do: kind < 42 ? 'answer' : 'answer_typed', sheet: own, question: id, revision, value })
  }
  if (kind < 52)
    return press({ do: kind < 49 ? 'use_condition' : 'not_applicable', sheet: own, question: id, revision })
  if (kind < 62) return press({ do: ON_QUESTION[pick % ON_QUESTION.length]!, sheet: own, question: id })
  if (kind < 74) return { kind: 'text', text: WORDS[pick % WORDS.length]!, late: old === 9, doubtful: false }
  if (kind < 80) {
    const evidence = { kind: 'photo' as const, ref: `telegram:${pick % 30}` }
    return { kind: 'media', evidence, caption: at % 3 === 0 ? ' 说明 ' : null, late: old === 9 }
  }
  if (kind < 90) return press({ do: ON_SHEET[pick % ON_SHEET.length]!, sheet: own })
  if (kind < 92) return press({ do: BARE[pick % BARE.length]! })
  if (kind < 94) return press({ do: 'result', sheet: own, page: RESULT_PAGES[pick % RESULT_PAGES.length]! })
  if (kind < 95) return press({ do: 'section', sheet: own, section: 'S0' })
  if (kind < 96) return press({ do: 'language', language: pick % 2 ? 'en' : 'zh-CN' })
  if (kind < 97) return { kind: pick % 2 ? 'unsupported' : 'unknown_command' }
  return { kind: 'command', command: TALKED[pick % TALKED.length]! }
}

/** The one row that an input should add, by the rules as they are told to people; undefined for none. */
function expectedRow(
  questionnaire: Questionnaire,
  talk: Conversation,
  expected: ReadonlyMap<string, Content>,
  input: Input,
): { question: string; content: Content } | undefined {
  const { sheet, view } = talk.session
  if (sheet?.status !== 'open') return undefined
  const had = (id: string) => expected.get(`${sheet.id} ${id}`) ?? NOTHING
  const give = (id: string, more: Partial<Content>) => ({ question: id, content: { ...had(id), ...more } })
  const value = (id: string, given: string, raw: string | null) =>
    had(id).value === given ? undefined : give(id, { value: given, notApplicable: null, raw })
  const away = (question: Question, reason: string) =>
    mayBeAway(questionnaire, question, sheet.id, expected)
      ? give(question.id, { value: null, notApplicable: reason, raw: null })
      : undefined
  if (input.kind === 'press') {
    const { action } = input
    if (!('revision' in action) || action.sheet !== sheet.id) return undefined
    const question = questionnaire.byId.get(action.question)
    if (!question || action.revision !== (talk.saved(question.id)?.revision ?? 0)) return undefined
    if (!('value' in action)) return action.do === 'use_condition' ? away(question, CONDITION) : undefined
    if (!takes(questionnaire, question, action.value)) return undefined
    return value(question.id, action.value, view.at === 'typed' && view.value === action.value ? view.raw : null)
  }
  if (input.kind === 'media') {
    const ref = input.evidence.ref
    const { evidence, note } = had(sheet.cursor)
    if (input.late || !['question', 'evidence', 'note'].includes(view.at)) return undefined
    if (evidence.includes(ref) || evidence.length >= 20) return undefined
    const joined = [note, input.caption?.trim()].filter(Boolean).join('\n')
    const kept = joined === '' || joined.length > 500 ? note : joined
    return give(sheet.cursor, { evidence: [...evidence, ref], note: kept })
  }
  if (input.kind !== 'text' || input.late) return undefined
  const question = questionnaire.byId.get(sheet.cursor)!
  const typed = input.text.trim()
  switch (view.at) {
    case 'question':
    case 'explain': {
      const parsed = read(questionnaire, question, input.text)
      return parsed === undefined ? undefined : value(question.id, parsed, typed)
    }
    case 'note':
      return typed === '' || typed.length > 500 ? undefined : give(question.id, { note: typed })
    case 'reason':
      return typed === '' || typed.length > 200 ? undefined : away(question, typed)
    default:
      return undefined
  }
}

const takes = ({ rubric }: Questionnaire, question: Question, value: string) =>
  question.kind === 'indicator' ? acceptsValue(question.indicator, value, rubric) : ['yes', 'no'].includes(value)

function read(_: Questionnaire, question: Question, typed: string): string | undefined {
  const labels = new Map(['full', 'mostly', 'partly', 'none', 'yes', 'no'].map((key) => [key, key]))
  if (question.kind !== 'indicator') return labels.get(typed.trim().toLowerCase())
  const parsed = parseAnswer(question.indicator, typed, labels)
  return parsed.ok ? parsed.value : undefined
}

function mayBeAway(
  { questions, rubric }: Questionnaire,
  question: Question,
  sheet: string,
  expected: ReadonlyMap<string, Content>,
) {
  if (question.kind !== 'indicator' || !question.indicator.not_applicable) return false
  const points = questions
    .filter(({ id }) => id === question.id || (expected.get(`${sheet} ${id}`)?.notApplicable ?? null) !== null)
    .reduce((sum, one) => sum + (one.kind === 'indicator' ? one.indicator.points : 0), 0)
  return points <= rubric.scale * rubric.scoring.not_applicable.max_share
}

/** The session says the same as the ledger, points at a question, and stays small. */
function checkSession({ questions, byId }: Questionnaire, session: Session, what: string) {
  expect(Buffer.byteLength(encodeSession(session)), what).toBeLessThan(2048)
  const { sheet } = session
  if (!sheet) return
  expect(byId.has(sheet.cursor), what).toBe(true)
  expect(sheet.marks.length, what).toBe(questions.length)
  expect(sheet.reach, what).toBeLessThan(questions.length)
  if (sheet.status === 'submitted')
    expect(
      sheet.marks.every(({ state }) => state !== 'open'),
      what,
    ).toBe(true)
}

/** Revisions are 1 to n without a gap, none twice, and the newest holds what was chosen last. */
function checkLedger(talk: Conversation, expected: ReadonlyMap<string, Content>) {
  const revisions = new Map<string, number>()
  const newest = new Map<string, Content>()
  for (const { sheet, answer } of talk.rows) {
    const key = `${sheet} ${answer.question}`
    expect(answer.revision, key).toBe((revisions.get(key) ?? 0) + 1)
    revisions.set(key, answer.revision)
    newest.set(key, contentOf(answer))
  }
  expect(newest).toEqual(expected)
  const { sheet } = talk.session
  for (const mark of sheet ? sheet.marks : []) expect(mark.revision).toBeGreaterThanOrEqual(0)
}
