/** Takes the pictures of docs/images: `npx tsx test/web/screenshots.ts [folder]`. More of them, also dark, with `all` behind it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byLabel, enter, launchBrowser, openSite, PHONE, press, question, ROOT, settled } from './start.js'

/** Which option is pressed, over and over: mostly the best one. */
const MIXED = [0, 1, 0, 0, 2, 0, 1, 0, 3]

const [folder = join(ROOT, 'docs', 'images'), extent] = process.argv.slice(2)
const data = mkdtempSync(join(tmpdir(), 'hexie-images-'))
mkdirSync(folder, { recursive: true })
const [site, browser] = await Promise.all([openSite({ kind: 'embedded', directory: data }), launchBrowser()])
try {
  // In CSS pixels a picture stays far under 200 KB.
  const context = await browser.newContext({ ...PHONE, colorScheme: 'light' })
  const { page } = await enter(context, site.url)
  const take = async (name: string) => {
    const dark = extent === 'all' ? (['light', 'dark'] as const) : (['light'] as const)
    for (const colorScheme of dark) {
      await page.emulateMedia({ colorScheme })
      const path = join(folder, colorScheme === 'light' ? `${name}.png` : `${name}-dark.png`)
      await page.screenshot({ path, scale: 'css', animations: 'disabled' })
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const extra = async (name: string) => (extent === 'all' ? take(name) : undefined)
  await extra('welcome')
  await press(page, '.choice.main')
  // A mixed sheet, so that the result has weak indicators and a way up.
  for (let count = 0; !/^自评结果/.test(await question(page)); count++) {
    if (count === 30) await take('question')
    const veto = await page.locator('.place', { hasText: '一票否决' }).count()
    const options = page.locator('#card .choice.option')
    const nth = veto ? 0 : MIXED[count % MIXED.length]!
    await options.nth(Math.min(nth, (await options.count()) - 1)).click()
    await settled(page)
  }
  await page.evaluate('scrollTo(0, 0)')
  await take('result')
  if (extent === 'all') {
    await page.evaluate('scrollTo(0, 900)')
    await take('result-2')
    await press(page, byLabel('目录'))
    await take('contents')
    await press(page, '.choice.item')
    await take('section')
    await press(page, '.choice.item')
    await take('answered')
    await page.locator('#text').fill('???')
    await page.locator('#text').press('Enter')
    await settled(page)
    await take('notice')
    await press(page, byLabel('说明'))
    await take('explain')
    await page.getByText('菜单').tap()
    await take('menu')
    await page.getByRole('button', { name: '切换语言' }).tap()
    await settled(page)
    await press(page, byLabel('English'))
    await page.getByText('Menu').tap()
    await page.getByRole('button', { name: 'Begin or go on' }).tap()
    await settled(page)
    await press(page, '.choice')
    await take('english')
    await page.goto(site.url)
    await take('landing')
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${site.url}/chat`)
    await settled(page)
    await take('wide')
  }
} finally {
  await browser.close()
  await site.stop()
  rmSync(data, { recursive: true, force: true })
}
