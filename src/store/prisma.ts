/** Prisma over a pool that is there already, so that PostgreSQL and PGlite are one code path. */
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.js'

export function createPrisma(pool: pg.Pool): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg(pool),
    // Faults are thrown and logged where they are handled, once.
    log: [],
    errorFormat: 'minimal',
    transactionOptions: { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_MS },
  })
}

/** The embedded database has one connection, and its hourly vacuum holds it for a moment. */
const TRANSACTION_WAIT_MS = 10_000

/** Ours take milliseconds; the longest, an erasure, looks through all answers once. */
const TRANSACTION_MS = 15_000
