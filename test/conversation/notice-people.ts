/** A community with an admin above it, and what people do about notices; they know a card only by what stands on it. */
import type pg from 'pg'
import type { Change } from '../../src/app/district.js'
import { createInvitations } from '../../src/store/invitations.js'
import { openPglite } from '../../src/store/pglite.js'
import { openPostgres } from '../../src/store/postgres.js'
import { createRecords } from '../../src/store/records.js'
import type { BotApi, Person, SeenMessage } from '../support/bot-api/index.js'
import type { Home } from '../support/program.js'
import { HEAD, seedTenWorkers, WORKERS } from './ten-workers.js'

export const ADMIN = 99
/** Everybody with a role. */
export const EVERYBODY = [ADMIN, HEAD, ...WORKERS]

/** Ten workers and a head of a community with an open round, and an admin, in the database of a program that is not running. */
export async function seedPeople(home: Home, env: Record<string, string>): Promise<void> {
  const { pool, close } = await openStore(home, env)
  try {
    await seedTenWorkers(pool)
    const change = (subject: string): Change => ({
      id: `admin ${subject}`,
      at: new Date(),
      person: null,
      action: 'seeded',
      subject,
      community: null,
      before: null,
      after: null,
    })
    const terms = { maxUses: null, expiresAt: null, createdAt: new Date(), by: null }
    const invitation = { id: 'iadmin', role: 'admin' as const, community: null, codeHash: 'admin', ...terms }
    const invitations = createInvitations(pool)
    await invitations.create(invitation, change('invitation:iadmin'))
    await createRecords(pool).enrol(`telegram:${ADMIN}`, { id: 'padmin', language: 'zh-CN' })
    const who = { membership: 'madmin', person: 'padmin', name: '区管理员', posts: [] }
    await invitations.accept('iadmin', who, change('person:padmin'))
  } finally {
    await close()
  }
}

/** The database of a program; the embedded one only while it is not running. */
export async function openStore(
  home: Home,
  env: Record<string, string>,
): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  if (home === 'embedded') return openPglite({ directory: `${env.DATA_DIR}/pglite` })
  const pool = openPostgres(env.DATABASE_URL!)
  return { pool, close: () => pool.end() }
}

/** The newest message with a button whose label begins so. */
export function withButton(person: Person, label: string): SeenMessage {
  const found = person.messages().findLast(({ buttons }) => buttons.flat().some(({ text }) => text.startsWith(label)))
  if (found) return found
  const there = person.messages().map(({ text, buttons }) => `${text}\n${buttons.flat().map((one) => `[${one.text}]`)}`)
  throw new Error(`Expected a button \`${label}\`, got:\n${there.join('\n\n')}`)
}

/** Presses the newest button whose label is this, or begins so, and waits for the bot. */
export async function press(api: BotApi, person: Person, ...labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    const { message_id, buttons } = withButton(person, label)
    const all = buttons.flat()
    const wanted = all.find(({ text }) => text === label) ?? all.find(({ text }) => text.startsWith(label))
    person.press(message_id, wanted!.callback_data!)
    await api.settled()
  }
}

export async function say(api: BotApi, person: Person, text: string): Promise<void> {
  person.send(text)
  await api.settled()
}

/** Messages with a text in them that stand in somebody's chat now. */
export const having = (person: Person, text: string): readonly SeenMessage[] =>
  person.messages().filter((one) => one.text.includes(text) && one.buttons.flat().some((b) => b.text.includes('已阅')))
