/** kill -9 of the real process at random moments of a whole sheet: nothing lost, doubled or misplaced, and nobody is stuck. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, inject, it } from 'vitest'
import { embeddedRows, ledgerRows } from '../support/bot.js'
import { type BotApi, createBotApi, type SeenMessage } from '../support/bot-api/index.js'
import { freshStores, type Home, ROOT, TOKEN, telegramEnv } from '../support/program.js'
import { cardOf, isQuestion, optionsOf, pressLabel } from '../support/walker.js'

/** Kills in one sheet; each costs a restart of about a second. */
const KILLS = 6
const SEED = 20_261_122

async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env: { PATH: process.env.PATH, LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout!, 'data') // the ready lines
  return child
}

/** The program as a process of its own, and somebody who has their first question before them. */
async function open(home: Home, id: number) {
  const api: BotApi = await createBotApi({ token: TOKEN, webhookRetry: { firstMs: 50, maxMs: 250, tries: 400 } })
  const stores = await freshStores(home)
  const env: Record<string, string> = { ...stores.env, ...(await telegramEnv(api.url, 'webhook')) }
  let child = await startProcess(env)
  const person = api.person(id)
  person.send('/start')
  await api.settled({ timeoutMs: 20_000 })
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const exit = once(child, 'exit')
    child.kill(signal)
    return (await exit)[0] as number | null
  }
  return {
    api,
    env,
    person,
    kill: () => end('SIGKILL'),
    async start() {
      child = await startProcess(env)
    },
    async stop() {
      expect(await end('SIGTERM')).toBe(0)
    },
    async remove() {
      await api.stop()
      await stores.remove()
    },
    /** Resolves when a press was answered with 200. */
    async answered(updateId: number) {
      const taken = () => api.webhook.deliveries.some((one) => one.updateId === updateId && one.answer === 200)
      await api.until(taken, 'the press to be answered', { timeoutMs: 20_000 })
    },
    questionCards: () => person.messages().filter(({ text }) => /第 \d+\/92 题/.test(text)).length,
  }
}

/** The question of a card; undefined where it asks none. */
const askedOn = (card: SeenMessage) => optionsOf(card)[0]?.callback_data?.split(':')[2]

/** A small generator of its own, so that a seed always gives the same moments and answers. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describe.each(['embedded', 'servers'] as const)('kill -9, %s', (home: Home) => {
  it.skipIf(home === 'servers' && inject('redisUrl') === '')(
    'leaves the ledger with just what the person meant',
    { timeout: 150_000 },
    async () => {
      const next = random(SEED)
      const { api, env, person, kill, start, stop, remove } = await open(home, 77)
      const meant = new Map<string, string>()
      let kills = 0
      for (let taps = 0; isQuestion(cardOf(person)); taps += 1) {
        if (taps > 300) throw new Error('Expected the questions to end')
        const card = cardOf(person)
        const options = optionsOf(card)
        const option = options[Math.floor(next() * options.length)]!.callback_data!
        const [, , question, , value] = option.split(':')
        person.press(card.message_id, option)
        if (kills < KILLS && next() < 0.1) {
          kills += 1
          await new Promise((resolve) => setTimeout(resolve, next() * 25))
          await kill()
          await start()
        }
        // A press may be answered a moment before its card is drawn; after a crash as well nobody has to tap again.
        const moved = () => askedOn(cardOf(person)) !== question
        await api.until(moved, 'the next card', { timeoutMs: 20_000 })
        await api.settled({ timeoutMs: 20_000 })
        expect(meant.has(question!)).toBe(false)
        meant.set(question!, value!)
      }
      await pressLabel(api, person, '提交')
      await pressLabel(api, person, '确认提交')
      expect(cardOf(person).text).toContain('已提交')
      await stop()
      const rows = home === 'servers' ? await ledgerRows(env) : await embeddedRows(env)
      expect(kills).toBe(KILLS)
      expect(new Map(rows.map(({ question_id, value }) => [question_id, value]))).toEqual(meant)
      expect(rows.filter(({ revision }) => revision !== 1)).toEqual([])
      await remove()
    },
  )
})

describe.skipIf(inject('redisUrl') === '')(
  'kill -9 in the moment in which a press is answered (needs redis-server)',
  () => {
    it('leaves the card of the next question, and the next press goes on from there', { timeout: 90_000 }, async () => {
      const { api, env, person, kill, start, stop, remove, answered, questionCards } = await open('servers', 78)
      const asked: string[] = []
      for (let kills = 0; kills < 5; kills += 1) {
        const before = cardOf(person)
        const option = optionsOf(before)[0]!.callback_data!
        asked.push(askedOn(before)!)
        const { updateId } = person.press(before.message_id, option)
        await answered(updateId)
        await kill()
        // Nobody has to tap again, and nothing is brought again.
        await api.until(() => askedOn(cardOf(person)) !== asked.at(-1), 'the next card')
        // On the same message, but for whom a dead process had in hand: they get a new one.
        if (kills === 0) expect(cardOf(person).message_id).toBe(before.message_id)
        expect(questionCards()).toBe(1)
        await start()
      }
      await api.settled({ timeoutMs: 20_000 })
      expect((await ledgerRows(env)).map(({ question_id, revision }) => [question_id, revision])).toEqual(
        asked.map((question) => [question, 1]),
      )
      expect(new Set(asked).size).toBe(5)
      await stop()
      await remove()
    })
  },
)

describe.skipIf(inject('redisUrl') === '')('kill -9 while Telegram has a card wait (needs redis-server)', () => {
  it('leaves nobody with an old card: the next process draws it by itself', { timeout: 60_000 }, async () => {
    const { api, env, person, kill, start, stop, remove, answered, questionCards } = await open('servers', 80)
    const before = cardOf(person)
    api.failNext({ method: 'editMessageText', status: 429, retryAfter: 3 })
    const { updateId } = person.press(before.message_id, optionsOf(before)[0]!.callback_data!)
    await answered(updateId)
    await kill()
    await start()
    expect(askedOn(cardOf(person))).toBe(askedOn(before))
    await api.until(() => askedOn(cardOf(person)) !== askedOn(before), 'the next card', { timeoutMs: 20_000 })
    expect(cardOf(person).message_id).toBe(before.message_id)
    expect(questionCards()).toBe(1)
    const next = cardOf(person)
    person.press(next.message_id, optionsOf(next)[0]!.callback_data!)
    await api.settled({ timeoutMs: 20_000 })
    const rows = await ledgerRows(env)
    expect(rows.map(({ question_id, revision }) => [question_id, revision])).toEqual([
      [askedOn(before), 1],
      [askedOn(next), 1],
    ])
    await stop()
    await remove()
  })
})

describe.skipIf(inject('redisUrl') === '')('kill -9 with somebody in hand (needs redis-server)', () => {
  it('keeps nobody waiting where the next process runs at the same place, and what still comes of the dead one does no harm', {
    timeout: 60_000,
  }, async () => {
    const { api, env, person, kill, start, stop, remove, answered, questionCards } = await open('servers', 79)
    const before = cardOf(person)
    // So late that it comes after whatever the next process shows.
    api.failNext({ method: 'editMessageText', delayMs: 12_000 })
    const option = optionsOf(before)[0]!.callback_data!
    const { updateId } = person.press(before.message_id, option)
    await answered(updateId)
    await kill()
    const redis = new Redis(env.REDIS_URL!)
    // As if it had hardly been taken: it lives on far longer than anybody is waited for.
    expect(await redis.pexpire('h:{telegram:79}:lease', 600_000)).toBe(1)
    redis.disconnect()
    await start()
    person.press(before.message_id, option)
    await api.until(() => cardOf(person).message_id > before.message_id, 'a new card', { timeoutMs: 20_000 })
    const next = cardOf(person)
    expect(askedOn(next)).not.toBe(askedOn(before))
    // For which question words are is not known while the dead process's card may still come.
    person.send(optionsOf(next)[0]!.text)
    await api.settled({ timeoutMs: 20_000 })
    expect(api.callsOf('editMessageText')[0]).toMatchObject({ result: { kind: 'error', status: 400 } })
    expect(cardOf(person).message_id).toBeGreaterThan(before.message_id)
    expect(cardOf(person).text).toContain('是答这一题的吗')
    expect(questionCards()).toBe(1)
    const rows = await ledgerRows(env)
    expect(rows.map(({ question_id, revision }) => [question_id, revision])).toEqual([[askedOn(before), 1]])
    await stop()
    await remove()
  })
})
