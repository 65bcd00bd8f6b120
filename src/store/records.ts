/**
 * People and sheets with Prisma. Inside an interactive transaction only its own client is used: on the embedded
 * database's single connection the outer one would wait for ever.
 */
import type pg from 'pg'
import { type Person, type Records, type Sheet, StoreFault } from '../app/ports.js'
import { Prisma, type Sheet as SheetRow } from '../generated/prisma/client.js'
import { erasePerson } from './erase.js'
import { guarded } from './fault.js'
import { createFiles } from './files.js'
import { SELECT_ANSWERS, toLedgerRow } from './ledger-rows.js'
import { prismaOn } from './prisma.js'
import { setReachable } from './reachable.js'
import { createSettings } from './settings.js'

export function createRecords(pool: pg.Pool): Records {
  const prisma = prismaOn(pool)

  const person = (address: string): Promise<Person | undefined> =>
    guarded('A person could not be read', async () => {
      const { rows } = await pool.query<Person>({ name: 'person-of', text: PERSON_OF, values: [address] })
      return rows[0]
    })

  return {
    person,

    async enrol(address, as) {
      const there = await person(address)
      if (there) return there
      try {
        const { id, language } = as
        return await guarded('A person could not be enrolled', async () => {
          const row = await prisma.person.create({
            data: { id, language, addresses: { create: { address } } },
            select: PERSON,
          })
          return toPerson(row)
        })
      } catch (fault) {
        // Two inputs at once: the other was first.
        const first = isTaken(fault) ? await person(address) : undefined
        if (first) return first
        throw fault
      }
    },

    setLanguage: (id, language) =>
      guarded('A language could not be set', async () => {
        await prisma.person.updateMany({ where: { id }, data: { language } })
      }),

    setReachable: (address, reachable, at = new Date()) =>
      guarded('An address could not be marked', () => setReachable(pool, address, reachable, at)),

    currentSheet: (personId) =>
      guarded('A sheet could not be read', async () => {
        const where = { personId, status: { in: ['open', 'submitted'] } } satisfies Prisma.SheetWhereInput
        const found = await prisma.sheet.findFirst({ where, orderBy: OPEN_FIRST })
        return found ? toSheet(found) : undefined
      }),

    practiceSheet: (personId) =>
      guarded('A sheet could not be read', async () => {
        const where = {
          personId,
          assessmentId: null,
          status: { in: ['open', 'submitted'] },
        } satisfies Prisma.SheetWhereInput
        const found = await prisma.sheet.findFirst({ where, orderBy: OPEN_FIRST })
        return found ? toSheet(found) : undefined
      }),

    sheet: (id) =>
      guarded('A sheet could not be read', async () => {
        const found = await prisma.sheet.findUnique({ where: { id } })
        return found ? toSheet(found) : undefined
      }),

    startSheet: (sheet, discard) =>
      guarded('A sheet could not be started', () =>
        prisma.$transaction(async (tx) => {
          const { id, person: personId, assessment: assessmentId, rubric: rubricHash, at: startedAt } = sheet
          const data = { id, personId, assessmentId, rubricHash, startedAt }
          if ((await tx.sheet.count({ where: { id } })) > 0) return { id, begun: false }
          if (discard !== null)
            await tx.sheet.updateMany({
              where: { id: discard, personId, status: 'open' },
              data: { status: 'discarded' },
            })
          // The index `sheet_one_open_practice` decides between two at once: who comes second waits here, and then skips.
          const { count } = await tx.sheet.createMany({ data, skipDuplicates: true })
          if (count > 0 || assessmentId !== null) return { id, begun: count > 0 }
          const there = await tx.sheet.findFirst({
            where: { personId, assessmentId: null, status: { in: ['open', 'submitted'] } },
            orderBy: OPEN_FIRST,
          })
          return { id: there?.id ?? id, begun: false }
        }),
      ),

    submitSheet: (id, at) =>
      guarded('A sheet could not be submitted', async () => {
        if ((await pool.query(SUBMIT_SHEET, [id, at.toISOString()])).rowCount === 1) return true
        return (await prisma.sheet.count({ where: { id, status: 'submitted' } })) > 0
      }),

    exportPerson: (id) =>
      guarded('A person could not be exported', async () => {
        const found = await prisma.person.findUnique({
          where: { id },
          select: {
            ...PERSON,
            createdAt: true,
            addresses: { orderBy: [{ createdAt: 'asc' }, { address: 'asc' }] },
            sheets: { orderBy: [{ startedAt: 'asc' }, { id: 'asc' }] },
            memberships: {
              orderBy: [{ joinedAt: 'asc' }, { id: 'asc' }],
              select: { role: true, posts: true, joinedAt: true, endedAt: true, community: { select: { name: true } } },
            },
            notices: { orderBy: { notice: { number: 'asc' } }, select: RECEIVED },
            deliveries: {
              where: SENT_NOTICES,
              orderBy: { settledAt: 'asc' },
              select: { noticeId: true, settledAt: true },
            },
          },
        })
        if (!found) throw new StoreFault(`Expected person ${id} to be there, got nobody`, false, undefined)
        const own = new Set(found.sheets.map((sheet) => sheet.id))
        const answers = (await pool.query(ANSWERS_OF, [[...own], id])).rows.map(toLedgerRow)
        return {
          person: { ...toPerson(found), createdAt: found.createdAt },
          addresses: found.addresses.map(({ address, createdAt, unreachableSince }) => ({
            address,
            createdAt,
            reachable: unreachableSince === null,
          })),
          sheets: found.sheets.map((sheet) => ({
            ...toSheet(sheet),
            answers: answers.filter((answer) => answer.sheet === sheet.id),
          })),
          sharedAnswers: answers.filter((answer) => !own.has(answer.sheet)),
          memberships: found.memberships.map(({ community, ...held }) => ({
            ...held,
            community: community?.name ?? null,
          })),
          notices: found.notices.map(({ notice: { id, number }, acknowledgedAt }) => ({
            number,
            sentAt: found.deliveries.find(({ noticeId }) => noticeId === id)?.settledAt ?? null,
            acknowledgedAt,
          })),
        }
      }),

    erase: (id) => guarded('A person could not be erased', () => prisma.$transaction((tx) => erasePerson(tx, id))),

    ...createSettings(pool),
    ...createFiles(pool, prisma),
  }
}

/**
 * Answers on sheets of the person's own, and theirs on the shared ones of all communities in which they ever were: only
 * members answer there. So no index on the ledger is needed, nor is all of it read.
 */
const ANSWERS_OF = `${SELECT_ANSWERS} WHERE sheet_id = ANY ($1::text[] || ARRAY(
    SELECT sheet.id FROM membership JOIN assessment ON assessment.community_id = membership.community_id
    JOIN sheet ON sheet.assessment_id = assessment.id
    WHERE membership.person_id = $2 AND sheet.person_id IS NULL))
  AND (sheet_id = ANY ($1::text[]) OR person_id = $2)
ORDER BY at, revision, question_id`

/** Not where the assessment is submitted already; held, so that of the two one waits and sees what the other did. */
const SUBMIT_SHEET = `
WITH held AS MATERIALIZED (
  SELECT status FROM assessment WHERE id = (SELECT assessment_id FROM sheet WHERE id = $1) FOR SHARE
)
UPDATE sheet SET status = 'submitted', submitted_at = $2::timestamptz
WHERE id = $1 AND status = 'open' AND (assessment_id IS NULL OR EXISTS (SELECT FROM held WHERE status = 'open'))`

/** By status in the order of its enum: open stands before submitted. */
const OPEN_FIRST = [
  { status: 'asc' },
  { submittedAt: 'desc' },
  { startedAt: 'desc' },
  { id: 'desc' },
] satisfies Prisma.SheetOrderByWithRelationInput[]

/** In plain SQL, since each input on the web asks for it. */
const PERSON_OF = `SELECT person.id, language, name FROM address JOIN person ON person.id = person_id WHERE address = $1`

const RECEIVED = { acknowledgedAt: true, notice: { select: { id: true, number: true } } } as const
const SENT_NOTICES = { noticeId: { not: null }, targetId: null, status: 'sent' } satisfies Prisma.DeliveryWhereInput

const PERSON = { id: true, language: true, name: true } as const

const toPerson = (row: { id: string; language: string; name: string | null }): Person => ({
  id: row.id,
  language: row.language,
  name: row.name,
})

const toSheet = (row: SheetRow): Sheet => ({
  id: row.id,
  person: row.personId,
  assessment: row.assessmentId,
  rubric: row.rubricHash,
  status: row.status,
  startedAt: row.startedAt,
  submittedAt: row.submittedAt,
})

const isTaken = (fault: unknown): boolean =>
  fault instanceof StoreFault &&
  fault.cause instanceof Prisma.PrismaClientKnownRequestError &&
  fault.cause.code === 'P2002'
