// @ts-check
/** What stands above the living card: what the person typed or sent, and what the bot said beside the card. */
import { textElements } from './card.js'
import { pictureElements } from './picture.js'

/** More bubbles only make an old phone slow; the answers themselves are in the contents. */
const MOST_BUBBLES = 30

/**
 * @param {HTMLElement} log
 * @param {(key: string, variables?: Record<string, string>) => string} say
 */
export function createLog(log, say) {
  /** @type {Map<string, HTMLElement>} */
  const waiting = new Map()

  /**
   * @param {'p' | 'div' | 'figure'} tag
   * @param {string} kind
   * @param {(Node | string)[]} content
   */
  function append(tag, kind, content) {
    const bubble = document.createElement(tag)
    bubble.className = `bubble ${kind}`
    bubble.append(...content)
    log.append(bubble)
    while (log.childElementCount > MOST_BUBBLES) drop(log.firstElementChild)
    return bubble
  }

  return {
    /**
     * Something of the person's own, not yet answered.
     * @param {string} id
     * @param {string} text
     */
    add(id, text) {
      const bubble = append('p', 'mine waiting', [text])
      // Who typed it need not hear it.
      bubble.setAttribute('aria-live', 'off')
      waiting.set(id, bubble)
      bubble.scrollIntoView({ block: 'nearest' })
    },
    /** @param {string} id */
    arrived(id) {
      waiting.get(id)?.classList.remove('waiting')
      waiting.delete(id)
    },
    /**
     * @param {string} id
     * @param {string} why
     */
    failed(id, why) {
      const bubble = waiting.get(id)
      const small = document.createElement('small')
      small.textContent = why
      bubble?.classList.replace('waiting', 'failed')
      bubble?.append(small)
      waiting.delete(id)
    },
    /**
     * A message of its own, with what it offers.
     * @param {import('./card.js').Card} card
     * @param {HTMLElement[]} rows
     */
    addCard: (card, rows) => append('div', 'theirs', [...textElements(card, false, say), ...rows]),
    /** A message whose button was pressed has been answered: its buttons go. */
    used() {
      const bubble = log.querySelector('.pressed')?.closest('.bubble')
      for (const one of bubble?.querySelectorAll('.rows') ?? []) one.remove()
    },
    /**
     * The messages with a button of this data get other buttons; everything else stays as it is.
     * @param {string} data
     * @param {() => HTMLElement[]} rows
     */
    renew(data, rows) {
      const buttons = [...log.querySelectorAll('.choice')].filter(
        (one) => one instanceof HTMLElement && one.dataset.data === data,
      )
      for (const bubble of new Set(buttons.map((one) => one.closest('.bubble')))) {
        const focused = bubble?.querySelector('.rows :focus') !== null
        for (const one of bubble?.querySelectorAll('.rows') ?? []) one.remove()
        bubble?.append(...rows())
        if (focused) bubble?.querySelector('button')?.focus({ preventScroll: true })
      }
    },
    /** @param {import('./picture.js').Picture} picture */
    addPicture: (picture) => append('figure', 'theirs picture', pictureElements(picture, say)),
    /**
     * A file as a link.
     * @param {{ name: string, mime: string, base64: string }} file
     */
    addDownload({ name, mime, base64 }) {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([bytes], { type: mime }))
      link.download = name
      link.textContent = say('page.download', { name })
      return append('p', 'theirs', [link])
    },
  }
}

/**
 * The addresses of its files and pictures go with a bubble.
 * @param {Element | null} bubble
 */
function drop(bubble) {
  for (const link of bubble?.querySelectorAll('a') ?? []) URL.revokeObjectURL(link.href)
  bubble?.remove()
}
