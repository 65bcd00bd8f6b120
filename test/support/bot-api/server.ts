// HTTP: routing to methods and files, bodies in, Telegram's JSON out. What the calls mean is not known here.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Outcome } from './calls.js'
import { type Execute, toOutcome } from './execute.js'
import type { FileStore } from './files.js'
import { readParams } from './params.js'
import { Refusal } from './refusal.js'

export type HttpServer = { readonly url: string; stop(): Promise<void> }

/** A little more than the largest upload, for what stands around the file. */
const MAX_BODY_BYTES = 51 * 1024 * 1024
/** Longer than clients keep idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000

/** Listens on loopback; port 0 takes a free one. */
export async function startServer(options: {
  readonly token: string
  readonly port: number
  readonly files: FileStore
  readonly execute: Execute
}): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A fault of the fake itself must be loud, not look like one of Telegram's.
      sendJson(response, 500, { ok: false, error_code: 500, description: `Fault of the fake: ${String(error)}` })
    })
  })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '', query = ''] = splitOnce(request.url ?? '', '?')
    const [, kind, bot, name] = /^\/(file\/)?bot([^/]*)\/(.*)$/.exec(path) ?? []
    if (bot === undefined || name === undefined) return sendError(response, 404, 'Not Found')
    if (decode(bot) !== options.token) return sendError(response, 401, 'Unauthorized')
    if (kind !== undefined) return sendFile(response, decode(name))
    try {
      const body = await readBody(request)
      const params = readParams(query, body, request.headers)
      const outcome = await options.execute(decode(name), params, 'http', (listener) => response.on('close', listener))
      sendOutcome(response, outcome)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      sendOutcome(response, toOutcome(error))
    }
  }

  const sendFile = (response: ServerResponse, path: string): void => {
    const file = options.files.byPath(path)
    if (file === undefined) sendError(response, 404, 'Not Found')
    else sendBody(response, 200, 'application/octet-stream', file.bytes)
  }

  await listen(server, options.port)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      // What is too much is still read to its end, so that the bot gets the answer and not a broken pipe.
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
    })
    request.on('end', () => {
      if (size > MAX_BODY_BYTES) reject(new Refusal(413, 'Request Entity Too Large'))
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    request.on('error', reject)
  })
}

function sendOutcome(response: ServerResponse, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'ok': {
      const { result, description } = outcome
      sendJson(response, 200, description === undefined ? { ok: true, result } : { ok: true, result, description })
      return
    }
    case 'error': {
      const { status, description, retryAfter, html } = outcome
      if (html === true) sendBody(response, status, 'text/html', proxyPage(description))
      else sendError(response, status, description, retryAfter)
      return
    }
    case 'dropped':
      // A reset, not an orderly end: that is what a bot sees when a machine on the way dies.
      response.socket?.resetAndDestroy()
  }
}

function sendError(response: ServerResponse, status: number, description: string, retryAfter?: number): void {
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }
  sendJson(response, status, { ok: false, error_code: status, description, ...parameters })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendBody(response, status, 'application/json', JSON.stringify(value))
}

function sendBody(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/** What nginx in front of Telegram says when nothing behind it answers. */
function proxyPage(title: string): string {
  return [
    '<html>',
    `<head><title>${title}</title></head>`,
    '<body>',
    `<center><h1>${title}</h1></center>`,
    '<hr><center>nginx/1.18.0</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n')
}

function splitOnce(text: string, sign: string): readonly string[] {
  const at = text.indexOf(sign)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
