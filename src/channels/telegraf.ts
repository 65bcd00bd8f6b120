/** Telegram through Telegraf: the second driver (TELEGRAM_DRIVER=telegraf), which shows that nothing else knows the first. */
import { Telegraf, TelegramError } from 'telegraf'
import { handover, type TelegramDriver, TelegramFault, TIMEOUTS_MS } from './telegram/driver.js'

/** A driver on Telegraf. `apiRoot` is the Bot API server without a trailing slash; shorter timeouts are for tests. */
export async function createTelegrafDriver({
  token,
  apiRoot,
  timeouts = TIMEOUTS_MS,
}: {
  token: string
  apiRoot: string
  timeouts?: typeof TIMEOUTS_MS
}): Promise<TelegramDriver> {
  const bot = new Telegraf(token, {
    telegram: { apiRoot, webhookReply: false },
    // The default ends a handler after 90 s while its work goes on; ours are bounded by the retry policy instead.
    handlerTimeout: Number.POSITIVE_INFINITY,
  })
  bot.use((context) => handover.middleware(context.update))
  const call: TelegramDriver['call'] = async (method, payload, file) => {
    const body = file ? { ...payload, [file.field]: { source: Buffer.from(file.bytes), filename: file.name } } : payload
    const kind = file ? 'upload' : method === 'getUpdates' ? 'getUpdates' : 'call'
    // Telegraf's types know only the signal of a polyfill; what it calls takes the real one.
    const signal = AbortSignal.timeout(timeouts[kind]) as unknown as Signal
    try {
      return await bot.telegram.callApi(method as 'getMe', body as object, { signal })
    } catch (error) {
      throw faultOf(error)
    }
  }
  bot.botInfo = (await call('getMe', {})) as NonNullable<typeof bot.botInfo>
  return {
    username: bot.botInfo.username,
    call,
    feed: (update, take) =>
      handover.feed(update, take, () => bot.handleUpdate(update as unknown as Parameters<typeof bot.handleUpdate>[0])),
    close: async () => {},
  }
}

type Signal = Required<NonNullable<Parameters<Telegraf['telegram']['callApi']>[2]>>['signal']

/** Telegraf's errors in our terms; other messages are not passed on, since some hold the address with the token. */
function faultOf(error: unknown): TelegramFault {
  if (error instanceof TelegramError)
    return new TelegramFault(error.code, error.description, error.parameters?.retry_after)
  return new TelegramFault(0, 'no answer from the Bot API')
}
