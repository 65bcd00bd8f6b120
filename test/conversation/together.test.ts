/**
 * Ten workers of one community answer one sheet at the same time, on two processes: nothing of anybody is lost, nothing
 * stands under another's name, every clash is seen, and the result is that of one person who answers the same.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES } from '../../src/content/locales.js'
import { gradeOf } from '../../src/core/grade.js'
import { resultOf } from '../../src/core/result.js'
import { scoreSheet } from '../../src/core/score.js'
import { createWork } from '../../src/store/work.js'
import { createOracle } from '../oracle/oracle.js'
import { createDice, readDraft } from '../oracle/sheets.js'
import { type BotApi, createBotApi, type Person, type SeenMessage } from '../support/bot-api/index.js'
import { freshStores, ROOT, SECRET, TOKEN } from '../support/program.js'
import { walkSheet } from '../support/walker.js'
import { HEAD, seedTenWorkers, WORKERS } from './ten-workers.js'
import { startTwoProcesses, type TwoProcesses } from './two-processes.js'

const SEED = 20_261_125
const STALE = '没有改动'

/** One tap as its person meant it: for this question, as it stood at this revision. */
type Tap = {
  readonly who: number
  readonly question: string
  readonly revision: number
  readonly value: string
  /** Newest revision of the question once the tap was handled. */
  readonly until: number
  readonly told: readonly string[]
}
type Row = { question_id: string; revision: number; value: string; person: string; input_id: string }
type ClashRow = {
  question_id: string
  revision: number
  value: string
  person: string
  stands: string
  stands_value: string
}

describe.skipIf(inject('redisUrl') === '')('ten workers on two processes (needs redis-server)', () => {
  const dice = createDice(SEED)
  const taps: Tap[] = []
  let api: BotApi
  let two: TwoProcesses
  let stores: Awaited<ReturnType<typeof freshStores>>
  let pool: pg.Pool
  let assessment: string
  let summary: string

  beforeAll(async () => {
    api = await createBotApi({ token: TOKEN })
    stores = await freshStores('servers')
    two = await startTwoProcesses({
      ...stores.env,
      BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: api.url,
      WEBHOOK_SECRET: SECRET,
    })
    pool = new pg.Pool({ connectionString: stores.env.DATABASE_URL! })
    assessment = await seedTenWorkers(pool)
    for (const who of WORKERS) {
      api.person(who).send('/start')
      await api.settled()
      api.person(who).press(living(api.person(who)).message_id, ({ text }) => text.startsWith('继续答我的'))
    }
    await api.settled()
    await answerTogether()
    const head = api.person(HEAD)
    head.send('/summary')
    await api.settled()
    summary = living(head).text
  }, 300_000)
  afterAll(async () => {
    await two.stop()
    await api.stop()
    await pool.end()
    await stores.remove()
  })

  /** Step by step all who are asked something tap at once; some twice, some updates come again. */
  async function answerTogether(): Promise<void> {
    const truth = new Map<string, number>()
    for (let step = 0; step < 400; step += 1) {
      const now: { tap: Omit<Tap, 'told' | 'until'>; from: number }[] = []
      let asked = 0
      for (const who of WORKERS) {
        const person = api.person(who)
        const card = living(person)
        const options = card.buttons.flat().filter(({ callback_data }) => callback_data?.startsWith('a:'))
        if (options.length === 0) continue
        asked += 1
        const forward = card.buttons.flat().find(({ text }) => text.startsWith('下一题'))
        // Somebody else was first: mostly that is left to stand.
        if (card.text.includes(STALE) && forward && dice.next() < 0.7) {
          person.press(card.message_id, forward.callback_data!)
          continue
        }
        const question = options[0]!.callback_data!.split(':')[2]!
        if (!truth.has(question)) truth.set(question, dice.below(4))
        const meant = dice.next() < 0.4 ? dice.below(options.length) : truth.get(question)!
        const data = options[Math.min(meant, options.length - 1)]!.callback_data!
        const [, , , revision, value] = data.split(':')
        now.push({
          tap: { who, question, revision: Number.parseInt(revision!, 36), value: value! },
          from: person.history().length,
        })
        const { updateId } = person.press(card.message_id, data)
        const luck = dice.next()
        if (luck < 0.15) person.pressOld(card.message_id, data)
        else if (luck < 0.3) person.redeliver(updateId)
        else if (luck < 0.4) person.resend(updateId)
      }
      if (asked === 0) return
      await api.settled({ timeoutMs: 30_000 })
      const ledger = await rows()
      for (const { tap, from } of now) {
        const until = Math.max(...ledger.filter((row) => row.question_id === tap.question).map((row) => row.revision))
        const told = api.person(tap.who).history().slice(from)
        taps.push({
          ...tap,
          until,
          told: told.flatMap(({ message }) => (message.from?.is_bot ? [message.text ?? ''] : [])),
        })
      }
    }
    throw new Error('Expected the questions to end')
  }

  const rows = async (): Promise<Row[]> =>
    (
      await pool.query<Row>(
        `SELECT question_id, revision, value, input_id, split_part(address, ':', 2) AS person
          FROM answer JOIN sheet ON sheet.id = sheet_id JOIN address ON address.person_id = answer.person_id
          WHERE assessment_id = $1 ORDER BY question_id, revision`,
        [assessment],
      )
    ).rows
  const clashes = async (): Promise<ClashRow[]> =>
    (
      await pool.query<ClashRow>(
        `SELECT question_id, revision, value, stands_value, split_part(later.address, ':', 2) AS person,
            split_part(first.address, ':', 2) AS stands
          FROM clash JOIN address AS later ON later.person_id = clash.person_id
          JOIN address AS first ON first.person_id = stands_person`,
      )
    ).rows

  it('recorded every tap under its own person, unless somebody was before them', async () => {
    const [ledger, found] = [await rows(), await clashes()]
    const of = { recorded: 0, agreed: 0, clashed: 0 }
    for (const { who, question, revision, value, until } of taps) {
      const about = `${who} ${question} ${revision} ${value}`
      const since = ledger.filter((row) => row.question_id === question && row.revision > revision)
      const own = since.find(
        (row) => row.revision === revision + 1 && row.person === String(who) && row.value === value,
      )
      const clash = found.find(
        (one) => one.question_id === question && one.person === String(who) && one.value === value,
      )
      if (own) of.recorded += 1
      else if (clash) of.clashed += 1
      else {
        // Somebody had said the same: it stood on the card, or came while they tapped.
        const same = ledger.some(
          (row) =>
            row.question_id === question && row.value === value && row.revision >= revision && row.revision <= until,
        )
        expect(same, about).toBe(true)
        of.agreed += 1
      }
    }
    console.log(
      `seed ${SEED}: ${taps.length} taps, ${JSON.stringify(of)}, updates by process ${two.given.join(' and ')}`,
    )
    expect(of.clashed).toBeGreaterThan(20)
    expect(Math.min(...two.given)).toBeGreaterThan(100)
  })

  it('holds no answer that its person did not tap, and counts revisions without a gap', async () => {
    const ledger = await rows()
    const next = new Map<string, number>()
    for (const { question_id, revision, value, person } of ledger) {
      expect(revision, question_id).toBe((next.get(question_id) ?? 0) + 1)
      next.set(question_id, revision)
      const meant = taps.some(
        (tap) =>
          tap.who === Number(person) &&
          tap.question === question_id &&
          tap.value === value &&
          tap.revision === revision - 1,
      )
      expect(meant, `${question_id} ${revision} of ${person}`).toBe(true)
    }
    expect(next.size).toBe(98)
    expect(new Set(ledger.map(({ input_id }) => input_id)).size).toBe(ledger.length)
    expect(ledger.some(({ revision }) => revision > 1)).toBe(true)
  })

  it('showed every clash to the later one, and put a message about it in line for the first and for the head', async () => {
    const found = await clashes()
    for (const clash of found) {
      const { question_id, person, value, stands } = clash
      const about = JSON.stringify(clash)
      const shown = taps.filter(
        (tap) => tap.who === Number(person) && tap.question === question_id && tap.value === value,
      )
      expect(
        shown.some(({ told }) => told.some((text) => text.includes(STALE) && text.includes(`工人${stands}`))),
        about,
      ).toBe(true)
      expect(person).not.toBe(stands)
      expect(clash.stands_value).not.toBe(value)
      for (const who of [stands, String(HEAD)]) {
        const { rows: lines } = await pool.query(
          `SELECT FROM delivery JOIN address AS to_whom USING (person_id) WHERE to_whom.address = $1 AND content ->> 'type' = 'clash'
            AND content #>> '{clash,question}' = $2 AND content #>> '{clash,value}' = $3`,
          [`telegram:${who}`, question_id, value],
        )
        expect(lines.length, `${about} to ${who}`).toBeGreaterThan(0)
      }
    }
  })

  it('comes to what one person comes to who gives the same answers, and to what the oracle says', {
    timeout: 120_000,
  }, async () => {
    const [sheet] = await createWork(pool).sheets(assessment)
    const { questionnaire, rubric } = loadLibrary(ROOT, LANGUAGES).current
    const score = scoreSheet(questionnaire, sheet!.answers)
    const verdict = createOracle(readDraft()).judge(
      new Map([...sheet!.answers].map(([question, { value }]) => [question, { value: value! }])),
    )
    expect(score.total.n * verdict.total.den).toBe(verdict.total.num * score.total.d)
    const grade = gradeOf(rubric, score)
    expect(grade.kind === 'graded' ? grade.code : grade.kind).toBe(verdict.grade)
    const total = /总分：[\d.]+ 分/.exec(summary)?.[0]
    expect(total).toBeDefined()
    const alone = await walkSheet(api, api.person(999), (_card, options) =>
      options.findIndex(({ callback_data }) => {
        const [, , question, , value] = callback_data!.split(':')
        return sheet!.answers.get(question!)!.value === value
      }),
    )
    expect(alone).toContain(total)
    const head = api.person(HEAD)
    for (const label of ['提交', '确认提交']) {
      head.press(living(head).message_id, ({ text }) => text.startsWith(label))
      await api.settled()
    }
    expect(living(head).text).toContain('已提交')
    expect((await createWork(pool).result(assessment))!.result).toEqual(resultOf(questionnaire, score))
    expect(api.violations).toEqual([])
    expect(api.webhook.abandoned).toEqual([])
  })
})

/** The card in hand: the newest that is no message about a clash. */
function living(person: Person): SeenMessage {
  const card = person.messages().findLast(({ text, kind }) => kind === 'text' && !text.includes('有两种答案'))
  if (!card) throw new Error('Expected a card, got an empty chat')
  return card
}
