/** Redis loses the lease while a process draws: what it draws is older than what another one has shown meanwhile. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import { plain } from '../../src/app/rich.js'
import type { Inbound, Speech } from '../../src/app/speech.js'
import { openDesk } from '../support/desk.js'

const inbound = (order: number, content: Inbound['content']): Inbound => ({
  id: String(order),
  address: 'telegram:5',
  order,
  position: null,
  guest: false,
  content,
})

describe('a person who is served elsewhere meanwhile', () => {
  it('draws a new card once the session is gone, and the process that still draws the old one takes the new one', async () => {
    const { desk, close } = await openDesk({ sheetIdFor: (_, input) => `sheet${input.padStart(6, '0')}` })
    onTestFinished(close)
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
    const { desk, close } = await openDesk({ sheetIdFor: (_, input) => `sheet${input.padStart(6, '0')}` })
    onTestFinished(close)
    const dispatch = createDispatch(desk)
    const show = (card: string) => async () => ({ card, shown: true })
    await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), show('1'))
    const shown: [string | null, string][] = []
    await createDispatch(desk).handle(inbound(2, { kind: 'text', text: '是' }), async ({ card: { text } }, card) => {
      shown.push([card, plain(text)])
      if (shown.length === 2) return { card, shown: true }
      await desk.sessions.forget('telegram:5')
      const data = 'a:sheet000001:P1-02:0:full'
      await dispatch.handle(inbound(3, { kind: 'press', data, card: '1' }), show('8'))
      return { card: '9', shown: true }
    })
    expect(shown.map(([card]) => card)).toEqual(['1', '9'])
    expect(shown[0]![1]).toContain('第 2/92 题')
    expect(shown[1]![1]).toContain('第 3/92 题')
    expect(await desk.ledger.history('sheet000001')).toHaveLength(2)
  })
})
