/** The entry: configuration → program → start; on SIGTERM or SIGINT it finishes what is in hand, then stops. */
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { pino } from 'pino'
import { compose } from './compose.js'
import { ConfigFault, readConfig, SHORTEST_STRONG_SECRET } from './config.js'
import { ContentFault } from './content/load.js'
import { loadLocales } from './content/locales.js'
import { DataDirLocked } from './store/data-dir-lock.js'

/** Longer than a webhook in hand takes; after that the operating system would kill us anyway. */
const STOP_WITHIN_MS = 25_000

/**
 * How far the heap may grow beyond what is alive before it is swept, in percent. By itself V8 lets it grow fourfold under load and gives
 * it back late: 360 to 400 MB for 50 MB that are alive. Read at every sweep, so that it may be set now.
 */
setFlagsFromString('--heap-growing-percent=100')
/**
 * Young objects are swept by this thread alone. Node lets V8 do that on up to five, however few cores there are, and helpers that find
 * no core help nobody (decision 15: what was measured).
 */
setFlagsFromString('--no-parallel-scavenge')

const root = fileURLToPath(new URL('..', import.meta.url))

try {
  const config = readConfig(process.env)
  // Logs go to standard error, so that standard output is what a person reads.
  const destination = pino.destination({ dest: 2, sync: false })
  const log = pino({ level: config.logLevel, base: null }, destination)
  const note = config.database.kind === 'embedded' ? join(config.database.directory, 'server.json') : null
  const adminKey = note ? randomBytes(32).toString('base64url') : null
  const program = await compose(config, { root, log, adminKey })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      const giveUp = (fault: string) => {
        log.error({ fault }, 'could not stop in order')
        destination.flushSync()
        process.exit(1)
      }
      setTimeout(giveUp, STOP_WITHIN_MS, 'what is in hand takes too long').unref()
      if (note) rmSync(note, { force: true })
      program.stop().then(
        () => process.exit(0),
        (error: unknown) => giveUp(error instanceof Error ? error.message : 'unknown'),
      )
    })
  if (config.telegram.kind === 'webhook' && config.telegram.secret.length < SHORTEST_STRONG_SECRET)
    log.warn('WEBHOOK_SECRET is shorter than 16 characters and could be guessed')
  const { url } = await program.start()
  if (note) {
    // Tells the terminal chat and the administrator's commands where to find this server; two processes cannot share the
    // embedded database. An old note would keep its mode, and the key is for this user alone.
    rmSync(note, { force: true })
    writeFileSync(note, JSON.stringify({ url, key: adminKey }), { mode: 0o600 })
  }
  const say = loadLocales(root, config.defaultLanguage).in(config.defaultLanguage)
  const address = config.http.publicUrl ?? url
  const lines = [
    say('start.ready'),
    config.demo ? say('start.demo', { url: `${address}/demo` }) : say('start.web', { url: address }),
    config.telegram.kind === 'off'
      ? say('start.no_telegram')
      : say('start.telegram', { driver: config.telegram.driver }),
    say('start.chat'),
    say('start.data', { place: config.database.kind === 'embedded' ? config.database.directory : 'PostgreSQL' }),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
} catch (error) {
  const known = error instanceof ConfigFault || error instanceof ContentFault || error instanceof DataDirLocked
  process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
