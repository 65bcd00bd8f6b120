/** The program's use cases on a PostgreSQL without a channel, as compose.ts builds them, and people who write to them. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Desk, DrawRadar } from '../src/app/desk.js'
import { createDispatch } from '../src/app/dispatch.js'
import { createRenewal } from '../src/app/results.js'
import { plain } from '../src/app/rich.js'
import type { Inbound, Speech } from '../src/app/speech.js'
import { cardPayload } from '../src/channels/telegram/payload.js'
import { loadLibrary } from '../src/content/load.js'
import { LANGUAGES, loadLocales } from '../src/content/locales.js'
import { createShelf } from '../src/content/shelf.js'
import { createAuditLog } from '../src/store/audit.js'
import { createCommunities } from '../src/store/communities.js'
import { createInvitations } from '../src/store/invitations.js'
import { createLeases } from '../src/store/leases.js'
import { createLedger } from '../src/store/ledger.js'
import { createMembers } from '../src/store/members.js'
import { createMemoryGate } from '../src/store/memory-gate.js'
import { createNotices } from '../src/store/notices.js'
import { createOutbox } from '../src/store/outbox.js'
import { createRecords } from '../src/store/records.js'
import { createRounds } from '../src/store/rounds.js'
import { createTableSessions } from '../src/store/table-sessions.js'
import { createWork } from '../src/store/work.js'
import { ROOT } from './child.js'

const library = loadLibrary(ROOT, LANGUAGES)
const locales = loadLocales(ROOT, 'zh-CN')
const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
const silent = { debug() {}, info() {}, warn: complain, error: complain }

function complain(fields: object, message: string): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`)
}

export function createOfficeDesk(pool: pg.Pool, drawRadar: DrawRadar = async () => new Uint8Array(1)): Desk {
  const records = createRecords(pool)
  return {
    records,
    ledger: createLedger(pool),
    sessions: createTableSessions(pool),
    communities: createCommunities(pool),
    members: createMembers(pool),
    invitations: createInvitations(pool),
    audit: createAuditLog(pool),
    outbox: createOutbox(pool),
    notices: createNotices(pool),
    leases: createLeases(pool),
    gate: createMemoryGate(30),
    broadcastPerSecond: 30,
    rounds: createRounds(pool),
    work: createWork(pool),
    renewal: createRenewal(),
    books: createShelf(library, (hash) => records.rubric(hash)),
    locales,
    defaultLanguage: 'zh-CN',
    log: silent,
    drawRadar,
    links: { telegram: async () => null, web: () => null },
    now: Date.now,
    wait: (milliseconds) => sleep(milliseconds),
    newPersonId: () => 'nobody-is-enrolled-here',
    sheetIdFor: (address, input) => `s${digest(`${address} ${input}`).slice(0, 13)}`,
    idFor: (letter, ...of) => letter + digest(of.join('\n')).slice(0, 10),
    codeFor: (address, input) => digest(`${address} ${input}`).slice(0, 24),
    hash: digest,
  }
}

/** What somebody was answered, and how long it took until it had been put into the fields of Bot API calls. */
export type Answered = { readonly ms: number; readonly speech: Speech; readonly text: string }

export type Chat = {
  command(address: string, name: string): Promise<Answered>
  /** Presses the button of the last card of this address whose label begins like this. */
  press(address: string, label: string): Promise<Answered>
}

/** Place of the next message, and id of the next input. */
let next = Date.now()

export function createChat(desk: Desk): Chat {
  const dispatch = createDispatch(desk)
  const last = new Map<string, { speech: Speech; card: string }>()

  async function send(address: string, content: Inbound['content']): Promise<Answered> {
    next += 1
    const position = content.kind === 'press' ? null : next
    const inbound: Inbound = { id: String(next), address, order: next, position, guest: false, content }
    let speech: Speech | undefined
    const from = performance.now()
    await dispatch.handle(inbound, async (said, card) => {
      for (const one of [...(said.before ?? []), said.card]) JSON.stringify(cardPayload(one))
      speech = said
      const moves = card === null || said.move
      if (moves) next += 1
      const shown = moves ? String(next) : card
      last.set(address, { speech: said, card: shown })
      return { card: shown, shown: true }
    })
    const ms = performance.now() - from
    if (!speech) throw new Error('Expected an answer, got none')
    return { ms, speech, text: plain(speech.card.text) }
  }

  return {
    command: (address, name) => send(address, { kind: 'command', name, argument: '' }),
    press(address, label) {
      const { speech, card } = last.get(address)!
      const button = speech.card.rows.flat().find((one) => one.label.startsWith(label))
      if (!button) throw new Error(`Expected a button \`${label}\`, got:\n${plain(speech.card.text)}`)
      return send(address, { kind: 'press', data: button.data, card })
    },
  }
}
