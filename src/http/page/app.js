// @ts-check
/** The page of the chat: one living card, what the person typed above it, and a line to type in. What is asked is the server's business. */
import { rowElements, textElements } from './card.js'
import { createComposer } from './composer.js'
import { takeInvitation } from './join.js'
import { offerLocation } from './location.js'
import { createLog } from './log.js'
import { createOutbox, nextId } from './outbox.js'
import { drawProgress } from './progress.js'
import { createStatus } from './status.js'
import { createWords } from './words.js'

/** @typedef {import('./card.js').Card} Card */
/** @typedef {import('./outbox.js').Entry} Entry */
/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {{ name: string, mime: string, base64: string }} Download */
/** @typedef {{ language: string, toast: string, receipt: { data: string, rows: import('./card.js').Button[][] | null } }} Receipt */
/** @typedef {{ language: string, before?: Card[], picture?: Picture, file?: Download, card: Card & { id: string }, toast?: string }} Reply */

const LARGEST_FILE_BYTES = 10 * 1024 * 1024
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
const menu = /** @type {HTMLDetailsElement} */ (byId('menu'))
const input = /** @type {HTMLTextAreaElement} */ (byId('text'))
const fileInput = /** @type {HTMLInputElement} */ (byId('file'))
const attach = byId('attach')
const attachMenu = byId('attach-menu')

/** @type {string | null} */
let shown = null
let slow = 0

const log = createLog(byId('log'), say)
const status = createStatus(byId('status'), say)
const outbox = createOutbox({ card: () => shown, language, answered, refused, trying: status.trying })

speakIn(language())
const left = outbox.resume()
for (const one of left) if (one.kind === 'text') log.add(one.id, one.text ?? '')
if (!join() && left.length === 0) look()
waitForIt()

/** @param {Entry} entry @param {Reply | Receipt} reply */
function answered(entry, reply) {
  if (reply.language !== language()) speakIn(reply.language)
  log.arrived(entry.input.id)
  if ('receipt' in reply) return acknowledged(reply)
  log.used()
  const pressHere = presser(reply.card.id)
  const beside = [
    ...(reply.before ?? []).map((card) => log.addCard(card, rowElements(card, pressHere, groupNames(), false))),
    ...(reply.picture ? [log.addPicture(reply.picture)] : []),
    ...(reply.file ? [log.addDownload(reply.file)] : []),
  ]
  // The same card is left alone: a screen reader would read it again, and its notice would go.
  if (reply.card.id !== shown || entry.input.kind !== 'look') show(reply.card)
  // What came with the card stands above it and is read first.
  beside[0]?.scrollIntoView({ block: 'start' })
  if (reply.toast) status.toast(reply.toast)
  settle()
}

/** Only the message that was pressed changes; what the person was doing goes on. @param {Receipt} reply */
function acknowledged({ toast, receipt: { data, rows } }) {
  if (rows) log.renew(data, () => rowElements({ text: [], rows }, presser(shown ?? '0'), groupNames(), false))
  status.toast(toast)
  settle()
  if (shown === null && !outbox.isBusy()) look()
}

/** @param {Entry} entry @param {import('./outbox.js').Outcome} outcome */
function refused(entry, { status: code, body }) {
  if (code === 401) return location.replace('/')
  log.failed(entry.input.id, say('page.not_sent'))
  status.toast(body?.sentence ?? say(code === 413 ? 'page.too_large' : 'page.not_sent'))
  settle()
  if (shown === null && !outbox.isBusy() && entry.input.kind !== 'look') look()
}

function settle() {
  if (outbox.isBusy()) return
  clearTimeout(slow)
  section.setAttribute('aria-busy', 'false')
  for (const one of document.querySelectorAll('.choice')) {
    one.removeAttribute('aria-disabled')
    one.classList.remove('pressed')
  }
}

/** @param {Card & { id: string }} card */
function show(card) {
  const typing = document.activeElement === input
  // Where the focus goes to the heading, the heading is read; where it stays, the live region is.
  section.setAttribute('aria-live', typing ? 'polite' : 'off')
  const first = shown === null
  shown = card.id
  section.replaceChildren(...textElements(card, true, say), ...rowElements(card, presser(card.id), groupNames(), true))
  drawProgress(card, /** @type {HTMLProgressElement} */ (byId('progress')), byId('count'))
  if (!typing && !first) byId('card-title').focus({ preventScroll: true })
  if (first) section.setAttribute('aria-live', 'polite')
  section.scrollIntoView({ block: 'start' })
}

function groupNames() {
  return { options: say('page.options'), ways: say('page.ways') }
}

/**
 * What a press does; `card`: the living one at the time when the button came.
 * @param {string} card
 */
function presser(card) {
  return (/** @type {import('./card.js').Button} */ button, /** @type {HTMLElement} */ element) => {
    if (outbox.isBusy()) return
    element.classList.add('pressed')
    commit({ id: nextId(), kind: 'press', data: button.data, card })
  }
}

/** @param {import('./outbox.js').Input} one */
function commit(one) {
  outbox.add({ input: one })
  waitForIt()
}

function waitForIt() {
  if (!outbox.isBusy()) return
  section.setAttribute('aria-busy', 'true')
  for (const one of document.querySelectorAll('.choice')) one.setAttribute('aria-disabled', 'true')
  clearTimeout(slow)
  slow = window.setTimeout(status.slow, SLOW_MS)
}

function look() {
  if (!outbox.isBusy()) commit({ id: nextId(), kind: 'look', ...(shown === null ? {} : { card: shown }) })
}

/** Takes an invitation that came with the address; false without one. */
function join() {
  const argument = takeInvitation()
  if (argument === null) return false
  commit({ id: nextId(), kind: 'command', data: 'start', argument, ...(shown === null ? {} : { card: shown }) })
  return true
}

// --- what is typed and attached

createComposer(/** @type {HTMLFormElement} */ (byId('composer')), input, {
  send(text) {
    const id = nextId()
    log.add(id, text)
    commit({ id, kind: 'text', text, ...(shown === null ? {} : { card: shown }) })
  },
  tooLong: (longest, count) => status.toast(say('page.text_too_long', { longest, count })),
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
      status.toast(say('page.too_large'))
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
  refused: () => status.toast(say('page.no_location')),
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
window.addEventListener('offline', status.offline)
window.addEventListener('online', () => status.trying(0))
window.addEventListener('hashchange', join)
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
