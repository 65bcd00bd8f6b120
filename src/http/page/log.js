// @ts-check
/** What stands above the living card: what the person typed or sent, and what the bot said beside the card. */
import { textElements } from './card.js'

/** More bubbles only make an old phone slow; the answers themselves are in the contents. */
const MOST_BUBBLES = 30

/** @param {HTMLElement} log */
export function createLog(log) {
  /** @type {Map<string, HTMLElement>} */
  const waiting = new Map()

  /**
   * @param {'p' | 'div'} tag
   * @param {string} kind
   * @param {(Node | string)[]} content
   */
  function append(tag, kind, content) {
    const bubble = document.createElement(tag)
    bubble.className = `bubble ${kind}`
    bubble.append(...content)
    log.append(bubble)
    while (log.childElementCount > MOST_BUBBLES) log.firstElementChild?.remove()
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
    /** @param {import('./card.js').Card} card */
    addCard: (card) => void append('div', 'theirs', textElements(card, false)),
    /**
     * A file as a link; its address dies with the page.
     * @param {{ name: string, mime: string, base64: string }} file
     * @param {string} label
     */
    addDownload({ name, mime, base64 }, label) {
      const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([bytes], { type: mime }))
      link.download = name
      link.textContent = label
      append('p', 'theirs', [link])
    },
  }
}
