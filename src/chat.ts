/**
 * The terminal chat: a client of the web chat, so that it can talk to a server that is running already; where none is, it
 * starts the program by itself, on a port of its own.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { consoleBefore, consoleText, pressedButton } from './channels/console.js'
import type { WebCard, WebReply } from './channels/web.js'
import { compose, type Program } from './compose.js'
import { readConfig } from './config.js'
import { loadLocales } from './content/locales.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const config = readConfig(process.env)
const say = loadLocales(root, config.defaultLanguage).in(config.defaultLanguage)
const folder = config.database.kind === 'embedded' ? config.database.directory : 'data'
const cookieFile = join(folder, 'chat-cookie')
const colours = process.stdout.isTTY === true

const { url, program } = await findServer()
let cookie = existsSync(cookieFile) ? readFileSync(cookieFile, 'utf8').trim() : ''
let card: (WebCard & { readonly id: string }) | undefined
let counter = 0

process.stdout.write(`${say('chat.hint')}\n\n`)
await speak({ kind: 'look' })
const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' })
lines.prompt()
for await (const line of lines) {
  const typed = line.trim()
  if (typed === '/quit') break
  if (typed !== '') {
    const data = card && pressedButton(card, typed)
    await speak(data === undefined ? { kind: 'text', text: typed } : { kind: 'press', data })
  }
  lines.prompt()
}
lines.close()
await program?.stop()

/** The server that is running on the same data, or one of our own. */
async function findServer(): Promise<{ url: string; program?: Program }> {
  const file = join(folder, 'server.json')
  const running = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url : undefined
  const alive =
    running !== undefined &&
    (await fetch(`${running}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  if (alive) return { url: running }
  const own = {
    ...config,
    telegram: { kind: 'off' },
    demo: true,
    http: { host: '127.0.0.1', port: 0, publicUrl: null },
  } as const
  const started = await compose(own, { root, log: pino({ level: 'silent' }) })
  return { url: (await started.start()).url, program: started }
}

/** Sends one input and shows the answer; lost connections are tried again with the same id, so nothing counts twice. */
async function speak(input: object): Promise<void> {
  const id = String(Date.now() * 1000 + (counter++ % 1000))
  let entered = false
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    const response = await post({ ...input, id, card: card?.id ?? null }).catch(() => undefined)
    if (response?.status === 200) return show((await response.json()) as WebReply)
    if (response?.status === 401 && !entered && (await comeIn())) {
      entered = true
      continue
    }
    if (response && response.status < 500) {
      process.stdout.write(`${say('chat.refused')}\n`)
      return
    }
    process.stdout.write(`${say('chat.retrying')}\n`)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function post(body: object): Promise<Response> {
  return fetch(`${url}/chat/input`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, origin: url },
    body: JSON.stringify(body),
  })
}

/** Comes in by the demo, or where there is none by the practice door; false where neither gives another cookie. */
async function comeIn(): Promise<boolean> {
  for (const door of ['/demo', '/practice']) {
    const response = await fetch(`${url}${door}`, { redirect: 'manual', headers: { cookie } })
    const [given] = response.headers.getSetCookie()
    if (!given) continue
    cookie = given.split(';')[0]!
    mkdirSync(folder, { recursive: true })
    writeFileSync(cookieFile, cookie)
    chmodSync(cookieFile, 0o600)
    return true
  }
  return false
}

function show({ before, picture, card: next, file }: WebReply): void {
  const said = consoleBefore({ ...(before ? { before } : {}), ...(picture ? { picture } : {}) }, colours)
  for (const one of said) process.stdout.write(`${one}\n\n`)
  if (picture) keep('picture', picture)
  if (file) keep('export', file)
  card = next
  process.stdout.write(`\n${consoleText(next, colours)}\n`)
}

/** Saves what the terminal cannot show, and says where. Only the kind of file is taken from its name. */
function keep(what: 'picture' | 'export', { name, base64 }: { readonly name: string; readonly base64: string }): void {
  const path = join(folder, `${what}-${Date.now()}${extname(name)}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, Buffer.from(base64, 'base64'), { mode: 0o600 })
  process.stdout.write(`${say('chat.file', { path })}\n`)
}
