/** What is said to whoever waits, and when: on a clock that the test sets. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LineTooLong, MOST_IN_HAND, TooMuchInHand } from '../../src/app/in-order.js'
import { StoreFault } from '../../src/app/ports.js'
import { createTally } from '../../src/app/tally.js'
import { createInHand } from '../../src/channels/telegram/in-hand.js'
import { createPatience, type Waiting } from '../../src/channels/telegram/patience.js'

const PATIENCE_MS = 2_300
const away = new StoreFault('away', true, undefined)
const press = (update: number, query = `q${update}`): Waiting => ({ update, chat: 7, query })
const typed = (update: number, chat = 7): Waiting => ({ update, chat, query: null })

function open(fate: (method: string) => Promise<unknown> = async () => ({ message_id: 900 })) {
  const calls: string[] = []
  const tally = createTally()
  const patience = createPatience({
    call: async (method, payload) => {
      const { text = '', message_id = '' } = payload as { text?: string; message_id?: number }
      calls.push([method, text, message_id].filter((one) => one !== '').join(' '))
      return fate(method)
    },
    say: (key) => key.replace('fault.', ''),
    count: tally.count,
    now: () => Date.now(),
  })
  return { calls, patience, tally }
}

/** Some work that is ended from outside. */
function gate() {
  let open = () => {}
  let fail = (_: unknown) => {}
  const work = new Promise<void>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { work: () => work, open, fail }
}
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('patience', () => {
  it('says nothing of what is done in time, or shown in time', async () => {
    const { calls, patience } = open()
    await patience.watch(press(1), async () => {})
    const slow = gate()
    const done = patience.watch(press(2), (spoken) => {
      spoken()
      return slow.work()
    })
    await pass(60_000)
    slow.open()
    await done
    expect(calls).toEqual([])
    expect(await patience.wasAnswered('q2')).toBe(false)
  })

  it('answers a press once, whether it was late, failed, or both, and however often it is brought', async () => {
    const { calls, patience, tally } = open()
    const slow = gate()
    let late = 0
    const done = patience.watch(press(1), slow.work, () => {
      late += 1
    })
    await pass(PATIENCE_MS - 1)
    expect(late).toBe(0)
    await pass(1)
    expect(late).toBe(1)
    expect(calls).toEqual(['answerCallbackQuery not_saved_press'])
    slow.fail(away)
    await expect(done).rejects.toBe(away)
    await expect(patience.watch(press(1), () => Promise.reject(away))).rejects.toBe(away)
    expect(calls).toHaveLength(1)
    expect(await patience.wasAnswered('q1')).toBe(true)
    expect(tally.news()).toEqual({ late: 1 })
    expect(tally.news()).toBeUndefined()
  })

  it('does not count a press as answered where the call failed, or hangs', async () => {
    const failing = open(() => Promise.reject(new Error('502'))).patience
    await failing.later(press(1))
    expect(await failing.wasAnswered('q1')).toBe(false)
    const hanging = open(() => new Promise(() => {})).patience
    void hanging.later(press(1))
    const answer = hanging.wasAnswered('q1')
    await pass(1_000)
    expect(await answer).toBe(false)
  })

  it('tells once of what is typed while the stores are away, and takes it back when all of it is saved', async () => {
    const { calls, patience } = open()
    for (const update of [1, 2, 1, 2])
      await expect(patience.watch(typed(update), () => Promise.reject(away))).rejects.toBe(away)
    await expect(patience.watch(typed(3, 8), () => Promise.reject(away))).rejects.toBe(away)
    expect(calls).toEqual(['sendMessage not_saved', 'sendMessage not_saved'])
    await patience.watch(typed(1), async () => {})
    expect(calls).toHaveLength(2)
    await patience.watch(typed(2), async () => {})
    await pass(0)
    expect(calls.at(-1)).toBe('deleteMessage 900')
    // The next outage is another one.
    await expect(patience.watch(typed(4), () => Promise.reject(away))).rejects.toBe(away)
    expect(calls.at(-1)).toBe('sendMessage not_saved')
  })

  it('takes it back where nothing more is heard of it, because another process has saved it', async () => {
    const { calls, patience } = open()
    const fails = () => expect(patience.watch(typed(1), () => Promise.reject(away))).rejects.toBe(away)
    await fails()
    await pass(100_000)
    await fails()
    await pass(100_000)
    expect(calls).toEqual(['sendMessage not_saved'])
    await pass(20_000)
    expect(calls.slice(1)).toEqual(['deleteMessage 900'])
    // The next outage is told of again.
    await fails()
    expect(calls.slice(2)).toEqual(['sendMessage not_saved'])
  })

  it('keeps nobody waiting for what is told', async () => {
    const { patience } = open(() => new Promise(() => {}))
    await expect(patience.watch(typed(1), () => Promise.reject(away))).rejects.toBe(away)
    await expect(patience.watch(press(2), () => Promise.reject(away))).rejects.toBe(away)
  })

  it('is short while the stores are known to be away, and long again once something was done in time', async () => {
    const { calls, patience } = open()
    await expect(patience.watch(null, () => Promise.reject(away))).rejects.toBe(away)
    const slow = gate()
    const first = patience.watch(press(1), slow.work)
    await pass(300)
    expect(calls).toHaveLength(1)
    slow.open()
    await first
    patience.watch(press(2), () => new Promise<void>(() => {}))
    await pass(PATIENCE_MS - 1)
    expect(calls).toHaveLength(1)
    await pass(1)
    expect(calls).toHaveLength(2)
  })

  it('is long again when it was not heard of for a while', async () => {
    const { calls, patience } = open()
    await expect(patience.watch(null, () => Promise.reject(away))).rejects.toBe(away)
    await pass(10_000)
    patience.watch(press(2), () => new Promise<void>(() => {}))
    await pass(PATIENCE_MS - 1)
    expect(calls).toEqual([])
  })

  it('tells a flood now and then that it is too much', async () => {
    const { calls, patience, tally } = open()
    const tooLong = new LineTooLong()
    for (let update = 1; update <= 100; update += 1)
      await expect(patience.watch(press(update), () => Promise.reject(tooLong))).rejects.toBe(tooLong)
    for (let update = 101; update <= 200; update += 1) await patience.turnAway(typed(update))
    expect(calls).toEqual(['answerCallbackQuery in_line'])
    await pass(10_000)
    await patience.turnAway(typed(201))
    await patience.turnAway(press(202))
    expect(calls.at(-1)).toBe('sendMessage not_taken')
    expect(calls).toHaveLength(2)
    expect(tally.news()).toEqual({ line_too_long: 202 })
  })

  it('tells also of too much from everybody, and nothing of a fault of the program', async () => {
    const { calls, patience } = open()
    await expect(patience.watch(typed(1), () => Promise.reject(new TooMuchInHand()))).rejects.toThrow()
    await patience.later(press(2))
    await expect(patience.watch(typed(3), () => Promise.reject(new Error('ours')))).rejects.toThrow()
    expect(calls).toEqual(['sendMessage not_saved', 'answerCallbackQuery not_saved_press'])
  })

  it('remembers only so many', async () => {
    const { calls, patience } = open()
    for (let chat = 1; chat <= 5_001; chat += 1) {
      await patience.later({ update: chat, chat, query: null })
      await patience.later({ update: 10_000 + chat, chat, query: `q${chat}` })
    }
    expect(await patience.wasAnswered('q1')).toBe(false)
    expect(await patience.wasAnswered('q2')).toBe(true)
    const before = calls.length
    await patience.later({ update: 1, chat: 1, query: null })
    await patience.later({ update: 3, chat: 3, query: null })
    expect(calls).toHaveLength(before + 1)
  })
})

describe('what is in hand', () => {
  it('is given back when it is late; brought again it is not begun again, and is known once it is done', async () => {
    const inHand = createInHand<string>()
    const slow = gate()
    let begun = 0
    let beLate = () => {}
    const begin = (late: () => void) => {
      begun += 1
      beLate = late
      return slow.work().then(() => 'reply')
    }
    const first = inHand(1, begin)
    const beside = inHand(1, begin)
    beLate()
    await expect(first).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    await expect(beside).rejects.toMatchObject({ retry: true })
    await expect(inHand(1, begin)).rejects.toMatchObject({ retry: true })
    slow.open()
    await pass(0)
    expect(await inHand(1, begin)).toBeUndefined()
    expect(begun).toBe(1)
    // Anything further is for the claims to know.
    expect(await inHand(1, begin)).toBe('reply')
    expect(begun).toBe(2)
  })

  it('is begun again where it was late and then failed', async () => {
    const inHand = createInHand<string>()
    const slow = gate()
    const first = inHand(1, async (late) => {
      late()
      await slow.work()
      return 'never'
    })
    await expect(first).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    slow.fail(away)
    await pass(0)
    expect(await inHand(1, async () => 'reply')).toBe('reply')
  })

  it('is begun again where it failed', async () => {
    const inHand = createInHand<string>()
    await expect(inHand(1, () => Promise.reject(away))).rejects.toBe(away)
    expect(await inHand(1, async () => 'reply')).toBe('reply')
  })

  it('is bounded', async () => {
    const inHand = createInHand<void>()
    const slow = gate()
    const works = Array.from({ length: MOST_IN_HAND }, (_, i) => inHand(i, slow.work))
    await expect(inHand(-1, slow.work)).rejects.toThrow(TooMuchInHand)
    slow.open()
    await Promise.all(works)
    await inHand(-1, slow.work)
  })
})
