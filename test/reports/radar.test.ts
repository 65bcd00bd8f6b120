import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { radarPng } from '../../src/reports/radar.js'
import { placeLabels, widthOf } from '../../src/reports/radar-labels.js'
import { FIELD, RADAR_SIZE, type Radar } from '../../src/reports/radar-marks.js'

const { levels } = load(
  readFileSync(`prompts/zh-CN/${readFileSync('rubric/current', 'utf8').trim()}.yaml`, 'utf8'),
) as { levels: Record<string, string> }
const names = Object.keys(levels)
  .filter((id) => /\d/.test(id))
  .map((id) => levels[id]!)

/** Half everywhere, so that no line comes near a label. */
const radar = (change: Partial<Radar> = {}, named: readonly string[] = names): Radar => ({
  title: '花卉园社区 · 2026年第四季度',
  axes: named.map((name) => ({ name, now: 0.5, before: 0.4 })),
  legend: { now: '本轮', before: '上一轮' },
  ...change,
})

type Pixels = { data: Buffer; width: number; height: number; channels: number }
async function pixelsOf(chart: Radar): Promise<Pixels> {
  const { data, info } = await sharp(Buffer.from(await radarPng(chart)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, ...info }
}

type Box = { left: number; top: number; width: number; height: number }
/** Dark pixels of a box, row after row. */
function inkOf({ data, width, channels }: Pixels, box: Box): boolean[] {
  const ink: boolean[] = []
  for (let y = Math.round(box.top); y < Math.round(box.top + box.height); y++)
    for (let x = Math.round(box.left); x < Math.round(box.left + box.width); x++)
      ink.push(data[(y * width + x) * channels]! < 128)
  return ink
}
const countOf = (ink: readonly boolean[]) => ink.filter((one) => one).length
const differOf = (a: readonly boolean[], b: readonly boolean[]) => a.filter((one, i) => one !== b[i]).length

/** Where the name of an axis stands when all names are four characters long. */
function nameBox(axis: number): Box {
  const valueWidth = widthOf('50%') + 0.8 * widthOf(' ▲10')
  const label = placeLabels(
    names.map((name) => ({ name, valueWidth })),
    FIELD,
  )[axis]!
  return { ...label, height: label.lineHeight }
}

let all: Pixels
beforeAll(async () => {
  all = await pixelsOf(radar())
})

test('is a square PNG of a size that chats take', async () => {
  const png = await radarPng(radar())
  expect([...png.slice(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  expect(png.length).toBeLessThan(500_000)
  expect({ width: all.width, height: all.height }).toEqual({ width: RADAR_SIZE, height: RADAR_SIZE })
})

describe('the words are really there', () => {
  test('all 18 names: without its name, the place of each is empty', async () => {
    expect(names).toHaveLength(18)
    const without = await pixelsOf(
      radar(
        {},
        names.map(() => '　'.repeat(4)),
      ),
    )
    const empty = await pixelsOf(
      radar(
        {},
        names.map(() => ''),
      ),
    )
    for (const [i, name] of names.entries()) {
      // Four characters are hardly less than 4 × 60 dark pixels at this size.
      expect(countOf(inkOf(all, nameBox(i))), name).toBeGreaterThan(240)
    }
    expect(countOf(inkOf(without, nameBox(0)))).toBe(0)
    expect(countOf(inkOf(empty, { left: 0, top: 0, width: RADAR_SIZE, height: 30 }))).toBe(0)
  })
  test('different names give different ink, the same name the same', async () => {
    const swapped = [...names]
    swapped[0] = '文化生活'
    const other = await pixelsOf(radar({}, swapped))
    expect(differOf(inkOf(all, nameBox(0)), inkOf(other, nameBox(0)))).toBeGreaterThan(200)
    for (let i = 1; i < names.length; i++)
      expect(differOf(inkOf(all, nameBox(i)), inkOf(other, nameBox(i))), names[i]).toBe(0)
  })
  test('rare characters of names are drawn as themselves, not as the box of an unknown one', async () => {
    const glyphs = await Promise.all(
      // The last one is in no font: an unassigned code point of the private use area.
      [...'喆赟堃组社', '\uE123'].map(async (one) =>
        inkOf(await pixelsOf(radar({}, [one.repeat(4), ...names.slice(1)])), nameBox(0)),
      ),
    )
    for (const [i, ink] of glyphs.entries()) {
      expect(countOf(ink), String(i)).toBeGreaterThan(100)
      for (const other of glyphs.slice(i + 1)) expect(differOf(ink, other)).toBeGreaterThan(150)
    }
  })
  test('the title and the legend too', async () => {
    const title = { left: 100, top: 20, width: 880, height: 80 }
    const legend = { left: 100, top: 1020, width: 880, height: 50 }
    const other = await pixelsOf(radar({ title: '另一个社区', legend: { now: '今年', before: '去年' } }))
    expect(countOf(inkOf(all, title))).toBeGreaterThan(2000)
    expect(differOf(inkOf(all, title), inkOf(other, title))).toBeGreaterThan(1000)
    expect(differOf(inkOf(all, legend), inkOf(other, legend))).toBeGreaterThan(200)
  })
})

describe('hostile and odd input', () => {
  test.each<[rule: string, chart: Radar]>([
    [
      'markup and control characters in names',
      radar(
        { title: '<b>&"\'\u0000\u0008\uD800</svg>' },
        names.map(() => '{a|<&\u0001]]>'),
      ),
    ],
    ['nothing scored', radar({ axes: names.map((name) => ({ name, now: null, before: null })) })],
    ['no round before', radar({ legend: { now: '本轮', before: null } })],
    ['one scored', radar({ axes: names.map((name, i) => ({ name, now: i === 3 ? 1 : null, before: null })) })],
    ['rates over the edge', radar({ axes: names.map((name) => ({ name, now: 1.5, before: -1 })) })],
    [
      'very long words',
      radar(
        { title: '长'.repeat(300) },
        names.map(() => 'w'.repeat(200)),
      ),
    ],
    ['three axes', radar({}, names.slice(0, 3))],
  ])('%s', async (_rule, chart) => {
    const { width } = await pixelsOf(chart)
    expect(width).toBe(RADAR_SIZE)
  })
  test('two axes are no radar', async () => {
    await expect(radarPng(radar({}, names.slice(0, 2)))).rejects.toThrow('Expected 3 axes or more')
  })
})

test('where nothing was scored, the line is broken and no dot stands in the centre', async () => {
  const now = await pixelsOf(radar({ axes: names.map((name, i) => ({ name, now: i % 2 ? null : 0.9, before: null })) }))
  const centre = { left: FIELD.centreX - 4, top: FIELD.centreY - 4, width: 8, height: 8 }
  expect(countOf(inkOf(now, centre))).toBe(0)
})

test('holds nobody up for long, and several at once are all drawn', async () => {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const pngs = await Promise.all(Array.from({ length: 6 }, (_, i) => radarPng(radar({ title: `社区${i}` }))))
  clearInterval(timer)
  expect(new Set(pngs.map((png) => Buffer.from(png).toString('base64'))).size).toBe(6)
  // About 20 ms of this thread for each; the limit leaves room for a busy machine.
  expect(longest).toBeLessThan(300)
})
