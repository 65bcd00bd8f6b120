/**
 * People with an open sheet that they have half answered: tables by statements over whole sets, in the order in which people who
 * answer side by side would have written them, so that tables and indexes have their true size; sessions and claims by the
 * program's own code.
 */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { Mark, Session } from '../../src/core/session.js'
import { encodeSession } from '../../src/core/session-text.js'
import { connectRedis } from '../../src/store/redis-client.js'
import { connectRedisCluster } from '../../src/store/redis-cluster.js'
import { createRedisSessions } from '../../src/store/redis-sessions.js'
import { choiceOf, QUESTION_IDS, RUBRIC_HASH, VALUES } from '../script.js'
import { answering, type Tapper } from './tapper.js'

const ANSWERED = QUESTION_IDS.length >> 1
/** Indexes of the questions that they have not answered; the last one stays open, because the end of a sheet is another card. */
const STILL_OPEN = [...QUESTION_IDS.keys()].slice(ANSWERED, -1)
/** Every chat has the one message that its sheet is on. */
export const CARD = 1

const FIRST_CHAT = 6_300_000_000
/** Updates as Telegram counts them, one after the other over all people; below those that the crowd makes up. */
const FIRST_UPDATE = 200_000_000
const MOST_PEOPLE = 1_000_000
const PEOPLE_AT_ONCE = 10_000
const SESSIONS_AT_ONCE = 500
const MINUTE_MS = 60_000

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
export const chatOf = (n: number): number => FIRST_CHAT + n
export const addressOf = (n: number): string => `telegram:${chatOf(n)}`
const personOf = (n: number): string => `p${digest(`person ${n}`).slice(0, 15)}`
const sheetOf = (n: number): string => `s${digest(`sheet ${n}`).slice(0, 13)}`
/** The update with which somebody gave their nth answer, from 1. */
const updateOf = (n: number, answer: number): number => FIRST_UPDATE + answer * MOST_PEOPLE + n
/** What a message is known by is no update, but its place in the chat: here of the /start with which everybody has begun. */
const START = '-1'

/** The people from one number up to another, as rows and as sessions. */
export async function seedPeople(db: pg.Pool, redisUrl: string, from: number, to: number): Promise<void> {
  if (to > MOST_PEOPLE) throw new Error(`Expected at most ${MOST_PEOPLE} people, got ${to}`)
  const now = Date.now()
  for (let first = from; first < to; first += PEOPLE_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(PEOPLE_AT_ONCE, to - first) }, (_, i) => first + i)
    await seedRows(db, numbers, now)
    await seedSessions(redisUrl, numbers, now)
  }
  await db.query('VACUUM ANALYZE')
}

/** One of them, who goes on where they are. */
export const tapperOf = (n: number): Tapper =>
  answering({ chat: chatOf(n), sheet: sheetOf(n), card: CARD, person: personOf(n) }, STILL_OPEN)

async function seedRows(db: pg.Pool, numbers: readonly number[], now: number): Promise<void> {
  const people = [numbers, numbers.map(personOf), numbers.map(sheetOf)]
  const given = 'unnest($1::int[], $2::text[], $3::text[]) AS given (n, person, sheet)'
  const client = await db.connect()
  try {
    // Every row refers to one that is written just before it; looking each of them up would take longer than all the rest.
    await client.query('SET session_replication_role = replica')
    await client.query(`INSERT INTO person (id, language) SELECT person, 'zh-CN' FROM ${given}`, people)
    await client.query(
      `INSERT INTO address (address, person_id) SELECT 'telegram:' || ($4::bigint + n), person FROM ${given}`,
      [...people, FIRST_CHAT],
    )
    await client.query(
      `INSERT INTO sheet (id, person_id, rubric_hash, started_at) SELECT sheet, person, $4, $5 FROM ${given}`,
      [...people, RUBRIC_HASH, new Date(now - (ANSWERED + 1) * MINUTE_MS).toISOString()],
    )
    const questions = VALUES.slice(0, ANSWERED).map((choices, index) => ({ index, id: QUESTION_IDS[index]!, choices }))
    await client.query(
      `INSERT INTO answer (sheet_id, question_id, revision, value, person_id, channel, input_id, at)
      SELECT sheet, id, 1, choices[1 + ($4::bigint + n + index) % cardinality(choices)], person, 'telegram',
        ($5::bigint + (index + 1) * ${MOST_PEOPLE} + n)::text, $6::timestamptz - (${ANSWERED} - index) * interval '1 minute'
      FROM ${given} CROSS JOIN jsonb_to_recordset($7::jsonb) AS question (index int, id text, choices text[])
      ORDER BY index, n`,
      [...people, FIRST_CHAT, FIRST_UPDATE, new Date(now).toISOString(), JSON.stringify(questions)],
    )
  } finally {
    client.release(true)
  }
}

async function seedSessions(redisUrl: string, numbers: readonly number[], now: number): Promise<void> {
  const nodes = redisUrl.split(',')
  const redis = nodes.length > 1 ? connectRedisCluster(nodes) : connectRedis(redisUrl)
  const sessions = createRedisSessions(redis)
  const waiting = numbers.values()
  const lane = async () => {
    for (const n of waiting) {
      const inputs = [START, ...Array.from({ length: ANSWERED }, (_, i) => String(updateOf(n, i + 1)))]
      const begun = await sessions.begin(addressOf(n), inputs.at(-1)!)
      if (begun.state === 'busy' || !(await sessions.finish(addressOf(n), begun.lease, textOf(n, now), inputs)))
        throw new Error(`Expected to save the session of ${addressOf(n)}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: SESSIONS_AT_ONCE }, lane))
  } finally {
    redis.disconnect()
  }
}

const MARKS: readonly Mark[] = QUESTION_IDS.map((_, index) =>
  index < ANSWERED ? { state: 'answered', revision: 1 } : { state: 'open', revision: 0 },
)

/** The session as the bot has it after the last of these answers. */
function textOf(n: number, now: number): string {
  const session: Session = {
    person: personOf(n),
    language: 'zh-CN',
    sheet: {
      id: sheetOf(n),
      rubric: RUBRIC_HASH,
      status: 'open',
      cursor: QUESTION_IDS[ANSWERED]!,
      reach: ANSWERED,
      marks: MARKS,
      last: { question: QUESTION_IDS[ANSWERED - 1]!, value: choiceOf(chatOf(n), ANSWERED - 1) },
    },
    view: { at: 'question' },
    card: String(CARD),
    seen: { order: updateOf(n, ANSWERED), at: now },
    since: CARD,
  }
  return encodeSession(session)
}
