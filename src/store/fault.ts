/** Every fault of a database or of Redis leaves this folder as a `StoreFault` with its cause, judged here: may trying again help? */
import { StoreFault } from '../app/ports.js'

/** Wraps what a driver threw; a `StoreFault` passes through as it is, so that nothing is wrapped twice. */
export function storeFault(what: string, cause: unknown): StoreFault {
  if (cause instanceof StoreFault) return cause
  const detail = cause instanceof Error && cause.message !== '' ? cause.message.split('\n').at(-1) : String(cause)
  return new StoreFault(`${what}: ${detail}`, mayPass(cause), cause)
}

/** Runs a piece of work and turns whatever it throws into a `StoreFault`. */
export async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw storeFault(what, cause)
  }
}

/** Whether the fault lies in the rows themselves: then the others of a batch may still be written. */
export const isAboutData = (cause: unknown): boolean => DATA.has(sqlState(cause)?.slice(0, 2) ?? '')

/** Whether PostgreSQL undid the statement only because of what others did at that moment. */
export const isAboutOthers = (cause: unknown): boolean => sqlState(cause)?.startsWith('40') ?? false

/** Classes of SQLSTATE (PostgreSQL manual, appendix A): bad data, broken constraint, a value beyond a limit. */
const DATA: ReadonlySet<string> = new Set(['22', '23', '54'])

/** Classes that pass: connection, rollback by others, resources, wrong moment, operator, system; and 25, a replica being promoted. */
const PASSING: ReadonlySet<string> = new Set(['08', '25', '40', '53', '55', '57', '58'])

/** Prisma's own codes for connection lost, timed out, pool exhausted, transaction undone (Prisma's error reference). */
const PASSING_PRISMA: ReadonlySet<string> = new Set('P1000 P1001 P1002 P1008 P1017 P2024 P2028 P2034 P2037'.split(' '))

function mayPass(cause: unknown): boolean {
  // Thrown by a driver about what it was given, before anything was sent.
  if (cause instanceof TypeError || cause instanceof RangeError) return false
  if (cause instanceof Error && cause.name === 'PrismaClientValidationError') return false
  const code = codeOf(cause)
  // A failed raw statement, and one of Prisma's own that failed for a reason that Prisma has no code for; the database's stands inside.
  if (code === 'P2010' || code === 'P2039') return PASSING.has(rawState(cause)?.slice(0, 2) ?? '')
  if (code !== undefined && /^P\d{4}$/.test(code)) return PASSING_PRISMA.has(code)
  const state = sqlState(cause)
  // No SQLSTATE: the server did not answer at all (socket, timeout, Redis away).
  return state === undefined || PASSING.has(state.slice(0, 2))
}

/** SQLSTATE inside Prisma's error that has none of its own: `meta.driverAdapterError.cause.originalCode`. */
function rawState(cause: unknown): string | undefined {
  const { meta } = cause as { meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } } }
  const state = meta?.driverAdapterError?.cause?.originalCode
  return typeof state === 'string' ? state : undefined
}

/** SQLSTATE of an error of node-postgres, for example `23505`; its system errors have longer codes such as `ECONNREFUSED`. */
function sqlState(cause: unknown): string | undefined {
  const code = codeOf(cause)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(E[A-Z]{4}|P\d{4})$/.test(code) ? code : undefined
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined
  return typeof cause.code === 'string' ? cause.code : undefined
}
