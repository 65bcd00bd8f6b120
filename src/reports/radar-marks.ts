/** Lines and words of the radar, as elements for the drawing library, each at its place on the picture. */
import type { DrawRadar } from '../app/desk.js'
import { FONT_FAMILY } from './fonts.js'
import { type Field, placeLabels, widthOf, wrap } from './radar-labels.js'

export type Radar = Parameters<DrawRadar>[0]

/** Width and height in pixels: three times a phone's width in points. */
export const RADAR_SIZE = 1080
export const RADIUS = 322
export const RINGS = 5
export const NOW = '#12708A'
export const BEFORE = '#C08A4B'
export const GRID = '#D5DEE1'
const INK = '#22343C'
const QUIET = '#7A8A91'

const MARGIN = 24
/** Where labels stand: between the title and the legend. */
export const FIELD: Field = {
  left: MARGIN,
  right: RADAR_SIZE - MARGIN,
  top: 112,
  bottom: 1012,
  centreX: RADAR_SIZE / 2,
  centreY: 562,
  radius: RADIUS + 14,
}
const TITLE_MIDDLE = 60
const LEGEND_MIDDLE = 1044
const TITLE_SIZES = [42, 38, 34, 30]
const MOST_TITLE_LINES = 2
const LEGEND_SIZE = 28
/** Two of them stand side by side. */
const LONGEST_LEGEND = 15
/** The change stands behind the rate in smaller type. */
const CHANGE_SIZE = 0.8
/** Over what the library draws. */
const layer = { silent: true, z: 100 }

type Look = { size: number; color: string; bold?: boolean; align?: 'left' | 'center'; halo?: boolean }

function text(words: string, x: number, y: number, { size, color, bold, align = 'center', halo }: Look) {
  const style = {
    text: drawable(words),
    // No quotes around the name: the library writes them into an attribute as they are.
    font: `${bold ? 'bold' : 'normal'} ${size}px ${FONT_FAMILY}`,
    fill: color,
    align,
    verticalAlign: 'middle' as const,
    ...(halo ? { stroke: 'rgba(255,255,255,0.75)', lineWidth: 3 } : {}),
  }
  return { type: 'text' as const, ...layer, x, y, style }
}

/** On one line as large as it fits, else on two. */
export function titleText(title: string) {
  const width = RADAR_SIZE - 2 * MARGIN
  const words = drawable(title)
  const size = TITLE_SIZES.find((one) => widthOf(words) * one <= width) ?? TITLE_SIZES.at(-1)!
  const lines = wrap(words, width / size, MOST_TITLE_LINES)
  const height = size * 1.25
  const first = TITLE_MIDDLE - ((lines.length - 1) * height) / 2
  return lines.map((line, i) => text(line, RADAR_SIZE / 2, first + i * height, { size, color: INK, bold: true }))
}

/** What the rings stand for, along the first axis. */
export function ringTexts() {
  return Array.from({ length: RINGS }, (_, i) => {
    const share = (i + 1) / RINGS
    const look: Look = { size: 19, color: QUIET, align: 'left', halo: true }
    return text(`${Math.round(share * 100)}%`, FIELD.centreX + 6, FIELD.centreY - RADIUS * share + 13, look)
  })
}

/** A line through the rates with a dot on each. Where nothing was scored it is broken: a line down to 0 would be a lie. */
export function outline(
  rates: readonly (number | null)[],
  { color, width, dash }: { color: string; width: number; dash: number[] | null },
) {
  const points = rates.map((rate, i): [number, number] | null => {
    const angle = (2 * Math.PI * i) / rates.length
    const reach = RADIUS * within(rate ?? 0)
    return rate === null ? null : [FIELD.centreX + reach * Math.sin(angle), FIELD.centreY - reach * Math.cos(angle)]
  })
  const style = { stroke: color, lineWidth: width, fill: 'none', lineJoin: 'round' as const, lineDash: dash }
  const lines = runsOf(points).map((run) =>
    run.length > points.length
      ? { type: 'polygon' as const, ...layer, shape: { points: run.slice(1) }, style }
      : { type: 'polyline' as const, ...layer, shape: { points: run }, style },
  )
  const dots = points.flatMap((point) => {
    if (!point) return []
    const shape = { cx: point[0], cy: point[1], r: width * 1.3 }
    return [{ type: 'circle' as const, ...layer, shape, style: { fill: color } }]
  })
  return [...lines, ...dots]
}

/** Neighbouring points, round and round; where none is missing, one run that ends where it began. */
function runsOf<T>(points: readonly (T | null)[]): T[][] {
  const gap = points.indexOf(null)
  if (gap === -1) return [[...points, points[0]!] as T[]]
  const runs: T[][] = [[]]
  for (let i = 1; i <= points.length; i++) {
    const point = points[(gap + i) % points.length] ?? null
    if (point === null) runs.push([])
    else runs.at(-1)!.push(point)
  }
  return runs.filter((run) => run.length > 1)
}

/** Each axis's name; below it `93%`, with how far that is from the round before; `—` where nothing was scored. */
export function labelTexts(axes: Radar['axes'], compared: boolean) {
  const words = axes.map((axis) => {
    const [now, change] = [percent(axis.now), compared ? changeOf(axis) : '']
    const nowWidth = widthOf(now)
    return { name: drawable(axis.name), now, change, nowWidth, valueWidth: nowWidth + widthOf(change) * CHANGE_SIZE }
  })
  return placeLabels(words, FIELD).flatMap(({ lines, size, lineHeight, left, top, width }, i) => {
    const { now, change, nowWidth, valueWidth } = words[i]!
    const middle = left + width / 2
    const line = (row: number) => top + lineHeight * (row + 0.5)
    const start = middle - (valueWidth * size) / 2
    const below = line(lines.length)
    const small: Look = { size: size * CHANGE_SIZE, color: QUIET, align: 'left' }
    return [
      ...lines.map((one, row) => text(one, middle, line(row), { size, color: INK })),
      text(now, start, below, { size, color: NOW, bold: true, align: 'left' }),
      ...(change ? [text(change, start + nowWidth * size, below, small)] : []),
    ]
  })
}

export function legendMarks(legend: Radar['legend'], compared: boolean) {
  const entries = [
    { words: legend.now, color: NOW, dash: {} },
    ...(compared && legend.before !== null
      ? [{ words: legend.before, color: BEFORE, dash: { lineDash: [10, 8] } }]
      : []),
  ].map((entry) => ({ ...entry, words: wrap(drawable(entry.words), LONGEST_LEGEND, 1)[0]! }))
  const [mark, space, between] = [56, 14, 56]
  const widths = entries.map(({ words }) => mark + space + widthOf(words) * LEGEND_SIZE)
  let x = (RADAR_SIZE - widths.reduce((sum, one) => sum + one, 0) - between * (entries.length - 1)) / 2
  return entries.flatMap(({ words, color, dash }, i) => {
    const start = x
    x += widths[i]! + between
    const shape = { x1: start, y1: LEGEND_MIDDLE, x2: start + mark, y2: LEGEND_MIDDLE }
    const line = { type: 'line' as const, ...layer, shape, style: { stroke: color, lineWidth: 5, ...dash } }
    const look: Look = { size: LEGEND_SIZE, color: INK, align: 'left' }
    return [line, text(words, start + mark + space, LEGEND_MIDDLE, look)]
  })
}

/** A rate that lies on the picture. */
export const within = (rate: number): number => Math.min(Math.max(rate, 0), 1)

/** Whole percent; 100 and 0 only where it is all or nothing. */
function wholePercent(rate: number): number {
  if (rate <= 0 || rate >= 1) return within(rate) * 100
  return Math.min(Math.max(Math.round(rate * 100), 1), 99)
}

const percent = (rate: number | null): string => (rate === null ? '—' : `${wholePercent(rate)}%`)

function changeOf({ now, before }: Radar['axes'][number]): string {
  if (now === null || before === null) return ''
  const by = wholePercent(now) - wholePercent(before)
  return by === 0 ? '' : ` ${by > 0 ? '▲' : '▼'}${Math.abs(by)}`
}

/** Without what no XML may hold: one such character in a name would spoil the whole picture. */
const drawable = (words: string): string => words.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
