// @ts-check
/** How far the person is, in the head of the page. */
import { BAR } from './formatting.js'

/** @typedef {{ share: number, count: string | null }} Progress */

/** `3/8`: where we are; the veto questions of one indicator count for themselves, and are never this many. */
const PLACE = /(\d+)\/(\d+)/
const FEWEST_IN_ALL = 20

/**
 * A card that does not say leaves the bar as it is.
 * @param {import('./card.js').Card} card
 * @param {HTMLProgressElement} bar
 * @param {HTMLElement} count
 */
export function drawProgress(card, bar, count) {
  const progress = progressOf(card)
  if (progress) {
    bar.value = Math.round(progress.share * 100)
    bar.hidden = false
  }
  count.textContent = progress?.count ?? ''
}

/**
 * How far the person is, read from the one bar of a question or of the contents; null for cards that do not say.
 * @param {import('./card.js').Card} card
 * @returns {Progress | null}
 */
function progressOf(card) {
  const bars = card.text
    .map(({ text }) => text)
    .join('')
    .split('\n')
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
