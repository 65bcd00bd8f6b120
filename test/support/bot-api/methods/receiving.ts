// getUpdates, setWebhook, deleteWebhook, getWebhookInfo, and the answer to a press.
import { type Params, readArray, readFlag, readInteger, readText } from '../params.js'
import { badRequest, conflict } from '../refusal.js'
import type { Answer, Invocation, Method, World } from '../world.js'

const MAX_POLL_SECONDS = 50
const DEFAULT_CONNECTIONS = 40
const MAX_CONNECTIONS = 100
const MAX_SECRET_LENGTH = 256
/** https://core.telegram.org/bots/api#answercallbackquery */
const MAX_ANSWER_LENGTH = 200

const UPDATE_KINDS: ReadonlySet<string> = new Set([
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_connection',
  'business_message',
  'edited_business_message',
  'deleted_business_messages',
  'guest_message',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
  'stopped_message_generation',
])

export const getUpdates: Method = {
  name: 'getUpdates',
  parameters: ['offset', 'limit', 'timeout', 'allowed_updates'],
  async run(world, invocation) {
    const { params, onClose } = invocation
    if (world.webhook.target() !== undefined) {
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
    }
    const kinds = readKinds(invocation)
    const request = {
      offset: readInteger(params, 'offset'),
      limit: clamp(readInteger(params, 'limit') ?? 100, 1, 100),
      timeoutSeconds: clamp(readInteger(params, 'timeout') ?? 0, 0, MAX_POLL_SECONDS),
      onClose,
    }
    world.queue.allow(kinds)
    return { result: await world.polling.poll(request) }
  },
}

export const setWebhook: Method = {
  name: 'setWebhook',
  parameters: [
    'url',
    'certificate',
    'ip_address',
    'max_connections',
    'allowed_updates',
    'drop_pending_updates',
    'secret_token',
  ],
  run(world, invocation) {
    const { params } = invocation
    const url = readText(params, 'url')
    if (url === undefined) throw badRequest('parameter "url" is required')
    if (url === '') return removeWebhook(world, params)
    checkWebhookUrl(url)
    const secret = readSecret(params)
    const kinds = readKinds(invocation)
    const maxConnections = clamp(readInteger(params, 'max_connections') ?? DEFAULT_CONNECTIONS, 1, MAX_CONNECTIONS)
    const drop = readFlag(params, 'drop_pending_updates')

    const before = world.webhook.target()
    const same = before?.url === url && before.secret === secret && before.maxConnections === maxConnections && !drop
    world.queue.allow(kinds)
    if (same) return { result: true, description: 'Webhook is already set' }
    if (drop) dropPending(world)
    world.polling.terminate('terminated by setWebhook request')
    world.webhook.set({ url, secret, maxConnections })
    return { result: true, description: 'Webhook was set' }
  },
}

export const deleteWebhook: Method = {
  name: 'deleteWebhook',
  parameters: ['drop_pending_updates'],
  run: (world, { params }) => removeWebhook(world, params),
}

export const getWebhookInfo: Method = {
  name: 'getWebhookInfo',
  parameters: [],
  run(world) {
    const target = world.webhook.target()
    const error = world.webhook.lastError()
    const allowed = world.queue.allowed()
    return {
      result: {
        url: target?.url ?? '',
        has_custom_certificate: false,
        pending_update_count: world.queue.outstanding(),
        ...(target === undefined ? {} : { max_connections: target.maxConnections, ip_address: '127.0.0.1' }),
        ...(error === undefined
          ? {}
          : { last_error_date: Math.floor(error.at / 1000), last_error_message: error.message }),
        ...(allowed === undefined ? {} : { allowed_updates: allowed }),
      },
    }
  },
}

export const answerCallbackQuery: Method = {
  name: 'answerCallbackQuery',
  parameters: ['callback_query_id', 'text', 'show_alert', 'url', 'cache_time'],
  run(world, { params }) {
    const id = readText(params, 'callback_query_id') ?? ''
    const text = readText(params, 'text')
    if (text !== undefined && [...text].length > MAX_ANSWER_LENGTH) throw badRequest('MESSAGE_TOO_LONG')
    const url = readText(params, 'url')
    if (url !== undefined && !/^(https:\/\/t\.me\/|tg:\/\/)/.test(url)) throw badRequest('URL_INVALID')
    readInteger(params, 'cache_time')
    if (!world.queries.answer(id, { text, url, showAlert: readFlag(params, 'show_alert') })) {
      throw badRequest('query is too old and response timeout expired or query ID is invalid')
    }
    return { result: true }
  },
}

function removeWebhook(world: World, params: Params): Answer {
  const drop = readFlag(params, 'drop_pending_updates')
  const description = world.webhook.target() === undefined ? 'Webhook is already deleted' : 'Webhook was deleted'
  world.webhook.set(undefined)
  if (drop) dropPending(world)
  return { result: true, description }
}

function dropPending(world: World): void {
  for (const item of [...world.queue.items()]) world.queue.remove(item)
}

/** Telegram wants HTTPS; here plain HTTP to this machine will do. */
function checkWebhookUrl(url: string): void {
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified')
  const { protocol, hostname } = new URL(url)
  const isLoopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
  }
}

function readSecret(params: Params): string | undefined {
  const secret = readText(params, 'secret_token')
  if (secret === undefined || secret === '') return undefined
  if (secret.length > MAX_SECRET_LENGTH) throw badRequest('secret token is too long')
  if (!/^[A-Za-z0-9_-]+$/.test(secret)) throw badRequest('secret token contains unallowed characters')
  return secret
}

function readKinds({ params, report }: Invocation): readonly string[] | undefined {
  const kinds = readArray(params, 'allowed_updates', 'allowed updates')
  return kinds?.map((kind) => {
    if (typeof kind !== 'string') throw badRequest('allowed_updates must be an Array of String')
    if (!UPDATE_KINDS.has(kind.toLowerCase())) report('allowed_updates', `unknown kind of update: ${kind}`)
    return kind
  })
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
