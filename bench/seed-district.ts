/**
 * Fills a database with a district, then ends: communities with a head and six workers each, and three rounds; two of them
 * submitted by way of the program, the third in progress, everywhere at a different point. The same every time. A process
 * of its own, so that the bench that follows is not warmed up by it. `DATABASE_URL`, `COMMUNITIES`, `MODE`; with `UNTOUCHED` nobody has
 * answered anything in the third round.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { outlookOf, renewResult } from '../src/app/results.js'
import type { Assessment } from '../src/app/rounds.js'
import { questionChoices } from '../src/app/views/choices.js'
import { shelved } from '../src/content/shelf.js'
import { postsOf } from '../src/core/duty.js'
import type { Question } from '../src/core/questionnaire.js'
import type { RoundMode } from '../src/core/round.js'
import { migrate } from '../src/store/migrate.js'
import { openPostgres } from '../src/store/postgres.js'
import { ROOT } from './child.js'
import { ADMIN, addressOf, communityOf, DAY_MS, HEADS, ownerOf, ROUNDS, WORKERS, workerOf } from './district.js'
import { createOfficeDesk } from './office-desk.js'

const { DATABASE_URL, COMMUNITIES, MODE, UNTOUCHED } = process.env as Record<string, string>
const communities = Number(COMMUNITIES)
const mode = MODE as RoundMode
const SAME_NAMES_FROM = 400
const COMMUNITIES_A_STREET = 25
const ROWS_AT_ONCE = 20_000
const LANES = 4
const CHANGED_LATER = 0.1

const pool = openPostgres(DATABASE_URL!)
await migrate(pool, join(ROOT, 'prisma', 'migrations'))
const desk = createOfficeDesk(pool)
const book = desk.books.current
const { questions } = book.questionnaire
const posts = postsOf(book.questionnaire)
await desk.records.keepRubric(book.hash, shelved(book))

const today = Date.now()
const random = seeded(20_261_122)
const change = (id: string) => {
  const nobody = { person: null, community: null, before: null, after: null }
  return { id, at: new Date(today), action: 'seeded', subject: 'district', ...nobody }
}

await people()
for (const [i, { id, name, opens, deadline }] of ROUNDS.entries()) {
  const times = { opensAt: new Date(today + opens * DAY_MS), deadline: new Date(today + deadline * DAY_MS) }
  await desk.rounds.create(
    id,
    { name, rubric: book.hash, mode, timeZone: 'Asia/Shanghai', ...times },
    change(`${id} 1`),
  )
  await desk.rounds.addCommunities(id, 'all', change(`${id} 2`))
  await desk.rounds.setStatus(id, 'published', change(`${id} 3`))
  const assessments = await desk.rounds.assessmentsIn(id)
  const last = i === ROUNDS.length - 1
  await answers(assessments, times.opensAt, last)
  await inLanes(assessments, last ? keep : submit)
  if (!last) await desk.rounds.setStatus(id, 'closed', change(`${id} 4`))
}
await pool.query('VACUUM ANALYZE')
const { rows } = await pool.query('SELECT count(*)::int AS answers FROM answer')
process.stdout.write(`${JSON.stringify(rows[0])}\n`)
await pool.end()

async function people(): Promise<void> {
  const all = Array.from({ length: communities }, (_, i) => i)
  // Some names are there twice, in different streets.
  await insert('community (id, name, street, households, grids)', 'text, text, text, int, int', all.map((i) => [
    communityOf(i), `第${i % SAME_NAMES_FROM}社区`, `第${Math.floor(i / COMMUNITIES_A_STREET)}街道`, 1000 + (i % 90) * 50, 4 + (i % 20),
  ])) // biome-ignore format: a row
  const members = all.flatMap((i) => [
    { person: `p-head-${i}`, role: 'head', at: communityOf(i), posts: [] as string[], address: addressOf(HEADS, i) },
    ...Array.from({ length: WORKERS }, (_, k) => ({
      person: workerOf(i, k),
      role: 'worker',
      at: communityOf(i),
      posts: posts.filter((_post, n) => n % WORKERS === k),
      address: addressOf(HEADS, communities + i * WORKERS + k),
    })),
  ])
  const admin = { person: 'p-admin', role: 'admin', at: null, posts: [], address: ADMIN }
  const everybody = [...members, admin]
  await insert(
    'person (id, language, name)',
    'text, text, text',
    everybody.map((one, i) => [one.person, 'zh-CN', `王${i}`]),
  )
  await insert(
    'address (address, person_id)',
    'text, text',
    everybody.map((one) => [one.address, one.person]),
  )
  await insert(
    'membership (id, person_id, role, community_id, posts, joined_at)', 'text, text, role, text, json, timestamptz',
    everybody.map((one) => [`m-${one.person}`, one.person, one.role, one.at, JSON.stringify(one.posts), new Date(today - 300 * DAY_MS).toISOString()]),
    'a, b, c, d, ARRAY(SELECT json_array_elements_text(e)), f',
  ) // biome-ignore format: a row
}

/** A community's people answer: each their posts on the shared sheet, or everything on a sheet of their own. */
async function answers(assessments: readonly Assessment[], opens: Date, inProgress: boolean): Promise<void> {
  const rows: unknown[][] = []
  const sheets: unknown[][] = []
  for (const { id, community: at } of assessments) {
    const i = Number(at.id.slice(1))
    const quality = 0.35 + 0.6 * random()
    const begun = !inProgress || i % 3 === 0 ? 1 : i % 20 === 1 ? 0 : random()
    const done = inProgress && UNTOUCHED ? 0 : begun
    const given = (sheet: string, who: (question: Question, n: number) => string, share: number) => {
      for (const [n, question] of questions.slice(0, Math.round(share * questions.length)).entries()) {
        const signed = (revision: number) => [
          sheet, question.id, revision, valueFor(question, quality), random() < 0.05 ? '台账在二楼档案柜' : null,
          who(question, n), 'telegram', `${n}`, new Date(opens.getTime() + (n + revision) * 60_000).toISOString(),
        ] // biome-ignore format: a row
        rows.push(signed(1))
        if (random() < CHANGED_LATER) rows.push(signed(2))
      }
    }
    if (mode === 'shared') given(desk.work.sharedSheetOf(id), (question) => workerOf(i, ownerOf(posts, question)), done)
    else
      for (let k = 0; k < WORKERS; k += 1) {
        const sheet = `s${createHash('sha256').update(`${id} ${k}`).digest('hex').slice(0, 13)}`
        const share = done === 1 ? 1 : Math.min(1, done * (0.5 + random()))
        const submitted = share === 1 ? new Date(opens.getTime() + DAY_MS).toISOString() : null
        const status = submitted ? 'submitted' : 'open'
        sheets.push([sheet, workerOf(i, k), id, book.hash, status, opens.toISOString(), submitted])
        given(sheet, () => workerOf(i, k), share)
      }
  }
  await insert('sheet (id, person_id, assessment_id, rubric_hash, status, started_at, submitted_at)', 'text, text, text, text, sheet_status, timestamptz, timestamptz', sheets) // biome-ignore format: a row
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await insert(
      'answer (sheet_id, question_id, revision, value, note, person_id, channel, input_id, at)',
      'text, text, int, text, text, text, text, text, timestamptz',
      rows.slice(from, from + ROWS_AT_ONCE),
    )
}

/** The better a community, the nearer to the best choice; a veto applies rarely. */
function valueFor(question: Question, quality: number): string {
  const values = questionChoices(book, question).map(({ value }) => value)
  if (question.kind === 'veto') return random() < 0.001 ? 'yes' : 'no'
  return values[Math.min(values.length - 1, Math.floor((1 - quality) * values.length * 2 * random()))]!
}

async function submit(assessment: Assessment): Promise<void> {
  const outlook = await outlookOf(desk, assessment)
  const { result, rows: made } = outlook!
  const done = await desk.work.submit(assessment.id, 'p-admin', result, made, change(`submit ${assessment.id}`))
  if (done !== 'submitted') throw new Error(`Expected a submission, got ${done}`)
}

async function keep({ id }: Assessment): Promise<void> {
  await renewResult(desk, id)
}

async function inLanes<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values()
  const lane = async () => {
    for (const one of waiting) await work(one)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** Rows as arrays, a column each; `select` where a column must be made from what was sent. */
async function insert(into: string, types: string, rows: readonly unknown[][], select = '*'): Promise<void> {
  const columns = types.split(', ').map((_type, c) => rows.map((row) => row[c]))
  const given = types.split(', ').map((type, c) => `$${c + 1}::${type}[]`)
  const names = types.split(', ').map((_type, c) => 'abcdefghi'[c])
  await pool.query(`INSERT INTO ${into} SELECT ${select} FROM unnest(${given}) AS given (${names})`, columns)
}

/** Numbers from 0 to 1, the same ones every time: https://en.wikipedia.org/wiki/Xorshift */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
