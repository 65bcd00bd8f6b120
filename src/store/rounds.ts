/** Rounds and their assessments: reads in plain SQL, changes with Prisma, each in one transaction with its line in the audit log. */
import type pg from 'pg'
import type { Assessment, Rounds } from '../app/rounds.js'
import type { Prisma } from '../generated/prisma/client.js'
import { lockRound } from './assessment-locks.js'
import {
  type AssessmentRow,
  COMMUNITY_COLUMNS,
  type CommunityRow,
  ROUND_COLUMNS,
  type RoundRow,
  SELECT_ASSESSMENTS,
  toAssessment,
  toCommunity,
  toRound,
} from './assessment-rows.js'
import { changedAt, writeChange } from './audit.js'
import { guarded } from './fault.js'
import { addCommunities, removeCommunity } from './participants.js'
import { prismaOn } from './prisma.js'
import { openSharedSheets } from './shared-sheets.js'
import { storableText } from './storable.js'

export function createRounds(pool: pg.Pool): Rounds {
  const prisma = prismaOn(pool)

  const select = <Row extends pg.QueryResultRow>(name: string, text: string, values: unknown[] = []): Promise<Row[]> =>
    guarded('Rounds could not be read', async () => (await pool.query<Row>({ name, text, values })).rows)
  const assessments = async (name: string, rest: string, values: unknown[]): Promise<Assessment[]> =>
    (await select<AssessmentRow>(name, `${SELECT_ASSESSMENTS} ${rest}`, values)).map(toAssessment)
  const counted = async (name: string, rest: string, values: unknown[] = []): Promise<number> =>
    (await select<{ count: number }>(name, `SELECT count(*)::int AS count FROM ${rest}`, values))[0]!.count
  const changing = <T>(work: (tx: Prisma.TransactionClient) => Promise<T>): Promise<T> =>
    guarded('A round could not be changed', () => prisma.$transaction(work))

  return {
    async round(id) {
      const [row] = await select<RoundRow>('round', `SELECT ${ROUND_COLUMNS} FROM round WHERE id = $1`, [id])
      return row && toRound(row)
    },

    async list({ offset, limit }) {
      const text = `SELECT ${ROUND_COLUMNS} FROM round
        ORDER BY status = 'archived', opens_at DESC, created_at DESC, id LIMIT $1 OFFSET $2`
      const items = (await select<RoundRow>('rounds', text, [limit, offset])).map(toRound)
      return { items, count: await counted('rounds-count', 'round') }
    },

    create: (id, { rubric: rubricHash, ...fields }, change) =>
      changing(async (tx) => {
        if (!(await writeChange(tx, change))) return
        const data = { ...fields, id, rubricHash, name: storableText(fields.name), createdAt: change.at }
        await tx.round.create({ data, select: { id: true } })
      }),

    update: (id, { name = null, rubric = null, mode = null, opensAt, deadline, timeZone = null }, change) =>
      changing(async (tx) => {
        const round = await lockRound(tx, id)
        if (!round || !(await writeChange(tx, change))) return
        // Sheets have been started with them: those of a round that became a draft again are still there.
        const fixed = round.status !== 'draft' || (await tx.sheet.count({ where: { assessment: { roundId: id } } })) > 0
        await tx.$executeRaw`UPDATE round SET
          name = coalesce(${name && storableText(name)}::text, name),
          rubric_hash = coalesce(${fixed ? null : rubric}::text, rubric_hash),
          mode = coalesce(${fixed ? null : mode}::round_mode, mode),
          opens_at = coalesce(${opensAt?.toISOString() ?? null}::timestamptz, opens_at),
          deadline = coalesce(${deadline?.toISOString() ?? null}::timestamptz, deadline),
          time_zone = coalesce(${timeZone}::text, time_zone)
          WHERE id = ${id}`
      }),

    setStatus: (id, status, change, from) =>
      changing(async (tx) => {
        const lockAll = () =>
          tx.$queryRaw<{ id: string }[]>`SELECT id FROM assessment WHERE round_id = ${id} ORDER BY id FOR KEY SHARE`
        // Before the round, as everywhere; a new sheet would take this lock on its assessment anyway.
        if (status === 'published') await lockAll()
        const round = await lockRound(tx, id)
        if (await changedAt(tx, change)) return true
        if (!round || (from !== undefined && round.status !== from)) return false
        await writeChange(tx, change)
        await tx.round.update({ where: { id }, data: { status }, select: { id: true } })
        // Once more: some may have come while we waited for the round.
        if (status === 'published')
          await openSharedSheets(
            tx,
            round,
            (await lockAll()).map((one) => one.id),
            change.at,
          )
        return true
      }),

    async choices(id, { offset, limit }) {
      const text = `SELECT ${COMMUNITY_COLUMNS},
          EXISTS (SELECT FROM assessment WHERE round_id = $1 AND community_id = community.id) AS takes_part
        FROM community WHERE archived_at IS NULL ORDER BY street, name, id LIMIT $2 OFFSET $3`
      const rows = await select<CommunityRow & { takes_part: boolean }>('round-choices', text, [id, limit, offset])
      const items = rows.map((row) => ({ community: toCommunity(row), takesPart: row.takes_part }))
      return { items, count: await counted('round-choices-count', 'community WHERE archived_at IS NULL') }
    },

    addCommunities: (id, communities, change) => changing((tx) => addCommunities(tx, id, communities, change)),

    removeCommunity: (id, community, change) => changing((tx) => removeCommunity(tx, id, community, change)),

    size: (id) => counted('round-size', 'assessment WHERE round_id = $1', [id]),

    assessment: async (id) => (await assessments('assessment', 'WHERE assessment.id = $1', [id]))[0],

    assessmentsOf(communities, limit) {
      const rest = `WHERE assessment.community_id = ANY ($1::text[]) AND round.status IN ('published', 'closed')
        ORDER BY round.opens_at DESC, round.id, community.street, community.name LIMIT $2`
      return assessments('assessments-of', rest, [communities, limit])
    },

    async previous(assessment) {
      const rest = `JOIN assessment AS this ON this.community_id = assessment.community_id
        JOIN round AS its_round ON its_round.id = this.round_id
        WHERE this.id = $1 AND round.opens_at < its_round.opens_at AND round.status IN ('published', 'closed', 'archived')
        ORDER BY round.opens_at DESC, round.id LIMIT 1`
      return (await assessments('assessment-before', rest, [assessment]))[0]
    },

    async endingBetween(from, to) {
      const text = `SELECT ${ROUND_COLUMNS} FROM round
        WHERE status = 'published' AND deadline > $1 AND deadline <= $2 ORDER BY deadline, id`
      return (await select<RoundRow>('rounds-ending', text, [from.toISOString(), to.toISOString()])).map(toRound)
    },

    async heldBetween(from, to) {
      const text = `SELECT ${ROUND_COLUMNS} FROM round
        WHERE status IN ('published', 'closed') AND deadline > $1 AND opens_at <= $2 ORDER BY opens_at, id`
      return (await select<RoundRow>('rounds-held', text, [from.toISOString(), to.toISOString()])).map(toRound)
    },

    assessmentsIn: (round) =>
      assessments('assessments-in', 'WHERE round.id = $1 ORDER BY community.street, community.name, community.id', [
        round,
      ]),
  }
}
