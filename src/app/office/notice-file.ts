/** Everybody that a notice is for as a CSV file. */
import { csv } from '../csv.js'
import type { Notice, Recipient } from '../notices.js'
import type { File } from '../speech.js'
import type { Visit } from './visit.js'

/** Rows read from the database at once. */
const SLICE = 500

const COLUMNS = ['row', 'name', 'communities', 'state', 'sent_at', 'acknowledged_at', 'reason'] as const

/** A row a person, by name, with instants in UTC; and how many they are. */
export async function noticeFile(visit: Visit, { id, number }: Notice): Promise<{ file: File; count: number }> {
  const { say } = visit
  const all = await everybody(visit, id)
  const rows = all.map(({ name, communities, state, sentAt, acknowledgedAt, reason }, i) => [
    i + 1,
    name ?? say('office.somebody'),
    communities.join(say('list.comma')),
    say(`notice_progress.state.${state}`),
    sentAt?.toISOString() ?? null,
    acknowledgedAt?.toISOString() ?? null,
    reason,
  ])
  const header = COLUMNS.map((column) => say(`notice_progress.columns.${column}`))
  const file = { name: say('notice_progress.file', { number }), mime: 'text/csv', bytes: csv([header, ...rows]) }
  return { file, count: all.length }
}

/** Names that change while it is read move others into the next slice: each is taken once. */
async function everybody({ desk }: Visit, id: string): Promise<Recipient[]> {
  const all = new Map<string, Recipient>()
  for (let offset = 0; ; offset += SLICE) {
    const { items } = await desk.notices.recipients(id, null, { offset, limit: SLICE })
    for (const one of items) all.set(one.person, one)
    if (items.length < SLICE) return [...all.values()]
  }
}
