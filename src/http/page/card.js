// @ts-check
/** A card of the bot → elements. Text is only ever set as text; what it looks like is for style.css. */

/** @typedef {{ text: string, style?: 'bold' | 'italic' | 'quote' }} Span */
/** @typedef {{ label: string, data: string, role: 'option' | 'main' | 'item' | 'danger' | 'way' }} Button */
/** @typedef {{ text: Span[], rows: Button[][] }} Card */
/** @typedef {{ share: number, count: string | null }} Progress */

/** Bars come drawn with characters, which a screen reader would spell one by one. */
const BAR = /[█░]{10}/
const RATE = /^([█░]{10})\s*([\d.]+%)\s+(.+)$/
const NO_RATE = /^—{10}\s+—\s+(.+)$/
/** `3/8`: where we are; the veto questions of one indicator count for themselves, and are never this many. */
const PLACE = /(\d+)\/(\d+)/
const FEWEST_IN_ALL = 20

/**
 * The text of a card. `living`: with the ids that name the one card, and a heading that can be focused.
 * @param {Card} card
 * @param {boolean} living
 */
export function textElements(card, living) {
  const lines = linesOf(card.text)
  const notice = isNotice(lines) ? 0 : -1
  const heading = headingOf(lines, notice + 1)
  const elements = []
  let gap = false
  for (const [index, line] of lines.entries()) {
    if (line.length === 0) {
      gap = true
      continue
    }
    const element = lineElement(line, index === heading && living ? 'h2' : 'p')
    if (index === heading) {
      element.classList.add('asks')
      if (living) {
        element.id = 'card-title'
        element.tabIndex = -1
        if (notice === 0) element.setAttribute('aria-describedby', 'card-notice')
      }
    }
    if (index === notice) {
      element.classList.add('notice')
      if (living) element.id = 'card-notice'
    } else if (index < heading) element.classList.add('place')
    else if (index > heading && isBold(line)) element.classList.add('sub')
    if (gap) element.classList.add('gap')
    gap = false
    elements.push(element)
  }
  return elements
}

/**
 * The buttons of a card, in rows as they came. `living`: digits press them.
 * @param {Card} card
 * @param {(button: Button, element: HTMLButtonElement) => void} press
 * @param {{ options: string, ways: string }} names
 * @param {boolean} living
 */
export function rowElements(card, press, names, living) {
  const answers = card.rows.flat().some(({ role }) => role === 'option')
  let number = 0
  /** @param {Button} button */
  const toElement = (button) => {
    const element = document.createElement('button')
    element.type = 'button'
    element.className = `choice ${button.role}`
    element.textContent = button.label
    if (button.role === 'option' && button.label.startsWith('✓ ')) element.classList.add('chosen')
    if (living && button.role === (answers ? 'option' : 'main') && number < 9) {
      number += 1
      element.dataset.key = String(number)
      element.setAttribute('aria-keyshortcuts', String(number))
    }
    element.addEventListener('click', () => press(button, element))
    return element
  }
  /** @param {Button[]} row */
  const isWay = (row) => row.every(({ role }) => role === 'way')
  return [
    group(
      card.rows.filter((row) => !isWay(row)),
      names.options,
      'answers',
    ),
    group(card.rows.filter(isWay), names.ways, 'ways'),
  ].filter((one) => one.childElementCount > 0)

  /**
   * @param {Button[][]} rows
   * @param {string} name
   * @param {string} kind
   */
  function group(rows, name, kind) {
    const element = document.createElement('div')
    element.className = `rows ${kind}`
    element.setAttribute('role', 'group')
    element.setAttribute('aria-label', name)
    for (const row of rows) {
      const line = document.createElement('div')
      line.className = 'row'
      line.append(...row.map(toElement))
      element.append(line)
    }
    return element
  }
}

/**
 * How far the person is, read from the one bar of a question or of the contents; null for cards that do not say.
 * @param {Card} card
 * @returns {Progress | null}
 */
export function progressOf(card) {
  const bars = linesOf(card.text)
    .map(textOf)
    .filter((line) => BAR.test(line))
  const [line] = bars
  if (bars.length !== 1 || line === undefined) return null
  const cells = [.../** @type {RegExpExecArray} */ (BAR.exec(line))[0]].filter((one) => one === '█').length
  const place = PLACE.exec(line)
  const [number, all] = [Number(place?.[1]), Number(place?.[2])]
  if (!place || all < FEWEST_IN_ALL) return { share: cells / 10, count: null }
  // Behind the bar stands how much is done; before it the number of the question, which is only near to that.
  if (BAR.test(line.slice(0, 10))) return { share: number / all, count: null }
  const near = Math.abs((number - 1) / all - cells / 10) <= 0.1
  return { share: near ? (number - 1) / all : cells / 10, count: `${number}/${all}` }
}

/** @param {Span[]} spans */
function linesOf(spans) {
  /** @type {Span[][]} */
  const lines = [[]]
  for (const span of spans)
    for (const [index, text] of span.text.split('\n').entries()) {
      if (index > 0) lines.push([])
      if (text !== '') lines.at(-1)?.push({ ...span, text })
    }
  return lines
}

/** @param {Span[]} line */
const textOf = (line) => line.map(({ text }) => text).join('')
/** @param {Span[] | undefined} line */
const isBold = (line) => line?.length === 1 && line[0]?.style === 'bold'

/**
 * What was just done or refused stands first: a bold sentence and an empty line.
 * @param {Span[][]} lines
 */
const isNotice = (lines) => isBold(lines[0]) && lines[1]?.length === 0 && /[。.!?！？]$/.test(textOf(lines[0] ?? []))

/**
 * The line that names the card: the question, or the title; the first bold one.
 * @param {Span[][]} lines
 * @param {number} from
 */
function headingOf(lines, from) {
  const bold = lines.findIndex((line, index) => index >= from && isBold(line))
  return bold >= 0 ? bold : lines.findIndex((line, index) => index >= from && line.length > 0)
}

/**
 * @param {Span[]} line
 * @param {'p' | 'h2'} tag
 * @returns {HTMLElement}
 */
function lineElement(line, tag) {
  const text = textOf(line)
  const rate = RATE.exec(text)
  if (rate) return rateElement(barElement(rate[1] ?? ''), rate[2] ?? '', rate[3] ?? '')
  const none = NO_RATE.exec(text)
  if (none) return rateElement(barElement(''), '—', none[1] ?? '')
  const quoted = line.every(({ style }) => style === 'quote')
  const element = document.createElement(quoted ? 'blockquote' : tag)
  if (tag === 'h2') element.textContent = text
  else for (const span of line) element.append(...spanNodes(span))
  return element
}

/**
 * @param {HTMLElement} bar
 * @param {string} percent
 * @param {string} name
 */
function rateElement(bar, percent, name) {
  const element = document.createElement('p')
  element.className = 'rate'
  const [label, value] = [document.createElement('span'), document.createElement('span')]
  label.className = 'rate-name'
  label.textContent = name
  value.className = 'rate-value'
  value.textContent = percent
  element.append(label, ' ', bar, ' ', value)
  return element
}

/** @param {Span} span */
function spanNodes({ text, style }) {
  const nodes = text.split(/([█░]{10})/).map((part) => (BAR.test(part) ? barElement(part) : part))
  const tag = style === 'bold' ? 'strong' : style === 'italic' ? 'em' : null
  if (!tag) return nodes
  const element = document.createElement(tag)
  element.append(...nodes)
  return [element]
}

/** @param {string} drawn */
function barElement(drawn) {
  const element = document.createElement('span')
  element.className = `bar b${[...drawn].filter((one) => one === '█').length}`
  element.setAttribute('aria-hidden', 'true')
  return element
}
