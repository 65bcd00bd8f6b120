/**
 * Places the labels around a radar: as large as they fit, in whole words where possible, none over another, none over
 * the edge. The drawing library does neither wrap Chinese nor keep labels apart, so this is reckoned before.
 */

/** Where labels may stand, and the circle that they stand around. */
export type Field = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly centreX: number
  readonly centreY: number
  readonly radius: number
}
export type Label = {
  readonly lines: readonly string[]
  /** Font size of the lines, and the height that each takes. */
  readonly size: number
  readonly lineHeight: number
  /** The box that the label fills, with the values below the name. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A label's name, and how wide, in characters of full width, what stands in one line below it is. */
export type Wording = { readonly name: string; readonly valueWidth: number }

/** At 1080 pixels on a phone of 360 points, the smallest is still 5 points high and the largest 10. */
const SIZES = [30, 28, 26, 24, 22, 20, 18, 16]
/** How wide a label may be, in characters: few long lines before many short ones. */
const WIDTHS = [12, 10, 9, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4]
/** More lines are shortened; so long a name is none. */
const MOST_LINES = 4
const LINE_HEIGHT = 1.22
/** Between labels side by side; above each other, half of it. */
const GAP = 12

/** One label for each axis; the first stands on top, the others follow clockwise. */
export function placeLabels(wordings: readonly Wording[], field: Field): Label[] {
  const longestWord = Math.max(...wordings.flatMap(({ name }) => piecesOf(name)).map((piece) => widthOf(piece.trim())))
  const wrapped = WIDTHS.map((characters) => ({
    lines: wordings.map(({ name }) => wrap(name, characters, MOST_LINES)),
    broken: longestWord > characters,
  }))
  const attempt = (lines: readonly string[][], size: number) =>
    wordings.map(({ valueWidth }, i) => place(lines[i]!, valueWidth, size, (2 * Math.PI * i) / wordings.length, field))
  // Whole words at a small size before broken ones at a large one.
  for (const mayBreak of [false, true])
    for (const size of SIZES)
      for (const { lines, broken } of wrapped) {
        if ((broken && !mayBreak) || lines.some((one) => one.at(-1)!.endsWith('…'))) continue
        const labels = attempt(lines, size)
        if (areApart(labels, field)) return labels
      }
  return attempt(wrapped.at(-1)!.lines, SIZES.at(-1)!)
}

/**
 * Breaks a text into lines of about the same length, none wider than so many characters of full width. What is more than
 * `most` lines ends in `…`.
 */
export function wrap(text: string, characters: number, most: number): string[] {
  const pieces = piecesOf(text).flatMap((piece) => (widthOf(piece.trim()) <= characters ? [piece] : [...piece]))
  const lines = fill(pieces, characters)
  if (lines.length <= most) return balance(pieces, lines.length, characters)
  const kept = lines.slice(0, most)
  while (widthOf(`${kept[most - 1]}…`) > characters) kept[most - 1] = [...kept[most - 1]!].slice(0, -1).join('')
  return [...kept.slice(0, -1), `${kept[most - 1]}…`]
}

/** The same number of lines, each as near to the mean of those that are left as the others allow. */
function balance(pieces: readonly string[], count: number, characters: number): string[] {
  const all = pieces.join('').trim()
  if (count === 1) return [all]
  const heads = pieces.map((_, i) =>
    pieces
      .slice(0, i + 1)
      .join('')
      .trim(),
  )
  const off = (head: string) => Math.abs(widthOf(head) - widthOf(all) / count)
  const [cut] = heads
    .map((head, i) => ({ head, i }))
    .filter(({ head, i }) => widthOf(head) <= characters && fill(pieces.slice(i + 1), characters).length === count - 1)
    .sort((a, b) => off(a.head) - off(b.head))
  return [cut!.head, ...balance(pieces.slice(cut!.i + 1), count - 1, characters)]
}

/** Width in characters of full width, as the font has it; rather a little too wide than too narrow. */
export function widthOf(text: string): number {
  let width = 0
  for (const one of text) width += WIDTH_CLASSES.find(([some]) => some.test(one))?.[1] ?? 1
  return width
}

/** Measured of the regular weight; the bold one's digits are 0.03 wider. */
const WIDTH_CLASSES: readonly (readonly [RegExp, number])[] = [
  [/ /, 0.23],
  [/[ijlI.,:;'!|]/, 0.31],
  [/[frt()[\]{}\-/\\*"`]/, 0.39],
  [/[mMwW%@]/, 0.96],
  [/[A-Z&]/, 0.68],
  [/[!-~\u00C0-\u024F]/, 0.6],
]

/** What is better not broken: single Chinese characters with the punctuation at them, words and their parts with the blank behind. */
const piecesOf = (text: string): string[] =>
  text.trim().match(/[!-,.-~\u00C0-\u024F]+-?\s*|[（《“〈【]*[^\s][）》”〉】、，。；：！？·]*\s*/gu) ?? ['']

function fill(pieces: readonly string[], characters: number): string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf((last + piece).trim()) <= characters) lines[lines.length - 1] = last + piece
    else lines.push(piece)
  }
  return lines.map((line) => line.trim())
}

/** The box lies outwards of the axis, as near to the circle as its corners allow. */
function place(lines: readonly string[], valueWidth: number, size: number, angle: number, field: Field): Label {
  const lineHeight = Math.round(size * LINE_HEIGHT)
  const width = size * Math.max(valueWidth, ...lines.map(widthOf))
  const height = lineHeight * (lines.length + 1)
  const [outX, outY] = [Math.sin(angle), -Math.cos(angle)]
  for (let distance = field.radius; ; distance += 2) {
    const left = field.centreX + outX * (distance + width / 2) - width / 2
    const top = field.centreY + outY * (distance + height / 2) - height / 2
    const label = { lines, size, lineHeight, left, top, width, height }
    if (isOffCircle(label, field)) return label
  }
}

function areApart(labels: readonly Label[], field: Field): boolean {
  return labels.every((one, i) => {
    const inField =
      one.left >= field.left &&
      one.left + one.width <= field.right &&
      one.top >= field.top &&
      one.top + one.height <= field.bottom
    return inField && labels.slice(i + 1).every((other) => areTwoApart(one, other))
  })
}

const areTwoApart = (a: Label, b: Label): boolean =>
  a.left + a.width + GAP <= b.left ||
  b.left + b.width + GAP <= a.left ||
  a.top + a.height + GAP / 2 <= b.top ||
  b.top + b.height + GAP / 2 <= a.top

function isOffCircle({ left, top, width, height }: Label, { centreX, centreY, radius }: Field): boolean {
  const x = Math.min(Math.max(centreX, left), left + width) - centreX
  const y = Math.min(Math.max(centreY, top), top + height) - centreY
  // What touches it by a hair on one axis is off it: the reckoning is in fractions of pixels.
  return Math.hypot(x, y) >= radius - 0.01
}
