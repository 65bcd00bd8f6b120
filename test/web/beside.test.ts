/** What comes beside the card, in a real Chromium: messages of their own, pictures, invitations, coming back to the page. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { drawPng } from '../channels/png.js'
import { card, openStage } from './stage.js'
import { launchBrowser, NO_BROWSER, PHONE, settled } from './start.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const CODE = 'Abc_-90123456789defghXYZ'
const PICTURE = { name: '八类得分率.png', bytes: drawPng(1080, 1080), alt: '雷达图：组织建设 80%，民主自治 65%。' }

describe.skipIf(NO_BROWSER)(`beside the card${NO_BROWSER ? ` (${NO_BROWSER})` : ''}`, () => {
  let browser: Browser
  let context: BrowserContext
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    context = await browser.newContext(PHONE)
  })
  afterEach(() => context.close())

  async function enter(url: string, path: string): Promise<{ page: Page; faults: string[] }> {
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(`${url}${path}`)
    await settled(page)
    return { page, faults }
  }
  const bubbles = (page: Page) => page.locator('#log .bubble')
  const isSeen = (page: Page, selector: string) =>
    page.evaluate<boolean>(`(() => {
      const { top, bottom } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
      return top >= 52 && top < innerHeight && bottom > 52
    })()`)

  it('shows every message, the picture and the file in their order, from the first one on', async () => {
    const file = { name: '数据.json', mime: 'application/json', bytes: new TextEncoder().encode('{}') }
    const before = [card('欢迎加入幸福社区'), card('有一题退回给您')]
    const { url } = await openStage(() => ({ before, picture: PICTURE, file }))
    const { page, faults } = await enter(url, '/practice')
    expect(await bubbles(page).allInnerTexts()).toEqual([
      '欢迎加入幸福社区',
      '有一题退回给您',
      expect.stringMatching(/^放大\s+下载：八类得分率\.png$/),
      '下载：数据.json',
    ])
    expect(await isSeen(page, '#log .bubble')).toBe(true)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    expect(faults).toEqual([])
  })

  it('shows a picture with its words, large by keyboard, and gives the focus back', async () => {
    const { url } = await openStage(() => ({ picture: PICTURE }))
    const { page, faults } = await enter(url, '/practice')
    const image = page.getByRole('img', { name: PICTURE.alt })
    const loaded = `(async (one) => { await one.decode(); return one.naturalWidth })(document.querySelector('.picture img'))`
    expect(await page.evaluate(loaded)).toBe(1080)
    const { width, height } = (await image.boundingBox())!
    expect(width).toBeLessThanOrEqual(390)
    expect(Math.abs(width - height)).toBeLessThan(1)
    expect(await serious(page)).toEqual([])

    const enlarge = page.getByRole('button', { name: '放大' })
    await enlarge.focus()
    await page.keyboard.press('Enter')
    const large = page.locator('dialog.large img')
    await large.waitFor()
    expect((await large.boundingBox())!.width).toBeGreaterThan(800)
    expect(await serious(page)).toEqual([])
    // By Tab into the picture, which then moves with the arrow keys.
    await page.keyboard.press('Tab')
    const place = () => page.evaluate<number>(`document.querySelector('.large div').scrollLeft`)
    const middle = await place()
    expect(middle).toBeGreaterThan(0)
    await page.keyboard.press('ArrowRight')
    await expect.poll(place).toBeGreaterThan(middle)
    await page.keyboard.press('Escape')
    await large.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent')).toBe('放大')

    await image.tap()
    await large.tap()
    expect((await large.boundingBox())!.width).toBeLessThanOrEqual(390)
    await page.getByRole('button', { name: '关闭' }).tap()
    await large.waitFor({ state: 'detached' })
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('下载：').tap()])
    expect(readFileSync(await download.path())).toEqual(PICTURE.bytes)
    expect(faults).toEqual([])
  })

  it('lets a message be answered by its own buttons, which then go', async () => {
    let first = true
    const { url, contents } = await openStage(() => {
      const before = first ? [card('还剩 24 小时', '去填报'), card('有一题退回', '去看')] : []
      first = false
      return { before }
    })
    const { page, faults } = await enter(url, '/practice')
    expect(await serious(page)).toEqual([])
    // Digits press what stands on the card, never these.
    expect(await page.locator('#log [data-key]').count()).toBe(0)
    await page.getByRole('button', { name: '去填报' }).tap()
    await page.getByRole('button', { name: '去填报' }).waitFor({ state: 'detached' })
    await settled(page)
    expect(contents().at(-1)).toEqual({ kind: 'press', data: 'x:去填报', card: '1' })
    expect(await page.getByRole('button', { name: '去看' }).isEnabled()).toBe(true)
    expect(await page.evaluate('document.activeElement.id')).toBe('card-title')
    expect(faults).toEqual([])
  })

  it('joins by an invitation once, and keeps its code out of the address', async () => {
    const { url, contents } = await openStage()
    const { page, faults } = await enter(url, `/i/${CODE}`)
    const join = { kind: 'command', name: 'start', argument: CODE }
    expect(contents()).toEqual([join])
    expect(page.url()).toBe(`${url}/chat`)
    await page.reload()
    await settled(page)
    expect(contents()).toEqual([join, { kind: 'look' }])
    // Pasted into a page that is open already, it counts as well.
    await page.evaluate(`location.hash = 'join=${CODE}'`)
    await expect.poll(() => contents().length).toBe(3)
    await settled(page)
    expect(contents().at(-1)).toEqual(join)
    expect(page.url()).toBe(`${url}/chat`)
    expect(faults).toEqual([])
  })

  it('sends an invitation after a reload where it could not be sent before', async () => {
    const { url, contents } = await openStage()
    const page = await context.newPage()
    await page.route('**/chat/input', (route) => route.abort())
    await page.goto(`${url}/i/${CODE}`)
    await page.getByText('正在重试').waitFor()
    // The way is open again only after the reload: before it, a retry might be the one that gets through.
    await page.reload()
    await page.getByText('正在重试').waitFor()
    expect(contents()).toEqual([])
    await page.unroute('**/chat/input')
    await settled(page)
    expect(contents()).toEqual([{ kind: 'command', name: 'start', argument: CODE }])
  })

  it('looks again when it comes back into view, and shows what has come meanwhile', async () => {
    let news = false
    const { url, contents } = await openStage(() => (news ? { before: [card('还剩 24 小时')] } : {}))
    const { page } = await enter(url, '/practice')
    news = true
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await page.getByText('还剩 24 小时').waitFor()
    await settled(page)
    expect(contents()).toEqual([{ kind: 'look' }, { kind: 'look' }])
    expect(await isSeen(page, '#log .bubble')).toBe(true)
  })

  /** Serious and critical findings. */
  async function serious(page: Page): Promise<string[]> {
    await page.evaluate(AXE)
    const { violations } = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()')
    return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id)
  }
})
