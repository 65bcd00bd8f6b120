/** A client of one Redis server; of a Redis Cluster: redis-cluster.ts. */
import { Redis, type RedisOptions } from 'ioredis'
import type { StoreFault } from '../app/ports.js'
import { storeFault } from './fault.js'

/**
 * A client that fails fast and reconnects for ever. It need not be connected yet: commands wait up to two seconds for the
 * connection and then fail. `onFault` hears of every failed attempt.
 */
export function connectRedis(url: string, onFault: (fault: StoreFault) => void = () => {}): Redis {
  const redis = new WritesTogether(url, {
    ...TIMEOUTS,
    maxRetriesPerRequest: 2,
    retryStrategy: retryAfterMs,
    // A replica that was promoted elsewhere answers READONLY: connect anew, to the new master, and send the command again.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  })
  // Without a listener ioredis writes to the console.
  redis.on('error', (cause) => onFault(storeFault('Redis cannot be reached', cause)))
  return redis
}

/**
 * Commands that are given one right after the other share one write. ioredis has auto-pipelining for that, which makes a pipeline of its
 * own each time: of a tap's CPU that took a tenth, and holding the socket's writes back comes to the same.
 */
class WritesTogether extends Redis {
  #held: Redis['stream'] | undefined

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this
    // A new connection has a new stream.
    if (stream !== this.#held && stream?.writable) {
      this.#held = stream
      stream.cork()
      process.nextTick(() => {
        if (this.#held === stream) this.#held = undefined
        stream.uncork()
      })
    }
    return super.sendCommand(...args)
  }
}

const CONNECT_TIMEOUT_MS = 1_500

/** What a person will wait for a tap before they tap again. */
const COMMAND_TIMEOUT_MS = 2_000

/** A connection that answers nothing for this long while commands wait is dead, whatever TCP says. */
const SOCKET_TIMEOUT_MS = 4_000

const RETRY_STEP_MS = 100
const RETRY_MAX_MS = 1_000

/** Of every connection, to one server or to a node of a cluster. */
export const TIMEOUTS = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
} satisfies RedisOptions

/** How long to wait before the nth attempt to connect again. */
export const retryAfterMs = (attempt: number): number => Math.min(attempt * RETRY_STEP_MS, RETRY_MAX_MS)
