/**
 * Ten thousand forged presses, by people of all roles, at what is not theirs: nothing changes, nobody sees anything of
 * another community, and the log tells only that something was refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../src/app/district.js'
import { plain } from '../../src/app/rich.js'
import type { Speech } from '../../src/app/speech.js'
import { decodeAction } from '../../src/core/action.js'
import { createDice } from '../oracle/sheets.js'
import { openDesk, type TestDesk, type Visitor } from '../support/desk.js'
import { fingerprint } from '../support/fingerprint.js'
import { forge, isAboutOneself, type Loot } from './forger.js'

const SEED = 20_261_123
const PRESSES = 10_000
const AT_ONCE = 3
/** All that belongs to a side carries its letter, which stands nowhere in the bot's own words. */
const LETTERS = { a: '靐', b: '龘' } as const
/** Most are before a card that costs little to draw. */
const PLACES = ['help', 'help', 'help', 'help', 'help', 'privacy', 'start', 'summary']
const REFUSED = '您没有这项权限'

type Logged = { readonly fields: object; readonly message: string }
type Side = {
  readonly letter: string
  readonly community: string
  readonly head: Visitor
  readonly worker: Visitor
  readonly colleague: Visitor
  /** Opens a question of the shared sheet that has an answer and a note. */
  readonly answered: string
  readonly loot: Loot
}
type Attacker = {
  readonly name: string
  readonly visitor: Visitor
  readonly at: Side
  readonly forbidden: readonly string[]
}

const presses = new AsyncLocalStorage<Logged[]>()
const log = (fields: object, message: string) => void presses.getStore()?.push({ fields, message })
let office: TestDesk
let a: Side
let b: Side
let admin: Visitor
let nobody: Visitor
let former: Visitor
let assessor: Visitor

beforeAll(async () => {
  office = await openDesk({ log: { debug: log, info: log, warn: log, error: log } })
  const places = await Promise.all(
    (['a', 'b'] as const).map((one) => office.community(`${LETTERS[one]}社区`, { street: `${LETTERS[one]}街道` })),
  )
  const over = { rubric: office.desk.books.current.hash }
  const shared = await office.round(places, over)
  const single = await office.round(places, { ...over, mode: 'individual', name: '各填一份' })
  admin = await office.member('admin', null, { name: '周敏' })
  nobody = await office.visitor()
  const seed = (place: string, letter: string) =>
    settle(place, letter, [shared.id, single.id], shared.assessments[place]!, single.assessments[place]!)
  a = await seed(places[0]!, LETTERS.a)
  b = await seed(places[1]!, LETTERS.b)
  assessor = await office.member('assessor', a.community, { name: `${LETTERS.a}评` })
  former = await office.visitor({ channel: 'web' })
  await leaveAgain(former, b)
}, 120_000)
afterAll(() => office.close())

/** People of a community at work, and all buttons that they and the admin come across. */
async function settle(
  community: string,
  letter: string,
  rounds: readonly string[],
  shared: string,
  single: string,
): Promise<Side> {
  const head = await office.member('head', community, { name: `${letter}书记` })
  const worker = await office.member('worker', community, { name: `${letter}芳` })
  const colleague = await office.member('worker', community, { name: `${letter}强` })
  const seen = new Set<string>()
  const note = (visitor: Visitor) => {
    for (const { data } of visitor.card().rows.flat()) seen.add(data)
  }
  const answer = async (visitor: Visitor, times: number, option: number) => {
    for (let i = 0; i < times; i += 1) {
      note(visitor)
      const [first] = visitor.card().rows[0]!
      const options = visitor
        .card()
        .rows.flat()
        .filter(({ data }) => data.startsWith(first!.data.split(':').slice(0, 3).join(':')))
      await visitor.pressData(options[Math.min(option, options.length - 1)]!.data)
    }
  }
  await worker.pressData(`D:enter:${shared}`)
  await worker.press('继续答我的')
  const clashing = worker.card().rows.flat()
  await colleague.pressData(`D:enter:${shared}`)
  await colleague.press('继续答我的')
  await answer(worker, 12, 1)
  await colleague.pressData(clashing[0]!.data) // meant something else: a clash
  await worker.press('备注')
  await worker.type(`${letter}备注`)
  await worker.press('转交')
  note(worker)
  await worker.press(`${letter}强`)
  await worker.type(`${letter}原因`)
  await colleague.pressData(`D:enter:${single}`)
  await answer(colleague, 9, 1)
  const [, sheet, sent] = clashing[0]!.data.split(':')
  await head.pressData(`P:send_back:${shared}:${sent}`)
  await head.type(`${letter}退回`)
  await head.command('summary')
  for (const visitor of [head, worker, colleague, admin]) await wander(visitor, seen)
  const sheets = await office.pool.query<{ id: string }>('SELECT id FROM sheet WHERE assessment_id = ANY ($1)', [
    [shared, single],
  ])
  const things = await office.pool.query<{ id: string }>(
    `SELECT id FROM membership WHERE community_id = $1 UNION ALL SELECT id FROM invitation WHERE community_id = $1
      UNION ALL SELECT id FROM membership WHERE community_id IS NULL`,
    [community],
  )
  return {
    letter,
    community,
    head,
    worker,
    colleague,
    answered: `q:${sheet}:${sent}`,
    loot: {
      buttons: [...seen],
      sheets: sheets.rows.map(({ id }) => id),
      questions: office.desk.books.current.questionnaire.questions.map(({ id }) => id),
      ids: [community, shared, single, ...rounds, ...things.rows.map(({ id }) => id)],
    },
  }
}

/** Opens page after page that the cards offer, and what of a sheet only shows. */
async function wander(visitor: Visitor, seen: Set<string>, steps = 60): Promise<void> {
  const opened = new Set<string>()
  await visitor.pressData('P:home')
  for (let i = 0; i < steps; i += 1) {
    const here = visitor
      .card()
      .rows.flat()
      .map(({ data }) => data)
    for (const data of here) seen.add(data)
    const next = [...here, ...seen].find((data) => /^(?:P|q|c|i|h|m|r|D:enter):/.test(data) && !opened.has(data))
    if (next === undefined) return
    opened.add(next)
    await visitor.pressData(next)
  }
}

/** A worker who has just seen a question of the community with its answer, and then is removed. */
async function leaveAgain(visitor: Visitor, side: Side): Promise<void> {
  const membership = await office.join(visitor, 'worker', side.community, { name: '去' })
  await visitor.pressData(side.answered)
  const change: Change = {
    id: 'xgone',
    at: new Date(office.clock.now),
    person: null,
    action: 'seeded',
    subject: 'person:1',
    community: null,
    before: null,
    after: null,
  }
  await office.desk.members.end(membership, { anonymous: false }, change)
}

const allOf = ({ card, before = [], file, picture, toast }: Speech): string =>
  [
    ...[card, ...before].flatMap((one) => [plain(one.text), ...one.rows.flat().map(({ label }) => label)]),
    picture ? `${picture.name} ${picture.alt}` : '',
    file ? `${file.name} ${new TextDecoder().decode(file.bytes)}` : '',
    toast ?? '',
  ].join('\n')

/** Their own practice sheets and language are nobody else's business. */
function others(attackers: readonly Attacker[]) {
  const list = attackers.map(({ visitor }) => `'${visitor.person}'`).join(', ')
  const practice = `SELECT id FROM sheet WHERE assessment_id IS NULL AND person_id IN (${list})`
  return {
    person: `t.id NOT IN (${list})`,
    sheet: `t.id NOT IN (${practice})`,
    answer: `t.sheet_id NOT IN (${practice})`,
  }
}

const reasons = new Map<string, number>()

/** Presses one after another; what each one said and logged must give nothing away. */
async function attack({ name, visitor, at, forbidden }: Attacker, count: number): Promise<void> {
  const dice = createDice(SEED + Number(visitor.address.split(':')[1]))
  await visitor.command('help')
  const { clock } = office
  const hour = clock.now
  for (let i = 0; i < count; ) {
    const { data } = forge(dice, at.loot)
    if (isAboutOneself(data)) continue
    i += 1
    const logged: Logged[] = []
    // It goes on with everybody's presses, and nobody's lease must run out by it.
    clock.now = hour
    const heard = visitor.said.length
    const text = await presses.run(logged, () => visitor.pressData(data))
    const about = `${name} ${JSON.stringify(data)}`
    for (const speech of visitor.said.slice(heard))
      for (const letter of forbidden) expect(allOf(speech).includes(letter), about).toBe(false)
    const reason = decodeAction(data) === undefined ? 'unreadable' : text.includes(REFUSED) ? 'not_allowed' : undefined
    const action = decodeAction(data)
    const theirs = action && 'sheet' in action && at.loot.sheets.includes(action.sheet)
    // Members without a sheet in hand are led home by this one, whatever sheet it names.
    const leads = theirs && action.do === 'restart_confirmed' && logged.length === 0
    const expected = leads ? undefined : theirs ? 'foreign_sheet' : reason
    expect(logged, about).toEqual(expected ? [{ fields: { reason: expected }, message: 'a press was refused' }] : [])
    reasons.set(expected ?? 'nothing there', (reasons.get(expected ?? 'nothing there') ?? 0) + 1)
    if (i % 40 === 0) await visitor.command(dice.pick(PLACES))
  }
}

/** A few at once. */
async function attackAll(attackers: readonly Attacker[], count: number): Promise<void> {
  const waiting = [...attackers]
  const next = async (): Promise<void> => {
    const attacker = waiting.shift()
    if (!attacker) return
    await attack(attacker, count)
    await next()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

it('does not show a former member the sheet that they were on, also not to a page that only looks', async () => {
  expect(former.text()).toContain(b.letter)
  expect(await former.look()).not.toContain(b.letter)
  expect(allOf(former.said.at(-1)!)).not.toContain(b.letter)
})

describe('forged presses', () => {
  it(`have no effect on another community and show nothing of it (seed ${SEED})`, { timeout: 180_000 }, async () => {
    const attackers: Attacker[] = [
      { name: 'worker of A', visitor: a.worker, at: b, forbidden: [b.letter] },
      { name: 'head of A', visitor: a.head, at: b, forbidden: [b.letter] },
      { name: 'assessor of A', visitor: assessor, at: b, forbidden: [b.letter] },
      { name: 'head of B', visitor: b.head, at: a, forbidden: [a.letter] },
      { name: 'worker of B', visitor: b.worker, at: a, forbidden: [a.letter] },
      { name: 'nobody', visitor: nobody, at: a, forbidden: [a.letter, b.letter] },
      { name: 'former member of B', visitor: former, at: b, forbidden: [a.letter, b.letter] },
    ]
    const before = await fingerprint(office.pool, others(attackers))
    const each = Math.ceil(PRESSES / attackers.length)
    const started = Date.now()
    await attackAll(attackers, each)
    expect(await fingerprint(office.pool, others(attackers))).toEqual(before)
    console.log(
      `seed ${SEED}: ${each * attackers.length} presses in ${Date.now() - started} ms`,
      Object.fromEntries(reasons),
    )
  })
})
