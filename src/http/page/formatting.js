// @ts-check
/** Formatting → elements, one inside the other. Links are looked at once more: what is none stays text. */

/** @typedef {{ type: string, language?: string, url?: string }} Mark */
/** @typedef {{ text: string, style?: 'bold' | 'italic' | 'quote', marks?: Mark[] }} Span */
/** @typedef {(key: string, variables?: Record<string, string>) => string} Say */

/** Bars come drawn with characters, which a screen reader would spell one by one. */
export const BAR = /[█░]{10}/

/** `quiet`: what the bot itself says in a lower voice. @type {Record<string, keyof HTMLElementTagNameMap>} */
const TAGS = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  strikethrough: 's',
  code: 'code',
  text_link: 'a',
  quiet: 'em',
}
const STYLES = { bold: 'bold', italic: 'quiet', quote: 'blockquote' }
const BLOCKS = ['pre', 'blockquote', 'expandable_blockquote']

/**
 * The quote or the code that a span belongs to; null for neither.
 * @param {Span} span
 */
export const blockOf = (span) => marksOf(span).find(({ type }) => BLOCKS.includes(type))?.type ?? null

/**
 * @param {string} block
 * @param {Span[][]} lines
 * @param {Say} say
 * @param {(() => void)[]} spoilers
 * @returns {HTMLElement}
 */
export function blockElement(block, lines, say, spoilers) {
  const nodes = lines.flatMap((line, index) => [...(index > 0 ? ['\n'] : []), ...inlineNodes(line, say, spoilers)])
  if (block !== 'pre') return elementOf('blockquote', nodes)
  return elementOf('pre', [elementOf('code', nodes)])
}

/**
 * A line. Whoever reveals one spoiler reveals all that are noted in `spoilers`: a hidden text may have several lines.
 * @param {Span[]} spans
 * @param {Say} say
 * @param {(() => void)[]} spoilers
 * @returns {(Node | string)[]}
 */
export function inlineNodes(spans, say, spoilers) {
  const pieces = spans.map((span) => ({
    text: span.text,
    marks: marksOf(span).filter(({ type, url }) => type in TAGS && (type !== 'text_link' || isLink(url))),
    hidden: marksOf(span).some(({ type }) => type === 'spoiler'),
  }))
  // Outside everything else, because a link inside what is hidden must not be there yet.
  return runsOf(pieces, ({ hidden }) => String(hidden)).flatMap((run) => {
    const nodes = nested(run)
    return run[0]?.hidden ? [spoilerElement(nodes, say, spoilers)] : nodes
  })
}

/** @typedef {{ text: string, marks: Mark[], hidden: boolean }} Piece */

/**
 * @param {Piece[]} pieces
 * @returns {(Node | string)[]}
 */
function nested(pieces) {
  // Those with the same outermost mark lie in one element.
  return runsOf(pieces, ({ marks }) => JSON.stringify(marks[0] ?? null)).flatMap((run) => {
    const mark = run[0]?.marks[0]
    if (!mark) return run.flatMap(({ text }) => withBars(text))
    const inside = run.map((piece) => ({ ...piece, marks: piece.marks.slice(1) }))
    const element = elementOf(TAGS[mark.type] ?? 'span', nested(inside))
    if (mark.type === 'quiet') element.className = 'quiet'
    if (element instanceof HTMLAnchorElement) {
      element.href = mark.url ?? ''
      element.rel = 'noopener noreferrer nofollow'
      element.target = '_blank'
    }
    return [element]
  })
}

/**
 * Not there at all until it is pressed, only as long as it will be; read aloud it is a button that says so.
 * @param {(Node | string)[]} nodes
 * @param {Say} say
 * @param {(() => void)[]} spoilers
 */
function spoilerElement(nodes, say, spoilers) {
  const whole = elementOf('span', nodes)
  const element = elementOf('span', ['█'.repeat([...(whole.textContent ?? '')].length)])
  element.className = 'spoiler hidden'
  element.tabIndex = 0
  element.setAttribute('role', 'button')
  element.setAttribute('aria-label', say('page.spoiler'))
  spoilers.push(() => {
    if (!element.classList.contains('hidden')) return
    element.className = 'spoiler'
    // Still able to hold the focus that it may have.
    element.tabIndex = -1
    element.removeAttribute('role')
    element.removeAttribute('aria-label')
    element.replaceChildren(whole)
  })
  const reveal = () => {
    for (const one of spoilers) one()
  }
  element.addEventListener('click', reveal)
  element.addEventListener('keydown', (event) => {
    if ((event.key !== 'Enter' && event.key !== ' ') || !element.classList.contains('hidden')) return
    event.preventDefault()
    reveal()
  })
  return element
}

/** @param {string} drawn */
export function barElement(drawn) {
  const element = elementOf('span', [])
  element.className = `bar b${[...drawn].filter((one) => one === '█').length}`
  element.setAttribute('aria-hidden', 'true')
  return element
}

/** @param {string} text */
const withBars = (text) => text.split(/([█░]{10})/).map((part) => (BAR.test(part) ? barElement(part) : part))

/**
 * All that holds for a span, its style among them, the outer first.
 * @param {Span} span
 * @returns {Mark[]}
 */
const marksOf = ({ style, marks = [] }) => (style ? [{ type: STYLES[style] }, ...marks] : marks)

/** @param {string | undefined} url */
function isLink(url) {
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(url ?? '').protocol)
  } catch {
    return false
  }
}

/**
 * Neighbours that are alike, together.
 * @template T
 * @param {T[]} all
 * @param {(one: T) => string} kind
 */
function runsOf(all, kind) {
  /** @type {T[][]} */
  const runs = []
  for (const [index, one] of all.entries()) {
    const before = all[index - 1]
    if (before !== undefined && kind(before) === kind(one)) runs.at(-1)?.push(one)
    else runs.push([one])
  }
  return runs
}

/**
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {(Node | string)[]} nodes
 * @returns {HTMLElement}
 */
function elementOf(tag, nodes) {
  const element = document.createElement(tag)
  element.append(...nodes)
  return element
}
