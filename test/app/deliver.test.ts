/** The path of a message, on a real PostgreSQL: who gets it, when, how often, and what stands in its way. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MOST_ATTEMPTS, type Patience } from '../../src/app/conclude.js'
import { deliver, lanesFor } from '../../src/app/deliver.js'
import type { Desk } from '../../src/app/desk.js'
import type { Change, Outbox } from '../../src/app/district.js'
import type { NoticeFields } from '../../src/app/notices.js'
import { StoreFault } from '../../src/app/ports.js'
import type { Errand, Push, Pushed } from '../../src/app/push.js'
import { plain } from '../../src/app/rich.js'
import { tell } from '../../src/app/tell.js'
import { EVERYONE } from '../../src/core/audience.js'
import { DAY_MS, openDesk, type TestDesk, type Visitor, ZONE } from '../support/desk.js'

let office: TestDesk
let community: string
let admin: Visitor
let people: Visitor[]
let changes = 0
beforeEach(async () => {
  office = await openDesk()
  community = await office.community('渝康社区')
  admin = await office.member('admin', null, { name: '管理员' })
  people = []
  for (const name of ['甲', '乙', '丙']) people.push(await office.member('worker', community, { name }))
})
afterEach(() => office.close())

const change = (action: string): Change => ({
  id: `test${++changes}`,
  at: new Date(office.clock.now),
  person: null,
  action,
  subject: 'notice:test',
  community: null,
  before: null,
  after: null,
})

/** Confirms a notice to all three, and returns its id. */
async function notice(over: Partial<NoticeFields> = {}, to: readonly Visitor[] = people): Promise<string> {
  const id = `n${++changes}`
  const versions = { 'zh-CN': { text: '明天停水。', entities: [] } }
  const fields = { versions, media: null, audience: EVERYONE, sendAt: null, timeZone: ZONE, ...over }
  const { notices } = office.desk
  await notices.create({ id, community: null, by: admin.person, ...fields }, change('notice_created'))
  const recipients = to.map(({ person }) => person)
  expect(await notices.confirm(id, 1, recipients, change('notice_confirmed'))).toBe('confirmed')
  return id
}

/** A reminder to one person about a round that is open. */
async function nudge(to: Visitor): Promise<void> {
  const { assessments } = await office.round([community])
  const telling = { type: 'assigned', assessment: assessments[community]!, count: 1, why: null } as const
  await tell(office.desk, [{ key: `assigned:${++changes}`, person: to.person, telling }])
}

type Sent = { readonly address: string; readonly errand: Errand }

/** A channel that takes everything, unless `answer` says otherwise; one message in the air at a time. */
function channel(
  answer: (one: Sent, count: number) => Pushed | undefined | Promise<Pushed | undefined> = () => undefined,
) {
  const sent: Sent[] = []
  let inTheAir = 0
  const push: Push = async (address, errand) => {
    inTheAir += 1
    expect(inTheAir).toBe(1)
    try {
      await sleep(1)
      sent.push({ address, errand })
      return (await answer({ address, errand }, sent.length)) ?? { kind: 'sent', message: String(sent.length) }
    } finally {
      inTheAir -= 1
    }
  }
  return { push, sent, to: () => sent.map(({ address }) => address) }
}

type How = { readonly desk?: Desk; readonly holder?: string; readonly patience?: Patience }
const run = (push: Push, { desk = office.desk, holder = 'one', ...how }: How = {}) =>
  deliver(desk, 'telegram:', push, holder, how)
async function runAll(push: Push, how: How = {}): Promise<void> {
  while ((await run(push, how)) > 0);
}
/** A chat takes one message a second. */
async function runAllLater(push: Push, how: How = {}): Promise<void> {
  office.clock.now += 3_000
  await runAll(push, how)
}

/** The same desk with some of the outbox's functions replaced. */
const withOutbox = (over: Partial<Outbox>): Desk => ({
  ...office.desk,
  outbox: { ...office.desk.outbox, ...over },
})
const states = async (): Promise<string[]> =>
  (await office.pool.query<{ status: string }>('SELECT status FROM delivery ORDER BY person_id, id')).rows.map(
    ({ status }) => status,
  )

describe('a notice on its way', () => {
  it('comes once to everybody, one message in the air at a time, and keeps where it is', async () => {
    const id = await notice()
    const { push, sent, to } = channel()
    expect(await run(push)).toBe(3)
    expect(await run(push)).toBe(0)
    expect(to().sort()).toEqual(people.map(({ address }) => address))
    expect(plain(sent[0]!.errand.card.text)).toBe('明天停水。')
    expect(sent.every(({ errand }) => errand.do === 'send' && errand.paid === undefined)).toBe(true)
    expect(await office.count('delivery WHERE address IS NOT NULL AND message IS NOT NULL')).toBe(3)
    expect(await office.desk.notices.tally(id, new Date(office.clock.now))).toMatchObject({ states: { sent: 3 } })
  })

  it('comes once to everybody also where several processes send', async () => {
    await notice()
    await notice()
    const [a, b] = [channel(), channel()]
    await Promise.all([runAll(a.push, { holder: 'a' }), runAll(b.push, { holder: 'b' })])
    await runAllLater(a.push, { holder: 'a' })
    const each = people.map(({ address }) => [...a.to(), ...b.to()].filter((one) => one === address).length)
    expect(each).toEqual([2, 2, 2])
  })

  it('goes after everything that is about one person', async () => {
    await notice()
    office.clock.now += 60_000
    await nudge(people[2]!)
    const { push, to } = channel()
    await runAll(push)
    await runAllLater(push)
    expect(to()[0]).toBe(people[2]!.address)
    expect(to()).toHaveLength(4)
  })

  it('does not come before its instant', async () => {
    await notice({ sendAt: new Date(office.clock.now + DAY_MS) })
    const { push, to } = channel()
    office.clock.now += DAY_MS - 1
    await runAll(push)
    expect(to()).toEqual([])
    office.clock.now += 1
    await runAll(push)
    expect(to()).toHaveLength(3)
  })

  it('passes over who has acknowledged it or has left meanwhile', async () => {
    const id = await notice()
    // It came to the first one, and the process that sent it died before it could note that.
    await office.pool.query('UPDATE delivery SET attempts = 1 WHERE person_id = $1', [people[0]!.person])
    expect(await office.desk.notices.acknowledge(id, people[0]!.person, new Date(office.clock.now))).toBe('noted')
    const { id: membership } = (await office.desk.members.memberships(people[1]!.person))[0]!
    await office.desk.members.end(membership, { anonymous: false }, change('member_removed'))
    const { push, to } = channel()
    await runAll(push)
    expect(to()).toEqual([people[2]!.address])
    expect(await states()).toEqual(['skipped', 'skipped', 'sent'])
    const { rows } = await office.pool.query('SELECT reason FROM delivery ORDER BY person_id')
    expect(rows.map(({ reason }) => reason)).toEqual(['acknowledged', 'left', null])
  })

  it('of one community passes over whoever is only in another one by now', async () => {
    const { desk } = office
    const other = await office.community('民心社区')
    const moved = await office.member('worker', other, { name: '丁' })
    const id = `n${++changes}`
    const versions = { 'zh-CN': { text: '本社区。', entities: [] } }
    const fields = { versions, media: null, audience: EVERYONE, sendAt: null, timeZone: ZONE }
    await desk.notices.create({ id, community, by: admin.person, ...fields }, change('notice_created'))
    await desk.notices.confirm(id, 1, [people[0]!.person, moved.person], change('notice_confirmed'))
    const { push, to } = channel()
    await runAll(push)
    expect(to()).toEqual([people[0]!.address])
  })

  it('is marked as one that may be paid for only where more is asked for than comes for nothing', async () => {
    await notice({}, [people[0]!])
    await nudge(people[1]!)
    const { push, sent } = channel()
    await runAll(push, { desk: { ...office.desk, broadcastPerSecond: 100 } })
    const paid = sent.map(({ errand }) => errand.do === 'send' && errand.paid === true)
    expect(paid).toEqual([false, true])
    expect([lanesFor(30), lanesFor(31), lanesFor(100), lanesFor(1000)]).toEqual([1, 2, 4, 32])
  })
})

describe('a process that dies', () => {
  it('after a message and before the note that it was sent makes one duplicate, once its lease ran out', async () => {
    await notice()
    const first = channel()
    const died = new StoreFault('The process died right here', false, undefined)
    const dead = withOutbox({ settle: () => Promise.reject(died), giveBack: () => Promise.reject(died) })
    expect(await run(first.push, { desk: dead })).toBe(0)
    expect(first.to()).toHaveLength(1)
    const second = channel()
    await runAll(second.push, { holder: 'two' })
    expect(second.to()).toEqual([]) // everything is still held by the one that died
    office.clock.now += 15_001
    await runAll(second.push, { holder: 'two' })
    expect(second.to().sort()).toEqual(people.map(({ address }) => address))
    expect(await states()).toEqual(['sent', 'sent', 'sent'])
  })

  it('is not one whose database is away for a moment: what was sent is noted then', async () => {
    await notice()
    let faults = 3
    const away = new StoreFault('away', true, undefined)
    const desk = withOutbox({
      settle: (...args) => (faults-- > 0 ? Promise.reject(away) : office.desk.outbox.settle(...args)),
    })
    const { push, to } = channel()
    expect(await run(push, { desk })).toBe(3)
    expect(new Set(to()).size).toBe(3)
    expect(await states()).toEqual(['sent', 'sent', 'sent'])
  })

  it('leaves a message alone where the database fails before it was sent', async () => {
    await notice()
    const desk = withOutbox({ holds: () => Promise.reject(new StoreFault('away', true, undefined)) })
    const { push, to } = channel()
    expect(await run(push, { desk })).toBe(0)
    expect(to()).toEqual([])
    office.clock.now += 15_001
    await runAll(push)
    expect(to()).toHaveLength(3)
  })

  it('keeps what it has in hand for as long as it lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      await notice()
      const renewed: string[][] = []
      const desk = withOutbox({
        renew: async (ids, ...rest) => {
          renewed.push([...ids])
          await office.desk.outbox.renew(ids, ...rest)
        },
      })
      const other = channel()
      const { push, to } = channel(async (_one, count) => {
        if (count === 2) {
          // The second message hangs for longer than the lease.
          for (let step = 0; step < 4; step += 1) {
            office.clock.now += 5_000
            vi.advanceTimersByTime(5_000)
            await vi.waitFor(() => expect(renewed).toHaveLength(step + 1))
            await sleep(20)
          }
          await runAll(other.push, { desk: office.desk, holder: 'two' })
        }
        return undefined
      })
      await run(push, { desk })
      expect([to().length, other.to().length]).toEqual([3, 0])
      // The whole batch but what is finished.
      expect(renewed[0]).toHaveLength(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives back what it has not begun when it is told to stop', async () => {
    await notice()
    let stopping = false
    const { push, to } = channel(() => {
      stopping = true
      return undefined
    })
    await deliver(office.desk, 'telegram:', push, 'one', { stopping: () => stopping })
    expect(to()).toHaveLength(1)
    const other = channel()
    await runAllLater(other.push, { holder: 'two' })
    expect(new Set([...to(), ...other.to()]).size).toBe(3)
    expect(other.to()).toHaveLength(2)
  })
})

describe('what keeps a message back', () => {
  it.each(['paused', 'cancelled'] as const)(
    'a notice that is %s between the taking and the sending',
    async (status) => {
      const id = await notice()
      const { notices } = office.desk
      const { push, to } = channel(async (_one, count) => {
        if (count === 1) await notices.setStatus(id, status, change('notice_changed'))
        return undefined
      })
      await run(push)
      expect(to()).toHaveLength(1)
      expect(await run(push)).toBe(0)
      if (status === 'cancelled') return expect((await states()).sort()).toEqual(['cancelled', 'cancelled', 'sent'])
      await notices.setStatus(id, 'confirmed', change('notice_resumed'))
      await runAllLater(push)
      expect(new Set(to()).size).toBe(3)
      expect(to()).toHaveLength(3)
    },
  )

  it('a channel that asks for patience, for every process, to the millisecond and across restarts', async () => {
    await notice()
    const first = channel((_one, count) => (count === 2 ? { kind: 'flood', afterMs: 37_000 } : undefined))
    expect(await run(first.push)).toBe(0)
    expect(first.to()).toHaveLength(2)
    const until = office.clock.now + 37_000
    expect(await office.desk.outbox.pausedUntil('telegram:')).toEqual(new Date(until))
    const second = channel()
    const other = await openSecond()
    office.clock.now = until - 1
    await runAll(second.push, { desk: other, holder: 'two' })
    expect(second.to()).toEqual([])
    office.clock.now = until
    await runAll(second.push, { desk: other, holder: 'two' })
    expect(second.to()).toHaveLength(2)
    // The refusal cost no try.
    expect(await office.count('delivery WHERE attempts > 1')).toBe(0)
  })

  /** Another process on the same database. */
  const openSecond = async (): Promise<Desk> => ({ ...office.desk, wait: async () => {} })

  it('a chat that has just got something else', async () => {
    await notice({}, [people[0]!])
    let asked = 0
    const desk: Desk = {
      ...office.desk,
      gate: { reserve: async () => (asked++ === 0 ? { busyMs: 700 } : { waitMs: 0 }), note() {} },
    }
    const { push, to } = channel()
    expect(await run(push, { desk })).toBe(1)
    office.clock.now += 699
    expect([await run(push, { desk }), to().length]).toEqual([0, 0])
    office.clock.now += 1
    expect([await run(push, { desk }), to().length]).toEqual([1, 1])
  })

  it('a place in line that the process has slept through: another one is taken', async () => {
    await notice({}, [people[0]!])
    const waits: number[] = []
    const desk: Desk = {
      ...office.desk,
      gate: { reserve: async () => ({ waitMs: 100 }), note() {} },
      wait: async (ms) => {
        waits.push(ms)
        // The first time the process stands still for half a second.
        office.clock.now += waits.length === 1 ? 600 : ms + 10
      },
    }
    const { push, to } = channel()
    await run(push, { desk })
    expect([waits, to().length]).toEqual([[100, 100], 1])
  })

  it('a place that passed while the database was asked: another one is taken, and it is not asked again', async () => {
    await notice({}, [people[0]!])
    const places: boolean[] = []
    const desk: Desk = {
      ...withOutbox({
        holds: async (...args) => {
          office.clock.now += 21
          return office.desk.outbox.holds(...args)
        },
      }),
      gate: {
        reserve: async (_address, again = false) => {
          places.push(again)
          // As a gate that goes by the chat's second does: only the place before keeps it busy.
          return places.length === 1 || again ? { waitMs: 0 } : { busyMs: 1000 }
        },
        note() {},
      },
    }
    const { push, to } = channel()
    expect(await run(push, { desk })).toBe(1)
    expect([places, to().length]).toEqual([[false, true], 1])
  })

  it('a channel that asks for patience while the database is away', async () => {
    await notice()
    const away = new StoreFault('away', false, undefined)
    const desk = withOutbox({ pause: () => Promise.reject(away), giveBack: () => Promise.reject(away) })
    const patience: Patience = { until: 0 }
    const first = channel(() => ({ kind: 'flood', afterMs: 37_000 }))
    expect(await run(first.push, { desk, patience })).toBe(0)
    // Their leases have run out, and nothing in the database speaks of a pause.
    office.clock.now += 36_999
    const second = channel()
    expect(await run(second.push, { patience })).toBe(0)
    office.clock.now += 1
    expect(await run(second.push, { patience })).toBe(3)
    expect([first.to().length, second.to().length]).toEqual([1, 3])
  })
})

describe('a lane', () => {
  /** Many notices' worth of readers. */
  const crowd = async (count: number): Promise<Visitor[]> => {
    const all: Visitor[] = []
    for (let i = 0; i < count; i += 1) all.push(await office.member('worker', community))
    return all
  }

  it('makes the next message ready while one is in the air, and settles one before it starts the next', async () => {
    await notice()
    const steps: string[] = []
    const { standing } = office.desk.notices
    const desk: Desk = {
      ...withOutbox({
        settle: async (...args) => {
          await office.desk.outbox.settle(...args)
          steps.push('settled')
        },
      }),
      notices: {
        ...office.desk.notices,
        standing: async (...args) => {
          const found = await standing(...args)
          steps.push('ready')
          return found
        },
      },
    }
    const push: Push = async () => {
      steps.push('off')
      const ready = steps.filter((step) => step === 'ready').length
      const others = steps.filter((step) => step === 'off').length
      if (others < 3) await vi.waitFor(() => expect(steps.filter((one) => one === 'ready')).toHaveLength(ready + 1))
      steps.push('landed')
      return { kind: 'sent', message: '1' }
    }
    expect(await run(push, { desk })).toBe(3)
    const each = ['off', 'ready', 'landed', 'settled']
    expect(steps).toEqual(['ready', ...each, ...each, 'off', 'landed', 'settled'])
  })

  it('takes more before it runs out, and gives all of it back when it stops', async () => {
    const readers = await crowd(25)
    await notice({}, readers)
    const claims: number[] = []
    let stopping = false
    const first = channel((_one, count) => {
      if (count === 9) stopping = true
      return undefined
    })
    const desk = withOutbox({
      claim: async (...args) => {
        claims.push(first.sent.length)
        return office.desk.outbox.claim(...args)
      },
    })
    await deliver(desk, 'telegram:', first.push, 'one', { stopping: () => stopping })
    expect(first.sent).toHaveLength(9)
    // The second time while the seventh was in the air, the eighth was made ready, and two were left.
    expect(claims).toEqual([0, 6])
    expect(await office.count('delivery WHERE claimed_by IS NOT NULL')).toBe(0)
    const rest = channel()
    // One had its place already; its chat takes something again in a second.
    office.clock.now += 3_000
    // In one go, and nobody twice.
    expect(await run(rest.push, { holder: 'two' })).toBe(16)
    expect(new Set([...first.to(), ...rest.to()]).size).toBe(25)
  })

  it('goes on with what it has where no more could be taken', async () => {
    await notice({}, await crowd(12))
    let claims = 0
    const desk = withOutbox({
      claim: (...args) =>
        ++claims === 2 ? Promise.reject(new StoreFault('away', true, undefined)) : office.desk.outbox.claim(...args),
    })
    const { push } = channel()
    expect(await run(push, { desk })).toBe(10)
    expect(await run(push, { desk })).toBe(2)
  })
})

describe('what goes wrong', () => {
  it('marks who has shut the bot out, and brings it once more when they speak again', async () => {
    await notice({}, [people[0]!])
    const { address } = people[0]!
    const { push, to } = channel((_one, count) => (count === 1 ? { kind: 'unreachable' } : undefined))
    await runAll(push)
    expect(await states()).toEqual(['blocked'])
    office.clock.now += DAY_MS
    await runAll(push)
    expect(to()).toHaveLength(1)
    await office.desk.records.setReachable(address, true, new Date(office.clock.now))
    await runAll(push)
    expect(to()).toEqual([address, address])
    expect(await states()).toEqual(['sent'])
  })

  it('tries again with growing pauses, and gives up in the end', async () => {
    await notice({}, [people[0]!])
    const { push, to } = channel(() => ({ kind: 'later', afterMs: 10_000 }))
    const pauses: number[] = []
    for (let tries = 1; tries <= MOST_ATTEMPTS; tries += 1) {
      expect(await run(push)).toBe(1)
      const { rows } = await office.pool.query<{ due_at: Date }>('SELECT due_at FROM delivery')
      if (tries === MOST_ATTEMPTS) break
      pauses.push(rows[0]!.due_at.getTime() - office.clock.now)
      office.clock.now = rows[0]!.due_at.getTime() - 1
      expect(await run(push)).toBe(0)
      office.clock.now += 1
    }
    expect(pauses).toEqual([10, 30, 120, 600, 1800, 3600, 7200].map((seconds) => seconds * 1000))
    expect(to()).toHaveLength(MOST_ATTEMPTS)
    expect(await states()).toEqual(['failed'])
  })

  it('rests where the channel is away, and uses up no tries of the rest', async () => {
    await notice()
    await notice()
    const { push, to } = channel(() => ({ kind: 'later', afterMs: 10_000 }))
    expect(await run(push)).toBe(0)
    expect(to()).toHaveLength(3)
    expect(await office.count('delivery WHERE attempts = 0 AND claimed_by IS NULL')).toBe(3)
  })

  it('notes why the channel refuses a message, and goes on with the others', async () => {
    const id = await notice()
    const { push } = channel((_one, count) =>
      count === 1 ? { kind: 'refused', reason: 'Bad Request: wrong file' } : undefined,
    )
    expect(await run(push)).toBe(3)
    const failed = await office.desk.notices.recipients(id, 'failed', { offset: 0, limit: 9 })
    expect(failed.items.map(({ reason }) => reason)).toEqual(['Bad Request: wrong file'])
    expect((await states()).sort()).toEqual(['failed', 'sent', 'sent'])
    expect(JSON.stringify(office.warnings)).not.toContain(people[0]!.address)
  })

  it('goes on with the others after a fault of the program in one message', async () => {
    await notice()
    const { push } = channel((_one, count) => {
      if (count === 1) throw new Error('Expected something else')
      return undefined
    })
    expect(await run(push)).toBe(3)
    expect((await states()).sort()).toEqual(['failed', 'sent', 'sent'])
  })
})

describe('a withdrawal', () => {
  it('takes back what was sent where it was sent, and sends the others nothing', async () => {
    const id = await notice()
    const { push, sent } = channel(async (_one, count) => {
      if (count === 2) await office.desk.notices.setStatus(id, 'paused', change('notice_paused'))
      return undefined
    })
    await runAll(push)
    expect(sent).toHaveLength(2)
    expect(await office.desk.notices.withdraw(id, change('notice_withdrawn'))).toBe(2)
    const back = channel()
    await runAllLater(back.push)
    expect(back.to().sort()).toEqual(sent.map(({ address }) => address).sort())
    const messages = back.sent.map(({ errand }) => errand.do === 'withdraw' && errand.message)
    expect(messages.sort()).toEqual(['1', '2'])
    const { text, rows } = back.sent[0]!.errand.card
    expect(text.some(({ marks }) => marks?.some(({ type }) => type === 'strikethrough'))).toBe(true)
    expect(rows).toEqual([])
    const { withdrawn } = await office.desk.notices.tally(id, new Date(office.clock.now))
    expect(withdrawn).toEqual({ done: 2, pending: 0, failed: 0 })
  })
})

describe('on the web', () => {
  it('a notice is handed over at the next look, once, and counts as sent', async () => {
    const reader = await office.member('worker', community, { name: '戊', channel: 'web' })
    const id = await notice({}, [reader])
    await reader.command('start')
    await reader.look()
    const told = reader.said.flatMap(({ before = [] }) => before.map(({ text }) => plain(text)))
    expect(told.filter((text) => text.includes('明天停水。'))).toHaveLength(1)
    await reader.look()
    expect(reader.said.at(-1)!.before).toBeUndefined()
    const { rows } = await office.pool.query('SELECT status, address, message FROM delivery WHERE notice_id = $1', [id])
    expect(rows).toEqual([{ status: 'sent', address: reader.address, message: null }])
  })
})
