/** Redis loses the lease while a process draws: what it draws is older than what another one has shown meanwhile. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
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
  it('draws a new card once the session is gone, and the process that still draws the old one is told', async () => {
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
    const drawing = createDispatch(desk).handle(tap(3, 'P1-02', 'full'), async (_speech, card, stillOurs) => {
      await stillOurs()
      await desk.sessions.forget('telegram:5')
      await dispatch.handle(tap(4, 'P1-02', 'full'), show('9'))
      await stillOurs()
      return { card, shown: true }
    })
    await expect(drawing).rejects.toMatchObject({ name: 'StoreFault', retry: true })
    expect(moves).toEqual([true, false, true])
    // Brought again, it is known, and shows what stands on the card that is there now.
    await dispatch.handle(tap(3, 'P1-02', 'full'), show('9'))
    expect(moves).toEqual([true, false, true, false])
    expect(await desk.ledger.history('sheet000001')).toHaveLength(2)
  })
})
