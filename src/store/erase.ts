/** A person goes, and with them all that is theirs; the scores of submitted sheets stay without a name. */
import type { Prisma } from '../generated/prisma/client.js'

/** Inside a transaction of the caller's. Nobody there: nothing happens. */
export async function erasePerson(tx: Prisma.TransactionClient, person: string): Promise<void> {
  // Assessments before sheets, as whoever submits, and both in the order of their ids, as batches of answers lock sheets; then
  // assignments and whatever else is theirs, as whoever ends a membership.
  await tx.$queryRaw`SELECT id FROM assessment WHERE submitted_by = ${person} ORDER BY id FOR UPDATE`
  await tx.$queryRaw`SELECT id FROM sheet WHERE person_id = ${person}
    OR id IN (SELECT sheet_id FROM answer WHERE person_id = ${person})
    OR id IN (SELECT sheet_id FROM clash WHERE person_id = ${person} OR stands_person = ${person})
    ORDER BY id FOR UPDATE`
  await forgetDeeds(tx, person)
  await tx.sheet.deleteMany({ where: { personId: person, status: { not: 'submitted' } } })

  await forgetCopies(tx, person)

  // Every answer that the person gave, on whosever sheet. No index leads there: erasing is rare, and an index would make
  // every answer dearer. The reason for "not applicable" stays, because the score rests on it.
  await tx.$executeRaw`UPDATE answer SET person_id = NULL, note = NULL, evidence = '[]', raw = NULL, input_id = ''
    WHERE person_id = ${person}`

  await forgetClashes(tx, person)

  await tx.$executeRaw`DELETE FROM session WHERE address IN (SELECT address FROM address WHERE person_id = ${person})`
  await tx.$executeRaw`DELETE FROM notice_watch WHERE address IN (SELECT address FROM address WHERE person_id = ${person})`
  await tx.$executeRaw`DELETE FROM wrong_code WHERE address IN (SELECT address FROM address WHERE person_id = ${person})`
  // Takes addresses, memberships, assignments, messages and receipts along, and the name off the submitted sheets.
  await tx.person.deleteMany({ where: { id: person } })

  // Files last: whoever uploads something holds the person, so that nothing of theirs comes after this.
  // A file that somebody else's answer refers to goes to them.
  await tx.$executeRaw`UPDATE stored_file SET person_id = heir.person_id
    FROM (
      SELECT DISTINCT ON (part ->> 'ref') part ->> 'ref' AS ref, person_id
      FROM answer, jsonb_array_elements(evidence) AS part WHERE evidence <> '[]' AND person_id IS NOT NULL
    ) AS heir
    WHERE stored_file.person_id = ${person} AND heir.ref = 'file:' || stored_file.sha256`
  // What the district sends to many stays as well, whoever wrote it.
  await tx.$executeRaw`UPDATE stored_file SET person_id = NULL FROM notice
    WHERE stored_file.person_id = ${person} AND notice.media ->> 'ref' = 'file:' || stored_file.sha256`
  // All others go away.
  await tx.storedFile.deleteMany({ where: { personId: person } })
}

/** Later revisions carry a note and evidence along: what the person brought in goes there too, what others did stays. */
async function forgetCopies(tx: Prisma.TransactionClient, person: string): Promise<void> {
  await tx.$executeRaw`UPDATE answer AS copy SET note = NULL
    WHERE copy.note IS NOT NULL AND copy.person_id <> ${person} AND EXISTS (
      SELECT FROM answer own WHERE own.sheet_id = copy.sheet_id AND own.question_id = copy.question_id
        AND own.person_id = ${person} AND own.revision < copy.revision AND own.note = copy.note
        AND NOT EXISTS (SELECT FROM answer prior WHERE prior.sheet_id = own.sheet_id AND prior.question_id = own.question_id
          AND prior.revision < own.revision AND prior.note = own.note AND prior.person_id <> ${person}))`
  await tx.$executeRaw`UPDATE answer AS copy SET evidence = '[]'
    WHERE copy.evidence <> '[]' AND copy.person_id <> ${person} AND EXISTS (
      SELECT FROM answer own WHERE own.sheet_id = copy.sheet_id AND own.question_id = copy.question_id
        AND own.person_id = ${person} AND own.revision < copy.revision AND own.evidence = copy.evidence
        AND NOT EXISTS (SELECT FROM answer prior WHERE prior.sheet_id = own.sheet_id AND prior.question_id = own.question_id
          AND prior.revision < own.revision AND prior.evidence = own.evidence AND prior.person_id <> ${person}))`
}

/**
 * Takes a person's name off the clashes, of these sheets or of all; the clashes stay. Who came later is part of a clash's
 * key, so that two nameless ones about the same value become one.
 */
export async function forgetClashes(
  tx: Prisma.TransactionClient,
  person: string,
  sheets: readonly string[] | null = null,
): Promise<void> {
  const here = sheets === null ? null : [...sheets]
  await tx.$executeRaw`
    INSERT INTO clash (sheet_id, question_id, revision, person_id, value, stands_person, stands_value, at, settled_at)
    SELECT sheet_id, question_id, revision, '', value, stands_person, stands_value, at, settled_at FROM clash
    WHERE person_id = ${person} AND (${here}::text[] IS NULL OR sheet_id = ANY (${here}::text[]))
    ON CONFLICT DO NOTHING`
  const those = sheets === null ? {} : { sheetId: { in: [...sheets] } }
  await tx.clash.deleteMany({ where: { personId: person, ...those } })
  await tx.clash.updateMany({ where: { standsPerson: person, ...those }, data: { standsPerson: null } })
}

/** What the person did in office stays, without saying who it was. */
async function forgetDeeds(tx: Prisma.TransactionClient, person: string): Promise<void> {
  await tx.assessment.updateMany({ where: { submittedBy: person }, data: { submittedBy: null } })
  await tx.return.updateMany({ where: { byPerson: person }, data: { byPerson: null } })
  await tx.assignment.updateMany({ where: { byPerson: person }, data: { byPerson: null } })
  await tx.audit.updateMany({ where: { personId: person }, data: { personId: null } })
  await tx.invitation.updateMany({ where: { createdBy: person }, data: { createdBy: null } })
  // In the order of their ids, so that two erasures do not wait for each other in a ring.
  await tx.$queryRaw`SELECT id FROM notice WHERE created_by = ${person} ORDER BY id FOR UPDATE`
  await tx.notice.updateMany({ where: { createdBy: person }, data: { createdBy: null } })
}
