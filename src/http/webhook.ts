/** Telegram's webhook: secret, shape, then the channel. 200 means done; anything else brings the update again. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { LineTooLong } from '../app/in-order.js'
import { StoreFault } from '../app/ports.js'

export type TakeUpdate = (update: { update_id: number }) => Promise<object | undefined>

/** Adds `POST path`. `take` may answer with a method call, which goes back as the body of the response. */
export function addWebhook(
  server: FastifyInstance,
  { path, secret, take }: { path: string; secret: string; take: TakeUpdate },
): void {
  const expected = digest(secret)
  server.post(path, async (request, reply) => {
    const got = request.headers['x-telegram-bot-api-secret-token']
    // Digests have one length, so the comparison takes one time whatever was sent.
    if (typeof got !== 'string' || !timingSafeEqual(digest(got), expected)) return reply.code(401).send({ status: 401 })
    if (!isUpdate(request.body)) return reply.code(400).send({ status: 400 })
    try {
      return reply.send((await take(request.body)) ?? {})
    } catch (error) {
      const busy = error instanceof LineTooLong || (error instanceof StoreFault && error.retry)
      if (!busy) server.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'an update failed')
      return reply.code(busy ? 503 : 500).send({ status: busy ? 503 : 500 })
    }
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function isUpdate(body: unknown): body is { update_id: number } {
  return typeof body === 'object' && body !== null && 'update_id' in body && Number.isSafeInteger(body.update_id)
}
