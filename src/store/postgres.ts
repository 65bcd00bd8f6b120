/** The pool for DATABASE_URL. */
import pg from 'pg'
import type { StoreFault } from '../app/ports.js'
import { storeFault } from './fault.js'

/** Opens no connection yet. `onFault` hears of idle connections that break; the pool replaces them by itself. */
export function openPostgres(url: string, onFault: (fault: StoreFault) => void = () => {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    // Prisma's adapter writes instants without an offset: in another time zone the server would shift them.
    options: '-c TimeZone=UTC',
    application_name: 'hexie',
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', (cause) => onFault(storeFault('An idle database connection broke', cause)))
  return pool
}

/** Group commit needs one; the rest serves reads and Prisma. A PostgreSQL as installed takes 100 in all. */
const MAX_CONNECTIONS = 10

/** Longer than a failover of a managed database takes to refuse; shorter than a person's patience. */
const CONNECT_TIMEOUT_MS = 5_000

/** Connections come cheap, but a quiet night should not end them one by one. */
const IDLE_TIMEOUT_MS = 60_000

/** Our statements take milliseconds; one that takes this long waits for something that will not come. */
const STATEMENT_TIMEOUT_MS = 10_000

/** The client's own limit, in case that the server cannot answer any more; above the server's, which explains itself better. */
const QUERY_TIMEOUT_MS = 15_000

/** A process that hangs inside a transaction must not hold its locks for long. */
const IDLE_IN_TRANSACTION_MS = 15_000

/** Well under the five minutes after which firewalls forget a silent connection. */
const KEEP_ALIVE_MS = 30_000
