/** Nine in the morning is nine in the morning where the notice is for, whatever zone the machine lives in. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { deliver } from '../../src/app/deliver.js'
import type { Push } from '../../src/app/push.js'
import { zonedParts } from '../../src/core/zoned-time.js'
import { createBotApi } from '../support/bot-api/index.js'
import { type TestDesk, type Visitor, withDesk } from '../support/desk.js'
import { freshStores, ROOT, TOKEN, telegramEnv } from '../support/program.js'
import { ADMIN, EVERYBODY, having, press, say, seedPeople } from './notice-people.js'

const MINUTE_MS = 60_000
const TEXT = '早上好，今天九点开会。'
const machineZone = process.env.TZ

afterEach(() => {
  if (machineZone === undefined) delete process.env.TZ
  else process.env.TZ = machineZone
})

describe('a notice for nine in the morning', () => {
  it.each([
    { place: 'Asia/Shanghai', machine: 'UTC', typed: '2026-11-25 09:00', due: '2026-11-25T01:00:00.000Z' },
    { place: 'Asia/Shanghai', machine: 'America/New_York', typed: '2026-11-25 9点', due: '2026-11-25T01:00:00.000Z' },
    // The nights in which the clocks in Berlin change.
    { place: 'Europe/Berlin', machine: 'UTC', typed: '2026-10-24 09:00', due: '2026-10-24T07:00:00.000Z' },
    { place: 'Europe/Berlin', machine: 'America/New_York', typed: '2026-10-25 09:00', due: '2026-10-25T08:00:00.000Z' },
    { place: 'Europe/Berlin', machine: 'UTC', typed: '2027-03-27 09:00', due: '2027-03-27T08:00:00.000Z' },
    { place: 'Europe/Berlin', machine: 'Asia/Shanghai', typed: '2027-03-28 09:00', due: '2027-03-28T07:00:00.000Z' },
  ])('in $place is due at $due on a machine in $machine', async ({ place, machine, typed, due }) => {
    process.env.TZ = machine
    await withDesk(async (office) => {
      const at = Date.parse(due)
      office.clock.now = at - 20 * 60 * MINUTE_MS
      const community = await office.community('渝康社区', { timeZone: place })
      const head = await office.member('head', community, { name: '李书记' })
      const worker = await office.member('worker', community, { name: '王芳' })
      await schedule(head, typed)
      expect(await sentTo(office, worker, at - MINUTE_MS)).toBe(0)
      expect(await sentTo(office, worker, at - 1)).toBe(0)
      expect(await sentTo(office, worker, at)).toBe(1)
      expect(await sentTo(office, worker, at + MINUTE_MS)).toBe(0)
    })
  })
})

/** A head writes a notice for a time and confirms it. */
async function schedule(head: Visitor, typed: string): Promise<void> {
  await head.go('notice', '写通知', '空白')
  await head.type(TEXT)
  await head.press('改时间')
  await head.type(typed)
  await head.press('预览')
  await head.press('确认定时发送')
}

/** How many messages go to somebody at an instant. */
async function sentTo({ desk, clock }: TestDesk, { address }: Visitor, at: number): Promise<number> {
  clock.now = at
  let count = 0
  const push: Push = async (to) => {
    if (to === address) count += 1
    return { kind: 'sent', message: String(count) }
  }
  while ((await deliver(desk, 'telegram:', push, 'here')) > 0);
  return count
}

describe('the program on a machine in New York', () => {
  it('sends a notice for a minute in Shanghai within the first seconds of it', { timeout: 150_000 }, async () => {
    const api = await createBotApi({ token: TOKEN })
    const stores = await freshStores('embedded')
    await seedPeople('embedded', stores.env)
    const env = { ...stores.env, ...(await telegramEnv(api.url, 'webhook')), TZ: 'America/New_York' }
    for (const one of EVERYBODY) api.person(one, { started: true })
    const child = await startProcess(env)
    onTestFinished(async () => {
      const exit = once(child, 'exit')
      if (child.kill('SIGTERM')) await exit
      await api.stop()
      await stores.remove()
    })
    const admin = api.person(ADMIN)
    await say(api, admin, '/notice')
    await press(api, admin, '写通知', '空白')
    await say(api, admin, TEXT)
    await press(api, admin, '改时间')
    // The next full minute, unless that is over before the button is pressed.
    const due = Math.ceil((Date.now() + 8000) / MINUTE_MS) * MINUTE_MS
    const { hour, minute, day } = zonedParts(due, 'Asia/Shanghai')
    const today = zonedParts(Date.now(), 'Asia/Shanghai').day === day
    const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
    await say(api, admin, `${today ? '今天' : '明天'} ${clock}`)
    await press(api, admin, '预览', '确认定时发送')
    expect(Date.now()).toBeLessThan(due)
    const asked = api.callsOf('sendMessage').length
    const sends = () =>
      api
        .callsOf('sendMessage')
        .slice(asked)
        .filter(({ payload }) => payload.text === TEXT)
    await api.until(() => sends().length === EVERYBODY.length, 'everybody to have it', { timeoutMs: 80_000 })
    expect(Math.min(...sends().map(({ at }) => at))).toBeGreaterThanOrEqual(due)
    expect(Math.max(...sends().map(({ at }) => at)) - due).toBeLessThan(5000)
    for (const id of EVERYBODY) expect(having(api.person(id), TEXT).length, `${id}`).toBeGreaterThan(0)
  })
})

async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data') // the ready lines
  return child
}
