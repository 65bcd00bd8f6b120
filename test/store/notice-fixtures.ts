/** Notices and their readers for the suites of notices and messages. */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Claimed, Outbox } from '../../src/app/district.js'
import type { NoticeFields, Notices } from '../../src/app/notices.js'
import type { Records } from '../../src/app/ports.js'
import { EVERYONE } from '../../src/core/audience.js'
import { createNotices } from '../../src/store/notices.js'
import { createOutbox } from '../../src/store/outbox.js'
import { createRecords } from '../../src/store/records.js'
import { at, changed } from './district-fixtures.js'

export const noticeFields = (over: Partial<NoticeFields> = {}): NoticeFields => ({
  versions: { 'zh-CN': { text: '周五停水', entities: [] } },
  media: null,
  audience: EVERYONE,
  sendAt: null,
  timeZone: 'Asia/Shanghai',
  ...over,
})

export type NoticeBoard = ReturnType<typeof noticeBoard>

/** Makes boards, each with a channel of its own, so that no other test's messages are claimed. */
export function noticeBoards(pool: pg.Pool): () => NoticeBoard {
  const stores = { pool, notices: createNotices(pool), outbox: createOutbox(pool), records: createRecords(pool) }
  return () => noticeBoard(stores)
}

type Stores = { pool: pg.Pool; notices: Notices; outbox: Outbox; records: Records }

/** What is done with notices on one channel. */
function noticeBoard({ pool, notices, outbox, records }: Stores) {
  const channel = `c${randomUUID()}:`

  const reader = async (name: string | null = null, prefix = channel): Promise<string> => {
    const id = randomUUID()
    await records.enrol(prefix + id, { id, language: 'zh-CN' })
    if (name !== null) await pool.query('UPDATE person SET name = $2 WHERE id = $1', [id, name])
    return id
  }
  const draft = async (over: Partial<NoticeFields> & { community?: string | null; by?: string } = {}) => {
    const { community = null, by = 'author', ...fields } = over
    const id = `n${randomUUID()}`
    await notices.create({ ...noticeFields(fields), id, community, by }, changed())
    return id
  }
  /** Confirmed at minute 0. */
  const confirmed = async (people: readonly string[], over: Parameters<typeof draft>[0] = {}) => {
    const id = await draft(over)
    await notices.confirm(id, 1, people, changed())
    return id
  }
  const claim = (minute: number, limit = 100, holder = 'me', lasts = 1): Promise<Claimed[]> =>
    outbox.claim(channel, limit, at(minute), at(minute + lasts), holder)
  /** Sends all that is due, `message` by message; returns what was sent. */
  const sendAll = async (minute: number): Promise<Claimed[]> => {
    const taken = await claim(minute)
    for (const { id, address } of taken)
      await outbox.settle(id, { status: 'sent', at: at(minute), address, message: `m ${id}` })
    return taken
  }
  /** By person, in the order of their waves; withdrawals left out. */
  const states = async (notice: string, person: string): Promise<string[]> => {
    const text = `SELECT status FROM delivery WHERE notice_id = $1 AND person_id = $2 AND target_id IS NULL ORDER BY wave`
    return (await pool.query(text, [notice, person])).rows.map(({ status }) => status)
  }

  return { notices, outbox, records, channel, reader, draft, confirmed, claim, sendAll, states }
}
