/**
 * The HTTP side, built without listening: the webhook, health, and whatever else is plugged in.
 * Sizes, secrets and shapes are checked here; what the requests mean is decided in app/.
 */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'

/** Telegram's updates are a few KB; nothing that we take is larger, but uploads, which set their own limit. */
const LARGEST_BODY = 256 * 1024
/** Longer than the longest pause that Telegram may ask for while a press is answered. */
const REQUEST_TIMEOUT_MS = 150_000

export type Health = {
  /** Whether the stores answer; each part by name. */
  ready(): Promise<Readonly<Record<string, boolean>>>
}

/** A Fastify with /healthz and /readyz. Nothing personal is logged: requests are not logged at all. */
export function createServer({ log, health }: { log: FastifyBaseLogger; health: Health }): FastifyInstance {
  const server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // Nothing of ours is logged by a request's own logger, so that none is made for each.
    childLoggerFactory: (logger) => logger,
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // Limits are counted by the visitor's address, also behind a reverse proxy on this machine; others are not believed.
    trustProxy: 'loopback',
    routerOptions: { ignoreTrailingSlash: true },
  })
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const parts = await health.ready()
    const ready = Object.values(parts).every(Boolean)
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', parts })
  })
  server.setErrorHandler((error: { statusCode?: number; code?: string }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) server.log.error({ code: error.code ?? 'unknown' }, 'a request failed')
    return reply.code(status).send({ status, error: error.code ?? 'fault' })
  })
  return server
}
