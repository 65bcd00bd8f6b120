// One HTTP POST of an update to the bot, over connections that are kept open.
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'

export type Posted = {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Why there was no answer at all. */
  readonly error: string | undefined
}

export type Poster = {
  /** Never rejects: trouble is in `error`. */
  post(url: string, secret: string | undefined, json: string): Promise<Posted>
  stop(): void
}

export function createPoster(timeoutMs: number): Poster {
  const agent = new Agent({ keepAlive: true })
  const secureAgent = new SecureAgent({ keepAlive: true })
  return {
    post(url, secret, json) {
      const secure = url.startsWith('https:')
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
        ...(secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret }),
      }
      return new Promise((resolve) => {
        const failed = (error: Error): void =>
          resolve({ status: 0, reason: '', headers: {}, body: Buffer.alloc(0), error: error.message })
        const request = secure
          ? httpsRequest(url, { method: 'POST', headers, agent: secureAgent })
          : httpRequest(url, { method: 'POST', headers, agent })
        request.setTimeout(timeoutMs, () => request.destroy(new Error('Read timeout expired')))
        request.on('error', failed)
        request.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', failed)
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              reason: response.statusMessage ?? '',
              headers: response.headers,
              body: Buffer.concat(chunks),
              error: undefined,
            }),
          )
        })
        request.end(json)
      })
    },
    stop() {
      agent.destroy()
      secureAgent.destroy()
    },
  }
}
