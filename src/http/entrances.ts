/**
 * The doors of the web chat, and the cookie that knows a visitor again: /demo for everybody while there is a demo, /practice
 * for whoever only wants to try, /i/<code> for who was invited. Coming in uses nothing up: link previews come in as well.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Speaker } from '../channels/web.js'

const COOKIE = 'hexie'
const COOKIE_SECONDS = 180 * 24 * 60 * 60
/** 22 URL-safe characters are 128 bits. */
const KEY_BYTES = 16
const DEMO_KEY = /^demo-[A-Za-z0-9_-]{22}$/
const OWN_KEY = /^w-[A-Za-z0-9_-]{22}$/
const CODE = /^[A-Za-z0-9_-]{20,64}$/
/** Newcomers of one IP in an hour: a whole office, or a carrier, may stand behind it. */
const NEWCOMERS = { max: 600, timeWindow: 60 * 60 * 1000 } as const

export type Entrances = {
  readonly demo: boolean
  readonly secureCookies: boolean
  /** Answers whoever comes by a door that is not there. */
  readonly nothingHere: (reply: FastifyReply) => FastifyReply
  readonly tooMany: (request: FastifyRequest, reply: FastifyReply) => FastifyReply
}

/**
 * Adds the doors. Returns who sends a request: null without a good cookie. The first letters of a key say by which door
 * somebody came: keys of the demo are good only while there is a demo, and their people are guests.
 */
export function addEntrances(
  server: FastifyInstance,
  { demo, secureCookies, nothingHere, tooMany }: Entrances,
): (request: FastifyRequest) => Speaker | null {
  const newcomers = server.createRateLimit({ ...NEWCOMERS, keyGenerator: ({ ip }) => `newcomer ${ip}` })

  function speakerOf(request: FastifyRequest): Speaker | null {
    const sent = request.cookies[COOKIE]
    const { valid, value: key } = sent === undefined ? { valid: false, value: null } : request.unsignCookie(sent)
    if (!valid || key === null) return null
    if (OWN_KEY.test(key)) return { key, guest: false }
    return demo && DEMO_KEY.test(key) ? { key, guest: true } : null
  }

  /** Hands out a cookie, unless the visitor has one that opens this door too; then leads on. */
  async function enter(request: FastifyRequest, reply: FastifyReply, prefix: 'demo' | 'w', to: string) {
    const known = speakerOf(request)
    // A guest of the demo who was invited, or who wants to practise by themselves, becomes a person of their own.
    if (!known || (prefix === 'w' && known.guest)) {
      if (isExceeded(await newcomers(request))) return tooMany(request, reply)
      reply.setCookie(COOKIE, `${prefix}-${randomBytes(KEY_BYTES).toString('base64url')}`, {
        signed: true,
        httpOnly: true,
        sameSite: 'lax',
        secure: secureCookies,
        path: '/',
        maxAge: COOKIE_SECONDS,
      })
    }
    return reply.header('cache-control', 'no-store').redirect(to, 303)
  }

  server.get('/demo', async (request, reply) => (demo ? enter(request, reply, 'demo', '/chat') : nothingHere(reply)))
  server.get('/practice', async (request, reply) => enter(request, reply, 'w', '/chat'))
  server.get('/i/:code', async (request, reply) => {
    const { code } = request.params as { code: string }
    if (!CODE.test(code)) return nothingHere(reply)
    // Behind a `#` the code stays in the browser: the chat's address goes into no log of a proxy and no referrer.
    return enter(request, reply, 'w', `/chat#join=${code}`)
  })
  return speakerOf
}

/** Whether a limit was passed by this request. */
export const isExceeded = (limit: { isAllowed: boolean; isExceeded?: boolean }): boolean =>
  !limit.isAllowed && limit.isExceeded === true
