/** Telegram through grammY: the driver that production uses. */
import { Bot, Context, GrammyError, InputFile } from 'grammy'
import { type Dispatcher, Pool } from 'undici'
import { handover, type TelegramDriver, TelegramFault, TIMEOUTS_MS } from './telegram/driver.js'

/** Calls to the Bot API at once; Telegram's own webhook default is 40 updates at once. */
const CONNECTIONS = 64

/** A driver on grammY. `apiRoot` is the Bot API server without a trailing slash; shorter timeouts are for tests. */
export async function createGrammyDriver({
  token,
  apiRoot,
  timeouts = TIMEOUTS_MS,
}: {
  token: string
  apiRoot: string
  timeouts?: typeof TIMEOUTS_MS
}): Promise<TelegramDriver> {
  const { origin } = new URL(apiRoot)
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 })
  const bot = new Bot(token, { client: { apiRoot, fetch: uploadFetch(pool, origin, timeouts) } })
  const path = `${apiRoot.slice(origin.length)}/bot${token}/`
  bot.api.config.use((previous, method, payload, signal) =>
    // A file has to be streamed, which grammY does.
    Object.values(payload ?? {}).some((one) => one instanceof InputFile)
      ? previous(method, payload, signal)
      : jsonCall(pool, path + method, payload, {
          timeoutMs: timeouts[method === 'getUpdates' ? 'getUpdates' : 'call'],
          unread: UNREAD.has(method),
          onWay: (payload as Told | undefined)?.[ON_WAY],
        }),
  )
  bot.use((context) => handover.middleware(context.update))
  const handle = bot.middleware()
  const raw = bot.api.raw as unknown as Record<string, (payload?: object) => Promise<unknown>>
  const call: TelegramDriver['call'] = async (method, payload, file, onWay) => {
    const body: Told = file ? { ...payload, [file.field]: new InputFile(file.bytes, file.name) } : payload
    if (onWay) body[ON_WAY] = onWay
    try {
      // Methods without parameters, such as getMe, would take an empty payload for an abort signal.
      return await (Object.keys(body).length === 0 ? raw[method]!() : raw[method]!(body))
    } catch (error) {
      throw faultOf(error)
    }
  }
  try {
    // Not `bot.init()`: that tries for ever by itself, silently and with pauses of up to 20 minutes.
    bot.botInfo = (await call('getMe', {})) as typeof bot.botInfo
  } catch (error) {
    await pool.destroy()
    throw error
  }
  return {
    username: bot.botInfo.username,
    call,
    // What `bot.handleUpdate` does, but for a second client of the Bot API at every update, which nobody would use.
    feed: (update, take) =>
      handover.feed(update, take, async () => {
        await handle(new Context(update as ConstructorParameters<typeof Context>[0], bot.api, bot.botInfo), pass)
      }),
    close: () => pool.destroy(),
  }
}

/**
 * A call without files, straight to undici's pool with kept connections. grammY's own way (a filter over every value of the
 * payload, abort signals, a stream for the answer, node-fetch) costs twice the CPU, and a call costs more than all else of a tap.
 */
function jsonCall<T>(
  pool: Pool,
  path: string,
  payload: object | undefined,
  { timeoutMs, unread, onWay }: { timeoutMs: number; unread: boolean; onWay: (() => void) | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    // undici's older names: under the newer ones every header of the answer is made ready for nobody to read.
    const handler: Dispatcher.DispatchHandler & { onRequestSent(): void } = {
      onConnect() {},
      onRequestSent: () => onWay?.(),
      onHeaders: () => true,
      onData: (chunk) => chunks.push(chunk) > 0,
      onComplete() {
        try {
          const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
          resolve((unread ? taken(body) : undefined) ?? (JSON.parse(body.toString()) as T))
        } catch (error) {
          reject(error)
        }
      },
      onError: reject,
    }
    pool.dispatch(
      {
        path,
        method: 'POST',
        headers: JSON_HEADERS,
        // Methods without parameters come without a payload.
        body: JSON.stringify(payload ?? {}),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      handler,
    )
  })
}

const pass = async () => {}

/** What is to be called when a call is on its way: grammY passes payloads on as they are, and JSON leaves symbols out. */
const ON_WAY = Symbol('on its way')
type Told = { [ON_WAY]?: () => void }

const JSON_HEADERS = { 'content-type': 'application/json' }

/** Calls of which only the success counts, and when. Telegram echoes the whole message, which takes longer to read than all of a tap's rules. */
const UNREAD: ReadonlySet<string> = new Set([
  'editMessageText',
  'editMessageReplyMarkup',
  'editMessageCaption',
  'deleteMessage',
  'answerCallbackQuery',
])
const OK = Buffer.from('{"ok":true')
/** Inside a string its quotes would be escaped, so that it can only be the field. */
const EDIT_DATE = Buffer.from('"edit_date":')

/** Of a success only when it was edited, where it says so; undefined where it is none. */
function taken<T>(body: Buffer): T | undefined {
  if (!body.subarray(0, OK.length).equals(OK)) return undefined
  const at = body.indexOf(EDIT_DATE)
  const seconds = at < 0 ? 0 : Number.parseInt(body.toString('latin1', at + EDIT_DATE.length, at + DIGITS), 10)
  return { ok: true, result: seconds > 0 ? { edit_date: seconds } : true } as T
}
const DIGITS = EDIT_DATE.length + 12

/** For uploads, over the same connections. Only what grammY uses of a response is there: `json()`. */
function uploadFetch(pool: Pool, origin: string, timeouts: typeof TIMEOUTS_MS) {
  // grammY's signal is left out: it is a polyfill that knows only grammY's own timeout, and undici keeps better ones.
  const pooled = async (url: string | URL, init: { headers?: object; body?: unknown }) => {
    const response = await pool.request({
      path: String(url).slice(origin.length),
      method: 'POST',
      headers: init.headers as Record<string, string>,
      body: init.body as string,
      headersTimeout: timeouts.upload,
      bodyTimeout: timeouts.upload,
    })
    return { json: () => response.body.json() }
  }
  return pooled as unknown as typeof fetch
}

/** grammY's errors in our terms; its messages are not passed on, since some hold the address with the token. */
function faultOf(error: unknown): TelegramFault {
  if (error instanceof GrammyError)
    return new TelegramFault(error.error_code, error.description, error.parameters.retry_after)
  return new TelegramFault(0, 'no answer from the Bot API')
}
