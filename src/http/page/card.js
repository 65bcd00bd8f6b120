// @ts-check
/** A card of the bot → elements. Text is only ever set as text; what it looks like is for style.css. */

import { barElement, blockElement, blockOf, inlineNodes } from './formatting.js'
import { mediaElement } from './media.js'

/** @typedef {import('./formatting.js').Span} Span */
/** @typedef {import('./formatting.js').Say} Say */
/** @typedef {{ label: string, data: string, role: 'option' | 'main' | 'item' | 'danger' | 'way' }} Button */
/** @typedef {{ text: Span[], rows: Button[][], media?: import('./media.js').Media }} Card */
/** @typedef {{ spans: Span[], block: string | null, joins: boolean }} Line `joins`: it goes on with the block of the line before. */

const RATE = /^([█░]{10})\s*([\d.]+%)\s+(.+)$/
const NO_RATE = /^—{10}\s+—\s+(.+)$/
/**
 * The text of a card, and what it shows above it. `living`: with the ids that name the one card, and a heading that can be
 * focused; the words of people in other messages have no heading but the one that the bot gave them.
 * @param {Card} card
 * @param {boolean} living
 * @param {Say} say
 */
export function textElements(card, living, say) {
  const lines = linesOf(card.text)
  const notice = isNotice(lines) ? 0 : -1
  const heading = headingOf(lines, notice + 1, living)
  /** @type {(() => void)[]} */
  const spoilers = []
  /** @type {HTMLElement[]} */
  const elements = card.media ? [mediaElement(card.media, say)] : []
  let gap = false
  for (let index = 0; index < lines.length; index++) {
    const line = /** @type {Line} */ (lines[index])
    if (line.spans.length === 0) {
      gap = true
      continue
    }
    const last = lines.findIndex((one, at) => at > index && !one.joins)
    const block = lines.slice(index, last < 0 ? lines.length : last)
    const element =
      line.block === null
        ? lineElement(line.spans, index === heading && living ? 'h2' : 'p', say, spoilers)
        : blockElement(
            line.block,
            block.map(({ spans }) => spans),
            say,
            spoilers,
          )
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
    index += block.length - 1
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
    element.dataset.data = button.data
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
 * A block, such as a quote, has lines of its own.
 * @param {Span[]} spans
 */
function linesOf(spans) {
  /** @type {Line[]} */
  const lines = [{ spans: [], block: null, joins: false }]
  for (const span of spans) {
    const block = blockOf(span)
    for (const [index, text] of span.text.split('\n').entries()) {
      let line = /** @type {Line} */ (lines.at(-1))
      if (index > 0 || (text !== '' && line.spans.length > 0 && line.block !== block)) {
        const joins = index > 0 && block !== null && line.block === block
        line = { spans: [], block, joins }
        lines.push(line)
      }
      if (text === '') continue
      if (line.block !== block) line.joins = false
      line.block = block
      line.spans.push({ ...span, text })
    }
  }
  return lines
}

/** @param {Span[]} line */
const textOf = (line) => line.map(({ text }) => text).join('')
/** @param {Line | undefined} line */
const isBold = (line) => line?.spans.length === 1 && line.spans[0]?.style === 'bold'

/**
 * What was just done or refused stands first: a bold sentence and an empty line.
 * @param {Line[]} lines
 */
const isNotice = (lines) =>
  isBold(lines[0]) && lines[1]?.spans.length === 0 && /[。.!?！？]$/.test(textOf(lines[0]?.spans ?? []))

/**
 * The line that names the card: the question, or the title; the first bold one, on the living card else the first at all.
 * @param {Line[]} lines
 * @param {number} from
 * @param {boolean} living
 */
function headingOf(lines, from, living) {
  const bold = lines.findIndex((line, index) => index >= from && isBold(line))
  return bold >= 0 || !living ? bold : lines.findIndex(({ spans }, index) => index >= from && spans.length > 0)
}

/**
 * @param {Span[]} line
 * @param {'p' | 'h2'} tag
 * @param {Say} say
 * @param {(() => void)[]} spoilers
 * @returns {HTMLElement}
 */
function lineElement(line, tag, say, spoilers) {
  const text = textOf(line)
  const rate = RATE.exec(text)
  if (rate) return rateElement(barElement(rate[1] ?? ''), rate[2] ?? '', rate[3] ?? '')
  const none = NO_RATE.exec(text)
  if (none) return rateElement(barElement(''), '—', none[1] ?? '')
  const element = document.createElement(tag)
  if (tag === 'h2') element.textContent = text
  else element.append(...inlineNodes(line, say, spoilers))
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
