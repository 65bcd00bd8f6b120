/** Ten workers of one community with a round that is open, in the database of a running program. Their names tell who they are. */
import type pg from 'pg'
import type { Change } from '../../src/app/district.js'
import { loadLibrary } from '../../src/content/load.js'
import { LANGUAGES } from '../../src/content/locales.js'
import { createCommunities } from '../../src/store/communities.js'
import { createInvitations } from '../../src/store/invitations.js'
import { createRecords } from '../../src/store/records.js'
import { createRounds } from '../../src/store/rounds.js'
import { ROOT } from '../support/program.js'

/** Telegram's ids. */
export const HEAD = 100
export const WORKERS = Array.from({ length: 10 }, (_, i) => 101 + i)
/** Every second worker has all of them. */
const POSTS = [['网格员'], ['综合岗'], ['网格员', '综合岗'], ['民政岗', '社保岗'], ['党务岗'], []]
const DAY_MS = 24 * 60 * 60 * 1000

/** A community with a head, ten workers and an open round, by way of the store; returns the assessment. */
export async function seedTenWorkers(pool: pg.Pool): Promise<string> {
  const now = Date.now()
  let changes = 0
  const change = (subject: string): Change => ({
    id: `x${++changes}`,
    at: new Date(now),
    person: null,
    action: 'seeded',
    subject,
    community: null,
    before: null,
    after: null,
  })
  const [records, invitations, rounds] = [createRecords(pool), createInvitations(pool), createRounds(pool)]
  const community = { name: '渝康社区', street: '礼嘉街道', households: 3200, grids: 12, timeZone: 'Asia/Shanghai' }
  await createCommunities(pool).create('c1', community, change('community:c1'))
  for (const role of ['head', 'worker'] as const)
    await invitations.create(
      {
        id: `i${role}`,
        role,
        community: 'c1',
        maxUses: null,
        expiresAt: null,
        createdAt: new Date(now),
        codeHash: role,
        by: null,
      },
      change(`invitation:i${role}`),
    )
  for (const who of [HEAD, ...WORKERS]) {
    const person = `p${who}`
    await records.enrol(`telegram:${who}`, { id: person, language: 'zh-CN' })
    const posts = who === HEAD ? [] : who % 2 === 0 ? [] : POSTS[(who - 101) % POSTS.length]!
    const role = who === HEAD ? 'head' : 'worker'
    const joined = { membership: `m${who}`, person, name: who === HEAD ? '李书记' : `工人${who}`, posts }
    await invitations.accept(`i${role}`, joined, change(`person:${person}`))
  }
  const rubric = loadLibrary(ROOT, LANGUAGES).current.hash
  const times = { opensAt: new Date(now - DAY_MS), deadline: new Date(now + 7 * DAY_MS), timeZone: 'Asia/Shanghai' }
  await rounds.create('r1', { name: '2026年第4季度评定', rubric, mode: 'shared', ...times }, change('round:r1'))
  await rounds.addCommunities('r1', ['c1'], change('round:r1'))
  await rounds.setStatus('r1', 'published', change('round:r1'))
  return (await rounds.assessmentsIn('r1'))[0]!.id
}
