/**
 * A node-postgres pool whose only connection is a PGlite in this process: the same driver, Prisma adapter and SQL as with
 * a server, without a socket or a port. It speaks PostgreSQL's own wire protocol on both sides
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html).
 */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'

/** One pool a PGlite: two would share one backend. */
export function createPglitePool(db: PGlite): pg.Pool {
  return new pg.Pool({
    user: 'postgres',
    database: 'postgres',
    host: 'pglite',
    max: 1,
    // The connection costs nothing while idle, and a new one would have to prepare its statements again.
    idleTimeoutMillis: 0,
    // node-postgres uses of a socket only what PgliteStream has.
    stream: () => new PgliteStream(db) as unknown as Socket,
  })
}

/** After this long without a turn of the event loop, timers and I/O get one: PGlite works in microtasks, which starve them. */
const MAX_HOLD_MS = 5

/** Types of the messages that end a group which the server answers at once: query, sync, flush, function call, end of COPY. */
const EXECUTES: ReadonlySet<number> = new Set([...'QSHFcf'].map((type) => type.charCodeAt(0)))
const TERMINATE = 'X'.charCodeAt(0)

/** Type and length stand before a message; the very first message, the start-up packet, has no type. */
const LENGTH_BYTES = 4

const ROLLBACK = simpleQuery('ROLLBACK')
const DISCARD_ALL = simpleQuery('DISCARD ALL')

/**
 * Which client opened the transaction in progress. A client that is thrown away is torn down while its successor is
 * already at work: it may roll back its own transaction, never another's.
 */
const owners = new WeakMap<PGlite, PgliteStream>()
const lastTurns = new WeakMap<PGlite, number>()

class PgliteStream extends Duplex {
  readonly #db: PGlite
  #received: Buffer = Buffer.alloc(0)
  #group: Buffer[] = []
  #started = false

  constructor(db: PGlite) {
    super({ allowHalfOpen: false })
    this.#db = db
  }

  connect(): this {
    process.nextTick(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#consume(chunk).then(() => done(), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const leave = async () => {
      if (owners.get(this.#db) === this) await this.#rollBack()
    }
    this.#db.runExclusive(leave).then(
      () => done(error),
      () => done(error),
    )
  }

  async #rollBack(): Promise<void> {
    await this.#db.execProtocolRawStream(ROLLBACK, SILENT)
    owners.delete(this.#db)
  }

  /** A new connection starts clean; PGlite, with one backend for ever, keeps its predecessor's statements, settings and locks. */
  async #start(startUp: Uint8Array): Promise<void> {
    await this.#db.runExclusive(async () => {
      if (owners.has(this.#db)) await this.#rollBack()
      await this.#db.execProtocolRawStream(DISCARD_ALL, SILENT)
    })
    await this.#run(startUp)
  }

  #run(message: Uint8Array): Promise<void> {
    return this.#db.runExclusive(async () => {
      const owner = owners.get(this.#db)
      // Left open by a client that is gone: what it had not committed must not become part of ours.
      if (owner && owner !== this) await this.#rollBack()
      const onRawData = (data: Uint8Array) => {
        // A copy, because PGlite uses its buffer again.
        if (!this.destroyed) this.push(Buffer.from(data))
      }
      await this.#db.execProtocolRawStream(message, { onRawData })
      if (this.#db.isInTransaction()) owners.set(this.#db, this)
      else owners.delete(this.#db)
    })
  }

  /** Cuts what comes in into messages and runs them group by group. */
  async #consume(chunk: Buffer): Promise<void> {
    this.#received = this.#received.length > 0 ? Buffer.concat([this.#received, chunk]) : chunk
    for (;;) {
      const typeBytes = this.#started ? 1 : 0
      if (this.#received.length < typeBytes + LENGTH_BYTES) return
      const length = typeBytes + this.#received.readUInt32BE(typeBytes)
      if (this.#received.length < length) return
      const message = this.#received.subarray(0, length)
      this.#received = this.#received.subarray(length)
      if (!this.#started) {
        this.#started = true
        await this.#start(message)
        continue
      }
      if (message[0] === TERMINATE) {
        this.#received = Buffer.alloc(0)
        return
      }
      this.#group.push(message)
      if (!EXECUTES.has(message[0]!)) continue
      const group = this.#group.length === 1 ? message : Buffer.concat(this.#group)
      this.#group = []
      await this.#run(group)
      await yieldTurn(this.#db)
    }
  }
}

const SILENT = { onRawData: () => {} }

function simpleQuery(sql: string): Buffer {
  const message = Buffer.alloc(1 + LENGTH_BYTES + sql.length + 1)
  message.write('Q', 0, 'latin1')
  message.writeUInt32BE(message.length - 1, 1)
  message.write(sql, 1 + LENGTH_BYTES, 'latin1')
  return message
}

async function yieldTurn(db: PGlite): Promise<void> {
  if (performance.now() - (lastTurns.get(db) ?? 0) < MAX_HOLD_MS) return
  await new Promise((resolve) => setImmediate(resolve))
  lastTurns.set(db, performance.now())
}
