/** The whole program behind a real socket, and a real Chromium in front of it. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { compose, type Program } from '../../src/compose.js'
import type { Config } from '../../src/config.js'
import { freePort } from '../support/launch-postgres.js'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why the suites with a browser are skipped; null where they run. In CI a missing browser is a failure instead. */
export const NO_BROWSER = existsSync(CHROMIUM) || process.env.CI ? null : `no Chromium at ${CHROMIUM}`

export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'zh-CN',
} as const satisfies BrowserContextOptions

export function launchBrowser(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  })
}

export type Site = {
  readonly url: string
  readonly program: () => Program
  stop(): Promise<void>
  /** The same database and port, as after a crash or an update; without effect where it runs. */
  start(): Promise<void>
}

/** Starts the program on a free port of 127.0.0.1. */
export async function openSite(database: Config['database'], changes: { demo?: boolean } = {}): Promise<Site> {
  const port = await freePort()
  const config: Config = {
    http: { host: '127.0.0.1', port, publicUrl: null },
    telegram: { kind: 'off' },
    database,
    sessions: { kind: 'table' },
    broadcastPerSecond: 30,
    demo: changes.demo ?? true,
    logLevel: 'silent',
    defaultLanguage: 'zh-CN',
    cookieSecret: 'a secret of the tests, long enough to sign',
  }
  let program: Program | undefined
  const site: Site = {
    url: `http://127.0.0.1:${port}`,
    program: () => program!,
    async start() {
      if (program) return
      program = await compose(config, { root: ROOT, log: pino({ level: 'silent' }) })
      await program.start()
    },
    async stop() {
      await program?.stop()
      program = undefined
    },
  }
  await site.start()
  return site
}

/** A page in the demo community, with the first card there. Errors of the page fail the test that reads `faults`. */
export async function enter(context: BrowserContext, url: string): Promise<{ page: Page; faults: string[] }> {
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A refused or cut connection is reported by Chromium itself; it is what some tests are about.
    if (message.type() === 'error' && !message.text().includes('net::')) faults.push(message.text())
  })
  await page.goto(`${url}/demo`)
  await settled(page)
  return { page, faults }
}

/** Resolves once the living card awaits an answer. */
export const settled = (page: Page) => page.locator('#card[aria-busy="false"]').waitFor()

/** Presses a button of the living card, and waits for the card that follows. */
export async function press(page: Page, selector: string): Promise<void> {
  await page.locator(`#card ${selector}`).first().click()
  await settled(page)
}

export const byLabel = (label: string) => `.choice:text-is("${label}")`
export const cardText = (page: Page) => page.locator('#card').innerText()
export const question = (page: Page) => page.locator('#card-title').innerText()
