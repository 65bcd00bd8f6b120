/**
 * Pictures for reports. The radar shows the second-level rates of a community, this round's over the last one's, as a
 * square PNG that can be read on a phone. What it shows in words is the caller's to say.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DrawRadar } from '../app/desk.js'
import { FONT_FAMILY, writeFontConfig } from './fonts.js'
import { type Field, placeLabels, widthOf, wrap } from './radar-labels.js'

export type Radar = Parameters<DrawRadar>[0]

/** Width and height in pixels: three times a phone's width in points. */
export const RADAR_SIZE = 1080

const INK = '#22343C'
const QUIET = '#7A8A91'
const GRID = '#D5DEE1'
const NOW = '#12708A'
const BEFORE = '#C08A4B'
const RADIUS = 322
const RINGS = 5
const MARGIN = 24
const FIELD: Field = {
  left: MARGIN,
  right: RADAR_SIZE - MARGIN,
  top: 118,
  bottom: 1008,
  centreX: RADAR_SIZE / 2,
  centreY: 562,
  radius: RADIUS + 14,
}
const TITLE_SIZES = [42, 38, 34, 30]
const MOST_TITLE_LINES = 2
/** Fewer axes have no area. */
const FEWEST_AXES = 3

/** Draws the rates (0 to 1; null where nothing was scored) as a PNG of `RADAR_SIZE` squared. */
export const radarPng: DrawRadar = async (radar) => {
  const { echarts, sharp } = await libraries()
  const svg = radarSvg(echarts, radar)
  // librsvg draws in a thread of its own, so nothing waits for it.
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: true, colours: 128 }).toBuffer()
}

type Libraries = { echarts: Pick<typeof import('echarts/core'), 'init'>; sharp: typeof import('sharp').default }
let loading: Promise<Libraries> | undefined

/** Loaded with the first picture and piece by piece: all at once they would hold up everybody for a fifth of a second. */
function libraries(): Promise<Libraries> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<Libraries> {
  process.env.FONTCONFIG_FILE = writeFontConfig()
  const { default: sharp } = await import('sharp')
  // Pictures are few and all different: nothing is kept, and one takes one core.
  sharp.cache(false)
  sharp.concurrency(1)
  await nextTurn()
  const echarts = await import('echarts/core')
  await nextTurn()
  const { RadarChart } = await import('echarts/charts')
  await nextTurn()
  const { GraphicComponent, RadarComponent } = await import('echarts/components')
  await nextTurn()
  const { SVGRenderer } = await import('echarts/renderers')
  echarts.use([RadarChart, RadarComponent, GraphicComponent, SVGRenderer])
  return { echarts, sharp }
}

function radarSvg(echarts: Libraries['echarts'], { title, axes, legend }: Radar): string {
  if (axes.length < FEWEST_AXES) throw new Error(`Expected ${FEWEST_AXES} axes or more, got ${axes.length}`)
  const compared = legend.before !== null && axes.some(({ before }) => before !== null)
  const rates = (key: 'now' | 'before') => axes.map((axis) => Math.min(Math.max(axis[key] ?? 0, 0), 1))
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: RADAR_SIZE, height: RADAR_SIZE })
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#FFFFFF',
      radar: {
        center: [FIELD.centreX, FIELD.centreY],
        radius: RADIUS,
        splitNumber: RINGS,
        // echarts goes round against the clock.
        indicator: axes.map((_, i) => ({ name: String((axes.length - i) % axes.length), min: 0, max: 1 })),
        axisName: { show: false },
        axisLine: { lineStyle: { color: GRID } },
        splitLine: { lineStyle: { color: GRID, width: 1.5 } },
        splitArea: { areaStyle: { color: ['#FFFFFF', '#F6F9FA'] } },
      },
      series: [
        ...(compared ? [polygon(rates('before'), BEFORE, { type: [10, 8], width: 3 }, 0)] : []),
        polygon(rates('now'), NOW, { type: 'solid', width: 4 }, 0.2),
      ],
      graphic: {
        elements: [
          ...titleText(title),
          ...ringTexts(),
          ...labelTexts(axes, compared),
          ...legendMarks(legend, compared),
        ],
      },
    })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}

function polygon(rates: number[], color: string, line: { type: 'solid' | number[]; width: number }, opacity: number) {
  const clockwise = rates.map((_, i) => rates[(rates.length - i) % rates.length]!)
  return {
    type: 'radar' as const,
    silent: true,
    symbol: 'circle',
    symbolSize: line.width * 2.5,
    data: [{ value: clockwise }],
    itemStyle: { color },
    lineStyle: { color, ...line },
    areaStyle: { color, opacity },
  }
}

type Look = { size: number; color: string; bold?: boolean; align?: 'left' | 'center'; halo?: boolean }

function text(words: string, x: number, y: number, { size, color, bold, align = 'center', halo }: Look) {
  return {
    type: 'text' as const,
    silent: true,
    z: 100,
    x,
    y,
    style: {
      text: drawable(words),
      font: `${bold ? 'bold' : 'normal'} ${size}px ${FONT_FAMILY}`,
      fill: color,
      align,
      verticalAlign: 'middle' as const,
      ...(halo ? { stroke: 'rgba(255,255,255,0.75)', lineWidth: 3 } : {}),
    },
  }
}

/** On one line as large as it fits, else on two. */
function titleText(title: string) {
  const width = RADAR_SIZE - 2 * MARGIN
  const size = TITLE_SIZES.find((one) => widthOf(title) * one <= width) ?? TITLE_SIZES.at(-1)!
  const lines = wrap(title, width / size, MOST_TITLE_LINES)
  const height = size * 1.25
  const middle = 62 - ((lines.length - 1) * height) / 2
  return lines.map((line, i) => text(line, RADAR_SIZE / 2, middle + i * height, { size, color: INK, bold: true }))
}

function ringTexts() {
  return Array.from({ length: RINGS }, (_, i) => {
    const share = (i + 1) / RINGS
    const look: Look = { size: 19, color: QUIET, align: 'left', halo: true }
    return text(`${Math.round(share * 100)}%`, FIELD.centreX + 6, FIELD.centreY - RADIUS * share + 13, look)
  })
}

/** `93%`, with how far that is from the round before; `—` where nothing was scored. */
function labelTexts(axes: Radar['axes'], compared: boolean) {
  const values = axes.map((axis) => ({ now: percent(axis.now), change: compared ? changeOf(axis) : '' }))
  const labels = placeLabels(
    axes.map(({ name }, i) => ({ name: drawable(name), value: `${values[i]!.now}${values[i]!.change}` })),
    FIELD,
  )
  return labels.flatMap(({ lines, size, lineHeight, left, top, width }, i) => {
    const { now, change } = values[i]!
    const middle = left + width / 2
    const line = (row: number) => top + lineHeight * (row + 0.5)
    const start = middle - (widthOf(now + change) * size) / 2
    const below = line(lines.length)
    return [
      ...lines.map((words, row) => text(words, middle, line(row), { size, color: INK })),
      text(now, start, below, { size, color: NOW, bold: true, align: 'left' }),
      ...(change
        ? [text(change, start + widthOf(now) * size, below, { size: size * 0.8, color: QUIET, align: 'left' })]
        : []),
    ]
  })
}

function legendMarks(legend: Radar['legend'], compared: boolean) {
  const size = 28
  const entries = [
    { words: legend.now, color: NOW, dash: false },
    ...(compared && legend.before !== null ? [{ words: legend.before, color: BEFORE, dash: true }] : []),
  ].map((entry) => ({ ...entry, words: wrap(entry.words, 15, 1)[0]! }))
  const [mark, space, between] = [56, 14, 56]
  const widths = entries.map(({ words }) => mark + space + widthOf(words) * size)
  let x = (RADAR_SIZE - widths.reduce((sum, one) => sum + one, 0) - between * (entries.length - 1)) / 2
  return entries.flatMap(({ words, color, dash }, i) => {
    const start = x
    x += widths[i]! + between
    const y = 1044
    const line = {
      type: 'line' as const,
      silent: true,
      z: 100,
      shape: { x1: start, y1: y, x2: start + mark, y2: y },
      style: { stroke: color, lineWidth: 5, ...(dash ? { lineDash: [10, 8] } : {}) },
    }
    return [line, text(words, start + mark + space, y, { size, color: INK, align: 'left' })]
  })
}

/** Whole percent; 100 and 0 only where it is all or nothing. */
function wholePercent(rate: number): number {
  const rounded = Math.round(rate * 100)
  return rate <= 0 ? 0 : rate >= 1 ? 100 : Math.min(Math.max(rounded, 1), 99)
}

const percent = (rate: number | null): string => (rate === null ? '—' : `${wholePercent(rate)}%`)

function changeOf({ now, before }: Radar['axes'][number]): string {
  if (now === null || before === null) return ''
  const by = wholePercent(now) - wholePercent(before)
  return by === 0 ? '' : ` ${by > 0 ? '▲' : '▼'}${Math.abs(by)}`
}

/** Without what no XML may hold: one such character in a name would spoil the whole picture. */
const drawable = (words: string): string => words.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '').replace(/\s+/gu, ' ')
