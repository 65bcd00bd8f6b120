/** From /start to a submitted grade: on both drivers, by polling and by webhook, embedded and on servers; one score on all. */
import { describe, expect, inject, it } from 'vitest'
import { createBotApi } from '../support/bot-api/index.js'
import { freshStores, type Home, startProgram, TOKEN, telegramEnv } from '../support/program.js'
import { answerAll, best, type Choose, cardOf, pressLabel, walkSheet, worst } from '../support/walker.js'

/** The middle road: the second option wherever there is one, but never a veto. */
const mixed: Choose = (card, options) => (card.text.includes('一票否决') ? 0 : Math.min(1, options.length - 1))

const WAYS = (['grammy', 'telegraf'] as const).flatMap((driver) =>
  (['polling', 'webhook'] as const).flatMap((by) =>
    (['embedded', 'servers'] as const).map((home) => ({ driver, by, home })),
  ),
)

async function withBot<T>(
  { driver, by, home }: { driver: 'grammy' | 'telegraf'; by: 'polling' | 'webhook'; home: Home },
  use: (api: Awaited<ReturnType<typeof createBotApi>>) => Promise<T>,
): Promise<T> {
  const api = await createBotApi({ token: TOKEN })
  const stores = await freshStores(home)
  const program = await startProgram({ ...stores.env, ...(await telegramEnv(api.url, by, driver)) })
  try {
    // The menu is set in the background; calls are counted only after it.
    await api.until(() => api.callsOf('setMyShortDescription').length >= 2, 'the menu to be set')
    return await use(api)
  } finally {
    await program.stop()
    await api.stop()
    await stores.remove()
  }
}

/** Without redis-server the half on servers is skipped. */
const noRedis = inject('redisUrl') === ''

describe.each(WAYS)('$driver by $by, $home', (way) => {
  it.skipIf(noRedis && way.home === 'servers')(
    'walks a whole sheet to the same score, two calls a tap, on one card (servers: needs redis-server)',
    async () => {
      await withBot(way, async (api) => {
        const person = api.person(5001)
        const before = api.calls.length
        const text = await walkSheet(api, person, mixed)
        expect(text).toContain('已提交')
        expect(text).toContain('总分：757.3 分')
        expect(text).toMatch(/等级：A$/m)
        const calls = api.calls.slice(before).filter(({ method }) => method !== 'getUpdates')
        const taps = calls.filter(({ method }) => method === 'answerCallbackQuery').length
        expect(taps).toBe(98 + 2)
        // One edit and one acknowledgement for each tap; /start sends the welcome and the card.
        expect(calls.length).toBeLessThanOrEqual(2 * taps + 2)
        expect(
          person.history().filter((entry) => entry.event === 'message_sent' && entry.message.from?.is_bot === true)
            .length,
        ).toBeLessThanOrEqual(4)
        expect(api.violations).toEqual([])
        expect(calls.filter(({ result }) => result?.kind !== 'ok')).toEqual([])
      })
    },
  )
})

describe('what the grade says', () => {
  const way = { driver: 'grammy', by: 'webhook', home: 'embedded' } as const

  it('gives 1000.0 and AAA for the best answers everywhere', async () => {
    await withBot(way, async (api) => {
      const text = await walkSheet(api, api.person(1), best)
      expect(text).toContain('总分：1000.0 分')
      expect(text).toContain('等级：AAA')
    })
  })

  it('gives 0.0 and withholds the grade for the worst answers, and names the vetoes', async () => {
    await withBot(way, async (api) => {
      const text = await walkSheet(api, api.person(2), worst)
      expect(text).toContain('总分：0.0 分')
      expect(text).toContain('等级：不予评级')
      expect(text).toContain('是否发生群体性事件')
    })
  })

  it('gives 0.0 and no grade for the worst answers without a veto', async () => {
    await withBot(way, async (api) => {
      const text = await walkSheet(api, api.person(3), (card, options) =>
        card.text.includes('一票否决') ? 0 : options.length - 1,
      )
      expect(text).toContain('总分：0.0 分')
      expect(text).toContain('等级：未达等级')
    })
  })

  it('shows a range and never a grade while anything is open', async () => {
    await withBot(way, async (api) => {
      const person = api.person(4)
      person.send('/start')
      await api.settled()
      person.send('/result')
      await api.settled()
      expect(cardOf(person).text).toContain('最低可得 0.0 分，最高可得 1000.0 分')
      expect(cardOf(person).text).not.toContain('等级：')
      await pressLabel(api, person, '继续')
      expect(await answerAll(api, person, best)).toBe(98)
    })
  })
})
