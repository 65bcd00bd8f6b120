/** What runs by itself, in two processes on one database: by the clock only one of them works, and the other takes over. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startBackground } from '../../src/app/background.js'
import type { Desk } from '../../src/app/desk.js'
import type { Outlet } from '../../src/app/push.js'
import { openDesk, type TestDesk } from '../support/desk.js'

let office: TestDesk
beforeEach(async () => {
  office = await openDesk()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await office.close()
})

/** A process of which is known how often it did what is done by the clock, and how often it looked for messages. */
function process(holder: string, over: Partial<Desk['leases']> = {}) {
  const done = { watched: 0, claimed: 0, held: 0 }
  const { desk } = office
  const counted: Desk = {
    ...desk,
    notices: {
      ...desk.notices,
      watched: async () => {
        done.watched += 1
        return []
      },
    },
    outbox: {
      ...desk.outbox,
      claim: async () => {
        done.claimed += 1
        return []
      },
    },
    leases: {
      ...desk.leases,
      hold: async (...args) => {
        const held = await (over.hold ?? desk.leases.hold)(...args)
        done.held += 1
        return held
      },
      ...(over.release ? { release: over.release } : {}),
    },
  }
  const telegram: Outlet = {
    ready: () => true,
    push: () => Promise.reject(new Error('Expected no push')),
    editCard: async () => 'shown' as const,
  }
  const stop = startBackground(counted, { 'telegram:': telegram }, { holder, refresh: async () => 'same' })
  return { done, stop }
}

/** Lets time pass by halves of a second, and the database answer in between. */
async function pass(seconds: number): Promise<void> {
  for (let half = 0; half < seconds * 2; half += 1) {
    await vi.advanceTimersByTimeAsync(500)
    await office.pool.query('SELECT 1')
  }
}

/** Lets time pass until something has happened, however busy the machine is: the database answers on the real clock. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await pass(0.5)
}

/** Until a process was answered whether it holds the lease. */
const asked = ({ done }: ReturnType<typeof process>) => until(() => done.held > 0)

describe('two processes', () => {
  it('both send, and one of them does what is due by the clock; when it stops the other takes over', async () => {
    const one = process('one')
    await asked(one)
    const two = process('two')
    await asked(two)
    await until(() => one.done.watched > 3 && one.done.claimed > 8 && two.done.claimed > 8)
    expect(two.done.watched).toBe(0)
    await one.stop()
    expect(await office.count('lease')).toBe(0)
    const before = one.done.watched
    await until(() => two.done.watched > 0)
    expect(one.done.watched).toBe(before)
    await two.stop()
    expect(await office.count('lease')).toBe(0)
  })

  it('never both do it where one can reach the database no more: it stops before its lease runs out', async () => {
    let away = false
    const one = process('one', {
      hold: (...args) => (away ? Promise.reject(new Error('away')) : office.desk.leases.hold(...args)),
      release: async () => {},
    })
    await asked(one)
    await until(() => one.done.watched > 0)
    away = true
    await pass(26)
    const before = one.done.watched
    await pass(10)
    expect(one.done.watched).toBe(before)
    // The lease in the database is of the real clock, where hardly any time went by.
    await office.pool.query(`UPDATE lease SET until = now() - interval '1 second'`)
    const two = process('two')
    await asked(two)
    await until(() => two.done.watched > 0)
    await Promise.all([one.stop(), two.stop()])
  })

  it('does nothing by itself for a channel that is not connected', async () => {
    let ready = false
    let claimed = 0
    const { desk } = office
    const telegram: Outlet = {
      ready: () => ready,
      push: async () => ({ kind: 'unreachable' }),
      editCard: async () => 'shown' as const,
    }
    const outbox = {
      ...desk.outbox,
      claim: async () => {
        claimed += 1
        return []
      },
    }
    const stop = startBackground(
      { ...desk, outbox },
      { 'telegram:': telegram },
      { holder: 'one', refresh: async () => 'same' },
    )
    await pass(3)
    expect(claimed).toBe(0)
    ready = true
    await pass(2)
    expect(claimed).toBeGreaterThan(0)
    await stop()
  })
})
