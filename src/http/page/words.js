// @ts-check
/** The words of the page in every language, and the elements that show them. */

/** @param {HTMLElement} source holds all words as JSON, by language and key */
export function createWords(source) {
  const words = JSON.parse(source.textContent ?? '{}')
  const language = () => document.documentElement.lang
  /** @param {string} key @param {Record<string, string>} [variables] */
  const say = (key, variables = {}) =>
    String(words[language()]?.[key] ?? '').replace(/\{\{(\w+)\}\}/g, (_, name) => variables[name] ?? '')

  /** @param {string} to */
  function speakIn(to) {
    document.documentElement.lang = to
    for (const one of document.querySelectorAll('[data-word]'))
      one.textContent = say(/** @type {HTMLElement} */ (one).dataset.word ?? '')
    for (const one of document.querySelectorAll('[data-word-label]'))
      one.setAttribute('aria-label', say(/** @type {HTMLElement} */ (one).dataset.wordLabel ?? ''))
    for (const one of document.querySelectorAll('[data-word-placeholder]'))
      one.setAttribute('placeholder', say(/** @type {HTMLElement} */ (one).dataset.wordPlaceholder ?? ''))
    for (const one of document.querySelectorAll('.brand')) one.textContent = say('bot.name')
    document.title = say('bot.name')
  }
  return { say, speakIn, language }
}
