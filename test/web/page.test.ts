/** The page in a real Chromium: a whole assessment, the keyboard, and everything that a poor connection does. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase } from '../support/databases.js'
import {
  byLabel,
  cardText,
  enter,
  launchBrowser,
  NO_BROWSER,
  openSite,
  PHONE,
  press,
  question,
  type Site,
  settled,
} from './start.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** 92 indicators and the veto questions behind some of them. */
const QUESTIONS = 98
const OPTION = '.choice.option'

describe.skipIf(NO_BROWSER)(`the page of the web chat${NO_BROWSER ? ` (${NO_BROWSER})` : ''}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let site: Site
  let browser: Browser
  let context: BrowserContext
  beforeAll(async () => {
    database = await createDatabase()
    ;[site, browser] = await Promise.all([openSite({ kind: 'postgres', url: database.url }), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await database?.drop()
  })
  beforeEach(async () => {
    context = await browser.newContext(PHONE)
  })
  afterEach(async () => {
    await context.close()
    await site.start()
  })

  /** A page at the first question. */
  async function begin(): Promise<{ page: Page; faults: string[] }> {
    const entered = await enter(context, site.url)
    await press(entered.page, '.choice.main')
    return entered
  }
  const type = async (page: Page, text: string) => {
    await page.locator('#text').fill(text)
    await page.locator('#text').press('Enter')
    await settled(page)
  }
  const skipTo = async (page: Page, wanted: RegExp) => {
    for (let tries = 0; tries < QUESTIONS && !wanted.test(await cardText(page)); tries++)
      await press(page, byLabel('跳过 (稍后答)'))
  }

  it('leads from the landing page through all questions by tapping, to a grade and a submitted sheet', async () => {
    const page = await context.newPage()
    const elsewhere: string[] = []
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url)) elsewhere.push(request.url())
    })
    await page.goto(site.url)
    await page.getByRole('link', { name: '进入示范社区' }).tap()
    await settled(page)
    await press(page, '.choice.main')
    const asked = new Set<string>()
    for (let count = 0; count < QUESTIONS; count++) {
      const text = await question(page)
      expect(asked.has(text)).toBe(false)
      asked.add(text)
      await page.locator(`#card ${OPTION}`).first().tap()
      await expect.poll(() => question(page), { timeout: 10_000 }).not.toBe(text)
      await settled(page)
    }
    expect(await question(page)).toBe('自评结果（预览，未提交）')
    expect(await cardText(page)).toContain('总分：1000.0 分')
    await press(page, byLabel('提交'))
    await press(page, '.choice.main')
    expect(await question(page)).toBe('自评结果 · 已提交')
    expect(elsewhere).toEqual([])
  }, 180_000)

  it('is answered by keyboard alone: digits, Tab and Enter, with the focus where the next question is read', async () => {
    const { page, faults } = await begin()
    const first = await question(page)
    await page.keyboard.press('1')
    await settled(page)
    const second = await question(page)
    expect(second).not.toBe(first)
    expect(await page.evaluate('document.activeElement.id')).toBe('card-title')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toContain('option')
    const outline = 'getComputedStyle(document.activeElement).outlineStyle'
    expect(await page.evaluate(outline)).toBe('solid')
    await page.keyboard.press('Enter')
    await settled(page)
    expect(await question(page)).not.toBe(second)
    // Where the options are numbers, a digit is typed and not taken for the place of an option.
    while (!(await page.locator(`#card ${OPTION}`).first().innerText()).match(/^\d/)) {
      await page.keyboard.press('1')
      await settled(page)
    }
    const number = await question(page)
    await page.keyboard.press('9')
    await page.keyboard.press('0')
    expect(await page.locator('#text').inputValue()).toBe('90')
    expect(await question(page)).toBe(number)
    await page.keyboard.press('Enter')
    await settled(page)
    expect(await question(page)).not.toBe(number)
    expect(await page.evaluate('document.activeElement.id')).toBe('text')
    expect(faults).toEqual([])
  })

  it('takes typed numbers, and says with an example what it refuses', async () => {
    const { page } = await begin()
    await skipTo(page, /或直接打字/)
    const asked = await question(page)
    await type(page, '很多')
    expect(await question(page)).toBe(asked)
    expect(await page.locator('#card-notice').innerText()).toMatch(/^没有记录：.+例如/)
    await type(page, '九成五')
    expect(await question(page)).not.toBe(asked)
    expect(await page.locator('.bubble.mine').allInnerTexts()).toEqual(['很多', '九成五'])
    await press(page, byLabel('上一题'))
    expect(await cardText(page)).toContain('已答：95%')
    expect(await page.locator('.choice.chosen').count()).toBeLessThanOrEqual(1)
  })

  it('keeps the lines of what is typed, and what is too long in the field, whole', async () => {
    const { page } = await begin()
    const input = page.locator('#text')
    const long = '长'.repeat(2_001)
    await input.fill(long)
    await input.press('Enter')
    expect(await page.locator('#status').innerText()).toContain('2000 个字符，现在有 2001 个')
    expect(await input.inputValue()).toBe(long)
    await press(page, byLabel('备注'))
    await input.fill('第一行')
    await input.press('Shift+Enter')
    await input.pressSequentially('第二行')
    await input.press('Enter')
    await settled(page)
    expect(await cardText(page)).toMatch(/第一行\s+第二行/)
    expect(await input.inputValue()).toBe('')
  })

  it('shows the same card after a reload', async () => {
    const { page } = await begin()
    for (let count = 0; count < 5; count++) await press(page, OPTION)
    const before = await cardText(page)
    await page.reload()
    await settled(page)
    expect(await cardText(page)).toBe(before)
    expect(await page.evaluate(`document.querySelector('#progress').value`)).toBeGreaterThan(0)
  })

  it('loses nothing when the server stops in the middle of a press, and recovers by itself', async () => {
    const { page } = await begin()
    await press(page, OPTION)
    const before = await question(page)
    let cut = () => {}
    const reached = new Promise<void>((resolve) => {
      void page.route('**/chat/input', async (route) => {
        resolve()
        await new Promise<void>((go) => {
          cut = go
        })
        await page.unroute('**/chat/input')
        await route.continue().catch(() => {})
      })
    })
    await page.locator(`#card ${OPTION}`).first().tap()
    await reached
    await site.stop()
    cut()
    await page.getByText('网络不好，正在重试，答案不会丢').waitFor()
    expect(await page.locator('#card .pressed').count()).toBe(1)
    // A press while one is on its way is none; what is typed meanwhile waits for its turn.
    await page.locator(`#card ${OPTION}`).last().dispatchEvent('click')
    await page.locator('#text').fill('备注写在断线时')
    await page.locator('#text').press('Enter')
    await site.start()
    await settled(page)
    expect(await question(page)).not.toBe(before)
    // What was typed below the old card was not taken for an answer to the question behind it.
    expect(await page.locator('#card-notice').innerText()).toMatch(/没有保存/)
    await press(page, byLabel('上一题'))
    expect(await question(page)).toBe(before)
    expect(await page.locator('.choice.chosen').count()).toBe(1)
  })

  it('counts an answer once where only the response was lost', async () => {
    const { page } = await begin()
    const ids: string[] = []
    await page.route('**/chat/input', async (route) => {
      ids.push(route.request().postDataJSON().id)
      if (ids.length > 2) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await press(page, OPTION)
    expect(new Set(ids).size).toBe(1)
    expect(ids.length).toBe(3)
    expect(await cardText(page)).toContain('第 2/92 题')
  })

  it('sends after a reload what could not be sent before', async () => {
    const { page } = await begin()
    const before = await question(page)
    await page.route('**/chat/input', (route) => route.abort())
    await page.locator(`#card ${OPTION}`).first().tap()
    await page.getByText('正在重试').waitFor()
    await page.unroute('**/chat/input')
    await page.reload()
    await settled(page)
    expect(await question(page)).not.toBe(before)
    expect(await page.evaluate(`sessionStorage.getItem('hexie.outbox')`)).toBe('[]')
  })

  it('says that it is offline, and goes on at once when it is back', async () => {
    const { page } = await begin()
    const before = await question(page)
    await context.setOffline(true)
    await page.getByText('没有网络').waitFor()
    await page.locator(`#card ${OPTION}`).first().tap()
    await context.setOffline(false)
    await settled(page)
    expect(await question(page)).not.toBe(before)
  })

  it('keeps two tabs apart: an old card answers nothing else, and looking brings a tab up to date', async () => {
    const { page: one } = await begin()
    const two = await context.newPage()
    await two.goto(`${site.url}/chat`)
    await settled(two)
    const before = await question(one)
    expect(await question(two)).toBe(before)
    // A second tab that only looks makes nothing late.
    await type(one, await one.locator(`#card ${OPTION}`).first().innerText())
    const after = await question(one)
    expect(after).not.toBe(before)
    // Typed below the old card of the other tab: refused with a sentence, and the present card is shown.
    await type(two, '是')
    expect(await two.locator('#card-notice').innerText()).toMatch(/没有保存/)
    expect(await question(two)).toBe(after)
    await press(two, OPTION)
    await one.bringToFront()
    await one.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await settled(one)
    expect(await question(one)).toBe(await question(two))
  })

  it('ignores a second press while the first is on its way', async () => {
    const { page } = await begin()
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url())
    })
    await page.evaluate(`(() => {
      const [first, second] = document.querySelectorAll('#card .choice.option')
      first.click(); first.click(); second.click()
    })()`)
    await settled(page)
    expect(sent.length).toBe(1)
    expect(await cardText(page)).toContain('第 2/92 题')
  })

  it('takes photos as evidence, and refuses other files with a sentence', async () => {
    const { page } = await begin()
    const shot = await page.screenshot()
    const photo = (name: string, tail: string) => ({
      name,
      mimeType: 'image/png',
      buffer: Buffer.concat([shot, Buffer.from(tail)]),
    })
    await page.locator('#file').setInputFiles([photo('一.png', '1'), photo('二.png', '2'), photo('三.png', '3')])
    await settled(page)
    expect(await page.locator('#card-notice').innerText()).toBe('佐证已保存，共 3 件。')
    await page
      .locator('#file')
      .setInputFiles({ name: '假.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') })
    await page.getByText('没有保存：只收照片').waitFor()
    expect(await page.locator('.bubble.failed').innerText()).toContain('没有发出')
    await settled(page)
    await press(page, OPTION)
  })

  it('sends the place where it is allowed', async () => {
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation({ latitude: 29.62, longitude: 106.51 })
    const { page } = await begin()
    await page.locator('#attach').tap()
    await page.getByRole('button', { name: '位置' }).tap()
    await page.getByText('佐证已保存，共 1 件。').waitFor()
  })

  it('downloads one’s own data', async () => {
    const { page } = await begin()
    await page.getByText('菜单').tap()
    await page.getByRole('button', { name: '我的数据' }).tap()
    await settled(page)
    await press(page, byLabel('下载我的数据'))
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('下载：我的数据.json').tap()])
    const file = JSON.parse(readFileSync(await download.path(), 'utf8'))
    expect(file.addresses[0].address).toMatch(/^web:demo-/)
  })

  it('speaks the language of the session everywhere', async () => {
    const { page } = await begin()
    await page.getByText('菜单').tap()
    await page.getByRole('button', { name: '切换语言' }).tap()
    await settled(page)
    await press(page, byLabel('English'))
    expect(await page.evaluate('document.documentElement.lang')).toBe('en')
    expect(await page.locator('#text').getAttribute('placeholder')).toBe('Type, for example 12 or 95%')
    await page.reload()
    await settled(page)
    expect(await page.title()).toBe('Harmonious Community Assistant')
    expect(await page.locator('body').innerText()).not.toMatch(/page\.|undefined/)
  })

  it('leads back to the entrance where the cookie is no longer good', async () => {
    const { page } = await begin()
    await context.clearCookies()
    await page.locator(`#card ${OPTION}`).first().tap()
    await page.getByRole('link', { name: '进入示范社区' }).waitFor()
  })

  it.each(['light', 'dark'] as const)(
    'has no serious fault of accessibility, and fits the phone (%s)',
    async (colorScheme) => {
      const { page, faults } = await begin()
      await page.emulateMedia({ colorScheme })
      const views: [string, () => Promise<void>][] = [
        ['question', async () => {}],
        ['notice', () => type(page, '???')],
        ['explain', () => press(page, byLabel('说明'))],
        [
          'contents',
          async () => {
            await press(page, byLabel('返回题目'))
            await press(page, byLabel('目录'))
          },
        ],
        ['section', () => press(page, '.choice.item')],
        [
          'result',
          async () => {
            await page.getByText('菜单').tap()
            await page.getByRole('button', { name: '看得分和等级' }).tap()
            await settled(page)
          },
        ],
        ['landing', async () => void (await page.goto(site.url))],
      ]
      for (const [name, go] of views) {
        await go()
        expect([name, await serious(page)]).toEqual([name, []])
        expect([name, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([name, 390])
        const small = await page.evaluate(`[...document.querySelectorAll('button, summary, .enter, .languages a')]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.textContent)`)
        expect([name, small]).toEqual([name, []])
      }
      expect(faults).toEqual([])
    },
  )

  /** Serious and critical findings, each with the element. */
  async function serious(page: Page): Promise<string[]> {
    // Evaluated through the debugger, because the page's own policy allows no inline script.
    await page.evaluate(AXE)
    const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()')
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
  }
  type Violation = { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }
})
