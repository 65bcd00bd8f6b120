/** The order of inputs as dispatch remembers it, and a lease that runs out, on real sessions with a clock of the test's own. */
import { describe, expect, it } from 'vitest'
import type { Desk } from '../../src/app/desk.js'
import { createDispatch } from '../../src/app/dispatch.js'
import type { Held } from '../../src/app/ports.js'
import { plain } from '../../src/app/rich.js'
import type { Inbound, Speech, Spoken } from '../../src/app/speech.js'
import { decodeSession } from '../../src/core/session-text.js'
import { openDesk } from '../support/desk.js'
import { inbound } from '../support/inbound.js'

const HOUR = 60 * 60 * 1000

async function withDesk(use: (desk: Desk, clock: { now: number }) => Promise<void>): Promise<void> {
  const { desk, clock, close } = await openDesk({
    sheetIdFor: (_address, input) => `sheet${input.replace(/\D/g, '').padStart(6, '0')}`,
  })
  try {
    await use(desk, clock)
  } finally {
    await close()
  }
}

describe('dispatch', () => {
  it('takes typed answers again after the update ids have begun anew, once an hour was quiet', async () => {
    await withDesk(async (desk, clock) => {
      const dispatch = createDispatch(desk)
      const said: Speech[] = []
      const speak = async (speech: Speech) => {
        said.push(speech)
        return { card: '1', shown: true }
      }
      const type = async (order: number, text: string) => {
        await dispatch.handle(inbound(order, { kind: 'text', text }), speak)
        return plain(said.at(-1)!.card.text)
      }
      await dispatch.handle(inbound(900_000, { kind: 'command', name: 'start', argument: '' }), speak)
      expect(await type(900_001, '是')).toContain('第 2/92 题')
      clock.now += 2 * HOUR
      expect(await type(5_000, '完全符合')).toContain('第 3/92 题')
      clock.now += 1000
      expect(await type(5_001, '完全符合')).toContain('第 4/92 题')
      expect(await type(4_999, '100')).toContain('没有保存')
    })
  })

  it('goes on where its lease ran out meanwhile and nobody came between', async () => {
    await withDesk(async (desk, clock) => {
      const slow: Desk = {
        ...desk,
        ledger: {
          ...desk.ledger,
          append: async (row) => {
            clock.now += 60_000 // the process was frozen right here
            return desk.ledger.append(row)
          },
        },
      }
      let spoken = 0
      const speak = async () => {
        spoken += 1
        return { card: '1', shown: true }
      }
      await createDispatch(slow).handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), speak)
      const tap = inbound(2, { kind: 'press', data: 'a:sheet000001:P1-01:0:yes', card: '1' })
      await createDispatch(slow).handle(tap, speak)
      expect(spoken).toBe(2)
      // Brought again, it is known.
      await createDispatch(desk).handle(tap, speak)
      expect(await desk.ledger.history('sheet000001')).toHaveLength(1)
    })
  })

  it('is idle only when everything in hand was drawn and saved', async () => {
    await withDesk(async (desk) => {
      const dispatch = createDispatch(desk)
      await dispatch.idle()
      await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), async () => ({
        card: '1',
        shown: true,
      }))
      const ended: string[] = []
      let draw = () => {}
      const drawn = new Promise<void>((resolve) => {
        draw = resolve
      })
      const tap = inbound(2, { kind: 'press', data: 'a:sheet000001:P1-01:0:yes', card: '1' })
      const handled = dispatch.handle(tap, async () => {
        void dispatch.idle().then(() => ended.push('idle'))
        await drawn
        ended.push('drawn')
        return { card: '1', shown: true }
      })
      draw()
      await handled
      await dispatch.idle()
      expect(ended).toEqual(['drawn', 'idle'])
      expect(decodeSession(((await desk.sessions.begin('telegram:5', '3')) as Held).session!)!.sheet!.cursor).toBe(
        'P1-02',
      )
    })
  })

  it('does not enrol a person again when the confirmation of their erasure comes twice', async () => {
    await withDesk(async (desk) => {
      const dispatch = createDispatch(desk)
      let last = ''
      const speak = async (speech: Speech) => {
        last = plain(speech.card.text)
        return { card: '1', shown: true }
      }
      const press = (order: number, data: string) =>
        dispatch.handle(inbound(order, { kind: 'press', data, card: '1' }), speak)
      await dispatch.handle(inbound(1, { kind: 'command', name: 'privacy', argument: '' }), speak)
      await press(2, 'o')
      await press(3, 'O')
      await press(3, 'O')
      expect(last).toContain('您的数据已删除')
      expect(await desk.records.person('telegram:5')).toBeUndefined()
    })
  })

  it('does not take words that find their very answer there for more than they are', async () => {
    await withDesk(async (desk) => {
      const dispatch = createDispatch(desk)
      let last = ''
      const speak = async (speech: Speech) => {
        last = plain(speech.card.text)
        return { card: '1', shown: true }
      }
      await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), speak)
      // A process wrote the answer of a tap and showed the second question, and died before it saved where the person is.
      const person = (await desk.records.person('telegram:5'))!.id
      const answer = {
        question: 'P1-01',
        revision: 1,
        value: 'yes',
        notApplicable: null,
        note: null,
        evidence: [],
        raw: null,
      }
      const row = {
        ...answer,
        sheet: 'sheet000001',
        person,
        channel: 'telegram',
        input: '77',
        at: new Date(desk.now()),
      }
      expect(await desk.ledger.append(row)).toBe('written')
      await dispatch.handle(inbound(3, { kind: 'text', text: '是' }), speak)
      expect(last).toContain('第 1/92 题')
      expect(last).toContain('已答')
      expect(await desk.ledger.history('sheet000001')).toHaveLength(1)
    })
  })

  it('keeps asking about words after a page has only looked at what it could not show', async () => {
    await withDesk(async (desk) => {
      const dispatch = createDispatch(desk)
      let last = ''
      const speak = (shown: boolean) => async (speech: Speech) => {
        last = plain(speech.card.text)
        return { card: '1', shown }
      }
      const take = (order: number, content: Inbound['content'], shown = true) =>
        dispatch.handle(inbound(order, content), speak(shown))
      await take(1, { kind: 'command', name: 'start', argument: '' })
      await take(2, { kind: 'press', data: 's:sheet000001:P1-01', card: '1' }, false)
      await take(0, { kind: 'look' })
      await take(4, { kind: 'text', text: '完全符合' })
      expect(last).toContain('第 2/92 题')
      expect(await desk.ledger.history('sheet000001')).toEqual([])
    })
  })

  describe('while somebody taps faster than the channel draws', () => {
    const FIRST = 'a:sheet000001:P1-01:0:yes'

    /** A channel that leaves to the next press what it may. */
    function drawing(card: string) {
      const said: (Omit<Speech, 'overtaken'> & { overtaken: boolean })[] = []
      const speak = async (speech: Speech): Promise<Spoken> => {
        const overtaken = speech.overtaken?.() === true
        said.push({ ...speech, overtaken })
        return overtaken ? { card, shown: false, left: true } : { card, shown: true }
      }
      return { said, speak }
    }

    async function tapAll(desk: Desk, behind: Inbound['content'][]) {
      const dispatch = createDispatch(desk)
      const { said, speak } = drawing('1')
      await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), speak)
      said.length = 0
      const all = [{ kind: 'press', data: FIRST, card: '1' } as const, ...behind]
      await Promise.all(all.map((content, i) => dispatch.handle(inbound(2 + i, content), speak)))
      const type = async (text: string) => {
        await dispatch.handle(
          { ...inbound(50, { kind: 'text', text }), position: 9, sent: desk.now() / 1000 + 5 },
          speak,
        )
        return plain(said.at(-1)!.card.text)
      }
      return { overtaken: said.map(({ overtaken }) => overtaken), type }
    }

    it('leaves the drawing to the last press, and takes words for what that one has drawn', async () => {
      await withDesk(async (desk) => {
        const again = { kind: 'press', data: FIRST, card: '1' } as const
        const { overtaken, type } = await tapAll(desk, [again, again])
        expect(overtaken).toEqual([true, true, false])
        expect(await type('完全符合')).toContain('第 3/92 题')
        expect(await desk.ledger.history('sheet000001')).toHaveLength(2)
      })
    })

    it('reads the session once for presses that follow each other, and knows the same one again', async () => {
      await withDesk(async (desk) => {
        const begun: string[] = []
        const counted: Desk = {
          ...desk,
          sessions: {
            ...desk.sessions,
            begin: (address, input) => {
              begun.push(String(input))
              return desk.sessions.begin(address, input)
            },
          },
        }
        const dispatch = createDispatch(counted)
        const { said, speak } = drawing('1')
        await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), speak)
        const tap = (order: number, question: string, value: string) =>
          inbound(order, { kind: 'press', data: `a:sheet000001:${question}:0:${value}`, card: '1' })
        const taps = [tap(2, 'P1-01', 'yes'), tap(3, 'P1-02', 'full'), tap(2, 'P1-01', 'yes'), tap(4, 'P1-03', 'full')]
        await Promise.all(taps.map((one) => dispatch.handle(one, speak)))
        // The one that came again is handled like any that does, and the one behind it begins anew.
        expect(begun).toEqual(['1', '2', '4'])
        expect(plain(said.at(-1)!.card.text)).toContain('第 4/92 题')
        expect(await desk.ledger.history('sheet000001')).toHaveLength(3)
      })
    })

    it('tells whoever wrote in time for nothing, whatever waits behind', async () => {
      await withDesk(async (desk) => {
        const dispatch = createDispatch(desk)
        const { said, speak } = drawing('20')
        await dispatch.handle(inbound(1, { kind: 'command', name: 'start', argument: '' }), speak)
        said.length = 0
        // Their words stand above the card, so that the card need not move, and must not be left undrawn.
        const late = { ...inbound(2, { kind: 'text', text: '是' }), position: 9 }
        const tap = inbound(3, { kind: 'press', data: FIRST, card: '20' })
        await Promise.all([late, tap].map((one) => dispatch.handle(one, speak)))
        expect(said.map(({ overtaken }) => overtaken)).toEqual([false, false])
        expect(plain(said[0]!.card.text)).toContain('没有保存')
      })
    })

    it('draws that somebody was erased', async () => {
      await withDesk(async (desk) => {
        const { said, speak } = drawing('1')
        const dispatch = createDispatch(desk)
        const press = (order: number, data: string) =>
          dispatch.handle(inbound(order, { kind: 'press', data, card: '1' }), speak)
        await dispatch.handle(inbound(1, { kind: 'command', name: 'privacy', argument: '' }), speak)
        await press(2, 'o')
        await Promise.all([press(3, 'O'), press(4, 'O')])
        expect(said.find(({ card }) => plain(card.text).includes('您的数据已删除'))?.overtaken).toBe(false)
      })
    })

    it('draws where words wait, since these may be meant for it', async () => {
      await withDesk(async (desk) => {
        const { overtaken } = await tapAll(desk, [{ kind: 'text', text: '完全符合' }])
        expect(overtaken).toEqual([false, false])
      })
    })
  })
})
