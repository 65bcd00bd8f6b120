/** How faults of the database are judged where Prisma stands between. */
import { expect, it, onTestFinished } from 'vitest'
import { storeFault } from '../../src/store/fault.js'
import { prismaOn } from '../../src/store/prisma.js'
import { HOMES } from '../support/databases.js'
import { untilItWaits } from './races.js'

it("a statement of Prisma's own that the database broke off may pass", async () => {
  const { pool, close } = await HOMES[0].open()
  onTestFinished(close)
  const holder = await pool.connect()
  onTestFinished(() => holder.release(true))
  await holder.query('BEGIN; LOCK TABLE round')
  const reading = prismaOn(pool).round.findMany()
  await untilItWaits(pool, reading)
  await pool.query(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  const fault = await reading.catch((cause: unknown) => cause)
  expect(fault).toMatchObject({ code: 'P2039' })
  expect(storeFault('Rounds could not be read', fault)).toMatchObject({ name: 'StoreFault', retry: true })
})
