/** Prisma over a pool that is there already, so that PostgreSQL and PGlite are one code path. */
import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.js'

/** The one client of a pool: each compiles 3 MB of query compiler for itself, which takes some 15 MB of memory. */
export function prismaOn(pool: pg.Pool): PrismaClient {
  const known = clients.get(pool)
  if (known) return known
  const client = new PrismaClient({
    adapter: new PrismaPg(pool),
    // Faults are thrown and logged where they are handled, once.
    log: [],
    errorFormat: 'minimal',
    transactionOptions: { maxWait: TRANSACTION_WAIT_MS, timeout: TRANSACTION_MS },
  })
  clients.set(pool, client)
  return client
}

const clients = new WeakMap<pg.Pool, PrismaClient>()

/** The embedded database has one connection, and its hourly vacuum holds it for a moment. */
const TRANSACTION_WAIT_MS = 10_000

/** Ours take milliseconds; the longest, an erasure, looks through all answers once. */
const TRANSACTION_MS = 15_000
