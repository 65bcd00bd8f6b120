/** What goes out together, and whose fault is whose. */
import { describe, expect, it } from 'vitest'
import { createGather, MOST_TOGETHER } from '../../src/store/turn.js'

describe('calls of one turn', () => {
  it('go out in one go, and each has its own result', async () => {
    const sent: (readonly number[])[] = []
    const square = createGather(async (calls: readonly number[]) => {
      sent.push(calls)
      return calls.map((call) => call * call)
    })
    const first = [square(2), square(3)]
    await Promise.resolve()
    first.push(square(4))
    expect(sent).toEqual([])
    expect(await Promise.all(first)).toEqual([4, 9, 16])
    expect(await square(5)).toBe(25)
    expect(sent).toEqual([[2, 3, 4], [5]])
  })

  it('are not too many for one command', async () => {
    const sizes: number[] = []
    const same = createGather(async (calls: readonly number[]) => {
      sizes.push(calls.length)
      return calls
    })
    const all = Array.from({ length: 2 * MOST_TOGETHER + 1 }, (_, i) => i)
    expect(await Promise.all(all.map(same))).toEqual(all)
    expect(sizes).toEqual([MOST_TOGETHER, MOST_TOGETHER, 1])
  })

  it('fail together, and nobody else does', async () => {
    const odd = createGather(async (calls: readonly number[]) => {
      if (calls.includes(0)) throw new Error('no')
      return calls
    })
    const failing = await Promise.allSettled([odd(0), odd(1)])
    expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await odd(1)).toBe(1)
  })

  it('take nobody down with them where the fault may be theirs alone', async () => {
    const sent: (readonly number[])[] = []
    const odd = createGather(
      async (calls: readonly number[]) => {
        sent.push(calls)
        if (calls.includes(0)) throw new RangeError('no')
        if (calls.includes(9)) throw new Error('away')
        return calls
      },
      (fault) => fault instanceof RangeError,
    )
    const mixed = await Promise.allSettled([odd(1), odd(0), odd(2)])
    expect(mixed.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(sent).toEqual([[1, 0, 2], [1], [0], [2]])
    const away = await Promise.allSettled([odd(1), odd(9)])
    expect(away.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(sent).toHaveLength(5)
  })

  it('fail by the command, and the next hundred does not', async () => {
    const same = createGather(async (calls: readonly number[]) => {
      if (calls.includes(0)) throw new Error('no')
      return calls
    })
    const all = Array.from({ length: MOST_TOGETHER + 2 }, (_, i) => i)
    const outcomes = await Promise.allSettled(all.map(same))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(MOST_TOGETHER)
    expect(outcomes.slice(-2)).toMatchObject([{ value: MOST_TOGETHER }, { value: MOST_TOGETHER + 1 }])
  })
})
