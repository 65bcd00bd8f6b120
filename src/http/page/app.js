// @ts-check
/** The page of the chat: one living card, what the person typed above it, and a line to type in. What is asked is the server's business. */
import { progressOf, rowElements, textElements } from './card.js'
import { offerLocation } from './location.js'
import { createLog } from './log.js'
import { createOutbox, nextId } from './outbox.js'
import { createWords } from './words.js'

/** @typedef {import('./card.js').Card} Card */
/** @typedef {import('./outbox.js').Entry} Entry */
/** @typedef {{ language: string, before?: Card, card: Card & { id: string }, toast?: string, file?: { name: string, mime: string, base64: string } }} Reply */

/** As much as the server takes in one input; the bot refuses much shorter texts with a sentence. */
const LONGEST_TEXT = 2_000
const LARGEST_FILE_BYTES = 10 * 1024 * 1024
const TOAST_MS = 4_000
/** A card that comes at once needs no sign that it is awaited. */
const SLOW_MS = 1_200

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id))
const { say, speakIn, language } = createWords(byId('words'))
const section = byId('card')
const status = byId('status')
const menu = /** @type {HTMLDetailsElement} */ (byId('menu'))
const input = /** @type {HTMLInputElement} */ (byId('text'))
const fileInput = /** @type {HTMLInputElement} */ (byId('file'))
const attach = byId('attach')
const attachMenu = byId('attach-menu')

/** @type {string | null} */
let shown = null
let slow = 0
let toast = 0

const log = createLog(byId('log'))
const outbox = createOutbox({ card: () => shown, language, answered, refused, trying })

speakIn(language())
const left = outbox.resume()
for (const one of left) if (one.kind === 'text') log.add(one.id, one.text ?? '')
if (left.length === 0) look()
waitForIt()

/** @param {Entry} entry @param {Reply} reply */
function answered(entry, reply) {
  if (reply.language !== language()) speakIn(reply.language)
  log.arrived(entry.input.id)
  if (reply.before) log.addCard(reply.before)
  if (reply.file) log.addDownload(reply.file, say('page.download', { name: reply.file.name }))
  // The same card is left alone: a screen reader would read it again, and its notice would go.
  if (reply.card.id !== shown || entry.input.kind !== 'look') show(reply.card)
  if (reply.toast) showToast(reply.toast)
  settle()
}

/** @param {Entry} entry @param {import('./outbox.js').Outcome} outcome */
function refused(entry, { status: code, body }) {
  if (code === 401) return location.replace('/')
  log.failed(entry.input.id, say('page.not_sent'))
  showToast(body?.sentence ?? say(code === 413 ? 'page.too_large' : 'page.not_sent'))
  settle()
  if (shown === null && !outbox.isBusy() && entry.input.kind !== 'look') look()
}

function settle() {
  if (outbox.isBusy()) return
  clearTimeout(slow)
  section.setAttribute('aria-busy', 'false')
  for (const one of section.querySelectorAll('.choice')) {
    one.removeAttribute('aria-disabled')
    one.classList.remove('pressed')
  }
}

/** @param {number} failures */
function trying(failures) {
  if (failures > 0) return setStatus(navigator.onLine ? say('page.retrying') : say('page.offline'), 'trouble')
  if (status.classList.contains('trouble')) {
    setStatus(say('page.back_online'), 'good')
    setTimeout(() => status.classList.contains('good') && setStatus('', ''), 2_000)
  } else if (!status.classList.contains('good')) setStatus('', '')
}

/** @param {Card & { id: string }} card */
function show(card) {
  const typing = document.activeElement === input
  // Where the focus goes to the heading, the heading is read; where it stays, the live region is.
  section.setAttribute('aria-live', typing ? 'polite' : 'off')
  const press = (/** @type {import('./card.js').Button} */ button, /** @type {HTMLElement} */ element) => {
    if (outbox.isBusy()) return
    element.classList.add('pressed')
    commit({ id: nextId(), kind: 'press', data: button.data, card: card.id })
  }
  const first = shown === null
  shown = card.id
  section.replaceChildren(
    ...textElements(card, true),
    ...rowElements(card, press, { options: say('page.options'), ways: say('page.ways') }),
  )
  const progress = progressOf(card)
  if (progress) {
    const bar = /** @type {HTMLProgressElement} */ (byId('progress'))
    bar.value = Math.round(progress.share * 100)
    bar.hidden = false
  }
  byId('count').textContent = progress?.count ?? ''
  if (!typing && !first) byId('card-title').focus({ preventScroll: true })
  if (first) section.setAttribute('aria-live', 'polite')
  section.scrollIntoView({ block: 'start' })
}

/** @param {import('./outbox.js').Input} one */
function commit(one) {
  outbox.add({ input: one })
  waitForIt()
}

function waitForIt() {
  if (!outbox.isBusy()) return
  section.setAttribute('aria-busy', 'true')
  for (const one of section.querySelectorAll('.choice')) one.setAttribute('aria-disabled', 'true')
  clearTimeout(slow)
  slow = window.setTimeout(() => {
    if (!status.classList.contains('trouble')) setStatus(say('page.sending'), '')
  }, SLOW_MS)
}

function look() {
  if (!outbox.isBusy()) commit({ id: nextId(), kind: 'look', ...(shown === null ? {} : { card: shown }) })
}

// --- what is typed and attached

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault()
  const text = input.value.trim().slice(0, LONGEST_TEXT)
  if (text === '') return
  input.value = ''
  const id = nextId()
  log.add(id, text)
  commit({ id, kind: 'text', text, ...(shown === null ? {} : { card: shown }) })
})

attach.addEventListener('click', () => openAttach(attachMenu.hidden !== false))
byId('attach-file').addEventListener('click', () => {
  openAttach(false)
  fileInput.click()
})
fileInput.addEventListener('change', () => {
  for (const file of fileInput.files ?? []) {
    const id = nextId()
    log.add(id, file.name)
    if (file.size > LARGEST_FILE_BYTES) {
      log.failed(id, say('page.not_sent'))
      showToast(say('page.too_large'))
      continue
    }
    outbox.add({ input: { id, kind: 'file' }, file })
  }
  fileInput.value = ''
  waitForIt()
})
offerLocation(byId('attach-location'), {
  begun: () => openAttach(false),
  found({ latitude, longitude }) {
    const id = nextId()
    log.add(id, say('page.here'))
    commit({ id, kind: 'location', latitude, longitude, ...(shown === null ? {} : { card: shown }) })
  },
  refused: () => showToast(say('page.no_location')),
})

for (const button of menu.querySelectorAll('button'))
  button.addEventListener('click', () => {
    menu.open = false
    if (outbox.isBusy()) return
    button.blur()
    const data = button.dataset.command ?? 'start'
    commit({ id: nextId(), kind: 'command', data, ...(shown === null ? {} : { card: shown }) })
  })

/** @param {boolean} open */
function openAttach(open) {
  attachMenu.hidden = !open
  attach.setAttribute('aria-expanded', String(open))
  if (open) attachMenu.querySelector('button')?.focus()
}

document.addEventListener('click', ({ target }) => {
  if (target instanceof Node && !menu.contains(target)) menu.open = false
  if (target instanceof Node && !attachMenu.contains(target) && !attach.contains(target)) openAttach(false)
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    if (menu.open) menu.querySelector('summary')?.focus()
    if (!attachMenu.hidden) attach.focus()
    menu.open = false
    openAttach(false)
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === input || !/^[0-9]$/.test(event.key)) return
  const options = [...section.querySelectorAll('.choice[data-key]')]
  // Where the options are numbers themselves, a digit is the beginning of a number and not the place of an option.
  if (options.some(({ textContent }) => /^(?:✓ )?\d/.test(textContent ?? ''))) return input.focus()
  const option = options[Number(event.key) - 1]
  if (option instanceof HTMLElement && !event.repeat) option.click()
})

// --- coming back

window.addEventListener('online', () => outbox.hurry())
window.addEventListener('offline', () => setStatus(say('page.offline'), 'trouble'))
window.addEventListener('online', () => trying(0))
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) look()
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return
  outbox.hurry()
  look()
})
// Only files are lost with the page; everything else is sent by the next one.
window.addEventListener('beforeunload', (event) => {
  if (outbox.hasFiles()) event.preventDefault()
})

// --- what is shown beside the card

/** @param {string} text @param {string} kind */
function setStatus(text, kind) {
  if (status.textContent !== text) status.textContent = text
  status.className = `status ${kind}`
}

/** @param {string} text */
function showToast(text) {
  clearTimeout(toast)
  setStatus(text, 'toast')
  toast = window.setTimeout(() => status.classList.contains('toast') && setStatus('', ''), TOAST_MS + text.length * 60)
}
