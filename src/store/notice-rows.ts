/** Rows of notices as the port has them, and the lock under which they are changed. */
import type { Notice, NoticeFields } from '../app/notices.js'
import type { Prisma } from '../generated/prisma/client.js'

export const NOTICE_COLUMNS = `id, number, status, community_id, created_by, versions, media, audience, send_at, time_zone,
  revision, wave, created_at, confirmed_at, withdrawn_at`

export type NoticeRow = {
  id: string
  number: number
  status: Notice['status']
  community_id: string | null
  created_by: string | null
  versions: Notice['versions']
  media: Notice['media']
  audience: Notice['audience']
  send_at: Date | null
  time_zone: string
  revision: number
  wave: number
  created_at: Date
  confirmed_at: Date | null
  withdrawn_at: Date | null
}

/** Only this folder writes the JSON, so that it is what the port says. */
export const toNotice = (row: NoticeRow): Notice => ({
  id: row.id,
  number: row.number,
  status: row.status,
  community: row.community_id,
  by: row.created_by,
  versions: row.versions,
  media: row.media,
  audience: row.audience,
  sendAt: row.send_at,
  timeZone: row.time_zone,
  revision: row.revision,
  wave: row.wave,
  createdAt: row.created_at,
  confirmedAt: row.confirmed_at,
  withdrawnAt: row.withdrawn_at,
})

/** The notice, held until the transaction ends; undefined where there is none. It comes before its deliveries everywhere. */
export async function lockNotice(tx: Prisma.TransactionClient, id: string): Promise<Notice | undefined> {
  const [row] = await tx.$queryRawUnsafe<NoticeRow[]>(
    `SELECT ${NOTICE_COLUMNS} FROM notice WHERE id = $1 FOR UPDATE`,
    id,
  )
  return row && toNotice(row)
}

/** What may be changed of a draft, each part alone. */
export const changedFields = (notice: NoticeFields, fields: Partial<NoticeFields>): NoticeFields => {
  const { versions, media, audience, sendAt, timeZone } = { ...notice, ...fields }
  return { versions, media, audience, sendAt, timeZone }
}
