/**
 * Telegram's webhook: secret, size, shape, then the channel. 200 means that it need not be brought again; anything else brings the update again. What is
 * refused is counted, and refused as early as it can be known (decision 14).
 */
import { isUtf8 } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LineTooLong, mayPass } from '../app/in-order.js'
import type { Count, Refused } from '../app/tally.js'

export type TakeUpdate = (update: { update_id: number }) => Promise<object | undefined>

/** A message of 4,096 characters that answers another one, with all formatting of both, has some 60 KB as JSON. */
export const LARGEST_UPDATE_BYTES = 256 * 1024
/**
 * When Telegram is to bring again what could not be saved. Without it its pauses double up to two minutes, and who waits
 * for an answer would wait so long after the stores are back.
 */
const RETRY_AFTER_S = 5

/** Adds `POST path`. `take` may answer with a method call, which goes back as the body of the response. */
export function addWebhook(
  server: FastifyInstance,
  {
    path,
    secret,
    take,
    count = () => {},
  }: { path: string; secret: string; take: TakeUpdate; count?: Count | undefined },
): void {
  const isSecret = comparing(secret)

  function refuse(reply: FastifyReply, status: number, why: Refused): FastifyReply {
    count(why)
    return reply.code(status).send({ status })
  }

  /** Before the body is read: whoever does not know the secret shall cost next to nothing. */
  async function checkSecret(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const got = request.headers['x-telegram-bot-api-secret-token']
    if (typeof got === 'string' && isSecret(got)) return undefined
    leaveUnread(request, reply)
    return refuse(reply, 401, 'wrong_secret')
  }

  server.register(async (scope) => {
    const readJson = scope.getDefaultJsonParser('error', 'error')
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      // Decoding replaces what is no UTF-8 without a word; a name or an answer would be stored that nobody has typed.
      if (isUtf8(body as Buffer)) readJson(request, body.toString(), done)
      else done(new NotUtf8())
    })
    scope.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
      const status = error.statusCode ?? 500
      if (error instanceof NotUtf8) return refuse(reply, 400, 'not_utf8')
      if (status >= 500) {
        server.log.error({ code: error.code ?? 'unknown' }, 'a request failed')
        return reply.code(status).send({ status })
      }
      leaveUnread(request, reply)
      return refuse(reply, status, status === 413 ? 'too_large' : 'not_json')
    })
    scope.post(path, { bodyLimit: LARGEST_UPDATE_BYTES, onRequest: checkSecret }, async (request, reply) => {
      if (!isUpdate(request.body)) return refuse(reply, 400, 'not_an_update')
      try {
        return reply.send((await take(request.body)) ?? {})
      } catch (error) {
        // More than one person can mean: without a word about when, Telegram's own pauses grow.
        if (error instanceof LineTooLong) return reply.code(429).send({ status: 429 })
        if (mayPass(error)) return reply.code(503).header('retry-after', RETRY_AFTER_S).send({ status: 503 })
        server.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'an update failed')
        return reply.code(500).send({ status: 500 })
      }
    })
  })
}

class NotUtf8 extends Error {}

/** A refused body that is large, or of unknown length, is not even received: the connection ends with the answer. */
function leaveUnread({ headers }: FastifyRequest, reply: FastifyReply): void {
  const length = Number(headers['content-length'] ?? Number.NaN)
  if (!(length <= LARGEST_UPDATE_BYTES)) reply.header('connection', 'close')
}

/** https://core.telegram.org/bots/api#setwebhook: 1 to 256 characters. */
const LONGEST_SECRET = 256

/** Compares in one time whatever was sent: both are filled up to one length, with a byte that no header holds. */
function comparing(secret: string): (got: string) => boolean {
  const expected = Buffer.alloc(LONGEST_SECRET)
  expected.write(secret, 'latin1')
  const filled = Buffer.alloc(LONGEST_SECRET)
  return (got) => {
    if (got.length > LONGEST_SECRET) return false
    filled.fill(0)
    filled.write(got, 'latin1')
    return timingSafeEqual(filled, expected)
  }
}

function isUpdate(body: unknown): body is { update_id: number } {
  return typeof body === 'object' && body !== null && 'update_id' in body && Number.isSafeInteger(body.update_id)
}
