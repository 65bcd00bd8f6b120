// @ts-check
/** The field in which people type: Enter sends as in other chats, Shift+Enter begins a line, and pasted lines stay lines. */

/** As much as the server takes in one input, of whatever characters. What is longer stays where it was typed. */
const LONGEST_TEXT = 2_000

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} input
 * @param {{ send: (text: string) => void, tooLong: (longest: string, count: string) => void }} then
 */
export function createComposer(form, input, { send, tooLong }) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const text = input.value.trim()
    if (text === '') return
    if (text.length > LONGEST_TEXT) return tooLong(String(LONGEST_TEXT), String(text.length))
    input.value = ''
    send(text)
  })
  input.addEventListener('keydown', (event) => {
    // While a word is being composed, as in Chinese, Enter only chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
}
