/** A notice from the admin's words to everybody's phone: once for each, as it was formatted, with receipts, a second wave and a way back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import type { Program } from '../../src/compose.js'
import { type BotApi, createBotApi, type Entity } from '../support/bot-api/index.js'
import { freshStores, type Home, ROOT, startProgram, TOKEN, telegramEnv } from '../support/program.js'
import { ADMIN, EVERYBODY, having, openStore, press, say, seedPeople, withButton } from './notice-people.js'
import { HEAD, WORKERS } from './ten-workers.js'

/** Busy has all posts, and so all questions. */
const [BUSY, LAST, GONE] = [WORKERS[1]!, WORKERS[8]!, WORKERS[9]!]
const QUICK_RETRY = { firstMs: 50, maxMs: 250, tries: 400 }
const SHORT = '停电通知：今晚十点。'
const LONG = { timeoutMs: 40_000 }
const TEXT = '停水通知 🚰\n明天上午九点到十一点停水，请提前储水。\n详情：社区公告'
/** What a phone makes of it: formatting that lies inside other formatting, behind an emoji of two units, over a line end. */
const ENTITIES: readonly Entity[] = [
  { type: 'bold', offset: 0, length: 7 },
  { type: 'blockquote', offset: 8, length: 19 },
  { type: 'italic', offset: 8, length: 4 },
  { type: 'underline', offset: 8, length: 2 },
  { type: 'strikethrough', offset: 12, length: 2 },
  { type: 'spoiler', offset: 15, length: 3 },
  { type: 'text_link', offset: 31, length: 4, url: 'https://example.org/notice?a=1&b=2' },
]

type Town = { readonly api: BotApi; readonly env: Record<string, string>; program: Program }

async function openTown(home: Home): Promise<Town> {
  const api = await createBotApi({ token: TOKEN, webhookRetry: QUICK_RETRY })
  const stores = await freshStores(home)
  await seedPeople(home, stores.env)
  const env = { ...stores.env, ...(await telegramEnv(api.url, 'webhook')) }
  // One has shut the bot out, and nobody knows it yet.
  for (const one of EVERYBODY) api.person(one, one === GONE ? { blocked: true } : { started: true })
  const town: Town = { api, env, program: await startProgram(env) }
  onTestFinished(async () => {
    await town.program.stop()
    await api.stop()
    await stores.remove()
  })
  await api.until(() => api.callsOf('setMyShortDescription').length >= 2, 'the menu to be set')
  return town
}

describe.each(['embedded', 'servers'] as const)('a notice with a photo, %s', (home: Home) => {
  it.skipIf(home === 'servers' && inject('redisUrl') === '')(
    'comes to everybody once and as it was written, is acknowledged in place, repeated and taken back',
    { timeout: 120_000 },
    async () => {
      const { api } = await openTown(home)
      const admin = api.person(ADMIN)
      const busy = api.person(BUSY)
      // A worker is in the middle of the fifth question.
      await say(api, busy, '/start')
      await press(api, busy, '继续答我的')
      for (let i = 0; i < 4; i += 1) await pressFirstOption(api, BUSY)
      const living = () => busy.messages().findLast(({ buttons }) => buttons.flat().some(isOption))!
      const fifth = living()

      await press(api, admin, ...(await toDraft(api)))
      admin.sendPhoto(undefined, TEXT, { entities: ENTITIES })
      await api.settled()
      await press(api, admin, '改对象', '社区', '○ 礼嘉街道 · 渝康社区', '返回', '返回', '预览')
      await press(api, admin, '确认发送')
      const there = EVERYBODY.filter((one) => one !== ADMIN && one !== GONE)
      const copies = (id: number) => having(api.person(id), '停水通知')
      await api.until(() => there.every((id) => copies(id).length > 0), 'everybody to have it', LONG)
      await api.settled({ quietMs: 500 })
      const [photo] = api.callsOf('sendPhoto').filter(({ chatId }) => chatId === HEAD)
      for (const id of there) {
        const [copy, ...others] = copies(id)
        expect(others, `${id}`).toEqual([])
        expect(copy, `${id}`).toMatchObject({ kind: 'photo', text: TEXT, entities: ENTITIES })
      }
      expect(photo!.payload.photo).toBe(api.callsOf('sendPhoto').at(-1)!.payload.photo)
      expect(copies(GONE)).toEqual([])

      // It stands beside the question, not in its place; reading it does not move the question either.
      expect(living()).toEqual(fifth)
      const [own] = copies(BUSY)
      await press(api, busy, '已阅')
      const read = copies(BUSY)[0]!
      expect(read).toMatchObject({ message_id: own!.message_id, kind: 'photo', text: TEXT, entities: ENTITIES })
      expect(read.buttons.flat()[0]!.text).toMatch(/^✓ 已阅 /)
      expect(living()).toEqual(fifth)
      await pressFirstOption(api, BUSY)
      expect(living().message_id).toBe(fifth.message_id)
      expect(living().text).toContain('第 6/')

      // The admin's card comes to know of it by itself, where it stands.
      const card = () =>
        admin.messages().findLast(({ text }) => /通知 \d+ · (?:发送中|已发完|撤回中|已撤回)/.test(text))!
      const { message_id } = card()
      await api.until(() => /已阅：.* 1 人/.test(card().text), 'the receipt to show', LONG)
      await api.until(() => card().text.includes('已发完'), 'the end to show', LONG)
      expect(card().message_id).toBe(message_id)
      expect(card().text).toContain('屏蔽了机器人：1 人')

      // Only who has not read it hears of it again.
      await press(api, admin, '提醒未读的')
      // Between 22:00 and 7:00 it is asked about first.
      const asks = admin.messages().some(({ buttons }) => buttons.flat().some(({ text }) => text === '现在就提醒'))
      if (asks) await press(api, admin, '现在就提醒')
      const unread = there.filter((id) => id !== BUSY)
      await api.until(() => unread.every((id) => copies(id).length === 2), 'the second wave', LONG)
      await api.settled({ quietMs: 500 })
      expect(copies(BUSY)).toHaveLength(1)
      expect(copies(LAST)[1]!.text).toMatch(/^提醒.*\n\n停水通知/)

      // Whoever comes back gets it after all.
      api.person(GONE).unblock()
      await say(api, api.person(GONE), '/start')
      await api.until(() => copies(GONE).length > 0, 'who came back to have it', LONG)
      await api.settled({ quietMs: 1500 })
      expect(copies(GONE)).toHaveLength(1)

      await press(api, admin, '撤回', '确认撤回')
      await api.until(() => [...there, GONE].every((id) => copies(id).length === 0), 'it to be gone', LONG)
      for (const id of [...there, GONE]) {
        const kept = api.person(id).messages()
        expect(
          kept.some(({ text }) => text.includes('停水通知')),
          `${id}`,
        ).toBe(false)
      }
      expect(living().text).toContain('第 6/')
      await api.until(() => card().text.includes('已撤回'), 'the withdrawal to show', LONG)
      expect(api.violations).toEqual([])
      expect(api.webhook.abandoned).toEqual([])
    },
  )
})

describe.each(['embedded', 'servers'] as const)('kill -9 in the middle of a notice, %s', (home: Home) => {
  it.skipIf(home === 'servers' && inject('redisUrl') === '')(
    'leaves nobody without it, and at most one with two',
    { timeout: 120_000 },
    async () => {
      const api = await createBotApi({ token: TOKEN, webhookRetry: QUICK_RETRY, latencyMs: 25 })
      const stores = await freshStores(home)
      await seedPeople(home, stores.env)
      const env = { ...stores.env, ...(await telegramEnv(api.url, 'webhook')) }
      for (const one of EVERYBODY) api.person(one, { started: true })
      let child = await startProcess(env)
      onTestFinished(async () => {
        const exit = once(child, 'exit')
        if (child.kill('SIGTERM')) await exit
        await api.stop()
        await stores.remove()
      })
      const admin = api.person(ADMIN)
      await press(api, admin, ...(await toDraft(api)))
      await say(api, admin, SHORT)
      await press(api, admin, '预览')
      const preview = withButton(admin, '已阅').message_id
      const copies = (id: number) =>
        having(api.person(id), SHORT).filter(({ message_id }) => id !== ADMIN || message_id > preview)
      await press(api, admin, '确认发送')
      // In the air: Telegram has it, and the program has not heard so.
      const sent = () => api.callsOf('sendMessage').filter(({ payload }) => payload.text === SHORT).length
      await api.until(() => sent() >= 1 + 4, 'it to be on its way', LONG)
      child.kill('SIGKILL')
      await once(child, 'exit')
      child = await startProcess(env)
      await api.until(() => EVERYBODY.every((id) => copies(id).length > 0), 'everybody to have it', LONG)
      await api.settled({ quietMs: 2000, timeoutMs: 20_000 })
      const twice = EVERYBODY.filter((id) => copies(id).length > 1)
      expect(twice.length).toBeLessThanOrEqual(1)
      expect(EVERYBODY.map((id) => copies(id).length).every((count) => count <= 2)).toBe(true)
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      expect((await exit)[0]).toBe(0)
      const { pool, close } = await openStore(home, env)
      const { rows } = await pool.query<{ status: string }>(
        'SELECT DISTINCT status::text AS status FROM delivery WHERE notice_id IS NOT NULL',
      )
      await close()
      expect(rows).toEqual([{ status: 'sent' }])
    },
  )
})

async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data') // the ready lines
  return child
}

/** Labels that lead to the text of a new notice. */
async function toDraft(api: BotApi): Promise<string[]> {
  await say(api, api.person(ADMIN), '/notice')
  return ['写通知', '空白']
}

const isOption = ({ callback_data }: { readonly callback_data?: string }): boolean =>
  callback_data?.startsWith('a:') ?? false

async function pressFirstOption(api: BotApi, id: number): Promise<void> {
  const person = api.person(id)
  const card = person.messages().findLast(({ buttons }) => buttons.flat().some(isOption))!
  person.press(card.message_id, isOption)
  await api.settled()
}
