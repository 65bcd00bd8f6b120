// @ts-check
/**
 * What the person did, on its way to the server: one after another, each until the server has answered it, with the same
 * id every time, so that nothing is lost and nothing counts twice. What is text outlives a reload of the page.
 */

/** @typedef {{ id: string, kind: string, data?: string, argument?: string, text?: string, card?: string, latitude?: number, longitude?: number }} Input */
/** @typedef {{ input: Input, file?: File }} Entry A file is sent as it is; its card is filled in when its turn comes. */
/** @typedef {{ status: number, body: any }} Outcome */

const KEPT = 'hexie.outbox'
const LAST_ID = 'hexie.last-id'
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 8_000
/** Longer than the server itself waits for anything; a photo over a poor line takes its time. */
const INPUT_TIMEOUT_MS = 30_000
const FILE_TIMEOUT_MS = 180_000

/**
 * @param {{
 *   card: () => string | null,
 *   language: () => string,
 *   answered: (entry: Entry, body: any) => void,
 *   refused: (entry: Entry, outcome: Outcome) => void,
 *   trying: (failures: number) => void,
 * }} page `trying` hears of every failed attempt, and of 0 once all is well.
 */
export function createOutbox({ card, language, answered, refused, trying }) {
  /** @type {Entry[]} */
  const queue = load()
  let running = false
  let wake = () => {}

  async function run() {
    if (running) return
    running = true
    for (let failures = 0; queue[0]; ) {
      const entry = queue[0]
      // Of several files chosen at once each belongs to the card that stands when its turn comes.
      if (entry.file && entry.input.card === undefined) entry.input.card = card() ?? undefined
      const outcome = await send(entry, language())
      if (!outcome || mustRepeat(outcome)) {
        failures += 1
        trying(failures)
        await pause(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS), outcome)
        continue
      }
      failures = 0
      queue.shift()
      keep()
      trying(0)
      if (outcome.status === 200) answered(entry, outcome.body)
      else refused(entry, outcome)
    }
    running = false
  }

  /**
   * @param {number} milliseconds
   * @param {Outcome | null} outcome
   */
  function pause(milliseconds, outcome) {
    // Nobody is hurried by coming back online while the server asks for patience.
    const least = outcome?.status === 429 ? 10_000 : milliseconds
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, least)
      wake = () => {
        if (outcome?.status === 429) return
        clearTimeout(timer)
        resolve(undefined)
      }
    })
  }

  function keep() {
    // Looking is done anew anyway, and files are too large to be kept.
    const texts = queue.filter(({ file, input }) => !file && input.kind !== 'look').map(({ input }) => input)
    write('sessionStorage', KEPT, JSON.stringify(texts))
  }

  return {
    /** @param {Entry} entry */
    add(entry) {
      queue.push(entry)
      keep()
      void run()
    },
    /** Sends what an earlier page left behind; returns it. */
    resume() {
      void run()
      return queue.map(({ input }) => input)
    },
    /** Tries again at once instead of at the end of the pause. */
    hurry: () => wake(),
    isBusy: () => queue.length > 0,
    hasFiles: () => queue.some(({ file }) => file),
  }
}

/** Always growing, also over reloads, tabs and a clock that is set back: by it the server knows what came first. */
export function nextId() {
  const last = Number(read('localStorage', LAST_ID) ?? 0)
  const id = Math.max(Date.now() * 1_000, Number.isSafeInteger(last) ? last + 1 : 0)
  write('localStorage', LAST_ID, String(id))
  return String(id)
}

/** @returns {Entry[]} */
function load() {
  try {
    return JSON.parse(read('sessionStorage', KEPT) ?? '[]').map((/** @type {Input} */ input) => ({ input }))
  } catch {
    return []
  }
}

/**
 * @param {Entry} entry
 * @param {string} language
 * @returns {Promise<Outcome | null>} null where nothing came back
 */
async function send({ input, file }, language) {
  const aborter = new AbortController()
  const timer = setTimeout(() => aborter.abort(), file ? FILE_TIMEOUT_MS : INPUT_TIMEOUT_MS)
  try {
    const query = file
      ? `?${new URLSearchParams({ id: input.id, name: file.name, ...(input.card ? { card: input.card } : {}) })}`
      : ''
    const response = await fetch(file ? `/chat/file${query}` : '/chat/input', {
      method: 'POST',
      headers: {
        'content-type': file ? 'application/octet-stream' : 'application/json',
        'accept-language': language,
      },
      body: file ?? JSON.stringify(input),
      signal: aborter.signal,
    })
    const body = await response.json().catch(() => null)
    return { status: response.status, body }
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether it must be sent again. Our own server says so itself; between it and the page stand proxies with error pages of
 * their own (too large, forbidden: sending it again would not help) and networks that want a login first.
 * @param {Outcome} outcome
 */
function mustRepeat({ status, body }) {
  if (typeof body?.retry === 'boolean') return body.retry
  if (status === 200) return !body?.card && !body?.receipt
  return status >= 500 || status < 400 || status === 408 || status === 429
}

/**
 * Storage may be forbidden or full; then it lives as long as the page.
 * @type {Map<string, string>}
 */
const spare = new Map()

/**
 * @param {'localStorage' | 'sessionStorage'} storage
 * @param {string} key
 */
function read(storage, key) {
  try {
    return window[storage].getItem(key) ?? spare.get(key) ?? null
  } catch {
    return spare.get(key) ?? null
  }
}

/**
 * @param {'localStorage' | 'sessionStorage'} storage
 * @param {string} key
 * @param {string} value
 */
function write(storage, key, value) {
  spare.set(key, value)
  try {
    window[storage].setItem(key, value)
  } catch {}
}
