/** The contract of `Leases`, on both homes of the data. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Leases } from '../../src/app/notices.js'
import { createLeases } from '../../src/store/leases.js'
import { HOMES, type TestDatabase } from '../support/databases.js'

const LONG_MS = 60_000

describe.each(HOMES)('Leases on $home', ({ open }) => {
  let database: TestDatabase
  let leases: Leases
  beforeAll(async () => {
    database = await open()
    leases = createLeases(database.pool)
  })
  afterAll(() => database.close())

  it('are held by one, who may keep them', async () => {
    expect(await leases.hold('a', 'one', LONG_MS)).toBe(true)
    expect(await leases.hold('a', 'two', LONG_MS)).toBe(false)
    expect(await leases.hold('a', 'one', LONG_MS)).toBe(true)
    expect(await leases.hold('b', 'two', LONG_MS)).toBe(true)
  })

  it('go to one of those who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, (_, index) => leases.hold('c', `${index}`, LONG_MS)))
    expect(asked.filter(Boolean)).toHaveLength(1)
  })

  it('go to another once they have run out, and were given back', async () => {
    await leases.hold('d', 'one', 5)
    await sleep(20)
    expect(await leases.hold('d', 'two', LONG_MS)).toBe(true)
    // Too late to keep it, or to give away what is another's.
    expect(await leases.hold('d', 'one', LONG_MS)).toBe(false)
    await leases.release('d', 'one')
    expect(await leases.hold('d', 'one', LONG_MS)).toBe(false)
    await leases.release('d', 'two')
    expect(await leases.hold('d', 'one', LONG_MS)).toBe(true)
  })
})
