/** A prompt that comes up when its person is somewhere else already must not take their next words for what it asks. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createDispatch } from '../../src/app/dispatch.js'
import { plain } from '../../src/app/rich.js'
import type { Inbound, Speech } from '../../src/app/speech.js'
import { openDesk } from '../support/desk.js'
import { inbound } from '../support/inbound.js'

async function open() {
  const { desk, clock, close } = await openDesk({ sheetIdFor: (_, input) => `sheet${input.padStart(6, '0')}` })
  onTestFinished(close)
  const dispatch = createDispatch(desk)
  let last = ''
  const speak = async ({ card }: Speech) => {
    last = plain(card.text)
    return { card: '1', shown: true }
  }
  const handle = (order: number, content: Inbound['content']) => {
    const sent = Math.floor(clock.now / 1000)
    return dispatch.handle({ ...inbound(order, content), ...(content.kind === 'text' ? { sent } : {}) }, speak)
  }
  await handle(1, { kind: 'command', name: 'start', argument: '' })
  return {
    clock,
    press: (order: number, letter: string) =>
      handle(order, { kind: 'press', data: `${letter}:sheet000001:P1-01`, card: '1' }),
    type: (order: number, text: string) => handle(order, { kind: 'text', text }),
    said: () => last,
    rows: async () => (await desk.ledger.history('sheet000001')).length,
  }
}

const EXPLAIN = 'h'
const NOTE = 't'

describe('words right after the prompt for a note', () => {
  it('are the note where its button was pressed last', async () => {
    const { press, type, rows } = await open()
    await press(2, NOTE)
    await type(3, '您好，请问社区在哪里')
    expect(await rows()).toBe(1)
  })

  it.each([
    ['was overtaken by another', [3, EXPLAIN], [2, NOTE]],
    ['is brought again as a new one', [2, NOTE], [3, EXPLAIN], [4, NOTE]],
  ] as [string, ...[number, string][]][])('are asked for again where its press %s', async (_, ...presses) => {
    const { press, type, said, rows, clock } = await open()
    for (const [order, letter] of presses) await press(order, letter)
    await type(5, '您好，请问社区在哪里')
    expect(await rows()).toBe(0)
    expect(said()).toContain('备注')
    // Whoever has read what it asks for is taken at their word.
    clock.now += 3_000
    await type(6, '您好，请问社区在哪里')
    expect(await rows()).toBe(1)
  })
})
