/**
 * Pictures for reports. The radar shows the second-level rates of a community, this round's over the last one's, as a
 * square PNG that can be read on a phone. What it shows in words is the caller's to say.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DrawRadar } from '../app/desk.js'
import { writeFontConfig } from './fonts.js'
import * as marks from './radar-marks.js'

/** Fewer axes have no area. */
const FEWEST_AXES = 3

let last: Promise<unknown> = Promise.resolve()

/** Draws the rates (0 to 1; null where nothing was scored) as a PNG of `RADAR_SIZE` squared. */
export const radarPng: DrawRadar = (radar) => {
  // One after the other: many at once would hold up everybody else, and take the memory of all of them.
  const drawn = last.then(() => draw(radar))
  last = drawn.catch(() => {})
  return drawn
}

async function draw(radar: marks.Radar): Promise<Uint8Array> {
  const { echarts, sharp } = await libraries()
  await nextTurn()
  const svg = radarSvg(echarts, radar)
  await nextTurn()
  // In a thread of its own, so that nothing waits for it.
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer()
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

/** The grid and this round's area are the library's; lines, marks and words are placed by us. */
function radarSvg(echarts: Libraries['echarts'], { title, axes, legend }: marks.Radar): string {
  if (axes.length < FEWEST_AXES) throw new Error(`Expected ${FEWEST_AXES} axes or more, got ${axes.length}`)
  const compared = legend.before !== null && axes.some(({ before }) => before !== null)
  const now = axes.map((axis) => axis.now)
  const size = marks.RADAR_SIZE
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: size, height: size })
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#FFFFFF',
      radar: {
        center: [marks.FIELD.centreX, marks.FIELD.centreY],
        radius: marks.RADIUS,
        splitNumber: marks.RINGS,
        indicator: axes.map((_, i) => ({ name: String(i), min: 0, max: 1 })),
        axisName: { show: false },
        axisLine: { lineStyle: { color: marks.GRID } },
        splitLine: { lineStyle: { color: marks.GRID, width: 1.5 } },
        splitArea: { areaStyle: { color: ['#FFFFFF', '#F6F9FA'] } },
      },
      series: {
        type: 'radar',
        silent: true,
        symbol: 'none',
        // echarts goes round against the clock.
        data: [{ value: now.map((_, i) => marks.within(now[(now.length - i) % now.length] ?? 0)) }],
        lineStyle: { width: 0 },
        areaStyle: { color: marks.NOW, opacity: 0.2 },
      },
      graphic: {
        elements: [
          ...(compared
            ? marks.outline(
                axes.map(({ before }) => before),
                { color: marks.BEFORE, width: 3, dash: [10, 8] },
              )
            : []),
          ...marks.outline(now, { color: marks.NOW, width: 4, dash: null }),
          ...marks.titleText(title),
          ...marks.ringTexts(),
          ...marks.labelTexts(axes, compared),
          ...marks.legendMarks(legend, compared),
        ],
      },
    })
    return chart.renderToSVGString()
  } finally {
    chart.dispose()
  }
}
