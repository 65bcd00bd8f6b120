/**
 * The command line's way into a server that holds the embedded database: two processes cannot share that. Only a program on
 * this machine that may read the key beside the data gets in; browsers and whatever came through a proxy do not.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type AdminCommand, MOST_ROWS, readAdminCommand } from '../app/admin-command.js'
import type { AdminReply } from '../app/administration.js'
import { StoreFault } from '../app/ports.js'

export const ADMIN_PATH = '/admin/command'
/** Two names of 40 characters, a zone and two numbers, as JSON in UTF-8. */
const ROW_BYTES = 600
const LARGEST_COMMAND = MOST_ROWS * ROW_BYTES

/** What a proxy adds to a request that it passes on. */
const FORWARDED = /^(?:forwarded|via|x-forwarded-.+|x-real-ip|x-client-ip|cf-connecting-ip|true-client-ip)$/

/** Adds the route. `key` is a secret of at least 128 bits; `run` does what a checked command says. */
export function addAdminRoute(
  server: FastifyInstance,
  { key, run }: { key: string; run: (command: AdminCommand) => Promise<AdminReply> },
): void {
  const expected = digest(`Bearer ${key}`)
  server.post(ADMIN_PATH, {
    bodyLimit: LARGEST_COMMAND,
    // Before the body is read: nobody else's is taken in.
    onRequest: async (request, reply) => {
      if (!isFromHere(request)) return reply.code(403).send({ status: 403 })
      // Digests have one length, so the comparison takes one time whatever was sent.
      if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
        return reply.code(401).send({ status: 401 })
    },
    handler: async (request, reply) => {
      const command = readAdminCommand(request.body)
      if (!command) return reply.code(400).send({ status: 400 })
      try {
        return await reply.header('cache-control', 'no-store').send(await run(command))
      } catch (error) {
        const busy = error instanceof StoreFault && error.retry
        server.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'a command failed')
        return reply.code(busy ? 503 : 500).send({ status: busy ? 503 : 500 })
      }
    },
  })
}

/**
 * A program on this machine that came straight here. A proxy on this machine would look the same but for its headers, and
 * for the name under which it was asked; a browser says which page it comes from.
 */
function isFromHere({ ip, hostname, headers, socket }: FastifyRequest): boolean {
  const forwarded = Object.keys(headers).some((name) => FORWARDED.test(name))
  const browser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  return !forwarded && !browser && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '') && isLoopback(hostname)
}

const isLoopback = (host: string): boolean => /^(?:localhost|(?:::ffff:)?127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host)

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
