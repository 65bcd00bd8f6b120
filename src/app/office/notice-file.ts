/** Everybody that a notice is for as a CSV file. */
import { csv } from '../csv.js'
import type { Desk } from '../desk.js'
import type { Notice, Recipient } from '../notices.js'
import type { File } from '../speech.js'
import { reasonText } from './notice-words.js'
import type { Visit } from './visit.js'

/** Rows read from the database at once. */
const SLICE = 500

const COLUMNS = ['row', 'name', 'communities', 'state', 'sent_at', 'acknowledged_at', 'reason'] as const

/** A row a person, by name, with instants in UTC; and how many they are. */
export async function noticeFile(visit: Visit, { id, number }: Notice): Promise<{ file: File; count: number }> {
  const { say } = visit
  const all = await everybody(visit, id)
  const departed = await departedOf(visit.desk, all)
  const rows = all.map(({ person, name, communities, state, sentAt, acknowledgedAt, reason }, i) => [
    i + 1,
    name ?? say('office.somebody'),
    departed.has(person) ? say('notice_progress.departed') : communities.join(say('list.comma')),
    say(`notice_progress.state.${state}`),
    sentAt?.toISOString() ?? null,
    acknowledgedAt?.toISOString() ?? null,
    reason === null ? null : reasonText(say, reason),
  ])
  const header = COLUMNS.map((column) => say(`notice_progress.columns.${column}`))
  const file = { name: say('notice_progress.file', { number }), mime: 'text/csv', bytes: csv([header, ...rows]) }
  return { file, count: all.length }
}

/** Those of them who have no role any more; of no community is also who serves the district. */
export async function departedOf({ notices }: Desk, people: readonly Recipient[]): Promise<ReadonlySet<string>> {
  const unplaced = people.filter(({ communities }) => communities.length === 0).map(({ person }) => person)
  if (unplaced.length === 0) return new Set()
  const here = (await notices.holders()).filter(({ holdings }) => holdings.some(({ ended }) => !ended))
  const known = new Set(here.map(({ person }) => person))
  return new Set(unplaced.filter((person) => !known.has(person)))
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
