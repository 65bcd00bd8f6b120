/**
 * A client of a Redis Cluster, for the same sessions and the same gate as one Redis: all keys of one script have one hash tag, so
 * that each script runs on one node.
 */
import { Cluster } from 'ioredis'
import type { StoreFault } from '../app/ports.js'
import { storeFault } from './fault.js'
import { retryAfterMs, TIMEOUTS } from './redis-client.js'

/**
 * `nodes`: addresses of some nodes, with one user and password for all; the client finds the others, and follows when a replica
 * takes the place of its master. Fails as fast as `connectRedis`, but only the people of the node that is away.
 */
export function connectRedisCluster(
  nodes: readonly string[],
  onFault: (fault: StoreFault) => void = () => {},
): Cluster {
  const urls = nodes.map((node) => new URL(node))
  const { protocol, username, password } = urls[0]!
  const cluster = new Cluster(
    urls.map(({ hostname, port }) => ({ host: hostname.replace(BRACKETS, ''), port: Number(port) || DEFAULT_PORT })),
    {
      enableAutoPipelining: true,
      clusterRetryStrategy: retryAfterMs,
      slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
      // By name, as the certificates of the nodes have it; Node looks the names up.
      dnsLookup: (host, found) => found(null, host),
      redisOptions: {
        ...TIMEOUTS,
        ...(username ? { username: decodeURIComponent(username) } : {}),
        ...(password ? { password: decodeURIComponent(password) } : {}),
        ...(protocol === 'rediss:' ? { tls: {} } : {}),
      },
    },
  )
  // Without a listener ioredis writes to the console.
  cluster.on('error', (cause) => onFault(storeFault('The Redis Cluster cannot be reached', cause)))
  cluster.on('node error', (cause) => onFault(storeFault('A node of the Redis Cluster cannot be reached', cause)))
  return cluster
}

const DEFAULT_PORT = 6379
/** Around an address of IPv6. */
const BRACKETS = /^\[|\]$/g

/** How long one node may take to say which node has what, before the next is asked. */
const SLOTS_TIMEOUT_MS = 1_000
