/** Notices on the page, in a real Chromium: formatting, photos and files, and 已阅. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Receipt } from '../../src/app/acknowledge.js'
import type { Mark, Rich } from '../../src/app/rich.js'
import type { Card, Inbound, Media } from '../../src/app/speech.js'
import { drawPng } from '../channels/png.js'
import { openStage } from './stage.js'
import { launchBrowser, NO_BROWSER, PHONE, settled } from './start.js'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ACKNOWLEDGE = 'A:n0000000001'
const HASH = 'ab'.repeat(32)
const PHOTO: Media = { kind: 'photo', ref: `file:${HASH}` }
const UPLOADS = { [PHOTO.ref]: { bytes: drawPng(800, 600), mime: 'image/png' } }

const marked = (text: string, ...marks: (Mark['type'] | Mark)[]) => ({
  text,
  marks: marks.map((mark) => (typeof mark === 'string' ? ({ type: mark } as Mark) : mark)),
})
const link = (url: string): Mark => ({ type: 'text_link', url })
const ALL: Rich = [
  marked('关于停水的通知', 'bold'),
  { text: '\n各居民小组：\n\n' },
  marked('今晚 ', 'italic'),
  marked('22:00', 'italic', 'bold'),
  marked(' 起', 'italic'),
  { text: '停水，' },
  marked('请提前储水', 'underline'),
  { text: '，' },
  marked('原定明天', 'strikethrough'),
  { text: '；详见' },
  marked('公告', link('https://gov.example/a?b=1')),
  marked('第二条', link('https://gov.example/a?b=1'), 'bold'),
  { text: '、' },
  marked('邮箱', link('mailto:a@gov.example')),
  { text: '、' },
  marked('群', link('tg://resolve?domain=x')),
  { text: '、' },
  marked('脚本', link('javascript:alert(1)')),
  { text: '。\n' },
  marked('第一行\n\n第', 'blockquote'),
  marked('三', 'blockquote', 'bold'),
  marked('行', 'blockquote'),
  { text: '\n代码 ' },
  marked('NT-12', 'code'),
  { text: '：' },
  marked('a <b>\n  b', { type: 'pre', language: 'sql' }),
  { text: '\n口令：' },
  marked('芝麻', 'spoiler'),
  marked('开门', 'spoiler', link('https://gov.example/secret')),
  marked('\n第二行', 'spoiler'),
]

describe.skipIf(NO_BROWSER)(`notices on the page${NO_BROWSER ? ` (${NO_BROWSER})` : ''}`, () => {
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

  const notice = (text: Rich, media?: Media): Card => ({
    text,
    rows: [[{ label: '已阅', data: ACKNOWLEDGE }]],
    ...(media ? { media } : {}),
  })
  /** A page with messages before its first card. */
  async function open(
    before: readonly Card[],
    options: { acknowledge?: (inbound: Inbound) => Receipt | undefined; path?: string } = {},
  ) {
    let first = true
    const say = () => {
      const said = first ? { before } : {}
      first = false
      return said
    }
    const stage = await openStage(say, { uploads: UPLOADS, ...options })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(`${stage.url}/practice`)
    await settled(page)
    return { ...stage, page, faults, bubble: page.locator('#log .bubble').first() }
  }

  it('keep all formatting, as real elements', async () => {
    const { page, bubble, faults } = await open([notice(ALL)])
    const all = (selector: string) => bubble.locator(selector).allTextContents()
    expect(await all('strong')).toEqual(['关于停水的通知', '22:00', '第二条', '三'])
    expect(await all('em')).toEqual(['今晚 22:00 起'])
    expect([await all('u'), await all('s')]).toEqual([['请提前储水'], ['原定明天']])
    expect(await all('blockquote')).toEqual(['第一行\n\n第三行'])
    expect([await all('pre'), await all('p code')]).toEqual([['a <b>\n  b'], ['NT-12']])
    const links = await page.evaluate(
      `[...document.querySelectorAll('#log a')].map(({ href, rel, target, textContent }) => ({ href, rel, target, textContent }))`,
    )
    const outside = { rel: 'noopener noreferrer nofollow', target: '_blank' }
    expect(links).toEqual([
      { ...outside, href: 'https://gov.example/a?b=1', textContent: '公告第二条' },
      { ...outside, href: 'mailto:a@gov.example', textContent: '邮箱' },
    ])
    expect(await bubble.innerText()).toContain('群、脚本。')
    // The first line of somebody's own words is no heading of ours.
    expect(await bubble.locator('.asks, .notice').count()).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await serious(page)).toEqual([])
    }
    expect(faults).toEqual([])
  })

  it('keep what is hidden hidden until it is pressed, all its lines at once, by keyboard too', async () => {
    const { page, bubble, faults } = await open([notice(ALL)])
    const hidden = bubble.getByRole('button', { name: '隐藏的文字，点一下显示' })
    expect(await hidden.count()).toBe(2)
    expect(await bubble.locator('a', { hasText: '开门' }).count()).toBe(0)
    await hidden.first().focus()
    await page.keyboard.press('Enter')
    expect(await hidden.count()).toBe(0)
    expect(await bubble.locator('a', { hasText: '开门' }).getAttribute('href')).toBe('https://gov.example/secret')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('芝麻开门')
    expect(await serious(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('show a photo, offer a file, and say what only Telegram has', async () => {
    const { page, faults } = await open([
      notice([{ text: '图' }], PHOTO),
      notice([{ text: '文' }], { kind: 'file', ref: PHOTO.ref, name: '名单.pdf' }),
      notice([{ text: '电' }], { kind: 'file', ref: 'telegram:BAAD', name: '方案.docx' }),
    ])
    const image = page.getByRole('img', { name: '通知的图片' })
    await expect.poll(() => page.evaluate(`document.querySelector('.media img').naturalWidth`)).toBe(800)
    expect((await image.boundingBox())!.width).toBeLessThanOrEqual(366)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('下载：名单.pdf').click()])
    expect(download.suggestedFilename()).toBe('名单.pdf')
    expect(readFileSync(await download.path())).toEqual(Buffer.from(UPLOADS[PHOTO.ref]!.bytes))
    expect(await page.getByText('附件“方案.docx”请在 Telegram 中查看。').count()).toBe(1)
    expect(await page.locator(`#log a[href="/chat/file/${HASH}"]`).count()).toBe(2)
    expect(await serious(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('offer a photo as a file where the browser cannot draw it', async () => {
    const { page } = await open([
      notice([{ text: '图' }], { ...PHOTO, ref: `file:${'cd'.repeat(32)}`, name: '图.heic' }),
    ])
    await page.getByText('下载：图.heic').waitFor()
  })

  const receipt = (): Receipt => ({
    toast: '已记下',
    rows: [[{ label: '✓ 已阅 11月22日 20:15', data: ACKNOWLEDGE }]],
  })
  const acknowledge = ({ content }: Inbound) =>
    content.kind === 'press' && content.data === ACKNOWLEDGE ? receipt() : undefined

  it('are acknowledged in place, and the card stays as it is', async () => {
    const { page, contents, faults } = await open(
      [notice([{ text: '甲' }]), { ...notice([{ text: '乙' }]), rows: [] }],
      {
        acknowledge,
      },
    )
    await page.evaluate(`window.before = document.querySelector('#card-title')`)
    await page.getByRole('button', { name: '已阅' }).focus()
    await page.keyboard.press('Enter')
    const noted = page.getByRole('button', { name: '✓ 已阅 11月22日 20:15' })
    await noted.waitFor()
    await settled(page)
    expect(contents().at(-1)).toEqual({ kind: 'press', data: ACKNOWLEDGE, card: '1' })
    expect(await page.locator('#status').innerText()).toBe('已记下')
    expect(await page.evaluate(`window.before === document.querySelector('#card-title')`)).toBe(true)
    expect(await page.evaluate('document.activeElement.textContent')).toBe('✓ 已阅 11月22日 20:15')
    expect(await noted.isEnabled()).toBe(true)
    // Once more: it says so again, and nothing else happens.
    await noted.tap()
    await settled(page)
    expect(await page.locator('#log .choice').count()).toBe(1)
    expect(await serious(page)).toEqual([])
    expect(faults).toEqual([])
  })

  it('keep their buttons where there is nothing new to show', async () => {
    const { page } = await open([notice([{ text: '甲' }])], { acknowledge: () => ({ toast: '这是预览', rows: null }) })
    await page.getByRole('button', { name: '已阅' }).tap()
    await page.getByText('这是预览').waitFor()
    await settled(page)
    expect(await page.getByRole('button', { name: '已阅' }).getAttribute('aria-disabled')).toBeNull()
  })

  it('are acknowledged once the line is back, also by the next page, which then shows the card', async () => {
    const { page, contents, faults } = await open([notice([{ text: '甲' }])], { acknowledge })
    await page.route('**/chat/input', (route) => route.abort())
    await page.getByRole('button', { name: '已阅' }).tap()
    await page.getByText('正在重试').waitFor()
    await page.reload()
    await page.getByText('正在重试').waitFor()
    await page.unroute('**/chat/input')
    await page.getByText('第 1 题').waitFor()
    await settled(page)
    expect(contents()).toEqual([{ kind: 'look' }, { kind: 'press', data: ACKNOWLEDGE, card: '1' }, { kind: 'look' }])
    expect(faults.filter((one) => !one.includes('net::'))).toEqual([])
  })

  /** Serious and critical findings. */
  async function serious(page: Page): Promise<string[]> {
    await page.evaluate(AXE)
    const { violations } = await page.evaluate<{ violations: { id: string; impact: string }[] }>('axe.run()')
    return violations.filter(({ impact }) => /serious|critical/.test(impact)).map(({ id }) => id)
  }
})
