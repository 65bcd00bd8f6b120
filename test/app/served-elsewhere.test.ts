/** Redis loses the lease while a process draws: what it draws is older than what another one has shown meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import { StoreFault } from '../../src/app/ports.js'
import { plain } from '../../src/app/rich.js'
import type { Speech } from '../../src/app/speech.js'
import { openDesk } from '../support/desk.js'
import { inbound } from '../support/inbound.js'

async function open() {
  const opened = await openDesk({ sheetIdFor: (_, input) => `sheet${input.padStart(6, '0')}` })
  onTestFinished(opened.close)
  const said: string[] = []
  const show = async (speech: Speech) => {
    said.push(plain(speech.card.text))
    return { card: '1', shown: true }
  }
  return { ...opened, said, show }
}
type Opened = Awaited<ReturnType<typeof open>>

describe('a person who is served elsewhere meanwhile', () => {
  it('draws a new card once the session is gone, and the process that still draws the old one takes the new one', async () => {
    const { desk } = await open()
    const moves: boolean[] = []
    const show = (card: string) => async (speech: Speech) => {
      moves.push(speech.move)
      return { card, shown: true }
    }
    const dispatch = createDispatch(desk)
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show('1'))
    const tap = (order: number, question: string, value: string) =>
      inbound(order, { kind: 'press', data: `a:sheet000001:${question}:0:${value}`, card: '1' })
    await dispatch.handle(tap(2, 'P1-01', 'yes'), show('1'))
    let takenAway = false
    const shown: (string | null)[] = []
    await createDispatch(desk).handle(tap(3, 'P1-02', 'full'), async (speech, card, stillOurs) => {
      await stillOurs()
      shown.push(card)
      if (!takenAway) {
        takenAway = true
        await desk.sessions.forget('telegram:5')
        await dispatch.handle(tap(4, 'P1-02', 'full'), show('9'))
        await stillOurs()
      }
      return show('9')(speech)
    })
    // Not drawn on the card that is gone, but once more on the one that the other process has shown.
    expect(shown).toEqual(['1', '9'])
    expect(moves).toEqual([true, false, true, false])
    expect(await desk.ledger.history('sheet000001')).toHaveLength(2)
  })

  it('shows the truth on what it drew below a newer card', async () => {
    const { desk } = await open()
    const dispatch = createDispatch(desk)
    const show = (card: string) => async () => ({ card, shown: true })
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show('1'))
    const shown: [string | null, string, string | undefined][] = []
    await createDispatch(desk).handle(inbound(2, { kind: 'text', text: '是' }), async (speech, card) => {
      shown.push([card, plain(speech.card.text), speech.gone])
      if (shown.length === 2) return { card, shown: true }
      await desk.sessions.forget('telegram:5')
      const data = 'a:sheet000001:P1-02:0:full'
      await dispatch.handle(inbound(3, { kind: 'press', data, card: '1' }), show('8'))
      return { card: '9', shown: true }
    })
    expect(shown.map(([card, , gone]) => [card, gone])).toEqual([
      ['1', undefined],
      ['9', '8'],
    ])
    expect(shown[0]![1]).toContain('第 2/92 题')
    expect(shown[1]![1]).toContain('第 3/92 题')
    expect(await desk.ledger.history('sheet000001')).toHaveLength(2)
  })

  it.each([
    ['only the lease', ({ clock }: Opened) => runOut(clock)],
    ['everything', ({ desk }: Opened) => desk.sessions.forget('telegram:5')],
  ])('says nothing twice where %s is lost and nobody came between', async (_, lose) => {
    const opened = await open()
    const { desk, said, show } = opened
    const dispatch = createDispatch(desk)
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    await dispatch.handle(inbound(2, { kind: 'text', text: '不知道' }), async (speech, _card, stillOurs) => {
      await lose(opened)
      await stillOurs()
      await lose(opened)
      return show(speech)
    })
    expect(said).toHaveLength(2)
    expect(said[1]).toContain('没有记录')
    // Nothing was forgotten either: no card asks to continue.
    await dispatch.handle(inbound(3, { kind: 'text', text: '是' }), show)
    expect(said[2]).toContain('第 2/92 题')
  })

  it('keeps what was said of words beside what another process has shown', async () => {
    const { desk, clock, said, show } = await open()
    const dispatch = createDispatch(desk)
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    await createDispatch(desk).handle(inbound(2, { kind: 'text', text: '不知道' }), async (speech) => {
      if (said.length < 2) {
        runOut(clock)
        await dispatch.handle(inbound(3, { kind: 'press', data: 'a:sheet000001:P1-01:0:yes', card: '1' }), show)
      }
      return show(speech)
    })
    expect(said.map((one) => /没有记录/.test(one))).toEqual([false, false, true, true])
    expect(said.map((one) => /第 (.)\/92/.exec(one)![1])).toEqual(['1', '2', '1', '2'])
  })

  it('has their words taken also where their lease runs out before they are kept', async () => {
    const { desk, clock, said, show } = await open()
    await createDispatch(desk).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    /** What happens before the first save. */
    const savedAfter = (meanwhile: () => Promise<void>) => {
      let saves = 0
      const save: typeof desk.sessions.save = async (...args) => {
        saves += 1
        if (saves === 1) await meanwhile()
        return desk.sessions.save(...args)
      }
      return createDispatch({ ...desk, sessions: { ...desk.sessions, save } })
    }
    await savedAfter(async () => runOut(clock)).handle(inbound(2, { kind: 'text', text: '是' }), show)
    expect(said[1]).toContain('第 2/92 题')
    // Where somebody else came first it is brought again, and nothing is said before.
    const served = savedAfter(async () => {
      runOut(clock)
      await createDispatch(desk).handle(inbound(4, { kind: 'command', name: 'start', argument: '' }), show)
    })
    const handled = served.handle(inbound(3, { kind: 'text', text: '不知道' }), show)
    await expect(handled).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    expect(said).toHaveLength(3)
    expect(await desk.ledger.history('sheet000001')).toHaveLength(1)
  })

  it.each([
    [19, 3],
    [21, 4],
  ])(
    'is asked what they type %i s after they were lost, since a process that died may have drawn just then',
    async (seconds, rows) => {
      const { desk, clock, said, show } = await open()
      const dispatch = createDispatch(desk)
      await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
      const tap = (order: number, data: string) => inbound(order, { kind: 'press', data, card: '1' })
      await dispatch.handle(tap(2, 'a:sheet000001:P1-01:0:yes'), show)
      await desk.sessions.forget('telegram:5')
      // The other process serves them from here on; what they see is what was drawn late.
      await dispatch.handle(tap(3, 'a:sheet000001:P1-02:0:full'), show)
      await dispatch.handle(tap(4, 'a:sheet000001:P1-03:0:full'), show)
      clock.now += seconds * 1000
      const sent = Math.floor(clock.now / 1000)
      await dispatch.handle({ ...inbound(5, { kind: 'text', text: '95%' }), position: 10, sent }, show)
      expect(await desk.ledger.history('sheet000001')).toHaveLength(rows)
      expect(said.at(-1)).toContain(rows === 4 ? '第 5/92 题' : '第 4/92 题')
      if (rows === 3) expect(said.at(-1)).toContain('是答这一题的吗')
    },
  )

  it('is asked for ever more rarely, and after 20 s their input is brought again', async () => {
    const { desk, clock, said, show } = await open()
    const pauses: number[] = []
    const wait = async (ms: number) => {
      pauses.push(ms)
      clock.now += ms
    }
    const sessions = { ...desk.sessions, begin: async () => ({ state: 'busy' }) as const }
    const handled = createDispatch({ ...desk, sessions, wait }).handle(inbound(1, { kind: 'text', text: '是' }), show)
    await expect(handled).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    expect(said).toEqual([])
    expect([pauses[0], pauses.at(-1)]).toEqual([20, 250])
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
    expect(pauses.length).toBeLessThan(90)
  })

  it('has the inputs behind that one brought again as well, without waiting as long for each', async () => {
    const { desk, clock, said, show } = await open()
    let paused = 0
    const wait = async (ms: number) => {
      paused += ms
      clock.now += ms
    }
    const sessions = { ...desk.sessions, begin: async () => ({ state: 'busy' }) as const }
    const dispatch = createDispatch({ ...desk, sessions, wait })
    const handled = [1, 2, 3].map((order) => dispatch.handle(inbound(order, { kind: 'text', text: '是' }), show))
    const retried = { status: 'rejected', reason: { name: 'StoreFault', retry: true } }
    expect(await Promise.allSettled(handled)).toMatchObject([retried, retried, retried])
    expect(paused).toBeLessThan(21_000)
    expect(said).toEqual([])
  })

  it('is kept from the others while their input is in hand, but not for ever', async () => {
    const { desk, clock, show } = await open()
    let renewed = 0
    const renew: typeof desk.sessions.renew = (...args) => {
      renewed += 1
      return desk.sessions.renew(...args)
    }
    const dispatch = createDispatch({ ...desk, sessions: { ...desk.sessions, renew } })
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), async (speech) => {
      await expect.poll(() => renewed, { timeout: 10_000 }).toBeGreaterThan(0)
      clock.now += 11 * 60_000
      const before = renewed
      await sleep(2_000)
      expect(renewed).toBe(before)
      return show(speech)
    })
  })

  it('is brought again where what was said could not be known to be the newest: only this process may be without Redis', async () => {
    const { desk, clock, said, show } = await open()
    await createDispatch(desk).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    let away = false
    const fault = new StoreFault('away', true, undefined)
    const cut = <F extends (...of: never[]) => Promise<unknown>>(call: F): F =>
      ((...of: never[]) => (away ? Promise.reject(fault) : call(...of))) as F
    const { renew, begin, finish } = desk.sessions
    const sessions = { ...desk.sessions, renew: cut(renew), begin: cut(begin), finish: cut(finish) }
    const alone = createDispatch({ ...desk, sessions })
    const words = inbound(2, { kind: 'text', text: '不知道' })
    const handled = alone.handle(words, async (speech, _card, stillOurs) => {
      away = true
      runOut(clock)
      const press = { kind: 'press', data: 'a:sheet000001:P1-01:0:yes', card: '1' } as const
      await createDispatch(desk).handle(inbound(3, press), show)
      await stillOurs()
      return show(speech)
    })
    await expect(handled).rejects.toBe(fault)
    expect(said.at(-1)).toContain('第 1/92 题')
    away = false
    await alone.handle(words, show)
    expect(said.at(-1)).toContain('第 2/92 题')
  })

  it('gets a new card where one was sent and never heard of: it may lie below theirs', async () => {
    const { desk } = await open()
    const show = (card: string) => async () => ({ card, shown: true })
    await createDispatch(desk).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show('1'))
    await desk.sessions.forget('telegram:5')
    const shown: [string | null, boolean][] = []
    const press = (order: number, question: string) =>
      inbound(order, { kind: 'press', data: `a:sheet000001:${question}:0:yes`, card: '1' })
    await createDispatch(desk).handle(press(2, 'P1-01'), async (speech, card, stillOurs) => {
      shown.push([card, speech.move])
      if (shown.length > 1) return { card: '9', shown: true }
      await desk.sessions.forget('telegram:5')
      await createDispatch(desk).handle(inbound(3, { kind: 'command', name: 'start', argument: '' }), show('8'))
      await stillOurs()
      throw new Error('Expected somebody else to have come')
    })
    expect(shown).toEqual([
      ['1', true],
      ['8', true],
    ])
  })

  it('is not taken for erased where another process has begun with them, and nothing came of it', async () => {
    const { desk, said, show } = await open()
    await createDispatch(desk).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    let begun = 0
    const begin: typeof desk.sessions.begin = async (...of) => {
      begun += 1
      const held = await desk.sessions.begin(...of)
      return begun === 1 || held.state === 'busy' ? held : { ...held, unfinished: true }
    }
    const dispatch = createDispatch({ ...desk, sessions: { ...desk.sessions, begin } })
    await dispatch.handle(inbound(2, { kind: 'text', text: '不知道' }), async (speech, _card, stillOurs) => {
      await desk.sessions.forget('telegram:5')
      await stillOurs()
      return show(speech)
    })
    expect(begun).toBeGreaterThan(1)
    expect(said.at(-1)).toContain('没有记录')
    expect(await desk.sessions.begin('telegram:5', '3')).toMatchObject({ session: expect.any(String) })
  })

  it('brings nobody back who had themselves erased meanwhile', async () => {
    const { desk, clock, show } = await open()
    await createDispatch(desk).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show)
    await createDispatch(desk).handle(inbound(2, { kind: 'text', text: '是' }), async (speech) => {
      runOut(clock)
      await createDispatch(desk).handle(inbound(3, { kind: 'command', name: 'privacy', argument: '' }), show)
      await createDispatch(desk).handle(inbound(4, { kind: 'press', data: 'o', card: '1' }), show)
      await createDispatch(desk).handle(inbound(5, { kind: 'press', data: 'O', card: '1' }), show)
      return show(speech)
    })
    expect(await desk.records.person('telegram:5')).toBeUndefined()
    const begun = await desk.sessions.begin('telegram:5', '6')
    expect(begun).toMatchObject({ state: 'held', session: null })
  })
})

/** A lease lives four seconds. */
function runOut(clock: { now: number }): void {
  clock.now += 10_000
}
