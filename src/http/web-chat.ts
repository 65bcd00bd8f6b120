/**
 * The web chat over HTTP: landing page, the page and its two inputs. Origins, limits, sizes and kinds of files are checked
 * here; who comes in is decided in entrances.ts, and what an input means in app/. Nothing personal is logged.
 */
import cookies from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { fileTypeFromBuffer } from 'file-type'
import type { Dispatch } from '../app/dispatch.js'
import { LineTooLong, TooMuchInHand } from '../app/in-order.js'
import { type Person, type Records, StoreFault } from '../app/ports.js'
import type { Inbound } from '../app/speech.js'
import type { Locales } from '../app/words.js'
import {
  FILE_PATH,
  fileRef,
  inboundOf,
  inboundOfFile,
  readInput,
  readUpload,
  type Speaker,
  type WebReply,
  webReceipt,
  webSpeak,
} from '../channels/web.js'
import { addEntrances, isExceeded } from './entrances.js'
import { headersFor, loadPage } from './web-page.js'

export type WebChatOptions = {
  readonly dispatch: Pick<Dispatch, 'handle' | 'acknowledge'>
  readonly locales: Locales
  readonly defaultLanguage: string
  /** Folder with the files of the page; read once, at start. */
  readonly pageDirectory: string
  /** Whether anybody may come in by /demo; where not, its cookies are refused. */
  readonly demo: boolean
  /** Signs the cookies; at least 32 characters. */
  readonly cookieSecret: string
  /** Whether the page is reached by https only. */
  readonly secureCookies: boolean
  /** Address under which the page is reached where a proxy changes the Host header, for example `https://hexie.example.cn`. */
  readonly publicUrl?: string | null
  /** Who stands behind an address; their language is the page's. */
  readonly personOf: (address: string) => Promise<Person | undefined>
  readonly files: Pick<Records, 'keepFile' | 'file' | 'mayRead'>
}

/** Five thousand characters would be 15 KB, but the core takes 500; a JSON of this size holds every input that it takes. */
const LARGEST_INPUT_BYTES = 8 * 1024
const MB = 1024 * 1024
/** A photo of a phone has 3 to 8 MB. */
const LARGEST_FILE_BYTES = 10 * MB

/** A person taps once a second at most; the limits of an IP are for a whole office, or a carrier, behind one address. */
const MINUTE_MS = 60_000
const LIMITS = {
  input: { key: 180, ip: 6_000, window: MINUTE_MS },
  file: { key: 60, ip: 600, window: 10 * MINUTE_MS },
  reading: { key: 120, ip: 3_000, window: MINUTE_MS },
} as const

/** Judged by content, by the names that `file-type` gives. */
const ACCEPTED: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/heic',
  'image/heif',
  'image/gif',
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'video/mp4',
])

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends an input; set once cookie, origin and rate are checked. */
    speaker: Speaker | null
  }
}

/** Fastify plugin; to be registered without a prefix. Its headers, cookies and errors stay its own. */
export async function webChat(server: FastifyInstance, options: WebChatOptions): Promise<void> {
  const { dispatch, locales, demo, secureCookies } = options
  const page = loadPage({ ...options, largestFile: LARGEST_FILE_BYTES / MB })
  await server.register(cookies, { secret: options.cookieSecret })
  await server.register(rateLimit, { global: false })
  await server.register(helmet, headersFor(secureCookies))
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', 'geolocation=(self), camera=(), microphone=()')
  })
  server.decorateRequest('speaker', null)
  server.setErrorHandler((error: { code?: string; statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse(request, reply, 413, 'page.too_large')
    if (status >= 400 && status < 500) return refuse(request, reply, 400, 'page.not_understood')
    const full = error instanceof LineTooLong || error instanceof TooMuchInHand
    const busy = full || (error instanceof StoreFault && error.retry)
    server.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'an input of the web chat failed')
    return refuse(request, reply, busy ? 503 : 500, busy ? 'page.busy' : 'page.fault', busy)
  })

  for (const asset of page.assets)
    server.get(`/chat/${asset.name}`, async (request, reply) => {
      reply.headers({ etag: asset.etag, 'cache-control': 'no-cache', vary: 'accept-encoding' }).type(asset.type)
      if (request.headers['if-none-match']?.includes(asset.etag)) return reply.code(304).send()
      const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      return zipped ? reply.header('content-encoding', 'gzip').send(asset.gzip) : reply.send(asset.bytes)
    })

  server.get('/', async (request, reply) => {
    const wanted = (request.query as { lang?: unknown }).lang
    const language = locales.languages.find((one) => one === wanted) ?? options.defaultLanguage
    return html(reply, page.landing(language))
  })

  const nothingHere = (reply: FastifyReply) => html(reply.code(404), page.landing(options.defaultLanguage))
  const tooMany = (request: FastifyRequest, reply: FastifyReply) => refuse(request, reply, 429, 'page.too_many', true)
  const speakerOf = addEntrances(server, { demo, secureCookies, nothingHere, tooMany })

  server.get('/chat', async (request, reply) => {
    const speaker = speakerOf(request)
    if (!speaker) return reply.header('cache-control', 'no-store').redirect('/', 303)
    // Without its database the page still opens, and tries again by itself.
    const language = await languageOf(speaker).catch(() => options.defaultLanguage)
    return html(reply, page.chat(language))
  })

  const guard = (kind: keyof typeof LIMITS): preHandlerAsyncHookHandler => {
    const { key, ip, window } = LIMITS[kind]
    const perKey = server.createRateLimit({
      max: key,
      timeWindow: window,
      keyGenerator: (request) => `${kind} ${request.speaker?.key}`,
    })
    const perIp = server.createRateLimit({ max: ip, timeWindow: window, keyGenerator: (one) => `${kind} ${one.ip}` })
    return async (request, reply) => {
      if (isForeign(request, options.publicUrl)) return refuse(request, reply, 403, 'page.foreign')
      request.speaker = speakerOf(request)
      if (!request.speaker) return refuse(request, reply, 401, 'page.no_session')
      const limits = [await perKey(request), await perIp(request)]
      if (limits.some(isExceeded)) return refuse(request, reply, 429, 'page.too_many', true)
    }
  }

  server.post('/chat/input', { bodyLimit: LARGEST_INPUT_BYTES, onRequest: guard('input') }, async (request, reply) => {
    const input = readInput(request.body)
    if (!input) return refuse(request, reply, 400, 'page.not_understood')
    const speaker = request.speaker!
    const inbound = inboundOf(input, speaker)
    const receipt = await dispatch.acknowledge(inbound)
    if (!receipt || input.kind !== 'press') return answer(speaker, inbound, reply)
    const said = webReceipt(receipt.toast, input.data, receipt.rows)
    return reply.header('cache-control', 'no-store').send({ language: await languageOf(speaker), ...said })
  })

  // What a notice shows. Who may not see it is told no more than that there is nothing.
  server.get(`${FILE_PATH}:hash`, { onRequest: guard('reading') }, async (request, reply) => {
    const ref = fileRef((request.params as { hash: string }).hash)
    const person = await options.personOf(`web:${request.speaker!.key}`)
    const may = ref !== undefined && person !== undefined && (await options.files.mayRead(person.id, ref))
    const file = may ? await options.files.file(ref) : undefined
    if (!file) return reply.code(404).header('cache-control', 'no-store').send()
    const shown = ACCEPTED.has(file.mime) && file.mime.startsWith('image/')
    if (!shown) reply.header('content-disposition', 'attachment')
    // The content of an address never changes; another person on the same device asks anew, by another cookie.
    reply.headers({ 'cache-control': 'private, max-age=3600', vary: 'cookie' })
    return reply.type(file.mime).send(Buffer.from(file.bytes))
  })

  await server.register(async (uploads) => {
    // Whatever the browser calls the file, its content decides.
    uploads.removeAllContentTypeParsers()
    uploads.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    uploads.post('/chat/file', { bodyLimit: LARGEST_FILE_BYTES, onRequest: guard('file') }, async (request, reply) => {
      const upload = readUpload(request.query)
      const bytes = request.body
      if (!upload || !Buffer.isBuffer(bytes)) return refuse(request, reply, 400, 'page.not_understood')
      const mime = (await fileTypeFromBuffer(bytes))?.mime
      if (!mime || !ACCEPTED.has(mime)) return refuse(request, reply, 415, 'page.wrong_type')
      const speaker = request.speaker!
      const person = await options.personOf(`web:${speaker.key}`)
      // Nobody is known there before the first look, nor after an erasure: then nothing is kept.
      const ref = person && (await options.files.keepFile({ bytes, mime, person: person.id, at: new Date() }))
      const file = ref === undefined ? undefined : { ref, mime, size: bytes.length }
      return answer(speaker, inboundOfFile(upload, file, speaker), reply)
    })
  })

  async function answer(speaker: Speaker, inbound: Inbound, reply: FastifyReply): Promise<FastifyReply> {
    let said: WebReply | undefined
    // Said twice where another process came between: then the first may hold a file or messages that are not said again.
    const collect = (one: WebReply) => {
      const before = [...(said?.before ?? []), ...(one.before ?? [])]
      said = { ...said, ...one, ...(before.length > 0 ? { before } : {}) }
    }
    await dispatch.handle(inbound, webSpeak(collect, inbound.content.kind === 'look'))
    return reply.header('cache-control', 'no-store').send({ language: await languageOf(speaker), ...said! })
  }

  async function languageOf({ key }: Speaker): Promise<string> {
    const language = (await options.personOf(`web:${key}`))?.language
    return locales.languages.find((one) => one === language) ?? options.defaultLanguage
  }

  /** One sentence in the page's language; `retry` tells the page to send the same input again. */
  function refuse(request: FastifyRequest, reply: FastifyReply, status: number, word: string, retry = false) {
    const language = request.headers['accept-language'] ?? options.defaultLanguage
    const sentence = locales.in(language)(word, { most: LARGEST_FILE_BYTES / MB })
    if (status === 429) reply.header('retry-after', '10')
    return reply.code(status).header('cache-control', 'no-store').send({ retry, sentence })
  }
}

const html = (reply: FastifyReply, text: string) =>
  reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)

/**
 * Whether another site's page sends this. Browsers name the origin of every POST; no page can forge it or Sec-Fetch-Site,
 * which is right also where a proxy changes the Host header, but is only sent over https and on this machine.
 */
function isForeign({ headers, host }: FastifyRequest, publicUrl: string | null | undefined): boolean {
  const { origin } = headers
  if (origin === undefined || headers['sec-fetch-site'] === 'same-origin') return false
  if (!URL.canParse(origin)) return true
  const { protocol, host: from } = new URL(origin)
  // Read as an address, because a Host may name the default port and an origin never does.
  const here = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : null
  return from !== here && origin !== publicUrl
}
