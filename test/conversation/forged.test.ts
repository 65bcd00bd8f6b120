/**
 * Ten thousand forged presses, by people of all roles, at what is not theirs: nothing changes, nobody sees anything of
 * another community, and the log tells only that something was refused.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Change } from '../../src/app/district.js'
import { DEEDS, PAGES } from '../../src/app/office/pages.js'
import { plain } from '../../src/app/rich.js'
import type { Speech } from '../../src/app/speech.js'
import { type Holding, may } from '../../src/core/access.js'
import { decodeAction } from '../../src/core/action.js'
import { createDice } from '../oracle/sheets.js'
import { openDesk, type TestDesk, type Visitor } from '../support/desk.js'
import { fingerprint } from '../support/fingerprint.js'
import { forge, isAboutOneself } from './forger.js'
import { type Side, settle } from './sides.js'

const SEED = 20_261_123
/** At other communities, and at what others of the own community have or may do. */
const PRESSES = { abroad: 8_800, inside: 1_200 }
const AT_ONCE = 3
/** All that belongs to a side carries its letter, which stands nowhere in the bot's own words. */
const LETTERS = { a: '靐', b: '龘' } as const
/** Most are before a card that costs little to draw. */
const PLACES = ['help', 'help', 'help', 'help', 'help', 'privacy', 'start', 'summary']
const REFUSED = '您没有这项权限'
const OUTDATED = '这个按钮已经过期'

type Logged = { readonly fields: object; readonly message: string }
type Attacker = {
  readonly name: string
  readonly visitor: Visitor
  readonly at: Side
  readonly forbidden: readonly string[]
  /** Whether a press is at what is not theirs; all are where it is absent. */
  readonly only?: (data: string) => boolean
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
    settle(office, admin, place, letter, [shared.id, single.id], shared.assessments[place]!, single.assessments[place]!)
  a = await seed(places[0]!, LETTERS.a)
  b = await seed(places[1]!, LETTERS.b)
  assessor = await office.member('assessor', a.community, { name: `${LETTERS.a}评` })
  former = await office.visitor({ channel: 'web' })
  await leaveAgain(former, b)
}, 120_000)
afterAll(() => office.close())

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

const reasons: Record<string, number> = {}

/** Presses one after another; what each one said and logged must give nothing away. */
async function attack({ name, visitor, at, forbidden, only = () => true }: Attacker, count: number): Promise<void> {
  const dice = createDice(SEED + Number(visitor.address.split(':')[1]))
  await visitor.command('help')
  const { clock } = office
  const hour = clock.now
  for (let i = 0; i < count; ) {
    const { data } = forge(dice, at.loot)
    if (isAboutOneself(data) || !only(data)) continue
    i += 1
    const logged: Logged[] = []
    // It goes on with everybody's presses, and nobody's lease must run out by it.
    clock.now = hour
    const heard = visitor.said.length
    const text = await presses.run(logged, () => visitor.pressData(data))
    const about = `${name} ${JSON.stringify(data)}`
    for (const speech of visitor.said.slice(heard))
      for (const letter of forbidden) expect(allOf(speech).includes(letter), about).toBe(false)
    const action = decodeAction(data)
    const theirs = action && 'sheet' in action && at.loot.sheets.includes(action.sheet)
    const reason = decodeAction(data) === undefined ? 'unreadable' : text.includes(REFUSED) ? 'not_allowed' : undefined
    const expected = theirs ? 'foreign_sheet' : reason
    // What is one's own, with or without somebody else's id behind it, shows one's own and nothing of them.
    const own = expected === undefined && action !== undefined && 'args' in action && !text.includes(OUTDATED)
    const line = { reason: expected ?? expect.stringMatching(/^(?:gone|outdated)$/) }
    expect(logged, about).toEqual(own ? [] : [{ fields: line, message: 'a press was refused' }])
    const said = expected ?? (own ? 'their own' : 'nothing there')
    reasons[said] = (reasons[said] ?? 0) + 1
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

/** Tells what somebody with a role may not do in their own community (an admin: in any). */
function notAllowed({ person }: Visitor, held: Holding, { owners, community }: Side): (data: string) => boolean {
  return (data) => {
    const action = decodeAction(data)
    if (action === undefined) return false
    if ('sheet' in action) {
      const owner = owners.get(action.sheet)
      return owner !== undefined && owner !== person && (owner !== null || !may([held], 'answer', community))
    }
    if (action.do !== 'page' && action.do !== 'deed') return false
    const specs = action.do === 'page' ? PAGES : DEEDS
    const spec = Object.hasOwn(specs, action.name) ? specs[action.name] : undefined
    return spec !== undefined && spec.permission !== 'anyone' && !may([held], spec.permission, community)
  }
}

describe('forged presses', () => {
  it(`have no effect on another community and show nothing of it (seed ${SEED})`, { timeout: 300_000 }, async () => {
    const attackers: Attacker[] = [
      { name: 'worker of A', visitor: a.worker, at: b, forbidden: [b.letter] },
      { name: 'head of A', visitor: a.head, at: b, forbidden: [b.letter] },
      { name: 'assessor of A', visitor: assessor, at: b, forbidden: [b.letter] },
      { name: 'head of B', visitor: b.head, at: a, forbidden: [a.letter] },
      { name: 'worker of B', visitor: b.worker, at: a, forbidden: [a.letter] },
      { name: 'nobody', visitor: nobody, at: a, forbidden: [a.letter, b.letter] },
      { name: 'former member of B', visitor: former, at: b, forbidden: [a.letter, b.letter] },
    ]
    await undisturbed(attackers, Math.ceil(PRESSES.abroad / attackers.length))
  })

  it('have no effect in the own community either, beyond what the role may do', { timeout: 120_000 }, async () => {
    const worker: Holding = { role: 'worker', community: a.community }
    const judge: Holding = { role: 'assessor', community: a.community }
    const keeper: Holding = { role: 'admin', community: null }
    const attackers: Attacker[] = [
      { name: 'worker', visitor: a.worker, at: a, forbidden: [], only: notAllowed(a.worker, worker, a) },
      { name: 'assessor', visitor: assessor, at: a, forbidden: [], only: notAllowed(assessor, judge, a) },
      { name: 'admin', visitor: admin, at: a, forbidden: [], only: notAllowed(admin, keeper, a) },
    ]
    await undisturbed(attackers, PRESSES.inside / attackers.length)
  })
})

async function undisturbed(attackers: readonly Attacker[], each: number): Promise<void> {
  for (const reason of Object.keys(reasons)) delete reasons[reason]
  const before = await fingerprint(office.pool, others(attackers))
  const started = Date.now()
  await attackAll(attackers, each)
  expect(await fingerprint(office.pool, others(attackers))).toEqual(before)
  const figures = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`)
  console.log(`seed ${SEED}: ${each * attackers.length} presses in ${Date.now() - started} ms (${figures.join(', ')})`)
}
