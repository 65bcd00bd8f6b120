// @ts-check
/** One line about the connection, or about what was just refused. */

/** How long a sentence stays at least; a longer one stays longer. */
const TOAST_MS = 4_000
const MS_PER_CHARACTER = 60
/** Good news goes soon. */
const GOOD_MS = 2_000

/**
 * @param {HTMLElement} element
 * @param {(key: string) => string} say
 */
export function createStatus(element, say) {
  let toast = 0
  /** @param {string} kind */
  const is = (kind) => element.classList.contains(kind)

  /** @param {string} text @param {string} kind */
  function set(text, kind) {
    if (element.textContent !== text) element.textContent = text
    element.className = `status ${kind}`
  }
  const clear = () => set('', '')

  return {
    /** @param {string} text */
    toast(text) {
      clearTimeout(toast)
      set(text, 'toast')
      toast = window.setTimeout(() => is('toast') && clear(), TOAST_MS + text.length * MS_PER_CHARACTER)
    },
    /** Something takes its time. */
    slow() {
      if (!is('trouble')) set(say('page.sending'), '')
    },
    offline: () => set(say('page.offline'), 'trouble'),
    /** @param {number} failures 0 once all is well */
    trying(failures) {
      if (failures > 0) return set(say(navigator.onLine ? 'page.retrying' : 'page.offline'), 'trouble')
      if (is('trouble')) {
        set(say('page.back_online'), 'good')
        setTimeout(() => is('good') && clear(), GOOD_MS)
      } else if (!is('good')) clear()
    },
  }
}
