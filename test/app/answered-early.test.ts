/**
 * A press that was answered, since its answer was kept and its card on the way, and whose process died before the session was saved: on
 * real Redis, which notes what is in hand. Dying is a dispatch that never comes back from speaking; its lease runs out.
 */
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import type { Sessions } from '../../src/app/ports.js'
import { plain } from '../../src/app/rich.js'
import type { Inbound, Speech } from '../../src/app/speech.js'
import { decodeSession } from '../../src/core/session-text.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { openDesk } from '../support/desk.js'
import { inbound } from '../support/inbound.js'

const redisUrl = inject('redisUrl')
const ADDRESS = 'telegram:5'

describe.skipIf(redisUrl === '')('a press that was answered and not saved (needs redis-server)', () => {
  let redis: ReturnType<typeof connectRedis>
  let sessions: Sessions
  beforeAll(() => {
    redis = connectRedis(redisUrl)
    sessions = createRedisSessions(redis)
  })
  afterAll(() => redis?.disconnect())

  async function open() {
    await sessions.forget(ADDRESS)
    const opened = await openDesk({ sheetIdFor: (_, input) => `sheet${input.padStart(6, '0')}`, sessions })
    onTestFinished(opened.close)
    const { desk } = opened
    const said: Speech[] = []
    const show = async (speech: Speech) => {
      said.push(speech)
      return { card: '1', shown: true }
    }
    const dispatch = createDispatch(desk)
    const take = async (order: number, content: Inbound['content']) => {
      await dispatch.handle(inbound(order, content), show)
      return plain(said.at(-1)!.card.text)
    }
    const tap = (order: number, question: string, value: string, revision = 0) =>
      take(order, { kind: 'press', data: `a:sheet000001:${question}:${revision}:${value}`, card: '1' })
    /** Speaks, and is never heard of again. */
    const tapAndDie = async (order: number, question: string, value: string, revision = 0) => {
      const data = `a:sheet000001:${question}:${revision}:${value}`
      const died = new Promise<Speech>((resolve) => {
        void createDispatch(desk).handle(inbound(order, { kind: 'press', data, card: '1' }), (speech) => {
          resolve(speech)
          return new Promise(() => {})
        })
      })
      const speech = await died
      await redis.pexpire(`h:{${ADDRESS}}:lease`, 0)
      return speech
    }
    const session = async () => decodeSession((await redis.get(`h:{${ADDRESS}}:session`))!)!
    await take(1, { kind: 'command', name: 'start', argument: '' })
    return { ...opened, said, take, tap, tapAndDie, session, answers: () => desk.ledger.history('sheet000001') }
  }

  it('may be answered at once: it need not be brought again', async () => {
    const { tapAndDie } = await open()
    expect((await tapAndDie(2, 'P1-01', 'yes')).done).toBe(true)
  })

  it('is known to the next press, which leads on from there', async () => {
    const { tap, tapAndDie, session, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(3, 'P1-02', 'full')).toContain('第 3/92 题')
    const { sheet } = await session()
    expect(sheet!.marks.slice(0, 3).map(({ revision }) => revision)).toEqual([1, 1, 0])
    expect(await answers()).toHaveLength(2)
  })

  it('is known to its own double, which changes nothing', async () => {
    const { tap, tapAndDie, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(3, 'P1-01', 'yes')).toContain('第 2/92 题')
    expect(await answers()).toHaveLength(1)
  })

  it('leaves words in doubt: they are asked about on the question that came after it', async () => {
    const { take, tapAndDie, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    const asked = await take(3, { kind: 'text', text: '完全符合' })
    expect(asked).toContain('第 2/92 题')
    expect(asked).toContain('收到「完全符合」')
    expect(await answers()).toHaveLength(1)
  })

  it('was a correction: the question that was left for it is asked again, and what was corrected stays', async () => {
    const { tap, take, tapAndDie, answers } = await open()
    await tap(2, 'P1-01', 'yes')
    await tap(3, 'P1-02', 'full')
    await tapAndDie(4, 'P1-01', 'no', 1)
    expect(await take(5, { kind: 'text', text: '完全符合' })).toContain('第 3/92 题')
    expect((await answers()).map(({ question, value }) => [question, value])).toEqual([
      ['P1-01', 'yes'],
      ['P1-02', 'full'],
      ['P1-01', 'no'],
    ])
  })

  it('comes to the same where it is brought again after all, before and after another', async () => {
    const { tap, tapAndDie, session, answers } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    expect(await tap(2, 'P1-01', 'yes')).toContain('第 2/92 题')
    await tapAndDie(3, 'P1-02', 'full')
    expect(await tap(4, 'P1-03', 'full')).toContain('第 4/92 题')
    expect(await tap(3, 'P1-02', 'full')).toContain('第 4/92 题')
    expect((await session()).sheet!.marks.slice(0, 4).map(({ revision }) => revision)).toEqual([1, 1, 1, 0])
    expect(await answers()).toHaveLength(3)
  })

  it('is known also where the one after it died as well', async () => {
    const { tap, tapAndDie, session } = await open()
    await tapAndDie(2, 'P1-01', 'yes')
    await tapAndDie(3, 'P1-02', 'full')
    expect(await tap(4, 'P1-03', 'full')).toContain('第 4/92 题')
    expect((await session()).sheet!.marks.slice(0, 4).map(({ revision }) => revision)).toEqual([1, 1, 1, 0])
  })
})
